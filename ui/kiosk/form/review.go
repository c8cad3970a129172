package form

import (
	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/data/forms"
	"egmina/ui/kiosk/parts"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// review shows all answers before they go on paper.
type review struct {
	d    *draft
	step *step
}

// Name is part of shell.Screen.
func (s *review) Name() string { return "form.review" }

// View is part of shell.Screen.
func (s *review) View(c *shell.Ctx) shell.View {
	if s.d.form == nil {
		return shell.View{Title: c.T("form.gone")}
	}
	gap := theme.Size(theme.Gap)
	var left []fyne.CanvasObject
	all := s.d.steps()
	for _, g := range all {
		left = append(left, s.section(c, g))
	}
	answers := kit.Column(gap, left...)
	side := kit.Column(gap, s.missing(c, all), s.fees(c), s.paper(c))
	body := parts.Columns(0.62, gap*1.4, answers, side)
	if parts.OneColumn(c) {
		body = kit.Column(gap, s.missing(c, all), answers, s.fees(c), s.paper(c))
	}
	return shell.View{
		Title: c.T("form.review_title"), Lead: s.d.form.Def().Title.In(c.Lang), Body: body, Wide: true,
		OnBack: func() { s.change(c, all[len(all)-1].def.ID, false) }, Actions: s.actions(c, all),
	}
}

// change goes back to a step; from there "Next" returns here when only one
// thing is to be changed.
func (s *review) change(c *shell.Ctx, id string, only bool) {
	s.d.at = id
	s.step.review, s.step.focus = only, ""
	c.Pop()
}

func (s *review) actions(c *shell.Ctx, all []group) []shell.Action {
	if g := firstWrong(all); g != nil {
		return []shell.Action{{Label: c.T("form.complete"), Icon: "arrow-right", Kind: kit.ButtonPrimary, Do: func() {
			s.d.tried[g.def.ID] = true
			s.change(c, g.def.ID, true)
		}}}
	}
	return []shell.Action{{Label: c.T("form.print"), Icon: "printer", Kind: kit.ButtonPrimary, Disabled: !s.d.state.Complete, Do: func() {
		s.d.n.Print(c, s.d.printout(c))
	}}}
}

func firstWrong(all []group) *group {
	for i := range all {
		if all[i].wrong() {
			return &all[i]
		}
	}
	return nil
}

// section is one step's answers with a way to change them.
func (s *review) section(c *shell.Ctx, g group) fyne.CanvasObject {
	gap := theme.Size(theme.GapSmall)
	id := g.def.ID
	title := g.def.Title.In(c.Lang)
	change := kit.NewButton(kit.ButtonSpec{
		Label: c.T("form.change"), Name: title, Icon: "pencil", Kind: kit.ButtonQuiet, Do: func() { s.change(c, id, true) },
	})
	rows := []fyne.CanvasObject{kit.Line(gap, kit.Grow(kit.NewText(title, theme.TextLead, theme.Ink, true)), change)}
	for _, it := range g.items {
		if it.Index >= 0 && len(g.items) > 1 {
			rows = append(rows, kit.NewText(it.Title(c.Lang), theme.TextBody, theme.Accent, true))
		}
		for i := range it.Fields {
			if r := s.answer(c, &it.Fields[i]); r != nil {
				rows = append(rows, r)
			}
		}
	}
	if len(rows) == 1 {
		rows = append(rows, kit.Muted(c.T("form.nothing_given")))
	}
	return kit.Card(kit.Column(gap, rows...))
}

// answer is a question with what was answered. What was left empty on purpose
// says so in few words; what is missing asks for attention.
func (s *review) answer(c *shell.Ctx, f *forms.FieldState) fyne.CanvasObject {
	if f.Def.Type == data.FieldNote {
		return nil
	}
	var value fyne.CanvasObject
	switch {
	case f.Missing:
		value = kit.Warning(c.T("form.missing"))
	case f.Err != nil:
		value = kit.Column(2, kit.Body(f.Typed), kit.NewText(sentence(c, f), theme.TextSmall, theme.AttentionInk, true))
	case f.Def.Type == data.FieldCheck && f.Value == "true":
		value = kit.Strong(c.T("form.yes"))
	case f.Def.Type == data.FieldCheck:
		value = kit.Muted(c.T("form.no"))
	case f.Value == "":
		value = kit.Muted("–")
	default:
		value = kit.Strong(f.ShownIn(c.Lang))
	}
	return parts.Columns(0.46, theme.Size(theme.Gap), kit.Muted(f.Def.Label.In(c.Lang)), value)
}

func sentence(c *shell.Ctx, f *forms.FieldState) string {
	if say := f.Say.In(c.Lang); say != "" {
		return say
	}
	return c.Err(f.Err)
}

// missing says which steps are not complete.
func (s *review) missing(c *shell.Ctx, all []group) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, g := range all {
		if !g.wrong() {
			continue
		}
		id := g.def.ID
		rows = append(rows, kit.Secondary(g.def.Title.In(c.Lang), "pencil", func() {
			s.d.tried[id] = true
			s.change(c, id, true)
		}))
	}
	if len(rows) == 0 {
		return nil
	}
	return kit.Column(theme.Size(theme.GapSmall), append([]fyne.CanvasObject{kit.Note(kit.Attention, c.N("form.incomplete", len(rows)))}, rows...)...)
}

// fees is what is to pay with the form.
func (s *review) fees(c *shell.Ctx) fyne.CanvasObject {
	gap := theme.Size(theme.GapSmall)
	fees := s.d.state.Fees
	if len(fees) == 0 {
		return kit.Card(parts.Section("wallet", c.T("form.fees"), kit.Body(c.T("form.no_fees"))))
	}
	var rows []fyne.CanvasObject
	total := data.Money(0)
	for _, f := range fees {
		total += f.Amount
		rows = append(rows, kit.Line(gap, kit.Grow(kit.Column(2, kit.Body(f.Label.In(c.Lang)), kit.Small(f.Basis))),
			kit.Amount(f.Amount.String()).Sized(theme.TextLead)))
	}
	if len(fees) > 1 {
		rows = append(rows, kit.Rule(), kit.Line(gap, kit.Grow(kit.Strong(c.T("form.total"))), kit.Amount(total.String())))
	}
	rows = append(rows, kit.Small(c.T("form.fees_code")))
	return kit.Card(parts.Section("wallet", c.T("form.fees"), kit.Column(gap, rows...)))
}

// paper says what will come out of the printer.
func (s *review) paper(c *shell.Ctx) fyne.CanvasObject {
	return kit.Card(parts.Section("printer", c.T("form.paper_title"),
		kit.Body(c.T("form.paper_text")), kit.Small(c.T("form.number", "Number", s.d.number()))))
}
