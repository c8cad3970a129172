package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"egmina/data/pack"
	"egmina/data/printing"
	"egmina/data/seal"
	"egmina/ui/kiosk/home"
)

// admitPause is the time between two accounts nobody waits for.
const admitPause = 1500 * time.Millisecond

// demonstration is an office and a kiosk in one process, both real, joined by
// pinned TLS over loopback. Its data are made anew at every start.
type demonstration struct {
	content *pack.Pack
	office  *runningOffice
	lobby   *lobby
	state   string
	prints  string
}

// demoOptions are the flags of `egmina demo`.
type demoOptions struct {
	dir, size, municipality, probe string
	fullscreen                     bool
	idle                           time.Duration
}

func runDemo(p *program, args []string) int {
	var o demoOptions
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.StringVar(&o.dir, "dir", "egmina-demo", "")
	flags.StringVar(&o.size, "size", "1366x768", "")
	flags.StringVar(&o.municipality, "municipality", defaultSettings().Municipality, "")
	flags.BoolVar(&o.fullscreen, "fullscreen", false, "")
	flags.StringVar(&o.probe, "probe", "", "") // for the tour
	flags.DurationVar(&o.idle, "idle", 0, "")  // for the tour
	rest, status, ok := p.parse(flags, args, "cli.demo")
	if !ok {
		return status
	}
	w, h, err := parseSize(o.size)
	if len(rest) > 0 || err != nil {
		return p.usage("cli.demo")
	}
	s := defaultSettings()
	s.Municipality = o.municipality
	s.Kiosk.Width, s.Kiosk.Height, s.Kiosk.Fullscreen = w, h, o.fullscreen
	s.Kiosk.Name = p.loc.T("cli.demo_kiosk")
	if o.idle > 0 {
		s.Kiosk.Idle.Duration = o.idle
	}
	if err := p.demonstrate(s, o); err != nil {
		return p.fail(err)
	}
	return exitOK
}

func parseSize(s string) (w, h int, err error) {
	left, right, ok := strings.Cut(s, "x")
	if !ok {
		return 0, 0, fmt.Errorf("size %q", s)
	}
	if w, err = strconv.Atoi(left); err != nil {
		return 0, 0, err
	}
	h, err = strconv.Atoi(right)
	return w, h, err
}

func (p *program) demonstrate(s Settings, o demoOptions) error {
	d, err := newDemonstration(p.ctx, s, o.dir, p.now)
	if err != nil {
		return err
	}
	defer func() {
		if err := d.Close(); err != nil {
			slog.Error("demonstration: close", "err", err)
		}
	}()
	win := windowOptions{
		settings: s, lobby: d.lobby, demo: d.shown(), probe: o.probe, facts: d.facts, may: true,
		started: func(ctx context.Context) { d.admitAll(ctx, p.now) },
	}
	return p.openWindow(win)
}

// newDemonstration makes keys, office and kiosk in a fresh folder below dir.
// Printed pages of earlier starts are kept.
func newDemonstration(ctx context.Context, s Settings, dir string, now func() time.Time) (*demonstration, error) {
	content, err := loadPack(s.Municipality)
	if err != nil {
		return nil, err
	}
	d := &demonstration{content: content, prints: filepath.Join(dir, "print")}
	if err := os.MkdirAll(d.prints, 0o755); err != nil {
		return nil, err
	}
	if d.state, err = os.MkdirTemp("", "egmina-demo-"); err != nil {
		return nil, err
	}
	if err := d.open(ctx, s, now); err != nil {
		_ = os.RemoveAll(d.state)
		return nil, err
	}
	return d, nil
}

func (d *demonstration) open(ctx context.Context, s Settings, now func() time.Time) error {
	s.Office.Data, s.Kiosk.Data = filepath.Join(d.state, "office"), filepath.Join(d.state, "kiosk")
	if err := os.MkdirAll(s.Kiosk.Data, 0o700); err != nil {
		return err
	}
	id, err := seal.OpenIdentity(filepath.Join(s.Kiosk.Data, "kiosk.key"))
	if err != nil {
		return err
	}
	keys, err := openOfficeKeys(s.Office.Data)
	if err != nil {
		return err
	}
	s.Office.Listen = "127.0.0.1:0"
	s.Office.Kiosks = []KnownKiosk{{Name: s.Kiosk.Name, Pin: id.Pin()}}
	if d.office, err = startOffice(ctx, d.content.Municipality.ID, s.Office, keys, now); err != nil {
		return err
	}
	if err := d.office.publish(ctx, d.content); err != nil {
		return err
	}
	folder, err := printing.NewFolder(d.prints)
	if err != nil {
		return err
	}
	trust := lobbyKeys{id: id, office: "https://" + d.office.addr, pins: []string{keys.id.Pin()}, officeKey: keys.box.Public()}
	if d.lobby, err = openLobby(d.content.Municipality.ID, s.Kiosk, trust, folder, now); err != nil {
		return err
	}
	if err := d.lobby.client.SyncOnce(ctx); err != nil {
		return err
	}
	return d.lobby.read(ctx)
}

// admitAll gives the invented residents their accounts: at once those named on
// the first screen, then the others at a pace that leaves the window its
// processor, for wrapping keys is slow on purpose.
func (d *demonstration) admitAll(ctx context.Context, now func() time.Time) {
	for _, shown := range []bool{true, false} {
		for i := range d.content.Residents {
			r := &d.content.Residents[i]
			if r.Show != shown || ctx.Err() != nil {
				continue
			}
			if err := d.office.admit(ctx, d.content.Municipality.ID, r, now()); err != nil && ctx.Err() == nil {
				slog.Error("demonstration: account", "number", i+1, "err", err)
			}
			debug.FreeOSMemory() // a wrapped key took 64 MiB
			if !shown {
				pause(ctx, admitPause)
			}
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// shown lists the access codes for the first screen.
func (d *demonstration) shown() []home.Access {
	var out []home.Access
	for _, r := range d.content.Residents {
		if r.Show {
			out = append(out, home.Access{Code: r.Code, PIN: r.PIN})
		}
	}
	return out
}

// facts are what the guided tour checks behind the window.
func (d *demonstration) facts(ctx context.Context) map[string]string {
	out := map[string]string{"prints": d.prints}
	if n, err := d.office.readings(ctx); err == nil {
		out["office.readings"] = strconv.Itoa(n)
	}
	if counts, err := d.lobby.cache.Counts(ctx); err == nil {
		out["waiting"] = strconv.Itoa(counts.Waiting)
	}
	if heads, err := d.lobby.cache.Heads(ctx); err == nil {
		out["accounts"] = strconv.Itoa(len(heads))
	}
	return out
}

// Close stops both sides and removes the data made for the demonstration.
func (d *demonstration) Close() error {
	err := d.lobby.Close()
	if err2 := d.office.Close(); err == nil {
		err = err2
	}
	if err2 := os.RemoveAll(d.state); err == nil {
		err = err2
	}
	return err
}
