package forms

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"egmina/data"
)

// Lengths in characters.
const (
	defaultLength     = 200
	defaultLongLength = 1000
	maxLength         = 4000
)

// maxTyped caps what is read before anything else is looked at, in bytes.
const maxTyped = 4*maxLength + 1

// fail makes an error with arguments in pairs of name and value.
func fail(code string, args ...any) *data.Error {
	return &data.Error{Code: code, Args: pairs(args)}
}

// lengthOf returns how many characters the field takes.
func lengthOf(def *data.Field) int {
	switch {
	case def.MaxLength > 0:
		return def.MaxLength
	case def.Type == data.FieldLong:
		return defaultLongLength
	}
	return defaultLength
}

// clean brings text into NFC without control and format characters. Blanks of
// any kind become one space; long texts keep their lines, with at most one
// empty line between paragraphs.
func clean(s string, lines bool) string {
	s = norm.NFC.String(strings.ReplaceAll(s, "\r\n", "\n"))
	var b strings.Builder
	b.Grow(len(s))
	newlines, blank := 0, false
	for _, r := range s {
		switch {
		case lines && (r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029'):
			newlines++
		case unicode.IsSpace(r):
			blank = true
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co):
		default:
			if b.Len() > 0 {
				b.WriteString(gap(newlines, blank))
			}
			b.WriteRune(r)
			newlines, blank = 0, false
		}
	}
	return norm.NFC.String(b.String())
}

func gap(newlines int, blank bool) string {
	switch {
	case newlines > 0:
		return strings.Repeat("\n", min(newlines, 2))
	case blank:
		return " "
	}
	return ""
}

// cut shortens to at most n bytes without splitting a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
