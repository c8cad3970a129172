package forms

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"egmina/data"
)

// Limits of a definition.
const (
	maxSteps  = 60
	maxFields = 400
)

var identifier = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// reserved are the names expressions already have a meaning for.
var reserved = append([]string{
	"today", "tariff", "tariff_on", "zloty", "years", "days", "born", "true", "false", "nil", "in", "not", "and", "or", "let",
	"if", "else", "matches", "contains", "startswith", "endswith",
}, allowed...)

// checkDefinition finds what is wrong with a definition before anything of it
// is compiled.
func (c *compiler) checkDefinition() {
	def := &c.form.def
	if len(def.Steps) == 0 || len(def.Steps) > maxSteps {
		c.problems.add("steps", "forms.steps", "Max", maxSteps)
	}
	taken, steps, fields := map[string]bool{}, map[string]bool{}, 0
	for i := range def.Steps {
		s, path := &def.Steps[i], fmt.Sprintf("steps[%d]", i)
		c.checkID(path+".id", s.ID, steps)
		if s.Repeat != nil {
			taken[s.ID] = true // its list has this name in expressions
		}
		c.checkRepeat(path+".repeat", s.Repeat)
		if len(s.Fields) == 0 {
			c.problems.add(path, "forms.no_fields")
		}
		fields += len(s.Fields)
	}
	if fields > maxFields {
		c.problems.add("steps", "forms.too_many_fields", "Max", maxFields)
	}
	for i := range def.Steps {
		for j := range def.Steps[i].Fields {
			c.checkField(fieldPath(i, j), &def.Steps[i].Fields[j], taken)
		}
	}
	ids := map[string]bool{}
	for i := range def.Fees {
		c.checkFee(fmt.Sprintf("fees[%d]", i), &def.Fees[i], ids)
	}
}

// checkID wants an identifier nobody else has: expressions use it.
func (c *compiler) checkID(path, id string, taken map[string]bool) {
	switch {
	case id == "":
		c.problems.add(path, "forms.no_id")
	case !identifier.MatchString(id) || slices.Contains(reserved, id):
		c.problems.add(path, "forms.bad_id", "ID", id)
	case taken[id]:
		c.problems.add(path, "forms.duplicate_id", "ID", id)
	}
	taken[id] = true
}

func (c *compiler) checkRepeat(path string, r *data.Repeat) {
	if r != nil && (r.Min < 0 || r.Max < 1 || r.Max < r.Min || r.Max > maxRepeat) {
		c.problems.add(path, "forms.bad_repeat", "Max", maxRepeat)
	}
}

func (c *compiler) checkField(path string, fd *data.Field, taken map[string]bool) {
	c.checkID(path+".id", fd.ID, taken)
	if _, ok := readers[fd.Type]; !ok && answerable(fd) {
		c.problems.add(path+".type", "forms.unknown_type", "Type", fd.Type)
		return
	}
	c.checkOptions(path, fd)
	c.checkComputed(path, fd)
	c.checkNumbers(path, fd)
	if fd.Prefill != "" {
		if _, ok := (data.Holder{}).Facts()[fd.Prefill]; !ok {
			c.problems.add(path+".prefill", "forms.unknown_prefill", "Name", fd.Prefill)
		}
	}
	if value := c.form.defaultOf(fd); value != "" && answerable(fd) {
		if _, err := accept(fd, value); err != nil {
			c.problems.add(path+".default", "forms.bad_default", "Value", fd.Default)
		}
	}
	for k, check := range fd.Check {
		if strings.TrimSpace(check.Rule) == "" {
			c.problems.add(fmt.Sprintf("%s.check[%d]", path, k), "forms.no_rule")
		}
	}
}

func (c *compiler) checkOptions(path string, fd *data.Field) {
	choice := fd.Type == data.FieldChoice || fd.Type == data.FieldMulti
	if choice && len(fd.Options) == 0 {
		c.problems.add(path, "forms.no_options")
	}
	if !choice && len(fd.Options) > 0 {
		c.problems.add(path+".options", "forms.useless", "Key", "options", "Type", fd.Type)
	}
	taken := map[string]bool{}
	for k, o := range fd.Options {
		at := fmt.Sprintf("%s.options[%d].id", path, k)
		switch {
		case o.ID == "" || strings.ContainsAny(o.ID, ", \t\n\"\x1f") || len(o.ID) > 60:
			c.problems.add(at, "forms.bad_option_id", "ID", o.ID)
		case taken[o.ID]:
			c.problems.add(at, "forms.duplicate_option", "ID", o.ID)
		}
		taken[o.ID] = true
	}
}

func (c *compiler) checkComputed(path string, fd *data.Field) {
	if fd.Type != data.FieldComputed {
		if fd.Compute != "" {
			c.problems.add(path+".compute", "forms.useless", "Key", "compute", "Type", fd.Type)
		}
		return
	}
	if strings.TrimSpace(fd.Compute) == "" {
		c.problems.add(path, "forms.no_compute")
	}
	if !slices.Contains([]string{"money", "integer", "text"}, fd.As) {
		c.problems.add(path+".as", "forms.bad_as", "As", fd.As)
	}
}

func (c *compiler) checkNumbers(path string, fd *data.Field) {
	if fd.Min != nil && fd.Max != nil && *fd.Min > *fd.Max {
		c.problems.add(path+".min", "forms.min_over_max")
	}
	if fd.MaxLength < 0 || fd.MaxLength > maxLength {
		c.problems.add(path+".max_length", "forms.bad_length", "Max", maxLength)
	}
	if fd.Decimals < 0 || fd.Decimals > 6 || fd.Type == data.FieldDecimal && fd.Decimals == 0 {
		c.problems.add(path+".decimals", "forms.bad_decimals")
	}
}

func (c *compiler) checkFee(path string, fe *data.FormFee, taken map[string]bool) {
	switch {
	case fe.ID == "":
		c.problems.add(path, "forms.no_id")
	case taken[fe.ID]:
		c.problems.add(path+".id", "forms.duplicate_id", "ID", fe.ID)
	}
	taken[fe.ID] = true
	if strings.TrimSpace(fe.Amount) == "" {
		c.problems.add(path, "forms.no_amount")
	}
}
