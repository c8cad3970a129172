package shell_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"egmina/assets"
	"egmina/ui/i18n"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// fake is a clock that moves when told to.
type fake struct {
	now    time.Time
	timers []*fakeTimer
}

type fakeTimer struct {
	at  time.Time
	f   func()
	off bool
}

func (c *fake) Now() time.Time { return c.now }

func (c *fake) AfterFunc(d time.Duration, f func()) func() {
	t := &fakeTimer{at: c.now.Add(d), f: f}
	c.timers = append(c.timers, t)
	return func() { t.off = true }
}

func (c *fake) pass(d time.Duration) {
	end := c.now.Add(d)
	for {
		var next *fakeTimer
		for _, t := range c.timers {
			if !t.off && !t.at.After(end) && (next == nil || t.at.Before(next.at)) {
				next = t
			}
		}
		if next == nil {
			break
		}
		next.off, c.now = true, next.at
		next.f()
	}
	c.now = end
}

// screen is a page made of a function; it remembers what was typed.
type screen struct {
	name  string
	typed string
	ctx   *shell.Ctx
	views int
	view  func(s *screen, c *shell.Ctx) shell.View
}

func (s *screen) Name() string { return s.name }
func (s *screen) View(c *shell.Ctx) shell.View {
	s.ctx = c
	s.views++
	return s.view(s, c)
}

func formScreen(name string) *screen {
	return &screen{name: name, view: func(s *screen, c *shell.Ctx) shell.View {
		f := kit.NewField(c.Loc, kit.FieldSpec{Label: "Nazwisko", Value: s.typed, OnChanged: func(v string) { s.typed = v }})
		return shell.View{Title: name, Body: kit.Stack(f, kit.Secondary("Pomoc", "", nil)),
			Actions: []shell.Action{{Label: c.T("shell.next"), Kind: kit.ButtonPrimary}}, Focus: f.Entry()}
	}}
}

type rig struct {
	t     *testing.T
	win   fyne.Window
	shell *shell.Shell
	clock *fake
	home  *screen
	jobs  []func()
}

func newRig(t *testing.T) *rig {
	t.Helper()
	test.NewTempApp(t)
	cat, err := i18n.Load(assets.Lang)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, win: test.NewWindow(nil), clock: &fake{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}}
	t.Cleanup(r.win.Close)
	r.win.SetPadded(false)
	r.win.Resize(fyne.NewSize(1920, 1080))
	r.home = &screen{name: "home", view: func(s *screen, c *shell.Ctx) shell.View {
		return shell.View{Bare: true, NoBack: true, Body: kit.Primary("Drzwi", func() { c.Push(formScreen("a")) })}
	}}
	r.shell = shell.New(shell.Config{
		Canvas: r.win.Canvas(), Catalog: cat, Home: r.home, Office: "Urząd Gminy", Clock: r.clock,
		Dispatch: func(f func()) { f() }, Go: func(f func()) { r.jobs = append(r.jobs, f) },
	})
	r.win.SetContent(r.shell.Content())
	r.win.Resize(fyne.NewSize(1920, 1080))
	r.shell.Start()
	t.Cleanup(r.shell.Close)
	return r
}

func (r *rig) runJobs() {
	jobs := r.jobs
	r.jobs = nil
	for _, j := range jobs {
		j()
	}
}

func (r *rig) target(label string) (kit.TargetInfo, bool) {
	for _, x := range r.shell.Probe().Targets {
		if x.Label == label {
			return x, true
		}
	}
	return kit.TargetInfo{}, false
}

func (r *rig) tap(label string) {
	r.t.Helper()
	x, ok := r.target(label)
	if !ok {
		r.t.Fatalf("no %q on page %s", label, r.shell.Probe().Screen)
	}
	x.Object.(fyne.Tappable).Tapped(&fyne.PointEvent{})
}

func (r *rig) key(name fyne.KeyName) {
	if f := r.win.Canvas().Focused(); f != nil {
		f.TypedKey(&fyne.KeyEvent{Name: name})
		return
	}
	r.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: name})
}

func (r *rig) at(want string) {
	r.t.Helper()
	if got := r.shell.Probe().Screen; got != want {
		r.t.Fatalf("at %q, want %q", got, want)
	}
}

func TestWalkAndBack(t *testing.T) {
	r := newRig(t)
	r.at("home")
	if _, ok := r.target("Zakończ"); ok {
		t.Error("Zakończ on the untouched first screen")
	}
	r.tap("Drzwi")
	r.at("a")
	if _, ok := r.target("Zakończ"); !ok {
		t.Error("no Zakończ on a further screen")
	}
	r.key(fyne.KeyEscape)
	r.at("home")
	r.home.ctx.Push(formScreen("a"))
	r.home.ctx.Push(formScreen("b"))
	r.home.ctx.Push(formScreen("c"))
	r.tap("Wstecz")
	r.at("b")
	r.home.ctx.Replace(formScreen("d"))
	r.at("d")
	r.home.ctx.PopTo("a")
	r.at("a")
	r.home.ctx.Home()
	r.at("home")
}

func TestKeyboardAlone(t *testing.T) {
	r := newRig(t)
	r.key(fyne.KeyReturn) // the first thing of the page has the focus
	r.at("a")
	test.Type(r.win.Canvas().Focused(), "Gąsienica")
	r.key(fyne.KeyDown) // arrows move like Tab
	if x, _ := r.target("Pomoc"); !x.Focused {
		t.Error("arrow down did not reach the button below the field")
	}
	var order []string
	r.win.Canvas().Unfocus()
	for range 20 {
		r.win.Canvas().FocusNext()
		for _, x := range r.shell.Probe().Targets {
			if x.Focused {
				order = append(order, x.Label)
			}
		}
		if order[len(order)-1] == "Dalej" {
			break
		}
	}
	want := "Polski English Wysoki kontrast Większe litery Zakończ Nazwisko Pomoc Wstecz Dalej"
	if got := strings.Join(order, " "); got != want {
		t.Errorf("Tab order\n%s\nwant\n%s", got, want)
	}
}

func TestSwitchesKeepWhatWasTyped(t *testing.T) {
	r := newRig(t)
	s := formScreen("a")
	r.home.ctx.Push(s)
	test.Type(r.win.Canvas().Focused(), "Gąs")
	r.tap("English")
	r.tap("High contrast")
	r.tap("Larger text")
	if s.typed != "Gąs" || s.ctx.Lang != "en" || s.ctx.Palette != theme.HighContrast || !s.ctx.Large {
		t.Errorf("typed %q, ctx %+v", s.typed, s.ctx)
	}
	if x, _ := r.target("Larger text"); !x.Focused {
		t.Error("the button pressed has lost the focus")
	}
	r.win.Resize(fyne.NewSize(1080, 1920))
	if !s.ctx.Portrait || s.typed != "Gąs" {
		t.Error("turning the window lost something")
	}
	r.shell.End()
	if r.home.ctx.Lang != "pl" || r.home.ctx.Palette != theme.Normal || r.home.ctx.Large {
		t.Error("the next resident gets the last one's display")
	}
}

func TestKeyboardDocksForFields(t *testing.T) {
	r := newRig(t)
	if _, ok := r.target("ą"); ok {
		t.Fatal("a keyboard without a field")
	}
	s := formScreen("a")
	r.home.ctx.Push(s)
	r.tap("ą")
	if s.typed != "Ą" {
		t.Errorf("typed %q", s.typed)
	}
	r.tap("Gotowe")
	if _, ok := r.target("ą"); ok {
		t.Error("Done leaves the keyboard")
	}
}

func TestScannerWithoutFocus(t *testing.T) {
	r := newRig(t)
	s := formScreen("a")
	r.home.ctx.Push(s)
	r.win.Canvas().Unfocus()
	r.win.Canvas().OnTypedRune()('7')
	r.win.Canvas().Focused().TypedRune('F')
	if s.typed != "7F" {
		t.Errorf("typed %q", s.typed)
	}
}

func TestIdleWarnsThenWipes(t *testing.T) {
	r := newRig(t)
	r.clock.pass(time.Hour)
	r.at("home")
	r.home.ctx.Push(formScreen("a"))
	wiped := ""
	r.home.ctx.Session().OnEnd(func() { wiped += "1" })
	r.home.ctx.Session().OnEnd(func() { wiped += "2" })
	type keyOf struct{}
	r.home.ctx.Session().Set(keyOf{}, "secret")
	r.clock.pass(50 * time.Second)
	r.win.Canvas().Focused().TypedRune('x')
	r.clock.pass(59 * time.Second)
	r.at("a")
	r.clock.pass(2 * time.Second)
	r.at("shell.idle")
	if _, ok := r.target("Nazwisko"); ok {
		t.Error("what was typed shows below the warning")
	}
	r.clock.pass(25 * time.Second)
	r.tap("Tak, kontynuuję")
	r.at("a")
	if x, _ := r.target("Nazwisko"); !x.Focused {
		t.Error("the field has lost its focus")
	}
	r.clock.pass(time.Minute)
	r.at("shell.idle")
	r.key(fyne.KeyA) // any key
	r.at("a")
	r.clock.pass(time.Minute)
	r.at("shell.idle")
	r.clock.pass(29 * time.Second)
	r.at("shell.idle")
	r.clock.pass(time.Second)
	r.at("home")
	if wiped != "21" {
		t.Errorf("wiped %q, want newest first", wiped)
	}
	if r.home.ctx.Session().Get(keyOf{}) != nil {
		t.Error("a value outlived its session")
	}
	if r.shell.Probe().Depth != 1 {
		t.Error("screens outlived the session")
	}
}

func TestTouchBesideExtends(t *testing.T) {
	r := newRig(t)
	r.home.ctx.Push(formScreen("a"))
	r.clock.pass(time.Minute)
	r.at("shell.idle")
	r.shell.Content().(fyne.Tappable).Tapped(&fyne.PointEvent{})
	r.at("a")
}

func TestHardLimit(t *testing.T) {
	r := newRig(t)
	s := formScreen("a")
	r.home.ctx.Push(s)
	for range 18 { // somebody types all the time
		r.clock.pass(30 * time.Second)
		r.win.Canvas().Focused().TypedRune('x')
	}
	r.at("a")
	for range 3 {
		r.clock.pass(30 * time.Second)
		if f := r.win.Canvas().Focused(); f != nil {
			f.TypedRune('x')
		}
	}
	r.at("home")
}

func TestWarningIsNeverShorterThanTwentySeconds(t *testing.T) {
	r := newRig(t)
	cat, _ := i18n.Load(assets.Lang)
	s := shell.New(shell.Config{Canvas: r.win.Canvas(), Catalog: cat, Home: r.home, Clock: r.clock,
		Dispatch: func(f func()) { f() }, Warning: time.Second})
	r.win.SetContent(s.Content())
	s.Start()
	r.home.ctx.Push(formScreen("a"))
	r.clock.pass(time.Minute + 19*time.Second)
	if got := s.Probe().Screen; got != "shell.idle" {
		t.Errorf("at %q", got)
	}
}

func TestRun(t *testing.T) {
	r := newRig(t)
	s := formScreen("a")
	r.home.ctx.Push(s)
	var got string
	var cancelled error
	job := func(ctx context.Context) (string, error) { cancelled = ctx.Err(); return "x", errors.New("y") }
	shell.Run(s.ctx, job, func(v string, err error) { got = v + err.Error() })
	r.clock.pass(299 * time.Millisecond)
	if r.shell.Probe().Busy {
		t.Error("busy too early")
	}
	r.clock.pass(time.Millisecond)
	if !r.shell.Probe().Busy {
		t.Error("a wait of 300 ms does not show")
	}
	r.runJobs()
	if got != "xy" || r.shell.Probe().Busy {
		t.Errorf("got %q, busy %v", got, r.shell.Probe().Busy)
	}
	shell.Run(s.ctx, job, func(string, error) { t.Error("told a screen that has gone") })
	s.ctx.After(time.Second, func() { t.Error("timer of a screen that has gone") })
	s.ctx.Pop()
	r.runJobs()
	r.clock.pass(2 * time.Second)
	if !errors.Is(cancelled, context.Canceled) {
		t.Error("the job was not cancelled")
	}
}

// A job done at once inside View draws the page; the older view must not cover it.
func TestRunDoneWithinView(t *testing.T) {
	r := newRig(t)
	loaded := false
	s := &screen{name: "load", view: func(s *screen, c *shell.Ctx) shell.View {
		if !loaded {
			shell.Run(c, func(context.Context) (int, error) { return 1, nil }, func(int, error) { loaded = true; c.Refresh() })
			r.runJobs()
			return shell.View{Title: "wait"}
		}
		return shell.View{Title: "done"}
	}}
	r.home.ctx.Push(s)
	if got := r.shell.Probe().Title; got != "done" {
		t.Errorf("shows %q", got)
	}
}

func TestNotices(t *testing.T) {
	r := newRig(t)
	r.shell.SetNotice("demo", kit.Info, "Pokaz")
	r.shell.SetNotice("office", kit.Attention, "Ostatni kontakt z urzędem 9.40")
	if !shows(r.shell.Content(), "Pokaz") || !shows(r.shell.Content(), "Ostatni kontakt z urzędem 9.40") {
		t.Error("a notice does not show")
	}
	r.home.ctx.Push(formScreen("a"))
	r.shell.SetNotice("demo", kit.Info, "")
	if shows(r.shell.Content(), "Pokaz") || !shows(r.shell.Content(), "Ostatni kontakt z urzędem 9.40") {
		t.Error("notices are wrong on the next screen")
	}
}

func shows(root fyne.CanvasObject, text string) bool {
	found := false
	kit.Walk(test.WidgetRenderer(root.(fyne.Widget)).Objects()[0], func(o fyne.CanvasObject, _ fyne.Position) {
		if t, ok := o.(*kit.Text); ok && t.Text() == text {
			found = true
		}
	})
	return found
}

// Everything to touch stays inside the window and apart, in every shape.
func TestShapes(t *testing.T) {
	for _, size := range []fyne.Size{{Width: 1920, Height: 1080}, {Width: 1080, Height: 1920}, {Width: 1366, Height: 768}, {Width: 1280, Height: 1024}} {
		for _, large := range []bool{false, true} {
			r := newRig(t)
			r.win.Resize(size)
			r.home.ctx.Push(formScreen("a"))
			r.shell.SetDisplay(theme.Normal, large)
			checkPlaces(t, size, r.shell.Probe().Targets)
		}
	}
}

func checkPlaces(t *testing.T, size fyne.Size, all []kit.TargetInfo) {
	t.Helper()
	for i, a := range all {
		if a.Pos.X < 0 || a.Pos.Y < 0 || a.Pos.X+a.Size.Width > size.Width || a.Pos.Y+a.Size.Height > size.Height {
			t.Errorf("%v: %q is at %v %v", size, a.Label, a.Pos, a.Size)
		}
		for _, b := range all[i+1:] {
			if a.Pos.X < b.Pos.X+b.Size.Width && b.Pos.X < a.Pos.X+a.Size.Width && a.Pos.Y < b.Pos.Y+b.Size.Height && b.Pos.Y < a.Pos.Y+a.Size.Height {
				t.Errorf("%v: %q lies on %q", size, a.Label, b.Label)
			}
		}
	}
}

// The desktop driver does not know the canvas of an object that was just made;
// the test driver then names the window made last.
func TestFocusInAnUnknownCanvas(t *testing.T) {
	r := newRig(t)
	other := test.NewWindow(nil)
	t.Cleanup(other.Close)
	r.home.ctx.Push(formScreen("a"))
	if _, ok := r.target("ą"); !ok {
		t.Error("no keyboard for the field focused first")
	}
}

func TestClose(t *testing.T) {
	r := newRig(t)
	wiped := false
	r.home.ctx.Session().OnEnd(func() { wiped = true })
	r.home.ctx.Push(formScreen("a"))
	r.shell.Close()
	if !wiped {
		t.Error("nothing was wiped")
	}
	r.clock.pass(time.Hour) // no timer may act on the closed shell
	if got := r.shell.Probe(); got.Depth != 0 {
		t.Errorf("depth %d", got.Depth)
	}
}

// TestRefocus moves the focus to the field a page asks for; Refresh leaves it
// where it was.
func TestRefocus(t *testing.T) {
	r := newRig(t)
	s := formScreen("a")
	r.home.ctx.Push(s)
	r.tap("Pomoc")
	s.ctx.Refresh()
	if x, _ := r.target("Pomoc"); !x.Focused {
		t.Error("Refresh takes the focus away")
	}
	s.ctx.Refocus()
	if x, _ := r.target("Nazwisko"); !x.Focused {
		t.Error("Refocus does not go where the page asks for")
	}
	old := s.ctx
	s.ctx.Pop()
	old.Refocus() // a page that has left draws nothing
	r.at("home")
}

// TestLowPanelMakesRoomForTyping puts lead and notices away while the keyboard
// is out on a low panel, and brings them back.
func TestLowPanelMakesRoomForTyping(t *testing.T) {
	for _, c := range []struct {
		height float32
		typing bool
	}{{768, false}, {1080, true}} {
		r := newRig(t)
		r.win.Resize(fyne.NewSize(1366, c.height))
		r.shell.SetNotice("n", kit.Info, "Wersja pokazowa")
		s := formScreen("a")
		plain := s.view
		s.view = func(s *screen, ctx *shell.Ctx) shell.View {
			v := plain(s, ctx)
			v.Lead = "Potrzebny jest kod"
			return v
		}
		r.home.ctx.Push(s)
		if got := shows(r.shell.Content(), "Potrzebny jest kod") && shows(r.shell.Content(), "Wersja pokazowa"); got != c.typing {
			t.Errorf("%.0f high, typing: shown %t", c.height, got)
		}
		r.tap("Gotowe")
		if !shows(r.shell.Content(), "Potrzebny jest kod") || !shows(r.shell.Content(), "Wersja pokazowa") {
			t.Errorf("%.0f high: not back after typing", c.height)
		}
	}
}
