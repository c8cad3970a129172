package kit

import (
	"strconv"

	"fyne.io/fyne/v2"

	"egmina/ui/theme"
)

// FieldSpec describes a field. The screen keeps the value: OnChanged gives every
// change, and Value brings it back when the page is built again.
type FieldSpec struct {
	Label       string // always above the field, never only inside it
	Help        string // one line below the label
	Value       string
	Placeholder string
	Error       string // why the value cannot stay, with what to do
	Unit        string // behind the field: "zł", "m³"
	Layout      Layout // which keys it needs
	MaxLen      int    // in letters, 0 for no limit
	Counter     bool   // show how many of MaxLen are used
	Rows        int    // > 1: several lines
	Width       float32
	Masked      bool // a PIN: dots, with a button to show it
	Disabled    bool
	Format      func(string) string // Groups, or your own
	OnChanged   func(string)
	OnSubmitted func(string) // Enter, or the keyboard's Done; nil moves to the next field
}

// Field is a label, help, an entry and a line for what is wrong.
type Field struct {
	composite
	spec    FieldSpec
	entry   *Entry
	err     *fyne.Container
	errText *Text
	counter *Text
}

// NewField makes a field.
func NewField(w Words, s FieldSpec) *Field {
	f := &Field{spec: s}
	f.entry = newEntry(&f.spec)
	f.entry.owner = f
	f.errText = Warning(s.Error)
	f.err = Line(theme.Size(theme.GapTiny), Icon("warning", theme.IconSmall, theme.AttentionInk), f.errText)
	f.err.Hidden = s.Error == ""
	parts := []fyne.CanvasObject{}
	if s.Label != "" {
		parts = append(parts, Strong(s.Label))
	}
	if s.Help != "" {
		parts = append(parts, Muted(s.Help))
	}
	parts = append(parts, f.box(w), f.err)
	if s.Counter && s.MaxLen > 0 {
		f.counter = Small("").Align(fyne.TextAlignTrailing)
		f.count()
		parts = append(parts, f.counter)
	}
	f.init(f, Column(theme.Size(theme.GapTiny), parts...))
	return f
}

func (f *Field) box(w Words) fyne.CanvasObject {
	h := f.entry.MinSize().Height
	width := f.spec.Width
	var box fyne.CanvasObject = Fixed(width, h, f.entry)
	parts := []fyne.CanvasObject{box}
	if width == 0 {
		parts[0] = Grow(box)
	}
	if f.spec.Unit != "" {
		parts = append(parts, Body(f.spec.Unit))
	}
	if f.spec.Masked && w != nil {
		parts = append(parts, f.revealer(w))
	}
	return Line(theme.Size(theme.GapSmall), parts...)
}

func (f *Field) revealer(w Words) fyne.CanvasObject {
	var b *Button
	b = NewButton(ButtonSpec{Label: w.T("kit.show"), Icon: "eye", Slim: true, Do: func() {
		f.entry.Password = !f.entry.Password
		f.entry.Refresh()
		if f.entry.Password {
			b.SetLabel(w.T("kit.show"))
		} else {
			b.SetLabel(w.T("kit.hide"))
		}
		changed(f)
	}})
	return b
}

func (f *Field) count() {
	if f.counter != nil {
		f.counter.SetText(strconv.Itoa(len([]rune(f.entry.Text))) + " / " + strconv.Itoa(f.spec.MaxLen))
	}
}

// Entry returns what takes the focus; give it to View.Focus.
func (f *Field) Entry() *Entry { return f.entry }

// Value returns what is typed.
func (f *Field) Value() string { return f.entry.Text }

// SetValue shows another value without calling OnChanged.
func (f *Field) SetValue(s string) {
	f.entry.busy = true
	f.entry.SetText(s)
	f.entry.toEnd()
	f.entry.busy = false
	f.count()
}

// SetError shows why the value cannot stay; "" takes the sentence away.
func (f *Field) SetError(s string) {
	if s == f.spec.Error {
		return
	}
	f.spec.Error = s
	f.err.Hidden = s == ""
	f.errText.SetText(s)
	changed(f)
}
