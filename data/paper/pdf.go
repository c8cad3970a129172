package paper

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"github.com/jung-kurt/gofpdf"

	"egmina/data"
)

const family = "egmina"

// producer is fixed: a version in it would change bytes that should not change.
const producer = "e-Gmina"

// pdfWriter draws a Doc and remembers the state it set, to keep files small.
type pdfWriter struct {
	*gofpdf.Fpdf
	height float64 // of the current page
	size   float64
	bold   bool
}

// PDF renders the document: text as text, codes as vectors, fonts embedded,
// the same bytes for the same Doc.
func PDF(d Doc) ([]byte, error) {
	w := &pdfWriter{Fpdf: take(weightsOf(d))}
	w.head(d)
	for _, p := range d.Pages {
		w.page(p)
	}
	var out bytes.Buffer
	if err := w.Output(&out); err != nil {
		return nil, data.Fail("paper.pdf", err)
	}
	return catalog(out.Bytes(), d.Lang)
}

// head sets everything that is not on a page.
func (w *pdfWriter) head(d Doc) {
	made := d.Made.Time()
	if d.Made.IsZero() {
		made = time.Unix(0, 0).UTC() // the library would take the clock
	}
	w.SetCreationDate(made)
	w.SetModificationDate(made)
	var ink inkwell
	w.SetProducer(producer, true)
	w.SetTitle(ink.line(d.Title, false), true)
	w.SetSubject(ink.line(d.Subject, false), true)
	w.SetAuthor(ink.line(d.Author, false), true)
}

// spare holds one empty document with both weights registered. The library
// reads a font's tables anew for every document, which takes longer than
// drawing one; so the next document's fonts are read while nobody waits.
var spare = make(chan *gofpdf.Fpdf, 1)

// take returns an empty document with the given weights.
func take(weights []bool) *gofpdf.Fpdf {
	if len(weights) < 2 {
		return blankPDF(weights)
	}
	var f *gofpdf.Fpdf
	select {
	case f = <-spare:
	default:
		f = blankPDF(weights)
	}
	go func() {
		if len(spare) == 0 {
			select {
			case spare <- blankPDF(weights):
			default:
			}
		}
	}()
	return f
}

func blankPDF(weights []bool) *gofpdf.Fpdf {
	f := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "mm", Size: gofpdf.SizeType{Wd: a4Width, Ht: a4Height}})
	f.SetCatalogSort(true)
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(0, 0, 0)
	for _, isBold := range weights {
		// The library writes into the slice's padding, so each gets its own.
		f.AddUTF8FontFromBytes(family, styleName(isBold), bytes.Clone(weight(isBold).raw))
	}
	return f
}

// weightsOf returns the weights the document uses: each costs the library
// milliseconds.
func weightsOf(d Doc) []bool {
	var used [2]bool
	for _, p := range d.Pages {
		for _, it := range p.Items {
			if t, ok := it.(Text); ok {
				used[b2i(t.Bold)] = true
			}
		}
	}
	var out []bool
	for i, u := range used {
		if u {
			out = append(out, i == 1)
		}
	}
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func styleName(isBold bool) string {
	if isBold {
		return "B"
	}
	return ""
}

func (w *pdfWriter) page(p Page) {
	w.AddPageFormat("P", gofpdf.SizeType{Wd: p.W, Ht: p.H})
	w.height, w.size = p.H, 0
	for _, it := range p.Items {
		switch it := it.(type) {
		case Text:
			w.text(it)
		case Line:
			w.stroke(it.Thick, it.Colour)
			w.Line(it.X1, it.Y1, it.X2, it.Y2)
		case Box:
			w.box(it)
		case Code:
			w.code(it)
		}
	}
}

func (w *pdfWriter) text(t Text) {
	if t.S == "" {
		return
	}
	if w.size != t.Size || w.bold != t.Bold {
		w.SetFont(family, styleName(t.Bold), t.Size)
		w.size, w.bold = t.Size, t.Bold
	}
	w.SetTextColor(int(t.Colour.R), int(t.Colour.G), int(t.Colour.B))
	w.Text(t.X, t.Y, t.S)
}

func (w *pdfWriter) stroke(thick float64, c Colour) {
	if w.GetLineWidth() != thick {
		w.SetLineWidth(thick)
	}
	if r, g, b := w.GetDrawColor(); r != int(c.R) || g != int(c.G) || b != int(c.B) {
		w.SetDrawColor(int(c.R), int(c.G), int(c.B))
	}
}

func (w *pdfWriter) fill(c Colour) { w.SetFillColor(int(c.R), int(c.G), int(c.B)) }

func (w *pdfWriter) box(b Box) {
	how := ""
	if b.Fill != nil {
		w.fill(*b.Fill)
		how = "F"
	}
	if b.Thick > 0 {
		w.stroke(b.Thick, b.Colour)
		how += "D"
	}
	if how != "" {
		w.Rect(b.X, b.Y, b.W, b.H, how)
	}
}

// code paints white ground and one path with all dark rectangles: a single
// fill has no hairlines between neighbours.
func (w *pdfWriter) code(c Code) {
	w.fill(white)
	w.Rect(c.X, c.Y, c.Size, c.Size, "F")
	w.fill(black)
	m := c.module()
	var path []byte
	for _, r := range bars(c.Modules) {
		x, y := c.X+float64(r.x+quiet)*m, c.Y+float64(r.y+r.h+quiet)*m
		for _, v := range []float64{x / pt, (w.height - y) / pt, float64(r.w) * m / pt, float64(r.h) * m / pt} {
			path = append(strconv.AppendFloat(path, v, 'f', 3, 64), ' ')
		}
		path = append(path, "re\n"...)
	}
	w.RawWriteStr(string(append(path, 'f')))
}

// catalog adds to the document's catalog what the library cannot: its
// language, the title in the window's bar, and printing at true size, so that
// the slip's boxes keep their measures. The catalog is the last object, so only
// the address of the table behind it moves.
func catalog(pdf []byte, lang string) ([]byte, error) {
	const mark = "/Type /Catalog\n"
	at := bytes.LastIndex(pdf, []byte(mark))
	end := bytes.LastIndex(pdf, []byte("startxref\n"))
	if at < 0 || end < at {
		return nil, data.Fail("paper.pdf", fmt.Errorf("no catalog in %d bytes", len(pdf)))
	}
	extra := fmt.Sprintf("/Lang (%s)\n/ViewerPreferences <</DisplayDocTitle true /PrintScaling /None>>\n", latin(lang))
	xref, err := strconv.Atoi(string(bytes.Fields(pdf[end:])[1]))
	if err != nil {
		return nil, data.Fail("paper.pdf", err)
	}
	out := make([]byte, 0, len(pdf)+len(extra)+8)
	out = append(out, pdf[:at+len(mark)]...)
	out = append(out, extra...)
	out = append(out, pdf[at+len(mark):end]...)
	return append(out, fmt.Sprintf("startxref\n%d\n%%%%EOF\n", xref+len(extra))...), nil
}

// latin keeps the letters and hyphens of a language tag.
func latin(tag string) string {
	var b []byte
	for i := 0; i < len(tag) && i < 16; i++ {
		if c := tag[i]; c == '-' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			b = append(b, c)
		}
	}
	if len(b) == 0 {
		return data.Polish
	}
	return string(b)
}
