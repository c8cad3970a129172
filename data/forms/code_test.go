package forms

import (
	"bytes"
	"compress/flate"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"egmina/data"
)

func TestBase45Vectors(t *testing.T) {
	// RFC 9285 section 4.3 and 4.4.
	for text, want := range map[string]string{"AB": "BB8", "Hello!!": "%69 VD92EX0", "base-45": "UJCLQE7W581", "ietf!": "QED8WEX0", "": ""} {
		if got := encode45([]byte(text)); got != want {
			t.Errorf("%q = %q, want %q", text, got, want)
		}
		if back, err := decode45(want); err != nil || string(back) != text {
			t.Errorf("%q back = %q %v", want, back, err)
		}
	}
	for _, bad := range []string{"GGW", "A", "::", "ab8", ":::"} {
		if _, err := decode45(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func document() Document {
	return Document{Form: "deklaracja-odpady", Version: "1", Number: "K1-000123", Answers: data.Answers{
		"last_name": "Gąsienica-Byrcyn", "first_name": "Stanisław", "pesel": "44051401359", "street": "Nędzy-Kubińca", "house": "101",
		"postcode": "34-511", "town": "Kościelisko", "people.#": "2", "people.0.name": "Jan", "people.1.name": "Anna", "compost": "true",
	}}
}

func TestCodeComesBack(t *testing.T) {
	d := document()
	text, err := Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Trim(text, alphabet45) != "" || !strings.HasPrefix(text, "EG1:") {
		t.Errorf("not for a QR's alphanumeric mode: %s", text)
	}
	if again, _ := Encode(d); again != text {
		t.Error("the same document gives another code")
	}
	back, err := Decode(text)
	if err != nil || !reflect.DeepEqual(back, d) {
		t.Errorf("back = %+v %v", back, err)
	}
	t.Logf("%d answers: %d characters", len(d.Answers), len(text))
}

func TestLongAnswersAreLeftOut(t *testing.T) {
	d, rng := document(), rand.New(rand.NewPCG(1, 2))
	var long strings.Builder
	for range 3000 {
		long.WriteRune(rune('a' + rng.IntN(500)))
	}
	d.Answers["why"] = long.String()
	text, err := Encode(d)
	if err != nil || len(text) > MaxCode {
		t.Fatalf("%d characters, %v", len(text), err)
	}
	back, err := Decode(text)
	if err != nil || !back.Partial || back.Answers["why"] != "" || back.Answers["pesel"] != "44051401359" || len(d.Answers) != 12 {
		t.Errorf("back = %+v %v", back, err)
	}
}

func TestDamagedCodes(t *testing.T) {
	text, _ := Encode(document())
	for i := len(codePrefix); i < len(text); i++ {
		changed := []byte(text)
		changed[i] = alphabet45[(strings.IndexByte(alphabet45, text[i])+1)%45]
		if _, err := Decode(string(changed)); err == nil {
			t.Fatalf("a change at %d is not seen", i)
		}
	}
	for _, bad := range []string{"", "EG1:", "EG2:" + text[4:], text[:len(text)-3], strings.Repeat("A", 1<<20), bomb()} {
		if _, err := Decode(bad); err == nil {
			t.Errorf("%.20q is accepted", bad)
		}
	}
}

// bomb is a short code that inflates to a megabyte.
func bomb() string {
	var b bytes.Buffer
	b.Write([]byte{0, 0, 0, 0})
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	w.Write(make([]byte, 1<<20))
	w.Close()
	return codePrefix + encode45(b.Bytes())
}

func TestDocumentHoldsWhatIsAsked(t *testing.T) {
	f := compiled(t, household())
	a := data.Answers{"kind": "person", "last_name": "Nowak", "nip": "8567346215", "n": "2", "people.#": "1", "people.0.name": "Jan"}
	want := data.Answers{"kind": "person", "last_name": "Nowak", "n": "2", "people.#": "1", "people.0.name": "Jan", "since": "2026-11-20"}
	if d := f.Document(a, "N1"); !reflect.DeepEqual(d.Answers, want) || d.Form != "test" || d.Number != "N1" {
		t.Errorf("document = %+v", d)
	}
}

func FuzzDecode(f *testing.F) {
	good, _ := Encode(document())
	f.Add(good)
	f.Add(bomb())
	f.Add("EG1:")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Decode(text)
		if err != nil {
			return
		}
		again, err := Encode(d)
		if err != nil {
			return // deflated better than we can
		}
		back, err := Decode(again)
		if err != nil || !back.Partial && !reflect.DeepEqual(back, d) {
			t.Fatalf("%+v became %+v %v", d, back, err)
		}
	})
}

func TestReadAnswers(t *testing.T) {
	text := `{"kind": "person", "n": 4, "compost": true, "since": "15.03.2026", "copies": "2",
		"people": [{"name": "Jan", "income": 12.5}, {"name": "Ala", "kin": "child"}]}`
	a, p := ReadAnswers(strings.NewReader(text), household())
	want := data.Answers{
		"kind": "person", "n": "4", "compost": "true", "since": "2026-03-15", "copies": "2", "people.#": "2",
		"people.0.name": "Jan", "people.0.income": "1250", "people.1.name": "Ala", "people.1.kin": "child",
	}
	if p != nil || !reflect.DeepEqual(a, want) {
		t.Errorf("answers = %v %v", a, p)
	}
}

func TestReadAnswersNamesThePlace(t *testing.T) {
	many := "[" + strings.Repeat(`{"name":"x"},`, 12) + `{"name":"x"}]`
	for text, want := range map[string]string{
		`{"knd": "x"}`:                        "knd: forms.answers_unknown",
		`{"fee": "1"}`:                        "fee: forms.answers_unknown",
		`{"name": "Jan"}`:                     "name: forms.answers_unknown",
		`{"kind": 5}`:                         "kind: forms.answers_type",
		`{"kind": null}`:                      "kind: forms.answers_type",
		`{"kind": {"a": 1}}`:                  "kind: forms.answers_type",
		`{"n": true}`:                         "n: forms.answers_type",
		`{"n": 1e3}`:                          "n: forms.answers_type",
		`{"kind": ["person"]}`:                "kind: forms.answers_type",
		`{"n": 1, "n": 2}`:                    "n: forms.answers_twice",
		`{"people": {"name": "x"}}`:           "people: forms.answers_type",
		`{"people": ["x"]}`:                   "people.0: forms.answers_type",
		`{"people": [{}, {"age": 3}]}`:        "people.1.age: forms.answers_unknown",
		`{"people": [{"name": "x", "kin":`:    "line 1: forms.answers_json",
		"{\n\"n\": 1,\n}":                     "line 3: forms.answers_json",
		"{\n\"knd\": \"x\",\n\"n\": 1":        "line 3: forms.answers_json",
		"{\n\"knd\": \"x\",\n\"na\n":          "line 3: forms.answers_json",
		"{\n\"knd\": \"x\",\n\n":              "line 2: forms.answers_json",
		`{"people": ` + many + `}`:            "people.12: forms.answers_too_many",
		`[1]`:                                 ": forms.answers_type",
		`{} {}`:                               "line 1: forms.answers_json",
		``:                                    "line 1: forms.answers_json",
		"{\"kind\": \"\xff\"}":                ": forms.encoding",
		strings.Repeat(" ", maxAnswersFile+1): ": forms.answers_too_big",
	} {
		_, p := ReadAnswers(strings.NewReader(text), household())
		if p == nil || !strings.HasPrefix(p.Error(), want) {
			t.Errorf("%.40q: %v, want %s", text, p, want)
		}
	}
}

func FuzzReadAnswers(f *testing.F) {
	for _, s := range []string{`{"kind":"person","n":4}`, `{"people":[{"name":"Jan","income":"1,5"}]}`, `{"n":"zły"}`, `[`, `{"people":[{`} {
		f.Add(s)
	}
	def := household()
	form := compiled(f, def)
	f.Fuzz(func(t *testing.T, text string) {
		a, p := ReadAnswers(strings.NewReader(text), def)
		if p != nil {
			if a != nil || p.Code == "" {
				t.Fatalf("answers with a problem: %v %v", a, p)
			}
			return
		}
		s := form.Eval(a)
		if _, err := Encode(form.Document(a, "1")); err != nil {
			t.Fatal(err)
		}
		for _, st := range s.Steps {
			for _, fs := range st.Fields {
				if fs.Err != nil && fs.Value != "" && fs.Err.Code != "forms.rule" {
					t.Fatalf("%s is wrong and has a value: %s", fs.Path, fmt.Sprint(fs))
				}
			}
		}
	})
}
