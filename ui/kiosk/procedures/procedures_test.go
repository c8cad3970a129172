package procedures_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/data/search"
	"egmina/ui/kiosk/procedures"
	"egmina/ui/kiosk/screentest"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

var landscape = fyne.NewSize(1920, 1080)

// opened remembers where the screens led to.
type opened struct{ filled, blank, contact string }

func needs(t testing.TB) (*procedures.Needs, *procedures.Content, *opened) {
	t.Helper()
	p, err := screentest.Pack()
	if err != nil {
		t.Fatal(err)
	}
	docs := make([]search.Doc, 0, len(p.Procedures))
	for _, proc := range p.Procedures {
		docs = append(docs, search.OfProcedure(proc))
	}
	ix := search.New(docs)
	ct := &procedures.Content{Municipality: p.Municipality, Procedures: p.Procedures, Forms: p.Forms, Tariffs: p.Tariffs}
	ct.Search = func(q string) []data.Procedure {
		var out []data.Procedure
		for _, h := range ix.Search(q, 20) {
			if proc, ok := p.Procedure(h.ID); ok {
				out = append(out, *proc)
			}
		}
		return out
	}
	o := &opened{}
	return &procedures.Needs{
		Content: func() procedures.Content { return *ct },
		Fill:    func(_ *shell.Ctx, slug string) { o.filled = slug },
		Blank:   func(_ *shell.Ctx, slug string) { o.blank = slug },
		Contact: func(*shell.Ctx) { o.contact = "yes" },
	}, ct, o
}

func rows(s *screentest.Stage) []string {
	var out []string
	for _, t := range s.Shell.Probe().Targets {
		if t.Kind == kit.KindRow {
			out = append(out, t.Label)
		}
	}
	return out
}

func TestSearchAnswersFromTheFirstLetter(t *testing.T) {
	n, _, _ := needs(t)
	s := screentest.New(t, landscape)
	s.Push(procedures.Results(n, "ś"))
	if got := s.Value("Czego szukasz"); got != "ś" {
		t.Fatalf("the first letter is lost: %q", got)
	}
	if len(rows(s)) == 0 {
		t.Fatal("one letter finds nothing")
	}
	s.Keys("mieci")
	if got := rows(s); len(got) == 0 || !strings.Contains(strings.Join(got[:2], " "), "Deklaracja śmieciowa") {
		t.Fatalf("śmieci: %q", got)
	}
	s.Tap("Deklaracja śmieciowa")
	if s.Screen() != "procedure" {
		t.Fatalf("on %s", s.Screen())
	}
	s.Tap("Wstecz")
	if got := s.Value("Czego szukasz"); got != "śmieci" {
		t.Fatalf("going back lost the question: %q", got)
	}
	s.Shell.SetLang("en")
	if got := s.Value("What are you looking for"); got != "śmieci" {
		t.Fatalf("switching the language lost the question: %q", got)
	}
}

func TestEnterOpensTheBestHit(t *testing.T) {
	n, _, _ := needs(t)
	s := screentest.New(t, landscape)
	s.Push(procedures.Results(n, ""))
	s.Keys("smieci")
	s.Key(fyne.KeyReturn)
	if s.Screen() != "procedure" {
		t.Fatalf("on %s", s.Screen())
	}
}

func TestNothingFoundSaysWhatToDo(t *testing.T) {
	n, _, o := needs(t)
	s := screentest.New(t, landscape)
	s.Push(procedures.Results(n, "xqzxqz"))
	s.Want("Nie znaleźliśmy niczego dla „xqzxqz”", "zapytaj w urzędzie")
	s.Tap("Gdzie zapytać")
	if o.contact == "" {
		t.Fatal("the desk does not open")
	}
	s.Tap("Wszystkie dziedziny")
	if s.Screen() != "areas" {
		t.Fatalf("on %s", s.Screen())
	}
}

func TestTheQuestionGoesWithTheSession(t *testing.T) {
	n, _, _ := needs(t)
	s := screentest.New(t, landscape)
	screen := procedures.Results(n, "rozwód")
	s.Push(screen)
	s.Shell.End()
	s.Push(screen)
	if got := s.Value("Czego szukasz"); got != "" {
		t.Fatalf("the next resident reads %q", got)
	}
}

func TestAreasCountTheirProcedures(t *testing.T) {
	n, ct, _ := needs(t)
	s := screentest.New(t, landscape)
	s.Push(procedures.Areas(n))
	present := map[string]int{}
	for _, p := range ct.Procedures {
		present[p.Area]++
	}
	if got := rows(s); len(got) != len(present) {
		t.Fatalf("%d areas shown, %d have procedures", len(got), len(present))
	}
	s.Tap("Odpady")
	if got := rows(s); s.Screen() != "area" || len(got) != present["odpady"] {
		t.Fatalf("%s: %q", s.Screen(), got)
	}
}

func TestEmptyCatalogueSaysSo(t *testing.T) {
	n, ct, _ := needs(t)
	ct.Procedures, ct.Forms = nil, nil
	s := screentest.New(t, landscape)
	for _, screen := range []shell.Screen{procedures.Areas(n), procedures.Area(n, "odpady"), procedures.Forms(n)} {
		s.Push(screen)
		s.Want("Nie ma tu jeszcze żadnej sprawy")
	}
	s.Push(procedures.Card(n, "odpis-aktu"))
	s.Want("Tej karty już nie ma")
}

func TestCardSaysEverything(t *testing.T) {
	n, _, o := needs(t)
	s := screentest.New(t, landscape)
	s.Push(procedures.Card(n, "odpis-aktu"))
	s.Want("Kto może to załatwić", "Co przygotować", "Ile to kosztuje", "Jak długo", "Podstawa prawna", "Jeśli się nie zgadzasz",
		"Jak złożyć", "Zobacz też", "22,00", "33,00", "ustawa o opłacie skarbowej", "Stan na 01.11.2026", "www.gov.pl",
		"do potwierdzenia w urzędzie", "Który odpis wybrać?")
	s.Tap("Wypełnij i wydrukuj")
	s.Tap("Pusty druk")
	if o.filled != "odpis-aktu-wniosek" || o.blank != o.filled {
		t.Fatalf("forms opened: %+v", *o)
	}
}

// card shows a procedure made for one case.
func card(t *testing.T, p data.Procedure) *screentest.Stage {
	n, ct, _ := needs(t)
	p.Slug, p.Area, p.Title, p.Summary, p.Unit = "x", "inne", data.PL("Sprawa"), data.PL("Opis."), "podatki"
	ct.Procedures = []data.Procedure{p}
	s := screentest.New(t, landscape)
	s.Push(procedures.Card(n, "x"))
	return s
}

func day(t *testing.T, s string) data.Date {
	d, err := data.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWaysToFileHoldToday(t *testing.T) {
	to, from := data.Period{To: day(t, "2025-12-31")}, data.Period{From: day(t, "2027-01-01")}
	s := card(t, data.Procedure{Channels: []data.Channel{
		{Kind: data.ChannelEPUAP, Note: data.PL("skrzynka ePUAP"), Period: to},
		{Kind: data.ChannelGov, Note: data.PL("nowa usługa"), Period: from},
		{Kind: data.ChannelDesk, Note: data.PL("przy okienku")},
	}})
	s.Want("Nie działa po 31.12.2025", "Możliwe od 01.01.2027")
	order := strings.Join(s.Texts(), "\n")
	desk, gov, epuap := strings.Index(order, "przy okienku"), strings.Index(order, "nowa usługa"), strings.Index(order, "skrzynka ePUAP")
	if !(desk < gov && gov < epuap) {
		t.Fatalf("what holds today does not come first: %d %d %d", desk, gov, epuap)
	}
	s = card(t, data.Procedure{Channels: []data.Channel{
		{Kind: data.ChannelEPUAP, Note: data.PL("dawna zasada"), Period: to},
		{Kind: data.ChannelEPUAP, Note: data.PL("nowa zasada")},
	}})
	if s.Says("dawna zasada") || !s.Says("nowa zasada") {
		t.Fatal("a rule that a newer one replaces is still shown")
	}
}

func TestFeesComeFromTheTariffOfToday(t *testing.T) {
	s := card(t, data.Procedure{Fees: []data.Fee{
		{Label: data.PL("Nieznana"), Tariff: "no.such", Basis: "uchwała"},
		{Label: data.PL("Stała"), Grosze: 1750},
	}})
	s.Want("17,50", "do potwierdzenia w urzędzie")
	s = card(t, data.Procedure{})
	s.Want("Bezpłatnie.")
}

func TestDoubtStandsBesideTheField(t *testing.T) {
	for _, f := range []string{"who", "documents", "fees", "time", "basis", "appeal", "link"} {
		p := data.Procedure{
			Who: data.PL("każdy"), Documents: []data.Text{data.PL("dowód")}, Time: data.PL("od ręki"), Basis: []string{"ustawa"},
			Appeal: data.PL("odwołanie"), Link: "https://www.gov.pl",
		}
		count := func(p data.Procedure) int {
			return strings.Count(strings.Join(card(t, p).Texts(), "\n"), "do potwierdzenia w urzędzie")
		}
		before := count(p)
		p.Unconfirmed = []string{f}
		if got := count(p); got != before+1 {
			t.Errorf("%s: %d remarks, %d without it", f, got, before)
		}
	}
}

func TestEveryCardHoldsOnEveryPanel(t *testing.T) {
	n, ct, _ := needs(t)
	for _, size := range screentest.Sizes {
		s := screentest.New(t, size)
		check := func(every int) {
			for i, p := range ct.Procedures {
				if i%every != 0 {
					continue
				}
				s.Push(procedures.Card(n, p.Slug))
				s.Fits()
				s.Tap(map[bool]string{true: "Back", false: "Wstecz"}[s.Says("Back")])
			}
		}
		check(8)
		s.Shell.SetLang("en")
		s.Shell.SetDisplay(theme.HighContrast, true)
		if size.Width == 1280 { // the tightest: every card
			check(1)
		} else {
			check(8)
		}
	}
}

func BenchmarkOpenAreas(b *testing.B) {
	bench(b, func(n *procedures.Needs) shell.Screen { return procedures.Areas(n) })
}
func BenchmarkOpenArea(b *testing.B) {
	bench(b, func(n *procedures.Needs) shell.Screen { return procedures.Area(n, "podatki") })
}
func BenchmarkOpenResults(b *testing.B) {
	bench(b, func(n *procedures.Needs) shell.Screen { return procedures.Results(n, "śm") })
}
func BenchmarkOpenCard(b *testing.B) {
	bench(b, func(n *procedures.Needs) shell.Screen { return procedures.Card(n, "deklaracja-odpady") })
}

func bench(b *testing.B, make func(*procedures.Needs) shell.Screen) {
	n, _, _ := needs(b)
	s := screentest.New(b, landscape)
	for b.Loop() {
		s.Push(make(n))
		s.Ctx().Home()
	}
}

func TestTheOtherHitsShowWhenAsked(t *testing.T) {
	n, ct, _ := needs(t)
	s := screentest.New(t, fyne.NewSize(1080, 6000))
	ct.Search = func(string) []data.Procedure { return ct.Procedures[:12] }
	s.Push(procedures.Results(n, "a"))
	if got := len(rows(s)); got != 8 {
		t.Fatalf("%d hits at first", got)
	}
	s.Tap("Pokaż więcej")
	if got := len(rows(s)); got != 12 {
		t.Fatalf("%d of 12 hits", got)
	}
}
