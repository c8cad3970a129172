package forms

import (
	"strings"
	"testing"

	"egmina/data"
)

func TestNormalise(t *testing.T) {
	options := []data.Option{{ID: "a"}, {ID: "b"}, {ID: "c"}}
	cases := []struct {
		def         data.Field
		typed, want string
		code        string
	}{
		{data.Field{Type: data.FieldText}, "  Jan\t Kowalski ", "Jan Kowalski", ""},
		{data.Field{Type: data.FieldText}, "Z\u0307o\u0301łw\x00\u202e", "Żółw", ""},
		{data.Field{Type: data.FieldText}, "zły\xff", "", "forms.encoding"},
		{data.Field{Type: data.FieldText, MaxLength: 3}, "łąka", "", "forms.too_long"},
		{data.Field{Type: data.FieldText, MaxLength: 4}, "łąka", "łąka", ""},
		{data.Field{Type: data.FieldText}, strings.Repeat("a", 100_000), "", "forms.too_long"},
		{data.Field{Type: data.FieldLong}, "raz \r\n\r\n\r\n dwa\n", "raz\n\ndwa", ""},
		{data.Field{Type: data.FieldInteger}, "1 000", "1000", ""},
		{data.Field{Type: data.FieldInteger}, "007", "7", ""},
		{data.Field{Type: data.FieldInteger}, "2,5", "", "forms.not_an_integer"},
		{data.Field{Type: data.FieldInteger}, "2,0", "2", ""},
		{data.Field{Type: data.FieldInteger}, "-1", "", "forms.too_small"},
		{data.Field{Type: data.FieldInteger, Min: ptr(-5)}, "−3", "-3", ""},
		{data.Field{Type: data.FieldInteger, Max: ptr(9)}, "10", "", "forms.too_big"},
		{data.Field{Type: data.FieldInteger}, "1234567890123", "", "forms.number_too_long"},
		{data.Field{Type: data.FieldInteger}, "1e5", "", "forms.not_an_integer"},
		{data.Field{Type: data.FieldDecimal, Decimals: 4}, "1,5", "15000", ""},
		{data.Field{Type: data.FieldDecimal, Decimals: 2}, "1.255", "", "forms.too_many_places"},
		{data.Field{Type: data.FieldDecimal, Decimals: 2}, "1.25.3", "", "forms.not_a_number"},
		{data.Field{Type: data.FieldMoney}, "12,50", "1250", ""},
		{data.Field{Type: data.FieldMoney}, "1 234 zł", "123400", ""},
		{data.Field{Type: data.FieldMoney}, ",5", "", "forms.not_an_amount"},
		{data.Field{Type: data.FieldDate}, "15.03.2026", "2026-03-15", ""},
		{data.Field{Type: data.FieldDate}, "15.03.2026 r.", "2026-03-15", ""},
		{data.Field{Type: data.FieldDate}, "15 3 2026", "2026-03-15", ""},
		{data.Field{Type: data.FieldDate}, "15/3/2026", "2026-03-15", ""},
		{data.Field{Type: data.FieldDate}, "2026-03-15", "2026-03-15", ""},
		{data.Field{Type: data.FieldDate}, "15032026", "2026-03-15", ""},
		{data.Field{Type: data.FieldDate}, "29.02.2026", "", "forms.no_such_day"},
		{data.Field{Type: data.FieldDate}, "29.02.2024", "2024-02-29", ""},
		{data.Field{Type: data.FieldDate}, "1.13.2026", "", "forms.no_such_day"},
		{data.Field{Type: data.FieldDate}, "0.1.2026", "", "forms.no_such_day"},
		{data.Field{Type: data.FieldDate}, "15.3.26", "", "forms.date_year"},
		{data.Field{Type: data.FieldDate}, "15.3.0206", "", "forms.date_year"},
		{data.Field{Type: data.FieldDate}, "jutro", "", "forms.not_a_date"},
		{data.Field{Type: data.FieldChoice, Options: options}, "b", "b", ""},
		{data.Field{Type: data.FieldChoice, Options: options}, "d", "", "forms.not_an_option"},
		{data.Field{Type: data.FieldMulti, Options: options}, "c, a,c", "a,c", ""},
		{data.Field{Type: data.FieldMulti, Options: options}, "a,d", "", "forms.not_an_option"},
		{data.Field{Type: data.FieldCheck}, "true", "true", ""},
		{data.Field{Type: data.FieldCheck}, "1", "", "forms.not_an_option"},
		{data.Field{Type: data.FieldPESEL}, "440514 01359", "44051401359", ""},
		{data.Field{Type: data.FieldPESEL}, "44051401358", "", "ident.pesel_checksum"},
		{data.Field{Type: data.FieldNIP}, "856-734-62-15", "8567346215", ""},
		{data.Field{Type: data.FieldPhone}, "18 20 79 100", "182079100", ""},
		{data.Field{Type: data.FieldPhone}, "+48 601-234-567", "601234567", ""},
		{data.Field{Type: data.FieldPhone}, "0049 89 123456", "+4989123456", ""},
		{data.Field{Type: data.FieldPhone}, "12345", "", "forms.not_a_phone"},
		{data.Field{Type: data.FieldEmail}, "jan@Example.PL", "jan@example.pl", ""},
		{data.Field{Type: data.FieldEmail}, "jan@example", "", "forms.not_an_email"},
		{data.Field{Type: data.FieldEmail}, "jan.example.pl", "", "forms.not_an_email"},
		{data.Field{Type: data.FieldEmail}, "jan@@example.pl", "", "forms.not_an_email"},
		{data.Field{Type: data.FieldPostcode}, "34511", "34-511", ""},
		{data.Field{Type: data.FieldPostcode}, "34 - 511", "34-511", ""},
		{data.Field{Type: data.FieldPostcode}, "3451", "", "forms.not_a_postcode"},
		{data.Field{Type: data.FieldComputed}, "1", "", "forms.unknown_field"},
		{data.Field{Type: data.FieldText}, " \u200b ", "", ""},
	}
	for _, c := range cases {
		got, err := Normalise(&c.def, c.typed)
		if code(err) != c.code || err == nil && got != c.want {
			t.Errorf("%s %q = %q %s, want %q %s", c.def.Type, cut(c.typed, 40), got, code(err), c.want, c.code)
			continue
		}
		if err != nil {
			continue
		}
		if again, err := accept(&c.def, got); err != nil || again != got {
			t.Errorf("%s: the canonical %q is taken as %q %v", c.def.Type, got, again, err)
		}
		if back, err := Normalise(&c.def, typedForm(&c.def, got)); err != nil || back != got {
			t.Errorf("%s: %q shown in an entry and typed again = %q %v", c.def.Type, got, back, err)
		}
	}
}

func TestShowNumber(t *testing.T) {
	decimals := data.Field{Type: data.FieldDecimal, Decimals: 4}
	for n, want := range map[int64]string{0: "0,0000", 5: "0,0005", -15000: "−1,5000", 123450000: "12\u00a0345,0000"} {
		if got := showNumber(&decimals, n); got != want {
			t.Errorf("%d = %q, want %q", n, got, want)
		}
	}
	if got := showNumber(&data.Field{Type: data.FieldInteger}, 2026); got != "2026" {
		t.Errorf("2026 = %q", got)
	}
}

func TestBounds(t *testing.T) {
	for s, want := range map[string]string{
		"today": "2026-11-20", "today-3y": "2023-11-20", "today+30d": "2026-12-20", "today-2w": "2026-11-06", "today+1m": "2026-12-20", "2026-01-02": "2026-01-02",
	} {
		b, ok := parseBound(s)
		if !ok || b.on(today).String() != want {
			t.Errorf("%s = %s %v, want %s", s, b.on(today), ok, want)
		}
	}
	for _, s := range []string{"tomorrow", "today-", "today+3", "today+99999d", "2026-13-01"} {
		if _, ok := parseBound(s); ok {
			t.Errorf("%q is accepted", s)
		}
	}
}
