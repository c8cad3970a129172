package account

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/data/ident"
	"egmina/data/paper"
	"egmina/data/payment"
	"egmina/data/resident"
	"egmina/ui/kiosk/parts"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// Sides of the payment code on the screen: a phone held at arm's length reads
// 420 pixels of a 21.5" panel (10 cm).
const (
	codeSide        = 520
	codeSideCompact = 420
)

// pay shows a payment code for each chosen charge, one at a time.
type pay struct {
	n     Needs
	a     *resident.Account
	lines []resident.Line
	at    int
}

func newPay(n Needs, a *resident.Account, lines []resident.Line) shell.Screen {
	return &pay{n: n, a: a, lines: lines}
}

// Name is part of shell.Screen.
func (s *pay) Name() string { return "pay" }

// View is part of shell.Screen.
func (s *pay) View(c *shell.Ctx) shell.View {
	label := c.T("account.print_slip")
	if len(s.lines) > 1 {
		label = c.T("account.print_slips")
	}
	actions := []shell.Action{{Label: label, Icon: "printer", Kind: kit.ButtonPrimary, Do: func() { s.n.Print(c, s.slips()) }}}
	return shell.View{
		Title: c.T("account.pay_title"), Lead: c.T("account.pay_lead"), Body: s.body(c), Wide: true, Actions: actions,
	}
}

// switcher leads through several payments; nil for one.
func (s *pay) switcher(c *shell.Ctx) fyne.CanvasObject {
	if len(s.lines) < 2 {
		return nil
	}
	last := len(s.lines) - 1
	gap := theme.Size(theme.GapSmall)
	return kit.Column(gap, kit.Line(gap,
		kit.NewButton(kit.ButtonSpec{Name: c.T("account.pay_before"), Icon: "chevron-left", Disabled: s.at == 0, Do: func() { s.show(c, s.at-1) }}),
		kit.Grow(kit.Strong(c.T("account.pay_nth", "At", s.at+1, "Of", last+1)).Centred()),
		kit.NewButton(kit.ButtonSpec{Name: c.T("account.pay_after"), Icon: "chevron-right", Disabled: s.at == last, Do: func() { s.show(c, s.at+1) }}),
	), kit.Progress(float32(s.at+1)/float32(last+1)))
}

func (s *pay) show(c *shell.Ctx, at int) {
	s.at = at
	c.Refresh()
}

func (s *pay) body(c *shell.Ctx) fyne.CanvasObject {
	l := s.lines[s.at]
	gap := theme.Size(theme.GapLarge)
	code, facts := s.code(c, l), s.facts(c, l)
	if c.Portrait {
		return kit.Column(gap, s.switcher(c), kit.Centre(code), facts)
	}
	return kit.TopLine(gap, code, kit.Grow(kit.Column(theme.Size(theme.Gap), s.switcher(c), facts)))
}

// code is the payment code, or why there is none.
func (s *pay) code(c *shell.Ctx, l resident.Line) fyne.CanvasObject {
	side := float32(codeSide)
	if c.Compact {
		side = codeSideCompact
	}
	modules, err := modulesOf(l)
	if err != nil {
		return kit.Fixed(side, side, kit.Card(kit.Empty("qr", c.T("account.no_code_title"), c.Err(err))))
	}
	return kit.Fixed(side, side, kit.NewCode(modules, side))
}

func modulesOf(l resident.Line) ([][]bool, error) {
	transfer, err := l.Transfer()
	if err != nil {
		return nil, err
	}
	payload, _, fail := transfer.Payload()
	if fail != nil {
		return nil, fail
	}
	return payment.Code(payload)
}

// facts are the payment in words, for people and for typing by hand.
func (s *pay) facts(c *shell.Ctx, l resident.Line) fyne.CanvasObject {
	rows := []fyne.CanvasObject{
		kit.Heading(l.Title.In(c.Lang)),
		kit.NewText(l.Total().String(), theme.TextDisplay, theme.Ink, true),
		kit.Muted(payment.Words(l.Total())),
	}
	if l.Interest > 0 {
		rows = append(rows, kit.Body(c.T("account.pay_parts", "Main", l.Left.String(), "Interest", l.Interest.String(), "Date", today(c).Polish())))
	}
	if l.Unconfirmed {
		rows = append(rows, parts.Doubt(c.T("account.interest_doubt")))
	}
	if l.NoRate {
		rows = append(rows, kit.Warning(c.T("account.interest_unknown")))
	}
	rows = append(append(append(rows, kit.Rule()), transferFacts(c, l)...), kit.Rule(), kit.Body(s.how(c, l)))
	if s.n.Municipality().Demonstration {
		rows = append(rows, kit.Note(kit.Attention, c.T("account.demo")))
	}
	return kit.Column(theme.Size(theme.GapSmall), rows...)
}

// transferFacts are the texts of the transfer, letter by letter what the code
// holds, and what that changed.
func transferFacts(c *shell.Ctx, l resident.Line) []fyne.CanvasObject {
	name, title, warnings := l.Payee, l.PayTitle, []string(nil)
	if t, err := l.Transfer(); err == nil {
		t, warnings = t.Shown()
		name, title = t.Name, t.Title
	}
	rows := []fyne.CanvasObject{fact(c, "account.payee", name), fact(c, "account.nrb", ident.FormatNRB(l.NRB)), fact(c, "account.pay_for", title)}
	for _, w := range warnings {
		rows = append(rows, kit.Small(c.T("warning."+w)))
	}
	return rows
}

// how says what to do with the code, or without one.
func (s *pay) how(c *shell.Ctx, l resident.Line) string {
	if _, err := modulesOf(l); err != nil {
		return c.T("account.pay_by_hand")
	}
	return c.T("account.pay_how")
}

func fact(c *shell.Ctx, key, value string) fyne.CanvasObject {
	return parts.Columns(0.28, theme.Size(theme.Gap), kit.Muted(c.T(key)), kit.Strong(value))
}

// slips are the chosen payments for paper.
func (s *pay) slips() []paper.Slip {
	h := s.a.Bundle.Holder
	var out []paper.Slip
	for _, l := range s.lines {
		transfer, err := l.Transfer()
		if err != nil {
			continue // nothing left to pay: chosen lines always have something
		}
		out = append(out, paper.Slip{
			Transfer: transfer, Payer: payment.Payer{Name: h.FirstName + " " + h.LastName, Address: address(h)},
			Label: l.Title.In(data.Polish), Decision: l.Decision,
		})
	}
	return out
}

// address writes where a person lives on one line; villages have no streets.
func address(h data.Holder) string {
	place := h.Street
	if place == "" {
		place = h.Town
	}
	place += " " + h.House
	if h.Flat != "" {
		place += "/" + h.Flat
	}
	return place + ", " + h.Postcode + " " + h.Town
}

// history is the booked payments.
type history struct{ a *resident.Account }

// Name is part of shell.Screen.
func (s *history) Name() string { return "history" }

// View is part of shell.Screen.
func (s *history) View(c *shell.Ctx) shell.View {
	v := shell.View{Title: c.T("account.history_title"), Lead: c.T("account.history_lead", "Count", strconv.Itoa(len(s.a.Bundle.Payments)))}
	if len(s.a.Bundle.Payments) == 0 {
		v.Lead = ""
		v.Body = kit.Empty("clock", c.T("account.history_none"), c.T("account.history_none_do"))
		return v
	}
	head := []kit.Cell{{Text: c.T("account.date")}, {Text: c.T("account.kind")}, {Text: c.T("account.for")}, {Text: c.T("account.amount"), Right: true}}
	v.Body = kit.Table(head, historyRows(c, s.a.Bundle.Payments), []float32{0.16, 0.25, 0.42, 0.17})
	return v
}

// historyRows lists the payments, newest first.
func historyRows(c *shell.Ctx, payments []data.Payment) [][]kit.Cell {
	rows := make([][]kit.Cell, 0, len(payments))
	newest := slices.Clone(payments)
	slices.SortStableFunc(newest, func(a, b data.Payment) int { return strings.Compare(b.Date.String(), a.Date.String()) })
	for _, p := range newest {
		rows = append(rows, []kit.Cell{
			{Text: p.Date.Polish()}, {Text: c.T("account.kind_" + p.Kind), Muted: true}, {Text: p.Title.In(c.Lang)}, {Text: p.Amount.String(), Right: true, Bold: true},
		})
	}
	return rows
}
