package forms

import (
	"errors"
	"strings"
	"testing"

	"egmina/data"
)

// TestDefinitionMistakes makes one mistake at a time in a good definition.
func TestDefinitionMistakes(t *testing.T) {
	field := func(d *data.Form, step, i int) *data.Field { return &d.Steps[step].Fields[i] }
	cases := []struct {
		path, code string
		edit       func(d *data.Form)
	}{
		{"steps", "forms.steps", func(d *data.Form) { d.Steps, d.Fees = nil, nil }},
		{"steps[1]", "forms.no_fields", func(d *data.Form) { d.Steps = append(d.Steps[:1:1], data.Step{ID: "empty"}); d.Fees[0].Amount = "1" }},
		{"steps[0].id", "forms.no_id", func(d *data.Form) { d.Steps[0].ID = "" }},
		{"steps[0].id", "forms.bad_id", func(d *data.Form) { d.Steps[0].ID = "Kto to" }},
		{"steps[1].id", "forms.duplicate_id", func(d *data.Form) { d.Steps[1].ID = "who" }},
		{"steps[1].fields[1].id", "forms.duplicate_id", func(d *data.Form) { field(d, 1, 1).ID = "people" }},
		{"steps[3].fields[2].id", "forms.duplicate_id", func(d *data.Form) { field(d, 3, 2).ID = "n" }},
		{"steps[0].fields[1].id", "forms.bad_id", func(d *data.Form) { field(d, 0, 1).ID = "today" }},
		{"steps[2].repeat", "forms.bad_repeat", func(d *data.Form) { d.Steps[2].Repeat.Max = 1000 }},
		{"steps[0].fields[1].type", "forms.unknown_type", func(d *data.Form) { field(d, 0, 1).Type = "zdjecie" }},
		{"steps[0].fields[1].prefill", "forms.unknown_prefill", func(d *data.Form) { field(d, 0, 1).Prefill = "shoe_size" }},
		{"steps[1].fields[0].default", "forms.bad_default", func(d *data.Form) { field(d, 1, 0).Default = "wiele" }},
		{"steps[3].fields[1].check[0]", "forms.no_rule", func(d *data.Form) { field(d, 3, 1).Check[0].Rule = " " }},
		{"steps[0].fields[0]", "forms.no_options", func(d *data.Form) { field(d, 0, 0).Options = nil }},
		{"steps[0].fields[1].options", "forms.useless", func(d *data.Form) { field(d, 0, 1).Options = []data.Option{{ID: "x"}} }},
		{"steps[0].fields[1].compute", "forms.useless", func(d *data.Form) { field(d, 0, 1).Compute = "1" }},
		{"steps[0].fields[0].options[1].id", "forms.duplicate_option", func(d *data.Form) { field(d, 0, 0).Options[1].ID = "person" }},
		{"steps[0].fields[0].options[1].id", "forms.bad_option_id", func(d *data.Form) { field(d, 0, 0).Options[1].ID = "a,b" }},
		{"steps[1].fields[3]", "forms.no_compute", func(d *data.Form) { field(d, 1, 3).Compute = "" }},
		{"steps[1].fields[3].as", "forms.bad_as", func(d *data.Form) { field(d, 1, 3).As = "kwota" }},
		{"steps[1].fields[0].min", "forms.min_over_max", func(d *data.Form) { field(d, 1, 0).Min = ptr(99) }},
		{"steps[0].fields[1].max_length", "forms.bad_length", func(d *data.Form) { field(d, 0, 1).MaxLength = 99999 }},
		{"steps[1].fields[0].decimals", "forms.bad_decimals", func(d *data.Form) { field(d, 1, 0).Type = data.FieldDecimal }},
		{"steps[1].fields[2].not_before", "forms.bad_bound", func(d *data.Form) { field(d, 1, 2).NotBefore = "yesterday" }},
		{"fees[0]", "forms.no_amount", func(d *data.Form) { d.Fees[0].Amount = "" }},
		{"fees[0].title", "forms.unknown_name", func(d *data.Form) { d.Fees[0].Title = "za {surname}" }},
		{"fees[0].title", "forms.unknown_name", func(d *data.Form) { d.Fees[0].Title = "za {name}" }},
		{"fees[0].when", "forms.unknown_name", func(d *data.Form) { d.Fees[0].When = "rodzaj == 'x'" }},
		{"steps[0].fields[1].when", "forms.unknown_name", func(d *data.Form) { field(d, 0, 1).When = "kind == 'x' and nobody" }},
		{"steps[1].fields[1].when", "forms.unknown_name", func(d *data.Form) { field(d, 1, 1).When = "kin == 'other'" }},
		{"steps[0].fields[0].options[2].when", "forms.bad_expression", func(d *data.Form) { field(d, 0, 0).Options[2].When = "n >" }},
		{"steps[0].fields[1].when", "forms.bad_expression", func(d *data.Form) { field(d, 0, 1).When = "n" }},
		{"steps[0].fields[1].when", "forms.bad_expression", func(d *data.Form) { field(d, 0, 1).When = "n == 'three'" }},
		{"steps[1].fields[3].compute", "forms.bad_expression", func(d *data.Form) { field(d, 1, 3).Compute = "kind" }},
		{"steps[3].fields[0].compute", "forms.bad_expression", func(d *data.Form) { field(d, 3, 0).Compute = "sum(people, .wages)" }},
		{"steps[1].fields[3].compute", "forms.unknown_tariff", func(d *data.Form) { field(d, 1, 3).Compute = "tariff(compost ? 'odpady' : 'nic', n)" }},
		{"steps[1].fields[3].compute", "forms.long_expression", func(d *data.Form) { field(d, 1, 3).Compute = strings.Repeat("n+", 300) + "1" }},
		{"steps[1].fields[0]", "forms.circle", func(d *data.Form) { field(d, 1, 0).When = "fee > 3" }},
		{"steps[2]", "forms.circle", func(d *data.Form) { field(d, 2, 0).When = "count(people) > 1" }},
		{"steps[2].fields[1]", "forms.circle", func(d *data.Form) { field(d, 2, 1).When = "kin_other == 'a'" }},
	}
	for _, c := range cases {
		def := household()
		c.edit(&def)
		_, err := Compile(def, Env{Today: today, Tariffs: testTariffs})
		var problems Problems
		errors.As(err, &problems)
		found := false
		for _, p := range problems {
			found = found || p.Path == c.path && p.Code == c.code
		}
		if !found {
			t.Errorf("want %s: %s, got %v", c.path, c.code, err)
		}
	}
}

// TestHostileExpressions: none may compile that could run long or grow.
func TestHostileExpressions(t *testing.T) {
	for _, source := range []string{
		"len(1..1000000000)",
		"let a = 'x' + 'x'; len(a + a)",
		"count(people, count(people, count(people, true) > 0) > 0)",
		"all(people, all(people, all(people, all(people, true)))) ? 1 : 2",
		"len(repeat('x', 1000000000))",
		"reduce(people, #acc + 1, 0)",
		"len(toJSON(people))",
		"len(replace('aaaa', '', 'aaaaaaaa'))",
		"now().Year()",
		"'a' matches '(a+)+$' ? 1 : 0",
		"$env",
		strings.Repeat("(", 250) + "1" + strings.Repeat(")", 250),
		strings.Repeat("-", 480) + "1",
	} {
		def := household()
		def.Steps[1].Fields[3].Compute = source
		f, err := Compile(def, Env{Today: today, Tariffs: testTariffs})
		if err == nil && !strings.HasPrefix(source, "(") {
			t.Errorf("%.60q compiles", source)
		}
		if err == nil {
			f.Eval(data.Answers{})
		}
	}
}

func TestUsefulExpressions(t *testing.T) {
	a := data.Answers{"kind": "person", "n": "3", "people.#": "2", "people.0.kin": "child", "people.1.kin": "other", "since": "2026-02-27"}
	for source, want := range map[string]string{
		"count(people)":                         "2",
		"count(people, .kin == 'child')":        "1",
		"days(since, today)":                    "266",
		"years('2000-11-21', today)":            "25",
		"years(born('44051401359'), today)":     "82",
		"zloty(150)":                            "200",
		"n / 2":                                 "2",
		"kind in ['person', 'firm'] ? 1 : 0":    "1",
		"tariff_on('dawna', 2, '2020-01-01')":   "200",
		"tariff('odpady', 6)":                   "11000",
		"any(people, .kin == 'child') ? 1 : 0":  "1",
		"since < today and since != '' ? 1 : 0": "1",
		"max(n, 10) - min(n, 10)":               "7",
	} {
		def := household()
		def.Steps[1].Fields[3].Compute = source
		if got := find(compiled(t, def).Eval(a), "fee"); got.Value != want {
			t.Errorf("%s = %q %v, want %s", source, got.Value, got.Err, want)
		}
	}
}

func TestOverflowIsNotShown(t *testing.T) {
	def := household()
	def.Steps[1].Fields[3].Compute = "n * 1000000000 * 1000000000"
	if s := find(compiled(t, def).Eval(data.Answers{"n": "3"}), "fee"); code(s.Err) != "forms.cannot_compute" {
		t.Errorf("fee = %+v", s)
	}
}
