package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func formSlugs(t *testing.T) (out []string) {
	t.Helper()
	for _, f := range inJSON[[]listed](t, egmina("form", "list", "--json")) {
		out = append(out, f.Slug)
	}
	return out
}

func TestFormList(t *testing.T) {
	speak(t, "pl")
	a := egmina("form", "list")
	var lines strings.Builder
	for _, f := range inJSON[[]listed](t, egmina("form", "list", "--json")) {
		if f.Title == "" || f.Version == "" {
			t.Errorf("%+v", f)
		}
		lines.WriteString(f.Slug + "\t" + f.Title + "\n")
	}
	if a.status != exitOK || a.out != lines.String() || a.errs != "" || strings.Count(a.out, "\n") < 5 {
		t.Errorf("%+v", a)
	}
}

// printForm prints one form and returns the PDF.
func printForm(t *testing.T, stdin string, args ...string) (string, answer) {
	t.Helper()
	pdf := filepath.Join(t.TempDir(), "form.pdf")
	a := egminaAt(stdin, append([]string{"form", "print", "-o", pdf}, args...)...)
	if a.status != exitOK {
		t.Fatalf("%v: %+v", args, a)
	}
	tool(t, "qpdf", "--check", pdf)
	return string(must(os.ReadFile(pdf))), a
}

// Every form, blank and with typical answers, is a sound PDF, twice the same;
// there is a file of answers for each.
func TestFormPrint(t *testing.T) {
	speak(t, "pl")
	for _, slug := range formSlugs(t) {
		file := filepath.Join("testdata", "answers", slug+".json")
		var seen []string
		for _, args := range [][]string{{slug}, {slug, "--answers", file}} {
			one, a := printForm(t, "", args...)
			two, _ := printForm(t, "", args...)
			if one != two {
				t.Errorf("%v: other bytes", args)
			}
			if a.out != "" || a.errs != "" {
				t.Errorf("%v: %+v", args, a)
			}
			seen = append(seen, one)
		}
		if seen[0] == seen[1] {
			t.Errorf("%s: the answers change nothing", slug)
		}
		fromInput, _ := printForm(t, string(must(os.ReadFile(file))), slug, "--answers", "-")
		if fromInput != seen[1] {
			t.Errorf("%s: answers from standard input print otherwise", slug)
		}
	}
}

func TestFormPrintJSON(t *testing.T) {
	speak(t, "pl")
	pdf := filepath.Join(t.TempDir(), "form.pdf")
	args := []string{"form", "print", "pelnomocnictwo", "-o", pdf, "--json"}
	if got := inJSON[printed](t, egminaAt("", args...)); got.Slug != "pelnomocnictwo" || got.File != pdf || got.Number != "" || got.Incomplete != nil {
		t.Errorf("blank: %+v", got)
	}
	got := inJSON[printed](t, egminaAt(`{"pesel": "44051401358", "kinship": "other"}`, append(args, "--answers", "-")...))
	why := map[string]string{}
	for _, l := range got.Incomplete {
		why[l.Where] = l.Code
		if l.Why == "" || strings.Contains(l.Why, "Coś się nie udało") {
			t.Errorf("%+v", l)
		}
	}
	if got.Number == "" || !strings.HasPrefix(why["pesel"], "ident.pesel") || why["last_name"] == "" || why["items.0.item"] == "" || why["kinship"] != "" {
		t.Errorf("incomplete: %+v", got)
	}
	if _, err := os.Stat(pdf); err != nil {
		t.Error(err)
	}
}

// Answers that are wrong or missing do not keep the form from being printed;
// each is named.
func TestFormPrintIncomplete(t *testing.T) {
	speak(t, "pl")
	for _, slug := range formSlugs(t) {
		_, a := printForm(t, `{}`, slug, "--answers", "-")
		if !strings.HasPrefix(a.errs, "Uwaga: druk nie jest kompletny. ") || strings.Contains(a.errs, "«") {
			t.Errorf("%s: %+v", slug, a)
		}
	}
	_, a := printForm(t, `{"pesel": "44051401358"}`, "pelnomocnictwo", "--answers", "-")
	if !strings.Contains(a.errs, " pesel: ") || !strings.Contains(a.errs, "PESEL") {
		t.Errorf("%+v", a)
	}
}

// Answers that do not belong to the form are refused by file and place, and
// nothing is written.
func TestFormBadAnswers(t *testing.T) {
	speak(t, "pl")
	dir := t.TempDir()
	file, pdf := filepath.Join(dir, "answers.json"), filepath.Join(dir, "form.pdf")
	for _, c := range []struct{ json, says string }{
		{``, "wierszu 1"},
		{"{\n \"reason\": ,\n}", "wierszu 2"},
		{`[]`, "{…}"},
		{`{"nope": 1}`, "nope:"},
		{`{"reason": 1}`, "reason:"},
		{`{"reason": ["first"]}`, "reason:"},
		{`{"spouse_joint": "perhaps", "households": {}}`, "households:"},
		{`{"households": [{"persons": 2}, {"person": 2}]}`, "households.1.person:"},
		{`{"households": [{"persons": {}}]}`, "households.0.persons:"},
		{`{"households": [` + strings.Repeat(`{"persons": 1},`, 12) + `{"persons": 1}]}`, "households"},
		{`{"reason": "first", "reason": "change"}`, "reason:"},
		{`{} {}`, "wierszu 1"},
		{"{\"reason\": \"\xff\"}", ""},
		{`{"reason": "` + strings.Repeat("x", 1<<20) + `"}`, "256"},
		{strings.Repeat("[", 200_000), ""},
		{strings.Repeat(`{"households":`, 10_000), "wierszu 1"},
	} {
		if err := os.WriteFile(file, []byte(c.json), 0o600); err != nil {
			t.Fatal(err)
		}
		a := egminaAt("", "form", "print", "deklaracja-odpady", "--answers", file, "-o", pdf)
		if a.status != exitNo || a.out != "" || !strings.Contains(a.errs, file+": ") || !strings.Contains(a.errs, c.says) || strings.Count(a.errs, "\n") != 1 {
			t.Errorf("%.60s: %+v", c.json, a)
		}
		if _, err := os.Stat(pdf); err == nil {
			t.Fatalf("%.60s: a form was written", c.json)
		}
	}
}
