// Package paper lays pages out once, in millimetres, and renders them twice:
// as PDF for the printer and as a picture for the preview on the screen. What
// is shown is what is printed. It is the only importer of gofpdf.
package paper

import "egmina/data"

// A4 portrait, in millimetres.
const (
	a4Width  = 210.0
	a4Height = 297.0
	margin   = 15.0
	// content is the width between the margins.
	content = a4Width - 2*margin
)

// pt is one typographic point in millimetres.
const pt = 25.4 / 72

// quiet is the empty border of a code, in modules (ISO/IEC 18004).
const quiet = 4

// Doc is a document ready to be rendered. The same Doc always gives the same
// bytes: Made is its only date.
type Doc struct {
	Title   string
	Subject string
	Author  string // the municipality
	Lang    string // BCP 47; paper is always Polish
	Made    data.Date
	Pages   []Page
	// Missing holds the runes the font has no glyph for, sorted. Each was
	// printed as a hollow square; the caller decides whether to say so.
	Missing []rune
}

// Page is one sheet. Sizes and positions are millimetres from the top left
// corner; items are painted in order.
type Page struct {
	W, H  float64
	Items []Item
}

// Item is one thing on a Page: Text, Line, Box or Code.
type Item interface {
	// Bounds returns the area the item may put ink on.
	Bounds() Rect
}

// Rect is an area in millimetres; X, Y is its top left corner.
type Rect struct{ X, Y, W, H float64 }

// right and bottom return the far edges.
func (r Rect) right() float64  { return r.X + r.W }
func (r Rect) bottom() float64 { return r.Y + r.H }

// inset returns the area without a border of dx on both sides and dy above
// and below.
func (r Rect) inset(dx, dy float64) Rect {
	return Rect{r.X + dx, r.Y + dy, r.W - 2*dx, r.H - 2*dy}
}

// Colour is an sRGB colour; the zero Colour is black.
type Colour struct{ R, G, B uint8 }

// The inks of a page. Lines and values are pure black, because an office laser
// turns every grey line into dots.
var (
	black = Colour{}
	soft  = Colour{64, 64, 64}    // captions
	pale  = Colour{236, 236, 232} // bands and cells the resident does not fill
	white = Colour{255, 255, 255}
)

// Text is one line of text. X is its left edge and Y its baseline; Size is in
// points. In is the box it was laid out for and must not leave.
type Text struct {
	X, Y, Size float64
	Bold       bool
	Colour     Colour
	S          string
	In         Rect
}

// Bounds returns the advance width of the text between its ascender and
// descender.
func (t Text) Bounds() Rect {
	f := weight(t.Bold)
	return Rect{t.X, t.Y - f.ascent*t.Size*pt, f.width(t.S, t.Size), (f.ascent + f.descent) * t.Size * pt}
}

// Line is a straight line of the given thickness.
type Line struct {
	X1, Y1, X2, Y2 float64
	Thick          float64
	Colour         Colour
}

// Bounds returns the line's area with its thickness.
func (l Line) Bounds() Rect {
	h := l.Thick / 2
	x1, x2 := min(l.X1, l.X2), max(l.X1, l.X2)
	y1, y2 := min(l.Y1, l.Y2), max(l.Y1, l.Y2)
	return Rect{x1 - h, y1 - h, x2 - x1 + l.Thick, y2 - y1 + l.Thick}
}

// Box is a rectangle: filled, then outlined when Thick is above zero.
type Box struct {
	Rect
	Thick  float64
	Colour Colour // of the outline
	Fill   *Colour
}

// Bounds returns the box with its outline.
func (b Box) Bounds() Rect { return b.inset(-b.Thick/2, -b.Thick/2) }

// Code is a QR code. Size is its side with the quiet zone of four modules;
// Modules has none and is dark where true. Payload is what a reader must find.
type Code struct {
	X, Y, Size float64
	Modules    [][]bool
	Payload    string
}

// Bounds returns the code with its quiet zone.
func (c Code) Bounds() Rect { return Rect{c.X, c.Y, c.Size, c.Size} }

// module returns the side of one module in millimetres.
func (c Code) module() float64 { return c.Size / float64(len(c.Modules)+2*quiet) }
