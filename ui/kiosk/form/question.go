package form

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/data/forms"
	"egmina/ui/kiosk/parts"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// questions lays the fields out: halves side by side where the page is wide.
func (s *step) questions(c *shell.Ctx, stepID string, fields []forms.FieldState) fyne.CanvasObject {
	gap := theme.Size(theme.Gap) * 1.2
	var rows, pair []fyne.CanvasObject
	entries := false
	flush := func() {
		switch len(pair) {
		case 1:
			rows = append(rows, pair[0])
		case 2:
			if entries { // level at the bottom: they stand on one line whatever their help
				pair[0], pair[1] = kit.Column(0, kit.Spring(), pair[0]), kit.Column(0, kit.Spring(), pair[1])
			}
			rows = append(rows, kit.Grid(2, gap*1.4, pair...))
		}
		pair = nil
	}
	wide := !parts.OneColumn(c)
	for i := range fields {
		f := &fields[i]
		o := s.question(c, stepID, f)
		if !f.Def.Half || !wide {
			flush()
			rows = append(rows, o)
			continue
		}
		entries = s.fields[f.Path] != nil && (len(pair) == 0 || entries)
		if pair = append(pair, o); len(pair) == 2 {
			flush()
		}
	}
	flush()
	return kit.Column(gap, rows...)
}

// question is one field with its right widget.
func (s *step) question(c *shell.Ctx, stepID string, f *forms.FieldState) fyne.CanvasObject {
	switch f.Def.Type {
	case data.FieldNote:
		return kit.Note(kit.Info, f.Def.Label.In(c.Lang))
	case data.FieldComputed:
		return s.computed(c, f)
	case data.FieldChoice:
		return s.labelled(c, stepID, f, s.choice(c, f))
	case data.FieldMulti:
		return s.labelled(c, stepID, f, s.multi(c, f))
	case data.FieldCheck:
		return s.withError(c, stepID, f, s.check(c, f))
	}
	return s.entry(c, stepID, f)
}

// label of a question; what need not be answered says so.
func label(c *shell.Ctx, f *forms.FieldState) string {
	l := f.Def.Label.In(c.Lang)
	if f.Required {
		return l
	}
	return l + " " + c.T("form.optional")
}

func (s *step) labelled(c *shell.Ctx, stepID string, f *forms.FieldState, o fyne.CanvasObject) fyne.CanvasObject {
	parts := []fyne.CanvasObject{kit.Strong(label(c, f))}
	if !f.Def.Help.IsEmpty() {
		parts = append(parts, kit.Muted(f.Def.Help.In(c.Lang)))
	}
	return s.withError(c, stepID, f, kit.Column(theme.Size(theme.GapSmall), append(parts, o)...))
}

func (s *step) withError(c *shell.Ctx, stepID string, f *forms.FieldState, o fyne.CanvasObject) fyne.CanvasObject {
	say := s.d.complaint(c, stepID, f)
	if say == "" {
		return o
	}
	return kit.Column(theme.Size(theme.GapSmall), o, kit.Line(theme.Size(theme.GapTiny),
		kit.Icon("warning", theme.IconSmall, theme.AttentionInk), kit.Grow(kit.Warning(say))))
}

// columnsFor sets short options side by side.
func columnsFor(c *shell.Ctx, f *forms.FieldState) int {
	longest := 0
	for _, o := range f.Options {
		if !o.Help.IsEmpty() {
			return 1
		}
		longest = max(longest, utf8.RuneCountInString(o.Label.In(c.Lang)))
	}
	room := 3
	if c.Portrait || c.Large || f.Def.Half {
		room = 2
	}
	switch {
	case longest <= 14 && !f.Def.Half:
		return min(room, len(f.Options))
	case longest <= 34 && len(f.Options) > 3 && !c.Portrait && !f.Def.Half:
		return 2
	}
	return 1
}

func options(c *shell.Ctx, f *forms.FieldState) []kit.Option {
	out := make([]kit.Option, len(f.Options))
	for i, o := range f.Options {
		out[i] = kit.Option{ID: o.ID, Label: o.Label.In(c.Lang), Help: o.Help.In(c.Lang)}
	}
	return out
}

func (s *step) choice(c *shell.Ctx, f *forms.FieldState) fyne.CanvasObject {
	o := kit.NewChoice(kit.ChoiceSpec{
		Options: options(c, f), Value: f.Value, Columns: columnsFor(c, f),
		OnChanged: func(id string) { s.chosen(c, f, id) },
	})
	s.marks[f.Path] = o.First()
	return o
}

func (s *step) multi(c *shell.Ctx, f *forms.FieldState) fyne.CanvasObject {
	var values []string
	if f.Value != "" {
		values = strings.Split(f.Value, ",")
	}
	o := kit.NewChecks(kit.ChecksSpec{
		Options: options(c, f), Values: values, Columns: columnsFor(c, f),
		OnChanged: func(ids []string) { s.chosen(c, f, strings.Join(ids, ",")) },
	})
	s.marks[f.Path] = o.First()
	return o
}

func (s *step) check(c *shell.Ctx, f *forms.FieldState) fyne.CanvasObject {
	o := kit.Check(f.Def.Label.In(c.Lang), f.Def.Help.In(c.Lang), f.Value == "true", func(on bool) {
		typed := "false"
		if on {
			typed = "true"
		}
		s.chosen(c, f, typed)
	})
	s.marks[f.Path] = o.First()
	return o
}

// chosen is answer for what is not typed; a complaint that is answered goes away.
func (s *step) chosen(c *shell.Ctx, f *forms.FieldState, value string) {
	complained := s.d.complaint(c, s.d.at, f) != ""
	shape := s.shape
	s.answer(c, f, value)
	if complained && s.shape == shape {
		c.Refresh()
	}
}

// computed shows what the form works out itself.
func (s *step) computed(c *shell.Ctx, f *forms.FieldState) fyne.CanvasObject {
	value := kit.NewText(valueOf(c, f), theme.TextHeading, theme.Ink, true)
	s.shown[f.Path] = value
	parts := []fyne.CanvasObject{kit.Muted(f.Def.Label.In(c.Lang)), value}
	if !f.Def.Help.IsEmpty() {
		parts = append(parts, kit.Small(f.Def.Help.In(c.Lang)))
	}
	return kit.Card(kit.Column(theme.Size(theme.GapTiny), parts...))
}

func valueOf(c *shell.Ctx, f *forms.FieldState) string {
	if f.Err != nil {
		return c.Err(f.Err)
	}
	if v := f.ShownIn(c.Lang); v != "" {
		return v
	}
	return "–"
}

// keys is what an entry of a type needs: layout, width in letters, length and
// the shape it is written in.
type keys struct {
	layout kit.Layout
	wide   int // 0: the whole width
	max    int
	format func(string) string
	hint   string // key of the placeholder
}

var entries = map[string]keys{
	data.FieldInteger:  {layout: kit.LayoutDigits, wide: 8, max: 12},
	data.FieldDecimal:  {layout: kit.LayoutDecimal, wide: 12, max: 18},
	data.FieldMoney:    {layout: kit.LayoutDecimal, wide: 12, max: 18},
	data.FieldDate:     {layout: kit.LayoutDate, wide: 12, max: 10, format: dotted, hint: "form.date_hint"},
	data.FieldPESEL:    {layout: kit.LayoutDigits, wide: 14, max: 11},
	data.FieldNIP:      {layout: kit.LayoutDigits, wide: 14, max: 10},
	data.FieldREGON:    {layout: kit.LayoutDigits, wide: 16, max: 14},
	data.FieldNRB:      {layout: kit.LayoutDigits, wide: 34, max: 32, format: kit.Groups(" ", 2, 4, 4, 4, 4, 4, 4)},
	data.FieldIDCard:   {wide: 14, max: 10, format: kit.Groups(" ", 3, 6)},
	data.FieldPhone:    {layout: kit.LayoutPhone, wide: 20, max: 20},
	data.FieldEmail:    {layout: kit.LayoutEmail, wide: 0, max: 200},
	data.FieldPostcode: {layout: kit.LayoutPostcode, wide: 10, max: 6, format: kit.Groups("-", 2, 3), hint: "form.postcode_hint"},
}

// dotted writes a date with its dots while it is typed: the day and the month
// take two digits each, and a dot typed early fills up with a zero.
func dotted(typed string) string {
	if strings.Contains(typed, "-") {
		return typed // an ISO date from a scanner
	}
	var groups []string
	for i, g := range strings.Split(typed, ".") {
		if last := strings.Count(typed, ".") == i; i < 2 && len(g) == 1 && !last {
			g = "0" + g
		}
		groups = append(groups, g)
	}
	return kit.Groups(".", 2, 2, 4)(strings.Join(groups, ""))
}

// lettersWide is the width of an entry for n letters.
func lettersWide(n int) float32 {
	return float32(n)*theme.Size(theme.TextBody)*0.62 + 56
}

func (s *step) entry(c *shell.Ctx, stepID string, f *forms.FieldState) fyne.CanvasObject {
	k := entries[f.Def.Type]
	typed, ok := s.d.typed[f.Path]
	if !ok {
		typed = shaped(k, f.Typed)
	}
	path := f.Path
	spec := kit.FieldSpec{
		Label: label(c, f), Help: f.Def.Help.In(c.Lang), Value: typed, Unit: unit(c, f), Layout: k.layout,
		MaxLen: k.max, Format: k.format, Error: s.d.complaint(c, stepID, f),
		OnChanged:   func(v string) { s.answer(c, f, v) },
		OnSubmitted: func(string) { s.leave(c, path) },
	}
	if k.max == 0 {
		spec.MaxLen = 200
		if f.Def.MaxLength > 0 {
			spec.MaxLen = f.Def.MaxLength
		}
		if n := spec.MaxLen; n <= 20 {
			spec.Width = lettersWide(max(n, 8))
		}
	}
	if k.wide > 0 {
		spec.Width = lettersWide(k.wide)
	}
	if k.hint != "" {
		spec.Placeholder = c.T(k.hint)
	}
	if f.Def.Type == data.FieldLong {
		spec.Rows, spec.Counter = 3, true
		spec.OnSubmitted = nil
	}
	o := kit.NewField(c.Loc, spec)
	s.fields[path], s.marks[path] = o, o.Entry()
	return o
}

func shaped(k keys, typed string) string {
	if k.format == nil {
		return typed
	}
	return k.format(typed)
}

func unit(c *shell.Ctx, f *forms.FieldState) string {
	if f.Def.Type == data.FieldMoney {
		return "zł"
	}
	return f.Def.Unit.In(c.Lang)
}
