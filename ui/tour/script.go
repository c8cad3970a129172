package tour

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

// script is the whole lobby job: search, card, form, review, print; account, two
// payments, slips; three readings, receipt, the office has them; idle, wiped.
func (g *guide) script(o Options) error {
	acts := []func(Options) error{g.findProcedure, g.fillForm, g.printForm, g.openAccount, g.payTwo, g.leaveReadings, g.goAway}
	for _, act := range acts {
		if err := act(o); err != nil {
			return err
		}
	}
	return nil
}

// in runs steps in order until one fails.
func in(steps ...func() error) error {
	for i, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

func (g *guide) do(label string) func() error     { return func() error { return g.press(label) } }
func (g *guide) at(screen string) func() error    { return func() error { return g.on(screen) } }
func (g *guide) keep(picture string) func() error { return func() error { return g.shot(picture) } }

// findProcedure types a few letters and opens the card.
func (g *guide) findProcedure(o Options) error {
	g.say("find")
	return in(
		g.at("home"), g.keep("home"),
		func() error { return g.search("smieci nowa osob") },
		g.at("results"),
		func() error {
			_, err := g.until("the procedure among the results", func(v View) bool { return has(v, o.Procedure.Title.In("pl")) })
			return err
		},
		g.keep("results"),
		g.do(o.Procedure.Title.In("pl")), g.at("procedure"), g.keep("procedure"),
		g.do(g.text("procedures.fill")), g.at("form.intro"), g.keep("form-intro"),
		g.do(g.text("form.begin")), g.at("form.step"),
	)
}

// search begins at the first screen: by the first letter, or by touching the field.
func (g *guide) search(words string) error {
	if !g.touch {
		return g.hands.Type(words)
	}
	return in(g.do(g.text("home.search")), g.at("results"), func() error { return g.keys(words) })
}

// answer is what a resident says to one question: an option's ID, "true" for a
// box to tick, or a text.
type answer struct{ field, value string }

// declaration are the answers of the waste declaration, step by step. They can
// be typed on a keyboard without Polish letters.
var declaration = [][]answer{
	{{"reason", "change"}, {"since", "01.11.2026"}, {"what_changed", "Urodzilo sie dziecko"}},
	{{"title_to", "owner"}},
	{{"last_name", "Gasienica"}, {"first_name", "Anna"}, {"pesel", "44051401359"}},
	{{"house", "12"}, {"postcode", "34511"}, {"town", "Koscielisko"}},
	{},
	{{"property_same", "true"}},
	{},
	{{"building_kind", "single"}, {"compost", "true"}},
	{{"persons", "5"}},
	{},
}

// fillForm answers every step, goes back once to see that nothing is lost, and
// looks at the review.
func (g *guide) fillForm(o Options) error {
	g.say("form")
	for i, step := range declaration {
		if err := g.on("form.step"); err != nil {
			return err
		}
		for _, a := range step {
			if err := g.answer(o, i, a); err != nil {
				return fmt.Errorf("form step %d: %w", i+1, err)
			}
		}
		if err := g.leaveStep(i); err != nil {
			return fmt.Errorf("form step %d: %w", i+1, err)
		}
	}
	return in(g.at("form.review"), g.keep("form-review"))
}

// leaveStep goes on; after the third step it looks back once.
func (g *guide) leaveStep(i int) error {
	before, err := g.view()
	if err != nil {
		return err
	}
	if i < 4 || i > 6 {
		if err := g.shot("form-step"); err != nil {
			return err
		}
	}
	next := g.text("shell.next")
	if i == len(declaration)-1 {
		next = g.text("form.check")
	}
	if err := g.press(next); err != nil {
		return err
	}
	_, err = g.until("the next step", func(v View) bool { return v.Title != before.Title && !v.Busy })
	if err == nil && i == 2 {
		err = g.thereAndBack(before.Title)
	}
	return err
}

// thereAndBack goes to the step before and on again: what was typed must stand.
func (g *guide) thereAndBack(title string) error {
	back := func() error { return g.press(g.text("shell.back")) }
	if !g.touch {
		back = func() error { return g.hands.Press(keyEscape) }
	}
	return in(back,
		func() error { _, err := g.until(title, func(v View) bool { return v.Title == title }); return err },
		g.do(g.text("shell.next")),
		func() error {
			_, err := g.until("the step after", func(v View) bool { return v.Title != title })
			return err
		})
}

func (g *guide) answer(o Options, step int, a answer) error {
	label, option := o.question(a)
	switch {
	case a.value == "true":
		return g.press(label)
	case option != "":
		return g.press(option)
	}
	return g.fill(label, a.value)
}

// question finds the label of a question and, for a choice, of the answer.
func (o Options) question(a answer) (label, option string) {
	for _, s := range o.Form.Steps {
		for _, f := range s.Fields {
			if f.ID != a.field {
				continue
			}
			for _, opt := range f.Options {
				if opt.ID == a.value {
					option = opt.Label.In("pl")
				}
			}
			label = f.Label.In("pl")
			if !f.Required && f.Type != "check" {
				label += " " + o.Text("form.optional")
			}
			return label, option
		}
	}
	return a.field, ""
}

// printForm prints from the review and finds the pages in the folder.
func (g *guide) printForm(o Options) error {
	g.say("print")
	return in(g.do(g.text("form.print")), g.print(o, "preview", o.Form.Slug))
}

// print goes from the preview to paper and home again.
func (g *guide) print(o Options, picture, kind string) func() error {
	return func() error {
		return in(
			g.at("printout"),
			func() error {
				_, err := g.until("a preview", func(v View) bool { return has(v, "Drukuj *") })
				return err
			},
			g.keep(picture), g.do("Drukuj *"),
			func() error {
				_, err := g.until("printed", func(v View) bool { return has(v, g.text("print.finish")) })
				return err
			},
			g.keep(picture+"-printed"),
			func() error { return g.printed(o, kind) },
			g.do(g.text("print.finish")), g.at("home"),
		)
	}
}

// printed finds the one new PDF of the kind in the printer's folder and reads
// its codes.
func (g *guide) printed(o Options, kind string) error {
	v, err := g.view()
	if err != nil {
		return err
	}
	found, err := filepath.Glob(filepath.Join(v.Facts["prints"], "*"+kind+"*.pdf"))
	if err != nil || len(found) != 1 {
		return fmt.Errorf("%d of %s came out of the printer, want 1 (%v)", len(found), kind, err)
	}
	if !o.Check {
		return nil
	}
	return g.readBack(kind, found[0])
}

// openAccount logs in with the code the first screen shows.
func (g *guide) openAccount(o Options) error {
	g.say("account")
	return in(
		func() error {
			_, err := g.until("accounts", func(v View) bool { return v.Facts["accounts"] != "0" })
			return err
		},
		g.do(g.text("home.services")), g.at("pages"), g.keep("services"),
		g.do(g.text("kiosk.balance")), g.at("login"), g.keep("login"),
		func() error { return g.login(o) }, g.at("account"), g.keep("account"),
	)
}

// login types code and PIN.
func (g *guide) login(o Options) error {
	return in(
		func() error { return g.fill(g.text("account.code"), strings.ReplaceAll(o.Access.Code, "-", "")) },
		func() error { return g.fill(g.text("account.pin"), o.Access.PIN) },
		g.do(g.text("account.login")),
	)
}

// payTwo picks two charges and prints their slips.
func (g *guide) payTwo(o Options) error {
	g.say("pay")
	v, err := g.view()
	if err != nil {
		return err
	}
	var boxes []string
	for _, t := range v.Targets {
		if t.Kind == "check" && len(boxes) < 2 {
			boxes = append(boxes, t.Label)
		}
	}
	if len(boxes) < 2 {
		return fmt.Errorf("fewer than two charges to pay: %s", labels(v))
	}
	return in(
		g.do(boxes[0]), g.do(boxes[1]), g.keep("account-picked"),
		g.do("Zapłać *"), g.at("pay"), g.keep("pay"),
		g.do(g.text("account.pay_after")), g.keep("pay-second"),
		g.do(g.text("account.print_slips")), g.print(o, "slips", "blankiet"),
	)
}

// leaveReadings gives three meters a reading and waits until the office has them.
func (g *guide) leaveReadings(o Options) error {
	g.say("readings")
	v, err := g.view()
	if err != nil {
		return err
	}
	had, _ := strconv.Atoi(v.Facts["office.readings"])
	err = in(
		g.do(g.text("home.services")), g.at("pages"),
		g.do(g.text("kiosk.meters")), g.at("meters"), g.keep("meters"),
	)
	if err != nil {
		return err
	}
	return g.threeReadings(o, had)
}

// goAway stands still: the kiosk asks, is answered once, asks again, and wipes.
func (g *guide) goAway(o Options) error {
	g.say("idle")
	asks := func() error {
		_, err := g.until("the idle warning", func(v View) bool { return v.Screen == "shell.idle" })
		return err
	}
	return in(
		asks, g.keep("idle"), g.do(g.text("shell.idle_stay")),
		func() error {
			_, err := g.until("the page again", func(v View) bool { return v.Screen != "shell.idle" })
			return err
		},
		asks,
		func() error {
			_, err := g.untilFor(3*patience, "the end of the session", func(v View) bool { return v.Screen == "home" })
			return err
		},
		func() error { return g.wiped(o) },
		g.keep("wiped"),
	)
}

// wiped finds no open account and no session to end.
func (g *guide) wiped(o Options) error {
	v, err := g.view()
	if err != nil {
		return err
	}
	if has(v, g.text("shell.end")) {
		return fmt.Errorf("after the end of the session there is still one to end")
	}
	return in(
		g.do(g.text("home.services")), g.at("pages"), g.do(g.text("kiosk.balance")), g.at("login"),
		g.do(g.text("shell.end")), g.at("home"),
		g.do(g.text("home.info")), g.at("pages"), g.do(g.text("kiosk.forms")), g.at("forms"),
		g.do(g.text("procedures.fill")), g.at("form.intro"), // the first form is the one filled in before
		func() error { // a draft left behind would offer to go on with it
			if v, err := g.view(); err != nil || !has(v, g.text("form.begin")) {
				return fmt.Errorf("after the end of the session a form is still begun (%v)", err)
			}
			return nil
		},
		g.do(g.text("shell.end")), g.at("home"),
	)
}

// has reports whether something to touch matches the label.
func has(v View, label string) bool {
	_, ok := find(v, label)
	return ok
}

// say tells on the terminal which part of the tour comes.
func (g *guide) say(part string) { fmt.Fprintln(g.log, " ", g.tell("cli.tour_"+part)) }
