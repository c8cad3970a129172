package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"slices"

	"egmina/data"
	"egmina/data/ident"
)

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
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "")
	rest, status, ok := p.parse(flags, args, "cli.check")
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
	case *asJSON:
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
