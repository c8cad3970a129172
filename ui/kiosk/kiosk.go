// Package kiosk is the lobby: it joins the families of screens below it into
// one window and leads from one to the other.
package kiosk

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/ui/i18n"
	"egmina/ui/kiosk/account"
	"egmina/ui/kiosk/home"
	"egmina/ui/kiosk/meters"
	"egmina/ui/kiosk/printout"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
)

// staleAfter is how long the office may be silent before a bar says so, and
// look is how often that is looked at.
const (
	staleAfter = 15 * time.Minute
	lookEvery  = 20 * time.Second
)

// Desk is what residents do with their accounts.
type Desk interface {
	account.Desk
	meters.Desk
}

// Config is what a Kiosk is made of. All services are real; none waits on the
// UI goroutine.
type Config struct {
	Canvas    fyne.Canvas
	Languages *i18n.Catalog
	Language  string // at the start of every session
	Name      string // of this kiosk, for receipts
	Content   func() *Catalog
	Desk      Desk
	Printer   printout.Printer
	// Silent tells for how long the office has not been reached.
	Silent func() time.Duration
	Demo   []home.Access // shown on the first screen; nil outside the demonstration

	Idle, Warning, Limit time.Duration
	Now                  func() time.Time
	Dispatch             func(func())
	Clock                shell.Clock  // nil: Now, and timers of the real time
	Go                   func(func()) // starts a job; nil: on a goroutine
}

// Kiosk is the window's content. Its methods run on the UI goroutine.
type Kiosk struct {
	cfg   Config
	shell *shell.Shell
	rooms rooms
	stop  func()

	listeners map[int]func()
	next      int
}

// New makes a kiosk; Start shows its first screen.
func New(cfg Config) *Kiosk {
	if cfg.Clock == nil {
		cfg.Clock = clock{cfg.Now}
	}
	k := &Kiosk{cfg: cfg, listeners: map[int]func(){}}
	k.rooms = newRooms(k)
	m := cfg.Content().Municipality
	k.shell = shell.New(shell.Config{
		Canvas: cfg.Canvas, Catalog: cfg.Languages, Home: home.New(k.rooms.calls(), cfg.Demo),
		Office: m.Name.In(data.Polish), Emblem: emblem(cfg.Content()), Lang: cfg.Language,
		Idle: cfg.Idle, Warning: cfg.Warning, Limit: cfg.Limit, Clock: cfg.Clock, Dispatch: cfg.Dispatch, Go: cfg.Go,
		Spoken: k.say,
	})
	return k
}

// clock tells the injected time and waits in the real one.
type clock struct{ now func() time.Time }

func (c clock) Now() time.Time { return c.now() }

func (c clock) AfterFunc(d time.Duration, f func()) func() {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}

// emblem is the municipality's, nil when the pack has none.
func emblem(c *Catalog) fyne.Resource {
	name := c.Municipality.Emblem
	if raw, ok := c.Files[name]; ok && len(raw) > 0 {
		return fyne.NewStaticResource(name, raw)
	}
	return nil
}

// Content is what the window shows.
func (k *Kiosk) Content() fyne.CanvasObject { return k.shell.Content() }

// Start shows the first screen and begins to watch the line to the office.
func (k *Kiosk) Start() {
	k.shell.Start()
	k.watch()
}

// watch looks at the line to the office from time to time.
func (k *Kiosk) watch() {
	k.stop = k.cfg.Clock.AfterFunc(lookEvery, func() {
		k.cfg.Dispatch(func() {
			k.say(k.shell.Loc())
			k.watch()
		})
	})
}

// End ends the session and all watching.
func (k *Kiosk) End() {
	if k.stop != nil {
		k.stop()
	}
	k.shell.Close()
}

// Changed tells that content, an account or the outbox has news.
func (k *Kiosk) Changed(bucket string) {
	if bucket == data.BucketPublic {
		m := k.cfg.Content().Municipality
		k.shell.SetOffice(m.Name.In(data.Polish), emblem(k.cfg.Content()))
	}
	k.say(k.shell.Loc())
	if bucket != data.BucketPublic {
		k.tell()
	}
}

// Probe describes the present page to the guided tour.
func (k *Kiosk) Probe() shell.Probe { return k.shell.Probe() }

// say shows what everybody must know: that this is a demonstration, and when the
// office was last reached if that is long ago.
func (k *Kiosk) say(loc *i18n.Localizer) {
	if k.shell == nil {
		return
	}
	demo := ""
	if k.cfg.Content().Municipality.Demonstration {
		demo = loc.T("kiosk.demo")
	}
	k.shell.SetNotice("demo", kit.Info, demo)
	stale := ""
	if silent := k.cfg.Silent(); silent > staleAfter {
		stale = loc.T("kiosk.stale", "Time", k.cfg.Clock.Now().Add(-silent).Format("2.01.2006, 15:04"))
	}
	k.shell.SetNotice("stale", kit.Attention, stale)
}

// checkPrinter looks whether a document would be printed now.
func (k *Kiosk) checkPrinter(ctx context.Context) error { return k.cfg.Printer.Check(ctx) }

// facts are what is known of the resident who has logged in.
func facts(c *shell.Ctx) map[string]string {
	if a := account.Of(c); a != nil {
		return a.Bundle.Holder.Facts()
	}
	return nil
}
