package forms

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/types"

	"egmina/data"
)

// compiler gathers every mistake of a definition while it builds a Form.
type compiler struct {
	form     *Form
	problems Problems
	global   types.Map // variables every expression sees
}

// declare gives each field its variable.
func (c *compiler) declare() {
	f := c.form
	c.global, f.zero = types.Map{"today": types.String}, map[string]any{"today": f.env.Today.String()}
	for i := range f.def.Steps {
		s := &step{def: &f.def.Steps[i], index: i}
		f.steps = append(f.steps, s)
		item := types.Map{}
		for j := range s.def.Fields {
			fd := &field{def: &s.def.Fields[j], step: s, at: j}
			s.fields = append(s.fields, fd)
			if _, taken := f.fields[fd.def.ID]; taken || fd.def.Type == data.FieldNote {
				continue
			}
			f.fields[fd.def.ID] = fd
			t, zero := variable(fd.def)
			item[fd.def.ID], f.zero[fd.def.ID] = t, zero
		}
		if s.repeated() {
			c.global[s.def.ID] = types.Array(item)
			f.zero[s.def.ID] = []map[string]any{}
			continue
		}
		maps.Copy(c.global, item)
	}
}

// variable returns the type an answer has in expressions and its zero value.
func variable(def *data.Field) (types.Type, any) {
	switch def.Type {
	case data.FieldInteger, data.FieldDecimal, data.FieldMoney:
		return types.Int, 0
	case data.FieldCheck:
		return types.Bool, false
	case data.FieldMulti:
		return types.TypeOf([]string(nil)), []string{}
	case data.FieldComputed:
		if def.As != "text" {
			return types.Int, 0
		}
	}
	return types.String, ""
}

func (c *compiler) compileSteps() {
	for i, s := range c.form.steps {
		path := fmt.Sprintf("steps[%d]", i)
		s.when = c.compile(path+".when", s.def.When, asCondition, c.global)
		env := c.global
		if s.repeated() {
			env = maps.Clone(c.global)
			for _, fd := range s.fields {
				if fd.def.Type != data.FieldNote {
					env[fd.def.ID], _ = variable(fd.def)
				}
			}
		}
		for j, fd := range s.fields {
			c.compileField(fieldPath(i, j), fd, env)
		}
	}
}

func (c *compiler) compileField(path string, fd *field, env types.Map) {
	fd.when = c.compile(path+".when", fd.def.When, asCondition, env)
	fd.compute = c.compile(path+".compute", fd.def.Compute, asValue(fd.def), env)
	for k, o := range fd.def.Options {
		fd.options = append(fd.options, c.compile(fmt.Sprintf("%s.options[%d].when", path, k), o.When, asCondition, env))
	}
	for k, check := range fd.def.Check {
		fd.checks = append(fd.checks, c.compile(fmt.Sprintf("%s.check[%d].rule", path, k), check.Rule, asCondition, env))
	}
	var ok bool
	if fd.notBefore, ok = parseBound(fd.def.NotBefore); !ok {
		c.problems.add(path+".not_before", "forms.bad_bound", "Value", fd.def.NotBefore)
	}
	if fd.notAft, ok = parseBound(fd.def.NotAfter); !ok {
		c.problems.add(path+".not_after", "forms.bad_bound", "Value", fd.def.NotAfter)
	}
}

func asValue(def *data.Field) kind {
	if def.As == "text" {
		return asText
	}
	return asNumber
}

func (c *compiler) compileFees() {
	for i := range c.form.def.Fees {
		def, path := &c.form.def.Fees[i], fmt.Sprintf("fees[%d]", i)
		c.form.fees = append(c.form.fees, fee{
			def:    def,
			amount: c.compile(path+".amount", def.Amount, asNumber, c.global),
			when:   c.compile(path+".when", def.When, asCondition, c.global),
		})
		for _, name := range placeholders(def.Title) {
			if fd := c.form.fields[name]; fd == nil || fd.step.repeated() {
				c.problems.add(path+".title", "forms.unknown_name", "Name", name)
			}
		}
	}
}

// placeholders lists the names between braces of a payment title.
func placeholders(title string) []string {
	var names []string
	for {
		_, rest, ok := strings.Cut(title, "{")
		if !ok {
			return names
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return append(names, rest)
		}
		names, title = append(names, name), after
	}
}

// sort puts the units of evaluation in an order in which everything an
// expression reads is known before. A circle is a mistake.
func (c *compiler) sort() {
	f := c.form
	for _, s := range f.steps {
		s.order = c.sortFields(s)
	}
	var nodes []node
	owner := map[string]int{} // variable → node
	for _, s := range f.steps {
		if s.repeated() {
			owner[s.def.ID] = len(nodes)
			nodes = append(nodes, node{step: s})
			continue
		}
		for _, fd := range s.fields {
			owner[fd.def.ID] = len(nodes)
			nodes = append(nodes, node{step: s, field: fd})
		}
	}
	order, circle := sorted(len(nodes), func(i int) []int { return owners(nodes[i].uses(), owner) })
	if circle >= 0 {
		c.problems.add(nodes[circle].path(), "forms.circle")
	}
	for _, i := range order {
		f.order = append(f.order, nodes[i])
	}
}

// sortFields orders the fields of a group among themselves.
func (c *compiler) sortFields(s *step) []*field {
	if !s.repeated() {
		return nil
	}
	owner := map[string]int{}
	for i, fd := range s.fields {
		owner[fd.def.ID] = i
	}
	order, circle := sorted(len(s.fields), func(i int) []int { return owners(s.fields[i].uses(), owner) })
	if circle >= 0 {
		c.problems.add(fieldPath(s.index, circle), "forms.circle")
	}
	fields := make([]*field, len(order))
	for i, k := range order {
		fields[i] = s.fields[k]
	}
	return fields
}

func owners(uses []string, owner map[string]int) []int {
	var out []int
	for _, name := range uses {
		if i, ok := owner[name]; ok {
			out = append(out, i)
		}
	}
	return out
}

// sorted returns 0…n-1 with each number after its needs, and one member of a
// circle or -1.
func sorted(n int, needs func(int) []int) (order []int, circle int) {
	const entered, done = 1, 2
	state, circle := make([]int, n), -1
	var visit func(int)
	visit = func(i int) {
		if state[i] != 0 {
			if state[i] == entered && circle < 0 {
				circle = i
			}
			return
		}
		state[i] = entered
		for _, k := range needs(i) {
			visit(k)
		}
		state[i] = done
		order = append(order, i)
	}
	for i := range n {
		visit(i)
	}
	return order, circle
}

// uses lists what decides whether the field is asked and what its value is.
// Rules are not among it: they are looked at when all values are known.
func (fd *field) uses() []string {
	names := slices.Concat(fd.when.names(), fd.compute.names())
	for _, o := range fd.options {
		names = append(names, o.names()...)
	}
	return names
}

func (n node) uses() []string {
	names := n.step.when.names()
	if n.field != nil {
		return slices.Concat(names, n.field.uses())
	}
	names = slices.Clone(names)
	for _, fd := range n.step.fields {
		names = append(names, fd.uses()...)
	}
	return names
}

func (n node) path() string {
	if n.field == nil {
		return fmt.Sprintf("steps[%d]", n.step.index)
	}
	return fieldPath(n.step.index, n.field.at)
}

func (p *program) names() []string {
	if p == nil {
		return nil
	}
	return p.uses
}
