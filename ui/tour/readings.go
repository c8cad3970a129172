package tour

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"egmina/data"
)

// visitMeters is how many meters the resident of the tour reads.
const visitMeters = 3

// usedSince is what the tour's readings add, in m³: little enough not to be asked
// about.
const usedSince = 3

// threeReadings leaves a reading of every meter, prints the receipt, and waits
// until the office has them. had is how many readings it had before.
func (g *guide) threeReadings(o Options, had int) error {
	if err := g.press("Podaj *"); err != nil {
		return err
	}
	for i := range visitMeters {
		if err := g.oneReading(o, i); err != nil {
			return fmt.Errorf("meter %d: %w", i+1, err)
		}
		if i < visitMeters-1 {
			if err := in(g.at("meter.receipt"), g.do("Następny*")); err != nil {
				return err
			}
		}
	}
	want := strconv.Itoa(had + visitMeters)
	return in(
		func() error {
			_, err := g.until(want+" readings in the office", func(v View) bool { return v.Facts["office.readings"] == want && v.Facts["waiting"] == "0" })
			return err
		},
		func() error { time.Sleep(time.Second); return nil }, // the receipt tells the state when the office's news comes back
		g.at("meter.receipt"), g.keep("meter-receipt"),
		g.do(g.text("meters.print")), g.print(o, "receipt", "potwierdzenie"),
	)
}

func (g *guide) oneReading(o Options, i int) error {
	if err := g.on("meter.entry"); err != nil {
		return err
	}
	v, err := g.view()
	if err != nil {
		return err
	}
	m, ok := o.meter(v.Title)
	if !ok {
		return fmt.Errorf("no meter of the pack on the page %q", v.Title)
	}
	value := strconv.FormatInt(m.LastReading().Value+usedSince, 10)
	if err := g.fill(g.text("meters.field"), value); err != nil {
		return err
	}
	if i == 0 {
		if err := g.shot("meter-entry"); err != nil {
			return err
		}
	}
	if err := g.press(g.text("meters.save")); err != nil {
		return err
	}
	return g.agree()
}

// meter finds the meter whose number stands in a title.
func (o Options) meter(title string) (data.Meter, bool) {
	for _, m := range o.Meters {
		if strings.Contains(title, m.Number) {
			return m, true
		}
	}
	return data.Meter{}, false
}

// agree answers yes to what the kiosk asks about a reading, until it is saved.
func (g *guide) agree() error {
	questions := []string{g.text("meters.ask_window_yes"), g.text("meters.ask_jump_yes")}
	v, err := g.until("the reading saved, or a question", func(v View) bool {
		return v.Screen == "meter.receipt" || has(v, questions[0]) || has(v, questions[1])
	})
	if err != nil || v.Screen == "meter.receipt" {
		return err
	}
	for _, q := range questions {
		if has(v, q) {
			if err := g.press(q); err != nil {
				return err
			}
		}
	}
	return in(g.do(g.text("meters.save")), g.at("meter.receipt"))
}
