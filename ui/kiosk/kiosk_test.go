package kiosk

import (
	"context"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"egmina/assets"
	"egmina/data"
	"egmina/data/pack"
	"egmina/data/paper"
	"egmina/data/printing"
	"egmina/data/resident"
	"egmina/data/seal"
	"egmina/ui/i18n"
	"egmina/ui/kiosk/home"
	"egmina/ui/kit"
)

var (
	landscape = fyne.NewSize(1920, 1080)
	portrait  = fyne.NewSize(1080, 1920)
)

// noon is the time of every test: after the pack's November dues.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// content is the demonstration municipality, read once.
var content = sync.OnceValue(func() *Catalog {
	sub, err := fs.Sub(assets.Gminas, "gmina/koscielisko")
	if err != nil {
		panic(err)
	}
	p, err := pack.Load(sub)
	if err != nil {
		panic(err)
	}
	return NewCatalog(p)
})

var languages = sync.OnceValue(func() *i18n.Catalog {
	c, err := i18n.Load(assets.Lang)
	if err != nil {
		panic(err)
	}
	return c
})

// fakeClock stands still until it is told to move.
type fakeClock struct {
	now    time.Time
	timers []*fakeTimer
}

type fakeTimer struct {
	at  time.Time
	f   func()
	off bool
}

func (c *fakeClock) Now() time.Time { return c.now }

func (c *fakeClock) AfterFunc(d time.Duration, f func()) func() {
	t := &fakeTimer{at: c.now.Add(d), f: f}
	c.timers = append(c.timers, t)
	return func() { t.off = true }
}

// pass moves the clock; every timer due on the way runs at its time.
func (c *fakeClock) pass(d time.Duration) {
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

// fakeDesk opens the pack's residents without their keys. fail, when set, is the
// answer to every login.
type fakeDesk struct {
	clock *fakeClock
	fail  error
	sent  []resident.Sent
}

func (d *fakeDesk) Login(_ context.Context, code, pin string) (*resident.Account, error) {
	if d.fail != nil {
		return nil, d.fail
	}
	if _, err := seal.ParseCode(code); err != nil {
		return nil, err
	}
	for i := range content().Residents {
		if r := &content().Residents[i]; r.Code == code && r.PIN == pin {
			return &resident.Account{Bundle: r.Bundle(data.InstantOf(d.clock.now.Add(-24 * time.Hour)))}, nil
		}
	}
	return nil, seal.ErrWrong
}

func (d *fakeDesk) Check(_ context.Context, a *resident.Account, meter, typed string) (data.ReadingCheck, error) {
	for _, m := range a.Bundle.Meters {
		if m.ID == meter {
			return m.Check(typed, data.DateOf(d.clock.now), nil), nil
		}
	}
	return data.ReadingCheck{}, data.Fail("resident.no_meter", nil)
}

func (d *fakeDesk) Leave(ctx context.Context, a *resident.Account, draft resident.Draft) (resident.Sent, error) {
	check, err := d.Check(ctx, a, draft.Meter, draft.Typed)
	if err != nil {
		return resident.Sent{}, err
	}
	s := resident.Sent{Op: draft.Op, Meter: draft.Meter, Date: data.DateOf(d.clock.now), Value: check.Value, Receipt: "2026/11/000123", State: "waiting"}
	d.sent = append(d.sent, s)
	return s, nil
}

func (d *fakeDesk) Sent(context.Context, *resident.Account) ([]resident.Sent, error) {
	return d.sent, nil
}
func (d *fakeDesk) Refresh(context.Context, *resident.Account) error { return nil }

// fakePrinter prints at once.
type fakePrinter struct{ printed int }

func (p *fakePrinter) Check(context.Context) error { return nil }
func (p *fakePrinter) Print(context.Context, string, paper.Doc, func(printing.Progress)) error {
	p.printed++
	return nil
}

// rig is a kiosk without a window. What it starts is done at once, unless hold.
type rig struct {
	tb      testing.TB
	kiosk   *Kiosk
	win     fyne.Window
	clock   *fakeClock
	desk    *fakeDesk
	printer *fakePrinter
	silent  time.Duration
	hold    bool
	jobs    []func()
}

func newRig(tb testing.TB, size fyne.Size) *rig {
	tb.Helper()
	test.NewTempApp(tb)
	r := &rig{tb: tb, win: test.NewWindow(nil), clock: &fakeClock{now: noon}, printer: &fakePrinter{}}
	r.desk = &fakeDesk{clock: r.clock}
	tb.Cleanup(r.win.Close)
	r.win.SetPadded(false)
	r.win.Resize(size)
	r.kiosk = New(Config{
		Canvas: r.win.Canvas(), Languages: languages(), Language: "pl", Name: "Kiosk 1", Content: content, Desk: r.desk, Printer: r.printer,
		Silent: func() time.Duration { return r.silent }, Demo: []home.Access{{Code: "ZAB5-RRB1-46VH", PIN: "2580"}},
		Now: r.clock.Now, Clock: r.clock, Dispatch: func(f func()) { f() }, Go: r.start,
	})
	r.win.SetContent(r.kiosk.Content())
	r.kiosk.Start()
	r.win.Resize(size)
	tb.Cleanup(r.kiosk.shell.Close)
	return r
}

func (r *rig) start(job func()) {
	if r.hold {
		r.jobs = append(r.jobs, job)
		return
	}
	job()
}

// release runs the jobs that were held.
func (r *rig) release() {
	jobs := r.jobs
	r.jobs, r.hold = nil, false
	for _, j := range jobs {
		j()
	}
}

func (r *rig) screen() string { return r.kiosk.Probe().Screen }

func (r *rig) labels() []string {
	var out []string
	for _, t := range r.kiosk.Probe().Targets {
		out = append(out, t.Label)
	}
	return out
}

func (r *rig) target(label string) kit.TargetInfo {
	r.tb.Helper()
	for _, t := range r.kiosk.Probe().Targets {
		if strings.HasPrefix(t.Label, label) {
			return t
		}
	}
	r.tb.Fatalf("no %q on %s: %q", label, r.screen(), r.labels())
	return kit.TargetInfo{}
}

func (r *rig) tap(labels ...string) {
	r.tb.Helper()
	for _, l := range labels {
		t := r.target(l)
		if t.Disabled {
			r.tb.Fatalf("%q on %s is disabled", l, r.screen())
		}
		if tap, ok := t.Object.(fyne.Tappable); ok {
			tap.Tapped(&fyne.PointEvent{})
		}
	}
}

func (r *rig) focused() fyne.Focusable { return r.win.Canvas().Focused() }

// keys types letters into what has the focus.
func (r *rig) keys(s string) {
	for _, c := range s {
		r.focused().TypedRune(c)
	}
}

func (r *rig) key(name fyne.KeyName) {
	e := &fyne.KeyEvent{Name: name}
	if f := r.focused(); f != nil {
		f.TypedKey(e)
	} else if h := r.win.Canvas().OnTypedKey(); h != nil {
		h(e)
	}
}

// login opens an account by keys alone.
func (r *rig) login(code, pin string) {
	r.keys(code)
	r.key(fyne.KeyReturn)
	r.keys(pin)
	r.key(fyne.KeyReturn)
}

// texts are all sentences of the page, also those scrolled out of sight.
func (r *rig) texts() []*kit.Text {
	var out []*kit.Text
	for _, o := range test.LaidOutObjects(r.kiosk.Content()) {
		if t, ok := o.(*kit.Text); ok && t.Visible() {
			out = append(out, t)
		}
	}
	return out
}

func (r *rig) says(part string) bool {
	for _, t := range r.texts() {
		if strings.Contains(t.Text(), part) {
			return true
		}
	}
	return false
}

func (r *rig) want(parts ...string) {
	r.tb.Helper()
	for _, p := range parts {
		if r.says(p) {
			continue
		}
		var all []string
		for _, t := range r.texts() {
			all = append(all, t.Text())
		}
		r.tb.Fatalf("%s does not say %q; it says %q", r.screen(), p, all)
	}
}

func (r *rig) at(screen string) {
	r.tb.Helper()
	if got := r.screen(); got != screen {
		r.tb.Fatalf("on %s, want %s; it offers %q", got, screen, r.labels())
	}
}
