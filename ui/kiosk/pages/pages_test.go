package pages_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/ui/kiosk/pages"
	"egmina/ui/kiosk/screentest"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

var landscape = fyne.NewSize(1920, 1080)

func needs(t testing.TB) *pages.Needs {
	t.Helper()
	p, err := screentest.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return &pages.Needs{Pages: func() []data.Page { return p.Pages }}
}

func TestEveryDoorAndPageHoldsOnEveryPanel(t *testing.T) {
	n := needs(t)
	for _, size := range screentest.Sizes {
		s := screentest.New(t, size)
		for _, large := range []bool{false, true} {
			s.Shell.SetDisplay(theme.HighContrast, large)
			for _, door := range []string{"info", "online", "dialog", "uslugi"} {
				s.Push(pages.List(n, door))
				s.Fits()
				s.Ctx().Home()
			}
			for _, p := range n.Pages() {
				s.Push(pages.Reader(n, p.Slug))
				s.Want(p.Title.In("pl"), p.Summary.In("pl"), "Stan na")
				s.Fits()
				s.Ctx().Home()
			}
		}
	}
}

func TestALinkGoesToThePhone(t *testing.T) {
	s := screentest.New(t, landscape)
	s.Push(pages.Reader(needs(t), "e-doreczenia"))
	s.Want("Zabierz na telefon", "www.gov.pl/web/e-doreczenia", "Jak ją założyć")
	s.Shell.SetLang("en")
	s.Want("Take it on your phone", "e-Delivery")
}

func page(slug string, order int, from, to data.Date) data.Page {
	return data.Page{
		Slug: slug, Door: "info", Kind: "notice", Title: data.PL(slug), Summary: data.PL("."), Order: order,
		Period: data.Period{From: from, To: to},
	}
}

func TestADoorShowsWhatHoldsTodayInOrder(t *testing.T) {
	today := data.DateOf(screentest.Now)
	n := &pages.Needs{Pages: func() []data.Page {
		return []data.Page{
			page("second", 20, data.Date{}, data.Date{}), page("first", 10, today, today),
			page("over", 1, data.Date{}, today.AddDays(-1)), page("to come", 1, today.AddDays(1), data.Date{}),
			{Slug: "elsewhere", Door: "online", Title: data.PL("elsewhere")},
		}
	}, Rows: func(_ *shell.Ctx, door string) []kit.RowSpec {
		return []kit.RowSpec{{Title: "extra " + door, Do: func() {}}}
	}}
	s := screentest.New(t, landscape)
	s.Push(pages.List(n, "info"))
	var got []string
	for _, t := range s.Shell.Probe().Targets {
		if t.Kind == kit.KindRow {
			got = append(got, t.Label)
		}
	}
	if len(got) != 3 || got[0] != "extra info" || got[1] != "first" || got[2] != "second" {
		t.Fatalf("rows %q", got)
	}
	s.Tap("first")
	if s.Screen() != "page" {
		t.Fatalf("on %s", s.Screen())
	}
}

func TestNothingSaysSo(t *testing.T) {
	n := &pages.Needs{Pages: func() []data.Page { return nil }}
	s := screentest.New(t, landscape)
	s.Push(pages.List(n, "dialog"))
	s.Want("Nie ma tu teraz żadnych informacji")
	s.Push(pages.Reader(n, "gone"))
	s.Want("Tej strony już nie ma")
}

func BenchmarkOpenDoor(b *testing.B) { bench(b, pages.List(needs(b), "info")) }
func BenchmarkOpenPage(b *testing.B) { bench(b, pages.Reader(needs(b), "e-doreczenia")) }

func bench(b *testing.B, screen shell.Screen) {
	s := screentest.New(b, landscape)
	for b.Loop() {
		s.Push(screen)
		s.Ctx().Home()
	}
}
