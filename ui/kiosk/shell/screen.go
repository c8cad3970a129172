package shell

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"egmina/ui/i18n"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// Screen is one page of the kiosk. Its state (what was typed, what was loaded)
// lives in the Screen value; View only draws it and may be called any number of
// times: after a change of language, palette, text size or window size.
type Screen interface {
	Name() string // stable, for the tour and the log: "account.charges"
	View(*Ctx) View
}

// View is what a screen shows now.
type View struct {
	Title   string
	Lead    string            // one line under the title
	Above   fyne.CanvasObject // stays above the body when it scrolls: steps, tabs
	Body    fyne.CanvasObject
	Actions []Action       // bottom bar, right-aligned; the primary is the last one
	OnBack  func()         // nil: to the screen before
	NoBack  bool           // no Back button, Escape does nothing
	Focus   fyne.Focusable // what has the focus first; nil: the first thing in Body
	Fill    bool           // Body has a scroller of its own (kit.List, kit.Paper) and takes the whole place
	Wide    bool           // Body takes the width of the page, not of a column
	Bare    bool           // no title row: the first screen
}

// Action is a button of the bottom bar.
type Action struct {
	Label    string
	Icon     string
	Kind     kit.ButtonKind
	Do       func()
	Disabled bool
}

// Ctx is what a screen may ask of the shell. It is made anew for every View;
// one kept by a callback stays valid as long as the screen is on the stack.
// All of it runs on the UI goroutine.
type Ctx struct {
	Loc      *i18n.Localizer
	Lang     string
	Palette  theme.Palette
	Large    bool
	Size     fyne.Size // of the window
	Portrait bool
	Compact  bool // a small panel (1366×768, 1280×1024): show less
	Now      func() time.Time

	s     *Shell
	entry *entry
}

// T is short for Loc.T.
func (c *Ctx) T(key string, args ...any) string { return c.Loc.T(key, args...) }

// N is short for Loc.N.
func (c *Ctx) N(key string, count int, args ...any) string { return c.Loc.N(key, count, args...) }

// Err is short for Loc.Err.
func (c *Ctx) Err(err error) string { return c.Loc.Err(err) }

// Push opens a screen on top of this one.
func (c *Ctx) Push(s Screen) { c.s.push(s) }

// Replace opens a screen in place of the one on top.
func (c *Ctx) Replace(s Screen) { c.s.replace(s) }

// Pop goes back to the screen below, or does nothing on the first one.
func (c *Ctx) Pop() { c.s.pop() }

// PopTo goes back to the nearest screen below of that name, or home.
func (c *Ctx) PopTo(name string) { c.s.popTo(name) }

// Home goes back to the first screen; the session goes on.
func (c *Ctx) Home() { c.s.home() }

// End ends the session at once, as the button Zakończ does.
func (c *Ctx) End() { c.s.End() }

// Refresh draws the screen anew if it is on top, keeping the focus.
func (c *Ctx) Refresh() { c.s.refresh(c.entry) }

// Refocus draws the screen anew if it is on top and gives the focus to what its
// View asks for: the field that is wrong, whatever was pressed before.
func (c *Ctx) Refocus() { c.s.refocus(c.entry) }

// Run does job on a goroutine of its own and hands its result to then on the UI
// goroutine. After 300 ms the page says that it goes on. The context ends, and
// then is not called, when the screen leaves the stack or the session ends.
func (c *Ctx) Run(job func(context.Context) (any, error), then func(any, error)) {
	c.s.run(c.entry, job, then)
}

// Run is Ctx.Run with a type.
func Run[T any](c *Ctx, job func(context.Context) (T, error), then func(T, error)) {
	c.Run(func(ctx context.Context) (any, error) { return job(ctx) }, func(v any, err error) {
		t, _ := v.(T)
		then(t, err)
	})
}

// After calls f on the UI goroutine once d has passed, unless stop was called,
// the screen has left the stack or the session has ended.
func (c *Ctx) After(d time.Duration, f func()) (stop func()) { return c.s.after(c.entry, d, f) }

// Session returns what this resident's visit leaves to wipe.
func (c *Ctx) Session() *Session { return c.s.session }

// Notice shows or replaces a bar above every page; "" removes it.
func (c *Ctx) Notice(id string, level kit.Level, text string) { c.s.SetNotice(id, level, text) }

// Session is one resident's visit. It ends by Zakończ, by idling or at the hard
// limit; then the wipers run, newest first.
type Session struct {
	values map[any]any
	wipers []func()
	used   bool
}

// OnEnd registers what must be wiped when the session ends: keys, answers, jobs.
func (s *Session) OnEnd(wipe func()) {
	s.used = true
	s.wipers = append(s.wipers, wipe)
}

// Set keeps a value until the session ends. Keys are of unexported types, as
// with context values.
func (s *Session) Set(key, value any) {
	s.used = true
	if s.values == nil {
		s.values = map[any]any{}
	}
	s.values[key] = value
}

// Get returns a value kept by Set, or nil.
func (s *Session) Get(key any) any { return s.values[key] }

func (s *Session) end() {
	for i := len(s.wipers) - 1; i >= 0; i-- {
		s.wipers[i]()
	}
	*s = Session{}
}
