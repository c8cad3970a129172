package tour

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// How long memory and idle processor time are watched.
const (
	settle   = 6 * time.Second
	idleSpan = 20 * time.Second
	// ticks is the unit of processor times in /proc (USER_HZ).
	ticks = 100
)

// Measure prints what a real window under a virtual display needs: time to the
// first screen, time to open screens, memory and idle processor time.
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
	g := &guide{ctx: ctx, hands: w.hands, socket: w.socket, touch: true, folder: folder, text: o.Text, log: o.Log}
	if err := in(g.at("home"), g.painted); err != nil {
		return err
	}
	g.row("start to first screen", time.Since(w.begun).Seconds()*1000, "ms", 1000)
	if err := g.measureScreens(o); err != nil {
		return err
	}
	return g.measureRest(w.cmd.Process.Pid)
}

// row prints one line of the table; worst is the target.
func (g *guide) row(what string, got float64, unit string, worst float64) {
	mark := "ok"
	if got > worst {
		mark = "OVER"
	}
	fmt.Fprintf(g.log, "%-44s %9.1f %-3s  target %7.0f  %s\n", what, got, unit, worst, mark)
}

// measureScreens opens screens by touch. The times hold the finger's own 30 ms
// and the wait between two looks at the window.
func (g *guide) measureScreens(o Options) error {
	ways := []struct{ label, screen string }{
		{g.text("home.procedures"), "areas"},
		{g.text("procedures.area_odpady"), "area"},
		{o.Procedure.Title.In("pl"), "procedure"},
		{g.text("procedures.fill"), "form.intro"},
		{g.text("form.begin"), "form.step"},
	}
	for _, way := range ways {
		v, err := g.until(way.label, func(v View) bool { return has(v, way.label) && !v.Busy })
		if err != nil {
			return err
		}
		t, _ := find(v, way.label)
		begun := time.Now()
		g.hands.Click(t.Centre())
		if err := g.on(way.screen); err != nil {
			return err
		}
		g.row("open "+way.screen+" (with the finger's 42 ms)", time.Since(begun).Seconds()*1000, "ms", 142)
	}
	return nil
}

func (g *guide) measureRest(pid int) error {
	time.Sleep(settle)
	rss, err := memory(pid)
	if err != nil {
		return err
	}
	g.row("resident memory", rss, "MB", 200)
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
	return nil
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
