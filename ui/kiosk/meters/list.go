package meters

import (
	"fmt"
	"strconv"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/data/resident"
	"egmina/ui/kiosk/parts"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// list is an account's meters.
type list struct{ page }

// List makes the screen of an account's meters.
func List(n Needs, a *resident.Account) shell.Screen { return &list{page{n: n, a: a}} }

// Name is part of shell.Screen.
func (s *list) Name() string { return "meters" }

// View is part of shell.Screen.
func (s *list) View(c *shell.Ctx) shell.View {
	v := s.visit(c)
	out := shell.View{Title: c.T("meters.title"), Lead: asOf(c, s.a.Bundle.AsOf), Wide: true, Body: s.body(c, v)}
	if len(v.mine) > 0 {
		out.Actions = append(out.Actions, shell.Action{Label: c.T("meters.receipts"), Icon: "receipt", Do: func() { c.Push(&receipt{page{n: s.n, a: s.a}}) }})
	}
	if open := v.open(today(c)); len(open) > 0 {
		out.Actions = append(out.Actions, shell.Action{
			Label: c.N("meters.enter", len(open)), Icon: "pencil", Kind: kit.ButtonPrimary, Do: func() { c.Push(newEntry(c, s.n, s.a, open[0].ID)) },
		})
	}
	return out
}

func asOf(c *shell.Ctx, i data.Instant) string {
	at := i.Time().In(c.Now().Location())
	return c.T("meters.as_of", "Date", data.DateOf(at).Polish(), "Time", at.Format("15:04"))
}

func (s *list) body(c *shell.Ctx, v *visit) fyne.CanvasObject {
	gap := theme.Size(theme.GapSmall)
	if len(s.a.Bundle.Meters) == 0 {
		return kit.Empty("meter", c.T("meters.none"), c.T("meters.none_do"))
	}
	rows := []fyne.CanvasObject{}
	if v.err != nil {
		rows = append(rows, kit.Note(kit.Attention, c.Err(v.err)))
	}
	for _, m := range s.a.Bundle.Meters {
		rows = append(rows, s.row(c, v, m))
	}
	example := v.known(s.a.Bundle.Meters[0])
	dial := kit.NewMeterDial(example.Digits, example.Red, padded(example))
	how := kit.Card(parts.Section("help", c.T("meters.how"), dial, legend(c), kit.Body(c.T("meters.how_text"))))
	if c.Portrait {
		return kit.Column(theme.Size(theme.GapLarge), kit.Column(gap, rows...), how)
	}
	return parts.Columns(0.62, theme.Size(theme.GapLarge), kit.Column(gap, rows...), how)
}

// padded is the meter's last reading as its register shows it.
func padded(m data.Meter) string { return fmt.Sprintf("%0*d", m.Digits, m.LastReading().Value) }

func (s *list) row(c *shell.Ctx, v *visit, m data.Meter) fyne.CanvasObject {
	last := v.known(m).LastReading()
	spec := kit.RowSpec{
		Icon: "meter", Title: c.T("meters.row", "Place", capital(m.Place.In(c.Lang)), "Number", m.Number),
		Detail: lastWords(c, m, last), Amount: cubic(last.Value),
		Do: func() { c.Push(&detail{page: page{n: s.n, a: s.a}, meter: m.ID}) },
	}
	if sent, ok := v.latest(m.ID); ok {
		spec.Note, spec.Alert = stateWord(c, sent.State), !kept(sent)
	} else if doneOn(m, today(c)) {
		spec.Note = c.T("meters.state_office")
	}
	return kit.NewRow(spec)
}

// lastWords say when the meter was read last, or that it is new.
func lastWords(c *shell.Ctx, m data.Meter, last data.Reading) string {
	if last.Date == m.Installed {
		return c.T("meters.new_since", "Date", m.Installed.Polish())
	}
	return c.T("meters.last_on", "Date", last.Date.Polish())
}

// stateWord says in two words where a reading is.
func stateWord(c *shell.Ctx, state string) string {
	switch state {
	case data.OpApplied, data.OpDuplicate:
		return c.T("meters.state_office")
	case data.OpRejected, data.OpConflict:
		return c.T("meters.state_refused")
	}
	return c.T("meters.state_waiting")
}

func legend(c *shell.Ctx) fyne.CanvasObject {
	return kit.DialLegend(c.T("meters.read"), c.T("meters.leave"))
}

// cubic writes whole cubic metres.
func cubic(n int64) string { return strconv.FormatInt(n, 10) + " m³" }
