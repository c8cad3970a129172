// Package ident checks the numbers Polish residents copy from documents:
// PESEL, NIP, REGON, bank accounts (NRB, IBAN) and identity cards. It accepts
// them as they are printed (spaces, dashes, a PL prefix) and says which rule a
// wrong one breaks, so that an interface can explain it in plain words.
package ident

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"egmina/data"
)

// Kinds of number that Check knows.
const (
	PESEL  = "pesel"
	NIP    = "nip"
	REGON  = "regon"
	NRB    = "nrb"
	IDCard = "idcard"
)

// Kinds lists every kind, in the order help texts name them.
var Kinds = []string{PESEL, NIP, REGON, NRB, IDCard}

// ErrKind is returned by Check for a kind that is not in Kinds.
var ErrKind = errors.New("unknown kind of number")

type kind struct {
	parse  func(typed string) (string, *data.Error)
	format func(canonical string) string
}

var kinds = map[string]kind{
	PESEL:  {ParsePESEL, FormatPESEL},
	NIP:    {ParseNIP, FormatNIP},
	REGON:  {ParseREGON, FormatREGON},
	NRB:    {ParseNRB, FormatNRB},
	IDCard: {ParseIDCard, FormatIDCard},
}

// Check reads a number of the given kind and returns its canonical form. The
// error is a *data.Error with a code "ident.<kind>_<reason>", or wraps ErrKind.
func Check(kindName, typed string) (string, error) {
	k, ok := kinds[kindName]
	if !ok {
		return "", fmt.Errorf("%w: %q", ErrKind, kindName)
	}
	canonical, fail := k.parse(typed)
	if fail != nil {
		return "", fail
	}
	return canonical, nil
}

// Format writes a canonical number the way it is printed on paper. A value that
// is not canonical, or of an unknown kind, is returned as it is.
func Format(kindName, canonical string) string {
	k, ok := kinds[kindName]
	if !ok {
		return canonical
	}
	return k.format(canonical)
}

// compact drops the spaces and dashes of printed forms and raises letters.
func compact(typed string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || r == '\u2212' {
			return -1
		}
		return unicode.ToUpper(r)
	}, typed)
}

// digits checks that s consists of digits only and has one of the lengths.
func digits(kindName, s string, lengths ...int) *data.Error {
	for _, r := range s {
		if r < '0' || r > '9' {
			return fail(kindName, "characters")
		}
	}
	for _, n := range lengths {
		if len(s) == n {
			return nil
		}
	}
	return failLength(kindName, len(s))
}

func fail(kindName, reason string) *data.Error {
	return data.Fail("ident."+kindName+"_"+reason, nil)
}

// failLength tells how many characters were typed, in Args "Count".
func failLength(kindName string, count int) *data.Error {
	e := fail(kindName, "length")
	e.Args = map[string]any{"Count": count}
	return e
}

// weighted returns the sum of the digits of s times the weights.
func weighted(s string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return sum
}

// grouped sets a separator after each group of the given sizes.
func grouped(s, separator string, sizes ...int) string {
	parts := make([]string, 0, len(sizes))
	for _, n := range sizes {
		if len(s) < n {
			break
		}
		parts, s = append(parts, s[:n]), s[n:]
	}
	if s != "" {
		parts = append(parts, s)
	}
	return strings.Join(parts, separator)
}
