package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"egmina/ui/theme"
)

// Scroll shows a page higher than its place. It follows a finger's drag (the
// toolkit's own scroller does not on desktops), the wheel and Page Up/Down, and
// always shows where in the page one is.
type Scroll struct {
	container.Scroll
	lay *scrolled
}

// NewScroll makes a vertical scroller around content.
func NewScroll(content fyne.CanvasObject) *Scroll {
	s := &Scroll{lay: &scrolled{}}
	s.Direction = container.ScrollVerticalOnly
	s.Content = &fyne.Container{Layout: s.lay, Objects: []fyne.CanvasObject{content}}
	s.ExtendBaseWidget(s)
	return s
}

// NewPageScroll makes a scroller whose content keeps margins of its own, in which
// the bar finds its place.
func NewPageScroll(content fyne.CanvasObject) *Scroll {
	s := NewScroll(content)
	s.lay.margins = true
	return s
}

// Dragged follows the finger.
func (s *Scroll) Dragged(e *fyne.DragEvent) {
	touched(s)
	s.By(-e.Dragged.DY)
}

// DragEnd is part of fyne.Draggable.
func (s *Scroll) DragEnd() {}

// By scrolls by dy units, down when positive.
func (s *Scroll) By(dy float32) {
	s.ScrollToOffset(fyne.NewPos(0, s.Offset.Y+dy))
}

// Page scrolls by most of a screen, down or up.
func (s *Scroll) Page(down bool) {
	d := s.Size().Height * 0.85
	if !down {
		d = -d
	}
	s.By(d)
}

// Long tells whether there is more than fits.
func (s *Scroll) Long() bool { return s.Content.Size().Height > s.Size().Height+1 }

// AtEnd tells whether nothing more is below.
func (s *Scroll) AtEnd() bool {
	return s.Offset.Y >= s.Content.Size().Height-s.Size().Height-1
}

// Resize lays the content out for the width.
func (s *Scroll) Resize(size fyne.Size) {
	s.lay.view = size
	s.Scroll.Resize(size)
}

// Refresh lays the content out anew.
func (s *Scroll) Refresh() {
	s.Content.Refresh()
	s.Scroll.Refresh()
}

// HeightFor lets a scroller shrink to nothing and grow to its content.
func (s *Scroll) HeightFor(width float32) float32 {
	return HeightFor(s.lay.child(s.Content), width)
}

// NaturalWidth is part of Natural.
func (s *Scroll) NaturalWidth() float32 { return NaturalWidth(s.lay.child(s.Content)) }

// reveal scrolls so that the span from top to bottom of the content is seen.
func (s *Scroll) reveal(top, bottom float32) {
	const air = 24
	h := s.Size().Height
	switch {
	case top-air < s.Offset.Y:
		s.ScrollToOffset(fyne.NewPos(0, max(0, top-air)))
	case bottom+air > s.Offset.Y+h:
		s.ScrollToOffset(fyne.NewPos(0, min(top-air, bottom+air-h)))
	}
}

// scrolled gives the content the width of the view, less the bar's gutter when
// the content is longer than the view.
type scrolled struct {
	view    fyne.Size
	margins bool
}

func (l *scrolled) child(c fyne.CanvasObject) fyne.CanvasObject {
	return c.(*fyne.Container).Objects[0]
}

func (l *scrolled) gutter(objs []fyne.CanvasObject) (w, h float32) {
	w = l.view.Width
	if h = HeightFor(objs[0], w); h > l.view.Height && !l.margins {
		w -= theme.Current().Size("scrollBar") + theme.Size(theme.GapSmall)
		h = HeightFor(objs[0], w)
	}
	return w, h
}

func (l *scrolled) MinSize(objs []fyne.CanvasObject) fyne.Size {
	_, h := l.gutter(objs)
	return fyne.NewSize(0, h)
}

func (l *scrolled) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	w, h := l.gutter(objs)
	place(objs[0], 0, 0, w, max(h, size.Height))
}

// Reveal scrolls every scroller between root and o so that o is seen.
func Reveal(root, o fyne.CanvasObject) {
	type frame struct {
		s  *Scroll
		at fyne.Position
	}
	var stack []frame
	done := false
	var visit func(c fyne.CanvasObject, base fyne.Position)
	visit = func(c fyne.CanvasObject, base fyne.Position) {
		if done || c == nil || !c.Visible() {
			return
		}
		at := base.Add(c.Position())
		if c == o {
			for _, f := range stack {
				top := at.Y - f.at.Y - f.s.Content.Position().Y
				f.s.reveal(top, top+o.Size().Height)
			}
			done = true
			return
		}
		if s, ok := c.(*Scroll); ok {
			stack = append(stack, frame{s, at})
			visit(s.Content, at)
			stack = stack[:len(stack)-1]
			return
		}
		for _, k := range children(c) {
			visit(k, at)
		}
	}
	visit(root, fyne.Position{})
}

func children(o fyne.CanvasObject) []fyne.CanvasObject {
	switch v := o.(type) {
	case *fyne.Container:
		return v.Objects
	case *container.Scroll:
		return []fyne.CanvasObject{v.Content}
	case *Scroll:
		return []fyne.CanvasObject{v.Content}
	case Parent:
		return v.Children()
	}
	return nil
}
