package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"egmina/ui/theme"
)

// look is how a control is painted in its present state.
type look struct {
	fill, stroke fyne.ThemeColorName
	width        float32
	radius       float32
}

// base is what every thing to touch has in common: a face, a body, touch
// feedback. It takes no focus, which keys of the on-screen keyboard must not.
type base struct {
	widget.BaseWidget
	me       fyne.Widget
	kind     Kind
	label    string
	disabled bool
	focused  bool
	ring     bool
	pressed  bool

	do    func()
	build func() fyne.CanvasObject // makes the body for the present state
	face  func() look
	pad   [2]float32 // left and right, top and bottom
	minH  float32
	body  fyne.CanvasObject
	keys  func(*fyne.KeyEvent) bool // keys of the control's own
	fill  bool                      // the body is as high as the control, not centred in it
	down  func()                    // besides the feedback: touched
	up    func()                    // and let go
	touch touch
}

// control is a base that takes the focus and works with keys. Button, Tile, Row
// and the others embed it.
type control struct{ base }

func (c *base) init(me fyne.Widget) {
	c.me = me
	c.body = c.build()
	c.ExtendBaseWidget(me)
}

var (
	_ fyne.Tappable     = (*control)(nil)
	_ fyne.Focusable    = (*control)(nil)
	_ desktop.Mouseable = (*control)(nil)
	_ Tall              = (*control)(nil)
	_ Targeted          = (*control)(nil)
)

// Tapped is part of fyne.Tappable.
func (c *base) Tapped(*fyne.PointEvent) {
	if c.touch.tapped() {
		c.accept()
	}
}

func (c *base) accept() {
	touched(c.me)
	if c.disabled {
		return
	}
	if f, ok := c.me.(fyne.Focusable); ok {
		if cv := canvasOf(c.me); cv != nil {
			Focus(cv, f)
		}
	}
	c.activate()
}

func (c *base) activate() {
	if !c.disabled && c.do != nil {
		c.do()
	}
}

// MouseDown shows that the touch has arrived.
func (c *base) MouseDown(e *desktop.MouseEvent) {
	touched(c.me)
	c.touch.press(e)
	c.press(true)
	if c.down != nil && !c.disabled {
		c.down()
	}
}

// MouseUp is part of desktop.Mouseable.
func (c *base) MouseUp(e *desktop.MouseEvent) {
	c.press(false)
	if c.up != nil {
		c.up()
	}
	c.touch.release(e, c.accept)
}

func (c *base) press(on bool) {
	if c.disabled || c.pressed == on {
		return
	}
	c.pressed = on
	c.Refresh()
}

// FocusGained is part of fyne.Focusable.
func (c *control) FocusGained() {
	c.focused = true
	if !quiet {
		pointer = false // the focus came by Tab
	}
	c.ring = !quiet
	c.Refresh()
	if h := hooksOf(c.me); h.Focused != nil {
		h.Focused(c.me)
	}
}

// FocusLost is part of fyne.Focusable.
func (c *control) FocusLost() {
	c.focused, c.ring = false, false
	c.Refresh()
}

// TypedRune is part of fyne.Focusable.
func (c *control) TypedRune(r rune) {
	typed(c.me)
	if r != ' ' {
		passKey(c.me, &fyne.KeyEvent{})
	}
}

// TypedKey activates with Enter and Space; other keys go to the window's owner.
func (c *control) TypedKey(e *fyne.KeyEvent) {
	typed(c.me)
	if c.keys != nil && c.keys(e) {
		return
	}
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		spaceSpent = e.Name == fyne.KeySpace
		c.activate()
	default:
		if c.focused && !c.ring {
			c.ring = true
			c.Refresh()
		}
		passKey(c.me, e)
	}
}

// Disabled is part of fyne.Disableable.
func (c *base) Disabled() bool { return c.disabled }

// Disable makes it deaf and pale.
func (c *base) Disable() { c.setDisabled(true) }

// Enable undoes Disable.
func (c *base) Enable() { c.setDisabled(false) }

func (c *base) setDisabled(on bool) {
	if c.disabled == on {
		return
	}
	c.disabled = on
	c.rebuild()
}

// Target describes it to the guided tour.
func (c *base) Target() Target {
	return Target{Label: c.label, Kind: c.kind, Focused: c.focused, Disabled: c.disabled}
}

func (c *base) rebuild() {
	c.body = c.build()
	c.Refresh()
}

// HeightFor is part of Tall.
func (c *base) HeightFor(width float32) float32 {
	return max(c.minH, HeightFor(c.body, width-2*c.pad[0])+2*c.pad[1])
}

// NaturalWidth is part of Natural.
func (c *base) NaturalWidth() float32 { return NaturalWidth(c.body) + 2*c.pad[0] }

// CreateRenderer is part of fyne.Widget.
func (c *base) CreateRenderer() fyne.WidgetRenderer {
	r := &controlRenderer{c: c, back: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil)}
	r.paint()
	return r
}

type controlRenderer struct {
	c          *base
	back, ring *canvas.Rectangle
}

func (r *controlRenderer) Destroy() {}

func (r *controlRenderer) MinSize() fyne.Size {
	m := r.c.body.MinSize().AddWidthHeight(2*r.c.pad[0], 2*r.c.pad[1])
	m.Height = max(m.Height, r.c.minH)
	return m
}

func (r *controlRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.c.body, r.ring}
}

func (r *controlRenderer) Layout(size fyne.Size) {
	place(r.back, 0, 0, size.Width, size.Height)
	w := size.Width - 2*r.c.pad[0]
	h := min(size.Height-2*r.c.pad[1], HeightFor(r.c.body, w))
	if r.c.fill {
		h = size.Height - 2*r.c.pad[1]
	}
	place(r.c.body, r.c.pad[0], (size.Height-h)/2, w, h)
	d := theme.Size(theme.Ring) + 2
	place(r.ring, -d, -d, size.Width+2*d, size.Height+2*d)
}

func (r *controlRenderer) Refresh() {
	r.paint()
	r.Layout(r.c.Size())
	canvas.Refresh(r.c.me)
}

func (r *controlRenderer) paint() {
	l := r.c.face()
	r.back.FillColor, r.back.StrokeColor = theme.Color(l.fill), theme.Color(l.stroke)
	r.back.StrokeWidth, r.back.CornerRadius = l.width, l.radius
	r.ring.FillColor = theme.Color(theme.None)
	r.ring.StrokeColor, r.ring.StrokeWidth = theme.Color(theme.Focus), theme.Size(theme.Ring)
	r.ring.CornerRadius = l.radius + theme.Size(theme.Ring) + 2
	r.ring.Hidden = !r.c.ring
}
