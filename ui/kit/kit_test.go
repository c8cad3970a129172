package kit_test

import (
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"egmina/ui/kit"
	"egmina/ui/theme"
)

type words struct{}

func (words) T(key string, _ ...any) string { return key }

// window shows o in a window of the size, with our theme.
func window(t *testing.T, o fyne.CanvasObject, w, h float32) fyne.Window {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Options{}))
	win := test.NewWindow(o)
	t.Cleanup(win.Close)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	return win
}

func find(t *testing.T, root fyne.CanvasObject, label string) kit.TargetInfo {
	t.Helper()
	for _, x := range kit.Targets(root) {
		if x.Label == label {
			return x
		}
	}
	t.Fatalf("no %q on the page", label)
	return kit.TargetInfo{}
}

func tap(t *testing.T, win fyne.Window, label string) {
	t.Helper()
	x := find(t, win.Content(), label)
	win.Canvas().Unfocus() // as the desktop driver does for a touch beside what has the focus
	press(x.Object, 0)
}

// press does what the window does for a touch: down, up, tapped.
func press(o fyne.CanvasObject, held time.Duration) {
	if m, ok := o.(desktop.Mouseable); ok {
		m.MouseDown(&desktop.MouseEvent{})
		elapse(held)
		m.MouseUp(&desktop.MouseEvent{})
	}
	if x, ok := o.(fyne.Tappable); ok {
		x.Tapped(&fyne.PointEvent{})
	}
}

// The tests' clock: timers run when elapse passes them.
type timer struct {
	at  time.Duration
	f   func()
	off bool
}

var (
	clock  time.Duration
	timers []*timer
)

func after(d time.Duration, f func()) func() {
	x := &timer{at: clock + d, f: f}
	timers = append(timers, x)
	return func() { x.off = true }
}

func elapse(d time.Duration) {
	end := clock + d
	for {
		var next *timer
		for _, x := range timers {
			if !x.off && x.at <= end && (next == nil || x.at < next.at) {
				next = x
			}
		}
		if next == nil {
			break
		}
		next.off, clock = true, next.at
		next.f()
	}
	clock = end
}

func TestButtonKeys(t *testing.T) {
	n := 0
	b := kit.Primary("Dalej", func() { n++ })
	win := window(t, b, 300, 100)
	win.Canvas().Focus(b)
	for _, k := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, fyne.KeyA} {
		b.TypedKey(&fyne.KeyEvent{Name: k})
	}
	press(b, 0)
	if n != 4 {
		t.Errorf("pressed %d times, want 4", n)
	}
	b.Disable()
	press(b, 0)
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if n != 4 {
		t.Error("a disabled button was pressed")
	}
}

func keyboard(t *testing.T, spec kit.FieldSpec, portrait bool) (fyne.Window, *kit.Field, *kit.Keyboard) {
	t.Helper()
	f := kit.NewField(words{}, spec)
	k := kit.NewKeyboard(kit.KeyboardSpec{Words: words{}, Portrait: portrait, After: after})
	win := window(t, kit.Column(10, f, k), 1400, 700)
	kit.Attach(win.Canvas(), kit.Hooks{Editing: k.SetTarget})
	win.Canvas().Focus(f.Entry())
	return win, f, k
}

func TestKeyboardTypesPolish(t *testing.T) {
	for _, portrait := range []bool{false, true} {
		win, f, _ := keyboard(t, kit.FieldSpec{Label: "Słowo", Value: "x"}, portrait)
		f.SetValue("")
		for _, k := range []string{"z", "a", "ż", "ó", "ł", "ć", "kit.key_space", "g", "ę", "ś", "l", "ą", "kit.key_back"} {
			tap(t, win, k)
			if win.Canvas().Focused() != fyne.Focusable(f.Entry()) {
				t.Fatalf("after %q the entry has lost the focus", k)
			}
		}
		f.Entry().TypedRune('ó') // a hardware key between touches
		tap(t, win, "j")
		if f.Value() != "zażółć gęślój" {
			t.Errorf("portrait %v: typed %q", portrait, f.Value())
		}
	}
}

func TestKeyboardLongPress(t *testing.T) {
	win, f, _ := keyboard(t, kit.FieldSpec{Label: "Słowo", Value: "x"}, false)
	press(find(t, win.Content(), "l").Object, time.Second) // one variant: typed at once
	press(find(t, win.Content(), "z").Object, time.Second)
	tap(t, win, "ź")
	press(find(t, win.Content(), "a").Object, 100*time.Millisecond)
	if f.Value() != "xłźa" {
		t.Errorf("typed %q, want xłźa", f.Value())
	}
}

func TestKeyboardShiftAndRepeat(t *testing.T) {
	win, f, _ := keyboard(t, kit.FieldSpec{Label: "Imię"}, false)
	tap(t, win, "w") // an empty field begins with a capital
	tap(t, win, "ś")
	tap(t, win, "kit.key_shift")
	tap(t, win, "kit.key_shift")
	for _, k := range []string{"ł", "k"} {
		tap(t, win, k)
	}
	tap(t, win, "kit.key_shift")
	tap(t, win, "a")
	if f.Value() != "WśŁKa" {
		t.Errorf("typed %q, want WśŁKa", f.Value())
	}
	press(find(t, win.Content(), "kit.key_back").Object, theme.RepeatDelay+10*theme.RepeatEvery)
	if f.Value() != "" {
		t.Errorf("backspace held left %q", f.Value())
	}
}

func TestKeyboardDone(t *testing.T) {
	sent := ""
	win, _, k := keyboard(t, kit.FieldSpec{Label: "PIN", Layout: kit.LayoutDigits, OnSubmitted: func(s string) { sent = s }}, false)
	done := false
	k.OnDone(func() { done = true })
	for _, d := range []string{"4", "8", "0", "1", "kit.key_done"} {
		tap(t, win, d)
	}
	if sent != "4801" || !done {
		t.Errorf("sent %q, done %v", sent, done)
	}
}

func TestKeysTakeNoFocus(t *testing.T) {
	win, _, _ := keyboard(t, kit.FieldSpec{Label: "x"}, false)
	for _, x := range kit.Targets(win.Content()) {
		if _, ok := x.Object.(fyne.Focusable); ok && x.Kind == kit.KindKey {
			t.Fatalf("key %q can take the focus", x.Label)
		}
	}
}

func TestKeySizes(t *testing.T) {
	layouts := []kit.Layout{kit.LayoutLetters, kit.LayoutDigits, kit.LayoutDecimal, kit.LayoutDate, kit.LayoutPostcode, kit.LayoutPhone, kit.LayoutEmail, kit.LayoutCode}
	for _, size := range []fyne.Size{{Width: 1920, Height: 1080}, {Width: 1080, Height: 1920}, {Width: 1366, Height: 768}, {Width: 1280, Height: 1024}} {
		for _, l := range layouts {
			f := kit.NewField(words{}, kit.FieldSpec{Label: "x", Layout: l})
			k := kit.NewKeyboard(kit.KeyboardSpec{Words: words{}, Portrait: size.Height > size.Width})
			k.SetTarget(f.Entry())
			win := window(t, kit.Column(0, f, k), size.Width, size.Height)
			for _, x := range kit.Targets(win.Content()) {
				if x.Kind == kit.KindKey && (x.Size.Width < 64 || x.Size.Height < 64 || x.Pos.X < 0 || x.Pos.X+x.Size.Width > size.Width) {
					t.Errorf("%v %q: key %q is %v at %v", size, l, x.Label, x.Size, x.Pos)
				}
			}
		}
	}
}

func TestEntryFormatsAndFilters(t *testing.T) {
	for _, x := range []struct {
		spec        kit.FieldSpec
		typed, want string
	}{
		{kit.FieldSpec{Layout: kit.LayoutCode, Format: kit.Groups("-", 4, 4, 4), MaxLen: 14}, "abcd-efgh0ilo99", "ABCD-EFGH-0110"},
		{kit.FieldSpec{Layout: kit.LayoutDate, Format: kit.Groups(".", 2, 2, 4)}, "15a032026", "15.03.2026"},
		{kit.FieldSpec{Layout: kit.LayoutPostcode, Format: kit.Groups("-", 2, 3)}, "34511x7", "34-511"},
		{kit.FieldSpec{Layout: kit.LayoutDigits, MaxLen: 4}, "12b3456", "1234"},
		{kit.FieldSpec{Layout: kit.LayoutEmail}, "a b@c.pl", "ab@c.pl"},
		{kit.FieldSpec{MaxLen: 5}, "Łódź\a i", "Łódź "},
	} {
		var last string
		x.spec.OnChanged = func(s string) { last = s }
		f := kit.NewField(words{}, x.spec)
		window(t, f, 600, 200)
		test.Type(f.Entry(), x.typed)
		if f.Value() != x.want || last != x.want {
			t.Errorf("typed %q: %q, told %q, want %q", x.typed, f.Value(), last, x.want)
		}
	}
}

// A scanner types fast and ends with Enter.
func TestScannerSubmits(t *testing.T) {
	got := ""
	f := kit.NewField(words{}, kit.FieldSpec{Layout: kit.LayoutCode, Format: kit.Groups("-", 4, 4, 4), OnSubmitted: func(s string) { got = s }})
	window(t, f, 600, 200)
	test.Type(f.Entry(), "7F3K92QMAB4C")
	f.Entry().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got != "7F3K-92QM-AB4C" {
		t.Errorf("submitted %q", got)
	}
}

func TestSpaceThatPressedIsNotTyped(t *testing.T) {
	f := kit.NewField(words{}, kit.FieldSpec{Label: "x"})
	b := kit.Primary("Dalej", nil)
	win := window(t, kit.Column(0, b, f), 600, 300)
	win.Canvas().Focus(b)
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	win.Canvas().Focus(f.Entry())
	f.Entry().TypedRune(' ') // the same press, arriving as a letter
	f.Entry().TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	f.Entry().TypedRune(' ')
	if f.Value() != " " {
		t.Errorf("typed %q, want one space", f.Value())
	}
}

func TestMaskedField(t *testing.T) {
	f := kit.NewField(words{}, kit.FieldSpec{Label: "PIN", Masked: true, Value: "4821"})
	win := window(t, f, 800, 300)
	for _, x := range kit.Targets(win.Content()) {
		if strings.Contains(x.Label, "4821") {
			t.Error("the tour sees the PIN")
		}
	}
	if !f.Entry().Password {
		t.Error("PIN is readable")
	}
	tap(t, win, "kit.show")
	if f.Entry().Password {
		t.Error("PIN stays hidden")
	}
}

func TestChoiceAndChecks(t *testing.T) {
	var one string
	var many []string
	o := []kit.Option{{ID: "a", Label: "A"}, {ID: "b", Label: "B"}}
	p := []kit.Option{{ID: "c", Label: "C"}, {ID: "d", Label: "D"}}
	win := window(t, kit.Stack(
		kit.NewChoice(kit.ChoiceSpec{Options: o, OnChanged: func(s string) { one = s }}),
		kit.NewChecks(kit.ChecksSpec{Options: p, Values: []string{"d"}, OnChanged: func(s []string) { many = s }}),
	), 800, 800)
	tap(t, win, "B")
	tap(t, win, "A")
	tap(t, win, "C")
	if one != "a" || !slices.Equal(many, []string{"c", "d"}) {
		t.Errorf("chose %q, %v", one, many)
	}
	tap(t, win, "D")
	if !slices.Equal(many, []string{"c"}) {
		t.Errorf("ticked %v", many)
	}
}

func rowsOf(n int, open func(int)) kit.ListSpec {
	return kit.ListSpec{Words: words{}, Len: n, Row: func(i int) kit.RowSpec {
		return kit.RowSpec{Title: "Wiersz " + string(rune('A'+i%26)), Do: func() { open(i) }}
	}}
}

func TestListFollowsFingerAndPages(t *testing.T) {
	opened := -1
	l := kit.NewList(rowsOf(100, func(i int) { opened = i }))
	win := window(t, l, 800, 600)
	l.Scroller().Dragged(&fyne.DragEvent{Dragged: fyne.Delta{DY: -150}})
	if y := l.Scroller().Offset.Y; y != 150 {
		t.Errorf("dragged 150, scrolled %v", y)
	}
	tap(t, win, "Wiersz C")
	if opened != 2 {
		t.Errorf("opened %d", opened)
	}
	tap(t, win, "kit.page_down")
	if l.Scroller().Offset.Y < 500 {
		t.Errorf("page down went to %v", l.Scroller().Offset.Y)
	}
	l.Scroller().By(1e6)
	if !l.Scroller().AtEnd() {
		t.Error("the end is not reached")
	}
	tap(t, win, "kit.more")
	if l.Scroller().AtEnd() {
		t.Error("no further rows")
	}
}

func TestShortListHasNoPageButtons(t *testing.T) {
	l := kit.NewList(rowsOf(3, func(int) {}))
	win := window(t, l, 800, 600)
	if n := len(kit.Targets(win.Content())); n != 3 {
		t.Errorf("%d things to touch, want 3", n)
	}
}

func TestRevealScrollsToFocus(t *testing.T) {
	var rows []fyne.CanvasObject
	for range 30 {
		rows = append(rows, kit.Secondary("x", "", nil))
	}
	s := kit.NewScroll(kit.Stack(rows...))
	win := window(t, s, 400, 500)
	last := rows[29]
	kit.Reveal(win.Content(), last)
	if !s.AtEnd() {
		t.Errorf("scrolled to %v", s.Offset.Y)
	}
	kit.Reveal(win.Content(), rows[0])
	if s.Offset.Y != 0 {
		t.Errorf("scrolled back to %v", s.Offset.Y)
	}
}

// Nothing that stands in a column overlaps, however narrow.
func TestColumnNeverOverlaps(t *testing.T) {
	long := strings.Repeat("Opłata za gospodarowanie odpadami komunalnymi ", 5)
	for _, w := range []float32{300, 500, 900, 1400} {
		col := kit.Stack(kit.Title(long), kit.Body(long), kit.NewTile(kit.TileSpec{Icon: "dot", Title: long, Line: long}),
			kit.Check(long, long, true, nil), kit.Note(kit.Info, long), kit.NewRow(kit.RowSpec{Title: long, Detail: long, Amount: "12 345,67 zł"}))
		window(t, kit.NewScroll(col), w, 800)
		var bottom float32
		for i, o := range col.Objects {
			if o.Position().Y < bottom {
				t.Errorf("width %v: child %d begins at %v above %v", w, i, o.Position().Y, bottom)
			}
			if need := kit.HeightFor(o, o.Size().Width); o.Size().Height < need-0.5 {
				t.Errorf("width %v: child %d is %v high, needs %v", w, i, o.Size().Height, need)
			}
			bottom = o.Position().Y + o.Size().Height
		}
	}
}

func TestWrapKeepsShortWords(t *testing.T) {
	txt := kit.Body("Zapłać w kasie i z kartą")
	window(t, txt, 150, 300)
	for _, s := range shownLines(txt) {
		if strings.HasSuffix(s, " w") || strings.HasSuffix(s, " i") || strings.HasSuffix(s, " z") || s == "w" {
			t.Errorf("line %q ends with a one-letter word", s)
		}
	}
}

func shownLines(txt *kit.Text) []string {
	var out []string
	for _, o := range test.WidgetRenderer(txt).Objects() {
		out = append(out, textOf(o))
	}
	return out
}

func TestCodeIsCrisp(t *testing.T) {
	const n, px = 21, 10
	m := make([][]bool, n)
	for y := range m {
		m[y] = make([]bool, n)
		for x := range m[y] {
			m[y][x] = (x*y+x)%3 == 0
		}
	}
	size := float32((n+8)*px + 7) // seven pixels that are not a whole module
	win := window(t, kit.Fixed(size, size, kit.NewCode(m, size)), size, size)
	img := win.Canvas().Capture()
	off := (int(size)-(n)*px)/2 + 0
	for y := range m {
		for x := range m[y] {
			if dark(img, off+x*px, off+y*px) != m[y][x] || dark(img, off+x*px+px-1, off+y*px+px-1) != m[y][x] {
				t.Fatalf("module %d,%d is wrong", x, y)
			}
		}
	}
	for i := range 4 * px {
		if dark(img, i, int(size)/2) {
			t.Fatal("the quiet zone is not quiet")
		}
	}
}

func dark(img image.Image, x, y int) bool {
	return color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y < 128
}

func TestMeterDialFits(t *testing.T) {
	d := kit.NewMeterDial(5, 3, "")
	for _, w := range []float32{260, 420, 900} {
		d.Resize(fyne.NewSize(w, kit.HeightFor(d, w)))
		if n := kit.NaturalWidth(d); n > w {
			t.Errorf("dial is %v wide in %v", n, w)
		}
		kit.HeightFor(d, 100) // asking for another width must not undo the layout
		if got := d.Children()[0].Size().Width; got != w {
			t.Errorf("the picture is %v wide in %v", got, w)
		}
	}
}

func TestPaperPagesAndZoom(t *testing.T) {
	page := image.NewRGBA(image.Rect(0, 0, 210, 297))
	win := window(t, kit.NewPaper(words{}, []image.Image{page, page}), 1000, 700)
	if x := find(t, win.Content(), "kit.paper_previous"); !x.Disabled {
		t.Error("there is a page before the first")
	}
	tap(t, win, "kit.paper_next")
	if x := find(t, win.Content(), "kit.paper_next"); !x.Disabled {
		t.Error("there is a page after the last")
	}
	tap(t, win, "kit.zoom_in")
	if x := find(t, win.Content(), "kit.zoom_in"); !x.Disabled {
		t.Error("larger than the width")
	}
}
