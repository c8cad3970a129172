// Package tour walks through the demonstration in a real window with real keys
// and a real pointer, checks that everything arrives where it should, and keeps
// a picture of every screen and page on the way.
package tour

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"egmina/data"
)

// Options are what a tour needs.
type Options struct {
	Program string                  // path of the egmina binary
	Dir     string                  // where pictures and printed pages go
	Text    func(key string) string // the interface's sentences in Polish
	English func(key string) string
	Tell    func(key string) string // sentences for the terminal
	Log     io.Writer               // a line for each step
	Access  Access                  // the demonstration resident who is shown
	Form    data.Form               // the form that is filled in
	Meters  []data.Meter            // of the resident who is shown
	// Procedure is the one that leads to the form.
	Procedure data.Procedure
	Docs      string // folder for the pictures the documentation shows, "" for none
	Only      string // name of the one pass to walk, "" for all
	// Check reads the codes on the printed pages with pdftoppm and zbarimg, and leaves out the walks
	// that only look.
	Check bool
}

// Access is a demonstration resident's access code, as typed, and PIN.
type Access struct{ Code, PIN string }

// Pass is one walk through the window.
type Pass struct {
	Name string
	W, H int
	// Touch walks with the pointer alone; otherwise with the keyboard alone.
	Touch bool
	// Gallery only looks: main screens in high contrast, large text and English.
	Gallery bool
}

// Passes are the walks of a tour.
var Passes = []Pass{
	{Name: "landscape-keyboard", W: 1920, H: 1080},
	{Name: "portrait-touch", W: 1080, H: 1920, Touch: true},
	{Name: "gallery-wide", W: 1366, H: 768, Touch: true, Gallery: true},
	{Name: "gallery-square", W: 1280, H: 1024, Touch: true, Gallery: true},
}

// idle is how long the tour's window waits before it warns; its own steps are
// far quicker.
const idle = 20 * time.Second

// ErrNoPass says that Options.Only names none of Passes.
var ErrNoPass = errors.New("no such walk")

// Run walks all passes, one after the other.
func Run(ctx context.Context, o Options) error {
	if o.Only != "" && !slices.ContainsFunc(Passes, func(p Pass) bool { return p.Name == o.Only }) {
		return fmt.Errorf("%w: %s", ErrNoPass, o.Only)
	}
	for _, p := range Passes {
		if o.Only != "" && o.Only != p.Name || o.Check && p.Gallery {
			continue
		}
		fmt.Fprintf(o.Log, "%s %d×%d\n", p.Name, p.W, p.H)
		if err := o.walk(ctx, p); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	if o.Docs != "" {
		return o.document()
	}
	return nil
}

// walk opens a demonstration in a display of its own and goes through the script.
func (o Options) walk(ctx context.Context, p Pass) (err error) {
	folder := filepath.Join(o.Dir, p.Name)
	if err := fresh(folder); err != nil {
		return err
	}
	var args []string
	if !p.Gallery { // its end is to see the kiosk ask and wipe
		args = []string{"--idle", idle.String()}
	}
	w, err := o.open(ctx, p, folder, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	g := &guide{ctx: ctx, hands: w.hands, socket: w.socket, touch: p.Touch, folder: folder, text: o.Text, log: o.Log, tell: o.Tell}
	walk := g.script
	if p.Gallery {
		walk = g.gallery
	}
	if err := walk(o); err != nil {
		_ = g.shot("broken-off")
		return err
	}
	return nil
}

// fresh makes the folder and removes what an earlier tour left in it.
func fresh(folder string) error {
	old, err := filepath.Glob(filepath.Join(folder, "[0-9][0-9]-*.png"))
	if err != nil {
		return err
	}
	prints, err := filepath.Glob(filepath.Join(folder, "print", "*"))
	if err != nil {
		return err
	}
	old = append(old, prints...)
	for _, f := range old {
		if err := os.Remove(f); err != nil {
			return err
		}
	}
	return os.MkdirAll(folder, 0o755)
}

// window is a running demonstration with hands on it.
type window struct {
	display *display
	cmd     *exec.Cmd
	hands   *hands
	socket  string
	temp    string
	done    chan error
	begun   time.Time
}

// open starts display and demonstration.
func (o Options) open(ctx context.Context, p Pass, folder string, args ...string) (*window, error) {
	temp, err := os.MkdirTemp("", "egmina-tour-")
	if err != nil {
		return nil, err
	}
	w := &window{temp: temp, socket: filepath.Join(temp, "probe"), done: make(chan error, 1)}
	if w.display, err = startDisplay(ctx, p.W, p.H); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if w.hands, err = newHands(w.display.name); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if err := w.start(o, p, folder, args); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

func (w *window) start(o Options, p Pass, folder string, args []string) error {
	log, err := os.Create(filepath.Join(folder, "demo.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	args = append([]string{"demo", "--dir", folder, "--size", fmt.Sprintf("%dx%d", p.W, p.H), "--probe", w.socket}, args...)
	w.cmd = exec.Command(o.Program, args...)
	w.cmd.Env = append(cleanEnv(), "DISPLAY="+w.display.name, "FYNE_SCALE=1", "FYNE_DISABLE_DPI_DETECTION=1", "LANG=C.UTF-8", "LIBGL_ALWAYS_SOFTWARE=1")
	w.cmd.Stdout, w.cmd.Stderr = log, log
	w.begun = time.Now()
	if err := w.cmd.Start(); err != nil {
		return err
	}
	go func() { w.done <- w.cmd.Wait() }()
	return nil
}

// cleanEnv is the environment without what would lead the window elsewhere.
func cleanEnv() []string {
	var out []string
	for _, e := range os.Environ() {
		name, _, _ := strings.Cut(e, "=")
		if name != "DISPLAY" && name != "WAYLAND_DISPLAY" && !strings.HasPrefix(name, "FYNE_") && !strings.HasPrefix(name, "LC_") && name != "LANG" {
			out = append(out, e)
		}
	}
	return out
}

// Close asks the demonstration to stop, as a service manager would, and
// removes what the tour needed. The error says when it did not stop cleanly.
func (w *window) Close() error {
	var err error
	if w.cmd != nil && w.cmd.Process != nil {
		_ = w.cmd.Process.Signal(os.Interrupt)
		select {
		case err = <-w.done:
		case <-time.After(10 * time.Second):
			_ = w.cmd.Process.Kill()
			err = errors.New("the demonstration did not stop when asked")
		}
	}
	if w.hands != nil {
		w.hands.Close()
	}
	if w.display != nil {
		w.display.Close()
	}
	return errors.Join(err, os.RemoveAll(w.temp))
}
