package shell

import (
	"context"
	"runtime/debug"
	"time"

	"fyne.io/fyne/v2"

	"egmina/ui/i18n"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// Clock is the source of time; tests own one.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f on any goroutine once d has passed; stop prevents it.
	AfterFunc(d time.Duration, f func()) (stop func())
}

// Config is what a Shell is made of. Zero durations take their defaults.
type Config struct {
	Canvas  fyne.Canvas // of the window that shows Content
	Catalog *i18n.Catalog
	Home    Screen
	Office  string        // the municipality's name
	Emblem  fyne.Resource // nil: none
	Lang    string        // language at the start of every session, "pl"

	Idle    time.Duration // without a touch until the warning, 60 s
	Warning time.Duration // how long the warning counts down, 30 s, at least 20 s
	Limit   time.Duration // of a whole session, 10 min

	Clock    Clock
	Dispatch func(func())          // to the UI goroutine: fyne.Do, inline in tests
	Go       func(func())          // starts a job: on a goroutine, inline in tests
	SetTheme func(fyne.Theme)      // of the application; nil: the running one's settings
	Spoken   func(*i18n.Localizer) // called when the language is set: notices are to be said anew; may be nil
}

// Shell is the frame around the screens: router, session, idle timer, bars.
// Its methods run on the UI goroutine.
type Shell struct {
	cfg     Config
	frame   *frame
	stack   []*entry
	session *Session
	lang    string
	opts    theme.Options
	size    fyne.Size
	notices []notice
	watch   watch
	draws   int // pages drawn, to notice one drawn while another was being made
	begun   bool
}

// entry is a screen on the stack with the life time of its jobs.
type entry struct {
	screen Screen
	ctx    context.Context
	cancel context.CancelFunc
	offset float32 // how far its page was scrolled
	busy   int     // jobs that take long enough to be shown
}

type notice struct {
	id    string
	level kit.Level
	text  string
}

// New makes a shell. Nothing runs before Start.
func New(cfg Config) *Shell {
	withDefaults(&cfg)
	s := &Shell{cfg: cfg, session: &Session{}, lang: cfg.Lang, size: fyne.NewSize(1920, 1080)}
	s.frame = newFrame(s)
	return s
}

func withDefaults(c *Config) {
	def := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	def(&c.Idle, time.Minute)
	def(&c.Warning, 30*time.Second)
	def(&c.Limit, 10*time.Minute)
	c.Warning = max(c.Warning, 20*time.Second) // WCAG 2.2.1: at least 20 s to extend
	if c.Lang == "" {
		c.Lang = "pl"
	}
	if c.Clock == nil {
		c.Clock = systemClock{}
	}
	if c.Dispatch == nil {
		c.Dispatch = fyne.Do
	}
	if c.Go == nil {
		c.Go = func(f func()) { go f() }
	}
	if c.SetTheme == nil {
		c.SetTheme = func(t fyne.Theme) { fyne.CurrentApp().Settings().SetTheme(t) }
	}
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }
func (systemClock) AfterFunc(d time.Duration, f func()) func() {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}

// Content is what the window shows.
func (s *Shell) Content() fyne.CanvasObject { return s.frame }

// Start shows the first screen and begins to listen to the window's keys. Set
// Content as the window's content before.
func (s *Shell) Start() {
	if size := s.cfg.Canvas.Size(); size.Width > 10 {
		s.size = size
	}
	s.opts.Compact = isCompact(s.size)
	kit.Attach(s.cfg.Canvas, kit.Hooks{
		Activity: s.activity, Key: s.key, Focused: s.focused, Editing: s.frame.edit, Changed: s.frame.settle,
	})
	s.cfg.Canvas.SetOnTypedKey(func(e *fyne.KeyEvent) {
		kit.UsedKeys()
		s.activity()
		s.key(e)
	})
	s.cfg.Canvas.SetOnTypedRune(func(r rune) {
		s.activity()
		s.frame.typeUnfocused(r)
	})
	s.begun = true
	s.cfg.SetTheme(theme.New(s.opts))
	s.spoken()
	s.push(s.cfg.Home)
}

func (s *Shell) top() *entry {
	if len(s.stack) == 0 {
		return nil
	}
	return s.stack[len(s.stack)-1]
}

func (s *Shell) push(sc Screen) {
	if t := s.top(); t != nil {
		t.offset = s.frame.offset()
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.stack = append(s.stack, &entry{screen: sc, ctx: ctx, cancel: cancel})
	s.show()
}

func (s *Shell) drop() {
	t := s.top()
	t.cancel()
	s.stack = s.stack[:len(s.stack)-1]
}

func (s *Shell) replace(sc Screen) {
	s.drop()
	s.push(sc)
}

func (s *Shell) pop() {
	if len(s.stack) > 1 {
		s.drop()
		s.show()
	}
}

func (s *Shell) popTo(name string) {
	if len(s.stack) < 2 {
		return
	}
	s.drop()
	for len(s.stack) > 1 && s.top().screen.Name() != name {
		s.drop()
	}
	s.show()
}

func (s *Shell) home() { s.popTo("") }

// Refresh draws the present screen anew, keeping focus and place.
func (s *Shell) Refresh() { s.refresh(s.top()) }

func (s *Shell) refresh(e *entry) {
	if e == nil || e != s.top() || !s.begun {
		return
	}
	mark := s.frame.focusMark()
	e.offset = s.frame.offset()
	s.show()
	s.frame.restoreFocus(mark)
}

func (s *Shell) refocus(e *entry) {
	if e != nil && e == s.top() && s.begun {
		e.offset = s.frame.offset()
		s.show()
	}
}

// show draws the screen on top.
func (s *Shell) show() {
	s.draws++
	t, turn := s.top(), s.draws
	c := s.ctxFor(t)
	v := t.screen.View(c)
	if turn != s.draws { // a job started by View was done at once and has drawn the page
		return
	}
	s.frame.show(c, t, v)
	s.rearm()
}

func (s *Shell) ctxFor(e *entry) *Ctx {
	return &Ctx{
		Loc: s.loc(), Lang: s.lang, Palette: s.opts.Palette, Large: s.opts.Large, Size: s.size,
		Portrait: s.portrait(), Compact: s.opts.Compact, Now: s.cfg.Clock.Now, s: s, entry: e,
	}
}

// Loc is the session's localiser.
func (s *Shell) Loc() *i18n.Localizer { return s.loc() }

// SetOffice changes the name and emblem in the top bar.
func (s *Shell) SetOffice(name string, emblem fyne.Resource) {
	same := name == s.cfg.Office && (emblem == nil) == (s.cfg.Emblem == nil)
	s.cfg.Office, s.cfg.Emblem = name, emblem
	if !same {
		s.Refresh()
	}
}

func (s *Shell) loc() *i18n.Localizer { return s.cfg.Catalog.For(s.lang) }

func (s *Shell) portrait() bool { return s.size.Height > s.size.Width }

// isCompact tells panels with large pixels (1366×768 on 18.5", 1280×1024 on 19":
// about 3.4 to the millimetre) from those with small ones (4 and more).
func isCompact(size fyne.Size) bool {
	return size.Height < 900 || size.Width > size.Height && size.Width < 1500
}

// resized learns the window's size; another shape draws the page anew.
func (s *Shell) resized(size fyne.Size) {
	old, wasPortrait := s.opts, s.portrait()
	s.size = size
	s.opts.Compact = isCompact(size)
	if !s.begun || (old == s.opts && wasPortrait == s.portrait()) {
		return
	}
	if old != s.opts {
		s.cfg.SetTheme(theme.New(s.opts))
	}
	s.Refresh()
}

// SetLang switches the language of this session.
func (s *Shell) SetLang(lang string) {
	s.session.used = s.session.used || lang != s.cfg.Lang
	s.lang = lang
	s.spoken()
	s.Refresh()
}

func (s *Shell) spoken() {
	if s.cfg.Spoken != nil {
		s.cfg.Spoken(s.loc())
	}
}

// SetDisplay switches palette and text size of this session.
func (s *Shell) SetDisplay(p theme.Palette, large bool) {
	s.session.used = true
	s.opts.Palette, s.opts.Large = p, large
	s.cfg.SetTheme(theme.New(s.opts))
	s.Refresh()
}

// SetNotice shows or replaces a bar above every page, in the order the ids were
// first used; an empty text removes it.
func (s *Shell) SetNotice(id string, level kit.Level, text string) {
	for i, n := range s.notices {
		if n.id != id {
			continue
		}
		if n.text == text && n.level == level {
			return
		}
		if text == "" {
			s.notices = append(s.notices[:i:i], s.notices[i+1:]...)
		} else {
			s.notices[i] = notice{id, level, text}
		}
		s.frame.showNotices()
		return
	}
	if text != "" {
		s.notices = append(s.notices, notice{id, level, text})
		s.frame.showNotices()
	}
}

func (s *Shell) onStack(e *entry) bool {
	for _, x := range s.stack {
		if x == e {
			return true
		}
	}
	return false
}

func (s *Shell) run(e *entry, job func(context.Context) (any, error), then func(any, error)) {
	done, shown := false, false
	stop := s.cfg.Clock.AfterFunc(theme.BusyAfter, func() {
		s.cfg.Dispatch(func() {
			if !done && e.ctx.Err() == nil {
				shown = true
				s.setBusy(e, 1)
			}
		})
	})
	s.cfg.Go(func() {
		v, err := job(e.ctx)
		s.cfg.Dispatch(func() {
			done = true
			stop()
			if shown {
				s.setBusy(e, -1)
			}
			if e.ctx.Err() == nil && s.onStack(e) {
				then(v, err)
			}
		})
	})
}

func (s *Shell) setBusy(e *entry, by int) {
	e.busy += by
	if e == s.top() {
		s.frame.showBusy(e.busy > 0)
	}
}

func (s *Shell) after(e *entry, d time.Duration, f func()) func() {
	stopped := false
	stop := s.cfg.Clock.AfterFunc(d, func() {
		s.cfg.Dispatch(func() {
			if !stopped && e.ctx.Err() == nil && s.onStack(e) {
				f()
			}
		})
	})
	return func() {
		stopped = true
		stop()
	}
}

// End ends the session: jobs are cancelled, wipers run, and the first screen
// shows in the first language, palette and size.
func (s *Shell) End() {
	s.watch.stopAll()
	for len(s.stack) > 0 {
		s.drop()
	}
	s.session.end()
	s.lang = s.cfg.Lang
	s.opts.Palette, s.opts.Large = theme.Normal, false
	s.SetNotice(limitNotice, kit.Info, "")
	s.frame.reset()
	s.cfg.SetTheme(theme.New(s.opts))
	s.spoken()
	s.push(s.cfg.Home)
	s.cfg.Go(debug.FreeOSMemory) // what the session's pages took goes back to the system
}

// Close ends the session for good: jobs are cancelled, wipers run, no timer is
// left and the window's keys are no longer heard.
func (s *Shell) Close() {
	s.watch.stopAll()
	for len(s.stack) > 0 {
		s.drop()
	}
	s.session.end()
	s.begun = false
	kit.Attach(s.cfg.Canvas, kit.Hooks{})
	s.cfg.Canvas.SetOnTypedKey(nil)
	s.cfg.Canvas.SetOnTypedRune(nil)
}

// Probe is what the guided tour sees of the present page.
type Probe struct {
	Screen  string // name of the screen, "shell.idle" during the warning
	Title   string
	Depth   int // screens on the stack
	Busy    bool
	Targets []kit.TargetInfo
}

// Probe describes the present page. It never holds what was typed.
func (s *Shell) Probe() Probe {
	p := Probe{Depth: len(s.stack), Targets: kit.Targets(s.frame.root)}
	if s.watch.warning {
		p.Screen = "shell.idle"
	} else if t := s.top(); t != nil {
		p.Screen, p.Title, p.Busy = t.screen.Name(), s.frame.view.Title, t.busy > 0
	}
	return p
}
