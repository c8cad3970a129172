package kiosk

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"egmina/ui/theme"
)

func TestIdleCountsDownAndWipes(t *testing.T) {
	r := newRig(t, landscape)
	r.kiosk.shell.SetDisplay(theme.HighContrast, true)
	r.open("K-001201")
	r.clock.pass(59 * time.Second)
	r.at("account")
	r.clock.pass(time.Second)
	r.at("shell.idle")
	r.want("30 s")
	if r.says("K-001201") {
		t.Error("the account shows under the question")
	}
	r.clock.pass(12 * time.Second)
	r.want("18 s")
	r.tap("Tak, kontynuuję") // one touch goes on where one was
	r.at("account")
	r.clock.pass(60 * time.Second)
	r.at("shell.idle")
	r.key(fyne.KeyDown) // and so does a key
	r.at("account")
	r.clock.pass(60*time.Second + 29*time.Second)
	r.at("shell.idle")
	r.clock.pass(time.Second)
	r.at("home")
	if d := r.kiosk.Probe().Depth; d != 1 {
		t.Errorf("%d pages are left", d)
	}
	if theme.Color(theme.Ground) != theme.New(theme.Options{}).Color(theme.Ground, 0) {
		t.Error("the next resident begins with the last one's palette")
	}
	r.tap("Usługi", "Co mam do zapłaty?")
	r.at("login")
	if r.value(0) != "" {
		t.Error("the code is still there")
	}
}

func TestSilentOfficeIsSaid(t *testing.T) {
	r := newRig(t, landscape)
	r.silent = 14 * time.Minute
	r.clock.pass(time.Minute)
	if r.says("Ostatni kontakt z urzędem") {
		t.Error("said too early")
	}
	r.silent = 15*time.Minute + time.Second
	r.clock.pass(lookEvery)
	r.want("Ostatni kontakt z urzędem: 23.11.2026, 11:46")
	r.tap("English")
	r.want("23.11.2026, 11:46")
	if r.says("Ostatni kontakt") {
		t.Error("the bar stays Polish")
	}
	r.silent = 0
	r.kiosk.Changed("accounts")
	if r.says("23.11.2026, 11:46") {
		t.Error("the office answers, the bar stays")
	}
}

func TestWatchingEnds(t *testing.T) {
	r := newRig(t, landscape)
	r.kiosk.End()
	r.silent = time.Hour
	r.clock.pass(time.Hour)
	if r.says("Ostatni kontakt") {
		t.Error("still watching")
	}
}
