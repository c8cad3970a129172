package form

import (
	"context"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/ui/kiosk/parts"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

type intro struct {
	n      *Needs
	slug   string
	looked bool
	fault  error // why the printer would not print
}

// Intro is the page before the first step: what the form is, what to have at
// hand, how long it takes.
func Intro(n *Needs, slug string) shell.Screen { return &intro{n: n, slug: slug} }

// Name is part of shell.Screen.
func (s *intro) Name() string { return "form.intro" }

// look asks the printer once, before anybody types.
func (s *intro) look(c *shell.Ctx) {
	if s.looked || s.n.Ready == nil {
		return
	}
	s.looked = true
	shell.Run(c, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.n.Ready(ctx)
	}, func(_ struct{}, err error) {
		if err != nil {
			s.fault = err
			c.Refresh()
		}
	})
}

// View is part of shell.Screen.
func (s *intro) View(c *shell.Ctx) shell.View {
	d, err := open(c, s.n, s.slug)
	if err != nil {
		return shell.View{Title: c.T("form.gone"), Body: kit.Empty("form", c.T("form.gone"), c.T("form.gone_do"))}
	}
	s.look(c)
	def := d.form.Def()
	gap := theme.Size(theme.Gap)
	var top []fyne.CanvasObject
	if s.fault != nil {
		top = append(top, kit.Note(kit.Attention, c.Err(s.fault)+" "+c.T("form.printer_later")))
	}
	left := kit.Column(gap, s.about(c, def), s.prefill(c, d))
	right := s.prepare(c, d)
	body := parts.Columns(0.58, gap*1.4, left, right)
	if parts.OneColumn(c) {
		body = kit.Column(gap, left, right)
	}
	return shell.View{
		Title: def.Title.In(c.Lang), Lead: c.T("form.lead"), Wide: true,
		Body: kit.Column(gap, append(top, body)...), Actions: s.actions(c, d),
	}
}

func (s *intro) about(c *shell.Ctx, def *data.Form) fyne.CanvasObject {
	rows := []fyne.CanvasObject{}
	if !def.Intro.IsEmpty() {
		rows = append(rows, kit.Lead(def.Intro.In(c.Lang)))
	}
	rows = append(rows, kit.Muted(c.T("form.privacy")))
	if def.Unconfirmed {
		rows = append(rows, parts.Doubt(c.T("form.unconfirmed")))
	}
	rows = append(rows, kit.Small(c.T("form.version", "Version", def.Version, "Date", def.AsOf.Polish())))
	return kit.Card(kit.Column(theme.Size(theme.Gap), rows...))
}

// minutes a form takes, counted from its steps and fields and rounded up to five.
func minutes(d *draft) int {
	fields := 0
	for _, g := range d.steps() {
		for _, it := range g.items {
			fields += len(it.Fields)
		}
	}
	return max(5, (len(d.steps())*15+fields*12+299)/300*5)
}

func (s *intro) prepare(c *shell.Ctx, d *draft) fyne.CanvasObject {
	def := d.form.Def()
	gap := theme.Size(theme.GapSmall)
	steps := len(d.steps())
	facts := []fyne.CanvasObject{
		iconLine("clock", c.N("form.minutes", minutes(d))),
		iconLine("form", c.N("form.steps", steps)),
		iconLine("printer", c.T("form.at_the_end")),
	}
	out := []fyne.CanvasObject{kit.Card(kit.Column(gap, facts...))}
	if len(def.Attach) > 0 {
		var rows []fyne.CanvasObject
		for _, a := range def.Attach {
			rows = append(rows, kit.TopLine(gap, kit.Icon("check", theme.IconSmall, theme.Accent), kit.Grow(kit.Body(a.In(c.Lang)))))
		}
		out = append(out, kit.Card(parts.Section("procedures", c.T("form.attach"), kit.Column(gap, rows...))))
	}
	return kit.Column(theme.Size(theme.Gap), out...)
}

func iconLine(icon, text string) fyne.CanvasObject {
	return kit.Line(theme.Size(theme.GapSmall), kit.Icon(icon, theme.Icon, theme.Accent), kit.Grow(kit.Body(text)))
}

// prefill offers the data of the resident who has logged in. Nothing is put in
// before a yes.
func (s *intro) prefill(c *shell.Ctx, d *draft) fyne.CanvasObject {
	if d.offered || !s.wantsFacts(d) {
		return nil
	}
	gap := theme.Size(theme.Gap)
	if s.n.Facts != nil {
		if facts := s.n.Facts(c); len(facts) > 0 {
			return kit.Card(kit.Column(gap,
				parts.Section("user", c.T("form.prefill_title"), kit.Body(c.T("form.prefill_text"))),
				kit.Line(gap,
					kit.Secondary(c.T("form.prefill_yes"), "check", func() { s.put(c, d, facts) }),
					kit.Quiet(c.T("form.prefill_no"), "", func() { d.offered = true; c.Refresh() }))))
		}
	}
	if s.n.Login == nil {
		return nil
	}
	return kit.Card(kit.Column(gap,
		parts.Section("key", c.T("form.login_title"), kit.Body(c.T("form.login_text"))),
		kit.Line(gap, kit.Secondary(c.T("form.login"), "key", func() {
			s.n.Login(c, func(c *shell.Ctx) { c.PopTo(s.Name()) })
		}))))
}

func (s *intro) wantsFacts(d *draft) bool {
	for _, st := range d.form.Def().Steps {
		for _, f := range st.Fields {
			if f.Prefill != "" {
				return true
			}
		}
	}
	return false
}

func (s *intro) put(c *shell.Ctx, d *draft, facts map[string]string) {
	for path, v := range d.form.Prefill(d.answers, facts) {
		d.answers[path] = v
	}
	d.offered = true
	d.eval()
	c.Refresh()
}

func (s *intro) actions(c *shell.Ctx, d *draft) []shell.Action {
	begin := func() { d.began = true; c.Push(&step{d: d}) }
	if !d.began {
		return []shell.Action{{Label: c.T("form.begin"), Icon: "arrow-right", Kind: kit.ButtonPrimary, Do: begin}}
	}
	return []shell.Action{
		{Label: c.T("form.anew"), Icon: "refresh", Do: func() { d.reset(); c.Refresh() }},
		{Label: c.T("form.resume"), Icon: "arrow-right", Kind: kit.ButtonPrimary, Do: begin},
	}
}
