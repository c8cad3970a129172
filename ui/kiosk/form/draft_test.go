package form

import (
	"reflect"
	"testing"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/ui/kiosk/screentest"
)

func TestWipeLeavesNothingInMemory(t *testing.T) {
	p, err := screentest.Pack()
	if err != nil {
		t.Fatal(err)
	}
	n := &Needs{Content: func() Content { return Content{Municipality: p.Municipality, Forms: p.Forms, Tariffs: p.Tariffs} }}
	s := screentest.New(t, fyne.NewSize(1280, 1024))
	d, err := open(s.Ctx(), n, "deklaracja-odpady")
	if err != nil {
		t.Fatal(err)
	}
	d.answers["last_name"], d.typed["last_name"] = "Próbna", "Prób"
	answers, typed := d.answers, d.typed
	s.Shell.End()
	if len(answers) != 0 || len(typed) != 0 || !reflect.DeepEqual(*d, draft{}) {
		t.Fatalf("left behind: %v %v %+v", answers, typed, *d)
	}
}

func TestTheNumberComesFromTheOperation(t *testing.T) {
	d := draft{op: data.NewID(screentest.Now)}
	if d.number() != d.op.DocumentNumber() {
		t.Fatal(d.number())
	}
}

func TestDatesGetTheirDots(t *testing.T) {
	for typed, want := range map[string]string{
		"": "", "1": "1", "15": "15", "150": "15.0", "15032026": "15.03.2026", "1.": "01", "01.3": "01.3", "01.3.": "01.03",
		"1.3.2026": "01.03.2026", "15.03.20261": "15.03.2026", "2026-03-15": "2026-03-15",
	} {
		if got := dotted(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	// As typed, letter by letter, each keystroke sees what the last one made.
	for typed, want := range map[string]string{"1.3.2026": "01.03.2026", "15.11.2026": "15.11.2026", "15112026": "15.11.2026"} {
		got := ""
		for _, r := range typed {
			got = dotted(got + string(r))
		}
		if got != want {
			t.Errorf("%q letter by letter: %q, want %q", typed, got, want)
		}
	}
}
