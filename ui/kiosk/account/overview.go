package account

import (
	"strings"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/data/payment"
	"egmina/data/resident"
	"egmina/ui/kiosk/parts"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// overview is what is owed, by kind, with a choice of what to pay.
type overview struct {
	n      Needs
	a      *resident.Account
	picked []string // IDs of charges
}

// Overview makes the screen of what an account owes.
func Overview(n Needs, a *resident.Account) shell.Screen { return &overview{n: n, a: a} }

// Name is part of shell.Screen.
func (s *overview) Name() string { return "account" }

// View is part of shell.Screen.
func (s *overview) View(c *shell.Ctx) shell.View {
	b := resident.BalanceOf(s.a.Bundle, s.n.Tariffs(), today(c))
	return shell.View{
		Title: c.T("account.title", "Payer", s.a.Bundle.Payer), Lead: s.lead(c, b), Wide: true, Body: s.body(c, b), Actions: s.actions(c, b),
	}
}

// actions offer paying only where there is something to pay.
func (s *overview) actions(c *shell.Ctx, b resident.Balance) []shell.Action {
	out := []shell.Action{{Label: c.T("account.history"), Icon: "clock", Do: func() { c.Push(&history{s.a}) }}}
	if b.Due == 0 {
		return out
	}
	lines := chosen(b, s.picked)
	return append(out, shell.Action{
		Label: payLabel(c, lines), Icon: "qr", Kind: kit.ButtonPrimary, Disabled: len(lines) == 0,
		Do: func() { c.Push(newPay(s.n, s.a, lines)) },
	})
}

func (s *overview) lead(c *shell.Ctx, b resident.Balance) string {
	at := b.AsOf.Time().In(c.Now().Location())
	lead := c.T("account.as_of", "Date", data.DateOf(at).Polish(), "Time", at.Format("15:04"))
	if co := s.a.Bundle.Holder.CoOwners; len(co) > 0 {
		lead += " · " + c.T("account.co_owners", "Names", strings.Join(co, ", "))
	}
	return lead
}

func payLabel(c *shell.Ctx, lines []resident.Line) string {
	var sum data.Money
	for _, l := range lines {
		sum += l.Total()
	}
	if len(lines) == 0 {
		return c.T("account.pay_none")
	}
	return c.T("account.pay", "Amount", sum.String())
}

func (s *overview) body(c *shell.Ctx, b resident.Balance) fyne.CanvasObject {
	gap := theme.Size(theme.GapLarge)
	if len(b.Groups) == 0 {
		none := kit.Empty("check", c.T("account.nothing"), c.T("account.nothing_do"))
		return kit.Column(gap, kit.Space(gap), none, kit.Narrow(1100, true, s.doors(c, 2)))
	}
	if c.Portrait {
		return kit.Column(gap, s.side(c, b, 2), s.groups(c, b))
	}
	if parts.OneColumn(c) { // a low panel: what is owed first
		return kit.Column(gap, kit.Card(s.sums(c, b)), s.groups(c, b), s.doors(c, 2))
	}
	return parts.Columns(0.34, gap, s.side(c, b, 1), s.groups(c, b))
}

// side sums up and leads on.
func (s *overview) side(c *shell.Ctx, b resident.Balance, columns int) fyne.CanvasObject {
	return kit.Column(theme.Size(theme.Gap), kit.Card(s.sums(c, b)), s.doors(c, columns))
}

func (s *overview) sums(c *shell.Ctx, b resident.Balance) fyne.CanvasObject {
	words := []fyne.CanvasObject{
		kit.Muted(c.T("account.to_pay")),
		kit.NewText((b.Due + b.Interest).String(), theme.TextDisplay, theme.Ink, true),
	}
	if b.Due == 0 {
		words = append(words, kit.Strong(c.T("account.settled")))
	}
	if b.Overdue > 0 {
		words = append(words, kit.Warning(c.T("account.overdue", "Amount", b.Overdue.String())))
	}
	if b.Interest > 0 {
		words = append(words, kit.Body(c.T("account.interest_sum", "Amount", b.Interest.String(), "Date", b.Day.Polish())))
	}
	if b.Unconfirmed {
		words = append(words, parts.Doubt(c.T("account.interest_doubt")))
	}
	if b.Overpaid > 0 {
		words = append(words, kit.Body(c.T("account.overpaid_sum", "Amount", b.Overpaid.String())))
	}
	return kit.Column(theme.Size(theme.GapTiny), words...)
}

// doors lead to waste and meters.
func (s *overview) doors(c *shell.Ctx, columns int) fyne.CanvasObject {
	var tiles []fyne.CanvasObject
	if s.n.Meters != nil {
		tiles = append(tiles, kit.NewTile(kit.TileSpec{Icon: "meter", Title: c.T("account.meters"), Wide: true, Do: func() { s.n.Meters(c, s.a) }}))
	}
	if s.n.Waste != nil {
		tiles = append(tiles, kit.NewTile(kit.TileSpec{Icon: "waste", Title: c.T("account.waste"), Wide: true, Do: func() { s.n.Waste(c, s.a) }}))
	}
	return kit.Grid(columns, theme.Size(theme.GapSmall), tiles...)
}

func (s *overview) groups(c *shell.Ctx, b resident.Balance) fyne.CanvasObject {
	var all []fyne.CanvasObject
	if b.Overdue > 0 {
		all = append(all, kit.Line(0, kit.Secondary(c.T("account.pick_overdue"), "check", func() { s.pickOverdue(c, b) })))
	}
	for _, g := range b.Groups {
		all = append(all, s.group(c, b, g))
	}
	return kit.Column(theme.Size(theme.GapLarge), all...)
}

func (s *overview) pickOverdue(c *shell.Ctx, b resident.Balance) {
	s.picked = nil
	for _, g := range b.Groups {
		for _, l := range g.Lines {
			if l.Late > 0 {
				s.picked = append(s.picked, l.ID)
			}
		}
	}
	c.Refresh()
}

// group shows a kind: what can be paid as boxes to tick, the rest as lines.
func (s *overview) group(c *shell.Ctx, b resident.Balance, g resident.Group) fyne.CanvasObject {
	var open []kit.Option
	var rest []fyne.CanvasObject
	for _, l := range g.Lines {
		if l.Total() > 0 {
			open = append(open, kit.Option{ID: l.ID, Label: l.Title.In(c.Lang), Amount: l.Left.String(), Help: when(c, l)})
			continue
		}
		row := kit.RowSpec{Title: l.Title.In(c.Lang), Detail: when(c, l), Amount: l.Amount.String(), Note: c.T("account.paid"), Plain: true}
		if l.Overpaid > 0 {
			row.Note = c.T("account.overpaid", "Amount", l.Overpaid.String())
		}
		rest = append(rest, kit.NewRow(row))
	}
	var body []fyne.CanvasObject
	if len(open) > 0 {
		body = append(body, s.boxes(c, b, g, open))
	}
	title := c.T("account.kind_" + g.Kind)
	if g.Due > 0 {
		title += "  ·  " + g.Due.String()
	}
	return parts.Section(kindIcons[g.Kind], title, append(body, rest...)...)
}

func (s *overview) boxes(c *shell.Ctx, b resident.Balance, g resident.Group, open []kit.Option) fyne.CanvasObject {
	return kit.NewChecks(kit.ChecksSpec{Options: open, Values: s.picked, OnChanged: func(ids []string) {
		s.picked = merged(s.picked, g, ids)
		c.Refresh()
	}})
}

// merged puts a group's new choice in place of its old one.
func merged(picked []string, g resident.Group, ids []string) []string {
	out := ids
	for _, id := range picked {
		mine := false
		for _, l := range g.Lines {
			mine = mine || l.ID == id
		}
		if !mine {
			out = append(out, id)
		}
	}
	return out
}

// when says by when a charge is due and what being late costs.
func when(c *shell.Ctx, l resident.Line) string {
	due := payment.Deadline(l.Due).Polish()
	switch {
	case l.Late > 0 && l.NoRate:
		return c.N("account.late", l.Late, "Due", due) + " " + c.T("account.interest_unknown")
	case l.Late > 0 && l.Interest > 0:
		return c.N("account.late", l.Late, "Due", due) + " " + c.T("account.interest", "Amount", l.Interest.String())
	case l.Late > 0:
		return c.N("account.late", l.Late, "Due", due) + " " + c.T("account.interest_none")
	}
	return c.T("account.due", "Due", due)
}
