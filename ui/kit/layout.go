package kit

import (
	"strings"
	"unicode"
)

// Layout names the keys a field needs. The zero value is the full letters.
type Layout string

// Layouts of the on-screen keyboard.
const (
	LayoutLetters  Layout = ""         // Polish letters, digits, signs
	LayoutDigits   Layout = "digits"   // whole numbers, PINs, readings
	LayoutDecimal  Layout = "decimal"  // amounts: digits and a comma
	LayoutDate     Layout = "date"     // digits and dots
	LayoutPostcode Layout = "postcode" // digits and a hyphen
	LayoutPhone    Layout = "phone"    // digits, plus, space
	LayoutEmail    Layout = "email"
	LayoutCode     Layout = "code" // Crockford base32, as on access codes
)

var accepted = map[Layout]string{
	LayoutDigits:   "",
	LayoutDecimal:  ",.",
	LayoutDate:     ".-",
	LayoutPostcode: "- ",
	LayoutPhone:    "+ -()",
	LayoutCode:     "-",
}

// accepts tells whether a field of this layout can use r, and in which form:
// codes are in capitals, and the letters Crockford leaves out become the digits
// they are mistaken for.
func (l Layout) accepts(r rune) (rune, bool) {
	if unicode.IsControl(r) || !unicode.IsPrint(r) {
		return r, false
	}
	signs, limited := accepted[l]
	switch {
	case l == LayoutEmail:
		return r, !unicode.IsSpace(r)
	case !limited:
		return r, true
	case unicode.IsDigit(r) && r < 0x80, strings.ContainsRune(signs, r):
		return r, true
	case l != LayoutCode:
		return r, false
	}
	r = unicode.ToUpper(r)
	switch r {
	case 'O':
		return '0', true
	case 'I', 'L':
		return '1', true
	}
	return r, r >= 'A' && r <= 'Z' && r != 'U'
}

// Acts of keys that type no letter.
const (
	actShift = "shift"
	actBack  = "back"
	actSpace = "space"
	actDone  = "done"
)

// keyDef is one key: what it types or does, and how many columns it takes.
type keyDef struct {
	text string
	act  string
	cols float32
}

// block is a group of rows; blocks stand side by side.
type block [][]keyDef

// keyRow reads a row: signs apart by spaces, {shift} {back} {done} {space} for
// acts, and "x*3" for a key three columns wide.
func keyRow(s string) []keyDef {
	var row []keyDef
	for f := range strings.FieldsSeq(s) {
		k := keyDef{cols: 1}
		if head, n, ok := strings.Cut(f, "*"); ok && head != "" {
			f, k.cols = head, float32(n[0]-'0')
		}
		if strings.HasPrefix(f, "{") {
			k.act = strings.Trim(f, "{}")
		} else {
			k.text = f
		}
		row = append(row, k)
	}
	return row
}

func keyBlock(rows ...string) block {
	var b block
	for _, r := range rows {
		b = append(b, keyRow(r))
	}
	return b
}

var (
	wideLetters = []block{
		keyBlock("q w e r t y u i o p", "a s d f g h j k l '", "{shift} z x c v b n m , .", "- / {space}*6 ( )"),
		keyBlock("ą ć ę", "ł ń ó", "ś ź ż", "{back}*3"),
		keyBlock("1 2 3", "4 5 6", "7 8 9", "0 {done}*2"),
	}
	tallLetters = []block{keyBlock(
		"1 2 3 4 5 6 7 8 9 0",
		"ą ć ę ł ń ó ś ź ż '",
		"q w e r t y u i o p",
		"a s d f g h j k l -",
		"{shift} z x c v b n m , .",
		"/ ( ) {space}*3 {back}*2 {done}*2",
	)}
	wideEmail = []block{
		keyBlock("q w e r t y u i o p", "a s d f g h j k l -", "z x c v b n m _ . +", "@*2 .pl*2 .com*2 {back}*4"),
		keyBlock("1 2 3", "4 5 6", "7 8 9", "0 {done}*2"),
	}
	tallEmail = []block{keyBlock(
		"1 2 3 4 5 6 7 8 9 0", "q w e r t y u i o p", "a s d f g h j k l -", "z x c v b n m _ . +",
		"@*2 .pl*2 .com*2 {back}*2 {done}*2",
	)}
	codeKeys = []block{keyBlock(
		"1 2 3 4 5 6 7 8 9 0", "A B C D E F G H J K", "M N P Q R S T V W X", "Y Z {back}*4 {done}*4",
	)}
)

func pad(corner, sign string) []block {
	return []block{keyBlock("1 2 3 {back}*2", "4 5 6 "+corner, "7 8 9 "+sign, "0*3 {done}*2")}
}

func (l Layout) blocks(portrait bool) []block {
	switch l {
	case LayoutDigits:
		return []block{keyBlock("1 2 3", "4 5 6", "7 8 9", "{back} 0 {done}")}
	case LayoutDecimal:
		return pad(",*2", ".*2")
	case LayoutDate:
		return pad(".*2", "-*2")
	case LayoutPostcode:
		return pad("-*2", "{space}*2")
	case LayoutPhone:
		return pad("+*2", "{space}*2")
	case LayoutCode:
		return codeKeys
	case LayoutEmail:
		if portrait {
			return tallEmail
		}
		return wideEmail
	}
	if portrait {
		return tallLetters
	}
	return wideLetters
}

// variants are the letters a long press offers.
var variants = map[string]string{
	"a": "ąäá", "c": "ćč", "e": "ęéě", "i": "íï", "l": "ł", "n": "ń", "o": "óöő", "s": "śšß", "u": "üúů", "y": "ý", "z": "żźž",
	"-": "–_", "'": "„”", ".": ":;", ",": "!?", "/": "\\&",
}
