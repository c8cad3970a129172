package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"

	"egmina/data"
	"egmina/data/forms"
	"egmina/data/ident"
	"egmina/data/pack"
)

// usage prints how a command is used and returns the status for wrong use.
func (p *program) usage(key string) int {
	fmt.Fprintln(p.errs, p.loc.T(key))
	return exitUsage
}

// toolFlags are the options of a tool; each can answer in JSON.
func (p *program) toolFlags(name string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.BoolVar(&p.asJSON, "json", false, "")
	return flags
}

// parse reads flags that may stand before, between and after the arguments;
// what follows "--" is arguments. ok is false when the command was used wrongly
// or help was asked for; then status is what to exit with.
func (p *program) parse(flags *flag.FlagSet, args []string, usage string) (rest []string, status int, ok bool) {
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	for len(args) > 0 {
		err := flags.Parse(args)
		read := args[:len(args)-flags.NArg()]
		switch {
		case errors.Is(err, flag.ErrHelp):
			fmt.Fprintln(p.out, p.loc.T(usage))
			return nil, exitOK, false
		case err != nil:
			fmt.Fprintln(p.errs, p.badOption(flags, read))
			return nil, p.usage(usage), false
		case len(read) > 0 && read[len(read)-1] == "--":
			return append(rest, flags.Args()...), exitOK, true
		}
		if args = flags.Args(); len(args) > 0 {
			rest, args = append(rest, args[0]), args[1:]
		}
	}
	return rest, exitOK, true
}

// badOption says what is wrong with the last of the words that were read as
// options: package flag has only English sentences for it.
func (p *program) badOption(flags *flag.FlagSet, read []string) string {
	last := read[len(read)-1]
	if len(read) > 1 {
		before := read[len(read)-2]
		if f := flags.Lookup(strings.TrimLeft(before, "-")); f != nil && strings.HasPrefix(before, "-") && f.Name != "json" {
			return p.loc.T("cli.option_value", "Option", before, "Value", last)
		}
	}
	name, value, valued := strings.Cut(last, "=")
	switch {
	case flags.Lookup(strings.TrimLeft(name, "-")) == nil:
		return p.loc.T("cli.option_unknown", "Option", name)
	case valued:
		return p.loc.T("cli.option_value", "Option", name, "Value", value)
	}
	return p.loc.T("cli.option_empty", "Option", name)
}

// failure is what a tool prints with --json instead of its answer.
type failure struct {
	Error string `json:"error"` // code
	Why   string `json:"why"`
}

// fail prints an error in the user's language, with what was done all the same,
// and returns the status for it.
func (p *program) fail(err error, done ...string) int {
	why := strings.Join(append(p.sentences(err), done...), "\n")
	var known *data.Error
	if !errors.As(err, &known) {
		known = &data.Error{Code: "general"}
	}
	if p.asJSON {
		p.json(failure{Error: known.Code, Why: why})
	} else {
		fmt.Fprintln(p.errs, why)
	}
	return exitNo
}

// sentences says an error in the user's language, one sentence a mistake.
func (p *program) sentences(err error) []string {
	var out []string
	var content pack.Problems
	var form forms.Problems
	several, isSeveral := err.(interface{ Unwrap() []error })
	switch {
	case errors.As(err, &content):
		for _, m := range content {
			out = append(out, m.Say(p.sayKey))
		}
	case errors.As(err, &form):
		for _, m := range form {
			out = append(out, m.Path+": "+p.sayKey("error."+m.Code, m.Args))
		}
	case isSeveral:
		for _, e := range several.Unwrap() {
			out = append(out, p.sentences(e)...)
		}
	default:
		out = append(out, p.sentence(err))
	}
	return out
}

func (p *program) sayKey(key string, args map[string]any) string { return p.loc.T(key, args) }

// sentence says one error. What has no sentence of its own goes to the log as
// well: whoever runs the program has to find out.
func (p *program) sentence(err error) string {
	var known *data.Error
	if !errors.As(err, &known) {
		slog.Error("egmina", "err", err)
	}
	return p.loc.Err(err)
}

// readFailed says that a file could not be read.
func readFailed(path string, err error) error {
	code := "cli.file_read"
	if errors.Is(err, fs.ErrNotExist) {
		code = "cli.file_missing"
	}
	return &data.Error{Code: code, Args: map[string]any{"File": path}, Err: err}
}

// writeFile writes a file. The error says which one it is about.
func writeFile(path string, content []byte, mode fs.FileMode) error {
	if err := os.WriteFile(path, content, mode); err != nil {
		return &data.Error{Code: "cli.file_write", Args: map[string]any{"File": path}, Err: err}
	}
	return nil
}

// makeFolder makes a folder that only its owner enters.
func makeFolder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return &data.Error{Code: "cli.folder", Args: map[string]any{"Folder": path}, Err: err}
	}
	return nil
}

func runVersion(p *program, args []string) int {
	rest, status, ok := p.parse(p.toolFlags("version"), args, "cli.version")
	switch {
	case !ok:
		return status
	case len(rest) > 0:
		return p.usage("cli.version")
	case p.asJSON:
		return p.json(map[string]string{"name": "e-Gmina", "version": version})
	}
	fmt.Fprintln(p.out, "e-Gmina", version)
	return exitOK
}

// json prints one value for programs and returns the status for success.
func (p *program) json(v any) int {
	enc := json.NewEncoder(p.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return p.fail(err)
	}
	return exitOK
}

// checked is the answer of `egmina check`.
type checked struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
	Valid bool   `json:"valid"`
	Code  string `json:"code,omitempty"`
	Why   string `json:"why,omitempty"`
}

func runCheck(p *program, args []string) int {
	rest, status, ok := p.parse(p.toolFlags("check"), args, "cli.check")
	if !ok {
		return status
	}
	if len(rest) != 2 || !slices.Contains(ident.Kinds, rest[0]) {
		return p.usage("cli.check")
	}
	answer := p.checkNumber(rest[0], rest[1])
	if status = exitOK; !answer.Valid {
		status = exitNo
	}
	switch {
	case p.asJSON:
		p.json(answer)
	case answer.Valid:
		fmt.Fprintln(p.out, answer.Value)
	default:
		fmt.Fprintln(p.out, answer.Why)
	}
	return status
}

func (p *program) checkNumber(kind, typed string) checked {
	canonical, err := ident.Check(kind, typed)
	if err == nil {
		return checked{Kind: kind, Value: canonical, Valid: true}
	}
	answer := checked{Kind: kind, Value: typed, Why: p.loc.Err(err)}
	var fail *data.Error
	if errors.As(err, &fail) {
		answer.Code = fail.Code
	}
	return answer
}
