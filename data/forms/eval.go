package forms

import (
	"errors"
	"maps"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/vm"

	"egmina/data"
)

// State is a form as the answers make it: what is asked now, what is computed,
// what is wrong and what is to pay. It is not changed after it is returned.
type State struct {
	Steps    []StepState // visible steps in order; one for each repetition
	Fees     []Fee       // what is to pay, without amounts of zero
	Complete bool        // every visible answer is there and right
}

// StepState is a visible step, or one repetition of a repeated one. A repeated
// step that occurs no times yet appears once, with Index -1 and no fields.
type StepState struct {
	Def       *data.Step
	Index     int // repetition counted from 0, -1 when not repeated
	Fields    []FieldState
	CanAdd    bool // a repetition may follow the last one
	CanRemove bool // this repetition may be taken out
}

// Title returns the heading in a language, "Osoba 2" for a repetition.
func (s *StepState) Title(lang string) string {
	if s.Index < 0 || s.Def.Repeat == nil || s.Def.Repeat.Item.IsEmpty() {
		return s.Def.Title.In(lang)
	}
	return s.Def.Repeat.Item.In(lang) + " " + strconv.Itoa(s.Index+1)
}

// FieldState is a visible field with its answer.
type FieldState struct {
	Path     string // key of its answer
	Def      *data.Field
	Value    string        // canonical; "" when there is no answer or a wrong one
	Typed    string        // what an entry shows: "12,50", or what could not be understood
	Shown    string        // for paper, in Polish: "1 234,56 zł", "15.03.2026", an option's label
	Options  []data.Option // those that can be chosen now
	Visible  bool          // false only in Blank
	Required bool
	Missing  bool        // required and not answered: Err says so, a caller may wait with showing it
	Err      *data.Error // nil when the answer is right
	Say      data.Text   // the definition's own sentence for Err ("forms.rule"), in its languages
	form     *Form
}

// ShownIn writes the answer for people in a language.
func (s *FieldState) ShownIn(lang string) string {
	if s.form == nil { // not made by Eval
		return s.Shown
	}
	return s.form.show(s.Def, s.Value, lang)
}

// Fee is what is to pay with the form.
type Fee struct {
	ID      string
	Label   data.Text
	Amount  data.Money
	Account string // ID of a BankAccount
	Title   string // payment title with the answers filled in, not yet cut to length
	Basis   string
}

// run is one evaluation.
type run struct {
	form    *Form
	answers data.Answers
	vars    map[string]any
	machine vm.VM
	fields  map[*field]FieldState
	groups  map[*step][][]FieldState // visible groups
	items   map[*step][]map[string]any
	visible map[*step]bool
	broken  bool // a fee could not be computed
}

// Eval evaluates the answers. It changes nothing and keeps nothing.
func (f *Form) Eval(a data.Answers) *State {
	r := &run{
		form: f, answers: a, vars: maps.Clone(f.zero), machine: vm.VM{MemoryBudget: memoryBudget},
		fields: make(map[*field]FieldState, len(f.fields)), groups: map[*step][][]FieldState{},
		items: map[*step][]map[string]any{}, visible: map[*step]bool{},
	}
	for _, n := range f.order {
		if n.field == nil {
			r.group(n.step)
			continue
		}
		r.single(n.step, n.field)
	}
	r.checkRules()
	s := &State{Steps: r.steps(), Fees: r.fees()}
	s.Complete = !r.broken && complete(s.Steps)
	return s
}

func complete(steps []StepState) bool {
	for i := range steps {
		for j := range steps[i].Fields {
			if steps[i].Fields[j].Err != nil {
				return false
			}
		}
	}
	return true
}

// holds runs a condition; one that fails to run does not hold.
func (r *run) holds(p *program) bool {
	if p == nil {
		return true
	}
	v, err := r.machine.Run(p.code, r.vars)
	ok, isBool := v.(bool)
	return err == nil && isBool && ok
}

func (r *run) shows(s *step) bool {
	v, known := r.visible[s]
	if !known {
		v = r.holds(s.when)
		r.visible[s] = v
	}
	return v
}

func (r *run) single(s *step, fd *field) {
	if !r.shows(s) || !r.holds(fd.when) {
		return
	}
	state := r.field(fd, fd.def.ID)
	r.set(fd, state.Value, r.vars)
	r.fields[fd] = state
}

// group evaluates every repetition. Its fields are seen by each other under
// their own names, and by the rest of the form as a list under the step's ID.
func (r *run) group(s *step) {
	if !r.shows(s) {
		return
	}
	n := r.form.Count(r.answers, s.def.ID)
	states, items := make([][]FieldState, n), make([]map[string]any, n)
	for i := range n {
		states[i], items[i] = r.repetition(s, i)
	}
	for _, fd := range s.fields {
		r.reset(fd)
	}
	r.groups[s], r.items[s], r.vars[s.def.ID] = states, items, items
}

func (r *run) repetition(s *step, i int) ([]FieldState, map[string]any) {
	states, item := make([]FieldState, len(s.fields)), make(map[string]any, len(s.fields))
	for _, fd := range s.fields {
		r.reset(fd)
	}
	for _, fd := range s.order {
		if r.holds(fd.when) {
			states[fd.at] = r.field(fd, Path(s.def.ID, i, fd.def.ID))
			r.set(fd, states[fd.at].Value, r.vars)
		}
	}
	for _, fd := range s.fields {
		item[fd.def.ID] = r.vars[fd.def.ID]
	}
	return states, item
}

func (r *run) reset(fd *field) {
	if zero, ok := r.form.zero[fd.def.ID]; ok {
		r.vars[fd.def.ID] = zero
	}
}

// set gives the field's variable the value of a right answer.
func (r *run) set(fd *field, value string, vars map[string]any) {
	if value == "" || fd.def.Type == data.FieldNote {
		return
	}
	switch r.form.zero[fd.def.ID].(type) {
	case int:
		if n, err := strconv.Atoi(value); err == nil {
			vars[fd.def.ID] = n
		}
	case bool:
		vars[fd.def.ID] = value == "true"
	case []string:
		vars[fd.def.ID] = strings.Split(value, ",")
	default:
		vars[fd.def.ID] = value
	}
}

// field evaluates one visible field.
func (r *run) field(fd *field, path string) FieldState {
	s := FieldState{Path: path, Def: fd.def, Visible: true, Required: fd.def.Required, form: r.form}
	switch fd.def.Type {
	case data.FieldNote:
		return s
	case data.FieldComputed:
		s.Value, s.Err = r.compute(fd)
		s.Required = false
	default:
		r.read(fd, &s)
	}
	s.Shown = r.form.show(fd.def, s.Value, data.Polish)
	return s
}

// read takes the answer or, when the field was never touched, its default.
func (r *run) read(fd *field, s *FieldState) {
	value, touched := r.answers[s.Path]
	if !touched {
		value = r.form.defaultOf(fd.def)
	}
	s.Options = r.options(fd)
	s.Value, s.Err = accept(fd.def, value)
	if s.Err == nil {
		s.Err = r.fits(fd, s)
	}
	s.Typed = typedForm(fd.def, s.Value)
	if s.Err != nil {
		s.Typed, s.Value = strings.TrimPrefix(value, typedMark), ""
		if !strings.HasPrefix(value, typedMark) {
			s.Typed = typedForm(fd.def, value)
		}
	}
	if s.Err == nil && s.Required && (s.Value == "" || fd.def.Type == data.FieldCheck && s.Value != "true") {
		s.Missing, s.Err = true, missing(fd.def)
	}
}

func missing(def *data.Field) *data.Error {
	switch def.Type {
	case data.FieldChoice, data.FieldMulti:
		return fail("forms.choose")
	case data.FieldCheck:
		return fail("forms.tick")
	}
	return fail("forms.required")
}

func (f *Form) defaultOf(def *data.Field) string {
	if def.Default == "today" && def.Type == data.FieldDate {
		return f.env.Today.String()
	}
	return def.Default
}

// options lists those that can be chosen now.
func (r *run) options(fd *field) []data.Option {
	all := true
	for _, o := range fd.options {
		all = all && o == nil
	}
	if all {
		return fd.def.Options
	}
	var out []data.Option
	for i, o := range fd.options {
		if r.holds(o) {
			out = append(out, fd.def.Options[i])
		}
	}
	return out
}

// fits checks what depends on the day and on other answers.
func (r *run) fits(fd *field, s *FieldState) *data.Error {
	switch fd.def.Type {
	case data.FieldDate:
		return r.inTime(fd, s.Value)
	case data.FieldChoice, data.FieldMulti:
		return available(s)
	}
	return nil
}

func (r *run) inTime(fd *field, value string) *data.Error {
	d, err := data.ParseDate(value)
	if err != nil {
		return nil
	}
	today := r.form.env.Today
	if first := fd.notBefore.on(today); fd.notBefore.set && d.Before(first) {
		return fail("forms.too_early", "Limit", first.Polish())
	}
	if last := fd.notAft.on(today); fd.notAft.set && last.Before(d) {
		return fail("forms.too_late", "Limit", last.Polish())
	}
	return nil
}

// available refuses an option that other answers have taken away.
func available(s *FieldState) *data.Error {
	if s.Value == "" || len(s.Options) == len(s.Def.Options) {
		return nil
	}
	for _, id := range strings.Split(s.Value, ",") {
		found := false
		for _, o := range s.Options {
			found = found || o.ID == id
		}
		if !found {
			return fail("forms.option_gone")
		}
	}
	return nil
}

func (r *run) compute(fd *field) (string, *data.Error) {
	v, err := r.machine.Run(fd.compute.code, r.vars)
	if err != nil {
		return "", computeError(err)
	}
	if fd.def.As == "text" {
		if s, ok := v.(string); ok {
			return cut(clean(s, false), maxTyped), nil
		}
	}
	n, ok := number(v)
	if !ok {
		return "", fail("forms.cannot_compute")
	}
	return strconv.FormatInt(n, 10), nil
}

// computeError tells a missing rate, which the office must fill in, from a sum
// that does not work out.
func computeError(err error) *data.Error {
	if errors.Is(err, errNoRate) || strings.Contains(err.Error(), errNoRate.Error()) {
		return data.Fail("forms.no_rate", errNoRate)
	}
	return data.Fail("forms.cannot_compute", err)
}

// checkRules looks at the rules across fields, now that all values are known.
func (r *run) checkRules() {
	for fd, state := range r.fields {
		r.fields[fd] = r.ruled(fd, state)
	}
	for s, states := range r.groups {
		for i := range states {
			maps.Copy(r.vars, r.items[s][i])
			for _, fd := range s.fields {
				states[i][fd.at] = r.ruled(fd, states[i][fd.at])
			}
		}
		for _, fd := range s.fields {
			r.reset(fd)
		}
	}
}

// ruled applies the field's rules to an answer that is there and right.
func (r *run) ruled(fd *field, s FieldState) FieldState {
	if s.Err != nil || !s.Visible || s.Value == "" && fd.def.Type != data.FieldNote {
		return s
	}
	for i, p := range fd.checks {
		if !r.holds(p) {
			s.Err, s.Say = fail("forms.rule"), fd.def.Check[i].Say
			return s
		}
	}
	return s
}

// steps gathers the visible steps. A step whose fields are all hidden is not
// shown.
func (r *run) steps() []StepState {
	var out []StepState
	for _, s := range r.form.steps {
		if !r.shows(s) {
			continue
		}
		if s.repeated() {
			out = append(out, r.repetitions(s)...)
			continue
		}
		state := StepState{Def: s.def, Index: -1}
		for _, fd := range s.fields {
			if fs, ok := r.fields[fd]; ok {
				state.Fields = append(state.Fields, fs)
			}
		}
		if len(state.Fields) > 0 {
			out = append(out, state)
		}
	}
	return out
}

func (r *run) repetitions(s *step) []StepState {
	groups := r.groups[s]
	if len(groups) == 0 {
		return []StepState{{Def: s.def, Index: -1, CanAdd: true}}
	}
	out := make([]StepState, len(groups))
	for i, fields := range groups {
		out[i] = StepState{Def: s.def, Index: i, CanAdd: len(groups) < s.def.Repeat.Max, CanRemove: len(groups) > s.def.Repeat.Min}
		for _, fs := range fields {
			if fs.Visible {
				out[i].Fields = append(out[i].Fields, fs)
			}
		}
	}
	return out
}

func (r *run) fees() []Fee {
	var out []Fee
	for _, fe := range r.form.fees {
		if !r.holds(fe.when) {
			continue
		}
		v, err := r.machine.Run(fe.amount.code, r.vars)
		n, ok := number(v)
		if err != nil || !ok {
			r.broken = true
			continue
		}
		if n > 0 {
			d := fe.def
			out = append(out, Fee{ID: d.ID, Label: d.Label, Amount: data.Money(n), Account: d.Account, Title: r.title(d.Title), Basis: d.Basis})
		}
	}
	return out
}

// title fills the answers into a payment title.
func (r *run) title(pattern string) string {
	for _, name := range placeholders(pattern) {
		shown := ""
		if fd := r.form.fields[name]; fd != nil {
			state := r.fields[fd]
			shown = strings.ReplaceAll(state.Shown, "\u00a0", " ")
		}
		pattern = strings.Replace(pattern, "{"+name+"}", shown, 1)
	}
	return strings.Join(strings.Fields(pattern), " ")
}
