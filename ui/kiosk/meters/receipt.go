package meters

import (
	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/data/paper"
	"egmina/data/resident"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// receipt shows the readings left in this visit with their numbers and where
// they are now.
type receipt struct{ page }

// Name is part of shell.Screen.
func (s *receipt) Name() string { return "meter.receipt" }

// View is part of shell.Screen.
func (s *receipt) View(c *shell.Ctx) shell.View {
	v := s.visit(c)
	mine := v.visited()
	out := shell.View{Title: c.N("meters.saved", len(mine)), Lead: c.T("meters.saved_lead"), Body: s.body(c, v, mine)}
	toPaper := shell.Action{Label: c.T("meters.print"), Icon: "printer", Kind: kit.ButtonPrimary, Disabled: len(mine) == 0, Do: func() { s.n.Print(c, lines(v, mine)) }}
	if open := v.open(today(c)); len(open) > 0 {
		toPaper.Kind = kit.ButtonSecondary
		next := open[0]
		out.Actions = []shell.Action{toPaper, {
			Label: c.T("meters.next", "Place", next.Place.In(c.Lang)), Icon: "arrow-right", Kind: kit.ButtonPrimary,
			Do: func() { c.Replace(newEntry(c, s.n, s.a, next.ID)) },
		}}
		return out
	}
	out.Actions = []shell.Action{toPaper}
	return out
}

// visited lists the readings of this visit, in the order they were left.
func (v *visit) visited() []resident.Sent {
	var out []resident.Sent
	for _, id := range v.mine {
		for _, s := range v.sent {
			if s.Op == id {
				out = append(out, s)
				break
			}
		}
	}
	return out
}

func (s *receipt) body(c *shell.Ctx, v *visit, mine []resident.Sent) fyne.CanvasObject {
	var out []fyne.CanvasObject
	if v.err != nil {
		out = append(out, kit.Note(kit.Attention, c.Err(v.err)))
	}
	waiting := false
	for _, x := range mine {
		out = append(out, card(c, v, x))
		waiting = waiting || stateWord(c, x.State) == c.T("meters.state_waiting")
	}
	if waiting {
		out = append(out, kit.Muted(c.T("meters.waiting_text")))
	}
	return kit.Column(theme.Size(theme.Gap), out...)
}

// card is one reading: meter, value, receipt number and state.
func card(c *shell.Ctx, v *visit, s resident.Sent) fyne.CanvasObject {
	m, _ := v.meter(s.Meter)
	words := kit.Column(theme.Size(theme.GapTiny),
		kit.Muted(c.T("meters.row", "Place", capital(m.Place.In(c.Lang)), "Number", m.Number)),
		kit.NewText(cubic(s.Value), theme.TextHeading, theme.Ink, true))
	number := kit.Column(theme.Size(theme.GapTiny),
		kit.Muted(c.T("meters.receipt_number")).Align(fyne.TextAlignTrailing),
		kit.NewText(s.Receipt, theme.TextHeading, theme.Ink, true).OneLine().Align(fyne.TextAlignTrailing))
	rows := []fyne.CanvasObject{kit.Line(theme.Size(theme.Gap), kit.Grow(words), number), kit.Rule(), stateLine(c, s)}
	return kit.Card(kit.Column(theme.Size(theme.GapSmall), rows...))
}

// stateLine says where the reading is, with a sign.
func stateLine(c *shell.Ctx, s resident.Sent) fyne.CanvasObject {
	icon, ink, text := "clock", theme.Muted, c.T("meters.state_waiting")
	switch s.State {
	case data.OpApplied, data.OpDuplicate:
		icon, ink, text = "check", theme.Accent, c.T("meters.state_office")
	case data.OpRejected, data.OpConflict:
		icon, ink, text = "warning", theme.AttentionInk, refused(c, s)
	}
	return kit.Line(theme.Size(theme.GapSmall), kit.Icon(icon, theme.Icon, ink), kit.Grow(kit.NewText(capital(text), theme.TextBody, ink, true)))
}

// refused says that the office did not take a reading, why, and what to do.
func refused(c *shell.Ctx, s resident.Sent) string {
	what := c.T("meters.refused", "Number", s.Receipt)
	if s.Reason == "" {
		return what + " " + c.T("meters.refused_do")
	}
	return what + " " + c.Err(data.Fail(s.Reason, nil))
}

// lines are the readings for paper, which is in Polish.
func lines(v *visit, mine []resident.Sent) []paper.ReceiptLine {
	var out []paper.ReceiptLine
	for _, s := range mine {
		if !kept(s) {
			continue
		}
		m, _ := v.meter(s.Meter)
		out = append(out, paper.ReceiptLine{Meter: m.Number, Place: m.Place.In(data.Polish), Value: s.Value, Digits: m.Digits, Number: s.Receipt})
	}
	return out
}
