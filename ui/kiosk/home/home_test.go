package home_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"egmina/assets"
	"egmina/ui/i18n"
	"egmina/ui/kiosk/home"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

type calls struct{ log []string }

func (c *calls) door(name string) func(*shell.Ctx) {
	return func(*shell.Ctx) { c.log = append(c.log, name) }
}

func open(t testing.TB, size fyne.Size, demo []home.Access) (*shell.Shell, fyne.Window, *calls) {
	t.Helper()
	test.NewTempApp(t)
	cat, err := i18n.Load(assets.Lang)
	if err != nil {
		t.Fatal(err)
	}
	c := &calls{}
	first := home.New(home.Calls{
		Search:   func(_ *shell.Ctx, s string) { c.log = append(c.log, "search "+s) },
		Services: c.door("services"), Procedures: c.door("procedures"), Info: c.door("info"),
		Online: c.door("online"), Dialog: c.door("dialog"),
	}, demo)
	win := test.NewWindow(nil)
	t.Cleanup(win.Close)
	win.SetPadded(false)
	win.Resize(size)
	s := shell.New(shell.Config{Canvas: win.Canvas(), Catalog: cat, Home: first, Office: "Urząd Gminy Kościelisko",
		Dispatch: func(f func()) { f() }})
	win.SetContent(s.Content())
	win.Resize(size)
	s.Start()
	return s, win, c
}

var fullHD = fyne.NewSize(1920, 1080)

func TestDoorsAndSearch(t *testing.T) {
	s, win, c := open(t, fullHD, nil)
	for _, x := range s.Probe().Targets {
		if x.Kind == kit.KindTile || x.Kind == kit.KindField {
			x.Object.(fyne.Tappable).Tapped(&fyne.PointEvent{})
		}
	}
	want := []string{"search ", "services", "procedures", "info", "online", "dialog"}
	if !slices.Equal(c.log, want) {
		t.Errorf("opened %q, want %q", c.log, want)
	}
	c.log = nil
	s.Refresh()
	s2, win2, c2 := open(t, fullHD, nil)
	_ = s2
	test.Type(win2.Canvas().Focused(), "ś") // typing begins at once
	if !slices.Equal(c2.log, []string{"search ś"}) {
		t.Errorf("typing opened %q", c2.log)
	}
	win.Canvas().Unfocus()
}

// The first screen never needs scrolling, whatever the panel and the text size.
func TestEverythingFits(t *testing.T) {
	demo := []home.Access{{Code: "7F3K-92QM-AB4C", PIN: "4821"}, {Code: "K2MP-77XW-0QRS", PIN: "1904"}}
	for _, size := range []fyne.Size{fullHD, {Width: 1080, Height: 1920}, {Width: 1366, Height: 768}, {Width: 1280, Height: 1024}} {
		for _, large := range []bool{false, true} {
			for _, lang := range []string{"pl", "en"} {
				s, _, _ := open(t, size, demo)
				s.SetNotice("demo", kit.Info, "Pokaz: dane mieszkańców są zmyślone.")
				s.SetLang(lang)
				s.SetDisplay(theme.Normal, large)
				tiles := 0
				for _, x := range s.Probe().Targets {
					if x.Kind == kit.KindTile && x.Pos.Y+x.Size.Height <= size.Height {
						tiles++
					}
				}
				if tiles != 5 {
					t.Errorf("%v %s large %v: %d doors in sight, want 5", size, lang, large, tiles)
				}
			}
		}
	}
}

// BenchmarkOpenHome opens the first screen: everything but putting it on glass.
func BenchmarkOpenHome(b *testing.B) {
	s, _, _ := open(b, fullHD, nil)
	for b.Loop() {
		s.Refresh()
	}
}

// BenchmarkPaintHome opens the first screen and paints all its pixels in software.
func BenchmarkPaintHome(b *testing.B) {
	s, win, _ := open(b, fullHD, nil)
	for b.Loop() {
		s.Refresh()
		win.Canvas().Capture()
	}
}
