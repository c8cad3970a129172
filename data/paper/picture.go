package paper

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"
)

// maxPixels caps the side of a preview: a mistaken resolution must not eat the
// kiosk's memory.
const maxPixels = 8000

// canvas draws one page in pixels.
type canvas struct {
	*image.RGBA
	scale float64 // pixels per millimetre
	paint vector.Rasterizer
}

// Picture renders a page as an opaque picture at the given resolution in dots
// per inch, with the geometry of the PDF.
func Picture(p Page, dpi float64) *image.RGBA {
	scale := max(dpi, 1) / 25.4
	scale = min(scale, maxPixels/max(p.W, p.H, 1))
	w, h := int(math.Round(p.W*scale)), int(math.Round(p.H*scale))
	c := &canvas{RGBA: image.NewRGBA(image.Rect(0, 0, w, h)), scale: scale}
	draw.Draw(c.RGBA, c.Rect, image.White, image.Point{}, draw.Src)
	for _, it := range p.Items {
		switch it := it.(type) {
		case Text:
			c.text(it)
		case Line:
			c.line(it)
		case Box:
			c.box(it)
		case Code:
			c.code(it)
		}
	}
	return c.RGBA
}

func ink(c Colour) *image.Uniform {
	return image.NewUniform(color.RGBA{c.R, c.G, c.B, 255})
}

// text draws a whole line of glyphs in one pass.
func (c *canvas) text(t Text) {
	area := pixels(t.Bounds().inset(-1, -1), c.scale).Intersect(c.Rect)
	if area.Empty() || t.S == "" {
		return
	}
	c.paint.Reset(area.Dx(), area.Dy())
	f, em := weight(t.Bold), t.Size*pt*c.scale
	x, y := t.X*c.scale-float64(area.Min.X), t.Y*c.scale-float64(area.Min.Y)
	for _, r := range t.S {
		c.glyph(f.outline(r), float32(x), float32(y), float32(em))
		if r <= maxRune {
			x += float64(f.advances[r]) / 1000 * em
		}
	}
	c.paint.Draw(c.RGBA, area, ink(t.Colour), image.Point{})
}

func (c *canvas) glyph(o []segment, x, y, em float32) {
	at := func(p [2]float32) (float32, float32) { return x + p[0]*em, y + p[1]*em }
	for i, s := range o {
		ax, ay := at(s.args[0])
		bx, by := at(s.args[1])
		switch s.op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				c.paint.ClosePath()
			}
			c.paint.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			c.paint.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			c.paint.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			dx, dy := at(s.args[2])
			c.paint.CubeTo(ax, ay, bx, by, dx, dy)
		}
	}
	if len(o) > 0 {
		c.paint.ClosePath()
	}
}

// line draws upright lines on whole pixels, so that a grid of hairlines looks
// even, and others smoothly.
func (c *canvas) line(l Line) {
	thick := max(l.Thick*c.scale, 1)
	x1, y1, x2, y2 := l.X1*c.scale, l.Y1*c.scale, l.X2*c.scale, l.Y2*c.scale
	if l.X1 == l.X2 || l.Y1 == l.Y2 {
		c.upright(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2), thick, l.Colour)
		return
	}
	area := pixels(l.Bounds().inset(-1, -1), c.scale).Intersect(c.Rect)
	if area.Empty() {
		return
	}
	x1, x2 = x1-float64(area.Min.X), x2-float64(area.Min.X)
	y1, y2 = y1-float64(area.Min.Y), y2-float64(area.Min.Y)
	dx, dy := x2-x1, y2-y1
	n := thick / 2 / math.Hypot(dx, dy)
	ox, oy := float32(-dy*n), float32(dx*n)
	c.paint.Reset(area.Dx(), area.Dy())
	c.paint.MoveTo(float32(x1)+ox, float32(y1)+oy)
	c.paint.LineTo(float32(x2)+ox, float32(y2)+oy)
	c.paint.LineTo(float32(x2)-ox, float32(y2)-oy)
	c.paint.LineTo(float32(x1)-ox, float32(y1)-oy)
	c.paint.ClosePath()
	c.paint.Draw(c.RGBA, area, ink(l.Colour), image.Point{})
}

// pixels is the smallest area of whole pixels around r.
func pixels(r Rect, scale float64) image.Rectangle {
	return image.Rect(int(math.Floor(r.X*scale)), int(math.Floor(r.Y*scale)), int(math.Ceil(r.right()*scale)), int(math.Ceil(r.bottom()*scale)))
}

// upright fills a horizontal or vertical stroke, its thickness rounded to
// whole pixels, never below one.
func (c *canvas) upright(x1, y1, x2, y2, thick float64, col Colour) {
	n := math.Round(thick)
	if y1 == y2 {
		top := math.Round(y1 - n/2)
		c.rect(x1, top, x2, top+n, col)
		return
	}
	left := math.Round(x1 - n/2)
	c.rect(left, y1, left+n, y2, col)
}

// rect fills whole pixels.
func (c *canvas) rect(x1, y1, x2, y2 float64, col Colour) {
	r := image.Rect(int(math.Round(x1)), int(math.Round(y1)), int(math.Round(x2)), int(math.Round(y2)))
	draw.Draw(c.RGBA, r.Intersect(c.Rect), ink(col), image.Point{}, draw.Src)
}

func (c *canvas) box(b Box) {
	x1, y1, x2, y2 := b.X*c.scale, b.Y*c.scale, b.right()*c.scale, b.bottom()*c.scale
	if b.Fill != nil {
		c.rect(x1, y1, x2, y2, *b.Fill)
	}
	if b.Thick <= 0 {
		return
	}
	t := max(b.Thick*c.scale, 1)
	for _, y := range []float64{y1, y2} {
		c.upright(x1-t/2, y, x2+t/2, y, t, b.Colour)
	}
	for _, x := range []float64{x1, x2} {
		c.upright(x, y1-t/2, x, y2+t/2, t, b.Colour)
	}
}

// code draws the modules on whole pixels: neighbours share their edges, so a
// phone can read the preview too.
func (c *canvas) code(q Code) {
	c.rect(q.X*c.scale, q.Y*c.scale, (q.X+q.Size)*c.scale, (q.Y+q.Size)*c.scale, white)
	m := q.module() * c.scale
	x0, y0 := q.X*c.scale+quiet*m, q.Y*c.scale+quiet*m
	for _, r := range bars(q.Modules) {
		c.rect(x0+float64(r.x)*m, y0+float64(r.y)*m, x0+float64(r.x+r.w)*m, y0+float64(r.y+r.h)*m, black)
	}
}
