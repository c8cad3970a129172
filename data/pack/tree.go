package pack

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits of a YAML text. Anchors and aliases are refused altogether: nothing
// here needs them and they are how a small file becomes a huge one.
const (
	maxDepth   = 40
	maxNodes   = 100_000
	maxLine    = 20_000 // characters
	maxLines   = 20_000
	maxColons  = 30_000 // the parser takes time in the square of keys side by side
	maxOpening = 64     // brackets open at a time
)

// tree is a YAML value with its place.
type tree struct {
	kind   treeKind
	text   string // scalar as written, without quotes
	quoted bool
	keys   []treeKey // of a mapping
	items  []*tree   // values of a mapping, in the order of keys, or of a sequence
	at     position
}

type treeKind int

const (
	isNull treeKind = iota
	isScalar
	isMapping
	isSequence
)

type treeKey struct {
	name string
	at   position
}

// parseYAML reads one YAML document. firstLine is the line of the file that
// the text begins on. It returns nil after a mistake.
func (s *source) parseYAML(text string, firstLine int) *tree {
	shift := firstLine - 1
	if line, ok := tooDeep(text); !ok {
		s.failAt(line+shift, 1, "pack.too_deep", "Max", maxOpening)
		return nil
	}
	file, err := parse(text)
	if err != nil {
		s.syntax(err, shift)
		return nil
	}
	var body ast.Node
	for _, d := range file.Docs {
		if d.Body == nil {
			continue
		}
		if body != nil {
			s.failAt(d.Body.GetToken().Position.Line+shift, 1, "pack.several_documents")
			return nil
		}
		body = d.Body
	}
	if body == nil {
		s.failAt(firstLine, 1, "pack.empty_file")
		return nil
	}
	b := &treeBuilder{source: s, shift: shift}
	return b.build(body, 0)
}

// parse calls the parser; a panic in it is a syntax error like any other.
func parse(text string) (file *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the parser gave up: %v", r)
		}
	}()
	return parser.ParseBytes([]byte(text), 0)
}

// tooDeep looks for what would make the parser descend or compare without
// end, before it sees the text. It returns the line.
func tooDeep(text string) (line int, ok bool) {
	if strings.Count(text, ":") > maxColons {
		return 1, false
	}
	open, line := 0, 0
	for l := range strings.Lines(text) {
		line++
		opening := strings.Count(l, "[") + strings.Count(l, "{")
		open = max(0, open+opening-strings.Count(l, "]")-strings.Count(l, "}"))
		start := strings.ReplaceAll(l[:min(len(l), 200)], " ", "")
		if line > maxLines || utf8.RuneCountInString(l) > maxLine || open > maxOpening || opening > 20*maxOpening ||
			strings.HasPrefix(start, "----") && strings.TrimSpace(start) != strings.TrimSpace(l) || strings.HasPrefix(start, "???") {
			return line, false
		}
	}
	return 0, true
}

func (s *source) syntax(err error, shift int) {
	var se *yaml.SyntaxError
	if errors.As(err, &se) && se.Token != nil && se.Token.Position != nil {
		s.failAt(se.Token.Position.Line+shift, se.Token.Position.Column, "pack.bad_yaml", "Message", se.Message)
		return
	}
	message, _, _ := strings.Cut(err.Error(), "\n")
	s.failAt(1+shift, 1, "pack.bad_yaml", "Message", message)
}

type treeBuilder struct {
	source *source
	shift  int
	nodes  int
	failed bool
}

func (b *treeBuilder) place(t *token.Token) position {
	if t == nil || t.Position == nil {
		return position{1 + b.shift, 1}
	}
	return position{t.Position.Line + b.shift, t.Position.Column}
}

func (b *treeBuilder) refuse(n ast.Node, code string, args ...any) *tree {
	at := b.place(n.GetToken())
	if !b.failed {
		b.source.failAt(at.line, at.col, code, args...)
	}
	b.failed = true
	return nil
}

// build turns the parser's tree into ours; nil after a mistake.
func (b *treeBuilder) build(n ast.Node, depth int) *tree {
	if b.nodes++; b.nodes > maxNodes || depth > maxDepth {
		return b.refuse(n, "pack.too_deep", "Max", maxDepth)
	}
	switch v := n.(type) {
	case *ast.MappingNode:
		return b.mapping(v.Values, v, depth)
	case *ast.MappingValueNode:
		return b.mapping([]*ast.MappingValueNode{v}, v, depth)
	case *ast.SequenceNode:
		return b.sequence(v, depth)
	case *ast.NullNode:
		return &tree{kind: isNull, at: b.place(v.GetToken())}
	case *ast.LiteralNode:
		return &tree{kind: isScalar, text: v.Value.Value, quoted: true, at: b.place(v.Start)}
	case *ast.StringNode:
		quoted := v.Token.Type == token.SingleQuoteType || v.Token.Type == token.DoubleQuoteType
		return &tree{kind: isScalar, text: v.Value, quoted: quoted, at: b.place(v.Token)}
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return &tree{kind: isScalar, text: n.GetToken().Value, at: b.place(n.GetToken())}
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return b.refuse(n, "pack.no_anchors")
	}
	return b.refuse(n, "pack.bad_yaml", "Message", n.Type().String())
}

func (b *treeBuilder) mapping(values []*ast.MappingValueNode, n ast.Node, depth int) *tree {
	out := &tree{kind: isMapping, at: b.place(n.GetToken())}
	if len(values) > 0 {
		out.at = b.place(values[0].Key.GetToken())
	}
	for _, v := range values {
		if _, merge := v.Key.(*ast.MergeKeyNode); merge {
			return b.refuse(v.Key, "pack.no_anchors")
		}
		item := &tree{kind: isNull, at: b.place(v.Key.GetToken())}
		if v.Value != nil {
			item = b.build(v.Value, depth+1)
		}
		if item == nil {
			return nil
		}
		out.keys = append(out.keys, treeKey{v.Key.GetToken().Value, b.place(v.Key.GetToken())})
		out.items = append(out.items, item)
	}
	return out
}

func (b *treeBuilder) sequence(n *ast.SequenceNode, depth int) *tree {
	out := &tree{kind: isSequence, at: b.place(n.GetToken())}
	for _, v := range n.Values {
		item := &tree{kind: isNull, at: out.at}
		if v != nil {
			item = b.build(v, depth+1)
		}
		if item == nil {
			return nil
		}
		out.items = append(out.items, item)
	}
	return out
}
