package paper

import (
	"strconv"

	"egmina/data"
)

// The grid of every page, in millimetres, and the sizes of type, in points.
const (
	bodyTop    = margin
	bodyBottom = 280.0
	footLine   = 283.5
	hairline   = 0.2
	rule       = 0.5

	captionSize = 6.5
	captionLead = 2.7
	valueSize   = 10.0
	valueFloor  = 8.0
	valueLead   = 4.4
	noteSize    = 7.5
	noteLead    = 3.3
	titleSize   = 15.0
)

// align says where a line stands in its box.
type align int

const (
	left align = iota
	centre
	right
)

// style is how a text is set: size in points, weight, colour.
type style struct {
	size   float64
	bold   bool
	colour Colour
}

// The styles of a page.
var (
	asCaption = style{captionSize, false, soft}
	asValue   = style{valueSize, false, black}
	asStrong  = style{valueSize, true, black}
	asNote    = style{noteSize, false, black}
	asBand    = style{9, true, black}
)

// sheet fills pages from top to bottom.
type sheet struct {
	inkwell
	doc           Doc
	items         []Item
	y             float64
	demonstration bool
}

// newSheet starts a document with its first page.
func newSheet(m data.Municipality, title, subject string, made data.Date, demonstration bool) *sheet {
	s := &sheet{demonstration: demonstration || m.Demonstration}
	s.doc = Doc{Title: title, Subject: subject, Author: m.Office.In(data.Polish), Lang: data.Polish, Made: made}
	s.open()
	return s
}

// open starts a page.
func (s *sheet) open() {
	s.items, s.y = make([]Item, 0, 256), bodyTop
	if s.demonstration {
		s.mark()
	}
}

// mark says on a page that it must not be used.
func (s *sheet) mark() {
	box := Rect{margin, 6, content, 5.2}
	s.set(box, 9.7, style{8, true, black}, centre, say().Demonstration)
	w := weight(true).width(say().Demonstration, 8)
	for _, x := range []float64{margin, margin + (content+w)/2 + 4} {
		s.line(x, 8.6, x+(content-w)/2-4, 8.6, rule)
	}
}

// turn closes the page and starts the next.
func (s *sheet) turn() {
	s.close()
	s.open()
}

func (s *sheet) close() {
	s.doc.Pages = append(s.doc.Pages, Page{W: a4Width, H: a4Height, Items: s.items})
}

// need starts a new page when less than h is left of this one.
func (s *sheet) need(h float64) {
	if s.full(h) {
		s.turn()
	}
}

// full reports whether h does not fit on what is left of the page.
func (s *sheet) full(h float64) bool { return s.y+h > bodyBottom && s.y > bodyTop }

// finish closes the document and writes the foot of every page: foot on the
// left, the page's number on the right.
func (s *sheet) finish(foot string) Doc {
	s.close()
	for i := range s.doc.Pages {
		s.items = s.doc.Pages[i].Items
		s.line(margin, footLine, a4Width-margin, footLine, hairline)
		number := fill(say().Page, "page", strconv.Itoa(i+1), "pages", strconv.Itoa(len(s.doc.Pages)))
		s.set(Rect{a4Width - margin - 30, footLine + 0.5, 30, 5}, footLine+3.6, style{7, false, black}, right, number)
		s.fit(Rect{margin, footLine + 0.5, content - 32, 5}, footLine+3.6, style{7, false, soft}, left, foot)
		s.doc.Pages[i].Items = s.items
	}
	s.doc.Missing = s.list()
	return s.doc
}

func (s *sheet) add(it Item) { s.items = append(s.items, it) }

func (s *sheet) line(x1, y1, x2, y2, thick float64) {
	s.add(Line{X1: x1, Y1: y1, X2: x2, Y2: y2, Thick: thick})
}

func (s *sheet) frame(r Rect) { s.add(Box{Rect: r, Thick: hairline}) }

func (s *sheet) tint(r Rect) { s.add(Box{Rect: r, Fill: &pale}) }

// set places one line in its box with the given baseline. The caller knows
// that it fits.
func (s *sheet) set(in Rect, baseline float64, f style, a align, text string) {
	text = s.inkwell.line(text, f.bold)
	if text == "" {
		return
	}
	x := in.X
	if a != left {
		free := in.W - weight(f.bold).width(text, f.size)
		if a == centre {
			free /= 2
		}
		x += free
	}
	s.add(Text{X: x, Y: baseline, Size: f.size, Bold: f.bold, Colour: f.colour, S: text, In: in})
}

// fit places one line in its box, smaller when needed, and cuts what does not
// fit even at 5 points. Only for marks that are not answers.
func (s *sheet) fit(in Rect, baseline float64, f style, a align, text string) {
	text = s.inkwell.line(text, f.bold)
	size, ok := shrink(text, f.bold, f.size, 5, in.W)
	if f.size = size; !ok {
		text = wrap(text, f.bold, size, in.W-2)[0] + "…"
	}
	s.set(in, baseline, f, a, text)
}

// paragraph sets wrapped text from y down at a fixed place and returns the y
// below it.
func (s *sheet) paragraph(x, y, w, lead float64, f style, text string) float64 {
	lines := s.lines(text, f, w)
	s.stack(x, y, w, lead, f, lines)
	return y + lead*float64(len(lines))
}

// lines cleans and wraps a text.
func (s *sheet) lines(text string, f style, w float64) []string {
	return wrap(s.clean(text, f.bold), f.bold, f.size, w)
}

// few is lines, at most n of them; a cut is shown. Only for names and labels
// that have their proper place elsewhere, never for answers.
func (s *sheet) few(text string, f style, w float64, n int) []string {
	lines := s.lines(text, f, w)
	if len(lines) <= n {
		return lines
	}
	last := []rune(lines[n-1])
	for len(last) > 0 && weight(f.bold).width(string(last)+"…", f.size) > w {
		last = last[:len(last)-1]
	}
	lines[n-1] = string(last) + "…"
	return lines[:n]
}

// stack sets lines one below the other.
func (s *sheet) stack(x, y, w, lead float64, f style, lines []string) {
	for i, l := range lines {
		top := y + lead*float64(i)
		s.set(Rect{x, top, w, lead}, top+lead-descentOf(f), f, left, l)
	}
}

// descentOf is how far above the bottom of its line a baseline stands.
func descentOf(f style) float64 { return weight(f.bold).descent*f.size*pt + 0.1 }

// flow sets wrapped text at the cursor and turns the page where it ends.
func (s *sheet) flow(x, w, lead float64, f style, text string) {
	for _, l := range s.lines(text, f, w) {
		s.need(lead)
		s.stack(x, s.y, w, lead, f, []string{l})
		s.y += lead
	}
}

// band heads a section: a tinted bar with a letter and a title.
func (s *sheet) band(letter, title string, follows float64) {
	const x = margin + 2
	w := content - 4
	indent := 0.0
	if letter != "" {
		indent = max(6, weight(true).width(letter, asBand.size)+2)
	}
	lines := s.lines(title, asBand, w-indent)
	h := 2.2 + 4*float64(len(lines))
	s.need(h + follows)
	s.tint(Rect{margin, s.y, content, h})
	s.frame(Rect{margin, s.y, content, h})
	s.set(Rect{x, s.y, indent, h}, s.y+5.1-descentOf(asBand), asBand, left, letter)
	s.stack(x+indent, s.y+1.1, w-indent, 4, asBand, lines)
	s.y += h
}
