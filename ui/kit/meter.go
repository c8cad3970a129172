package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"egmina/ui/theme"
)

// MeterDial is the picture of a water meter's register: the black digits that
// are to be read stand framed, the red ones behind the comma are pale. What is
// typed shows in the black digits at once.
type MeterDial struct {
	composite
	black, red int
	typed      string
}

// NewMeterDial makes the picture for black digits to read and red ones to leave.
func NewMeterDial(black, red int, typed string) *MeterDial {
	d := &MeterDial{black: black, red: red, typed: typed}
	d.init(d, d.picture())
	return d
}

// SetTyped shows another number typed.
func (d *MeterDial) SetTyped(typed string) {
	d.typed = typed
	d.content = d.picture()
	d.Refresh()
	changed(d)
}

func (d *MeterDial) picture() fyne.CanvasObject {
	digits := d.typed
	if len(digits) > d.black {
		digits = digits[len(digits)-d.black:]
	}
	digits = strings.Repeat(" ", d.black-len(digits)) + digits
	row := []fyne.CanvasObject{}
	for _, r := range digits {
		row = append(row, wheel(string(r), theme.Ink, theme.Accent, 3))
	}
	frame := canvas.NewRectangle(theme.Color(theme.AccentSoft))
	frame.StrokeColor, frame.StrokeWidth, frame.CornerRadius = theme.Color(theme.Accent), 4, 14
	parts := []fyne.CanvasObject{Layers(frame, Pad(Line(8, row...), 14))}
	if d.red > 0 {
		pale := []fyne.CanvasObject{}
		for range d.red {
			pale = append(pale, wheel("0", theme.Danger, theme.Line, 2))
		}
		parts = append(parts, NewText(",", theme.TextDisplay, theme.Muted, true), Line(8, pale...))
	}
	parts = append(parts, NewText("m³", theme.TextHeading, theme.Ink, true))
	return Line(theme.Size(theme.GapSmall), parts...)
}

func wheel(digit string, ink, edge fyne.ThemeColorName, width float32) fyne.CanvasObject {
	w, h := theme.Size(theme.TextDisplay)*1.15, theme.Size(theme.TextDisplay)*1.75
	back := canvas.NewRectangle(theme.Color(theme.Surface))
	back.StrokeColor, back.StrokeWidth, back.CornerRadius = theme.Color(edge), width, 8
	if edge == theme.Line {
		back.FillColor = theme.Color(theme.Sunken)
	}
	if strings.TrimSpace(digit) == "" {
		digit, ink = "–", theme.Muted
	}
	return Fixed(w, h, Layers(back, Centre(NewText(digit, theme.TextDisplay, ink, true))))
}

// DialLegend says in words which digits to read; texts come from the screen.
func DialLegend(read, leave string) fyne.CanvasObject {
	item := func(c fyne.ThemeColorName, s string) fyne.CanvasObject {
		r := panel(c, theme.None)
		r.CornerRadius = 4
		return Line(theme.Size(theme.GapSmall), Fixed(22, 22, r), Grow(Body(s)))
	}
	return Column(theme.Size(theme.GapTiny), item(theme.Accent, read), item(theme.Danger, leave))
}
