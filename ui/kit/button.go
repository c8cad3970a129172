package kit

import (
	"fyne.io/fyne/v2"

	"egmina/ui/theme"
)

// ButtonKind says how much a button asks for.
type ButtonKind int

// Kinds of buttons. A page has at most one Primary.
const (
	ButtonSecondary ButtonKind = iota
	ButtonPrimary
	ButtonQuiet
	ButtonDanger
)

// ButtonSpec describes a button.
type ButtonSpec struct {
	Label    string // shown, and its name for the tour
	Name     string // what it is called when the label does not say: "Polski" for PL
	Icon     string // name of an icon, "" for none
	After    bool   // the icon stands after the label
	Kind     ButtonKind
	Big      bool
	Slim     bool // in the top bar
	Disabled bool
	Chosen   bool // one of a group that is on: language, text size
	Do       func()
}

// Button is something to press.
type Button struct {
	control
	spec ButtonSpec
}

// NewButton makes a button.
func NewButton(s ButtonSpec) *Button {
	b := &Button{spec: s}
	b.kind, b.label, b.do, b.disabled = KindButton, s.Label, s.Do, s.Disabled
	if s.Name != "" {
		b.label = s.Name
	}
	b.minH = theme.Size(theme.Target)
	switch {
	case s.Big:
		b.minH = theme.Size(theme.BigTarget)
	case s.Slim:
		b.minH = theme.Size(theme.SlimTarget)
	}
	b.pad = [2]float32{theme.Size(theme.Gap) * 1.4, 6}
	if s.Label == "" {
		b.pad[0] = (b.minH - theme.Size(theme.Icon)) / 2
	}
	b.build, b.face = b.content, b.look
	b.init(b)
	return b
}

// Primary makes the button of what to do next.
func Primary(label string, do func()) *Button {
	return NewButton(ButtonSpec{Label: label, Kind: ButtonPrimary, Do: do})
}

// Secondary makes an ordinary button.
func Secondary(label, icon string, do func()) *Button {
	return NewButton(ButtonSpec{Label: label, Icon: icon, Do: do})
}

// Quiet makes a button without edges.
func Quiet(label, icon string, do func()) *Button {
	return NewButton(ButtonSpec{Label: label, Icon: icon, Kind: ButtonQuiet, Do: do})
}

// SetLabel changes the label.
func (b *Button) SetLabel(s string) {
	b.spec.Label, b.label = s, s
	b.rebuild()
}

func (b *Button) ink() fyne.ThemeColorName {
	switch {
	case b.disabled:
		return theme.Faint
	case b.spec.Kind == ButtonPrimary || b.spec.Chosen:
		return theme.OnAccent
	case b.spec.Kind == ButtonDanger:
		return theme.Danger
	}
	return theme.Accent
}

func (b *Button) content() fyne.CanvasObject {
	var parts []fyne.CanvasObject
	if b.spec.Icon != "" {
		parts = append(parts, Icon(b.spec.Icon, theme.Icon, b.ink()))
	}
	if b.spec.Label != "" {
		size := theme.TextBody
		if b.spec.Big {
			size = theme.TextLead
		}
		parts = append(parts, NewText(b.spec.Label, size, b.ink(), true).Centred())
	}
	if b.spec.After && len(parts) == 2 {
		parts[0], parts[1] = parts[1], parts[0]
	}
	return Centre(Line(theme.Size(theme.GapSmall), parts...))
}

func (b *Button) look() look {
	l := look{fill: theme.Surface, stroke: theme.Edge, width: theme.Size(theme.Stroke), radius: theme.Size(theme.Radius)}
	switch {
	case b.disabled:
		l.fill, l.stroke = theme.Sunken, theme.Line
		if b.spec.Kind == ButtonQuiet {
			l.fill, l.stroke = theme.None, theme.None
		}
	case b.spec.Kind == ButtonPrimary || b.spec.Chosen:
		l.fill, l.stroke, l.width = theme.Accent, theme.None, 0
		if b.pressed {
			l.fill = theme.AccentDeep
		}
	case b.spec.Kind == ButtonQuiet:
		l.fill, l.stroke, l.width = theme.None, theme.None, 0
		if b.pressed {
			l.fill = theme.Pressed
		}
	case b.spec.Kind == ButtonDanger:
		l.stroke = theme.Danger
		if b.pressed {
			l.fill = theme.Pressed
		}
	case b.pressed:
		l.fill = theme.Pressed
	}
	return l
}

// Icon shows the line icon of a name in a size and a colour of the theme.
func Icon(name string, size fyne.ThemeSizeName, colour fyne.ThemeColorName) fyne.CanvasObject {
	s := theme.Size(size)
	return Fixed(s, s, Drawing(theme.Picture(name, colour)))
}
