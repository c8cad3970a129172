package forms

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"egmina/data"
)

var today = data.Date{Year: 2026, Month: 11, Day: 20}

var testTariffs = data.Tariffs{
	{ID: "odpady", Period: data.Period{From: data.Date{Year: 2021, Month: 1, Day: 1}}, Tiers: []data.Tier{{UpTo: 4, Grosze: 1900}, {Grosze: 1700}}},
	{ID: "kompost", Period: data.Period{From: data.Date{Year: 2021, Month: 1, Day: 1}}, Grosze: 200},
	{ID: "dawna", Period: data.Period{To: data.Date{Year: 2020, Month: 12, Day: 31}}, Grosze: 100},
	{ID: "kopia", Period: data.Period{From: data.Date{Year: 2007, Month: 1, Day: 1}}, Grosze: 2100},
}

func pl(s string) data.Text { return data.Text{"pl": s, "en": "en " + s} }

func ptr(n int64) *int64 { return &n }

// household is a waste declaration in small: choice, condition, group, sums.
func household() data.Form {
	return data.Form{
		Slug: "test", Version: "1",
		Steps: []data.Step{
			{ID: "who", Title: pl("Kto"), Fields: []data.Field{
				{ID: "kind", Type: data.FieldChoice, Label: pl("Rodzaj"), Required: true, Options: []data.Option{
					{ID: "person", Label: pl("osoba")}, {ID: "firm", Label: pl("firma")}, {ID: "farm", Label: pl("rolnik"), When: "n > 2"},
				}},
				{ID: "last_name", Type: data.FieldText, Label: pl("Nazwisko"), Required: true, When: "kind == 'person'", Prefill: "last_name", MaxLength: 20},
				{ID: "nip", Type: data.FieldNIP, Label: pl("NIP"), Required: true, When: "kind == 'firm'"},
			}},
			{ID: "house", Title: pl("Dom"), Fields: []data.Field{
				{ID: "n", Type: data.FieldInteger, Label: pl("Osoby"), Required: true, Min: ptr(1), Max: ptr(30), Unit: pl("osób")},
				{ID: "compost", Type: data.FieldCheck, Label: pl("Kompost")},
				{ID: "since", Type: data.FieldDate, Label: pl("Od"), Default: "today", NotBefore: "today-1y", NotAfter: "today+30d"},
				{ID: "fee", Type: data.FieldComputed, As: "money", Label: pl("Opłata"), Compute: "tariff('odpady', n) - (compost ? tariff('kompost', n) : 0)"},
			}},
			{ID: "people", Title: pl("Osoby"), When: "kind == 'person'", Repeat: &data.Repeat{Max: 12, Item: pl("Osoba")}, Fields: []data.Field{
				{ID: "name", Type: data.FieldText, Label: pl("Imię"), Required: true},
				{ID: "kin", Type: data.FieldChoice, Label: pl("Stopień"), Options: []data.Option{{ID: "child", Label: pl("dziecko")}, {ID: "other", Label: pl("inny")}}},
				{ID: "kin_other", Type: data.FieldText, Label: pl("Jaki"), When: "kin == 'other'", Required: true},
				{ID: "income", Type: data.FieldMoney, Label: pl("Dochód")},
			}},
			{ID: "end", Title: pl("Koniec"), Fields: []data.Field{
				{ID: "total", Type: data.FieldComputed, As: "money", Label: pl("Razem"), Compute: "sum(people, .income)"},
				{ID: "children", Type: data.FieldComputed, As: "integer", Label: pl("Dzieci"), Compute: "count(people, .kin == 'child')", Check: []data.Check{
					{Rule: "children <= n and count(people) <= n", Say: pl("za dużo")},
				}},
				{ID: "copies", Type: data.FieldInteger, Label: pl("Kopie")},
			}},
		},
		Fees: []data.FormFee{{ID: "stamp", Label: pl("Opłata skarbowa"), Amount: "tariff('kopia', copies)", Account: "skarbowa", Title: "op. skarbowa {last_name}", When: "kind == 'person'"}},
	}
}

func compiled(t testing.TB, def data.Form) *Form {
	t.Helper()
	f, err := Compile(def, Env{Today: today, Tariffs: testTariffs})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func find(s *State, path string) *FieldState {
	for i := range s.Steps {
		for j := range s.Steps[i].Fields {
			if s.Steps[i].Fields[j].Path == path {
				return &s.Steps[i].Fields[j]
			}
		}
	}
	return nil
}

func code(e *data.Error) string {
	if e == nil {
		return ""
	}
	return e.Code
}

func TestEvalFollowsTheAnswers(t *testing.T) {
	f := compiled(t, household())
	a := data.Answers{}
	if err := f.Put(a, "kind", "person"); err != nil {
		t.Fatal(err)
	}
	for path, typed := range map[string]string{"last_name": "Gąsienica", "n": "5", "compost": "true", "copies": "2"} {
		if err := f.Put(a, path, typed); err != nil {
			t.Fatal(path, err)
		}
	}
	s := f.Eval(a)
	if fee := find(s, "fee"); fee.Value != "8300" || fee.Shown != "83,00\u00a0zł" {
		t.Errorf("fee = %q %q, want four at 19 zł and one at 17 zł less 2 zł each", fee.Value, fee.Shown)
	}
	if since := find(s, "since"); since.Shown != "20.11.2026" || since.Typed != "20.11.2026" {
		t.Errorf("default date = %+v", since)
	}
	if n := find(s, "n"); n.Shown != "5\u00a0osób" || n.ShownIn("en") != "5\u00a0en osób" {
		t.Errorf("n shown %q", n.Shown)
	}
	if find(s, "nip") != nil {
		t.Error("a hidden field is shown")
	}
	if len(s.Fees) != 1 || s.Fees[0].Amount != 4200 || s.Fees[0].Title != "op. skarbowa Gąsienica" {
		t.Errorf("fees = %+v", s.Fees)
	}
	if !s.Complete {
		t.Error("not complete")
	}
}

func TestHiddenAnswersAreKeptAndNotUsed(t *testing.T) {
	f := compiled(t, household())
	a := data.Answers{"kind": "person", "last_name": "Nowak", "n": "2", "people.#": "1", "people.0.name": "Jan", "people.0.income": "10000"}
	if got := find(f.Eval(a), "total").Value; got != "10000" {
		t.Fatalf("total = %s", got)
	}
	a["kind"] = "firm"
	s := f.Eval(a)
	if got := find(s, "total").Value; got != "0" {
		t.Errorf("total counts hidden people: %s", got)
	}
	if len(s.Fees) != 0 || s.Complete {
		t.Error("a firm without NIP pays or is complete")
	}
	if d := f.Document(a, "X"); d.Answers["people.0.name"] != "" || d.Answers["last_name"] != "" {
		t.Errorf("hidden answers in the code: %v", d.Answers)
	}
	a["kind"] = "person"
	if got := find(f.Eval(a), "total").Value; got != "10000" {
		t.Error("answers were lost on the way back")
	}
}

func TestGroups(t *testing.T) {
	f := compiled(t, household())
	a := data.Answers{"kind": "person", "n": "12", "other": "kept"}
	if f.Remove(a, "people", 0) {
		t.Error("removed from an empty group")
	}
	if s := f.Eval(a); s.Steps[2].Index != -1 || !s.Steps[2].CanAdd {
		t.Errorf("empty group = %+v", s.Steps[2])
	}
	for i := range 12 {
		if !f.Add(a, "people") {
			t.Fatal("cannot add", i)
		}
		f.Put(a, fmt.Sprintf("people.%d.name", i), fmt.Sprint("P", i))
		f.Put(a, fmt.Sprintf("people.%d.kin", i), "other")
	}
	if f.Add(a, "people") || f.Add(a, "who") {
		t.Error("the group grew over its maximum")
	}
	if code(f.Put(a, "people.12.name", "x")) != "forms.unknown_field" {
		t.Error("wrote past the end of the group")
	}
	delete(a, "people.4.kin")
	if !f.Remove(a, "people", 3) {
		t.Fatal("cannot remove")
	}
	var names []string
	for _, st := range f.Eval(a).Steps {
		if st.Index >= 0 {
			names = append(names, st.Fields[0].Value)
		}
	}
	if got := strings.Join(names, " "); got != "P0 P1 P2 P4 P5 P6 P7 P8 P9 P10 P11" {
		t.Errorf("after removal: %s", got)
	}
	if _, there := a["people.3.kin"]; there || a["people.4.kin"] != "other" || a["people.11.name"] != "" || a["other"] != "kept" {
		t.Errorf("answers after removal: %v", a)
	}
	s := f.Eval(a)
	if kin := find(s, "people.4.kin_other"); kin == nil || !kin.Missing {
		t.Error("the condition does not see its own repetition")
	}
	if find(s, "people.3.kin_other") != nil {
		t.Error("the condition sees another repetition")
	}
	if got := s.Steps[3].Title("pl"); got != "Osoba 2" {
		t.Errorf("title = %q", got)
	}
}

func TestRulesAndOptions(t *testing.T) {
	f := compiled(t, household())
	a := data.Answers{"kind": "farm", "n": "2"}
	s := f.Eval(a)
	if k := find(s, "kind"); code(k.Err) != "forms.option_gone" || len(k.Options) != 2 || k.Value != "" || k.Typed != "farm" {
		t.Errorf("kind = %+v", k)
	}
	a["n"] = "3"
	if k := find(f.Eval(a), "kind"); k.Err != nil {
		t.Errorf("kind: %v", k.Err)
	}
	a = data.Answers{"kind": "person", "n": "1", "people.#": "2"}
	c := find(f.Eval(a), "children")
	if code(c.Err) != "forms.rule" || c.Say.In("en") != "en za dużo" {
		t.Errorf("children = %+v", c)
	}
}

func TestWrongAnswersAreKeptAsTyped(t *testing.T) {
	f := compiled(t, household())
	a := data.Answers{"kind": "person"}
	for path, typed := range map[string]string{"n": "dużo", "people.0.income": "x", "since": "31.02.2026"} {
		if path == "people.0.income" {
			f.Add(a, "people")
		}
		if f.Put(a, path, typed) == nil {
			t.Errorf("%s took %q", path, typed)
		}
		s := find(f.Eval(a), path)
		if s.Typed != typed || s.Value != "" || s.Shown != "" || s.Err == nil {
			t.Errorf("%s = %+v", path, s)
		}
	}
	if s := f.Eval(a); s.Complete || find(s, "fee").Value != "0" {
		t.Error("a wrong answer counts")
	}
	f.Put(a, "people.0.income", "1 250,5 zł")
	if s := find(f.Eval(a), "people.0.income"); s.Value != "125050" || s.Typed != "1250,50" || s.Shown != "1\u00a0250,50\u00a0zł" {
		t.Errorf("income = %+v", s)
	}
	f.Put(a, "since", "")
	if s := find(f.Eval(a), "since"); s.Value != "" || s.Err != nil {
		t.Error("a cleared field shows its default again")
	}
}

func TestDateLimitsMoveWithTheDay(t *testing.T) {
	f := compiled(t, household())
	for typed, want := range map[string]string{
		"20.11.2025": "", "19.11.2025": "forms.too_early", "20.12.2026": "", "21.12.2026": "forms.too_late",
	} {
		a := data.Answers{}
		f.Put(a, "since", typed)
		if got := code(find(f.Eval(a), "since").Err); got != want {
			t.Errorf("%s: %q, want %q", typed, got, want)
		}
	}
}

func TestMissingRate(t *testing.T) {
	def := household()
	def.Steps[1].Fields[3].Compute = "tariff('dawna', n)"
	def.Fees[0].Amount = "tariff('dawna')"
	s := compiled(t, def).Eval(data.Answers{"kind": "person", "last_name": "A", "n": "1"})
	if code(find(s, "fee").Err) != "forms.no_rate" || s.Complete {
		t.Errorf("fee = %+v", find(s, "fee"))
	}
}

func TestPrefillFillsOnlyWhatIsEmpty(t *testing.T) {
	f := compiled(t, household())
	facts := data.Holder{FirstName: "Jan", LastName: "Kowalski"}.Facts()
	if got := f.Prefill(data.Answers{}, facts); !reflect.DeepEqual(got, data.Answers{"last_name": "Kowalski"}) {
		t.Errorf("prefill = %v", got)
	}
	if got := f.Prefill(data.Answers{"last_name": "Nowak"}, facts); len(got) != 0 {
		t.Errorf("prefill overwrites: %v", got)
	}
}

func TestBlankHasEverything(t *testing.T) {
	s := compiled(t, household()).Blank()
	if len(s.Steps) != 4 || s.Steps[2].Index != 0 || len(s.Steps[0].Fields) != 3 {
		t.Fatalf("blank = %+v", s.Steps)
	}
	if n := find(s, "nip"); n == nil || n.Visible || find(s, "kind").Visible == false {
		t.Error("what depends on answers is not told apart")
	}
}

func TestEvalChangesNothing(t *testing.T) {
	f := compiled(t, household())
	a := data.Answers{"kind": "person", "n": "4", "people.#": "2", "people.1.kin": "other"}
	first := f.Eval(a)
	if len(a) != 4 || !reflect.DeepEqual(first, f.Eval(a)) {
		t.Error("evaluation changed the answers or itself")
	}
}

func TestEvaluationOrderFollowsTheNeeds(t *testing.T) {
	def := household()
	def.Steps[0].Fields = append(def.Steps[0].Fields, data.Field{ID: "early", Type: data.FieldComputed, As: "money", Label: pl("Wcześniej"), Compute: "fee + total"})
	s := compiled(t, def).Eval(data.Answers{"kind": "person", "n": "1", "people.#": "1", "people.0.income": "500"})
	if got := find(s, "early").Value; got != "2400" {
		t.Errorf("a sum before its parts = %s", got)
	}
}

var codeLiteral = regexp.MustCompile(`"(forms\.[a-z_0-9]+)"`)

func TestEveryCodeHasItsSentence(t *testing.T) {
	files, _ := filepath.Glob("*.go")
	for _, lang := range []string{"pl", "en"} {
		sentences, err := os.ReadFile(filepath.Join("..", "..", "assets", "lang", lang, "errors-forms.toml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			source, _ := os.ReadFile(name)
			for _, m := range codeLiteral.FindAllStringSubmatch(string(source), -1) {
				if !strings.Contains(string(sentences), `["error.`+m[1]+`"]`) {
					t.Errorf("%s: no %s sentence for %s", name, lang, m[1])
				}
			}
		}
	}
}

// large is a form of 95 fields with a condition or a sum in every third.
func large() data.Form {
	def := data.Form{Slug: "large", Version: "1"}
	for i := range 19 {
		s := data.Step{ID: fmt.Sprintf("s%d", i), Title: pl("Krok"), When: "a0 != 'x'"}
		if i == 0 {
			s.When = ""
		}
		s.Fields = []data.Field{
			{ID: fmt.Sprintf("a%d", i), Type: data.FieldText, Label: pl("Tekst")},
			{ID: fmt.Sprintf("b%d", i), Type: data.FieldMoney, Label: pl("Kwota")},
			{ID: fmt.Sprintf("c%d", i), Type: data.FieldComputed, As: "money", Label: pl("Suma"), Compute: fmt.Sprintf("b%d * 2 + tariff('odpady', 5)", i)},
			{ID: fmt.Sprintf("d%d", i), Type: data.FieldDate, Label: pl("Data"), NotAfter: "today"},
			{ID: fmt.Sprintf("e%d", i), Type: data.FieldPESEL, Label: pl("PESEL"), When: fmt.Sprintf("b%d > 10", i)},
		}
		def.Steps = append(def.Steps, s)
	}
	return def
}

func largeAnswers() data.Answers {
	a := data.Answers{}
	for i := range 19 {
		a[fmt.Sprintf("a%d", i)], a[fmt.Sprintf("b%d", i)] = "Gąsienica-Byrcyn", "123456"
		a[fmt.Sprintf("d%d", i)], a[fmt.Sprintf("e%d", i)] = "2026-01-31", "44051401359"
	}
	return a
}

func BenchmarkEval95Fields(b *testing.B) {
	f, a := compiled(b, large()), largeAnswers()
	b.ReportAllocs()
	for b.Loop() {
		f.Eval(a)
	}
}

func BenchmarkCompile95Fields(b *testing.B) {
	def := large()
	for b.Loop() {
		compiled(b, def)
	}
}
