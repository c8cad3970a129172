package i18n

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/BurntSushi/toml"

	"egmina/assets"
	"egmina/data"
)

func catalog(t *testing.T) *Catalog {
	t.Helper()
	c, err := Load(fstest.MapFS{
		"lang/pl/a.toml": {Data: []byte("[\"a.hi\"]\nother = \"Cześć {{.Name}}\"\n[\"error.general\"]\nother = \"Nie udało się.\"\n[\"error.x.bad\"]\nother = \"Źle: {{.What}}\"\n" +
			"[\"a.days\"]\none = \"{{.Count}} dzień\"\nfew = \"{{.Count}} dni\"\nmany = \"{{.Count}} dni (m)\"\nother = \"{{.Count}} dnia\"\n")},
		"lang/pl/b.toml": {Data: []byte("[\"b.only\"]\nother = \"Drugi plik\"\n")},
		"lang/en/a.toml": {Data: []byte("[\"a.hi\"]\nother = \"Hello {{.Name}}\"\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSentences(t *testing.T) {
	c := catalog(t)
	if got := c.Languages(); !slices.Equal(got, []string{"pl", "en"}) {
		t.Errorf("languages %v", got)
	}
	pl, en := c.For("pl"), c.For("en")
	for _, x := range []struct{ got, want string }{
		{pl.T("a.hi", "Name", "Ala"), "Cześć Ala"},
		{en.T("a.hi", map[string]any{"Name": "Ala"}), "Hello Ala"},
		{pl.T("b.only"), "Drugi plik"},
		{c.For("xx").T("b.only"), "Drugi plik"},
		{pl.N("a.days", 1), "1 dzień"}, {pl.N("a.days", 2), "2 dni"}, {pl.N("a.days", 5), "5 dni (m)"},
		{pl.N("a.days", 22), "22 dni"}, {pl.N("a.days", 12), "12 dni (m)"}, {pl.N("a.days", 0), "0 dni (m)"},
		{pl.Err(nil), ""},
		{pl.Err(fmt.Errorf("wrapped: %w", &data.Error{Code: "x.bad", Args: map[string]any{"What": "data"}})), "Źle: data"},
		{pl.Err(&data.Error{Code: "x.unknown"}), "Nie udało się."},
		{pl.Err(errors.New("disk on fire")), "Nie udało się."},
	} {
		if x.got != x.want {
			t.Errorf("got %q, want %q", x.got, x.want)
		}
	}
}

func TestMissingIsVisibleAndLoggedOnce(t *testing.T) {
	var log bytes.Buffer
	old := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(old)
	l := catalog(t).For("pl")
	for range 3 {
		if got := l.T("no.such"); got != "«no.such»" {
			t.Errorf("got %q", got)
		}
	}
	if n := strings.Count(log.String(), "key=no.such"); n != 1 {
		t.Errorf("logged %d times:\n%s", n, log.String())
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, fsys := range map[string]fstest.MapFS{
		"nothing":   {},
		"no Polish": {"lang/en/a.toml": {Data: []byte("")}},
		"bad file":  {"lang/pl/a.toml": {Data: []byte("[[[")}},
		"bad name":  {"lang/not_a_language_/a.toml": {Data: []byte("")}},
	} {
		if _, err := Load(fsys); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// sentences reads every message of a language of the assets: key -> form -> text.
func sentences(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]string{}
	files, err := fs.Glob(assets.Lang, path.Join("lang", lang, "*.toml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := fs.ReadFile(assets.Lang, f)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]map[string]string
		if err := toml.Unmarshal(b, &m); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		for k, v := range m {
			if _, twice := out[k]; twice {
				t.Errorf("%s: %s is already in another file", f, k)
			}
			out[k] = v
		}
	}
	return out
}

var placeholder = regexp.MustCompile(`{{-?\s*\.(\w+)`)

func placeholders(forms map[string]string) string {
	set := map[string]bool{}
	for _, text := range forms {
		for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
			set[m[1]] = true
		}
	}
	delete(set, "Count") // "one" may say it in a word
	return strings.Join(slices.Sorted(maps.Keys(set)), " ")
}

// TestLanguages holds every language of the product to Polish: the same keys,
// the same placeholders, all plural forms.
func TestLanguages(t *testing.T) {
	c, err := Load(assets.Lang)
	if err != nil {
		t.Fatal(err)
	}
	pl := sentences(t, "pl")
	forms := map[string][]string{"pl": {"one", "few", "many", "other"}, "uk": {"one", "few", "many", "other"}}
	for _, lang := range c.Languages() {
		want := forms[lang]
		if want == nil {
			want = []string{"one", "other"}
		}
		have := sentences(t, lang)
		for k := range pl {
			if have[k] == nil {
				t.Errorf("%s: %s is missing", lang, k)
			}
		}
		for k, v := range have {
			checkSentence(t, lang, k, v, pl[k], want)
		}
	}
}

func checkSentence(t *testing.T, lang, key string, have, polish map[string]string, forms []string) {
	t.Helper()
	if polish == nil {
		t.Errorf("%s: %s is not in Polish", lang, key)
		return
	}
	if (len(have) > 1) != (len(polish) > 1) {
		t.Errorf("%s: %s is a plural in one language only", lang, key)
	}
	for form, text := range have {
		if strings.TrimSpace(text) == "" {
			t.Errorf("%s: %s.%s is empty", lang, key, form)
		}
		if len(have) == 1 && form != "other" {
			t.Errorf("%s: %s has %s, want other", lang, key, form)
		}
	}
	if len(have) > 1 {
		for _, f := range forms {
			if have[f] == "" {
				t.Errorf("%s: %s has no form %s", lang, key, f)
			}
		}
	}
	if a, b := placeholders(have), placeholders(polish); a != b {
		t.Errorf("%s: %s has placeholders %q, Polish %q", lang, key, a, b)
	}
}

func BenchmarkT(b *testing.B) {
	c, err := Load(assets.Lang)
	if err != nil {
		b.Fatal(err)
	}
	l := c.For("pl")
	for b.Loop() {
		l.T("kit.step", "At", 3, "Of", 7)
	}
}
