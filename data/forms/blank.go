package forms

import "egmina/data"

// Blank returns the form with everything that may ever be asked and nothing
// answered, for printing it to fill in by hand. Repeated steps occur at least
// once. Visible is false in fields that depend on an answer.
func (f *Form) Blank() *State {
	s := &State{}
	for _, st := range f.steps {
		n, first := 1, -1
		if st.repeated() {
			n, first = max(1, st.def.Repeat.Min), 0
		}
		for i := range n {
			index := first
			if st.repeated() {
				index = i
			}
			s.Steps = append(s.Steps, f.blankStep(st, index))
		}
	}
	return s
}

func (f *Form) blankStep(st *step, index int) StepState {
	out := StepState{Def: st.def, Index: index}
	for _, fd := range st.fields {
		out.Fields = append(out.Fields, FieldState{
			Path: Path(st.def.ID, index, fd.def.ID), Def: fd.def, Options: fd.def.Options,
			Visible: st.when == nil && fd.when == nil, Required: fd.def.Required && answerable(fd.def), form: f,
		})
	}
	return out
}

// Prefill returns the answers that facts about a person (data.Holder.Facts)
// give to fields still empty. Nothing is changed: the caller asks first, then
// merges. In a repeated step only the first repetition is filled.
func (f *Form) Prefill(a data.Answers, facts map[string]string) data.Answers {
	out := data.Answers{}
	for _, st := range f.steps {
		index := -1
		if st.repeated() {
			if f.Count(a, st.def.ID) == 0 {
				continue
			}
			index = 0
		}
		for _, fd := range st.fields {
			path := Path(st.def.ID, index, fd.def.ID)
			fact := facts[fd.def.Prefill]
			if fd.def.Prefill == "" || fact == "" || a[path] != "" || !answerable(fd.def) {
				continue
			}
			if v, err := Normalise(fd.def, fact); err == nil && v != "" {
				out[path] = v
			}
		}
	}
	return out
}
