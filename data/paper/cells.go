package paper

import (
	"math"
	"strconv"
	"strings"
)

// cell is one framed field of a form.
type cell interface {
	// height returns what the cell needs at a width.
	height(s *sheet, w float64) float64
	// draw fills the frame, which may be higher than asked for.
	draw(s *sheet, r Rect)
}

// Measures inside a cell.
const (
	padX     = 1.8
	padTop   = 1.0
	padEnd   = 1.3
	boxHigh  = 5.6
	boxPitch = 5.0
	tick     = 3.2 // side of a choice's box
)

// caption is the small text at the head of a cell: "12. Nazwisko".
type caption string

func numbered(n int, text string) caption { return caption(strconv.Itoa(n) + ". " + text) }

// lines wraps the caption; an empty one takes no room.
func (c caption) lines(s *sheet, w float64) []string {
	if c == "" {
		return nil
	}
	return s.lines(string(c), asCaption, w-2*padX)
}

func (c caption) height(s *sheet, w float64) float64 {
	return padTop + captionLead*float64(len(c.lines(s, w)))
}

func (c caption) draw(s *sheet, r Rect) {
	s.stack(r.X+padX, r.Y+padTop, r.W-2*padX, captionLead, asCaption, c.lines(s, r.W))
}

// valueCell shows a value on one line, smaller when it is long, then on
// several. A computed one is tinted and bold.
type valueCell struct {
	caption
	value    string
	computed bool
}

func (c valueCell) style() style {
	if c.computed {
		return asStrong
	}
	return asValue
}

// set returns the style and lines the value takes at a width.
func (c valueCell) set(s *sheet, w float64) (style, []string) {
	f := c.style()
	text := s.clean(c.value, f.bold)
	size, ok := shrink(text, f.bold, f.size, valueFloor, w-2*padX)
	f.size = size
	if ok && !strings.Contains(text, "\n") {
		return f, []string{text}
	}
	f.size = valueFloor + 0.5
	return f, wrap(text, f.bold, f.size, w-2*padX)
}

func (c valueCell) height(s *sheet, w float64) float64 {
	_, lines := c.set(s, w)
	return c.caption.height(s, w) + 0.4 + valueLead*float64(len(lines)) + padEnd
}

func (c valueCell) draw(s *sheet, r Rect) {
	if c.computed {
		s.tint(r)
	}
	s.frame(r)
	c.caption.draw(s, r)
	f, lines := c.set(s, r.W)
	y := r.Y + c.caption.height(s, r.W) + 0.4
	y += min(0.7, r.bottom()-padEnd-valueLead*float64(len(lines))-y) // level with boxes beside it
	s.stack(r.X+padX, y, r.W-2*padX, valueLead, f, lines)
}

// boxesCell shows a value one character a box, in groups.
type boxesCell struct {
	caption
	value  []rune // upper case, without separators
	groups []int
	sep    string // printed between groups, or ""
}

const groupGap = 2.0

func (c boxesCell) count() int {
	n := 0
	for _, g := range c.groups {
		n += g
	}
	return n
}

func (c boxesCell) height(s *sheet, w float64) float64 {
	return c.caption.height(s, w) + 0.6 + boxHigh + padEnd + 0.3
}

func (c boxesCell) draw(s *sheet, r Rect) {
	s.frame(r)
	c.caption.draw(s, r)
	gaps := groupGap * float64(len(c.groups)-1)
	pitch := min(boxPitch, (r.W-2*padX-gaps)/float64(c.count()))
	x, y, at := r.X+padX, r.bottom()-padEnd-0.3-boxHigh, 0
	for i, g := range c.groups {
		if i > 0 {
			s.set(Rect{x, y, groupGap, boxHigh}, y+boxHigh-1.7, asNote, centre, c.sep)
			x += groupGap
		}
		end := min(at+g, len(c.value))
		s.boxes(x, y, pitch, boxHigh, g, c.value[min(at, end):end])
		x, at = x+pitch*float64(g), at+g
	}
}

// boxes draws n boxes in a row with one character centred in each.
func (s *sheet) boxes(x, y, pitch, h float64, n int, value []rune) {
	s.add(Box{Rect: Rect{x, y, pitch * float64(n), h}, Thick: hairline})
	for i := 1; i < n; i++ {
		at := x + pitch*float64(i)
		s.line(at, y, at, y+h, hairline)
	}
	f := asValue
	f.size = math.Min(valueSize, pitch*2.1)
	for i, r := range value {
		in := Rect{x + pitch*float64(i), y, pitch, h}
		s.set(in, y+h/2+f.size*pt*0.36, f, centre, string(r))
	}
}

// option is one answer of a choice.
type option struct {
	label string
	on    bool
}

// choiceCell shows every answer with a box, crossed when chosen.
type choiceCell struct {
	caption
	options []option
}

const optionLead = 4.0

// columns returns in how many columns the labels fit on single lines.
func (c choiceCell) columns(s *sheet, w float64) (n int, pitch float64) {
	widest := 0.0
	f := weight(false)
	for _, o := range c.options {
		widest = max(widest, f.width(s.clean(o.label, false), 9))
	}
	for n = min(len(c.options), 4); n > 1; n-- {
		if pitch = (w - 2*padX) / float64(n); widest+tick+4 <= pitch {
			return n, pitch
		}
	}
	return 1, w - 2*padX
}

var asOption = style{9, false, black}

// rows wraps the labels, row by row, and gives each row's height.
func (c choiceCell) rows(s *sheet, w float64) (labels [][]string, heights []float64) {
	n, pitch := c.columns(s, w)
	for i, o := range c.options {
		l := s.lines(o.label, asOption, pitch-tick-2)
		labels = append(labels, l)
		h := optionLead*float64(len(l)) + 1
		if i%n == 0 {
			heights = append(heights, h)
		} else {
			heights[len(heights)-1] = max(heights[len(heights)-1], h)
		}
	}
	return labels, heights
}

func (c choiceCell) height(s *sheet, w float64) float64 {
	_, heights := c.rows(s, w)
	h := c.caption.height(s, w) + 0.8 + padEnd - 0.6
	for _, r := range heights {
		h += r
	}
	return h
}

func (c choiceCell) draw(s *sheet, r Rect) {
	s.frame(r)
	c.caption.draw(s, r)
	n, pitch := c.columns(s, r.W)
	labels, heights := c.rows(s, r.W)
	y := r.Y + c.caption.height(s, r.W) + 0.8
	for i, o := range c.options {
		x := r.X + padX + pitch*float64(i%n)
		s.tickBox(x, y+0.4, o.on)
		s.stack(x+tick+2, y, pitch-tick-2, optionLead, asOption, labels[i])
		if i%n == n-1 {
			y += heights[i/n]
		}
	}
}

// tickBox draws a choice's box, crossed when on.
func (s *sheet) tickBox(x, y float64, on bool) {
	s.add(Box{Rect: Rect{x, y, tick, tick}, Thick: 0.25})
	if on {
		const in = 0.55
		s.line(x+in, y+in, x+tick-in, y+tick-in, 0.5)
		s.line(x+in, y+tick-in, x+tick-in, y+in, 0.5)
	}
}

// checkCell is a statement with its own box.
type checkCell struct {
	caption // only the number: "7."
	label   string
	on      bool
}

func (c checkCell) indent() float64 { return tick + 2 }

func (c checkCell) height(s *sheet, w float64) float64 {
	n := len(s.lines(c.text(), asOption, w-2*padX-c.indent()))
	return optionLead*float64(n) + 2.4
}

func (c checkCell) text() string {
	if c.caption == "" {
		return c.label
	}
	return string(c.caption) + " " + c.label
}

func (c checkCell) draw(s *sheet, r Rect) {
	s.frame(r)
	s.tickBox(r.X+padX, r.Y+1.6, c.on)
	s.paragraph(r.X+padX+c.indent(), r.Y+1.2, r.W-2*padX-c.indent(), optionLead, asOption, c.text())
}

// noteCell is a sentence of the form, without an answer.
type noteCell string

func (c noteCell) height(s *sheet, w float64) float64 {
	return noteLead*float64(len(s.lines(string(c), asNote, w-2*padX))) + 2
}

func (c noteCell) draw(s *sheet, r Rect) {
	s.frame(r)
	s.paragraph(r.X+padX, r.Y+0.9, r.W-2*padX, noteLead, asNote, string(c))
}

// longCell is text on ruled lines. It alone may go on to the next page.
type longCell struct {
	caption
	value string
	least int // ruled lines at least
}

const ruledLead = 6.0

func (c longCell) height(s *sheet, w float64) float64 {
	return c.caption.height(s, w) + ruledLead*2 + padEnd
}

// draw is never asked to draw into one frame: pour does it.
func (c longCell) draw(s *sheet, r Rect) { s.y = r.Y; c.pour(s) }

// pour writes the text at the cursor, page after page.
func (c longCell) pour(s *sheet) {
	lines := s.lines(c.value, asValue, content-2*padX)
	for len(lines) < c.least {
		lines = append(lines, "")
	}
	for head := c.caption; len(lines) > 0; head = caption(fill(say().Form.Continued, "caption", string(c.caption))) {
		capHeight := head.height(s, content)
		s.need(capHeight + 2*ruledLead + padEnd)
		n := max(1, int((bodyBottom-s.y-capHeight-padEnd)/ruledLead))
		n = min(n, len(lines))
		c.part(s, head, lines[:n], capHeight)
		lines = lines[n:]
		if len(lines) > 0 {
			s.turn()
		}
	}
}

func (c longCell) part(s *sheet, head caption, lines []string, capHeight float64) {
	r := Rect{margin, s.y, content, capHeight + ruledLead*float64(len(lines)) + padEnd}
	s.frame(r)
	head.draw(s, r)
	for i, l := range lines {
		y := s.y + capHeight + ruledLead*float64(i+1)
		s.set(Rect{margin + padX, y - ruledLead, content - 2*padX, ruledLead}, y-1.5, asValue, left, l)
		s.line(margin+padX, y, a4Width-margin-padX, y, 0.1)
	}
	s.y = r.bottom()
}
