package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"egmina/ui/theme"
)

// Level says how much a notice asks for.
type Level int

// Levels of notices.
const (
	Info Level = iota
	Attention
)

// NoticeBar is a sentence across the page: information on the soft accent,
// what needs attention on amber.
func NoticeBar(level Level, text string) fyne.CanvasObject {
	fill, ink, icon := theme.AccentSoft, theme.OnAccentSoft, "info"
	if level == Attention {
		fill, ink, icon = theme.Attention, theme.OnAttention, "warning"
	}
	back := panel(fill, theme.None)
	back.CornerRadius = 0
	return Layers(back, Inset(
		Line(theme.Size(theme.GapSmall), Icon(icon, theme.IconSmall, ink), Grow(NewText(text, theme.TextSmall, ink, level == Attention))),
		theme.Size(theme.Margin), theme.Size(theme.GapSmall), theme.Size(theme.Margin), theme.Size(theme.GapSmall)))
}

// Note is a notice within a page, with round corners.
func Note(level Level, text string) fyne.CanvasObject {
	fill, ink, icon := theme.AccentSoft, theme.OnAccentSoft, "info"
	if level == Attention {
		fill, ink, icon = theme.Attention, theme.OnAttention, "warning"
	}
	return Layers(panel(fill, theme.None), Pad(
		Line(theme.Size(theme.GapSmall), Icon(icon, theme.IconSmall, ink), Grow(NewText(text, theme.TextBody, ink, false))),
		theme.Size(theme.Gap)))
}

// Steps shows how far one is: "Krok 3 z 7", the step's name and a bar in as many
// pieces as there are steps. at counts from 1.
func Steps(w Words, at, of int, name string) fyne.CanvasObject {
	var pieces []fyne.CanvasObject
	for i := range of {
		r := canvas.NewRectangle(theme.Color(theme.Line))
		if i < at {
			r.FillColor = theme.Color(theme.Accent)
		}
		r.CornerRadius = 4
		r.SetMinSize(fyne.NewSize(8, 8))
		pieces = append(pieces, r)
	}
	words := []fyne.CanvasObject{NewText(w.T("kit.step", "At", at, "Of", of), theme.TextBody, theme.Accent, true)}
	if name != "" {
		words = append(words, Grow(Muted(name)))
	}
	return Column(theme.Size(theme.GapTiny), Line(theme.Size(theme.Gap), words...), Grid(max(1, of), 6, pieces...))
}

// Progress is a bar for a known part of a whole, from 0 to 1.
func Progress(part float32) fyne.CanvasObject {
	back, fill := panel(theme.Line, theme.None), panel(theme.Accent, theme.None)
	back.CornerRadius, fill.CornerRadius = 5, 5
	return &fyne.Container{Layout: barLayout{min(1, max(0, part))}, Objects: []fyne.CanvasObject{back, fill}}
}

type barLayout struct{ part float32 }

func (barLayout) heightFor([]fyne.CanvasObject, float32) float32 { return 10 }
func (barLayout) naturalWidth([]fyne.CanvasObject) float32       { return 200 }
func (barLayout) MinSize([]fyne.CanvasObject) fyne.Size          { return fyne.NewSize(60, 10) }
func (b barLayout) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	place(objs[0], 0, 0, size.Width, 10)
	place(objs[1], 0, 0, size.Width*b.part, 10)
}

// Empty says that there is nothing and what to do.
func Empty(icon, sentence, whatToDo string, actions ...fyne.CanvasObject) fyne.CanvasObject {
	parts := []fyne.CanvasObject{
		Centre(Icon(icon, theme.IconLarge, theme.Muted)),
		Heading(sentence).Centred(),
	}
	if whatToDo != "" {
		parts = append(parts, Muted(whatToDo).Centred())
	}
	for _, a := range actions {
		parts = append(parts, Centre(a))
	}
	return Centre(Narrow(760, true, Stack(parts...)))
}

// Loading says that something goes on. It does not move: an idle screen that
// paints costs a whole core without a graphics card.
func Loading(sentence string) fyne.CanvasObject {
	var dots []fyne.CanvasObject
	for range 3 {
		c := canvas.NewCircle(theme.Color(theme.Accent))
		dots = append(dots, Fixed(12, 12, c))
	}
	return Line(theme.Size(theme.Gap), Line(8, dots...), Body(sentence))
}

// Cell is a cell of a Table.
type Cell struct {
	Text  string
	Right bool // amounts and numbers
	Bold  bool
	Muted bool
}

// Table shows rows under a head. Widths are shares of the width; nil makes them
// equal.
func Table(head []Cell, rows [][]Cell, shares []float32) fyne.CanvasObject {
	col := Column(0)
	if len(head) > 0 {
		top := panel(theme.Sunken, theme.None)
		top.CornerRadius = 6
		col.Add(Layers(top, tableRow(head, shares, true)))
	}
	for i, r := range rows {
		if i > 0 {
			col.Add(Rule())
		}
		col.Add(tableRow(r, shares, false))
	}
	return col
}

func tableRow(cells []Cell, shares []float32, head bool) fyne.CanvasObject {
	objs := make([]fyne.CanvasObject, len(cells))
	for i, c := range cells {
		ink := theme.Ink
		size := theme.TextBody
		if c.Muted || head {
			ink = theme.Muted
		}
		if head {
			size = theme.TextSmall
		}
		t := NewText(c.Text, size, ink, c.Bold || head)
		if c.Right {
			t.Align(fyne.TextAlignTrailing)
		}
		objs[i] = t
	}
	return Inset(&fyne.Container{Layout: &shareLayout{shares: shares, gap: theme.Size(theme.Gap)}, Objects: objs},
		theme.Size(theme.GapSmall), theme.Size(theme.GapSmall), theme.Size(theme.GapSmall), theme.Size(theme.GapSmall))
}

type shareLayout struct {
	shares []float32
	gap    float32
}

func (l *shareLayout) widths(n int, width float32) []float32 {
	out := make([]float32, n)
	var sum float32
	for i := range n {
		out[i] = 1
		if i < len(l.shares) {
			out[i] = l.shares[i]
		}
		sum += out[i]
	}
	room := width - l.gap*float32(max(0, n-1))
	for i := range out {
		out[i] *= room / sum
	}
	return out
}

func (l *shareLayout) heightFor(objs []fyne.CanvasObject, width float32) float32 {
	var h float32
	for i, w := range l.widths(len(objs), width) {
		h = max(h, HeightFor(objs[i], w))
	}
	return h
}
func (l *shareLayout) naturalWidth(objs []fyne.CanvasObject) float32 {
	return widest(objs, NaturalWidth)*float32(len(objs)) + l.gap*float32(max(0, len(objs)-1))
}
func (l *shareLayout) MinSize(objs []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(widest(objs, minWidth)*float32(len(objs)), 20)
}
func (l *shareLayout) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	var x float32
	for i, w := range l.widths(len(objs), size.Width) {
		place(objs[i], x, 0, w, HeightFor(objs[i], w))
		x += w + l.gap
	}
}
