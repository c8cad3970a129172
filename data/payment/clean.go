package payment

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// allowedMarks are the characters besides letters and digits that payment codes
// may carry; bank apps refuse others, "|" above all.
const allowedMarks = " ,./\\-@#&*_"

const polishLetters = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"

// Allowed reports whether payment codes may carry the character.
func Allowed(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return true
	}
	return strings.ContainsRune(allowedMarks, r) || strings.ContainsRune(polishLetters, r)
}

// fitted is a text made to fit its field.
type fitted struct {
	text             string
	cleaned, clipped bool
}

// warnings names what was changed.
func (f fitted) warnings(cleaned, clipped string) []string {
	var w []string
	if f.cleaned {
		w = append(w, cleaned)
	}
	if f.clipped {
		w = append(w, clipped)
	}
	return w
}

// fit cleans a text and cuts it to limit characters.
func fit(s string, limit int) fitted {
	text, cleaned := clean(s)
	short := clip(text, limit)
	return fitted{text: short, cleaned: cleaned, clipped: short != text}
}

// clean composes letters (NFC), joins runs of white space into one space and
// replaces what payment codes may not carry: foreign letters by their base
// letter, dashes by "-", anything else by a space. The flag tells whether
// something was replaced; white space alone does not count.
func clean(s string) (string, bool) {
	var b strings.Builder
	replaced := false
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")) {
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case Allowed(r):
			b.WriteRune(r)
		default:
			replaced = true
			b.WriteString(substitute(r))
		}
	}
	return strings.Join(strings.Fields(b.String()), " "), replaced
}

// substitute returns the nearest allowed text for a character that is not.
func substitute(r rune) string {
	switch {
	case unicode.Is(unicode.Pd, r) || r == '\u2212':
		return "-"
	case unicode.Is(unicode.M, r):
		return "" // an accent that composes with no letter
	}
	if base := []rune(norm.NFD.String(string(r)))[0]; base != r && Allowed(base) {
		return string(base)
	}
	return " "
}

// clip cuts s to n characters and drops a space left at the end.
func clip(s string, n int) string {
	count := 0
	for i := range s {
		if count == n {
			return strings.TrimRight(s[:i], " ")
		}
		count++
	}
	return s
}
