package paper

import (
	"fmt"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"egmina/assets"
)

// maxRune is the end of the basic plane: the PDF writer takes nothing above.
const maxRune = 0xFFFF

// face is one weight of the family: advances for measuring, outlines for the
// preview, and the bytes for the PDF.
type face struct {
	raw             []byte
	ascent, descent float64 // in ems, from the tallest and deepest letters used
	advances        []uint16
	glyphs          []sfnt.GlyphIndex
	font            *sfnt.Font
	upem            fixed.Int26_6

	mu       sync.Mutex
	buf      sfnt.Buffer
	outlines map[rune][]segment
}

// segment is a piece of a glyph's outline in ems, y growing downwards.
type segment struct {
	op   sfnt.SegmentOp
	args [3][2]float32
}

// The two weights, parsed on first use and then shared by every document.
var (
	regular = sync.OnceValue(func() *face { return loadFace("fonts/EgminaSans-Regular.ttf") })
	bold    = sync.OnceValue(func() *face { return loadFace("fonts/EgminaSans-Bold.ttf") })
)

// weight returns the regular or the bold face.
func weight(b bool) *face {
	if b {
		return bold()
	}
	return regular()
}

// loadFace parses an embedded font. The fonts are part of the binary, so a
// failure is a broken build and panics.
func loadFace(name string) *face {
	raw, err := assets.Fonts.ReadFile(name)
	if err != nil {
		panic(err)
	}
	f, err := sfnt.Parse(raw)
	if err != nil {
		panic(fmt.Errorf("%s: %w", name, err))
	}
	fc := &face{raw: raw, font: f, outlines: map[rune][]segment{},
		advances: make([]uint16, maxRune+1), glyphs: make([]sfnt.GlyphIndex, maxRune+1)}
	fc.upem = fixed.I(int(f.UnitsPerEm()))
	for r := rune(' '); r <= maxRune; r++ {
		fc.loadAdvance(r)
	}
	fc.extents()
	return fc
}

// loadAdvance notes the advance of a rune in thousandths of an em, rounded as
// the PDF's width table is, so that both renderings agree.
func (f *face) loadAdvance(r rune) {
	g, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil || g == 0 {
		return
	}
	a, err := f.font.GlyphAdvance(&f.buf, g, f.upem, font.HintingNone)
	if err != nil {
		return
	}
	f.glyphs[r] = g
	f.advances[r] = uint16(math.Round(float64(a) * 1000 / float64(f.upem)))
}

// extents measures how far the letters reach above and below the baseline.
func (f *face) extents() {
	for _, r := range "ŚŻĆŁÓĄĘjgpqy(|{Ę" {
		b, _, err := f.font.GlyphBounds(&f.buf, f.glyphs[r], f.upem, font.HintingNone)
		if err != nil {
			continue
		}
		f.ascent = max(f.ascent, -float64(b.Min.Y)/float64(f.upem))
		f.descent = max(f.descent, float64(b.Max.Y)/float64(f.upem))
	}
}

// has reports whether the font can draw the rune.
func (f *face) has(r rune) bool {
	return r >= ' ' && r <= maxRune && f.glyphs[r] != 0
}

// width returns the length of s in millimetres at a size in points.
func (f *face) width(s string, size float64) float64 {
	sum := 0
	for _, r := range s {
		if r <= maxRune {
			sum += int(f.advances[r])
		}
	}
	return float64(sum) / 1000 * size * pt
}

// outline returns the rune's contours, loading them on first use.
func (f *face) outline(r rune) []segment {
	f.mu.Lock()
	defer f.mu.Unlock()
	if o, ok := f.outlines[r]; ok {
		return o
	}
	var o []segment
	if f.has(r) {
		segs, err := f.font.LoadGlyph(&f.buf, f.glyphs[r], f.upem, nil)
		if err == nil {
			o = f.scale(segs)
		}
	}
	f.outlines[r] = o
	return o
}

// scale copies segments out of the parser's buffer into ems.
func (f *face) scale(segs sfnt.Segments) []segment {
	out := make([]segment, len(segs))
	em := float32(f.upem)
	for i, s := range segs {
		out[i].op = s.Op
		for j, p := range s.Args {
			out[i].args[j] = [2]float32{float32(p.X) / em, float32(p.Y) / em}
		}
	}
	return out
}
