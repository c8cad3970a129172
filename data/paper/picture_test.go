package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"math"
	"testing"
)

// readPGM reads a binary grey map as pdftoppm writes it.
func readPGM(tb testing.TB, b []byte) *image.Gray {
	tb.Helper()
	var w, h, top int
	if _, err := fmt.Sscanf(string(b[:min(len(b), 64)]), "P5\n%d %d\n%d", &w, &h, &top); err != nil || top != 255 {
		tb.Fatalf("not a grey map: %v", err)
	}
	at := len(b) - w*h
	if at < 0 || !bytes.HasPrefix(b, []byte("P5")) {
		tb.Fatal("grey map cut short")
	}
	return &image.Gray{Pix: b[at:], Stride: w, Rect: image.Rect(0, 0, w, h)}
}

// rasterise draws a page of a PDF file with poppler.
func rasterise(tb testing.TB, file string, page int, dpi int) *image.Gray {
	tb.Helper()
	n := fmt.Sprint(page + 1)
	return readPGM(tb, run(tb, "pdftoppm", "-gray", "-r", fmt.Sprint(dpi), "-f", n, "-l", n, file))
}

func encodePNG(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func grey(m image.Image) *image.Gray {
	g := image.NewGray(m.Bounds())
	draw.Draw(g, g.Rect, m, image.Point{}, draw.Src)
	return g
}

// shade is the mean darkness of an area, 0 to 1.
func shade(m *image.Gray, r image.Rectangle) float64 {
	r = r.Intersect(m.Rect)
	if r.Empty() {
		return 0
	}
	sum := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			sum += 255 - int(m.GrayAt(x, y).Y)
		}
	}
	return float64(sum) / 255 / float64(r.Dx()*r.Dy())
}

// difference compares two pictures cell by cell: the mean and the largest
// difference in darkness over squares of n pixels.
func difference(a, b *image.Gray, n int) (mean, most float64) {
	cells := 0
	for y := 0; y < a.Rect.Dy(); y += n {
		for x := 0; x < a.Rect.Dx(); x += n {
			r := image.Rect(x, y, x+n, y+n)
			d := math.Abs(shade(a, r) - shade(b, r))
			mean, most, cells = mean+d, max(most, d), cells+1
		}
	}
	return mean / float64(cells), most
}

// inked returns the smallest area with ink inside r.
func inked(m *image.Gray, r image.Rectangle) image.Rectangle {
	var out image.Rectangle
	r = r.Intersect(m.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if m.GrayAt(x, y).Y < 128 {
				out = out.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return out
}

// The preview and the PDF show the same page: over the whole of it, and ink of
// every text within a pixel.
func TestPictureAgreesWithPDF(t *testing.T) {
	const dpi = 150
	seen := map[string]bool{}
	for _, n := range testSet(t) {
		file := write(t, n.doc)
		for i, p := range n.doc.Pages[:min(2, len(n.doc.Pages))] {
			theirs, ours := rasterise(t, file, i, dpi), grey(Picture(p, dpi))
			if d := theirs.Rect.Size().Sub(ours.Rect.Size()); d.X > 1 || d.X < -1 || d.Y > 1 || d.Y < -1 {
				t.Fatalf("%s: %v and %v", n.name, theirs.Rect, ours.Rect)
			}
			mean, most := difference(theirs, ours, 12)
			if mean > 0.01 || most > 0.25 {
				t.Errorf("%s page %d: differ by %.4f, at most %.3f", n.name, i+1, mean, most)
			}
			seen[n.name] = true
			agreeOnInk(t, n.name, p, theirs, ours, dpi)
		}
	}
	if len(seen) < 15 {
		t.Errorf("only %d documents compared", len(seen))
	}
}

// agreeOnInk compares the ink of each larger text of a page.
func agreeOnInk(t *testing.T, name string, p Page, theirs, ours *image.Gray, dpi float64) {
	t.Helper()
	for _, it := range p.Items {
		x, ok := it.(Text)
		if !ok || x.Size < 9 || len(x.S) < 2 {
			continue
		}
		r := pixels(x.Bounds(), dpi/25.4)
		a, b := inked(theirs, r), inked(ours, r)
		if d := max(abs(a.Min.X-b.Min.X), abs(a.Min.Y-b.Min.Y), abs(a.Max.X-b.Max.X), abs(a.Max.Y-b.Max.Y)); d > 2 {
			t.Errorf("%s: ink of %q at %v and %v", name, x.S, a, b)
		}
	}
}

func abs(n int) int { return max(n, -n) }

// The comparison must see a text that has moved by half a millimetre.
func TestDifferenceSees(t *testing.T) {
	doc, err := SlipDoc(slipInput(testGmina(t)))
	if err != nil {
		t.Fatal(err)
	}
	a := grey(Picture(doc.Pages[0], 150))
	moved := Page{W: a4Width, H: a4Height}
	for _, it := range doc.Pages[0].Items {
		if x, ok := it.(Text); ok {
			x.X += 1
			it = x
		}
		moved.Items = append(moved.Items, it)
	}
	if mean, most := difference(a, grey(Picture(moved, 150)), 12); mean < 0.01 && most < 0.25 {
		t.Errorf("a page of moved text differs by %.4f, %.3f only", mean, most)
	}
}

func TestPictureIsCapped(t *testing.T) {
	m := Picture(Page{W: 100, H: 200}, 1e9)
	if m.Rect.Dx() > maxPixels || m.Rect.Dy() > maxPixels {
		t.Errorf("picture of %v", m.Rect)
	}
	if m := Picture(Page{}, -5); m == nil {
		t.Error("no picture")
	}
	if m := Picture(Page{W: 10, H: 10}, 25.4); m.RGBAAt(5, 5).A != 255 {
		t.Error("the page is not opaque")
	}
}
