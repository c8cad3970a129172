package search

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"egmina/data"
)

func TestFold(t *testing.T) {
	for typed, want := range map[string]string{
		"Zażółć GĘŚLĄ Jaźń": "zazolc gesla jazn",
		"s\u0301mieci":      "smieci",
		"ﬁrma №5 ½":         "firma no5 1⁄2",
		"Straße Ørsted Œ":   "strasse orsted oe",
		"Їжак":              "іжак",
		"\xffA":             " a",
		"İI":                "ii",
	} {
		if got := Fold(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

// TestStem lists forms that must meet, and words that must stay apart.
func TestStem(t *testing.T) {
	for _, forms := range []string{
		"zameldowac zameldowanie zameldowania zameldowany zameldowana",
		"podatek podatku podatki podatkow podatkami",
		"smieci smiec smieciami",
		"zgloszenie zgloszenia zglosic zglosil",
		"zgubilem zgubilam zgubiony zgubic zgubil",
		"dowod dowodu dowody dowodow dowodem",
		"malzenstwo malzenstwa malzenski",
		"zaswiadczenie zaswiadczenia zaswiadczeniu",
		"lesny lesnego lesnych",
		"dzialka dzialki dzialek dzialke",
		"urodzenie urodzenia urodzic urodzila",
		"koscielisko koscielisku koscieliska",
	} {
		words := strings.Fields(forms)
		for _, w := range words[1:] {
			if stem(w) != stem(words[0]) {
				t.Errorf("%s → %s, %s → %s", w, stem(w), words[0], stem(words[0]))
			}
		}
	}
	apart := map[string]string{}
	for _, w := range strings.Fields("dowod dom droga drzewo podatek podpis pies piec pole pesel slub smieci szkola 500 800 паспорт") {
		if other, ok := apart[stem(w)]; ok {
			t.Errorf("%s and %s share %s", w, other, stem(w))
		}
		apart[stem(w)] = w
	}
}

// slowDistance is the plain definition of optimal string alignment.
func slowDistance(a, b string) int {
	if a == "" || b == "" {
		return len(a) + len(b)
	}
	cost := 1
	if a[0] == b[0] {
		cost = 0
	}
	d := min(slowDistance(a[1:], b)+1, slowDistance(a, b[1:])+1, slowDistance(a[1:], b[1:])+cost)
	if len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] {
		d = min(d, slowDistance(a[2:], b[2:])+1)
	}
	return d
}

func TestDistance(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := func() string {
		b := make([]byte, r.IntN(7))
		for i := range b {
			b[i] = "abc"[r.IntN(3)]
		}
		return string(b)
	}
	for range 5000 {
		a, b, limit := random(), random(), 1+r.IntN(2)
		want := slowDistance(a, b)
		if got := distance(a, b, limit); got != min(want, limit+1) {
			t.Fatalf("%q %q limit %d: %d, want %d", a, b, limit, got, want)
		}
		if want <= limit && !mayBeWithin(signature(a), signature(b), len(a), len(b), limit) {
			t.Fatalf("%q and %q differ by %d and were not compared", a, b, want)
		}
	}
}

func corpus() *Index {
	return New([]Doc{
		OfProcedure(data.Procedure{
			Slug: "odpady", Title: data.Text{"pl": "Deklaracja śmieciowa", "en": "Waste declaration"},
			Summary: data.PL("Ile osób mieszka w domu."), Keywords: []string{"opłata za śmieci", "kompostownik"},
		}),
		OfProcedure(data.Procedure{
			Slug: "dowod", Title: data.PL("Dowód osobisty"), Keywords: []string{"wyrobić dowód", "id card"},
			Documents: []data.Text{data.PL("Zdjęcie")},
		}),
		OfProcedure(data.Procedure{
			Slug: "meldunek", Title: data.PL("Zameldowanie na pobyt stały"), Documents: []data.Text{data.PL("Dowód osobisty")},
			Fees: []data.Fee{{Label: data.PL("Zaświadczenie")}},
		}),
		OfPage(data.Page{Slug: "kontakt", Title: data.PL("Gdzie nas znaleźć"), Body: data.PL("Urząd Gminy, wejście od ulicy.")}),
	})
}

func TestSearch(t *testing.T) {
	ix := corpus()
	for query, want := range map[string]string{
		"śmieci": "odpady", "SMIECI": "odpady", "s": "odpady", "sm": "odpady", "smiecoiwa": "odpady", "za śmieciami": "odpady",
		"kompstownik": "odpady", "deklarcja": "odpady", "dekalra": "odpady", "waste": "odpady", "ile osób w domu": "odpady",
		"dowód osobisty": "dowod", "dowod osobisy": "dowod", "jak wyrobić dowód?": "dowod", "dowodu": "dowod", "card": "dowod",
		"zamelduję się": "meldunek", "jak sie zameldowac": "meldunek", "zameldowny": "meldunek", "zaświadczeń": "meldunek",
		"wejscie": "kontakt", "z": "kontakt",
	} {
		hits := ix.Search(query, 3)
		if len(hits) == 0 || hits[0].ID != want {
			t.Errorf("%q: %v, want %s\n%s", query, hits, want, ix.Explain(query, want))
		}
	}
	for _, query := range []string{"", "   ", "?!", "xyzzy", "qwertyuiop"} {
		if hits := ix.Search(query, 3); len(hits) > 0 {
			t.Errorf("%q: %v", query, hits)
		}
	}
	if n := len(ix.Search("dowód", 1)); n != 1 {
		t.Errorf("limit 1 gave %d", n)
	}
	if hits := New(nil).Search("dowód", 3); len(hits) > 0 {
		t.Errorf("empty index: %v", hits)
	}
}

func TestExplain(t *testing.T) {
	got := corpus().Explain("dowod osobisy", "dowod")
	if want := "dowod: dowod 1.00×8\nosobisy: osobisty 0.60×8\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLongQueryIsCut(t *testing.T) {
	words, _ := queryWords(strings.Repeat("śmieci123 ", 1<<16))
	if len(words) != 1 {
		t.Errorf("%d words", len(words))
	}
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, "x%d ", i)
	}
	if words, _ = queryWords(many.String()); len(words) != maxWords {
		t.Errorf("%d words", len(words))
	}
}

func FuzzSearch(f *testing.F) {
	raw, err := os.ReadFile("testdata/search.tsv")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		f.Add(line)
	}
	f.Add("\xff\xfe Їжак ℡ ½ ")
	ix := corpus()
	f.Fuzz(func(t *testing.T, query string) {
		hits := ix.Search(query, 3)
		for i, h := range hits {
			if h.Score <= 0 || i > 0 && h.Score > hits[i-1].Score {
				t.Errorf("%q: %v", query, hits)
			}
		}
		if folded := Fold(query); Fold(folded) != folded {
			t.Errorf("folding %q twice: %q, %q", query, folded, Fold(folded))
		}
	})
}
