package forms

import (
	"strconv"
	"strings"

	"egmina/data"
)

// maxRepeat caps the repetitions of a group, whatever its definition says.
const maxRepeat = 50

// typedMark stands before a value that could not be understood. Control
// characters are removed from everything typed, so no answer begins with it.
const typedMark = "\x1f"

// splitPath takes "step.2.field" apart; other paths are plain IDs.
func splitPath(path string) (step string, index int, id string, repeated bool) {
	step, rest, ok := strings.Cut(path, ".")
	if !ok {
		return "", -1, path, false
	}
	number, id, ok := strings.Cut(rest, ".")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 0 || n >= maxRepeat || strconv.Itoa(n) != number {
		return "", -1, "", false
	}
	return step, n, id, true
}

// Put reads what was typed into the field with the given path and keeps it in
// the answers: in its canonical form or, when that fails, as it was typed. An
// unknown path changes nothing.
func (f *Form) Put(a data.Answers, path, typed string) *data.Error {
	fd, index, ok := f.lookup(path)
	if !ok || !answerable(fd.def) {
		return fail("forms.unknown_field", "Field", path)
	}
	if index >= 0 && index >= f.Count(a, fd.step.def.ID) {
		return fail("forms.unknown_field", "Field", path)
	}
	value, err := Normalise(fd.def, typed)
	if err != nil {
		value = typedMark + clean(strings.ToValidUTF8(cut(typed, maxTyped), ""), true)
	}
	a[path] = value
	return err
}

// Count returns how often the repeated step occurs, within its limits.
func (f *Form) Count(a data.Answers, step string) int {
	s := f.group(step)
	if s == nil {
		return 0
	}
	n, err := strconv.Atoi(a[countPath(step)])
	if err != nil {
		return s.def.Repeat.Min
	}
	return min(max(n, s.def.Repeat.Min), s.def.Repeat.Max)
}

// Add appends a repetition to the group, false when it is full.
func (f *Form) Add(a data.Answers, step string) bool {
	n := f.Count(a, step)
	if s := f.group(step); s == nil || n >= s.def.Repeat.Max {
		return false
	}
	a[countPath(step)] = strconv.Itoa(n + 1)
	return true
}

// Remove takes repetition i out of the group and moves the later ones up. It
// returns false when the group would get too small.
func (f *Form) Remove(a data.Answers, step string, i int) bool {
	n := f.Count(a, step)
	if s := f.group(step); s == nil || i < 0 || i >= n || n <= s.def.Repeat.Min {
		return false
	}
	for _, fd := range f.group(step).fields {
		for k := i; k < n; k++ {
			shift(a, Path(step, k+1, fd.def.ID), Path(step, k, fd.def.ID), k+1 < n)
		}
	}
	a[countPath(step)] = strconv.Itoa(n - 1)
	return true
}

// shift moves an answer; without a source the target goes away, so that a
// default shows again.
func shift(a data.Answers, from, to string, exists bool) {
	v, ok := a[from]
	if !exists || !ok {
		delete(a, to)
		return
	}
	a[to] = v
}

func (f *Form) group(id string) *step {
	for _, s := range f.steps {
		if s.def.ID == id && s.repeated() {
			return s
		}
	}
	return nil
}
