package forms

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"egmina/data"
)

// maxAnswersFile caps a file of answers, in bytes.
const maxAnswersFile = 256 << 10

// ReadAnswers reads answers from JSON: one object with a member for each
// field, a string as it would be typed ("15.03.2026", "12,50"), a number, true
// or false; an array of option IDs for multi fields; an array of objects under
// the step's ID for repeated steps. It refuses what does not belong to the
// form, naming the place; whether the answers are right Eval says.
func ReadAnswers(r io.Reader, def data.Form) (data.Answers, *Problem) {
	raw, err := io.ReadAll(io.LimitReader(r, maxAnswersFile+1))
	switch {
	case err != nil:
		return nil, &Problem{Path: "", Code: "forms.answers_unreadable"}
	case len(raw) > maxAnswersFile:
		return nil, &Problem{Path: "", Code: "forms.answers_too_big", Args: pairs([]any{"Max", maxAnswersFile >> 10})}
	case !utf8.Valid(raw):
		return nil, &Problem{Path: "", Code: "forms.encoding"}
	}
	ar := &answersReader{dec: json.NewDecoder(strings.NewReader(string(raw))), text: string(raw), out: data.Answers{}}
	ar.dec.UseNumber()
	var whole json.RawMessage
	if err := json.Unmarshal(raw, &whole); err != nil { // first of all: in a file cut short every other mistake is a guess
		return nil, ar.broken(err)
	}
	if p := ar.document(&def); p != nil {
		return nil, p
	}
	return ar.out, nil
}

type answersReader struct {
	dec  *json.Decoder
	text string
	out  data.Answers
}

// broken is a mistake of JSON itself; its place is a line.
func (r *answersReader) broken(err error) *Problem {
	at := int(r.dec.InputOffset())
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = int(syntax.Offset)
	}
	read := r.text[:min(at, len(r.text))]
	if at >= len(r.text) {
		read = strings.TrimRight(read, " \t\r\n") // cut short: where the last word stands
	}
	line := 1 + strings.Count(read, "\n")
	return &Problem{Path: fmt.Sprintf("line %d", line), Code: "forms.answers_json", Args: pairs([]any{"Line", line})}
}

func wrongType(path, want string) *Problem {
	return &Problem{Path: path, Code: "forms.answers_type", Args: pairs([]any{"Place", path, "Want", want})}
}

func (r *answersReader) document(def *data.Form) *Problem {
	t, err := r.dec.Token()
	if err != nil {
		return r.broken(err)
	}
	if t != json.Delim('{') {
		return wrongType("", "{…}")
	}
	single, groups := map[string]*data.Field{}, map[string]*data.Step{}
	for i := range def.Steps {
		s := &def.Steps[i]
		if s.Repeat != nil {
			groups[s.ID] = s
			continue
		}
		collect(s, single)
	}
	if p := r.object("", single, groups); p != nil {
		return p
	}
	if _, err := r.dec.Token(); err != io.EOF {
		return r.broken(err)
	}
	return nil
}

func collect(s *data.Step, fields map[string]*data.Field) {
	for j := range s.Fields {
		if answerable(&s.Fields[j]) {
			fields[s.Fields[j].ID] = &s.Fields[j]
		}
	}
}

// object reads members up to the closing brace. prefix is "" or "step.2.".
func (r *answersReader) object(prefix string, fields map[string]*data.Field, groups map[string]*data.Step) *Problem {
	seen := map[string]bool{}
	for r.dec.More() {
		t, err := r.dec.Token()
		if err != nil {
			return r.broken(err)
		}
		name := t.(string)
		path := prefix + name
		if seen[name] {
			return &Problem{Path: path, Code: "forms.answers_twice", Args: pairs([]any{"Place", path})}
		}
		seen[name] = true
		fd, group := fields[name], groups[name]
		switch {
		case fd != nil:
			if p := r.value(path, fd); p != nil {
				return p
			}
		case group != nil:
			if p := r.repetitions(group); p != nil {
				return p
			}
		default:
			return &Problem{Path: path, Code: "forms.answers_unknown", Args: pairs([]any{"Place", path})}
		}
	}
	if _, err := r.dec.Token(); err != nil {
		return r.broken(err)
	}
	return nil
}

func (r *answersReader) value(path string, fd *data.Field) *Problem {
	t, err := r.dec.Token()
	if err != nil {
		return r.broken(err)
	}
	typed, ok := "", false
	switch v := t.(type) {
	case string:
		typed, ok = v, true
	case json.Number:
		typed, ok = v.String(), numeric(fd) && !strings.ContainsAny(v.String(), "eE")
	case bool:
		typed, ok = strconv.FormatBool(v), fd.Type == data.FieldCheck
	case json.Delim:
		if v == '[' && fd.Type == data.FieldMulti {
			return r.multi(path, fd)
		}
	}
	if !ok {
		return wrongType(path, wanted(fd))
	}
	r.put(path, fd, typed)
	return nil
}

// put keeps what cannot be understood as it stands, for Eval to report.
func (r *answersReader) put(path string, fd *data.Field, typed string) {
	value, err := Normalise(fd, typed)
	if err != nil {
		value = typedMark + clean(cut(typed, maxTyped), true)
	}
	r.out[path] = value
}

func numeric(fd *data.Field) bool {
	return fd.Type == data.FieldInteger || fd.Type == data.FieldDecimal || fd.Type == data.FieldMoney
}

// wanted names the JSON a field takes, by example: it reads the same in every
// language.
func wanted(fd *data.Field) string {
	switch {
	case numeric(fd):
		return `12, "12,50"`
	case fd.Type == data.FieldCheck:
		return "true, false"
	case fd.Type == data.FieldMulti:
		return `["…", "…"]`
	}
	return `"…"`
}

func (r *answersReader) multi(path string, fd *data.Field) *Problem {
	var ids []string
	for r.dec.More() {
		t, err := r.dec.Token()
		if err != nil {
			return r.broken(err)
		}
		id, ok := t.(string)
		if !ok || strings.Contains(id, ",") {
			return wrongType(path, wanted(fd))
		}
		ids = append(ids, id)
	}
	if _, err := r.dec.Token(); err != nil {
		return r.broken(err)
	}
	r.put(path, fd, strings.Join(ids, ","))
	return nil
}

func (r *answersReader) repetitions(s *data.Step) *Problem {
	t, err := r.dec.Token()
	if err != nil {
		return r.broken(err)
	}
	if t != json.Delim('[') {
		return wrongType(s.ID, "[{…}, {…}]")
	}
	fields := map[string]*data.Field{}
	collect(s, fields)
	n := 0
	for ; r.dec.More(); n++ {
		path := s.ID + "." + strconv.Itoa(n)
		if n >= min(s.Repeat.Max, maxRepeat) {
			return &Problem{Path: path, Code: "forms.answers_too_many", Args: pairs([]any{"Place", s.ID, "Max", s.Repeat.Max})}
		}
		t, err := r.dec.Token()
		if err != nil {
			return r.broken(err)
		}
		if t != json.Delim('{') {
			return wrongType(path, "{…}")
		}
		if p := r.object(path+".", fields, nil); p != nil {
			return p
		}
	}
	if _, err := r.dec.Token(); err != nil {
		return r.broken(err)
	}
	r.out[countPath(s.ID)] = strconv.Itoa(n)
	return nil
}
