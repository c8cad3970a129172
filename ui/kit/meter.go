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
	unit       float32 // share of the full size
}

// NewMeterDial makes the picture for black digits to read and red ones to leave.
func NewMeterDial(black, red int, typed string) *MeterDial {
	d := &MeterDial{black: black, red: red, typed: typed, unit: 1}
	d.init(d, d.picture())
	return d
}

// SetTyped shows another number typed.
func (d *MeterDial) SetTyped(typed string) {
	d.typed = typed
	d.content = d.picture()
	d.Refresh()
}

// HeightFor returns the height of the digits at the size the width allows.
func (d *MeterDial) HeightFor(width float32) float32 {
	other := &MeterDial{black: d.black, red: d.red, typed: d.typed, unit: d.fit(width)}
	return HeightFor(other.picture(), width)
}

// fit is the share of the full size that the width allows.
func (d *MeterDial) fit(width float32) float32 {
	other := &MeterDial{black: d.black, red: d.red, unit: 1}
	if full := NaturalWidth(other.picture()); full > width {
		return max(0.35, width/full*0.98)
	}
	return 1
}

// Resize is part of fyne.CanvasObject: another width makes other digits.
func (d *MeterDial) Resize(size fyne.Size) {
	d.composite.Resize(size)
	if unit := d.fit(size.Width); unit != d.unit {
		d.unit = unit
		d.content = d.picture()
		d.Refresh()
	}
}

// MinSize is part of fyne.CanvasObject.
func (d *MeterDial) MinSize() fyne.Size { return fyne.NewSize(200, d.content.MinSize().Height) }

func (d *MeterDial) picture() fyne.CanvasObject {
	digits := d.typed
	if len(digits) > d.black {
		digits = digits[len(digits)-d.black:]
	}
	digits = strings.Repeat(" ", d.black-len(digits)) + digits
	row := []fyne.CanvasObject{}
	for _, r := range digits {
		row = append(row, d.wheel(string(r), theme.Ink, theme.Accent))
	}
	frame := canvas.NewRectangle(theme.Color(theme.AccentSoft))
	frame.StrokeColor, frame.StrokeWidth, frame.CornerRadius = theme.Color(theme.Accent), 4, 14
	parts := []fyne.CanvasObject{Layers(frame, Pad(Line(8*d.unit, row...), 14*d.unit))}
	if d.red > 0 {
		pale := []fyne.CanvasObject{}
		for range d.red {
			pale = append(pale, d.wheel("0", theme.Danger, theme.Line))
		}
		parts = append(parts, d.sign(",", 0.4), Line(8*d.unit, pale...))
	}
	return Line(theme.Size(theme.GapSmall)*d.unit, append(parts, d.sign("m³", 1.1))...)
}

func (d *MeterDial) size() float32 { return theme.Size(theme.TextDisplay) * d.unit }

// glyph is a letter of the dial's own size.
func (d *MeterDial) glyph(s string, ink fyne.ThemeColorName, share float32) *canvas.Text {
	t := canvas.NewText(s, theme.Color(ink))
	t.TextSize, t.TextStyle, t.Alignment = d.size()*share, fyne.TextStyle{Bold: true}, fyne.TextAlignCenter
	return t
}

func (d *MeterDial) sign(s string, width float32) fyne.CanvasObject {
	return Fixed(d.size()*width, d.size()*1.75, Centre(d.glyph(s, theme.Muted, 0.66)))
}

func (d *MeterDial) wheel(digit string, ink, edge fyne.ThemeColorName) fyne.CanvasObject {
	back := canvas.NewRectangle(theme.Color(theme.Surface))
	back.StrokeColor, back.StrokeWidth, back.CornerRadius = theme.Color(edge), 3, 8
	if edge == theme.Line {
		back.FillColor, back.StrokeWidth = theme.Color(theme.Sunken), 2
	}
	if digit == " " {
		digit, ink = "–", theme.Muted
	}
	return Fixed(d.size()*1.15, d.size()*1.75, Layers(back, Inset(Centre(d.glyph(digit, ink, 1)), 0, d.size()*0.1, 0, 0)))
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
