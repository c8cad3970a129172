package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"egmina/ui/theme"
)

// Option is one answer of a Choice or Checks.
type Option struct {
	ID     string
	Label  string
	Help   string
	Amount string // of money, at the right edge
}

// ChoiceSpec describes a question with one answer.
type ChoiceSpec struct {
	Options   []Option
	Value     string // ID of the chosen one, "" for none
	Columns   int    // 0 or 1: one below the other
	Disabled  bool
	OnChanged func(id string)
}

// Choice is a question with one answer: rows with a round mark.
type Choice struct {
	composite
	value string
	rows  []*optionRow
}

// NewChoice makes a Choice.
func NewChoice(s ChoiceSpec) *Choice {
	c := &Choice{value: s.Value}
	c.rows = optionRows(s.Options, KindChoice, s.Disabled, func(id string) bool { return c.value == id }, func(id string) {
		c.value = id
		refreshRows(c.rows)
		if s.OnChanged != nil {
			s.OnChanged(id)
		}
	})
	c.init(c, rowsGrid(s.Columns, c.rows))
	return c
}

// Value returns the ID of the chosen option.
func (c *Choice) Value() string { return c.value }

// First returns what to focus: the chosen row, else the first.
func (c *Choice) First() fyne.Focusable { return firstRow(c.rows) }

// ChecksSpec describes a question with any number of answers.
type ChecksSpec struct {
	Options   []Option
	Values    []string
	Columns   int
	Disabled  bool
	OnChanged func(ids []string) // in the order of Options
}

// Checks is a question with any number of answers: rows with a square mark.
type Checks struct {
	composite
	on   map[string]bool
	rows []*optionRow
}

// NewChecks makes Checks.
func NewChecks(s ChecksSpec) *Checks {
	c := &Checks{on: map[string]bool{}}
	for _, v := range s.Values {
		c.on[v] = true
	}
	c.rows = optionRows(s.Options, KindCheck, s.Disabled, func(id string) bool { return c.on[id] }, func(id string) {
		c.on[id] = !c.on[id]
		refreshRows(c.rows)
		if s.OnChanged != nil {
			s.OnChanged(c.values(s.Options))
		}
	})
	c.init(c, rowsGrid(s.Columns, c.rows))
	return c
}

func (c *Checks) values(options []Option) []string {
	var ids []string
	for _, o := range options {
		if c.on[o.ID] {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// First returns what to focus.
func (c *Checks) First() fyne.Focusable { return firstRow(c.rows) }

// Check makes a single statement to tick.
func Check(label, help string, on bool, changed func(bool)) *Checks {
	s := ChecksSpec{Options: []Option{{ID: "on", Label: label, Help: help}}}
	if on {
		s.Values = []string{"on"}
	}
	s.OnChanged = func(ids []string) { changed(slices.Contains(ids, "on")) }
	return NewChecks(s)
}

func rowsGrid(columns int, rows []*optionRow) fyne.CanvasObject {
	objs := make([]fyne.CanvasObject, len(rows))
	for i, r := range rows {
		objs[i] = r
	}
	return Grid(max(1, columns), theme.Size(theme.GapSmall), objs...)
}

func refreshRows(rows []*optionRow) {
	for _, r := range rows {
		r.rebuild()
	}
}

func firstRow(rows []*optionRow) fyne.Focusable {
	for _, r := range rows {
		if r.on() {
			return r
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return rows[0]
}

type optionRow struct {
	control
	option Option
	chosen func(string) bool
}

func optionRows(options []Option, kind Kind, disabled bool, chosen func(string) bool, pick func(string)) []*optionRow {
	rows := make([]*optionRow, 0, len(options))
	for _, o := range options {
		r := &optionRow{option: o, chosen: chosen}
		r.kind, r.label, r.disabled = kind, o.Label, disabled
		r.minH = theme.Size(theme.Target)
		r.pad = [2]float32{theme.Size(theme.Gap), theme.Size(theme.GapSmall)}
		r.do = func() { pick(o.ID) }
		r.build, r.face = r.content, r.look
		r.init(r)
		rows = append(rows, r)
	}
	return rows
}

func (r *optionRow) on() bool { return r.chosen(r.option.ID) }

func (r *optionRow) content() fyne.CanvasObject {
	ink := theme.Ink
	if r.disabled {
		ink = theme.Faint
	}
	words := []fyne.CanvasObject{NewText(r.option.Label, theme.TextBody, ink, r.on())}
	if r.option.Help != "" {
		words = append(words, NewText(r.option.Help, theme.TextSmall, theme.Muted, false))
	}
	parts := []fyne.CanvasObject{r.mark(), Grow(Column(2, words...))}
	if r.option.Amount != "" {
		parts = append(parts, Amount(r.option.Amount).Sized(theme.TextLead).Colour(ink))
	}
	return Line(theme.Size(theme.Gap), parts...)
}

func (r *optionRow) mark() fyne.CanvasObject {
	s := theme.Size(theme.Icon)
	box := canvas.NewRectangle(theme.Color(theme.Surface))
	box.StrokeColor, box.StrokeWidth = theme.Color(theme.Edge), 2.5
	box.CornerRadius = 7
	if r.kind == KindChoice {
		box.CornerRadius = s / 2
	}
	if !r.on() {
		return Fixed(s, s, box)
	}
	box.FillColor, box.StrokeColor = theme.Color(theme.Accent), theme.Color(theme.Accent)
	if r.kind == KindChoice {
		dot := canvas.NewCircle(theme.Color(theme.OnAccent))
		return Fixed(s, s, Layers(box, Pad(dot, s*0.3)))
	}
	return Fixed(s, s, Layers(box, Pad(Icon("check", theme.IconSmall, theme.OnAccent), 3)))
}

func (r *optionRow) look() look {
	l := look{fill: theme.Surface, stroke: theme.Line, width: theme.Size(theme.Stroke), radius: theme.Size(theme.Radius)}
	switch {
	case r.pressed:
		l.fill = theme.Pressed
	case r.on():
		l.fill, l.stroke = theme.AccentSoft, theme.Accent
	case r.disabled:
		l.fill = theme.Sunken
	default:
		l.stroke = theme.Edge
	}
	return l
}

// Switch is a setting that is on or off at once.
type Switch struct {
	control
	on bool
}

// NewSwitch makes a Switch.
func NewSwitch(label string, on bool, changed func(bool)) *Switch {
	s := &Switch{on: on}
	s.kind, s.label = KindSwitch, label
	s.minH = theme.Size(theme.Target)
	s.pad = [2]float32{theme.Size(theme.Gap), theme.Size(theme.GapSmall)}
	s.do = func() {
		s.on = !s.on
		s.rebuild()
		if changed != nil {
			changed(s.on)
		}
	}
	s.build, s.face = s.picture, s.look
	s.init(s)
	return s
}

func (s *Switch) picture() fyne.CanvasObject {
	track := canvas.NewRectangle(theme.Color(theme.Sunken))
	track.StrokeColor, track.StrokeWidth, track.CornerRadius = theme.Color(theme.Edge), 2.5, 20
	knob := canvas.NewCircle(theme.Color(theme.Edge))
	at := Inset(knob, 6, 6, 38, 6)
	if s.on {
		track.FillColor, track.StrokeColor = theme.Color(theme.Accent), theme.Color(theme.Accent)
		knob.FillColor = theme.Color(theme.OnAccent)
		at = Inset(knob, 38, 6, 6, 6)
	}
	return Line(theme.Size(theme.Gap), Grow(Body(s.label)), Fixed(72, 40, Layers(track, at)))
}

func (s *Switch) look() look {
	l := look{fill: theme.Surface, stroke: theme.Edge, width: theme.Size(theme.Stroke), radius: theme.Size(theme.Radius)}
	if s.pressed {
		l.fill = theme.Pressed
	}
	return l
}
