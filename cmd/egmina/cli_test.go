package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"egmina/assets"
	"egmina/ui/i18n"
)

var ctx = context.Background()

// testNow is the clock of tests whose result depends on the day.
var testNow = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// answer is what a run of the program leaves behind.
type answer struct {
	status    int
	out, errs string
}

// egmina runs the program as main does.
func egmina(args ...string) answer {
	var out, errs bytes.Buffer
	status := run(ctx, args, strings.NewReader(""), &out, &errs)
	return answer{status, out.String(), errs.String()}
}

// egminaAt runs it with a clock that stands at testNow and the given input.
func egminaAt(stdin string, args ...string) answer {
	var out, errs bytes.Buffer
	status := testProgram(strings.NewReader(stdin), &out, &errs).run(args)
	return answer{status, out.String(), errs.String()}
}

func testProgram(in *strings.Reader, out, errs *bytes.Buffer) *program {
	catalog := must(i18n.Load(assets.Lang))
	return &program{
		ctx: ctx, in: in, out: out, errs: errs, catalog: catalog, loc: catalog.For(terminalLanguage()),
		now: func() time.Time { return testNow },
	}
}

// speak sets the terminal's language for one test.
func speak(t *testing.T, lang string) {
	t.Setenv("LC_ALL", "")
	t.Setenv("LC_MESSAGES", "")
	t.Setenv("LANG", lang)
}

// inJSON reads what a tool printed with --json.
func inJSON[T any](t *testing.T, a answer) (v T) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(a.out))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("not JSON: %v\n%s%s", err, a.out, a.errs)
	}
	if d.More() {
		t.Errorf("more than one value: %s", a.out)
	}
	if a.errs != "" {
		t.Errorf("text besides the JSON: %s", a.errs)
	}
	return v
}

// rows reads a tab separated file without its comments.
func rows(t *testing.T, name string) (out [][]string) {
	t.Helper()
	for line := range strings.Lines(string(must(os.ReadFile(filepath.Join("testdata", name))))) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(line, "\t"))
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s is empty", name)
	}
	return out
}

// tool runs a program that has to succeed and returns what it printed.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	var errs bytes.Buffer
	c := exec.Command(name, args...)
	c.Stderr = &errs
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s%s", name, args, err, out, errs.Bytes())
	}
	return string(out)
}

const (
	goodNIP = "8567346215"
	goodNRB = "61109010140000071219812874"
)

// Wrong use ends with status 2, says how the command is used on standard error
// and prints nothing a program could take for an answer.
func TestWrongUse(t *testing.T) {
	speak(t, "pl_PL.UTF-8")
	pay := func(more ...string) []string {
		return append([]string{"transfer", "--nrb", goodNRB, "--name", "Gmina", "--title", "Test"}, more...)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{nil, "egmina POLECENIE"},
		{[]string{"nope"}, "Nie ma polecenia nope."},
		{[]string{""}, "Nie ma polecenia ."},
		{[]string{"Search", "dowód"}, "Nie ma polecenia Search."},
		{[]string{"help", "nope"}, "Nie ma polecenia nope."},
		{[]string{"search"}, "egmina search"},
		{[]string{"search", "  "}, "egmina search"},
		{[]string{"search", "--nope", "x"}, "Nie ma opcji --nope."},
		{[]string{"search", "--municipality"}, "Po opcji --municipality brakuje wartości."},
		{[]string{"search", "--json=perhaps", "x"}, "Opcja --json nie może mieć wartości „perhaps”."},
		{[]string{"transfer"}, "Brakuje opcji --nrb."},
		{pay(), "Brakuje opcji --grosze."},
		{pay("--grosze", "abc"), "Opcja --grosze nie może mieć wartości „abc”."},
		{pay("--grosze=12,50"), "Opcja --grosze nie może mieć wartości „12,50”."},
		{pay("--grosze", "99999999999999999999"), "Opcja --grosze nie może mieć wartości"},
		{pay("--grosze", "1", "extra"), "egmina transfer"},
		{pay("--grosze", "1", "-z"), "Nie ma opcji -z."},
		{[]string{"transfer", "--grosze", "1", "--nrb", goodNRB, "--title", "x"}, "Brakuje opcji --name."},
		{[]string{"form"}, "egmina form"},
		{[]string{"form", "nope"}, "egmina form"},
		{[]string{"form", "list", "extra"}, "egmina form"},
		{[]string{"form", "print"}, "egmina form"},
		{[]string{"form", "print", "deklaracja-odpady"}, "egmina form"},
		{[]string{"form", "print", "-o", "x.pdf"}, "egmina form"},
		{[]string{"check"}, "egmina check"},
		{[]string{"check", "nip"}, "egmina check"},
		{[]string{"check", "iban", goodNIP}, "egmina check"},
		{[]string{"check", "nip", goodNIP, "extra"}, "egmina check"},
		{[]string{"content"}, "egmina content"},
		{[]string{"content", "check"}, "egmina content"},
		{[]string{"content", "mend", "koscielisko"}, "egmina content"},
		{[]string{"version", "extra"}, "egmina version"},
		{[]string{"version", "--nope"}, "Nie ma opcji --nope."},
		{[]string{"office", "extra"}, "egmina office"},
		{[]string{"office", "--nope"}, "Nie ma opcji --nope."},
		{[]string{"kiosk", "extra"}, "egmina kiosk"},
	} {
		a := egmina(c.args...)
		if a.status != exitUsage || a.out != "" || !strings.Contains(a.errs, c.says) || !strings.Contains(a.errs, "Użycie:") {
			t.Errorf("%q: status %d, out %q, says %q", c.args, a.status, a.out, a.errs)
		}
	}
}

// Every command explains itself on standard output.
func TestHelp(t *testing.T) {
	speak(t, "pl")
	for _, args := range [][]string{{"help"}, {"-h"}, {"--help"}} {
		a := egmina(args...)
		for _, c := range commands {
			if a.status != exitOK || !strings.Contains(a.out, "\n  "+c.name+" ") || a.errs != "" {
				t.Errorf("%v: status %d, no %s in %s%s", args, a.status, c.name, a.out, a.errs)
			}
		}
	}
	for _, c := range commands {
		for _, args := range [][]string{{c.name, "--help"}, {c.name, "-h"}, {"help", c.name}} {
			a := egmina(args...)
			if a.status != exitOK || !strings.Contains(a.out, "egmina "+c.name) || a.errs != "" {
				t.Errorf("%v: status %d, %s%s", args, a.status, a.out, a.errs)
			}
		}
	}
}

// Polish unless the terminal asks for English; LC_ALL wins over the others.
func TestLanguage(t *testing.T) {
	for _, c := range []struct{ all, messages, lang, says string }{
		{"", "", "", "Nie ma polecenia"},
		{"", "", "C.UTF-8", "Nie ma polecenia"},
		{"", "", "pl_PL.UTF-8", "Nie ma polecenia"},
		{"", "", "de_DE", "Nie ma polecenia"},
		{"", "", "en_US", "There is no command"},
		{"", "en_GB", "pl_PL", "There is no command"},
		{"pl_PL", "en_GB", "en_US", "Nie ma polecenia"},
		{"C.UTF-8", "", "en_US", "Nie ma polecenia"},
	} {
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LC_MESSAGES", c.messages)
		t.Setenv("LANG", c.lang)
		if a := egmina("nope"); !strings.HasPrefix(a.errs, c.says) {
			t.Errorf("%+v: %s", c, a.errs)
		}
	}
}

func TestVersion(t *testing.T) {
	if a := egmina("version"); a != (answer{exitOK, "e-Gmina " + version + "\n", ""}) {
		t.Errorf("%+v", a)
	}
	got := inJSON[map[string]string](t, egmina("version", "--json"))
	if got["name"] != "e-Gmina" || got["version"] != version {
		t.Errorf("%v", got)
	}
}

// Whatever fails, the sentence is in the user's language and names the file,
// and nothing of Go's own text gets through.
func TestFailuresInWords(t *testing.T) {
	dir := t.TempDir()
	missing, inside := filepath.Join(dir, "nope.json"), filepath.Join(dir, "no", "x.pdf")
	answers := filepath.Join("testdata", "answers", "pelnomocnictwo.json")
	pay := []string{"transfer", "--nrb", goodNRB, "--grosze", "1", "--name", "Gmina", "--title", "Test"}
	for _, c := range []struct {
		args                   []string
		polish, english, names string
	}{
		{append(pay, "--pdf", inside), "Nie można zapisać pliku", "cannot be written", inside},
		{append(pay, "--png", dir), "Nie można zapisać pliku", "cannot be written", dir},
		{[]string{"form", "print", "pelnomocnictwo", "-o", inside}, "Nie można zapisać pliku", "cannot be written", inside},
		{[]string{"form", "print", "pelnomocnictwo", "--answers", answers, "-o", dir}, "Nie można zapisać pliku", "cannot be written", dir},
		{[]string{"form", "print", "pelnomocnictwo", "--answers", missing, "-o", inside}, "Nie ma pliku", "There is no file", missing},
		{[]string{"form", "print", "pelnomocnictwo", "--answers", dir, "-o", inside}, "Nie można odczytać pliku", "cannot be read", dir},
		{[]string{"form", "print", "nope", "-o", inside}, "Nie ma druku", "There is no form", "nope"},
		{[]string{"form", "list", "--municipality", missing}, "Nie ma pakietu gminy", "no municipality pack", missing},
		{[]string{"search", "--municipality", "../x", "dowód"}, "Nie ma pakietu gminy", "no municipality pack", "../x"},
		{[]string{"content", "check", missing}, "Nie ma pakietu gminy", "no municipality pack", missing},
		{[]string{"content", "check", ""}, "Nie ma pakietu gminy", "no municipality pack", "gmina.yaml"},
		{[]string{"content", "check", answers}, "Nie ma pakietu gminy", "no municipality pack", answers},
		{[]string{"office", "--settings", missing}, "Nie ma pliku", "There is no file", missing},
		{[]string{"office", "--settings", dir}, "Nie można odczytać pliku", "cannot be read", dir},
		{[]string{"kiosk", "--settings", missing}, "Nie ma pliku", "There is no file", missing},
	} {
		for lang, says := range map[string]string{"pl_PL": c.polish, "en_US": c.english} {
			speak(t, lang)
			a := egmina(c.args...)
			if a.status != exitNo || a.out != "" || !strings.Contains(a.errs, says) || !strings.Contains(a.errs, c.names) {
				t.Errorf("%s %q: status %d, out %q, says %q", lang, c.args, a.status, a.out, a.errs)
			}
			for _, foreign := range []string{"no such file", "is a directory", "open ", "invalid"} {
				if strings.Contains(a.errs, foreign) {
					t.Errorf("%s %q: says %q", lang, c.args, a.errs)
				}
			}
			if strings.Count(a.errs, "\n") != 1 {
				t.Errorf("%s %q: not one line: %q", lang, c.args, a.errs)
			}
		}
	}
	got := inJSON[failure](t, egmina("form", "print", "nope", "-o", inside, "--json"))
	if got.Error != "cli.no_such_form" || !strings.Contains(got.Why, "nope") {
		t.Errorf("%+v", got)
	}
}
