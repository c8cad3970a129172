package paper

import (
	"io/fs"
	"strings"
	"testing"

	"egmina/assets"
	"egmina/data"
	"egmina/data/forms"
	"egmina/data/pack"
	"egmina/data/payment"
)

var testDay = data.Date{Year: 2026, Month: 3, Day: 16}

const packDir = "gmina/koscielisko"

// testPack is the demonstration municipality's pack.
func testPack(tb testing.TB) *pack.Pack {
	tb.Helper()
	dir, err := fs.Sub(assets.Gminas, packDir)
	if err != nil {
		tb.Fatal(err)
	}
	p, err := pack.Load(dir)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func testGmina(tb testing.TB) data.Municipality { return testPack(tb).Municipality }

// testForms compiles every form of the pack.
func testForms(tb testing.TB) []*forms.Form {
	tb.Helper()
	p := testPack(tb)
	var out []*forms.Form
	for _, def := range p.Forms {
		f, err := forms.Compile(def, forms.Env{Today: testDay, Tariffs: p.Tariffs})
		if err != nil {
			tb.Fatalf("%s: %v", def.Slug, err)
		}
		out = append(out, f)
	}
	if len(out) < 5 {
		tb.Fatalf("the pack has %d forms", len(out))
	}
	return out
}

// sample answers a field by its type: plainly, or as long as it may be.
func sample(def *data.Field, options []data.Option, long, last bool) string {
	switch def.Type {
	case data.FieldInteger, data.FieldDecimal, data.FieldMoney:
		switch {
		case long && def.Max != nil:
			return itoa(*def.Max)
		case def.Min != nil:
			return itoa(max(*def.Min, 1))
		}
		return "3"
	case data.FieldDate:
		if def.NotBefore == "today" {
			return testDay.String()
		}
		return "2026-02-28"
	case data.FieldChoice, data.FieldMulti:
		if len(options) == 0 {
			return ""
		}
		return options[b2i(last)*(len(options)-1)].ID
	case data.FieldCheck:
		return "true"
	case data.FieldPESEL:
		return "44051401359"
	case data.FieldNIP:
		return "5260250274"
	case data.FieldREGON:
		if long {
			return "12345678512347"
		}
		return "192598184"
	case data.FieldNRB:
		return "61109010140000071219812874"
	case data.FieldIDCard:
		return "ABS123456"
	case data.FieldPhone:
		return "182070123"
	case data.FieldEmail:
		return "zofia.gasienica@example.pl"
	case data.FieldPostcode:
		return "34-511"
	case data.FieldText, data.FieldLong:
		return sampleText(def, long)
	}
	return ""
}

func sampleText(def *data.Field, long bool) string {
	n := def.MaxLength
	if n == 0 {
		n = 200
	}
	if !long {
		short := []rune("Gąsienica-Łuszczek")
		return string(short[:min(n, len(short))])
	}
	words := "Wielkie Łąki Źródlane Śnieżnicy Żółkwi Ćmielowa i Ńska w Kościelisku z Ęgą "
	text := []rune(strings.TrimSpace(strings.Repeat(words, n/len([]rune(words))+1)))
	for text[min(n, len(text))-1] == ' ' {
		n--
	}
	return string(text[:min(n, len(text))])
}

func itoa(n int64) string { return strings.TrimSuffix(data.Money(n*100).Number(), ",00") }

// answer fills a form until everything asked is answered.
func answer(tb testing.TB, f *forms.Form, long, last bool) data.Answers {
	tb.Helper()
	a := data.Answers{}
	for range 12 {
		s := f.Eval(a)
		changed := false
		for i := range s.Steps {
			st := &s.Steps[i]
			if (long || st.Index < 0) && st.CanAdd {
				f.Add(a, st.Def.ID)
				changed = true
			}
			for j := range st.Fields {
				fs := &st.Fields[j]
				if fs.Value != "" || fs.Def.Compute != "" {
					continue
				}
				v := strings.ReplaceAll(sample(fs.Def, fs.Options, long, last), "\u00a0", "")
				if v != "" && f.Put(a, fs.Path, v) == nil {
					changed = true
				}
			}
		}
		if !changed {
			break
		}
	}
	return a
}

const testNumber = "D-7F3K-92QM"

// named is a document of the test set with values its text must contain.
type named struct {
	name string
	doc  Doc
	says []string
}

// testSet makes every page that is looked at by the tests.
func testSet(tb testing.TB) []named {
	tb.Helper()
	m := testGmina(tb)
	var out []named
	for _, f := range testForms(tb) {
		out = append(out, formSet(tb, m, f)...)
	}
	out = append(out, slipSet(tb, m)...)
	return append(out, receiptSet(tb, m)...)
}

func formSet(tb testing.TB, m data.Municipality, f *forms.Form) []named {
	slug := f.Def().Slug
	typical, long, full := answer(tb, f, false, false), answer(tb, f, true, true), answer(tb, f, true, false)
	make := func(name string, in FormInput, says ...string) named {
		in.Municipality, in.Form, in.Made = m, f, testDay
		doc, err := FormDoc(in)
		if err != nil {
			tb.Fatalf("%s %s: %v", slug, name, err)
		}
		return named{slug + " " + name, doc, append(says, f.Def().Title["pl"])}
	}
	return []named{
		make("blank", FormInput{Blank: true}),
		make("typical", FormInput{Answers: typical, Number: testNumber}, testNumber, "Gąsienica-Łuszczek"),
		make("longest", FormInput{Answers: long, Number: testNumber}, testNumber, "Śnieżnicy"),
		make("fullest", FormInput{Answers: full, Number: testNumber}, testNumber, "Śnieżnicy"),
	}
}

var (
	taxTransfer = payment.Transfer{NIP: "", NRB: "63000000001217042000000001", Name: "Gmina Kościelisko", Title: "POD.NIER. 2026 R1 K-001234", Amount: 12350}
	zosia       = payment.Payer{Name: "Zofia Gąsienica-Łuszczek", Address: "Nędzy-Kubińca 5, Kościelisko"}
)

// slipInput is a typical slip.
func slipInput(m data.Municipality) SlipInput {
	return SlipInput{Municipality: m, Made: testDay, Slips: []Slip{
		{Transfer: taxTransfer, Payer: zosia, Label: "Podatek od nieruchomości – rata I", Decision: "FN.3120.1234.2026"},
	}}
}

func slipSet(tb testing.TB, m data.Municipality) []named {
	tax := taxTransfer
	big := tax
	big.Amount = 99999999999
	edge := tax
	edge.Amount = payment.MaxAmount
	long := payment.Transfer{NIP: "5214349636", NRB: "61109010140000071219812874", Name: "Gmina Łódź Śródmieście i Żoliborz Południowy Ćma", Amount: 44444,
		Title: "Opłata za gospodarowanie odpadami komunalnymi ŁŚŻ 3/2026"}
	far := payment.Payer{Name: "Wspólnota Mieszkaniowa Źródlana Łąka", Address: "ul. Świętej Królowej Jadwigi 144/155", NRB: "92124012340001567890123456"}
	lists := map[string][]Slip{
		"typical": slipInput(m).Slips,
		"maximum": {{Transfer: big, Payer: zosia, Label: "Podatek od nieruchomości"}, {Transfer: edge}},
		"names":   {{Transfer: long, Payer: far, Label: "Opłata za gospodarowanie odpadami komunalnymi za miesiąc marzec 2026, nieruchomość przy ul. Świętej Królowej Jadwigi"}},
	}
	var out []named
	for _, name := range []string{"typical", "maximum", "names"} {
		doc, err := SlipDoc(SlipInput{Municipality: m, Slips: lists[name], Made: testDay})
		if err != nil {
			tb.Fatalf("slip %s: %v", name, err)
		}
		out = append(out, named{"slip " + name, doc, []string{grouped(lists[name][0].Transfer.NRB), payment.Words(lists[name][0].Transfer.Amount)}})
	}
	return out
}

func receiptSet(tb testing.TB, m data.Municipality) []named {
	lines := []ReceiptLine{
		{Meter: "W-204417", Place: "Dom", Value: 417, Digits: 5, Number: "R-7F3K-92QM"},
		{Meter: "W-204418", Place: "Ogród", Value: 12, Digits: 5, Number: "R-7F3K-92QN"},
		{Meter: "W-19881-0004711/B", Place: "Budynek gospodarczy za stodołą przy drodze do Polany Biały Potok, studzienka północna", Value: 99999, Digits: 5, Number: "R-7F3K-92QP"},
	}
	in := ReceiptInput{Municipality: m, Kiosk: "Hol urzędu", Made: testDay, Time: "14:05", Lines: lines}
	many := in
	for i := range 60 {
		l := lines[i%3]
		l.Value += int64(i)
		many.Lines = append(many.Lines, l)
	}
	var out []named
	for _, r := range []ReceiptInput{in, many} {
		doc, err := ReceiptDoc(r)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, named{"receipt " + itoa(int64(len(r.Lines))), doc, []string{"R-7F3K-92QM", "00417", "W-204418"}})
	}
	return out
}
