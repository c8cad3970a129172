// Package screentest puts screens into a real shell without a window, so that
// tests touch, type and read them as a resident does. Time stands still until a
// test moves it, and what the shell dispatches waits until a test lets it run.
package screentest

import (
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"egmina/assets"
	"egmina/data/pack"
	"egmina/ui/i18n"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
)

// Now is the time of every test.
var Now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// Sizes are the panels every screen must hold on, in units.
var Sizes = []fyne.Size{
	fyne.NewSize(1920, 1080), fyne.NewSize(1080, 1920), fyne.NewSize(1366, 768), fyne.NewSize(1280, 1024),
}

// Pack returns the demonstration municipality.
var Pack = sync.OnceValues(func() (*pack.Pack, error) {
	sub, err := fs.Sub(assets.Gminas, "gmina/koscielisko")
	if err != nil {
		return nil, err
	}
	return pack.Load(sub)
})

var catalog = sync.OnceValues(func() (*i18n.Catalog, error) { return i18n.Load(assets.Lang) })

// Stage is a shell with an empty first screen.
type Stage struct {
	T     testing.TB
	Shell *shell.Shell
	Win   fyne.Window
	home  *empty
	clock *clock
	queue chan func()
}

// empty is the first screen; it only lends its Ctx.
type empty struct{ ctx *shell.Ctx }

func (e *empty) Name() string { return "home" }
func (e *empty) View(c *shell.Ctx) shell.View {
	e.ctx = c
	return shell.View{Title: "home", Body: kit.Space(10)}
}

// New opens a stage of the given size.
func New(t testing.TB, size fyne.Size) *Stage {
	t.Helper()
	cat, err := catalog()
	if err != nil {
		t.Fatal(err)
	}
	test.NewTempApp(t)
	s := &Stage{T: t, home: &empty{}, clock: &clock{now: Now}, queue: make(chan func(), 64), Win: test.NewWindow(nil)}
	t.Cleanup(s.Win.Close)
	s.Win.SetPadded(false)
	s.Win.Resize(size)
	s.Shell = shell.New(shell.Config{
		Canvas: s.Win.Canvas(), Catalog: cat, Home: s.home, Office: "Gmina Kościelisko",
		Clock: s.clock, Dispatch: func(f func()) { s.queue <- f },
	})
	s.Win.SetContent(s.Shell.Content())
	s.Shell.Start()
	s.Win.Resize(size)
	return s
}

// Root is what the window shows, for kit.Walk.
func (s *Stage) Root() fyne.CanvasObject {
	return &fyne.Container{Objects: test.LaidOutObjects(s.Shell.Content())}
}

// Ctx is the first screen's, to push screens with.
func (s *Stage) Ctx() *shell.Ctx { return s.home.ctx }

// Push opens a screen.
func (s *Stage) Push(sc shell.Screen) { s.home.ctx.Push(sc) }

// Screen is the name of the present page.
func (s *Stage) Screen() string { return s.Shell.Probe().Screen }

// Settle runs the next thing that was dispatched, as soon as there is one.
func (s *Stage) Settle() {
	s.T.Helper()
	select {
	case f := <-s.queue:
		f()
	case <-time.After(10 * time.Second):
		s.T.Fatal("nothing came back from the job")
	}
}

// Pass moves the clock: every timer due in d runs, in order.
func (s *Stage) Pass(d time.Duration) {
	for _, f := range s.clock.pass(d) {
		f()
		s.Settle()
	}
}

// Target finds a thing to touch by the start of its label.
func (s *Stage) Target(label string) (kit.TargetInfo, bool) {
	for _, t := range s.Shell.Probe().Targets {
		if strings.HasPrefix(t.Label, label) {
			return t, true
		}
	}
	return kit.TargetInfo{}, false
}

func (s *Stage) labels() []string {
	var out []string
	for _, t := range s.Shell.Probe().Targets {
		out = append(out, t.Label)
	}
	return out
}

// Tap touches the thing whose label starts so.
func (s *Stage) Tap(label string) {
	s.T.Helper()
	t, ok := s.Target(label)
	switch {
	case !ok:
		s.T.Fatalf("no %q on %s: %q", label, s.Screen(), s.labels())
	case t.Disabled:
		s.T.Fatalf("%q on %s is disabled", label, s.Screen())
	}
	t.Object.(fyne.Tappable).Tapped(&fyne.PointEvent{})
}

// Type puts the focus on a field and types.
func (s *Stage) Type(label, text string) {
	s.T.Helper()
	t, ok := s.Target(label)
	if !ok || t.Kind != kit.KindField {
		s.T.Fatalf("no field %q on %s: %q", label, s.Screen(), s.labels())
	}
	s.Win.Canvas().Focus(t.Object.(fyne.Focusable))
	s.Keys(text)
}

// Keys types into what has the focus.
func (s *Stage) Keys(text string) {
	for _, r := range text {
		s.Win.Canvas().Focused().TypedRune(r)
	}
}

// Key presses a key that is no letter.
func (s *Stage) Key(name fyne.KeyName) {
	s.Win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
}

// Value is what stands in a field.
func (s *Stage) Value(label string) string {
	s.T.Helper()
	t, ok := s.Target(label)
	e, isEntry := t.Object.(*kit.Entry)
	if !ok || !isEntry {
		s.T.Fatalf("no field %q on %s: %q", label, s.Screen(), s.labels())
	}
	return e.Text
}

// Texts are all sentences on the page, also those scrolled out of sight.
func (s *Stage) Texts() []string {
	var out []string
	for _, o := range test.LaidOutObjects(s.Shell.Content()) {
		if t, ok := o.(*kit.Text); ok && t.Visible() {
			out = append(out, t.Text())
		}
	}
	return out
}

// Says tells whether a sentence is on the page.
func (s *Stage) Says(part string) bool {
	for _, t := range s.Texts() {
		if strings.Contains(t, part) {
			return true
		}
	}
	return false
}

// Want fails unless the page says all parts.
func (s *Stage) Want(parts ...string) {
	s.T.Helper()
	for _, p := range parts {
		if !s.Says(p) {
			s.T.Fatalf("%s does not say %q; it says %q", s.Screen(), p, s.Texts())
		}
	}
}

// Fits fails when something to touch lies outside the panel or a sentence has no
// translation.
func (s *Stage) Fits() {
	s.T.Helper()
	w := s.Win.Canvas().Size().Width
	for _, t := range s.Shell.Probe().Targets {
		if t.Pos.X < 0 || t.Pos.X+t.Size.Width > w+0.5 {
			s.T.Errorf("%s: %q reaches from %.0f to %.0f on a panel %.0f wide", s.Screen(), t.Label, t.Pos.X, t.Pos.X+t.Size.Width, w)
		}
	}
	for _, text := range s.Texts() {
		if strings.Contains(text, "«") {
			s.T.Errorf("%s: no words for %s", s.Screen(), text)
		}
	}
}

// clock stands still until it is told to move.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	timers []*timer
}

type timer struct {
	at  time.Time
	f   func()
	off bool
}

func (c *clock) Now() time.Time { return c.now }

func (c *clock) AfterFunc(d time.Duration, f func()) func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &timer{at: c.now.Add(d), f: f}
	c.timers = append(c.timers, t)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		t.off = true
	}
}

// pass moves the clock and returns what is due.
func (c *clock) pass(d time.Duration) []func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	var due []func()
	for _, t := range c.timers {
		if !t.off && !t.at.After(c.now) {
			t.off = true
			due = append(due, t.f)
		}
	}
	return due
}
