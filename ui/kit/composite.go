package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"egmina/ui/theme"
)

// composite is a widget put together from others.
type composite struct {
	widget.BaseWidget
	content fyne.CanvasObject
}

func (c *composite) init(me fyne.Widget, content fyne.CanvasObject) {
	c.content = content
	c.ExtendBaseWidget(me)
}

// HeightFor is part of Tall.
func (c *composite) HeightFor(width float32) float32 { return HeightFor(c.content, width) }

// NaturalWidth is part of Natural.
func (c *composite) NaturalWidth() float32 { return NaturalWidth(c.content) }

// Children is part of Parent.
func (c *composite) Children() []fyne.CanvasObject { return []fyne.CanvasObject{c.content} }

// CreateRenderer is part of fyne.Widget.
func (c *composite) CreateRenderer() fyne.WidgetRenderer { return &compositeRenderer{c} }

type compositeRenderer struct{ c *composite }

func (r *compositeRenderer) Destroy()                     {}
func (r *compositeRenderer) MinSize() fyne.Size           { return r.c.content.MinSize() }
func (r *compositeRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.c.content} }
func (r *compositeRenderer) Layout(s fyne.Size)           { place(r.c.content, 0, 0, s.Width, s.Height) }
func (r *compositeRenderer) Refresh() {
	r.Layout(r.c.Size())
	r.c.content.Refresh()
}

// Words is the part of a localizer the widgets need for their own few words.
type Words interface {
	T(key string, args ...any) string
}

// panel is a rectangle that other things lie on.
func panel(fill, stroke fyne.ThemeColorName) *canvas.Rectangle {
	r := canvas.NewRectangle(theme.Color(fill))
	r.CornerRadius = theme.Size(theme.Radius)
	if stroke != theme.None {
		r.StrokeColor, r.StrokeWidth = theme.Color(stroke), theme.Size(theme.Stroke)/2
	}
	return r
}

// Card lays a surface with a hair line under its content.
func Card(content fyne.CanvasObject) fyne.CanvasObject {
	return Layers(panel(theme.Surface, theme.Line), Pad(content, theme.Size(theme.Gap)*1.3))
}

// Panel lays a tinted ground under its content, for what belongs together
// without being the main thing.
func Panel(content fyne.CanvasObject) fyne.CanvasObject {
	return Layers(panel(theme.Sunken, theme.None), Pad(content, theme.Size(theme.Gap)))
}

// Rule is a horizontal hair line.
func Rule() fyne.CanvasObject {
	r := canvas.NewRectangle(theme.Color(theme.Line))
	r.SetMinSize(fyne.NewSize(1, 1))
	return r
}
