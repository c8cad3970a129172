package forms

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"

	"egmina/data"
	"egmina/data/ident"
)

// Limits of an expression: definitions come from outside and run at every
// touch, so none may take long or use much memory.
const (
	maxExpression = 500    // characters
	maxNodes      = 200    // operators and operands
	memoryBudget  = 10_000 // elements made while running
	maxUnits      = 1_000_000_000
	maxMoney      = 10_000_000_000_000 // grosze; more is a wrapped-around product
)

// allowed are the functions of the library that do a bounded amount of work.
var allowed = []string{
	"all", "any", "none", "one", "filter", "map", "find", "count", "sum", "len", "min", "max", "abs", "int", "float",
	"round", "floor", "ceil", "string", "trim", "upper", "lower", "hasPrefix", "hasSuffix", "indexOf", "first", "last",
}

// kind is what an expression must give.
type kind int

const (
	asCondition kind = iota
	asNumber
	asText
)

// compile compiles one expression; an empty one gives nil.
func (c *compiler) compile(path, source string, want kind, env types.Map) *program {
	if strings.TrimSpace(source) == "" {
		return nil
	}
	if utf8.RuneCountInString(source) > maxExpression {
		c.problems.add(path, "forms.long_expression", "Max", maxExpression)
		return nil
	}
	walk := &walker{known: env, nested: map[ast.Node]bool{}}
	code, err := expr.Compile(source, c.options(walk, want, env)...)
	if err == nil {
		err = walk.err
	}
	if err == nil {
		err = wrongResult(code, want)
	}
	if err != nil {
		c.problems = append(c.problems, expressionProblem(path, err))
		return nil
	}
	for _, id := range walk.tariffs {
		if !hasTariff(c.form.env.Tariffs, id) {
			c.problems.add(path, "forms.unknown_tariff", "Tariff", id)
		}
	}
	return &program{code: code, uses: walk.names}
}

func (c *compiler) options(walk *walker, want kind, env types.Map) []expr.Option {
	options := []expr.Option{expr.Env(env), expr.MaxNodes(maxNodes), expr.Patch(walk), expr.DisableAllBuiltins()}
	for _, name := range allowed {
		options = append(options, expr.EnableBuiltin(name))
	}
	if want == asCondition {
		options = append(options, expr.AsBool())
	}
	return append(options, c.functions()...)
}

// wrongResult refuses results that a computed field or a fee cannot show.
func wrongResult(code *vm.Program, want kind) error {
	if want == asCondition {
		return nil
	}
	t := code.Node().Type()
	if t == nil {
		return nil
	}
	switch t.Kind().String() {
	case "bool", "map", "slice":
		return fmt.Errorf("the result is a %s", t.Kind())
	case "string":
		if want == asNumber {
			return errors.New("the result is text, a number is needed")
		}
	}
	return nil
}

// expressionProblem says what is wrong: an unknown name is the usual mistake
// and has its own sentence.
func expressionProblem(path string, err error) Problem {
	text := err.Error()
	var fe *file.Error
	if errors.As(err, &fe) {
		text = fe.Message
	}
	if rest, ok := strings.CutPrefix(text, "unknown name "); ok {
		name, _, _ := strings.Cut(rest, " ")
		return Problem{Path: path, Code: "forms.unknown_name", Args: map[string]any{"Name": name}}
	}
	return Problem{Path: path, Code: "forms.bad_expression", Args: map[string]any{"Message": text}}
}

// walker notes what an expression reads and refuses what could run long. It
// also lets count(list) count without a condition.
type walker struct {
	known   types.Map
	names   []string
	tariffs []string
	nested  map[ast.Node]bool // predicates with another one inside
	err     error
}

// Visit is called for every node, children first.
func (w *walker) Visit(n *ast.Node) {
	switch v := (*n).(type) {
	case *ast.IdentifierNode:
		if _, ok := w.known[v.Value]; ok {
			w.names = append(w.names, v.Value)
		}
		if v.Value == "$env" {
			w.refuse(v.Value)
		}
	case *ast.VariableDeclaratorNode:
		w.refuse("let")
	case *ast.BinaryNode:
		if v.Operator == ".." || v.Operator == "matches" {
			w.refuse(v.Operator)
		}
	case *ast.PredicateNode:
		w.predicate(v)
	case *ast.CallNode:
		w.call(v)
	case *ast.BuiltinNode:
		if !slices.Contains(allowed, v.Name) {
			w.refuse(v.Name) // the parser knows some loops whatever is disabled
		}
		if v.Name == "count" && len(v.Arguments) == 1 {
			ast.Patch(n, &ast.BuiltinNode{Name: "len", Arguments: v.Arguments})
		}
	}
}

func (w *walker) refuse(what string) {
	if w.err == nil {
		w.err = fmt.Errorf("%q is not allowed", what)
	}
}

// predicate allows one loop inside another, not deeper: each level multiplies
// the work by the length of a list.
func (w *walker) predicate(p *ast.PredicateNode) {
	inner := &inside{}
	ast.Walk(&p.Node, inner)
	for _, q := range inner.predicates {
		if w.nested[q] {
			w.refuse("a loop in a loop in a loop")
		}
		w.nested[p] = true
	}
}

type inside struct{ predicates []ast.Node }

func (i *inside) Visit(n *ast.Node) {
	if p, ok := (*n).(*ast.PredicateNode); ok {
		i.predicates = append(i.predicates, p)
	}
}

func (w *walker) call(v *ast.CallNode) {
	name, ok := v.Callee.(*ast.IdentifierNode)
	if ok && (name.Value == "tariff" || name.Value == "tariff_on") && len(v.Arguments) > 0 {
		w.literals(v.Arguments[0])
	}
}

// literals collects the tariff IDs an argument may be, through conditions.
func (w *walker) literals(n ast.Node) {
	switch v := n.(type) {
	case *ast.StringNode:
		w.tariffs = append(w.tariffs, v.Value)
	case *ast.ConditionalNode:
		w.literals(v.Exp1)
		w.literals(v.Exp2)
	}
}

func hasTariff(ts data.Tariffs, id string) bool {
	for _, t := range ts {
		if t.ID == id {
			return true
		}
	}
	return false
}

// errNoRate is the error of tariff() when no rate holds on the day.
var errNoRate = errors.New("no rate on this day")

// functions are those a definition may call besides the library's:
// tariff(id[, n]) and tariff_on(id, n, date) in grosze, zloty(grosze) rounded
// to full złote, years(from, to) and days(from, to) between ISO dates, and
// born(pesel), an ISO date.
func (c *compiler) functions() []expr.Option {
	price := func(id string, n int, day data.Date) (any, error) {
		t, ok := c.form.env.Tariffs.On(id, day)
		if !ok || n > maxUnits {
			return 0, fmt.Errorf("%s on %s: %w", id, day, errNoRate)
		}
		return int(t.Price(int64(max(n, 0)))), nil
	}
	return []expr.Option{
		expr.Function("tariff", func(p ...any) (any, error) {
			n := 1
			if len(p) > 1 {
				n = p[1].(int)
			}
			return price(p[0].(string), n, c.form.env.Today)
		}, new(func(string) int), new(func(string, int) int)),
		expr.Function("tariff_on", func(p ...any) (any, error) {
			day, err := data.ParseDate(p[2].(string))
			if err != nil {
				day = c.form.env.Today
			}
			return price(p[0].(string), p[1].(int), day)
		}, new(func(string, int, string) int)),
		expr.Function("zloty", func(p ...any) (any, error) {
			return int(data.Money(p[0].(int)).RoundToZloty()), nil
		}, new(func(int) int)),
		expr.Function("years", func(p ...any) (any, error) { return between(p, years), nil }, new(func(string, string) int)),
		expr.Function("days", func(p ...any) (any, error) { return between(p, data.Date.DaysTo), nil }, new(func(string, string) int)),
		expr.Function("born", func(p ...any) (any, error) {
			d, _ := ident.BirthDate(p[0].(string))
			return d.String(), nil
		}, new(func(string) string)),
	}
}

func between(p []any, measure func(from, to data.Date) int) int {
	from, err1 := data.ParseDate(p[0].(string))
	to, err2 := data.ParseDate(p[1].(string))
	if err1 != nil || err2 != nil {
		return 0
	}
	return measure(from, to)
}

// years counts completed years.
func years(from, to data.Date) int {
	n := to.Year - from.Year
	if to.Month < from.Month || to.Month == from.Month && to.Day < from.Day {
		n--
	}
	return n
}

// number turns a result into an integer; fractions are rounded half away
// from zero.
func number(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), n > -maxMoney && n < maxMoney
	case float64:
		return int64(math.Round(n)), math.Abs(n) < maxMoney
	}
	return 0, false
}
