package paper

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// substitute stands for a letter the font does not have: a hollow square, so
// that the reader sees that something is missing.
const substitute = '□'

// maxText is the longest text one item may carry, in runes. Forms cap their
// answers far below; a broken pack must not grow a document without end.
const maxText = 20000

// inkwell cleans text and remembers what could not be printed.
type inkwell struct{ missing map[rune]bool }

// clean returns s fit for both renderers: valid UTF-8 in NFC, no controls or
// invisible marks, every rune drawable. Line ends stay as "\n".
func (w *inkwell) clean(s string, isBold bool) string {
	if plain(s) {
		return s
	}
	f := weight(isBold)
	var b strings.Builder
	b.Grow(len(s))
	n := 0
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")) {
		r = tidy(r)
		if r == 0 {
			continue
		}
		if n++; n > maxText {
			break
		}
		if r != '\n' && !f.has(r) {
			w.note(r)
			r = substitute
		}
		b.WriteRune(r)
	}
	return b.String()
}

// line is clean for text that must stay on one line.
func (w *inkwell) line(s string, isBold bool) string {
	s = w.clean(s, isBold)
	if strings.ContainsRune(s, '\n') {
		s = strings.ReplaceAll(s, "\n", " ")
	}
	return strings.Trim(s, " ")
}

func (w *inkwell) note(r rune) {
	if w.missing == nil {
		w.missing = map[rune]bool{}
	}
	w.missing[r] = true
}

// list returns the missing runes in order.
func (w *inkwell) list() []rune {
	var out []rune
	for r := range w.missing {
		out = append(out, r)
	}
	slices.Sort(out)
	return out
}

// plain reports whether s is short printable ASCII that needs no cleaning.
func plain(s string) bool {
	if len(s) > maxText {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// tidy maps a rune to the one that is printed, 0 to drop it. Look-alikes the
// font lacks (figure space, no-break hyphen) become those it has.
func tidy(r rune) rune {
	switch {
	case r == '\n' || r == '\u2028' || r == '\u2029':
		return '\n'
	case r == '\t':
		return ' '
	case r == '\u00a0' || r == '\u2007' || r == '\u202f':
		return '\u00a0'
	case r == '\u2010' || r == '\u2011':
		return '-'
	case unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
		return 0
	}
	return r
}

// clings holds words that never end a line: they belong to what follows
// (single letters by Polish typography, abbreviations before their number).
var clings = map[string]bool{
	"i": true, "a": true, "o": true, "u": true, "w": true, "z": true,
	"art.": true, "ust.": true, "pkt": true, "poz.": true, "lit.": true, "nr": true, "§": true, "ul.": true,
}

// wrap breaks cleaned text into lines no longer than width millimetres. A
// word longer than a line is broken where it must be.
func wrap(s string, isBold bool, size, width float64) []string {
	var out []string
	f := weight(isBold)
	for _, para := range strings.Split(s, "\n") {
		out = append(out, wrapLine(f, para, size, width)...)
	}
	return out
}

func wrapLine(f *face, para string, size, width float64) []string {
	if f.width(para, size) <= width {
		return []string{strings.Trim(para, " ")}
	}
	var out []string
	line, at := "", 0.0
	space := f.width(" ", size)
	for _, word := range chunks(para) {
		w := f.width(word, size)
		switch {
		case line == "" && w <= width:
			line, at = word, w
		case line != "" && at+space+w <= width:
			line, at = line+" "+word, at+space+w
		default:
			if line != "" {
				out = append(out, line)
			}
			line, at = word, w
		}
		for at > width {
			n := breakAt(f, line, size, width)
			out, line = append(out, strings.TrimRight(line[:n], " ")), strings.TrimLeft(line[n:], " \u00a0")
			at = f.width(line, size)
		}
	}
	if line != "" || len(out) == 0 {
		out = append(out, line)
	}
	return out
}

// chunks splits text into pieces that stay on one line: words, with those that
// cling joined to their neighbour by an ordinary space.
func chunks(s string) []string {
	var out []string
	hold := ""
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }) {
		hold += word
		if clings[strings.ToLower(strings.TrimLeft(word, "(„"))] && len(hold) < 40 {
			hold += " "
			continue
		}
		out, hold = append(out, hold), ""
	}
	if hold != "" {
		out = append(out, strings.TrimRight(hold, " "))
	}
	return out
}

// breakAt returns the byte position where an overlong chunk is cut: after the
// last space, hyphen, slash, at sign or dot that fits, else after the last
// letter that fits. It is never 0.
func breakAt(f *face, s string, size, width float64) int {
	limit := width / (size * pt) * 1000
	sum, good, end := 0.0, 0, 0
	for i, r := range s {
		if r <= maxRune {
			sum += float64(f.advances[r])
		}
		next := i + len(string(r))
		if sum > limit {
			break
		}
		end = next
		if strings.ContainsRune(" \u00a0-/@.,;", r) && next < len(s) {
			good = next
		}
	}
	if good > 0 {
		return good
	}
	if end == 0 {
		_, end = firstRune(s)
	}
	return end
}

func firstRune(s string) (rune, int) {
	for _, r := range s {
		return r, len(string(r))
	}
	return 0, 0
}

// shrink returns the largest size, from size down to floor in steps of half a
// point, at which s fits into width on one line; ok is false when it does not
// fit even at the floor.
func shrink(s string, isBold bool, size, floor, width float64) (fit float64, ok bool) {
	f := weight(isBold)
	for fit = size; fit >= floor; fit -= 0.5 {
		if f.width(s, fit) <= width {
			return fit, true
		}
	}
	return floor, false
}
