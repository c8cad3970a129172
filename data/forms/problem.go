package forms

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Problem is a mistake in a definition or in a file of answers. Path names the
// place: "steps[1].fields[0].when" in definitions, "people.2.name" in answers.
// The sentence for people is in the language files under "error.<Code>".
type Problem struct {
	Path string
	Code string
	Args map[string]any
}

// Error writes place and code, for the log.
func (p *Problem) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", p.Path, p.Code)
	for _, k := range slices.Sorted(maps.Keys(p.Args)) {
		fmt.Fprintf(&b, " %s=%v", k, p.Args[k])
	}
	return b.String()
}

// Problems are all the mistakes of one definition. As an error it is what
// Compile returns.
type Problems []Problem

// Error writes one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i := range ps {
		lines[i] = ps[i].Error()
	}
	return strings.Join(lines, "\n")
}

// add appends a problem; args come in pairs of name and value.
func (ps *Problems) add(path, code string, args ...any) {
	*ps = append(*ps, Problem{Path: path, Code: code, Args: pairs(args)})
}

func pairs(args []any) map[string]any {
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
	}
	return m
}
