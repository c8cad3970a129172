package tour

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Patience of a guide with one window.
const (
	patience = 40 * time.Second
	blink    = 15 * time.Millisecond
	maxTabs  = 140
)

// guide leads through a window with the keyboard alone or the pointer alone,
// and takes pictures on the way.
type guide struct {
	ctx    context.Context
	hands  *hands
	socket string
	touch  bool // pointer alone; otherwise keyboard alone
	folder string
	shots  int
	text   func(key string) string // the interface's sentence
	log    io.Writer
	tell   func(key string) string // sentences for the terminal
}

// view asks the window until it answers.
func (g *guide) view() (View, error) {
	deadline := time.Now().Add(patience)
	for {
		v, err := ask(g.ctx, g.socket)
		if err == nil {
			return v, nil
		}
		if g.ctx.Err() != nil || time.Now().After(deadline) {
			return v, fmt.Errorf("the window does not answer: %w", err)
		}
		time.Sleep(blink)
	}
}

// until waits for a view that ok accepts.
func (g *guide) until(what string, ok func(View) bool) (View, error) {
	return g.untilFor(patience, what, ok)
}

func (g *guide) untilFor(limit time.Duration, what string, ok func(View) bool) (View, error) {
	deadline := time.Now().Add(limit)
	for {
		v, err := g.view()
		if err != nil {
			return v, err
		}
		if ok(v) {
			return v, nil
		}
		if time.Now().After(deadline) || g.ctx.Err() != nil {
			return v, fmt.Errorf("waited in vain for %s; on screen %q with %s", what, v.Screen, labels(v))
		}
		time.Sleep(blink)
	}
}

// labels lists what can be touched, for messages.
func labels(v View) string {
	var out []string
	for _, t := range v.Targets {
		if t.Kind != "key" {
			out = append(out, fmt.Sprintf("%s(%s)", t.Label, t.Kind))
		}
	}
	return strings.Join(out, ", ")
}

// on waits until a screen is shown and at rest.
func (g *guide) on(screen string) error {
	_, err := g.until("screen "+screen, func(v View) bool { return v.Screen == screen && !v.Busy })
	return err
}

// matches compares a label; one that ends with "*" stands for its beginning.
func matches(got, want string) bool {
	if begin, ok := strings.CutSuffix(want, "*"); ok {
		return strings.HasPrefix(got, begin)
	}
	return got == want
}

// focused reports whether what has the label has the focus.
func focused(v View, label string) bool {
	return slices.ContainsFunc(v.Targets, func(t Target) bool { return t.Focused && !t.Disabled && matches(t.Label, label) })
}

// find returns the first enabled target with the label that is no key of the
// on-screen keyboard.
func find(v View, label string) (Target, bool) {
	for _, t := range v.Targets {
		if t.Kind != "key" && !t.Disabled && matches(t.Label, label) {
			return t, true
		}
	}
	return Target{}, false
}

// press activates what has the label.
func (g *guide) press(label string) error {
	if g.touch {
		return g.tap(label)
	}
	if err := g.tabTo(label); err != nil {
		return err
	}
	return g.hands.Press(keyReturn)
}

// tap touches what has the label, dragging a long page until it shows.
func (g *guide) tap(label string) error {
	var last Target
	for i := range 16 {
		v, err := g.view()
		if err != nil {
			return err
		}
		t, ok := find(v, label)
		if ok && !v.Busy && t.Centre() == last.Centre() { // twice in the same place: the page stands still
			g.hands.Click(t.Centre())
			return nil
		}
		if last = t; ok {
			time.Sleep(2 * blink)
			continue
		}
		if i > 2 && !v.Busy { // it may be further down: drag the page as a finger does
			w, h := g.hands.size()
			from := h * 8 / 10
			if slices.ContainsFunc(v.Targets, func(t Target) bool { return t.Kind == "key" }) {
				from = h / 2 // the keyboard is out
			}
			g.hands.Drag(image.Pt(w/2, from), image.Pt(w/2, h*3/10))
		}
		time.Sleep(20 * blink)
	}
	v, _ := g.view()
	return fmt.Errorf("nothing to touch is called %q on screen %q: %s", label, v.Screen, labels(v))
}

// tabTo moves the focus with Tab until it is on what has the label.
func (g *guide) tabTo(label string) error {
	if _, err := g.until("rest", func(v View) bool { return !v.Busy }); err != nil {
		return err
	}
	for range maxTabs {
		v, err := g.view()
		if err != nil {
			return err
		}
		if focused(v, label) {
			return nil
		}
		if err := g.tab(v); err != nil {
			return err
		}
	}
	v, _ := g.view()
	return fmt.Errorf("the focus never reaches %q on screen %q: %s", label, v.Screen, labels(v))
}

// tab strikes Tab and waits until the focus has moved: one Tab too many, still on
// its way, would take what is typed next elsewhere.
func (g *guide) tab(before View) error {
	if err := g.hands.Press(keyTab); err != nil {
		return err
	}
	for range 40 {
		v, err := g.view()
		if err != nil || holder(v) != holder(before) {
			return err
		}
		time.Sleep(blink)
	}
	return nil
}

// holder is what has the focus, with its place.
func holder(v View) Target {
	for _, t := range v.Targets {
		if t.Focused {
			return t
		}
	}
	return Target{}
}

// fill types a text into the field with the label.
func (g *guide) fill(label, text string) error {
	if !g.touch {
		if err := g.tabTo(label); err != nil {
			return err
		}
		return g.hands.Type(text)
	}
	if err := g.tap(label); err != nil {
		return err
	}
	if _, err := g.until("the focus in "+label, func(v View) bool { return focused(v, label) }); err != nil {
		return err
	}
	return g.keys(text)
}

// keys touches the keys of the on-screen keyboard, one for each character.
func (g *guide) keys(text string) error {
	for _, r := range text {
		if err := g.key(string(r)); err != nil {
			return err
		}
	}
	return nil
}

func (g *guide) key(label string) error {
	if label == " " {
		label = g.text("kit.key_space")
	}
	lower := strings.ToLower(label)
	var last Target
	v, err := g.until("the key "+label, func(v View) bool { // twice in the same place: another layout may be coming
		k, ok := findKey(v, lower)
		same := ok && k == last
		last = k
		return same
	})
	if err != nil {
		return err
	}
	k, _ := findKey(v, lower)
	g.hands.Click(k.Centre())
	return nil
}

func findKey(v View, label string) (Target, bool) {
	for _, t := range v.Targets {
		if t.Kind == "key" && strings.ToLower(t.Label) == label {
			return t, true
		}
	}
	return Target{}, false
}

// shot keeps a picture of the screen under the next number and a name.
func (g *guide) shot(name string) error {
	img, err := g.still()
	if err != nil {
		return err
	}
	g.shots++
	f, err := os.Create(filepath.Join(g.folder, fmt.Sprintf("%02d-%s.png", g.shots, name)))
	if err != nil {
		return err
	}
	return errors.Join((&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(f, img), f.Close())
}

// still looks until the window has painted and stands still, at most two seconds.
func (g *guide) still() (*image.RGBA, error) {
	var last *image.RGBA
	time.Sleep(20 * blink) // a busy machine paints late
	for range 16 {
		time.Sleep(8 * blink)
		img, err := g.hands.Look()
		if err != nil {
			return nil, err
		}
		if last != nil && bytes.Equal(last.Pix, img.Pix) && !blank(img) {
			return img, nil
		}
		last = img
	}
	return last, nil
}

// blank reports whether a picture has one colour only: nothing is painted yet.
func blank(img *image.RGBA) bool {
	for i := 4; i < len(img.Pix); i += 4 * 97 {
		if !bytes.Equal(img.Pix[i:i+4], img.Pix[:4]) {
			return false
		}
	}
	return true
}

// painted waits for the window's first paint.
func (g *guide) painted() error {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(blink) {
		img, err := g.hands.Look()
		if err != nil {
			return err
		}
		if !blank(img) {
			return nil
		}
	}
	return errors.New("the window was never painted")
}
