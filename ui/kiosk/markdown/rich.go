package markdown

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"egmina/ui/theme"
)

// lineHeight is the distance of base lines in units of the text size, as in kit.
const lineHeight = 1.36

// rich is a paragraph in two weights, which the kit's text has not.
type rich struct {
	widget.BaseWidget
	words []word
	width float32
	lines []line
}

// word is what stays together on a line. A word may follow the one before
// without a space ("**RODO**.").
type word struct {
	run
	space bool // before it
	brk   bool // begins a new line
	w     float32
}

type line []piece

type piece struct {
	run
	x float32
}

func newRich(rs runs) *rich {
	r := &rich{width: -1}
	space, brk := false, false
	for _, part := range rs {
		for i, row := range strings.Split(part.text, "\n") {
			brk = brk || i > 0
			for j, s := range strings.Split(row, " ") {
				space = space || j > 0
				if s == "" {
					continue
				}
				r.words = append(r.words, word{run: run{s, part.bold}, space: space, brk: brk})
				space, brk = false, false
			}
		}
	}
	r.ExtendBaseWidget(r)
	return r
}

func size() float32 { return theme.Size(theme.TextBody) }

func step() float32 { return float32(int(size()*lineHeight + 0.5)) }

func measure(r run) float32 {
	return fyne.MeasureText(r.text, size(), fyne.TextStyle{Bold: r.bold}).Width
}

// broken breaks the words into lines of at most width; words that stand
// together without a space go to the next line together.
func (r *rich) broken(width float32) []line {
	if width == r.width {
		return r.lines
	}
	r.width, r.lines = width, nil
	gap := measure(run{text: " "})
	var now line
	var x float32
	for i := 0; i < len(r.words); {
		end, w := r.together(i)
		lead := float32(0)
		if r.words[i].space && len(now) > 0 {
			lead = gap
		}
		if len(now) > 0 && (r.words[i].brk || x+lead+w > width) {
			r.lines, now, x, lead = append(r.lines, now), nil, 0, 0
		}
		x += lead
		for ; i < end; i++ {
			now = append(now, piece{r.words[i].run, x})
			x += r.words[i].w
		}
	}
	r.lines = append(r.lines, now)
	return r.lines
}

// together returns where the unbroken run of words from i ends, and its width.
func (r *rich) together(i int) (end int, w float32) {
	for end = i; end < len(r.words); end++ {
		if end > i && (r.words[end].space || r.words[end].brk) {
			break
		}
		if r.words[end].w == 0 {
			r.words[end].w = measure(r.words[end].run)
		}
		w += r.words[end].w
	}
	return end, w
}

// HeightFor is part of kit.Tall.
func (r *rich) HeightFor(width float32) float32 {
	return float32(len(r.broken(width))) * step()
}

// NaturalWidth is part of kit.Natural.
func (r *rich) NaturalWidth() float32 {
	lines := r.broken(1e6)
	r.width = -1
	var w float32
	for _, l := range lines {
		if n := len(l); n > 0 {
			w = max(w, l[n-1].x+measure(l[n-1].run))
		}
	}
	return w + 1
}

// MinSize is as wide as the longest word.
func (r *rich) MinSize() fyne.Size {
	var w float32
	for i := range r.words {
		_, t := r.together(i)
		w = max(w, t)
	}
	h := step()
	if r.width > 0 {
		h = r.HeightFor(r.width)
	}
	return fyne.NewSize(w, h)
}

// CreateRenderer is part of fyne.Widget.
func (r *rich) CreateRenderer() fyne.WidgetRenderer { return &richRenderer{r: r} }

type richRenderer struct {
	r    *rich
	objs []fyne.CanvasObject
}

func (p *richRenderer) Destroy()                     {}
func (p *richRenderer) MinSize() fyne.Size           { return p.r.MinSize() }
func (p *richRenderer) Objects() []fyne.CanvasObject { return p.objs }
func (p *richRenderer) Refresh() {
	p.r.width = -1
	for i := range p.r.words {
		p.r.words[i].w = 0
	}
	p.Layout(p.r.Size())
	canvas.Refresh(p.r)
}

func (p *richRenderer) Layout(s fyne.Size) {
	p.objs = p.objs[:0]
	step := step()
	for i, l := range p.r.broken(s.Width) {
		for _, pc := range l {
			t := canvas.NewText(pc.text, theme.Color(theme.Ink))
			t.TextSize, t.TextStyle = size(), fyne.TextStyle{Bold: pc.bold}
			h := t.MinSize()
			t.Move(fyne.NewPos(pc.x, float32(i)*step+(step-h.Height)/2))
			t.Resize(h)
			p.objs = append(p.objs, t)
		}
	}
}
