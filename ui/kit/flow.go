package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"egmina/ui/theme"
)

// Tall is a thing whose height follows from its width: wrapped text and all that
// holds it. The layouts here ask for it, so that a page settles in one pass
// (the toolkit's own boxes know only minimum sizes).
type Tall interface {
	HeightFor(width float32) float32
}

// Natural is a thing that would like to be wider than its minimum: text that
// could stand on one line.
type Natural interface {
	NaturalWidth() float32
}

type flow interface {
	fyne.Layout
	heightFor(objs []fyne.CanvasObject, width float32) float32
	naturalWidth(objs []fyne.CanvasObject) float32
}

// HeightFor returns the height o needs at a width.
func HeightFor(o fyne.CanvasObject, width float32) float32 {
	switch v := o.(type) {
	case Tall:
		return v.HeightFor(width)
	case *fyne.Container:
		if f, ok := v.Layout.(flow); ok {
			return f.heightFor(v.Objects, width)
		}
	}
	return o.MinSize().Height
}

// NaturalWidth returns the width o would take if there were room.
func NaturalWidth(o fyne.CanvasObject) float32 {
	switch v := o.(type) {
	case Natural:
		return v.NaturalWidth()
	case *fyne.Container:
		if f, ok := v.Layout.(flow); ok {
			return f.naturalWidth(v.Objects)
		}
	}
	return o.MinSize().Width
}

func visible(objs []fyne.CanvasObject) []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, 0, len(objs))
	for _, o := range objs {
		if o != nil && o.Visible() {
			out = append(out, o)
		}
	}
	return out
}

func place(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

func widest(objs []fyne.CanvasObject, of func(fyne.CanvasObject) float32) float32 {
	var w float32
	for _, o := range objs {
		w = max(w, of(o))
	}
	return w
}

func minWidth(o fyne.CanvasObject) float32 { return o.MinSize().Width }

func present(objs []fyne.CanvasObject) []fyne.CanvasObject {
	out := objs[:0:0]
	for _, o := range objs {
		if o != nil {
			out = append(out, o)
		}
	}
	return out
}

// Column stacks things, each as wide as the column, gap apart. A Spring or a
// Grow child shares the height that is left. Nil children are left out.
func Column(gap float32, objs ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &column{gap}, Objects: present(objs)}
}

// Stack is Column with the page's usual gap.
func Stack(objs ...fyne.CanvasObject) *fyne.Container {
	return Column(theme.Size(theme.Gap), objs...)
}

type column struct{ gap float32 }

func (l *column) heightFor(objs []fyne.CanvasObject, width float32) float32 {
	var h float32
	vis := visible(objs)
	for i, o := range vis {
		if i > 0 {
			h += l.gap
		}
		h += HeightFor(o, width)
	}
	return h
}

func (l *column) naturalWidth(objs []fyne.CanvasObject) float32 {
	return widest(visible(objs), NaturalWidth)
}

func (l *column) MinSize(objs []fyne.CanvasObject) fyne.Size {
	vis := visible(objs)
	w := widest(vis, minWidth)
	var h float32
	for i, o := range vis {
		if i > 0 {
			h += l.gap
		}
		h += o.MinSize().Height
	}
	return fyne.NewSize(w, h)
}

func (l *column) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	vis := visible(objs)
	growers := 0
	for _, o := range vis {
		if grows(o) {
			growers++
		}
	}
	var extra float32
	if spare := size.Height - l.heightFor(vis, size.Width); growers > 0 && spare > 0 {
		extra = spare / float32(growers)
	}
	var y float32
	for _, o := range vis {
		h := HeightFor(o, size.Width)
		if grows(o) {
			h += extra
		}
		place(o, 0, y, size.Width, h)
		y += h + l.gap
	}
}

// Line puts things side by side, gap apart, centred on one middle line. A Grow
// child takes the width that is left; texts shrink and wrap when it is short.
func Line(gap float32, objs ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &line{gap: gap}, Objects: present(objs)}
}

// TopLine is Line with everything aligned to the top.
func TopLine(gap float32, objs ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &line{gap: gap, top: true}, Objects: present(objs)}
}

type line struct {
	gap float32
	top bool
}

func (l *line) gaps(n int) float32 { return l.gap * float32(max(0, n-1)) }

// widths shares width among objs: everyone starts with the natural width; what is
// missing is taken from the children that can shrink, what is left goes to those
// that grow.
func (l *line) widths(objs []fyne.CanvasObject, width float32) []float32 {
	out := make([]float32, len(objs))
	left := width - l.gaps(len(objs))
	var slack float32
	growers := 0
	for i, o := range objs {
		out[i] = NaturalWidth(o)
		left -= out[i]
		slack += out[i] - minWidth(o)
		if grows(o) {
			growers++
		}
	}
	switch {
	case left < 0 && slack > 0:
		share := min(1, -left/slack)
		for i, o := range objs {
			out[i] -= (out[i] - minWidth(o)) * share
		}
	case left > 0 && growers > 0:
		for i, o := range objs {
			if grows(o) {
				out[i] += left / float32(growers)
			}
		}
	}
	return out
}

func (l *line) heightFor(objs []fyne.CanvasObject, width float32) float32 {
	vis := visible(objs)
	var h float32
	for i, w := range l.widths(vis, width) {
		h = max(h, HeightFor(vis[i], w))
	}
	return h
}

func (l *line) naturalWidth(objs []fyne.CanvasObject) float32 {
	vis := visible(objs)
	w := l.gaps(len(vis))
	for _, o := range vis {
		w += NaturalWidth(o)
	}
	return w
}

func (l *line) MinSize(objs []fyne.CanvasObject) fyne.Size {
	vis := visible(objs)
	size := fyne.NewSize(l.gaps(len(vis)), 0)
	for _, o := range vis {
		m := o.MinSize()
		size.Width += m.Width
		size.Height = max(size.Height, m.Height)
	}
	return size
}

func (l *line) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	vis := visible(objs)
	var x float32
	for i, w := range l.widths(vis, size.Width) {
		h := HeightFor(vis[i], w)
		if grows(vis[i]) {
			h = max(h, 0)
		}
		y := (size.Height - h) / 2
		if l.top {
			y = 0
		}
		place(vis[i], x, y, w, h)
		x += w + l.gap
	}
}

// Grid puts things in columns of equal width; a row is as high as its highest.
func Grid(columns int, gap float32, objs ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &grid{cols: columns, gap: gap}, Objects: present(objs)}
}

// AutoGrid is Grid with as many columns as fit when each is at least min wide.
func AutoGrid(minCell, gap float32, objs ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &grid{min: minCell, gap: gap}, Objects: present(objs)}
}

// TileGrid is Grid with an incomplete last row in the middle.
func TileGrid(columns int, gap float32, objs ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &grid{cols: columns, gap: gap, centre: true}, Objects: present(objs)}
}

type grid struct {
	cols     int
	min, gap float32
	centre   bool
}

func (g *grid) shape(n int, width float32) (cols int, cell float32) {
	cols = g.cols
	if g.min > 0 {
		cols = max(1, int((width+g.gap)/(g.min+g.gap)))
	}
	cols = max(1, min(cols, max(1, n)))
	return cols, (width - g.gap*float32(cols-1)) / float32(cols)
}

func (g *grid) rows(objs []fyne.CanvasObject, width float32) (cols int, cell float32, heights []float32) {
	cols, cell = g.shape(len(objs), width)
	for i, o := range objs {
		if i%cols == 0 {
			heights = append(heights, 0)
		}
		heights[len(heights)-1] = max(heights[len(heights)-1], HeightFor(o, cell))
	}
	return cols, cell, heights
}

func (g *grid) heightFor(objs []fyne.CanvasObject, width float32) float32 {
	_, _, heights := g.rows(visible(objs), width)
	h := g.gap * float32(max(0, len(heights)-1))
	for _, r := range heights {
		h += r
	}
	return h
}

func (g *grid) naturalWidth(objs []fyne.CanvasObject) float32 {
	vis := visible(objs)
	cols := max(1, g.cols)
	if g.min > 0 {
		cols = max(1, len(vis))
	}
	return widest(vis, NaturalWidth)*float32(cols) + g.gap*float32(cols-1)
}

func (g *grid) MinSize(objs []fyne.CanvasObject) fyne.Size {
	vis := visible(objs)
	cols := max(1, g.cols)
	w := max(widest(vis, minWidth), g.min)*float32(cols) + g.gap*float32(cols-1)
	return fyne.NewSize(w, g.heightFor(vis, w))
}

func (g *grid) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	vis := visible(objs)
	cols, cell, heights := g.rows(vis, size.Width)
	// Height to spare makes the rows higher, so that tiles fill their page.
	used := g.heightFor(vis, size.Width)
	extra := max(0, size.Height-used) / float32(max(1, len(heights)))
	var y float32
	for r, h := range heights {
		row := vis[r*cols : min(len(vis), (r+1)*cols)]
		var left float32
		if g.centre {
			left = float32(cols-len(row)) * (cell + g.gap) / 2
		}
		for c, o := range row {
			place(o, left+float32(c)*(cell+g.gap), y, cell, h+extra)
		}
		y += h + extra + g.gap
	}
}

// Inset keeps a child away from the edges of its place.
func Inset(o fyne.CanvasObject, left, top, right, bottom float32) *fyne.Container {
	return &fyne.Container{Layout: &inset{l: left, t: top, r: right, b: bottom}, Objects: []fyne.CanvasObject{o}}
}

// Pad is Inset with the same distance on all sides.
func Pad(o fyne.CanvasObject, by float32) *fyne.Container { return Inset(o, by, by, by, by) }

// Narrow keeps a child at most width wide, at the left; with centre in the middle.
func Narrow(width float32, centre bool, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &inset{limit: width, centre: centre}, Objects: []fyne.CanvasObject{o}}
}

type inset struct {
	l, t, r, b float32
	limit      float32
	centre     bool
}

func (l *inset) inner(width float32) float32 {
	w := max(0, width-l.l-l.r)
	if l.limit > 0 {
		w = min(w, l.limit)
	}
	return w
}

func (l *inset) heightFor(objs []fyne.CanvasObject, width float32) float32 {
	return HeightFor(objs[0], l.inner(width)) + l.t + l.b
}

func (l *inset) naturalWidth(objs []fyne.CanvasObject) float32 {
	w := NaturalWidth(objs[0])
	if l.limit > 0 {
		w = min(w, l.limit)
	}
	return w + l.l + l.r
}

func (l *inset) MinSize(objs []fyne.CanvasObject) fyne.Size {
	return objs[0].MinSize().AddWidthHeight(l.l+l.r, l.t+l.b)
}

func (l *inset) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	w := l.inner(size.Width)
	x := l.l
	if l.centre {
		x += (size.Width - l.l - l.r - w) / 2
	}
	place(objs[0], x, l.t, w, max(0, size.Height-l.t-l.b))
}

// Centre puts a child in the middle of its place at its natural size.
func Centre(o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: centre{}, Objects: []fyne.CanvasObject{o}}
}

type centre struct{}

func (centre) heightFor(objs []fyne.CanvasObject, width float32) float32 {
	return HeightFor(objs[0], min(width, NaturalWidth(objs[0])))
}
func (centre) naturalWidth(objs []fyne.CanvasObject) float32 { return NaturalWidth(objs[0]) }
func (centre) MinSize(objs []fyne.CanvasObject) fyne.Size    { return objs[0].MinSize() }
func (centre) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	w := min(size.Width, NaturalWidth(objs[0]))
	h := HeightFor(objs[0], w)
	place(objs[0], (size.Width-w)/2, max(0, (size.Height-h)/2), w, h)
}

// Layers puts children on top of each other, all as large as the place.
func Layers(objs ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: layers{}, Objects: present(objs)}
}

type layers struct{}

func (layers) heightFor(objs []fyne.CanvasObject, width float32) float32 {
	return widest(visible(objs), func(o fyne.CanvasObject) float32 { return HeightFor(o, width) })
}
func (layers) naturalWidth(objs []fyne.CanvasObject) float32 {
	return widest(visible(objs), NaturalWidth)
}
func (layers) MinSize(objs []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range visible(objs) {
		s = s.Max(o.MinSize())
	}
	return s
}
func (layers) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objs {
		place(o, 0, 0, size.Width, size.Height)
	}
}

// Grow lets a child take the room that a Line (width) or a Column (height) has left.
func Grow(o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &grow{}, Objects: []fyne.CanvasObject{o}}
}

// Spring is empty room that grows.
func Spring() *fyne.Container { return Grow(Space(0)) }

type grow struct{ inset }

func grows(o fyne.CanvasObject) bool {
	c, ok := o.(*fyne.Container)
	if !ok {
		return false
	}
	_, ok = c.Layout.(*grow)
	return ok
}

// Space is empty room, size wide and high.
func Space(size float32) fyne.CanvasObject {
	r := canvas.NewRectangle(theme.Color(theme.None))
	r.SetMinSize(fyne.NewSquareSize(size))
	return r
}

// Fixed gives a child a size of its own.
func Fixed(width, height float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: fixed{fyne.NewSize(width, height)}, Objects: []fyne.CanvasObject{o}}
}

type fixed struct{ size fyne.Size }

func (f fixed) heightFor([]fyne.CanvasObject, float32) float32 { return f.size.Height }
func (f fixed) naturalWidth([]fyne.CanvasObject) float32       { return f.size.Width }
func (f fixed) MinSize([]fyne.CanvasObject) fyne.Size          { return f.size }
func (f fixed) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objs {
		place(o, 0, 0, size.Width, size.Height)
	}
}
