package kit

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"egmina/ui/theme"
)

// KeyboardSpec describes the on-screen keyboard.
type KeyboardSpec struct {
	Words    Words
	Portrait bool
	// After calls f on the UI goroutine once d has passed; stop prevents it.
	After func(d time.Duration, f func()) (stop func())
}

// Keyboard types into the entry that last had the focus. Its keys take no focus
// themselves; after every key the entry gets it back.
type Keyboard struct {
	composite
	spec   KeyboardSpec
	target *Entry
	layout Layout
	shift  shiftState
	keys   []*key
	board  *fyne.Container
	strip  *fyne.Container
	onDone func()
}

type shiftState int

const (
	shiftOff shiftState = iota
	shiftOnce
	shiftLocked
)

// NewKeyboard makes a keyboard with letters and no target.
func NewKeyboard(s KeyboardSpec) *Keyboard {
	k := &Keyboard{spec: s, board: &fyne.Container{}, strip: &fyne.Container{Layout: &stripLayout{}}}
	k.strip.Hide()
	k.fill()
	k.init(k, Layers(panel(theme.Sunken, theme.None), Pad(Layers(k.board, k.strip), theme.Size(theme.GapSmall))))
	return k
}

// SetTarget makes e the entry that is typed into and shows the keys it needs.
func (k *Keyboard) SetTarget(e *Entry) {
	if e != nil && e == k.target {
		return // it only has its focus back after a key
	}
	k.target = e
	want := LayoutLetters
	if e != nil {
		want = e.Layout()
	}
	k.shift = shiftOff
	if e != nil && want == LayoutLetters && e.Text == "" {
		k.shift = shiftOnce // sentences and names begin with a capital
	}
	if want != k.layout {
		k.layout = want
		k.fill()
	}
	k.relabel()
}

// OnDone sets what the Done key calls after the entry has been submitted.
func (k *Keyboard) OnDone(f func()) { k.onDone = f }

// Editing returns the entry that is typed into, or nil.
func (k *Keyboard) Editing() *Entry { return k.target }

func (k *Keyboard) fill() {
	blocks := k.layout.blocks(k.spec.Portrait)
	lay := &keyLayout{}
	k.keys, k.board.Objects = nil, nil
	var left float32
	for _, b := range blocks {
		var width float32
		for row, defs := range b {
			x := left
			for _, d := range defs {
				kk := newKey(k, d)
				k.keys = append(k.keys, kk)
				k.board.Objects = append(k.board.Objects, kk)
				lay.cells = append(lay.cells, cell{row: row, col: x, cols: d.cols})
				x += d.cols
			}
			width = max(width, x-left)
			lay.rows = max(lay.rows, row+1)
		}
		left += width + blockGap
	}
	lay.cols = left - blockGap
	lay.pad = len(blocks) == 1 && lay.cols < 8
	k.board.Layout = lay
	k.board.Refresh()
}

func (k *Keyboard) relabel() {
	for _, kk := range k.keys {
		kk.relabel()
	}
}

func (k *Keyboard) cased(s string) string {
	if k.shift != shiftOff && k.layout == LayoutLetters {
		return strings.ToUpper(s)
	}
	return s
}

// typeText types s in the present case and gives the focus back.
func (k *Keyboard) typeText(s string) {
	k.closeStrip()
	if k.target == nil {
		return
	}
	for _, r := range k.cased(s) {
		k.target.TypedRune(r)
	}
	if k.shift == shiftOnce {
		k.shift = shiftOff
		k.relabel()
	}
	k.refocus()
}

func (k *Keyboard) refocus() {
	if c := canvasOf(k); c != nil && k.target != nil && c.Focused() != fyne.Focusable(k.target) {
		Focus(c, k.target)
	}
}

func (k *Keyboard) act(name string) {
	k.closeStrip()
	switch name {
	case actShift:
		k.shift = (k.shift + 1) % 3
		k.relabel()
		k.refocus()
	case actSpace:
		k.typeText(" ")
	case actBack:
		if k.target != nil {
			k.target.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
		}
		k.refocus()
	case actDone:
		k.done()
	}
}

func (k *Keyboard) done() {
	if t := k.target; t != nil && t.spec.OnSubmitted != nil {
		t.spec.OnSubmitted(t.Text)
	}
	if k.onDone != nil {
		k.onDone()
	}
}

// offer shows the variants of a letter over the top row, or types the only one.
func (k *Keyboard) offer(letters string) {
	r := []rune(letters)
	if len(r) == 1 {
		k.typeText(letters)
		return
	}
	k.strip.Objects = []fyne.CanvasObject{panel(theme.Surface, theme.Edge)}
	for _, v := range r {
		k.strip.Objects = append(k.strip.Objects, newKey(k, keyDef{text: string(v), cols: 1}))
	}
	k.strip.Show()
	k.strip.Refresh()
}

func (k *Keyboard) closeStrip() {
	if k.strip.Visible() {
		k.strip.Hide()
		k.strip.Refresh()
	}
}

func (k *Keyboard) after(d time.Duration, f func()) func() {
	if k.spec.After == nil {
		return func() {}
	}
	return k.spec.After(d, f)
}

// key is one key. It embeds base, not control: a key that could take the focus
// would take it from the entry.
type key struct {
	base
	board *Keyboard
	def   keyDef
	held  bool // the long press has acted: letting go does nothing more
	stop  func()
}

func newKey(k *Keyboard, d keyDef) *key {
	kk := &key{board: k, def: d}
	kk.kind = KindKey
	kk.minH = 1
	kk.build, kk.face = kk.content, kk.look
	kk.do, kk.down, kk.up = kk.tap, kk.hold, kk.release
	kk.init(kk)
	kk.name()
	return kk
}

func (k *key) tap() {
	if k.held {
		k.held = false
		return
	}
	if k.def.act != "" {
		k.board.act(k.def.act)
		return
	}
	k.board.typeText(k.def.text)
}

func (k *key) hold() {
	k.held = false
	more := variants[k.def.text]
	switch {
	case k.def.act == actBack:
		k.stop = k.board.after(theme.RepeatDelay, k.repeat)
	case k.def.text != "" && more != "" && k.board.layout == LayoutLetters:
		k.stop = k.board.after(theme.LongPress, func() {
			k.held = true
			k.board.offer(more)
		})
	}
}

func (k *key) repeat() {
	k.held = true
	k.board.act(actBack)
	k.stop = k.board.after(theme.RepeatEvery, k.repeat)
}

func (k *key) release() {
	if k.stop != nil {
		k.stop()
		k.stop = nil
	}
}

func (k *key) name() {
	k.label = k.def.text
	if k.def.act != "" && k.board.spec.Words != nil {
		k.label = k.board.spec.Words.T("kit.key_" + k.def.act)
	}
}

func (k *key) relabel() {
	if k.def.act == actShift || k.def.act == "" {
		k.rebuild()
	}
}

func (k *key) content() fyne.CanvasObject {
	switch k.def.act {
	case "":
		return NewText(k.board.cased(k.def.text), theme.TextLead, theme.Ink, false).Centred().OneLine()
	case actBack:
		return Centre(Icon("backspace", theme.Icon, theme.Ink))
	case actShift:
		icon, colour := "shift", theme.Ink
		if k.board.shift != shiftOff {
			colour = theme.OnAccent
		}
		if k.board.shift == shiftLocked {
			icon = "capslock"
		}
		return Centre(Icon(icon, theme.Icon, colour))
	case actDone:
		return NewText(k.board.word("kit.key_done"), theme.TextBody, theme.OnAccent, true).Centred().OneLine()
	}
	return NewText(k.board.word("kit.key_"+k.def.act), theme.TextSmall, theme.Muted, false).Centred().OneLine()
}

func (k *Keyboard) word(name string) string {
	if k.spec.Words == nil {
		return name
	}
	return k.spec.Words.T(name)
}

func (k *key) look() look {
	l := look{fill: theme.Surface, stroke: theme.Line, width: 1, radius: 8}
	switch {
	case k.def.act == actDone, k.def.act == actShift && k.board.shift != shiftOff:
		l.fill = theme.Accent
		if k.pressed {
			l.fill = theme.AccentDeep
		}
	case k.pressed:
		l.fill, l.stroke = theme.AccentSoft, theme.Accent
	case k.def.act != "" && k.def.act != actSpace:
		l.fill = theme.Pressed
	}
	return l
}

const blockGap = 0.4

type cell struct {
	row       int
	col, cols float32
}

// keyLayout places keys on a raster of rows and columns in the middle of its
// place; keys are never wider than comfortable.
type keyLayout struct {
	cells []cell
	rows  int
	cols  float32
	pad   bool // few keys: they may be wider
}

func (l *keyLayout) heightFor([]fyne.CanvasObject, float32) float32 {
	return float32(l.rows)*(theme.Size(theme.Key)+theme.Size(theme.KeyGap)) - theme.Size(theme.KeyGap)
}

func (l *keyLayout) naturalWidth([]fyne.CanvasObject) float32 { return l.cols * 84 }

func (l *keyLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.cols*theme.Size(theme.KeyGap)*3, l.heightFor(nil, 0))
}

func (l *keyLayout) unit(width float32) float32 {
	limit := float32(104)
	if l.pad {
		limit = 150
	}
	return min((width+theme.Size(theme.KeyGap))/l.cols, limit)
}

func (l *keyLayout) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	gap, h := theme.Size(theme.KeyGap), theme.Size(theme.Key)
	unit := l.unit(size.Width)
	left := (size.Width - (l.cols*unit - gap)) / 2
	for i, o := range objs {
		c := l.cells[i]
		place(o, left+c.col*unit, float32(c.row)*(h+gap), c.cols*unit-gap, h)
	}
}

// stripLayout puts the variants over the top row of the keyboard, in the middle.
type stripLayout struct{}

func (*stripLayout) heightFor([]fyne.CanvasObject, float32) float32 { return 0 }
func (*stripLayout) naturalWidth([]fyne.CanvasObject) float32       { return 0 }
func (*stripLayout) MinSize([]fyne.CanvasObject) fyne.Size          { return fyne.Size{} }
func (*stripLayout) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	if len(objs) == 0 {
		return
	}
	const w, gap = 110, 8
	h := theme.Size(theme.Key)
	n := float32(len(objs) - 1)
	left := (size.Width - n*(w+gap) - gap) / 2
	place(objs[0], left, -gap, n*(w+gap)+gap, h+2*gap)
	for i, o := range objs[1:] {
		place(o, left+gap+float32(i)*(w+gap), 0, w, h)
	}
}
