package kit

import "fyne.io/fyne/v2"

// Hooks is what a window's owner hears from the widgets on it. The shell sets
// them; every function may be nil.
type Hooks struct {
	Activity func()                  // a key or a touch reached a widget
	Key      func(*fyne.KeyEvent)    // a key the focused widget had no use for
	Focused  func(fyne.CanvasObject) // a widget got the focus
	Editing  func(*Entry)            // an entry wants to be typed into
	Changed  func()                  // something changed its height: lay out anew
}

var attached = map[fyne.Canvas]Hooks{} // touched on the UI goroutine only

// Attach sets the hooks of a window; empty hooks remove them.
func Attach(c fyne.Canvas, h Hooks) {
	if h.Activity == nil && h.Key == nil && h.Focused == nil && h.Editing == nil && h.Changed == nil {
		delete(attached, c)
		return
	}
	attached[c] = h
}

func hooksOf(o fyne.CanvasObject) Hooks {
	if c := canvasOf(o); c != nil {
		return attached[c]
	}
	return Hooks{}
}

// focusing is the canvas that Focus is working on.
var focusing fyne.Canvas

// canvasOf finds the canvas of o. The desktop driver knows an object only after
// its next frame; until then it is the canvas whose focus is being set, or the
// only one there is.
func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	if fyne.CurrentApp() == nil {
		return nil
	}
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if _, ours := attached[c]; ours || len(attached) == 0 {
		return c
	}
	if focusing != nil {
		return focusing
	}
	if c == nil && len(attached) == 1 {
		for only := range attached {
			return only
		}
	}
	return c
}

// pointer tells whether the last act was a touch. A ring around what is focused
// helps who types and distracts who touches, so it shows only after keys.
var (
	pointer = true
	quiet   bool
	// A space bar that has pressed a button also arrives as a letter, perhaps in
	// the entry of the page the button opened; that one space is not typed.
	spaceSpent bool
)

func touched(o fyne.CanvasObject) {
	pointer = true
	if h := hooksOf(o); h.Activity != nil {
		h.Activity()
	}
}

func typed(o fyne.CanvasObject) {
	pointer = false
	if h := hooksOf(o); h.Activity != nil {
		h.Activity()
	}
}

func passKey(o fyne.CanvasObject, e *fyne.KeyEvent) {
	if h := hooksOf(o); h.Key != nil {
		h.Key(e)
	}
}

// Focus gives the focus to f without showing the ring when the resident works
// by touch. Use it instead of Canvas.Focus.
func Focus(c fyne.Canvas, f fyne.Focusable) {
	quiet, focusing = pointer, c
	defer func() { quiet, focusing = false, nil }()
	c.Focus(f)
}

// UsedKeys tells kit that a key was pressed outside its widgets (the window's
// own key handler), so that focus rings show.
func UsedKeys() { pointer = false }

// changed asks the window's owner to lay the page out anew.
func changed(o fyne.CanvasObject) {
	if h := hooksOf(o); h.Changed != nil {
		h.Changed()
	}
}
