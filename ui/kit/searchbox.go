package kit

import (
	"fyne.io/fyne/v2"

	"egmina/ui/theme"
)

// SearchBox looks like a field and opens the page where one searches: with ""
// when it is touched, with the letter when one is typed while it has the focus.
type SearchBox struct {
	control
	hint string
	open func(typed string)
}

// NewSearchBox makes a SearchBox.
func NewSearchBox(label, hint string, open func(typed string)) *SearchBox {
	b := &SearchBox{hint: hint, open: open}
	b.kind, b.label = KindField, label
	b.minH = theme.Size(theme.BigTarget)
	b.pad = [2]float32{theme.Size(theme.Gap) * 1.2, 8}
	b.do = func() { open("") }
	b.build, b.face = b.content, b.look
	b.init(b)
	return b
}

// TypedRune opens the search with the letter.
func (b *SearchBox) TypedRune(r rune) {
	b.control.TypedRune(r)
	if r, ok := LayoutLetters.accepts(r); ok && r != ' ' {
		b.open(string(r))
	}
}

func (b *SearchBox) content() fyne.CanvasObject {
	return Line(theme.Size(theme.Gap), Icon("search", theme.Icon, theme.Accent),
		Grow(NewText(b.hint, theme.TextLead, theme.Muted, false).OneLine()))
}

func (b *SearchBox) look() look {
	l := look{fill: theme.Surface, stroke: theme.Accent, width: theme.Size(theme.Stroke) + 0.5, radius: theme.Size(theme.Radius) + 4}
	if b.pressed {
		l.fill = theme.AccentSoft
	}
	return l
}
