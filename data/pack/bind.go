package pack

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"egmina/data"
)

// languages are the languages a Text may have.
var languages = []string{"pl", "en", "uk", "de"}

var textType = reflect.TypeFor[data.Text]()

// bind fills the value that target points to from a tree and notes where each
// part stands. Every mistake is noted, not only the first.
func (s *source) bind(t *tree, target any) {
	s.value(t, reflect.ValueOf(target).Elem(), "")
}

func (s *source) value(t *tree, v reflect.Value, path string) {
	s.pos[path] = t.at
	if t.kind == isNull {
		return
	}
	if v.Type() == textType {
		s.text(t, v, path)
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if t.kind != isScalar || u.UnmarshalText([]byte(t.text)) != nil {
			s.failAt(t.at.line, t.at.col, "pack.bad_date", "Value", t.short())
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		s.value(t, v.Elem(), path)
	case reflect.Struct:
		s.structure(t, v, path)
	case reflect.Slice:
		s.slice(t, v, path)
	default:
		s.scalar(t, v)
	}
}

func (s *source) wrong(t *tree, want string) {
	s.failAt(t.at.line, t.at.col, "pack.wrong_type", "Want", want, "Value", t.short())
}

// short is the beginning of what stands in the file.
func (t *tree) short() string {
	switch t.kind {
	case isMapping:
		return "{…}"
	case isSequence:
		return "[…]"
	}
	if r := []rune(t.text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return t.text
}

func (s *source) scalar(t *tree, v reflect.Value) {
	if t.kind != isScalar {
		s.wrong(t, wants(v.Kind()))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(t.text)
		return
	case reflect.Bool:
		if !t.quoted && (t.text == "true" || t.text == "false") {
			v.SetBool(t.text == "true")
			return
		}
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(strings.ReplaceAll(t.text, "_", ""), 10, 64)
		if err == nil && !t.quoted && !v.OverflowInt(n) {
			v.SetInt(n)
			return
		}
	}
	s.wrong(t, wants(v.Kind()))
}

// wants names a type by example, the same in every language.
func wants(k reflect.Kind) string {
	switch k {
	case reflect.Bool:
		return "true / false"
	case reflect.Int, reflect.Int64:
		return "123"
	}
	return `"…"`
}

func (s *source) text(t *tree, v reflect.Value, path string) {
	out := data.Text{}
	switch t.kind {
	case isScalar:
		out[data.Polish] = strings.TrimSpace(t.text)
	case isMapping:
		for i, k := range t.keys {
			item := t.items[i]
			s.pos[path+"."+k.name] = item.at
			switch {
			case !slices.Contains(languages, k.name):
				s.failAt(k.at.line, k.at.col, "pack.unknown_language", "Key", k.name)
			case item.kind != isScalar:
				s.wrong(item, `"…"`)
			default:
				out[k.name] = strings.TrimSpace(item.text)
			}
		}
	default:
		s.wrong(t, `"…" / {pl: "…", en: "…"}`)
	}
	v.Set(reflect.ValueOf(out))
}

func (s *source) slice(t *tree, v reflect.Value, path string) {
	if t.kind != isSequence {
		s.wrong(t, "[…]")
		return
	}
	out := reflect.MakeSlice(v.Type(), len(t.items), len(t.items))
	for i, item := range t.items {
		s.value(item, out.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
	v.Set(out)
}

func (s *source) structure(t *tree, v reflect.Value, path string) {
	if t.kind != isMapping {
		s.wrong(t, "{…}")
		return
	}
	fields := fieldsOf(v)
	seen := map[string]bool{}
	for i, k := range t.keys {
		target, known := fields[k.name]
		switch {
		case !known:
			s.failAt(k.at.line, k.at.col, "pack.unknown_key", "Key", k.name)
		case seen[k.name]:
			s.failAt(k.at.line, k.at.col, "pack.duplicate_key", "Key", k.name)
		default:
			s.value(t.items[i], target, join(path, k.name))
		}
		seen[k.name] = true
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// fieldsOf lists the fields of a struct by their YAML keys, those of inlined
// structs among them.
func fieldsOf(v reflect.Value) map[string]reflect.Value {
	out := map[string]reflect.Value{}
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag.Get("yaml")
		if tag == ",inline" {
			for k, f := range fieldsOf(v.Field(i)) {
				out[k] = f
			}
			continue
		}
		if tag != "" && tag != "-" {
			out[tag] = v.Field(i)
		}
	}
	return out
}
