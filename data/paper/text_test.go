package paper

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"egmina/data"
	"egmina/data/forms"
	"egmina/data/payment"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"Zażółć":                 "Zażółć",
		"Z\u0307o\u0301":         "Żó",
		"a\x00b\x1b[31mc\u200bd": "ab[31mcd",
		"abc\xff\xfe":            "abc□",
		"ok 👍🏽 tak":              "ok □□ tak",
		"a\u202fb\u2003c\td":     "a\u00a0b c d",
		"jeden\r\ndwa":           "jeden\ndwa",
		"\u202eabc":              "abc",
		"nie\u2011":              "nie-",
		"漢":                      "□",
	} {
		var w inkwell
		if got := w.clean(in, false); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMissingIsReported(t *testing.T) {
	in := ReceiptInput{Municipality: testGmina(t), Made: testDay, Kiosk: "Hol 漢 👍", Lines: []ReceiptLine{{Meter: "漢", Number: testNumber}}}
	doc, err := ReceiptDoc(in)
	if err != nil {
		t.Fatal(err)
	}
	if want := []rune{'漢', '👍'}; !slices.Equal(doc.Missing, want) {
		t.Errorf("missing %q, want %q", string(doc.Missing), string(want))
	}
	if pdf, err := PDF(doc); err != nil || len(pdf) < 1000 {
		t.Errorf("%d bytes, %v", len(pdf), err)
	}
}

func TestSubstituteIsInBothWeights(t *testing.T) {
	for _, f := range []*face{regular(), bold()} {
		for _, r := range string(substitute) + " \u00a0–…§„”·ąćęłńóśźżĄĆĘŁŃÓŚŹŻ³²" {
			if !f.has(r) {
				t.Errorf("no glyph for %q", r)
			}
		}
	}
}

func TestWrapPolish(t *testing.T) {
	never := []string{"i", "a", "o", "u", "w", "z", "art.", "ust.", "§"}
	text := "Deklaracja a o u z i w domu o wysokości opłaty i w domu z ogrodem według art. 6 ust. 1 oraz § 3"
	for width := 38.0; width < 120; width += 0.7 {
		lines := wrap(text, false, 10, width)
		for i, l := range lines {
			if i+1 < len(lines) && slices.Contains(never, l[strings.LastIndexByte(l, ' ')+1:]) {
				t.Errorf("width %.1f: line ends with a clinging word: %q", width, l)
			}
			if w := regular().width(l, 10); w > width {
				t.Errorf("line of %.1f in %.1f", w, width)
			}
		}
		if strings.Join(lines, " ") != text {
			t.Fatalf("width %.1f: text lost: %q", width, lines)
		}
	}
}

func TestWrapKeepsNoBreakSpaces(t *testing.T) {
	amount := data.Money(123456789).String()
	for width := 25.0; width < 60; width++ {
		lines := wrap("Do zapłaty jest "+amount+" w terminie", false, 10, width)
		if !strings.Contains(strings.Join(lines, "\n"), amount) {
			t.Errorf("width %.0f breaks the amount: %q", width, lines)
		}
	}
}

func TestWrapBreaksLongWords(t *testing.T) {
	lines := wrap("https://www.gminakoscielisko.pl/bardzo/dluga/sciezka/do/strony", false, 10, 30)
	for _, l := range lines {
		if regular().width(l, 10) > 30 {
			t.Errorf("%q is too long", l)
		}
	}
	if strings.Join(lines, "") != "https://www.gminakoscielisko.pl/bardzo/dluga/sciezka/do/strony" {
		t.Errorf("letters lost: %q", lines)
	}
	if got := wrap("ŚŚŚ", false, 10, 0.1); len(got) != 3 {
		t.Errorf("no progress in a box too narrow: %q", got)
	}
}

func TestShrink(t *testing.T) {
	if size, ok := shrink("Ściana", false, 10, 8, 100); size != 10 || !ok {
		t.Error(size, ok)
	}
	w := regular().width("Ściana", 9)
	if size, ok := shrink("Ściana", false, 10, 8, w); size != 9 || !ok {
		t.Error(size, ok)
	}
	if size, ok := shrink("Ściana", false, 10, 8, 1); size != 8 || ok {
		t.Error(size, ok)
	}
}

// Sentences of the file and of the code must be the same ones.
func TestSentencesAreComplete(t *testing.T) {
	s := say()
	for name, v := range map[string]string{"demonstration": s.Demonstration, "page": s.Page, "form.closing": s.Form.PlaceDate,
		"form.optional": s.Form.Optional, "payment.how": s.Payment.How, "slip.cut": s.Slip.Cut, "receipt.keep": s.Receipt.Keep} {
		if v == "" {
			t.Errorf("%s is empty", name)
		}
	}
}

// fuzzForm has one field of each shape that takes free text.
func fuzzForm(tb testing.TB, label string) *forms.Form {
	def := data.Form{Slug: "proba", Version: "1", Title: data.PL("Próba " + label), AsOf: testDay, Basis: []string{"art. 1"},
		Steps: []data.Step{{ID: "jeden", Title: data.PL("Krok " + label), Fields: []data.Field{
			{ID: "krotkie", Type: data.FieldText, Label: data.PL("Krótkie"), Half: true, MaxLength: 4000},
			{ID: "druga", Type: data.FieldText, Label: data.PL("Drugie " + label), Half: true},
			{ID: "kratki", Type: data.FieldText, Label: data.PL("Kratki"), Boxes: true, MaxLength: 20},
			{ID: "dlugie", Type: data.FieldLong, Label: data.PL("Długie"), MaxLength: 4000},
			{ID: "wybor", Type: data.FieldChoice, Label: data.PL("Wybór"), Options: []data.Option{{ID: "a", Label: data.PL("A " + label)}, {ID: "b", Label: data.PL("B")}}},
			{ID: "zgoda", Type: data.FieldCheck, Label: data.PL("Zgoda " + label)},
		}}}, Privacy: data.PL("Klauzula " + label)}
	f, err := forms.Compile(def, forms.Env{Today: testDay})
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// FuzzText lays out and renders any text in every place that takes one: no
// panic, nothing leaves its box, the file is never empty.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "Zażółć gęślą jaźń", "abc\xff\xfe\xc5", "👍🏽 ok", "\u202e\u0000\x1b", strings.Repeat("Ł", 3000),
		strings.Repeat("i o z ", 500), "a\nb\n\n\nc", "(\\)\r", "e\u0301\u0327", strings.Repeat("\u00a0", 300), "漢字仮名"} {
		f.Add(s)
	}
	m := data.Municipality{Office: data.PL("Urząd"), Authority: "Wójt"}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 8000 {
			return
		}
		label := s
		if r := []rune(strings.ToValidUTF8(s, "")); len(r) > 300 {
			label = string(r[:300])
		}
		form := fuzzForm(t, label)
		a := data.Answers{"krotkie": s, "druga": s, "kratki": s, "dlugie": s, "wybor": "a", "zgoda": "true"}
		m := m
		m.Office, m.Street = data.PL(label), label
		doc, err := FormDoc(FormInput{Municipality: m, Form: form, Answers: a, Number: label + "D", Made: testDay})
		if err != nil {
			t.Fatal(err)
		}
		render(t, doc)
		doc, err = ReceiptDoc(ReceiptInput{Municipality: m, Kiosk: label, Made: testDay, Time: label, Lines: []ReceiptLine{{Meter: s, Place: s, Number: label}}})
		if err != nil {
			t.Fatal(err)
		}
		render(t, doc)
		slip := Slip{Transfer: taxTransfer, Payer: payment.Payer{Name: s, Address: s}, Label: label, Decision: label}
		slip.Transfer.Title = "T" + s
		if doc, err = SlipDoc(SlipInput{Municipality: m, Slips: []Slip{slip}, Made: testDay}); err == nil {
			render(t, doc)
		}
	})
}

// render checks a document and draws it both ways.
func render(t *testing.T, doc Doc) {
	t.Helper()
	if bad := overflows(doc); len(bad) > 0 {
		t.Fatalf("%s: %d faults: %.300q", doc.Title, len(bad), bad)
	}
	for _, p := range doc.Pages {
		for _, it := range p.Items {
			if x, ok := it.(Text); ok && !utf8.ValidString(x.S) {
				t.Fatalf("invalid UTF-8 %q", x.S)
			}
		}
	}
	pdf, err := PDF(doc)
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 1000 {
		t.Fatalf("%d bytes, %v", len(pdf), err)
	}
	Picture(doc.Pages[0], 40)
}
