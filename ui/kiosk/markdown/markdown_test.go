package markdown

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/yuin/goldmark/text"

	"egmina/ui/kit"
)

func words(o fyne.CanvasObject) string {
	var out []string
	for _, o := range test.LaidOutObjects(o) {
		switch t := o.(type) {
		case *kit.Text:
			out = append(out, t.Text())
		case *rich:
			for _, w := range t.words {
				s := w.text
				if w.bold {
					s = "*" + s + "*"
				}
				if w.space {
					s = " " + s
				}
				out = append(out, s)
			}
		}
	}
	return strings.Join(out, "|")
}

func TestBlocksSplitAtHeadings(t *testing.T) {
	test.NewTempApp(t)
	got := Blocks("Wstęp.\n\n## Pierwszy\na\n\n- x\n- y\n\n### Mały\nb\n\n# Drugi\n1. k\n2. l\n")
	if len(got) != 3 || got[0].Heading != "" || got[1].Heading != "Pierwszy" || got[2].Heading != "Drugi" {
		t.Fatalf("%+v", got)
	}
	if len(got[1].Body) != 4 {
		t.Fatalf("%d blocks below the first heading", len(got[1].Body))
	}
}

func TestWordsOfEveryKind(t *testing.T) {
	test.NewTempApp(t)
	for src, want := range map[string]string{
		"Zwykły tekst\nw dwóch wierszach.":          "Zwykły tekst w dwóch wierszach.",
		"**Cały gruby.**":                           "Cały gruby.",
		"- **Skrócony** – 22 zł.":                   "•|*Skrócony*| –| 22| zł.",
		"Prawo (**RODO**).":                         "Prawo| (|*RODO*|).",
		"3. trzy\n4. cztery":                        "3.|trzy|4.|cztery",
		"> ważne":                                   "ważne",
		"[serwis](https://www.gov.pl/web/)":         "serwis (www.gov.pl/web)",
		"<b>x</b> [a](mailto:gmina@example.pl)":     "x a (gmina@example.pl)",
		"    kod":                                   "kod",
		"*pochyły* i `kod`":                         "pochyły i kod",
		"<script>alert(1)</script>":                 "",
		"![obrazek](https://example.pl/x.png) obok": "obrazek obok",
	} {
		if got := words(View(src)); got != want {
			t.Errorf("%q: %q, want %q", src, got, want)
		}
	}
}

func TestRichBreaksBetweenWordsOnly(t *testing.T) {
	test.NewTempApp(t)
	r := reader{src: []byte("Zapłać **bardzo szybko**, bo (**termin**) mija.")}
	para := newRich(r.words(parser.Parse(text.NewReader(r.src))))
	lines := para.broken(120)
	if len(lines) < 3 {
		t.Fatalf("%d lines at 120", len(lines))
	}
	var got []string
	for _, l := range lines {
		s := ""
		for _, p := range l {
			s += p.text + "/"
		}
		got = append(got, s)
		if last := l[len(l)-1]; len(l) > 3 && last.x+measure(last.run) > 121 {
			t.Errorf("%q is wider than its place", s)
		}
	}
	all := strings.Join(got, " ")
	if !strings.Contains(all, "szybko/,/") || !strings.Contains(all, "(/termin/)/") {
		t.Fatalf("signs left their word: %q", got)
	}
	if para.HeightFor(120) <= para.HeightFor(2000) || para.NaturalWidth() < 300 {
		t.Fatal("height does not follow the width")
	}
}

func TestHostileTexts(t *testing.T) {
	test.NewTempApp(t)
	for _, src := range []string{
		strings.Repeat("> ", 5000) + "x", strings.Repeat("- ", 5000) + "x", strings.Repeat("*", 20000),
		strings.Repeat("[", 20000), strings.Repeat("a", maxSource+10), "\x00\xff\xfe", strings.Repeat("ż", maxSource/2+1),
	} {
		kit.HeightFor(View(src), 800)
	}
}

func FuzzView(f *testing.F) {
	for _, s := range []string{"# a\n- **b** c\n1. d\n> e", "[x](y)", "***\n`z`", "    k\n\n- - - x"} {
		f.Add(s)
	}
	test.NewTempApp(f)
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 4096 {
			return
		}
		if h := kit.HeightFor(View(src), 400); h < 0 || h != h {
			t.Fatalf("height %v", h)
		}
	})
}
