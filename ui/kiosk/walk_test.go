package kiosk

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"egmina/data"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// all lists everything on the page with its place, also what is inside buttons
// and what is scrolled out of sight.
func (r *rig) all(visit func(o fyne.CanvasObject, at fyne.Position)) {
	var walk func(o fyne.CanvasObject, base fyne.Position)
	walk = func(o fyne.CanvasObject, base fyne.Position) {
		if o == nil || !o.Visible() {
			return
		}
		at := base.Add(o.Position())
		visit(o, at)
		switch v := o.(type) {
		case *fyne.Container:
			for _, c := range v.Objects {
				walk(c, at)
			}
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(v).Objects() {
				walk(c, at)
			}
		}
	}
	walk(r.kiosk.Content(), fyne.Position{})
}

// sound fails when a sentence has no words in the language, a text is larger than
// its place, or something leaves the panel at its side.
func (r *rig) sound(t *testing.T) {
	t.Helper()
	width := r.win.Canvas().Size().Width
	r.all(func(o fyne.CanvasObject, at fyne.Position) {
		text, ok := o.(*kit.Text)
		if !ok || text.Text() == "" {
			return
		}
		size := o.Size()
		switch {
		case strings.Contains(text.Text(), "«"):
			t.Errorf("%s: no words for %s", r.screen(), text.Text())
		case o.MinSize().Width > size.Width+1:
			t.Errorf("%s: %q is %.0f wide in %.0f", r.screen(), text.Text(), o.MinSize().Width, size.Width)
		case text.HeightFor(size.Width) > size.Height+1:
			t.Errorf("%s: %q is %.0f high in %.0f", r.screen(), text.Text(), text.HeightFor(size.Width), size.Height)
		case at.X < 0 || at.X+size.Width > width+1:
			t.Errorf("%s: %q reaches from %.0f to %.0f on a panel %.0f wide", r.screen(), text.Text(), at.X, at.X+size.Width, width)
		}
	})
}

// reachable fails when Tab does not come by everything there is to press.
func (r *rig) reachable(t *testing.T) {
	t.Helper()
	var want []fyne.CanvasObject
	r.all(func(o fyne.CanvasObject, _ fyne.Position) {
		d, ok := o.(kit.Targeted)
		_, takesFocus := o.(fyne.Focusable)
		if ok && !d.Target().Disabled && d.Target().Kind != kit.KindKey {
			if !takesFocus {
				t.Errorf("%s: %q takes no focus", r.screen(), d.Target().Label)
			}
			want = append(want, o)
		}
	})
	met := map[fyne.Focusable]bool{}
	for range 3*len(want) + 3 {
		r.win.Canvas().FocusNext()
		met[r.focused()] = true
	}
	for _, o := range want {
		if f, ok := o.(fyne.Focusable); ok && !met[f] {
			t.Errorf("%s: Tab does not reach %q", r.screen(), o.(kit.Targeted).Target().Label)
		}
	}
}

// walker presses everything it finds, depth first, and comes back by Escape.
type walker struct {
	*rig
	t       *testing.T
	seen    map[string]bool // pages
	screens map[string]int  // visits by screen
	presses int
	most    int // presses on one page
}

// deepest is how many pages a walk goes from the first screen.
const deepest = 7

// chrome is what stands on every page: it is tried by tests of its own.
func (w *walker) chrome(label string) bool {
	loc := w.kiosk.shell.Loc()
	for _, key := range []string{"shell.back", "shell.end", "shell.contrast", "shell.text_size", "shell.lang_pl", "shell.lang_en", "kit.show", "kit.hide"} {
		if label == loc.T(key) {
			return true
		}
	}
	return false
}

func (w *walker) page() string {
	p := w.kiosk.Probe()
	return p.Screen + "|" + p.Title
}

// next is something on the page that was not pressed yet.
func (w *walker) next(done map[string]bool) (fyne.Tappable, string) {
	var found fyne.Tappable
	label := ""
	w.all(func(o fyne.CanvasObject, _ fyne.Position) {
		d, ok := o.(kit.Targeted)
		if _, typed := o.(*kit.Entry); !ok || typed || found != nil {
			return
		}
		if t := d.Target(); t.Kind != kit.KindKey && !t.Disabled && !done[t.Label] && !w.chrome(t.Label) {
			found, label = o.(fyne.Tappable), t.Label
		}
	})
	return found, label
}

// dress is how the pages are shown on one walk, and how many things are pressed
// on each page: lists hold more of the same.
type dress struct {
	size  fyne.Size
	large bool
	lang  string
	most  int
}

// dresses are the panels, text sizes and languages; the first walk opens all
// there is.
var dresses = []dress{
	{landscape, false, "pl", 14}, {portrait, false, "en", 8}, {portrait, true, "pl", 8},
	{fyne.NewSize(1366, 768), true, "pl", 8}, {fyne.NewSize(1280, 1024), false, "en", 8},
}

func (d dress) String() string {
	return fmt.Sprintf("%s %.0fx%.0f large=%t", d.lang, d.size.Width, d.size.Height, d.large)
}

func newWalker(t *testing.T, d dress) *walker {
	r := newRig(t, d.size)
	r.kiosk.shell.SetDisplay(theme.Normal, d.large)
	r.kiosk.shell.SetLang(d.lang)
	return &walker{rig: r, t: t, most: d.most, seen: map[string]bool{}, screens: map[string]int{}}
}

// look checks the present page.
func (w *walker) look() {
	w.t.Helper()
	w.screens[w.screen()]++
	w.sound(w.t)
	w.reachable(w.t)
}

func (w *walker) walk(depth int) {
	if w.seen[w.page()] || w.t.Failed() {
		return
	}
	w.seen[w.page()] = true
	w.look()
	if depth >= deepest {
		return
	}
	done := map[string]bool{}
	for range w.most {
		target, label := w.next(done)
		if target == nil {
			return
		}
		done[label] = true
		w.press(target, depth)
	}
}

// press follows one thing and comes back to where it was found.
func (w *walker) press(target fyne.Tappable, depth int) {
	before, height := w.page(), w.kiosk.Probe().Depth
	w.presses++
	target.Tapped(&fyne.PointEvent{})
	if w.screen() == "login" {
		w.look()
		w.win.Canvas().Focus(w.field(0))
		w.login("ZAB5RRB146VH", "2580")
	}
	from, _, _ := strings.Cut(before, "|")
	if from != w.screen() || from == "form.step" { // from one card to the next there is no end
		w.walk(depth + 1)
	}
	for i := 0; w.kiosk.Probe().Depth > height && i < 12; i++ {
		if !w.back() {
			return
		}
	}
}

// back is Escape; a page without the button Back has ways of its own to leave.
func (w *walker) back() bool {
	from, at := w.page(), w.kiosk.Probe().Depth
	if slices.Contains(w.labels(), w.say("shell.back")) {
		w.key(fyne.KeyEscape)
	} else {
		w.pressLast()
	}
	if w.page() == from && w.kiosk.Probe().Depth == at {
		w.t.Errorf("%s: no way back; it offers %q", from, w.labels())
		return false
	}
	return true
}

func (r *rig) field(n int) fyne.Focusable {
	for _, t := range r.kiosk.Probe().Targets {
		if t.Kind == kit.KindField {
			if n == 0 {
				return t.Object.(fyne.Focusable)
			}
			n--
		}
	}
	return nil
}

// TestWalk opens the pages that lead from the first screen by pressing what
// there is, in both languages on every panel.
func TestWalk(t *testing.T) {
	for i, d := range dresses {
		t.Run(d.String(), func(t *testing.T) {
			w := newWalker(t, d)
			w.walk(0)
			for _, s := range []string{
				"home", "results", "areas", "area", "procedure", "pages", "page", "form.intro", "form.step", "printout", "login", "account", "pay",
				"history", "waste", "meters", "meter", "meter.entry",
			} {
				if w.screens[s] == 0 && i == 0 {
					t.Errorf("nothing led to %s", s)
				}
			}
			t.Logf("%d pages, %d presses: %v", len(w.seen), w.presses, w.screens)
		})
	}
}

// TestPagesBehindAnswers looks at the pages that only answers lead to: a
// reading's receipt, what is picked to pay, a form's review, and their prints.
func TestPagesBehindAnswers(t *testing.T) {
	for _, d := range dresses {
		t.Run(d.String(), func(t *testing.T) {
			w := newWalker(t, d)
			w.leaveReading()
			w.look()
			w.tap(w.say("meters.print"))
			w.at("printout")
			w.look()
			w.toHome()
			w.tap(w.say("home.services"), w.say("kiosk.balance"), w.say("account.history"))
			w.look()
			w.key(fyne.KeyEscape)
			w.tap(w.say("account.pick_overdue"))
			w.look()
			w.pressLast()
			w.at("pay")
			w.look()
			w.toHome()
			w.fillForm()
			w.look()
			w.tap(w.say("form.print"))
			w.at("printout")
			w.look()
			w.tap(w.kiosk.shell.Loc().N("print.print", 2))
			w.look()
			if w.printer.printed != 1 {
				t.Errorf("printed %d times", w.printer.printed)
			}
		})
	}
}

// say is a sentence in the walker's language.
func (r *rig) say(key string) string { return r.kiosk.shell.Loc().T(key) }

// leaveReading logs in and leaves a reading.
func (r *rig) leaveReading() {
	r.tb.Helper()
	r.tap(r.say("home.services"), r.say("kiosk.meters"))
	r.login("ZAB5RRB146VH", "2580")
	r.at("meters")
	r.press(kit.KindRow, 0)
	r.tap(r.kiosk.shell.Loc().N("meters.enter", 1))
	meter := content().Residents[0].Meters[0]
	r.keys(strconv.FormatInt(meter.LastReading().Value+3, 10))
	r.tap(r.say("meters.save"))
	r.at("meter.receipt")
}

// fillForm answers a form with what is known of the resident and the first of
// every choice.
func (r *rig) fillForm() {
	r.tb.Helper()
	r.tap(r.say("home.info"), r.say("kiosk.forms"))
	at := slices.IndexFunc(content().Forms, func(f data.Form) bool { return f.Slug == certificate })
	r.pressAll(r.say("procedures.fill"), at)
	r.at("form.intro")
	r.tap(r.say("form.prefill_yes"), r.say("form.begin"))
	for i := 0; i < 20 && r.screen() == "form.step"; i++ {
		if slices.ContainsFunc(r.kiosk.Probe().Targets, func(t kit.TargetInfo) bool { return t.Kind == kit.KindChoice }) {
			r.press(kit.KindChoice, 0)
		}
		r.pressLast()
	}
	r.at("form.review")
}

// certificate is the form that the resident's data nearly fills.
const certificate = "zaswiadczenie-niezaleganie-wniosek"

// pressLast touches what stands bottom right: the way on.
func (r *rig) pressLast() {
	all := r.kiosk.Probe().Targets
	all[len(all)-1].Object.(fyne.Tappable).Tapped(&fyne.PointEvent{})
}

// pressAll touches the nth thing of a name, also out of sight.
func (r *rig) pressAll(label string, n int) {
	var found []fyne.Tappable
	r.all(func(o fyne.CanvasObject, _ fyne.Position) {
		if d, ok := o.(kit.Targeted); ok && d.Target().Label == label {
			found = append(found, o.(fyne.Tappable))
		}
	})
	if n < 0 || n >= len(found) {
		r.tb.Fatalf("%d times %q on %s, want number %d", len(found), label, r.screen(), n)
	}
	found[n].Tapped(&fyne.PointEvent{})
}

// press touches the nth thing of a kind.
func (r *rig) press(kind kit.Kind, n int) {
	r.tb.Helper()
	for _, t := range r.kiosk.Probe().Targets {
		if t.Kind != kind || t.Disabled {
			continue
		}
		if n == 0 {
			t.Object.(fyne.Tappable).Tapped(&fyne.PointEvent{})
			return
		}
		n--
	}
	r.tb.Fatalf("no such %s on %s: %q", kind, r.screen(), r.labels())
}

func (r *rig) toHome() {
	for i := 0; r.kiosk.Probe().Depth > 1 && i < 20; i++ {
		r.key(fyne.KeyEscape)
	}
}

// TestEveryDoorLeadsOn presses the five doors and their rows.
func TestEveryDoorLeadsOn(t *testing.T) {
	r := newRig(t, landscape)
	for _, key := range []string{"home.services", "home.procedures", "home.info", "home.online", "home.dialog"} {
		door := r.kiosk.shell.Loc().T(key)
		r.tap(door)
		var rows []string
		for _, x := range r.kiosk.Probe().Targets {
			if x.Kind == kit.KindRow || x.Kind == kit.KindTile {
				rows = append(rows, x.Label)
			}
		}
		if len(rows) < 2 {
			t.Errorf("%s holds %q", door, rows)
		}
		for _, row := range slices.Compact(rows) {
			at := r.screen() + r.kiosk.Probe().Title
			r.tap(row)
			if r.screen()+r.kiosk.Probe().Title == at {
				t.Errorf("%s: %q leads nowhere", door, row)
			}
			r.key(fyne.KeyEscape)
		}
		r.key(fyne.KeyEscape)
		r.at("home")
	}
}
