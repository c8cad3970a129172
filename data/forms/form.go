package forms

import (
	"fmt"
	"strconv"

	"github.com/expr-lang/expr/vm"

	"egmina/data"
)

// Env is the world a form is filled in. A compiled form holds for one day:
// compile it again on the next.
type Env struct {
	Today   data.Date
	Tariffs data.Tariffs
	Yes, No string // how a ticked and an unticked box are written; "" means "X" and "–"
}

// Form is a compiled definition. It is not changed after Compile and may be
// used by several goroutines.
type Form struct {
	def    data.Form
	env    Env
	steps  []*step
	fields map[string]*field // by ID
	order  []node
	fees   []fee
	zero   map[string]any // every variable of an expression, with its zero value
}

type step struct {
	def    *data.Step
	index  int
	when   *program
	fields []*field // in the order they are asked
	order  []*field // in the order they are evaluated
}

func (s *step) repeated() bool { return s.def.Repeat != nil }

type field struct {
	def               *data.Field
	step              *step
	at                int // position in the step
	when, compute     *program
	options           []*program // conditions, nil where an option is always there
	checks            []*program
	notBefore, notAft bound
}

type fee struct {
	def          *data.FormFee
	amount, when *program
}

// program is an expression with the fields it reads.
type program struct {
	code *vm.Program
	uses []string
}

// node is a unit of evaluation: one field outside repeated steps, or a whole
// repeated step.
type node struct {
	step  *step
	field *field // nil for a repeated step
}

// Compile checks a definition and compiles its expressions. The error is
// Problems, with every mistake found.
func Compile(def data.Form, env Env) (*Form, error) {
	f := &Form{def: def, env: env, fields: map[string]*field{}}
	if f.env.Yes == "" {
		f.env.Yes = "X"
	}
	if f.env.No == "" {
		f.env.No = "–"
	}
	c := &compiler{form: f}
	c.checkDefinition()
	c.declare()
	c.compileSteps()
	c.compileFees()
	c.sort()
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return f, nil
}

// Def returns the definition. It must not be changed.
func (f *Form) Def() *data.Form { return &f.def }

// Today returns the day the form was compiled for.
func (f *Form) Today() data.Date { return f.env.Today }

// Field returns the definition of the field with the given path or ID.
func (f *Form) Field(path string) (*data.Field, bool) {
	fd, _, ok := f.lookup(path)
	if !ok {
		return nil, false
	}
	return fd.def, true
}

// lookup finds the field of a path and its repetition (-1 outside groups).
func (f *Form) lookup(path string) (*field, int, bool) {
	group, index, id, repeated := splitPath(path)
	fd, ok := f.fields[id]
	if !ok || repeated != fd.step.repeated() || repeated && fd.step.def.ID != group {
		return nil, 0, false
	}
	return fd, index, true
}

// Path returns the path of an answer: the field's ID, or "step.2.field" in the
// repetition with the given index.
func Path(step string, index int, field string) string {
	if index < 0 {
		return field
	}
	return step + "." + strconv.Itoa(index) + "." + field
}

func countPath(step string) string { return step + ".#" }

func fieldPath(step, field int) string { return fmt.Sprintf("steps[%d].fields[%d]", step, field) }
