package ident_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"egmina/data"
	"egmina/data/ident"
)

func vectors(t testing.TB) [][]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/ident.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimRight(line, "\n"); line != "" && line[0] != '#' {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	return rows
}

func TestVectors(t *testing.T) {
	rows := vectors(t)
	if len(rows) < 29 {
		t.Fatalf("only %d vectors", len(rows))
	}
	for _, row := range rows {
		_, err := ident.Check(row[0], row[1])
		if got := err == nil; got != (row[2] == "yes") {
			t.Errorf("%s %q: valid = %v (%v), want %s", row[0], row[1], got, err, row[2])
		}
	}
}

func TestReasons(t *testing.T) {
	for _, c := range []struct{ kind, typed, code string }{
		{"pesel", "", "ident.pesel_length"},
		{"pesel", "4405140135", "ident.pesel_length"},
		{"pesel", "4405140135A", "ident.pesel_characters"},
		{"pesel", "４４０５１４０１３５９", "ident.pesel_characters"},
		{"pesel", "44051401358", "ident.pesel_checksum"},
		{"pesel", "02381307589", "ident.pesel_date"},
		{"pesel", "00000000000", "ident.pesel_date"},
		{"nip", "85673462155", "ident.nip_length"},
		{"nip", "DE8567346215", "ident.nip_characters"},
		{"nip", "1234567890", "ident.nip_checksum"},
		{"nip", "0000000000", "ident.nip_checksum"},
		{"regon", "1234567", "ident.regon_length"},
		{"regon", "00000000000000", "ident.regon_checksum"},
		{"regon", "000000000", "ident.regon_checksum"},
		{"regon", "12345678412341", "ident.regon_checksum"},
		{"nrb", "6110901014000007121981287", "ident.nrb_length"},
		{"nrb", "DE89370400440532013000", "ident.nrb_country"},
		{"nrb", "61109010140000071219812875", "ident.nrb_checksum"},
		{"nrb", "6110901014000007121981287O", "ident.nrb_characters"},
		{"idcard", "ABA30000", "ident.idcard_length"},
		{"idcard", "AB1300000", "ident.idcard_characters"},
		{"idcard", "ŁBA300000", "ident.idcard_characters"},
		{"idcard", "ABS523456", "ident.idcard_checksum"},
		{"idcard", strings.Repeat("A", 1<<20), "ident.idcard_length"},
		{"nip", "8567346215" + strings.Repeat(" ", 1000) + "1", "ident.nip_length"},
	} {
		canonical, err := ident.Check(c.kind, c.typed)
		var fail *data.Error
		if !errors.As(err, &fail) || fail.Code != c.code || canonical != "" {
			t.Errorf("%s %.30q: %q, %v, want %s", c.kind, c.typed, canonical, err, c.code)
		}
	}
	if _, err := ident.Check("passport", "1"); !errors.Is(err, ident.ErrKind) {
		t.Errorf("unknown kind: %v", err)
	}
}

func TestPrintedForms(t *testing.T) {
	for _, c := range []struct{ kind, typed, canonical, printed string }{
		{"pesel", " 440514 01359 ", "44051401359", "44051401359"},
		{"nip", "PL 856–734–62–15", "8567346215", "856-734-62-15"},
		{"regon", "123 456 785", "123456785", "123456785"},
		{"nrb", "pl61\u00a01090 1014 0000 0712 1981 2874", "61109010140000071219812874", "61 1090 1014 0000 0712 1981 2874"},
		{"idcard", "aba-300000", "ABA300000", "ABA 300000"},
	} {
		canonical, err := ident.Check(c.kind, c.typed)
		if err != nil || canonical != c.canonical || ident.Format(c.kind, canonical) != c.printed {
			t.Errorf("%s %q: %q, %v; printed %q", c.kind, c.typed, canonical, err, ident.Format(c.kind, canonical))
		}
	}
	if got := ident.FormatIBAN("61109010140000071219812874"); got != "PL61 1090 1014 0000 0712 1981 2874" {
		t.Errorf("IBAN %q", got)
	}
	if got := ident.FormatNRB("12345"); got != "12 345" {
		t.Errorf("short account %q", got)
	}
}

func TestPESELMeaning(t *testing.T) {
	for _, c := range []struct{ pesel, born, sex string }{
		{"44051401359", "1944-05-14", ident.Male},
		{"02122401358", "1902-12-24", ident.Male},
		{"02211307589", "2002-01-13", ident.Female},
		{"44051401358", "", ""},
	} {
		born, ok := ident.BirthDate(c.pesel)
		if born.String() != c.born || ok != (c.born != "") || ident.Sex(c.pesel) != c.sex {
			t.Errorf("%s: %s %v %q", c.pesel, born, ok, ident.Sex(c.pesel))
		}
	}
}

// TestEveryWrongDigit changes each digit of each valid vector to each other
// digit: a checksum exists to catch exactly that. REGON is left out: there a
// remainder of 10 stands for 0, so it misses some.
func TestEveryWrongDigit(t *testing.T) {
	for _, row := range vectors(t) {
		canonical, err := ident.Check(row[0], row[1])
		if err != nil || row[0] == ident.REGON {
			continue
		}
		for i := range canonical {
			for d := byte('0'); d <= '9'; d++ {
				if canonical[i] < '0' || canonical[i] > '9' || canonical[i] == d {
					continue
				}
				wrong := canonical[:i] + string(d) + canonical[i+1:]
				if _, err := ident.Check(row[0], wrong); err == nil {
					t.Errorf("%s %s passes with one digit of %s wrong", row[0], wrong, canonical)
				}
			}
		}
	}
}

// TestLooseCheckDigits builds accounts whose check digits are right mod 97 but
// are not the ones a bank issues.
func TestLooseCheckDigits(t *testing.T) {
	for n := range 500 {
		rest := fmt.Sprintf("10901014%016d", n)
		var valid []int
		for cc := range 100 {
			if _, err := ident.ParseNRB(fmt.Sprintf("%02d%s", cc, rest)); err == nil {
				valid = append(valid, cc)
			}
		}
		if len(valid) != 1 || valid[0] < 2 || valid[0] > 98 {
			t.Fatalf("check digits %v fit %s", valid, rest)
		}
	}
}

func TestEveryCodeHasItsSentence(t *testing.T) {
	codes := []string{
		"pesel_characters", "pesel_length", "pesel_checksum", "pesel_date", "nip_characters", "nip_length", "nip_checksum",
		"regon_characters", "regon_length", "regon_checksum", "nrb_characters", "nrb_country", "nrb_length", "nrb_checksum",
		"idcard_characters", "idcard_length", "idcard_checksum",
	}
	for _, lang := range []string{"pl", "en"} {
		var messages map[string]struct{ Other string }
		if _, err := toml.DecodeFile(filepath.Join("../../assets/lang", lang, "errors-ident.toml"), &messages); err != nil {
			t.Fatal(err)
		}
		for _, code := range codes {
			if messages["error.ident."+code].Other == "" {
				t.Errorf("%s: no sentence for ident.%s", lang, code)
			}
		}
		if len(messages) != len(codes) {
			t.Errorf("%s: %d sentences for %d codes", lang, len(messages), len(codes))
		}
	}
}

func FuzzCheck(f *testing.F) {
	for i, row := range vectors(f) {
		f.Add(i%len(ident.Kinds), row[1])
	}
	f.Add(3, "PL\xff\xfe61")
	f.Fuzz(func(t *testing.T, k int, typed string) {
		kind := ident.Kinds[uint(k)%uint(len(ident.Kinds))]
		canonical, err := ident.Check(kind, typed)
		if err != nil {
			return
		}
		printed := ident.Format(kind, canonical)
		for _, again := range []string{canonical, printed} {
			if got, err := ident.Check(kind, again); err != nil || got != canonical {
				t.Errorf("%s %q → %q, but %q → %q, %v", kind, typed, canonical, again, got, err)
			}
		}
	})
}

func BenchmarkCheckNRB(b *testing.B) {
	for b.Loop() {
		if _, err := ident.Check(ident.NRB, "PL61 1090 1014 0000 0712 1981 2874"); err != nil {
			b.Fatal(err)
		}
	}
}
