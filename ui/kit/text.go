package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"egmina/ui/theme"
)

// lineHeight is the distance of base lines in units of the text size.
const lineHeight = 1.36

// Text is wrapped text without padding of its own, so that it aligns with the
// edges of what stands around it.
type Text struct {
	widget.BaseWidget
	text   string
	size   fyne.ThemeSizeName
	colour fyne.ThemeColorName
	bold   bool
	align  fyne.TextAlign
	noWrap bool
	whole  bool // a line that must not be cut: amounts

	width float32 // the lines below are broken for this width
	lines []string
}

// NewText makes text of a size and a colour name.
func NewText(s string, size fyne.ThemeSizeName, colour fyne.ThemeColorName, bold bool) *Text {
	t := &Text{text: s, size: size, colour: colour, bold: bold, width: -1}
	t.ExtendBaseWidget(t)
	return t
}

// Display is the largest text, one line per page at most.
func Display(s string) *Text { return NewText(s, theme.TextDisplay, theme.Ink, true) }

// Title is the name of a page.
func Title(s string) *Text { return NewText(s, theme.TextTitle, theme.Ink, true) }

// Heading opens a section.
func Heading(s string) *Text { return NewText(s, theme.TextHeading, theme.Ink, true) }

// Lead is an opening sentence.
func Lead(s string) *Text { return NewText(s, theme.TextLead, theme.Ink, false) }

// Body is running text.
func Body(s string) *Text { return NewText(s, theme.TextBody, theme.Ink, false) }

// Strong is running text in bold.
func Strong(s string) *Text { return NewText(s, theme.TextBody, theme.Ink, true) }

// Muted is second text: help, dates, sources.
func Muted(s string) *Text { return NewText(s, theme.TextBody, theme.Muted, false) }

// Small is the smallest text (20).
func Small(s string) *Text { return NewText(s, theme.TextSmall, theme.Muted, false) }

// Warning is running text that needs attention.
func Warning(s string) *Text { return NewText(s, theme.TextBody, theme.AttentionInk, true) }

// Amount is a sum of money: bold, one line, at the right edge.
func Amount(s string) *Text {
	t := NewText(s, theme.TextHeading, theme.Ink, true)
	t.align, t.noWrap, t.whole = fyne.TextAlignTrailing, true, true
	return t
}

// Align sets the alignment of the lines and returns t.
func (t *Text) Align(a fyne.TextAlign) *Text { t.align = a; return t }

// Centred centres the lines and returns t.
func (t *Text) Centred() *Text { return t.Align(fyne.TextAlignCenter) }

// Colour sets the colour name and returns t.
func (t *Text) Colour(c fyne.ThemeColorName) *Text { t.colour = c; return t }

// Sized sets the size name and returns t.
func (t *Text) Sized(s fyne.ThemeSizeName) *Text { t.size = s; return t }

// OneLine stops t from wrapping and returns t; a longer line is cut with "…".
func (t *Text) OneLine() *Text { t.noWrap = true; return t }

// Text returns the sentence shown.
func (t *Text) Text() string { return t.text }

// SetText shows another sentence. The page around is laid out anew only when
// its owner refreshes it.
func (t *Text) SetText(s string) {
	if s == t.text {
		return
	}
	t.text, t.width = s, -1
	t.Refresh()
}

func (t *Text) style() fyne.TextStyle { return fyne.TextStyle{Bold: t.bold} }

func (t *Text) measure(s string) float32 {
	return textWidth(s, theme.Size(t.size), t.bold)
}

// NaturalWidth is the width of the longest line as written.
func (t *Text) NaturalWidth() float32 {
	var w float32
	for s := range strings.SplitSeq(t.text, "\n") {
		w = max(w, t.measure(s))
	}
	return w + 1
}

// HeightFor is the height of the lines at a width.
func (t *Text) HeightFor(width float32) float32 {
	return float32(len(t.broken(width))) * t.step()
}

func (t *Text) step() float32 { return float32(int(theme.Size(t.size)*lineHeight + 0.5)) }

// MinSize is as wide as the longest word and as high as the lines are now.
func (t *Text) MinSize() fyne.Size {
	w := t.Size().Width
	if w <= 0 {
		w = t.NaturalWidth()
	}
	return fyne.NewSize(t.minWidth(), t.HeightFor(w))
}

func (t *Text) minWidth() float32 {
	if t.whole {
		return t.NaturalWidth()
	}
	if t.noWrap {
		return min(t.NaturalWidth(), theme.Size(t.size)*2)
	}
	var w float32
	for _, word := range strings.Fields(t.text) {
		w = max(w, t.measure(word))
	}
	return w + 1
}

func (t *Text) broken(width float32) []string {
	if width == t.width && t.lines != nil {
		return t.lines
	}
	t.width, t.lines = width, nil
	for s := range strings.SplitSeq(t.text, "\n") {
		if t.noWrap {
			t.lines = append(t.lines, t.cut(s, width))
		} else {
			t.lines = append(t.lines, t.balanced(s, width)...)
		}
	}
	return t.lines
}

func (t *Text) cut(s string, width float32) string {
	if t.whole || t.measure(s) <= width {
		return s
	}
	r := []rune(s)
	for len(r) > 1 && t.measure(string(r)+"…") > width {
		r = r[:len(r)-1]
	}
	return strings.TrimRight(string(r), " ") + "…"
}

// balanced wraps; centred lines are made about equally long, so that no single
// word is left on the last one.
func (t *Text) balanced(s string, width float32) []string {
	lines := t.wrap(s, width)
	if t.align != fyne.TextAlignCenter || len(lines) < 2 || width > 4000 {
		return lines
	}
	low, high := width/2, width
	for range 6 {
		mid := (low + high) / 2
		if l := t.wrap(s, mid); len(l) > len(lines) {
			low = mid
		} else {
			high, lines = mid, l
		}
	}
	return lines
}

func (t *Text) wrap(s string, width float32) []string {
	var lines []string
	space := t.measure("n n") - t.measure("nn")
	current, used := "", float32(0)
	for _, word := range glued(s) {
		w := t.measure(word)
		// The sum of words is an upper bound; only near the edge is the line measured.
		if current != "" && used+space+w > width && t.measure(current+" "+word) > width {
			lines = append(lines, current)
			current, used = "", 0
		}
		if current != "" {
			current += " "
			used += space
		}
		for current == "" && w > width && len([]rune(word)) > 1 { // a word longer than the line is broken
			head := t.fitting(word, width)
			lines = append(lines, head)
			word = strings.TrimPrefix(word, head)
			w = t.measure(word)
		}
		current += word
		used += w
	}
	return append(lines, current)
}

func (t *Text) fitting(word string, width float32) string {
	r := []rune(word)
	n := 1
	for n < len(r) && t.measure(string(r[:n+1])) <= width {
		n++
	}
	return string(r[:n])
}

// glued splits s at spaces but keeps one-letter words ("w", "z", "i") with the
// word after them: Polish typography leaves no such word at the end of a line.
func glued(s string) []string {
	var out []string
	held := ""
	for _, w := range strings.Split(s, " ") {
		if w == "" {
			continue
		}
		w = held + w
		held = ""
		if r := []rune(w); len(r) == 1 && strings.ContainsRune("aiouwzAIOUWZ", r[0]) {
			held = w + " "
			continue
		}
		out = append(out, w)
	}
	if held != "" {
		out = append(out, strings.TrimRight(held, " "))
	}
	return out
}

// CreateRenderer is part of fyne.Widget.
func (t *Text) CreateRenderer() fyne.WidgetRenderer { return &textRenderer{t: t} }

type textRenderer struct {
	t     *Text
	lines []fyne.CanvasObject
}

func (r *textRenderer) Destroy()                     {}
func (r *textRenderer) MinSize() fyne.Size           { return r.t.MinSize() }
func (r *textRenderer) Objects() []fyne.CanvasObject { return r.lines }

func (r *textRenderer) Layout(size fyne.Size) {
	r.fill(size)
}

func (r *textRenderer) Refresh() {
	r.t.width = -1
	r.fill(r.t.Size())
	canvas.Refresh(r.t)
}

func (r *textRenderer) fill(size fyne.Size) {
	lines := r.t.broken(size.Width)
	for len(r.lines) < len(lines) {
		r.lines = append(r.lines, canvas.NewText("", nil))
	}
	r.lines = r.lines[:len(lines)]
	step := r.t.step()
	for i, s := range lines {
		c := r.lines[i].(*canvas.Text)
		was, alignment := fyne.Size{}, c.Alignment
		if c.Text == s && c.TextSize == theme.Size(r.t.size) && c.Color == theme.Color(r.t.colour) {
			was = c.Size()
		}
		c.Text, c.TextSize, c.TextStyle = s, theme.Size(r.t.size), r.t.style()
		c.Color, c.Alignment = theme.Color(r.t.colour), r.t.align
		h := c.MinSize().Height
		// The family's capitals sit a little high in their box.
		place(c, 0, float32(i)*step+(step-h)/2+c.TextSize*0.05, size.Width, h)
		if c.Size() != was || alignment != c.Alignment { // a refresh paints the whole window
			c.Refresh()
		}
	}
}
