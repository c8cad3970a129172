package pack

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"egmina/assets"
)

// valid is the small good pack that tests break.
func valid(t testing.TB) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	root := os.DirFS("testdata/valid")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(root, name)
		out[name] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestValidPackHasNoProblems(t *testing.T) {
	p, err := Load(valid(t))
	if err != nil {
		t.Fatal(err)
	}
	proc, ok := p.Procedure("deklaracja")
	if !ok || proc.Body["en"] != "English text." || proc.Body["pl"] != "Treść po polsku." || proc.Who["pl"] != "Właściciel domu" {
		t.Errorf("procedure = %+v", proc)
	}
	if len(p.Residents) != 1 || p.Residents[0].Charges[0].Amount != 10000 || p.Residents[0].Bundle(5).AsOf != 5 {
		t.Errorf("residents = %+v", p.Residents)
	}
	if page, ok := p.Page("kontakt"); !ok || page.Body["en"] != "Text." {
		t.Errorf("page = %+v", page)
	}
	if got := p.Tariffs[0].Price(5); got != 9300 {
		t.Errorf("price = %d", got)
	}
}

// TestShippedPack: what we ship has no mistake.
func TestShippedPack(t *testing.T) {
	dirs, err := fs.ReadDir(assets.Gminas, "gmina")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		sub, err := fs.Sub(assets.Gminas, "gmina/"+d.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range Check(sub) {
			t.Errorf("%s/%s", d.Name(), p)
		}
	}
}

type mistake struct{ file, old, new, want string } // want: "line: code"

// mistakes are made one at a time in the valid pack.
var mistakes = []mistake{
	{"gmina.yaml", "id: testowo", "id: [testowo", "2:1 pack.bad_yaml"},
	{"gmina.yaml", "id: testowo\n", "", "1:1 pack.missing"},
	{"gmina.yaml", "short: Gmina Testowo", "short: Gmina Testowo Wielkie Górne", "3:8 pack.too_long"},
	{"gmina.yaml", "short:", "shrt:", "3:1 pack.unknown_key"},
	{"gmina.yaml", "nip: \"8567346215\"", "nip: \"8567346216\"", "6:6 pack.bad_number"},
	{"gmina.yaml", "en: Municipality of Testowo", "fr: Commune", "2:27 pack.unknown_language"},
	{"gmina.yaml", ", en: Municipality of Testowo", "", "2:8 pack.missing_english"},
	{"gmina.yaml", "postcode: 34-511", "postcode: 34511", "12:11 pack.bad_form"},
	{"gmina.yaml", "https://testowo", "http://testowo", "14:6 pack.link_not_https"},
	{"gmina.yaml", "emblem: emblem.svg", "emblem: herb.svg", "16:9 pack.no_such_file"},
	{"gmina.yaml", "demonstration: true", "demonstration: tak", "17:16 pack.wrong_type"},
	{"gmina.yaml", "as_of: 2026-11-01\n", "", "1:1 pack.missing"},
	{"gmina.yaml", "as_of: 2026-11-01", "as_of: 2026-13-01", "18:8 pack.bad_date"},
	{"gmina.yaml", "63000000001217042000000001", "63000000001217042000000002", "24:10 pack.bad_number"},
	{"gmina.yaml", "63000000001217042000000001", "61109010140000071219812874", "24:10 pack.real_account"},
	{"gmina.yaml", "villages: [Testowo, Górka]", "villages: Testowo", "15:11 pack.wrong_type"},
	{"gmina.yaml", "street: ul. Krótka 1", "street: &s ul. Krótka 1", "11:9 pack.no_anchors"},
	{"gmina.yaml", "town: Testowo", "town: \"Test\\u202eowo\u0007\"", "13:1 pack.control_character"},
	{"gmina.yaml", "town: Testowo", "town: Testowo\ntown: Testowo", "14:1 pack.bad_yaml"},
	{"gmina.yaml", "town: Testowo", "town: \xff", "13:1 pack.encoding"},
	{"gmina.yaml", "town: Testowo", "town: " + strings.Repeat("[", 100), "13:1 pack.too_deep"},
	{"tariffs.yaml", "  from: 2024-01-01\n", "", "10:3 pack.rate_without_period"},
	{"tariffs.yaml", "from: 2024-01-01", "from: 2023-12-31", "12:9 pack.rates_overlap"},
	{"tariffs.yaml", "to: 2023-12-31", "to: 2020-12-31", "4:7 pack.period_backwards"},
	{"tariffs.yaml", "  grosze: 2000\n", "", "10:3 pack.rate_amount"},
	{"tariffs.yaml", "grosze: 2000", "grosze: \"2000\"", "13:11 pack.wrong_type"},
	{"tariffs.yaml", "grosze: 2000", "grosze: 20.00", "13:11 pack.wrong_type"},
	{"tariffs.yaml", "- {grosze: 1700}", "- {up_to: 3, grosze: 1700}", "7:8 pack.tiers_order"},
	{"waste.yaml", "place: Górka", "place: Gorka", "7:12 pack.unknown_village"},
	{"waste.yaml", "fractions: [papier]", "fractions: [papier, szklo]", "9:25 pack.unknown_fraction"},
	{"waste.yaml", "#1e5aa8", "niebieski", "5:13 pack.bad_form"},
	{"procedures/deklaracja.md", "slug: deklaracja\n", "", "2:1 pack.missing"},
	{"procedures/deklaracja.md", "slug: deklaracja", "slug: inna", "2:7 pack.slug_is_not_file_name"},
	{"procedures/deklaracja.md", "area: odpady", "area: smieci", "3:7 pack.unknown_area"},
	{"procedures/deklaracja.md", "Masz 14 dni.", "Masz 14 dni. Raz. Dwa.", "6:7 pack.long_summary"},
	{"procedures/deklaracja.md", "  en: Come to the office. You have 14 days.\n", "", "6:3 pack.missing_english"},
	{"procedures/deklaracja.md", "tariff: odpady", "tariff: smieci", "13:13 pack.unknown_tariff"},
	{"procedures/deklaracja.md", "account: podatki", "account: kasa", "15:14 pack.unknown_account"},
	{"procedures/deklaracja.md", "kind: desk", "kind: okienko", "21:11 pack.unknown_channel"},
	{"procedures/deklaracja.md", "    from: 2026-01-01\n", "", "23:5 pack.epuap_without_period"},
	{"procedures/deklaracja.md", "unit: podatki", "unit: kadry", "28:7 pack.unknown_unit"},
	{"procedures/deklaracja.md", "[deklaracja-wniosek]", "[deklaracja-wniosek, brak]", "29:29 pack.unknown_form"},
	{"procedures/deklaracja.md", "keywords: [śmieci]", "related: [brak]\nkeywords: [śmieci]", "30:11 pack.unknown_procedure"},
	{"procedures/deklaracja.md", "link: https", "link: http", "31:7 pack.link_not_https"},
	{"procedures/deklaracja.md", "as_of: 2026-11-01\n", "", "2:1 pack.missing"},
	{"procedures/deklaracja.md", "Treść po polsku.", "", "1:1 pack.no_body"},
	{"procedures/deklaracja.md", "---\nslug", "slug", "1:1 pack.no_front_matter"},
	{"procedures/deklaracja.en.md", "English text.", "---\nslug: x\n---\n", "1:1 pack.front_matter_in_translation"},
	{"pages/kontakt.md", "door: info", "door: okno", "3:7 pack.unknown_value"},
	{"pages/kontakt.md", ", en: Contact", "", "5:9 pack.missing_english"},
	{"forms/deklaracja-wniosek.yaml", "procedure: deklaracja", "procedure: brak", "4:12 pack.unknown_procedure"},
	{"forms/deklaracja-wniosek.yaml", "label: {pl: Rodzaj, en: Kind}", "help: {pl: a, en: b}", "12:9 pack.missing"},
	{"forms/deklaracja-wniosek.yaml", "{pl: Rodzaj, en: Kind}", "Rodzaj", "14:16 pack.missing_english"},
	{"forms/deklaracja-wniosek.yaml", "id: firm", "id: person", "18:17 forms.duplicate_option"},
	{"forms/deklaracja-wniosek.yaml", "when: kind ==", "when: rodzaj ==", "23:15 forms.unknown_name"},
	{"forms/deklaracja-wniosek.yaml", "when: kind == 'person'", "when: kind ==", "23:15 forms.bad_expression"},
	{"forms/deklaracja-wniosek.yaml", "tariff('odpady', people)", "tariff('brak', people)", "28:18 forms.unknown_tariff"},
	{"forms/deklaracja-wniosek.yaml", "account: podatki", "account: brak", "33:14 pack.unknown_account"},
	{"forms/deklaracja-wniosek.yaml", "type: integer", "type: liczba", "21:15 forms.unknown_type"},
	{"residents.yaml", "7F3K-92QM-ABCD", "7F3K-92QM-ABCU", "1:9 pack.bad_code"},
	{"residents.yaml", `"2580"`, `"25"`, "2:8 pack.bad_pin"},
	{"residents.yaml", "44051401359", "44051401358", "5:56 pack.bad_number"},
	{"residents.yaml", "kind: property\n", "kind: tax\n", "8:13 pack.unknown_value"},
	{"residents.yaml", "PODATEK K-000001", "PODATEK OD NIERUCHOMOŚCI 2026 RATA IV", "16:18 pack.too_long"},
	{"residents.yaml", "63000000001217042000000001", "6300000000", "14:12 pack.bad_number"},
	{"residents.yaml", "value: 110,", "value: 100000,", "29:37 pack.reading_digits"},
	{"residents.yaml", "date: 2026-02-01", "date: 2026-01-01", "29:18 pack.readings_order"},
	{"residents.yaml", "digits: 5", "digits: 0", "23:15 pack.meter_digits"},
	{"emblem.svg", "<path", "<script/><path", "0:0 pack.bad_picture"},
}

func TestMistakes(t *testing.T) {
	for _, m := range mistakes {
		fsys := valid(t)
		before := string(fsys[m.file].Data)
		if !strings.Contains(before, m.old) {
			t.Errorf("%s has no %q", m.file, m.old)
			continue
		}
		fsys[m.file] = &fstest.MapFile{Data: []byte(strings.Replace(before, m.old, m.new, 1))}
		wantProblem(t, fsys, m.file, m.want)
	}
}

func wantProblem(t *testing.T, fsys fs.FS, file, want string) {
	t.Helper()
	problems := Check(fsys)
	for _, p := range problems {
		if p.File == file && fmt.Sprintf("%d:%d %s", p.Line, p.Col, p.Code) == want {
			return
		}
	}
	t.Errorf("want %s %s, got:\n%s", file, want, problems.Error())
}

func TestOddFiles(t *testing.T) {
	small := []byte("x")
	for _, c := range []struct {
		file string
		made *fstest.MapFile
		want string
	}{
		{"notes.txt", &fstest.MapFile{Data: small}, "0:0 pack.unknown_file"},
		{"Herb Gminy.svg", &fstest.MapFile{Data: small}, "0:0 pack.bad_file_name"},
		{"secret/key.yaml", &fstest.MapFile{Data: small}, ""},
		{"forms/link.yaml", &fstest.MapFile{Data: []byte("/etc/passwd"), Mode: fs.ModeSymlink | 0o777}, "0:0 pack.not_a_file"},
		{"forms/big.yaml", &fstest.MapFile{Data: make([]byte, maxFile+1)}, "0:0 pack.file_too_big"},
		{"forms/empty.yaml", &fstest.MapFile{Data: []byte("# nothing\n")}, "1:1 pack.empty_file"},
		{"forms/two.yaml", &fstest.MapFile{Data: []byte("slug: two\n---\nslug: three\n")}, "3:1 pack.several_documents"},
		{"pages/brak.en.md", &fstest.MapFile{Data: small}, "0:0 pack.translation_of_nothing"},
		{"picture.png", &fstest.MapFile{Data: small}, "0:0 pack.bad_picture"},
	} {
		fsys := valid(t)
		fsys[c.file] = c.made
		if c.want == "" {
			wantProblem(t, fsys, "secret", "0:0 pack.unknown_file")
			continue
		}
		wantProblem(t, fsys, c.file, c.want)
	}
}

// TestHostileYAML: what would keep the parser busy is refused before it.
func TestHostileYAML(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("- ", 500) + "a\n",
		strings.Repeat("? ", 500) + "a\n",
		strings.Repeat("a: [", 65),
		strings.Repeat("[]", 5000),
		strings.Repeat("x", maxLine+1),
		strings.Repeat("a\n", maxLines+1),
		strings.Repeat("{a:,b:}\n", maxColons/2+1),
		"a: b: c: d",
		"a: &x [*x, *x]",
		"a: {<<: {b: c}}",
		"a: !!binary aGVq",
		strings.Repeat(" ", 30) + strings.Repeat("a:\n "+strings.Repeat(" ", 40), 1) + "!<x> y",
	} {
		fsys := valid(t)
		fsys["waste.yaml"] = &fstest.MapFile{Data: []byte(text)}
		found := false
		for _, p := range Check(fsys) {
			found = found || p.File == "waste.yaml" && (p.Code == "pack.too_deep" || p.Code == "pack.bad_yaml" || p.Code == "pack.no_anchors")
		}
		if !found {
			t.Errorf("%.40q is taken", text)
		}
	}
}

func TestTooManyFiles(t *testing.T) {
	fsys := valid(t)
	for i := range maxFiles {
		fsys[fmt.Sprintf("pages/p%d.md", i)] = &fstest.MapFile{Data: []byte("x")}
	}
	wantProblem(t, fsys, ".", "0:0 pack.too_many_files")
}

func TestMissingFilesAreNamed(t *testing.T) {
	for _, file := range []string{"gmina.yaml", "tariffs.yaml", "waste.yaml"} {
		fsys := valid(t)
		delete(fsys, file)
		wantProblem(t, fsys, file, "0:0 pack.missing_file")
	}
	if ps := Check(os.DirFS("testdata/nothing")); len(ps) == 0 {
		t.Error("a folder that does not exist is a good pack")
	}
}

// TestOneBrokenFileIsOneProblem: what names something in a file that cannot be
// read is not wrong for that.
func TestOneBrokenFileIsOneProblem(t *testing.T) {
	for _, file := range []string{"gmina.yaml", "tariffs.yaml", "waste.yaml", "residents.yaml", "procedures/deklaracja.md", "forms/deklaracja-wniosek.yaml", "pages/kontakt.md"} {
		for how, text := range map[string]string{"syntax": "---\na: [b\n---\n", "encoding": "---\na: \xff\n---\n", "gone": ""} {
			fsys := valid(t)
			fsys[file] = &fstest.MapFile{Data: []byte(text)}
			if how == "gone" {
				if delete(fsys, file); !strings.Contains("gmina.yaml tariffs.yaml waste.yaml", file) {
					continue
				}
			}
			if got := Check(fsys); len(got) != 1 || got[0].File != file {
				t.Errorf("%s, %s:\n%v", file, how, got)
			}
		}
	}
	for text, want := range map[string]int{"[]\n": 2, "id: odpady\n": 1} {
		fsys := valid(t)
		fsys["tariffs.yaml"] = &fstest.MapFile{Data: []byte(text)}
		if got := Check(fsys); len(got) < want || want == 1 && len(got) != 1 {
			t.Errorf("tariffs %q:\n%v", text, got)
		}
	}
}

func TestRealMunicipalityHasNoResidents(t *testing.T) {
	fsys := valid(t)
	fsys["gmina.yaml"].Data = []byte(strings.Replace(string(fsys["gmina.yaml"].Data), "demonstration: true\n", "", 1))
	wantProblem(t, fsys, "residents.yaml", "1:1 pack.residents_outside_demonstration")
}

func TestSeveralMistakesAreAllFound(t *testing.T) {
	fsys := valid(t)
	text := string(fsys["gmina.yaml"].Data)
	for _, r := range [][2]string{{"short:", "shrt:"}, {"demonstration: true", "demonstration: 1"}, {"postcode: 34-511", "postcode: x"}} {
		text = strings.Replace(text, r[0], r[1], 1)
	}
	fsys["gmina.yaml"].Data = []byte(text)
	for _, want := range []string{"3:1 pack.unknown_key", "17:16 pack.wrong_type", "12:11 pack.bad_form"} {
		wantProblem(t, fsys, "gmina.yaml", want)
	}
}

func TestSentences(t *testing.T) {
	for text, want := range map[string]int{
		"":                  0,
		"Jedno zdanie":      1,
		"Jedno. Dwa! Trzy?": 3,
		"Przyjdź na ul. Krótką 1. Weź dowód (np. osobisty).": 2,
		"Opłata 17 zł. Za odpis 22 zł…":                      2,
		"Art. 6m ust. 2 ustawy.":                             1,
		"Masz 14 dni. i tyle":                                1,
	} {
		if got := sentences(text); got != want {
			t.Errorf("%q has %d sentences, want %d", text, got, want)
		}
	}
}

func TestDocumentsComeBack(t *testing.T) {
	p, err := Load(valid(t))
	if err != nil {
		t.Fatal(err)
	}
	docs := p.Documents()
	if !reflect.DeepEqual(docs, p.Documents()) {
		t.Error("the same pack gives other documents")
	}
	for _, key := range []string{"gmina", "tariffs", "waste", "procedure/deklaracja", "form/deklaracja-wniosek", "page/kontakt", "file/emblem.svg"} {
		if len(docs[key]) == 0 {
			t.Errorf("no document %s", key)
		}
	}
	for key, content := range docs {
		if strings.Contains(string(content), "Testowy") {
			t.Errorf("%s holds a resident", key)
		}
	}
	back, err := FromDocuments(docs)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(docs, back.Documents()) {
		t.Error("the pack did not come back the same")
	}
}

func TestBadDocumentsAreLeftOut(t *testing.T) {
	p, _ := Load(valid(t))
	docs := p.Documents()
	docs["procedure/zla"] = []byte(`{"slug":`)
	docs["page/inna"] = []byte(`{"slug":"kontakt"}`)
	docs["form/typ"] = []byte(`{"slug":5}`)
	docs["waste"] = make([]byte, maxFile+1)
	docs["news/tomorrow"] = []byte("of a newer office")
	docs["gmina"] = []byte(strings.Replace(string(docs["gmina"]), `{"id"`, `{"colour":"red","id"`, 1))
	back, err := FromDocuments(docs)
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 4 {
		t.Errorf("problems = %v", err)
	}
	if back.Municipality.ID != "testowo" || len(back.Procedures) != 1 || len(back.Pages) != 1 || len(back.Forms) != 1 {
		t.Errorf("pack = %+v", back)
	}
}

func TestProblemSaysItsSentence(t *testing.T) {
	p := Problem{File: "forms/x.yaml", Line: 3, Col: 5, Code: "pack.unknown_key", Args: map[string]any{"Key": "a"}}
	got := p.Say(func(key string, args map[string]any) string { return key + fmt.Sprint(args["Key"]) })
	if got != "forms/x.yaml:3:5: error.pack.unknown_keya" || p.String() != "forms/x.yaml:3:5: pack.unknown_key Key=a" {
		t.Errorf("%s / %s", got, p)
	}
}

func TestEveryCodeHasItsSentence(t *testing.T) {
	literal := regexp.MustCompile(`"(pack\.[a-z_0-9]+)"`)
	files, _ := filepath.Glob("*.go")
	for _, lang := range []string{"pl", "en"} {
		sentences, err := fs.ReadFile(assets.Lang, "lang/"+lang+"/errors-pack.toml")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			source, _ := os.ReadFile(name)
			for _, m := range literal.FindAllStringSubmatch(string(source), -1) {
				if !strings.Contains(string(sentences), `["error.`+m[1]+`"]`) {
					t.Errorf("%s: no %s sentence for %s", name, lang, m[1])
				}
			}
		}
	}
}

func FuzzProcedure(f *testing.F) {
	f.Add(string(valid(f)["procedures/deklaracja.md"].Data))
	f.Add("---\n- \r\r\r\r\r [c[:@]}\n---\nve")
	f.Add("---\n- a\n- {b: [c]}\n---\ntext")
	f.Add("---\n? a\n: |\n  b\n---\n")
	fuzzFile(f, "procedures/deklaracja.md")
}

func FuzzFormYAML(f *testing.F) {
	f.Add(string(valid(f)["forms/deklaracja-wniosek.yaml"].Data))
	f.Add("steps:\n  - id: a\n    fields: [{id: b, type: computed, compute: b}]\n")
	fuzzFile(f, "forms/deklaracja-wniosek.yaml")
}

// fuzzFile puts anything in the place of one file: reading must end, and
// everything said must be about a place in the file.
func fuzzFile(f *testing.F, name string) {
	fsys := valid(f)
	delete(fsys, name)
	good, _ := load(fsys)
	f.Fuzz(func(t *testing.T, text string) {
		p := *good
		l := &loader{pack: &p, sources: map[string]*source{}, bodies: map[string]string{}}
		l.take(name, []byte(text))
		l.check()
		lines := strings.Count(unixLines([]byte(text)), "\n") + 1
		for _, p := range l.problems {
			if p.File == name && (p.Line < 0 || p.Line > lines+1) {
				t.Fatalf("%s is outside %d lines", p, lines)
			}
		}
	})
}

func FuzzDocuments(f *testing.F) {
	p, _ := Load(valid(f))
	for key, content := range p.Documents() {
		f.Add(key, content)
	}
	f.Fuzz(func(t *testing.T, key string, content []byte) {
		p, _ := FromDocuments(map[string][]byte{key: content})
		if _, err := FromDocuments(p.Documents()); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkLoadShipped(b *testing.B) {
	sub, err := fs.Sub(assets.Gminas, "gmina/koscielisko")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Check(sub)
	}
}

func BenchmarkFromDocuments(b *testing.B) {
	sub, err := fs.Sub(assets.Gminas, "gmina/koscielisko")
	if err != nil {
		b.Fatal(err)
	}
	p, _ := Load(sub)
	docs := p.Documents()
	for b.Loop() {
		if _, err := FromDocuments(docs); err != nil {
			b.Fatal(err)
		}
	}
}
