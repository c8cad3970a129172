package meters

import (
	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/ui/kiosk/parts"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// oneColumn is the width of window below which large text needs all of it.
const oneColumn = 1600

// detail is one meter: use as a chart, readings as a table.
type detail struct {
	page
	meter string
}

// Name is part of shell.Screen.
func (s *detail) Name() string { return "meter" }

// View is part of shell.Screen.
func (s *detail) View(c *shell.Ctx) shell.View {
	v := s.visit(c)
	m, ok := v.meter(s.meter)
	if !ok {
		return shell.View{Title: c.T("meters.title"), Body: kit.Empty("meter", c.T("meters.gone"), c.T("meters.none_do"))}
	}
	m = v.known(m)
	out := shell.View{
		Title: c.T("meters.row", "Place", capital(m.Place.In(c.Lang)), "Number", m.Number),
		Lead:  asOf(c, s.a.Bundle.AsOf), Wide: true, Body: s.body(c, v, m),
	}
	if !doneOn(m, today(c)) {
		out.Actions = []shell.Action{{
			Label: c.N("meters.enter", 1), Icon: "pencil", Kind: kit.ButtonPrimary, Do: func() { c.Push(newEntry(c, s.n, s.a, m.ID)) },
		}}
	}
	return out
}

func (s *detail) body(c *shell.Ctx, v *visit, m data.Meter) fyne.CanvasObject {
	all := seriesOf(m)
	left := kit.Column(theme.Size(theme.GapLarge), s.facts(c, v, m), s.chart(c, all))
	if c.Portrait || (c.Large && c.Size.Width < oneColumn) {
		return kit.Column(theme.Size(theme.GapLarge), left, s.tables(c, v, m, all))
	}
	return parts.Columns(0.48, theme.Size(theme.GapLarge), left, s.tables(c, v, m, all))
}

// facts say where the meter stands and when to read it.
func (s *detail) facts(c *shell.Ctx, v *visit, m data.Meter) fyne.CanvasObject {
	last := m.LastReading()
	words := []fyne.CanvasObject{
		kit.Muted(lastWords(c, m, last)),
		kit.NewText(cubic(last.Value), theme.TextDisplay, theme.Ink, true),
	}
	if m.WindowFrom > 0 {
		words = append(words, kit.Body(c.T("meters.window", "From", m.WindowFrom, "To", m.WindowTo)))
	}
	if m.Replaces != "" {
		words = append(words, kit.Body(c.T("meters.replaces", "Old", m.Replaces, "Date", m.Installed.Polish())))
	}
	words = append(words, s.states(c, v, m)...)
	return kit.Card(kit.Column(theme.Size(theme.GapTiny), words...))
}

// states say what became of today's reading, or of one that was refused.
func (s *detail) states(c *shell.Ctx, v *visit, m data.Meter) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	if v.err != nil {
		out = append(out, kit.Note(kit.Attention, c.Err(v.err)))
	}
	sent, ok := v.latest(m.ID)
	switch {
	case ok && !kept(sent):
		out = append(out, kit.Note(kit.Attention, refused(c, sent)))
	case doneOn(m, today(c)):
		out = append(out, kit.Note(kit.Info, c.T("meters.done_today")))
	}
	return out
}

func (s *detail) chart(c *shell.Ctx, all []series) fyne.CanvasObject {
	if pic := chart(c, all); pic != nil {
		return parts.Section("chart", c.T("meters.chart"), pic)
	}
	return nil
}

// tables are the readings of the present meter, then those of earlier ones.
func (s *detail) tables(c *shell.Ctx, v *visit, m data.Meter, all []series) fyne.CanvasObject {
	var out []fyne.CanvasObject
	for i := len(all) - 1; i >= 0; i-- {
		title := c.T("meters.readings")
		if all[i].number != m.Number {
			title = c.T("meters.readings_old", "Number", all[i].number)
		}
		var body fyne.CanvasObject = kit.Muted(c.T("meters.no_readings", "Value", cubic(m.Start), "Date", m.Installed.Polish()))
		if len(all[i].marks) > 0 {
			body = table(c, v, all[i])
		}
		out = append(out, parts.Section("meter", title, body))
	}
	return kit.Column(theme.Size(theme.GapLarge), out...)
}
