package printout

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/data/payment"
	"egmina/data/printing"
	"egmina/ui/kiosk/markdown"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// View is part of shell.Screen.
func (s *screen) View(c *shell.Ctx) shell.View {
	s.begin(c)
	title, next := s.job.words(c)
	v := shell.View{Title: c.T("print.title"), Lead: title, Fill: true}
	switch {
	case s.broken != nil:
		v.Body = kit.Empty("warning", c.T("print.no_document"), c.Err(s.broken))
	case s.phase == making:
		v.Body = kit.Centre(kit.Loading(c.T("print.making")))
	case s.phase == sending:
		s.sending(c, &v)
	case s.phase == printed:
		s.printed(c, &v, next)
	case s.paying >= 0 && s.paying < len(s.job.Pay):
		s.pay(c, &v)
	default:
		s.preview(c, &v)
	}
	return v
}

// preview is the paper with what can be done with it.
func (s *screen) preview(c *shell.Ctx, v *shell.View) {
	paper := kit.NewPaper(c.Loc, s.pages)
	v.Body, v.Wide = paper, true
	if s.fault != nil {
		v.Above = kit.Note(kit.Attention, c.Err(s.fault))
	}
	if n := len(s.job.Pay); n > 0 {
		v.Actions = append(v.Actions, shell.Action{Label: c.N("print.show_codes", n), Icon: "qr", Do: func() {
			s.paying = 0
			c.Refresh()
		}})
	}
	if s.fault != nil && s.phase != failed {
		v.Actions = append(v.Actions, shell.Action{Label: c.T("print.look_again"), Icon: "refresh", Do: func() { s.look(c) }})
	}
	label := c.N("print.print", len(s.pages))
	if s.phase == failed {
		label = c.T("print.again")
	}
	v.Actions = append(v.Actions, shell.Action{Label: label, Icon: "printer", Kind: kit.ButtonPrimary, Do: func() { s.print(c) }})
}

// phases of the printer in words.
var phases = map[printing.Stage]string{
	printing.Checking: "checking", printing.Sending: "sending", printing.Printing: "printing",
	printing.Blocked: "blocked", printing.Cancelling: "cancelling", printing.Printed: "printing",
}

func (s *screen) sending(c *shell.Ctx, v *shell.View) {
	p := s.shown
	parts := []fyne.CanvasObject{
		kit.Centre(kit.Icon("printer", theme.IconLarge, theme.Accent)),
		kit.Title(c.T("print." + phases[p.Stage])).Centred(),
	}
	switch {
	case p.Stage == printing.Blocked:
		parts = append(parts, kit.Note(kit.Attention, c.Err(data.Fail(p.Problem, nil))))
	case p.Pages > 0:
		parts = append(parts, kit.Muted(c.T("print.pages", "At", min(p.Pages, len(s.pages)), "Of", len(s.pages))).Centred(),
			kit.Progress(float32(p.Pages)/float32(max(1, len(s.pages)))))
	default:
		parts = append(parts, kit.Muted(c.T("print.stay")).Centred())
	}
	v.Body = kit.Centre(kit.Narrow(900, true, kit.Stack(parts...)))
	v.Title, v.NoBack = c.T("print.under_way"), true
	v.Actions = []shell.Action{{Label: c.T("print.cancel"), Icon: "close", Do: func() {
		if s.cancel != nil {
			s.cancel()
		}
	}, Disabled: p.Stage == printing.Cancelling}}
}

func (s *screen) printed(c *shell.Ctx, v *shell.View, next []string) {
	gap := theme.Size(theme.Gap)
	parts := []fyne.CanvasObject{
		kit.Centre(kit.Icon("check", theme.IconLarge, theme.Accent)),
		kit.Display(c.T("print.printed")).Centred(),
		kit.Lead(c.N("print.take", len(s.pages))).Centred(),
	}
	if len(next) > 0 {
		rows := []fyne.CanvasObject{kit.Strong(c.T("print.next"))}
		for i, t := range next {
			rows = append(rows, markdown.Item(strconv.Itoa(i+1)+".", kit.Body(t)))
		}
		parts = append(parts, kit.Card(kit.Column(theme.Size(theme.GapSmall), rows...)))
	}
	v.Title, v.Fill = c.T("print.done_title"), false
	v.Body = kit.Narrow(1000, true, kit.Column(gap, append([]fyne.CanvasObject{kit.Space(gap)}, parts...)...))
	v.NoBack = true
	if len(s.job.Pay) > 0 {
		v.Actions = append(v.Actions, shell.Action{Label: c.N("print.show_codes", len(s.job.Pay)), Icon: "qr", Do: func() {
			s.paying, s.phase = 0, ready
			c.Refresh()
		}})
	}
	v.Actions = append(v.Actions,
		shell.Action{Label: c.T("print.once_more"), Icon: "printer", Do: func() { s.phase = ready; c.Refresh() }},
		shell.Action{Label: c.T("print.finish"), Kind: kit.ButtonPrimary, Do: func() { s.finish(c) }})
}

func (s *screen) finish(c *shell.Ctx) {
	if s.n.Done != nil {
		s.n.Done(c)
		return
	}
	c.Home()
}

// pay shows one payment's code for a phone.
func (s *screen) pay(c *shell.Ctx, v *shell.View) {
	t := s.job.Pay[s.paying]
	back := func() { s.paying = -1; c.Refresh() }
	v.Title, v.Lead, v.OnBack, v.Fill = c.T("print.pay_title"), "", back, false
	if n := len(s.job.Pay); n > 1 {
		v.Lead = c.T("print.pay_of", "At", s.paying+1, "Of", n)
		v.Actions = append(v.Actions, shell.Action{Label: c.T("print.pay_other"), Icon: "arrow-right", Do: func() {
			s.paying = (s.paying + 1) % n
			c.Refresh()
		}})
	}
	v.Actions = append(v.Actions, shell.Action{Label: c.T("print.to_paper"), Kind: kit.ButtonPrimary, Do: back})
	gap := theme.Size(theme.GapLarge)
	words := payWords(c, t)
	code, why := payCode(t, codeSide(c))
	if code == nil {
		v.Body = kit.Column(gap, kit.Note(kit.Info, c.T("print."+why)), words)
		return
	}
	if c.Portrait {
		v.Body = kit.Column(0, kit.Card(kit.Column(gap, kit.Centre(code), words)))
		return
	}
	v.Body = kit.Column(0, kit.Card(kit.Line(gap, code, kit.Grow(words))))
}

// codeSide is the side of a payment code a phone reads at arm's length.
func codeSide(c *shell.Ctx) float32 {
	if c.Portrait {
		return min(680, c.Size.Width*0.6)
	}
	return min(560, c.Size.Height*0.5)
}

func payCode(t payment.Transfer, side float32) (code fyne.CanvasObject, why string) {
	if t.Amount > payment.MaxAmount {
		return nil, "no_code_amount"
	}
	payload, _, fail := t.Payload()
	if fail != nil {
		return nil, "no_code_data"
	}
	modules, err := payment.Code(payload)
	if err != nil {
		return nil, "no_code_data"
	}
	n := len(modules) + 8 // with the quiet zone: the white square is no larger than it must be
	side = float32(max(1, int(side)/n) * n)
	return kit.Fixed(side, side, kit.NewCode(modules, side)), ""
}

func payWords(c *shell.Ctx, t payment.Transfer) fyne.CanvasObject {
	t, warnings := t.Shown()
	rows := []fyne.CanvasObject{kit.Display(t.Amount.String()), kit.Muted(c.T("print.pay_how")), kit.Space(4)}
	for _, f := range [][2]string{{"payee", t.Name}, {"account", groups(t.NRB)}, {"pay_for", t.Title}} {
		v := kit.Strong(f[1])
		if f[1] == "" {
			v = kit.NewText(c.T("print.unknown"), theme.TextBody, theme.AttentionInk, false)
		}
		rows = append(rows, kit.Column(2, kit.Small(c.T("print."+f[0])), v))
	}
	for _, w := range warnings {
		rows = append(rows, kit.Small(c.T("warning."+w)))
	}
	return kit.Column(theme.Size(theme.GapSmall), rows...)
}

// groups writes an account number as on paper: two digits, then fours.
func groups(nrb string) string {
	nrb = strings.ReplaceAll(nrb, " ", "")
	if len(nrb) != 26 {
		return nrb
	}
	var b strings.Builder
	b.WriteString(nrb[:2])
	for i := 2; i < len(nrb); i += 4 {
		b.WriteString(" " + nrb[i:i+4])
	}
	return b.String()
}
