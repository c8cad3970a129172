package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Kind says what a thing to touch is.
type Kind string

// Kinds of things to touch.
const (
	KindButton Kind = "button"
	KindTile   Kind = "tile"
	KindRow    Kind = "row"
	KindChoice Kind = "choice"
	KindCheck  Kind = "check"
	KindSwitch Kind = "switch"
	KindField  Kind = "field"
	KindKey    Kind = "key"
)

// Target describes a thing to touch. It never holds what was typed.
type Target struct {
	Label             string
	Kind              Kind
	Focused, Disabled bool
}

// Targeted is a thing that describes itself; all interactive widgets here do.
type Targeted interface {
	Target() Target
}

// TargetInfo is a Target with its place on the screen, in Fyne units from the
// top left corner of the root.
type TargetInfo struct {
	Target
	Pos    fyne.Position
	Size   fyne.Size
	Object fyne.CanvasObject
}

// Centre is the point to touch.
func (t TargetInfo) Centre() fyne.Position {
	return fyne.NewPos(t.Pos.X+t.Size.Width/2, t.Pos.Y+t.Size.Height/2)
}

// Parent is a widget whose children Walk should see.
type Parent interface {
	Children() []fyne.CanvasObject
}

// Targets lists the visible things to touch below root in reading order of the
// tree, which is also the order of Tab. What is scrolled out of sight is left out.
func Targets(root fyne.CanvasObject) []TargetInfo {
	var out []TargetInfo
	walk(root, fyne.Position{}, everything, func(o fyne.CanvasObject, at fyne.Position, seen rect) bool {
		t, ok := o.(Targeted)
		if !ok {
			return true
		}
		mid := fyne.NewPos(at.X+o.Size().Width/2, at.Y+o.Size().Height/2)
		if seen.holds(mid) {
			out = append(out, TargetInfo{Target: t.Target(), Pos: at, Size: o.Size(), Object: o})
		}
		return true
	})
	return out
}

type rect struct{ min, max fyne.Position }

var everything = rect{fyne.NewPos(-1e6, -1e6), fyne.NewPos(1e6, 1e6)}

func (r rect) holds(p fyne.Position) bool {
	return p.X >= r.min.X && p.X <= r.max.X && p.Y >= r.min.Y && p.Y <= r.max.Y
}

func (r rect) within(pos fyne.Position, size fyne.Size) rect {
	return rect{
		fyne.NewPos(max(r.min.X, pos.X), max(r.min.Y, pos.Y)),
		fyne.NewPos(min(r.max.X, pos.X+size.Width), min(r.max.Y, pos.Y+size.Height)),
	}
}

// walk visits the visible tree depth first; visit returns false to stay out of a
// thing's children.
func walk(o fyne.CanvasObject, base fyne.Position, seen rect, visit func(fyne.CanvasObject, fyne.Position, rect) bool) {
	if o == nil || !o.Visible() {
		return
	}
	at := base.Add(o.Position())
	if !visit(o, at, seen) {
		return
	}
	switch o.(type) {
	case *container.Scroll, *Scroll:
		seen = seen.within(at, o.Size())
	}
	for _, c := range children(o) {
		walk(c, at, seen, visit)
	}
}

// Walk visits every visible object below root with its place.
func Walk(root fyne.CanvasObject, visit func(o fyne.CanvasObject, at fyne.Position)) {
	walk(root, fyne.Position{}, everything, func(o fyne.CanvasObject, at fyne.Position, _ rect) bool {
		visit(o, at)
		return true
	})
}
