package payment_test

import (
	"bufio"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"egmina/data"
	"egmina/data/payment"
)

type vector struct {
	Why, NIP, NRB, Name, Title, R1, R2, R3 string
	Grosze                                 int64
	Payload, Error                         string
	Warnings                               []string
}

func (v vector) transfer() payment.Transfer {
	return payment.Transfer{
		NIP: v.NIP, NRB: v.NRB, Name: v.Name, Title: v.Title,
		R1: v.R1, R2: v.R2, R3: v.R3, Amount: data.Money(v.Grosze),
	}
}

func vectors(t testing.TB) []vector {
	t.Helper()
	f, err := os.Open("testdata/zbp.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []vector
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var v vector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

func code(err *data.Error) string {
	if err == nil {
		return ""
	}
	return err.Code
}

func TestPayloadVectors(t *testing.T) {
	all := vectors(t)
	if len(all) < 17 {
		t.Fatalf("only %d vectors", len(all))
	}
	for _, v := range all {
		payload, warnings, err := v.transfer().Payload()
		if payload != v.Payload || code(err) != v.Error || !slices.Equal(warnings, v.Warnings) {
			t.Errorf("%s: %q %v %v, want %q %v %s", v.Why, payload, warnings, err, v.Payload, v.Warnings, v.Error)
		}
	}
}

const nrb = "61109010140000071219812874"

func TestCleaning(t *testing.T) {
	for _, c := range []struct{ title, want, warnings string }{
		{"  woda \t 09/2026\n", "woda 09/2026", ""},
		{"woda\u00a009", "woda 09", ""},
		{"s\u0301mieci", "śmieci", ""},
		{"Opłata (21 zł): \"zaświadczenie\"", "Opłata 21 zł zaświadczenie", "title_cleaned"},
		{"Müller – kopia", "Muller - kopia", "title_cleaned"},
		{"q\u0303x\xff", "qx", "title_cleaned"},
		{"Плата woda 😀", "woda", "title_cleaned"},
		{"a|b|c", "a b c", "title_cleaned"},
		{strings.Repeat("ż", 40), strings.Repeat("ż", 32), "title_clipped"},
		{strings.Repeat("ż", 31) + " abc", strings.Repeat("ż", 31), "title_clipped"},
		{strings.Repeat("(ż", 40), strings.TrimSpace(strings.Repeat(" ż", 33))[:47], "title_cleaned title_clipped"},
	} {
		payload, warnings, err := payment.Transfer{NRB: nrb, Name: "Gmina", Title: c.title}.Payload()
		if err != nil {
			t.Errorf("%q: %v", c.title, err)
			continue
		}
		if got := strings.Split(payload, "|")[5]; got != c.want || strings.Join(warnings, " ") != c.warnings {
			t.Errorf("%q: %q %v, want %q %s", c.title, got, warnings, c.want, c.warnings)
		}
	}
	both := payment.Transfer{NRB: nrb, Name: "Gmina|" + strings.Repeat("x", 30), Title: "a;" + strings.Repeat("y", 40)}
	if _, w, _ := both.Payload(); strings.Join(w, " ") != "name_cleaned name_clipped title_cleaned title_clipped" {
		t.Errorf("order of warnings: %v", w)
	}
}

func TestReservesAreNeverCut(t *testing.T) {
	for _, r := range []payment.Transfer{
		{R1: strings.Repeat("1", 21)}, {R2: strings.Repeat("1", 13)}, {R3: strings.Repeat("1", 25)}, {R1: "1|2"},
	} {
		r.NRB, r.Name, r.Title = nrb, "Gmina", "x"
		if payload, _, err := r.Payload(); code(err) != "reserve_invalid" {
			t.Errorf("%+v: %q %v", r, payload, err)
		}
	}
}

func TestParsePayload(t *testing.T) {
	for _, v := range vectors(t) {
		if v.Payload == "" {
			continue
		}
		got, err := payment.ParsePayload(v.Payload)
		if err != nil || got.Amount != data.Money(v.Grosze) {
			t.Errorf("%s: %+v %v", v.Why, got, err)
		}
	}
	good := "5214349636|PL|61109010140000071219812874|000100|Gmina|Test|||"
	for _, c := range []struct{ old, new, code string }{
		{"|||", "||", "payload_invalid"},
		{"|||", "||||", "payload_invalid"},
		{"PL", "DE", "payload_invalid"},
		{"000100", "100", "payload_invalid"},
		{"000100", "+00100", "payload_invalid"},
		{"000100", "0x0100", "payload_invalid"},
		{"Test", " Test", "payload_invalid"},
		{"Test", "Te;st", "payload_invalid"},
		{"Test", strings.Repeat("t", 33), "payload_invalid"},
		{"Test", strings.Repeat("ż", 1<<20), "payload_invalid"},
		{"Test", "", "title_missing"},
		{"Gmina", "", "name_missing"},
		{"2874", "2875", "nrb_invalid"},
		{"5214349636", "1234567890", "nip_invalid"},
		{"5214349636", "521-434-96-36", "payload_invalid"},
	} {
		bad := strings.Replace(good, c.old, c.new, 1)
		if got, err := payment.ParsePayload(bad); code(err) != c.code || got != (payment.Transfer{}) {
			t.Errorf("%.80q: %v, want %s", bad, err, c.code)
		}
	}
}

func TestWords(t *testing.T) {
	raw, err := os.ReadFile("testdata/words.tsv")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[data.Money]string{
		-2565:                "minus dwadzieścia pięć złotych 65/100",
		1:                    "zero złotych 01/100",
		1200400:              "dwanaście tysięcy cztery złote 00/100",
		100100100:            "milion tysiąc jeden złotych 00/100",
		11400:                "sto czternaście złotych 00/100",
		500000000000:         "pięć miliardów złotych 00/100",
		9223372036854775807:  "dziewięćdziesiąt dwa biliardy dwieście trzydzieści trzy biliony siedemset dwadzieścia miliardów trzysta sześćdziesiąt osiem milionów pięćset czterdzieści siedem tysięcy siedemset pięćdziesiąt osiem złotych 07/100",
		-9223372036854775808: "minus dziewięćdziesiąt dwa biliardy dwieście trzydzieści trzy biliony siedemset dwadzieścia miliardów trzysta sześćdziesiąt osiem milionów pięćset czterdzieści siedem tysięcy siedemset pięćdziesiąt osiem złotych 08/100",
	}
	for line := range strings.Lines(string(raw)) {
		if amount, words, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && line[0] != '#' {
			grosze, err := strconv.ParseInt(amount, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			cases[data.Money(grosze)] = words
		}
	}
	if len(cases) < 24 {
		t.Fatalf("only %d cases", len(cases))
	}
	for amount, want := range cases {
		if got := payment.Words(amount); got != want {
			t.Errorf("%d: %q, want %q", amount, got, want)
		}
	}
}

func TestSlip(t *testing.T) {
	transfer := payment.Transfer{NRB: "PL" + nrb, Name: "Gmina Kościelisko", Title: "Opłata za gospodarowanie odpadami K-001234", Amount: 2565}
	got, err := payment.NewSlip(transfer, payment.Payer{Name: "Jan Gąsienica", Address: "Witów 5, 34-512 Witów"})
	want := payment.Slip{
		Recipient: [2]string{"Gmina Kościelisko"}, NRB: "61 1090 1014 0000 0712 1981 2874", Cash: true, Currency: "PLN", Amount: "25,65",
		PayerRow: "dwadzieścia pięć złotych 65/100", Payer: [2]string{"Jan Gąsienica", "Witów 5, 34-512 Witów"},
		Title: [2]string{"Opłata za gospodarowanie", "odpadami K-001234"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v, %v", got, want, err)
	}
	got, err = payment.NewSlip(transfer, payment.Payer{NRB: "24160000035175530643314956"})
	if err != nil || got.Cash || got.PayerRow != "24 1600 0003 5175 5306 4331 4956" || got.Payer != [2]string{} {
		t.Errorf("transfer: %+v %v", got, err)
	}
	transfer.Amount = 0
	if got, err = payment.NewSlip(transfer, payment.Payer{}); err != nil || got.Amount != "" || got.PayerRow != "" {
		t.Errorf("amount left to the payer: %+v %v", got, err)
	}
}

func TestSlipRefuses(t *testing.T) {
	good := payment.Transfer{NRB: nrb, Name: "Gmina", Title: "Test", Amount: 99999999999}
	if s, err := payment.NewSlip(good, payment.Payer{}); err != nil || s.Amount != "999999999,99" {
		t.Fatalf("%+v %v", s, err)
	}
	for want, change := range map[string]func(*payment.Transfer, *payment.Payer){
		"amount_negative":       func(t *payment.Transfer, _ *payment.Payer) { t.Amount = -1 },
		"slip_amount_too_large": func(t *payment.Transfer, _ *payment.Payer) { t.Amount++ },
		"nrb_invalid":           func(t *payment.Transfer, _ *payment.Payer) { t.NRB = "1" },
		"payer_nrb_invalid":     func(_ *payment.Transfer, p *payment.Payer) { p.NRB = "1" },
		"name_missing":          func(t *payment.Transfer, _ *payment.Payer) { t.Name = "||" },
		"title_missing":         func(t *payment.Transfer, _ *payment.Payer) { t.Title = " " },
	} {
		transfer, payer := good, payment.Payer{}
		change(&transfer, &payer)
		if _, err := payment.NewSlip(transfer, payer); code(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestSlipLines(t *testing.T) {
	for _, c := range []struct{ text, first, second, warnings string }{
		{"krótki tytuł", "krótki tytuł", "", ""},
		{strings.Repeat("ż", 27) + " x", strings.Repeat("ż", 27), "x", ""},
		{strings.Repeat("ż", 28), strings.Repeat("ż", 27), "ż", ""},
		{"ab " + strings.Repeat("ż", 50), "ab " + strings.Repeat("ż", 24), strings.Repeat("ż", 26), ""},
		{strings.Repeat("ż", 60), strings.Repeat("ż", 27), strings.Repeat("ż", 27), "title_clipped"},
	} {
		s, err := payment.NewSlip(payment.Transfer{NRB: nrb, Name: "Gmina", Title: c.text}, payment.Payer{})
		if err != nil || s.Title != [2]string{c.first, c.second} || strings.Join(s.Warnings, " ") != c.warnings {
			t.Errorf("%q: %q %v %v", c.text, s.Title, s.Warnings, err)
		}
	}
	long := payment.Payer{Name: "Maria Stanisława Gąsienica-Staszeczek", Address: "Nędzy-Kubińca 101, 34-511 Kościelisko"}
	s, err := payment.NewSlip(payment.Transfer{NRB: nrb, Name: "Gmina", Title: "x"}, long)
	if err != nil || s.Payer[0] != "Maria Stanisława Gąsienica-" || !slices.Contains(s.Warnings, payment.PayerClipped) {
		t.Errorf("%+v %v", s, err)
	}
}

func FuzzParsePayload(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.Payload)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		transfer, err := payment.ParsePayload(payload)
		if err != nil {
			return
		}
		again, warnings, err := transfer.Payload()
		if err != nil || again != payload || len(warnings) > 0 {
			t.Errorf("%q → %q, %v, %v", payload, again, warnings, err)
		}
	})
}

func FuzzPayload(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.NIP, v.NRB, v.Name, v.Title, v.R1, v.R2, v.R3, v.Grosze)
	}
	f.Fuzz(func(t *testing.T, nip, account, name, title, r1, r2, r3 string, grosze int64) {
		v := vector{NIP: nip, NRB: account, Name: name, Title: title, R1: r1, R2: r2, R3: r3, Grosze: grosze}
		transfer := v.transfer()
		checkSlip(t, transfer)
		payload, _, err := transfer.Payload()
		if err != nil {
			return
		}
		fields := strings.Split(payload, "|")
		if utf8.RuneCountInString(payload) > payment.MaxPayload || len(fields) != 9 {
			t.Fatalf("%d characters, %d fields: %q", utf8.RuneCountInString(payload), len(fields), payload)
		}
		if i := strings.IndexFunc(strings.Join(fields, ""), func(r rune) bool { return !payment.Allowed(r) }); i >= 0 {
			t.Errorf("character not allowed in %q", payload)
		}
		if _, err := payment.ParsePayload(payload); err != nil {
			t.Errorf("own payload refused: %q: %v", payload, err)
		}
	})
}

func checkSlip(t *testing.T, transfer payment.Transfer) {
	slip, err := payment.NewSlip(transfer, payment.Payer{Name: transfer.R1, Address: transfer.R3})
	if err != nil {
		return
	}
	for _, line := range slices.Concat(slip.Recipient[:], slip.Payer[:], slip.Title[:]) {
		if utf8.RuneCountInString(line) > payment.SlipLine || strings.TrimSpace(line) != line {
			t.Errorf("line %q of %+v", line, transfer)
		}
	}
	if len(slip.Amount) > 12 {
		t.Errorf("amount %q", slip.Amount)
	}
}

func BenchmarkPayload(b *testing.B) {
	transfer := vectors(b)[13].transfer()
	for b.Loop() {
		if _, _, err := transfer.Payload(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWords(b *testing.B) {
	for b.Loop() {
		payment.Words(99999999)
	}
}

func BenchmarkSlip(b *testing.B) {
	transfer := vectors(b)[13].transfer()
	for b.Loop() {
		if _, err := payment.NewSlip(transfer, payment.Payer{Name: "Jan Gąsienica", Address: "Witów 5"}); err != nil {
			b.Fatal(err)
		}
	}
}
