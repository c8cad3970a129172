package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
)

// columns is two columns of different width, both from the top.
type columns struct {
	widget.BaseWidget
	left, right fyne.CanvasObject
	share, gap  float32
}

// OneColumn tells whether the page has no room for two columns of text: a
// portrait panel, or large letters on a small one.
func OneColumn(c *shell.Ctx) bool { return c.Portrait || c.Large && c.Size.Width < 1600 }

// Columns puts two things side by side; the left one takes its share of the
// width (0.6). A nil one leaves the other alone.
func Columns(share, gap float32, left, right fyne.CanvasObject) fyne.CanvasObject {
	if left == nil {
		return right
	}
	if right == nil {
		return left
	}
	c := &columns{left: left, right: right, share: share, gap: gap}
	c.ExtendBaseWidget(c)
	return c
}

func (c *columns) widths(width float32) (left, right float32) {
	left = (width - c.gap) * c.share
	return left, width - c.gap - left
}

// HeightFor is part of kit.Tall.
func (c *columns) HeightFor(width float32) float32 {
	l, r := c.widths(width)
	return max(kit.HeightFor(c.left, l), kit.HeightFor(c.right, r))
}

// NaturalWidth is part of kit.Natural.
func (c *columns) NaturalWidth() float32 {
	return kit.NaturalWidth(c.left) + c.gap + kit.NaturalWidth(c.right)
}

// Children is part of kit.Parent.
func (c *columns) Children() []fyne.CanvasObject { return []fyne.CanvasObject{c.left, c.right} }

// CreateRenderer is part of fyne.Widget.
func (c *columns) CreateRenderer() fyne.WidgetRenderer { return &columnsRenderer{c} }

type columnsRenderer struct{ c *columns }

func (r *columnsRenderer) Destroy()                     {}
func (r *columnsRenderer) Objects() []fyne.CanvasObject { return r.c.Children() }
func (r *columnsRenderer) Refresh() {
	r.Layout(r.c.Size())
	r.c.left.Refresh()
	r.c.right.Refresh()
}

func (r *columnsRenderer) MinSize() fyne.Size {
	a, b := r.c.left.MinSize(), r.c.right.MinSize()
	return fyne.NewSize(a.Width+r.c.gap+b.Width, max(a.Height, b.Height))
}

func (r *columnsRenderer) Layout(s fyne.Size) {
	l, w := r.c.widths(s.Width)
	r.c.left.Move(fyne.Position{})
	r.c.left.Resize(fyne.NewSize(l, kit.HeightFor(r.c.left, l)))
	r.c.right.Move(fyne.NewPos(l+r.c.gap, 0))
	r.c.right.Resize(fyne.NewSize(w, kit.HeightFor(r.c.right, w)))
}
