package kit

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Entry is where text is typed: by hardware keys, by a scanner, or by the
// on-screen keyboard, which it tells when it gets the focus.
type Entry struct {
	widget.Entry
	spec  *FieldSpec
	owner fyne.CanvasObject
	busy  bool // the text is being reformatted
	on    bool
}

var _ fyne.Focusable = (*Entry)(nil)

func newEntry(s *FieldSpec) *Entry {
	e := &Entry{spec: s}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.Scroll = container.ScrollNone
	e.MultiLine = s.Rows > 1
	if e.MultiLine {
		e.Wrapping, e.Scroll = fyne.TextWrapWord, container.ScrollBoth
		e.SetMinRowsVisible(s.Rows)
	}
	e.Password = s.Masked
	if s.Masked {
		e.ActionItem = Space(1) // keeps the toolkit's own small eye away
	}
	e.PlaceHolder = s.Placeholder
	e.Text = s.Value
	e.ExtendBaseWidget(e)
	e.toEnd()
	e.Entry.OnChanged = e.changed
	e.Entry.OnSubmitted = func(string) { e.submit() }
	if s.Disabled {
		e.Entry.Disable()
	}
	return e
}

// Layout is the layout of the on-screen keyboard the entry wants.
func (e *Entry) Layout() Layout { return e.spec.Layout }

// FocusGained offers the entry to the on-screen keyboard.
func (e *Entry) FocusGained() {
	e.on = true
	e.Entry.FocusGained()
	h := hooksOf(e)
	if h.Editing != nil {
		h.Editing(e)
	}
	if h.Focused != nil {
		h.Focused(e.owner)
	}
}

// FocusLost is part of fyne.Focusable. The keyboard keeps its target: a touch on
// one of its keys takes the focus away for a moment.
func (e *Entry) FocusLost() {
	e.on = false
	e.Entry.FocusLost()
}

// MouseDown notes that the resident works by touch.
func (e *Entry) MouseDown(m *desktop.MouseEvent) {
	touched(e)
	e.Entry.MouseDown(m)
}

// TypedRune takes a letter if the field can use it.
func (e *Entry) TypedRune(r rune) {
	if h := hooksOf(e); h.Activity != nil {
		h.Activity()
	}
	if r == ' ' && spaceSpent {
		spaceSpent = false
		return
	}
	r, ok := e.spec.Layout.accepts(r)
	if !ok || e.full() {
		return
	}
	e.Entry.TypedRune(r)
}

func (e *Entry) full() bool {
	return e.spec.MaxLen > 0 && len([]rune(e.Text)) >= e.spec.MaxLen && e.SelectedText() == ""
}

// TypedKey keeps the keys of writing and passes the others on.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	spaceSpent = false
	if h := hooksOf(e); h.Activity != nil {
		h.Activity()
	}
	switch k.Name {
	case fyne.KeyEscape, fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4:
		passKey(e, k)
		return
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown:
		if !e.MultiLine {
			passKey(e, k)
			return
		}
	}
	e.Entry.TypedKey(k)
}

// TappedSecondary keeps the toolkit's menu of cut, copy and paste away.
func (e *Entry) TappedSecondary(*fyne.PointEvent) {}

// TypedShortcut leaves out paste: it would show the last resident's text.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutPaste); ok {
		return
	}
	e.Entry.TypedShortcut(s)
}

func (e *Entry) changed(s string) {
	if e.busy {
		return
	}
	if f := e.spec.Format; f != nil {
		if shaped := f(s); shaped != s {
			atEnd := e.CursorColumn >= len([]rune(s))
			e.busy = true
			e.SetText(shaped)
			if atEnd {
				e.toEnd()
			}
			e.busy = false
			s = shaped
		}
	}
	if e.spec.OnChanged != nil {
		e.spec.OnChanged(s)
	}
	if f, ok := e.owner.(*Field); ok {
		f.count()
	}
}

func (e *Entry) submit() {
	if e.spec.OnSubmitted != nil {
		e.spec.OnSubmitted(e.Text)
		return
	}
	if c := canvasOf(e); c != nil {
		c.FocusNext()
	}
}

func (e *Entry) toEnd() {
	rows := strings.Split(e.Text, "\n")
	if !e.MultiLine {
		e.CursorColumn = len([]rune(e.Text))
	} else {
		e.CursorRow = len(rows) - 1
		e.CursorColumn = len([]rune(rows[len(rows)-1]))
	}
}

// Target names the field; it never tells what is typed in it.
func (e *Entry) Target() Target {
	return Target{Label: e.spec.Label, Kind: KindField, Focused: e.on, Disabled: e.Disabled()}
}

// Groups returns a Format that keeps letters and digits, in capitals, in groups
// of the given sizes: Groups("-", 4, 4, 4) makes ABCD-EFGH-JKMN. What is longer
// is cut.
func Groups(separator string, sizes ...int) func(string) string {
	return func(s string) string {
		var kept []rune
		for _, r := range s {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				kept = append(kept, unicode.ToUpper(r))
			}
		}
		var b strings.Builder
		for i, n := range sizes {
			if len(kept) == 0 {
				break
			}
			if i > 0 {
				b.WriteString(separator)
			}
			n = min(n, len(kept))
			b.WriteString(string(kept[:n]))
			kept = kept[n:]
		}
		return b.String()
	}
}
