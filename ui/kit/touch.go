package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// touchSlack is how far a finger may slip during a touch that is no drag.
const touchSlack = 14

// touch decides whether a press and release were a touch. The toolkit decides
// too, but not always: it forgets the press when a wait for a double tap on an
// entry runs out in between (fyne 2.8.1, waitForDoubleTapEnded), and it takes the
// slightest slip of a finger for a drag. What it forgets is done here.
type touch struct {
	state touchState
	at    fyne.Position
}

type touchState int

const (
	touchNone touchState = iota
	touchDown
	touchDone // acted without the toolkit's word, which may still come
)

// press notes where a finger came down.
func (t *touch) press(e *desktop.MouseEvent) {
	t.state, t.at = touchNone, fyne.Position{}
	if e != nil {
		t.state, t.at = touchDown, e.AbsolutePosition
	}
}

// release has act called unless the toolkit calls tapped first or the finger has
// dragged.
func (t *touch) release(e *desktop.MouseEvent, act func()) {
	if t.state != touchDown || e == nil {
		return
	}
	way := e.AbsolutePosition.Subtract(t.at)
	if way.X*way.X+way.Y*way.Y > touchSlack*touchSlack {
		t.state = touchNone
		return
	}
	fyne.Do(func() {
		if t.state == touchDown {
			t.state = touchDone
			act()
		}
	})
}

// tapped takes the toolkit's word and reports whether something is left to do.
func (t *touch) tapped() bool {
	done := t.state == touchDone
	t.state = touchNone
	return !done
}
