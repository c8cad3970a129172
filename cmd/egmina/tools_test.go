package main

import (
	"slices"
	"strings"
	"testing"
)

func TestSearch(t *testing.T) {
	speak(t, "pl")
	a := egmina("search", "zgubilem", "dowod")
	first, _, _ := strings.Cut(a.out, "\n")
	slug, title, tab := strings.Cut(first, "\t")
	if a.status != exitOK || a.errs != "" || slug != "dowod-utrata" || !tab || !strings.Contains(title, "Dow") {
		t.Fatalf("%+v", a)
	}
	hits := inJSON[[]hit](t, egmina("search", "--json", "zgubilem dowod"))
	var lines []string
	for i, h := range hits {
		lines = append(lines, h.Slug+"\t"+h.Title)
		if i > 0 && h.Score > hits[i-1].Score {
			t.Errorf("%s stands below a worse one", h.Slug)
		}
	}
	if got := strings.Join(lines, "\n") + "\n"; got != a.out {
		t.Errorf("JSON lists\n%s, lines are\n%s", got, a.out)
	}
	if len(hits) > maxHits {
		t.Errorf("%d results", len(hits))
	}
	speak(t, "en_US")
	if en := egmina("search", "zgubilem dowod"); !strings.HasPrefix(en.out, "dowod-utrata\t") || en.out == a.out {
		t.Errorf("English: %s", en.out)
	}
}

func TestSearchFindsNothing(t *testing.T) {
	speak(t, "pl")
	for _, query := range []string{"qqqqqqq zzzzzz", "--", "…", strings.Repeat("x", 1<<20), "\x00\xff"} {
		a := egmina("search", "--", query)
		if a.status != exitNo || a.out != "" || !strings.Contains(a.errs, "Nic nie znaleziono") {
			t.Errorf("%.20q: status %d, %.200s%s", query, a.status, a.out, a.errs)
		}
	}
	if a := egmina("search", "qqqqqqq zzzzzz", "--json"); a.status != exitNo || strings.TrimSpace(a.out) != "[]" || a.errs != "" {
		t.Errorf("%+v", a)
	}
}

// Options stand before, between and after the arguments.
func TestOptionsAnywhere(t *testing.T) {
	want := egmina("search", "--json", "--municipality", "koscielisko", "zgubilem", "dowod")
	for _, args := range [][]string{
		{"zgubilem", "--json", "dowod", "--municipality", "koscielisko"},
		{"zgubilem", "dowod", "--municipality=koscielisko", "-json"},
		{"--json", "--", "zgubilem", "dowod"},
	} {
		if got := egmina(append([]string{"search"}, args...)...); got != want || got.status != exitOK {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

// Of the residents' own words, at least four in five find what they want among
// the first three.
func TestSearchInResidentsWords(t *testing.T) {
	good, all := 0, rows(t, "search.tsv")
	for _, row := range all {
		var first []string
		for line := range strings.Lines(egmina("search", "--", row[0]).out) {
			slug, _, _ := strings.Cut(line, "\t")
			if first = append(first, slug); len(first) == 3 {
				break
			}
		}
		found := true
		for _, want := range strings.Split(row[1], ",") {
			found = found && slices.Contains(first, want)
		}
		if found {
			good++
		} else {
			t.Logf("%q finds %v, not %s", row[0], first, row[1])
		}
	}
	if good*100 < 80*len(all) {
		t.Errorf("%d of %d", good, len(all))
	}
}

func TestCheck(t *testing.T) {
	speak(t, "pl")
	for _, row := range rows(t, "ident.tsv") {
		kind, value, valid := row[0], row[1], row[2] == "yes"
		want := exitNo
		if valid {
			want = exitOK
		}
		plain := egmina("check", kind, value)
		if plain.status != want || strings.Count(plain.out, "\n") != 1 || plain.errs != "" {
			t.Errorf("%s %s: %+v", kind, value, plain)
		}
		a := egmina("check", kind, "--json", value)
		got := inJSON[checked](t, a)
		if a.status != want || got.Valid != valid || got.Kind != kind || (got.Code == "") != valid || (got.Why == "") != valid {
			t.Errorf("%s %s: status %d, %+v", kind, value, a.status, got)
		}
		said := got.Why
		if valid {
			said = got.Value
		}
		if plain.out != said+"\n" {
			t.Errorf("%s %s: %q and %q", kind, value, plain.out, said)
		}
		if strings.Contains(said, "«") || strings.Contains(said, "Coś się nie udało") {
			t.Errorf("%s %s has no sentence: %s", kind, value, said)
		}
	}
	for _, hostile := range []string{"", " ", strings.Repeat("9", 1<<20), "\x00", "\xff\xfe", "１２３"} {
		if a := egmina("check", "pesel", hostile); a.status != exitNo || len(a.out) > 300 {
			t.Errorf("%.20q: status %d, %.300s", hostile, a.status, a.out)
		}
	}
}
