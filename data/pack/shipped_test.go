package pack

import (
	"io/fs"
	"math/rand/v2"
	"testing"

	"egmina/assets"
	"egmina/data"
	"egmina/data/forms"
)

// TestShippedFormsCanBeFilled answers every shipped form in many ways: none
// may be a dead end, have a sum that does not work out or a fee nobody can pay.
func TestShippedFormsCanBeFilled(t *testing.T) {
	sub, err := fs.Sub(assets.Gminas, "gmina/koscielisko")
	if err != nil {
		t.Fatal(err)
	}
	p, _ := Load(sub)
	if len(p.Forms) < 5 {
		t.Fatalf("%d forms, five are promised", len(p.Forms))
	}
	for _, def := range p.Forms {
		f, err := forms.Compile(def, forms.Env{Today: data.Date{Year: 2026, Month: 11, Day: 23}, Tariffs: p.Tariffs})
		if err != nil {
			t.Errorf("%s: %v", def.Slug, err)
			continue
		}
		for seed := range uint64(60) {
			fill(t, f, rand.New(rand.NewPCG(seed, 7)))
		}
	}
}

func fill(t *testing.T, f *forms.Form, rng *rand.Rand) {
	t.Helper()
	a := data.Answers{}
	for range 40 {
		s := f.Eval(a)
		if s.Complete {
			if d := f.Document(a, "K-1"); d.Form != f.Def().Slug {
				t.Errorf("document = %+v", d)
			}
			if code, err := forms.Encode(f.Document(a, "K-1")); err != nil || len(code) > forms.MaxCode {
				t.Errorf("%s: code of %d characters, %v", f.Def().Slug, len(code), err)
			}
			return
		}
		answer(f, a, s, rng)
	}
	for _, st := range f.Eval(a).Steps {
		for _, fs := range st.Fields {
			if fs.Err != nil {
				t.Fatalf("%s: %s stays wrong with %q: %v", f.Def().Slug, fs.Path, fs.Typed, fs.Err)
			}
		}
	}
	t.Fatalf("%s: never complete", f.Def().Slug)
}

// answer gives each open question some answer.
func answer(f *forms.Form, a data.Answers, s *forms.State, rng *rand.Rand) {
	for _, st := range s.Steps {
		if st.CanAdd && rng.IntN(3) == 0 {
			f.Add(a, st.Def.ID)
		}
		for _, fs := range st.Fields {
			_, touched := a[fs.Path]
			if fs.Err == nil && touched || fs.Def.Type == data.FieldNote || fs.Def.Type == data.FieldComputed {
				continue
			}
			f.Put(a, fs.Path, sample(&fs, rng))
		}
	}
}

func sample(fs *forms.FieldState, rng *rand.Rand) string {
	switch fs.Def.Type {
	case data.FieldInteger:
		return []string{"0", "1", "2", "5", "7"}[rng.IntN(5)]
	case data.FieldDecimal, data.FieldMoney:
		return []string{"0", "12,5", "150"}[rng.IntN(3)]
	case data.FieldDate:
		return []string{"1.11.2026", "23.11.2026", "1.12.2026", "15.05.1980", "24.12.2027"}[rng.IntN(5)]
	case data.FieldChoice, data.FieldMulti:
		return fs.Options[rng.IntN(len(fs.Options))].ID
	case data.FieldCheck:
		if fs.Missing {
			return "true"
		}
		return []string{"true", "false"}[rng.IntN(2)]
	case data.FieldPESEL:
		return "44051401359"
	case data.FieldNIP:
		return "8567346215"
	case data.FieldREGON:
		return "123456785"
	case data.FieldNRB:
		return "61109010140000071219812874"
	case data.FieldIDCard:
		return "ABA300000"
	case data.FieldPhone:
		return "601 234 567"
	case data.FieldEmail:
		return "jan@example.pl"
	case data.FieldPostcode:
		return "34511"
	}
	return []string{"Gąsienica", "ul. Nędzy-Kubińca 101", "Do potwierdzenia"}[rng.IntN(3)]
}
