package tour

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jezek/xgb/xproto"
)

// How a window is measured.
const (
	rounds   = 3                     // every screen is opened so often; the middle time counts
	touch    = 80 * time.Millisecond // how long a finger stays on the glass
	settle   = 6 * time.Second       // without news, before memory and idleness are looked at
	idleSpan = 20 * time.Second
	// ticks is the unit of processor times in /proc (USER_HZ).
	ticks = 100
)

// Measure writes what a real window under a virtual display needs, a line
// "what, measured, unit, target" apart by tabs for each speed: time to the first
// screen, time to open screens, memory and idle processor time.
func Measure(ctx context.Context, o Options) (err error) {
	p := Pass{Name: "measure", W: 1920, H: 1080, Touch: true}
	folder := filepath.Join(o.Dir, p.Name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	w, err := o.open(ctx, p, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	g := &guide{ctx: ctx, hands: w.hands, socket: w.socket, touch: true, folder: folder, text: o.Text, log: o.Log, tell: o.Tell}
	if err := in(g.at("home"), g.painted); err != nil {
		return err
	}
	g.row("start to usable first screen", time.Since(w.begun).Seconds()*1000, "ms", 1000)
	if err := g.admitted(); err != nil {
		return err
	}
	if err := g.measureMemory(w.cmd.Process.Pid, "at first"); err != nil {
		return err
	}
	if err := g.measureScreens(o); err != nil {
		return err
	}
	return g.measureRest(w.cmd.Process.Pid)
}

// row writes one line; worst is the target.
func (g *guide) row(what string, got float64, unit string, worst float64) {
	fmt.Fprintf(g.log, "%s\t%.1f\t%s\t%g\n", what, got, unit, worst)
}

// admitted waits until the demonstration has made the accounts of its residents,
// which takes a processor much of its first half minute.
func (g *guide) admitted() error {
	last, since := "", time.Now()
	_, err := g.untilFor(5*time.Minute, "all accounts", func(v View) bool {
		if n := v.Facts["accounts"]; n != last {
			last, since = n, time.Now()
		}
		time.Sleep(settle / 20)
		return last != "0" && time.Since(since) > settle
	})
	return err
}

// times are the milliseconds each screen took, and the screens in order.
type times struct {
	screens []string
	of      map[string][]float64
}

func (t *times) add(screen string, ms float64) {
	if !slices.Contains(t.screens, screen) {
		t.screens = append(t.screens, screen)
	}
	t.of[screen] = append(t.of[screen], ms)
}

// measureScreens opens screens by touch, from the first screen and from an
// account.
func (g *guide) measureScreens(o Options) error {
	t := &times{of: map[string][]float64{}}
	for range rounds {
		if err := in(func() error { return g.visitCatalogue(o, t) }, func() error { return g.visitAccount(o, t) }); err != nil {
			return err
		}
	}
	for _, s := range t.screens {
		slices.Sort(t.of[s])
		g.row("open "+s+", from the lifted finger to the pixels", t.of[s][rounds/2], "ms", 100)
	}
	return nil
}

func (g *guide) visitCatalogue(o Options, t *times) error {
	return in(
		g.at("home"),
		g.opens(g.text("home.search"), "results", t), g.end,
		g.opens(g.text("home.procedures"), "areas", t),
		g.opens(g.text("procedures.area_odpady"), "area", t),
		g.opens(o.Procedure.Title.In("pl"), "procedure", t),
		g.opens(g.text("procedures.fill"), "form.intro", t),
		g.opens(g.text("form.begin"), "form.step", t), g.end,
		g.opens(g.text("home.info"), "pages", t),
		g.opens(g.text("kiosk.forms"), "forms", t), g.end,
	)
}

// visitAccount logs in, which is slow on purpose and not measured.
func (g *guide) visitAccount(o Options, t *times) error {
	return in(
		g.do(g.text("home.services")), g.at("pages"),
		g.opens(g.text("kiosk.balance"), "login", t),
		func() error { return g.login(o) }, g.at("account"),
		func() error {
			v, err := g.until("a charge", func(v View) bool { return slices.ContainsFunc(v.Targets, isCheck) })
			if err != nil {
				return err
			}
			return g.press(v.Targets[slices.IndexFunc(v.Targets, isCheck)].Label)
		},
		g.opens("Zapłać *", "pay", t),
		g.do(g.text("shell.back")), g.at("account"),
		g.opens(g.text("account.meters"), "meters", t), g.end,
	)
}

func isCheck(t Target) bool { return t.Kind == "check" }

func (g *guide) end() error { return in(g.do(g.text("shell.end")), g.at("home")) }

// opens measures from the moment the finger leaves what has the label until the
// display shows another page. It looks at the display's pixels and asks the
// window nothing meanwhile.
func (g *guide) opens(label, screen string, t *times) func() error {
	return func() error {
		v, err := g.until(label, func(v View) bool { return has(v, label) && !v.Busy })
		if err != nil {
			return err
		}
		time.Sleep(20 * blink) // the last page's paint is over
		target, _ := find(v, label)
		g.hands.Move(target.Centre())
		g.hands.fake(xproto.ButtonPress, 1)
		time.Sleep(touch)
		before, err := g.hands.glance()
		if err != nil {
			return err
		}
		g.hands.fake(xproto.ButtonRelease, 1)
		lifted := time.Now()
		if err := g.changed(before, target); err != nil {
			return fmt.Errorf("screen %s: %w", screen, err)
		}
		t.add(screen, time.Since(lifted).Seconds()*1000)
		return g.on(screen)
	}
}

// glanceStep is the distance of the pixel rows that a glance takes.
const glanceStep = 24

// glance takes some rows of the display: a whole picture would take longer than
// what is measured.
func (h *hands) glance() ([][]byte, error) {
	w, height := h.size()
	var asked []xproto.GetImageCookie
	for y := 0; y < height; y += glanceStep {
		asked = append(asked, xproto.GetImage(h.conn, xproto.ImageFormatZPixmap, xproto.Drawable(h.root), 0, int16(y), uint16(w), 1, ^uint32(0)))
	}
	rows := make([][]byte, len(asked))
	for i, c := range asked {
		got, err := c.Reply()
		if err != nil {
			return nil, fmt.Errorf("glance: %w", err)
		}
		rows[i] = got.Data
	}
	return rows, nil
}

// changed waits until the display differs in several rows beside the target,
// whose own look answers the finger.
func (g *guide) changed(before [][]byte, target Target) error {
	const ring = 16
	own := image.Rect(0, target.Y-ring, 1, target.Y+target.H+ring)
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		rows, err := g.hands.glance()
		if err != nil {
			return err
		}
		differ := 0
		for i := range rows {
			if !image.Pt(0, i*glanceStep).In(own) && !bytes.Equal(rows[i], before[i]) {
				differ++
			}
		}
		if differ >= 4 {
			return nil
		}
	}
	return errors.New("the display did not change")
}

func (g *guide) measureRest(pid int) error {
	time.Sleep(settle)
	before, err := processor(pid)
	if err != nil {
		return err
	}
	time.Sleep(idleSpan)
	after, err := processor(pid)
	if err != nil {
		return err
	}
	g.row("idle processor time", 100*(after-before)/idleSpan.Seconds(), "%", 2)
	return g.measureMemory(pid, "after a dozen sessions")
}

// measureMemory includes the software GL, about 60 MB that a panel with a
// graphics driver of its own does not need.
func (g *guide) measureMemory(pid int, when string) error {
	rss, err := memory(pid)
	if err == nil {
		g.row("resident memory, software GL included, "+when, rss, "MB", 200)
	}
	return err
}

// memory reads the resident set of a process, in megabytes.
func memory(pid int) (float64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024, err
		}
	}
	return 0, errors.New("no VmRSS")
}

// processor reads the processor time a process has used, in seconds.
func processor(pid int) (float64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	user, err := strconv.ParseFloat(fields[11], 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseFloat(fields[12], 64)
	return (user + system) / ticks, err
}
