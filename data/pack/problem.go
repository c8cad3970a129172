package pack

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Problem is a mistake in a pack. Line and Col count from 1; 0 means the whole
// file. The sentence for people is in the language files under "error.<Code>".
type Problem struct {
	File      string
	Line, Col int
	Code      string
	Args      map[string]any
}

// Place writes "file:line:col", without what is not known.
func (p Problem) Place() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Say writes "file:line:col: sentence" with a sentence made by the localiser,
// which takes a key ("error.<Code>") and its arguments.
func (p Problem) Say(localise func(key string, args map[string]any) string) string {
	return p.Place() + ": " + localise("error."+p.Code, p.Args)
}

// String writes place, code and arguments, for the log.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Place() + ": " + p.Code)
	for _, k := range slices.Sorted(maps.Keys(p.Args)) {
		fmt.Fprintf(&b, " %s=%v", k, p.Args[k])
	}
	return b.String()
}

// Problems are all the mistakes of a pack, by file and line. As an error it is
// what Load returns.
type Problems []Problem

// Error writes one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func (ps Problems) sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col), cmp.Compare(a.Code, b.Code))
	})
}

// source is one file being read: where its values stand and what is wrong.
type source struct {
	file     string
	pos      map[string]position
	problems *Problems
}

type position struct{ line, col int }

// fail notes a mistake at a path; args come in pairs of name and value. A
// path that is not in the file stands where its parent does.
func (s *source) fail(path, code string, args ...any) {
	p := s.at(path)
	s.failAt(p.line, p.col, code, args...)
}

func (s *source) failAt(line, col int, code string, args ...any) {
	var m map[string]any
	if len(args) > 0 {
		m = make(map[string]any, len(args)/2)
		for i := 0; i+1 < len(args); i += 2 {
			m[args[i].(string)] = args[i+1]
		}
	}
	*s.problems = append(*s.problems, Problem{File: s.file, Line: line, Col: col, Code: code, Args: m})
}

func (s *source) has(path string) bool {
	_, ok := s.pos[path]
	return ok
}

func (s *source) at(path string) position {
	for {
		if p, ok := s.pos[path]; ok {
			return p
		}
		i := strings.LastIndexAny(path, ".[")
		if i < 0 {
			return s.pos[""]
		}
		path = path[:i]
	}
}
