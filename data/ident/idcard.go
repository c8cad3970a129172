package ident

import "egmina/data"

// ParseIDCard reads the number of a Polish identity card: three letters (A=10 …
// Z=35) and six digits whose weighted sum is divisible by 10; the first digit is
// the check digit (rozporządzenie MSWiA w sprawie dowodu osobistego, ICAO 9303).
// Codes: ident.idcard_length (Args Count), _characters, _checksum.
func ParseIDCard(typed string) (string, *data.Error) {
	s := compact(typed)
	if n := len([]rune(s)); n != 9 {
		return "", failLength(IDCard, n)
	}
	values, ok := idCardValues(s)
	if !ok {
		return "", fail(IDCard, "characters")
	}
	sum := 0
	for i, w := range [...]int{7, 3, 1, 9, 7, 3, 1, 7, 3} {
		sum += values[i] * w
	}
	if sum%10 != 0 {
		return "", fail(IDCard, "checksum")
	}
	return s, nil
}

// FormatIDCard writes the number as printed on the card, "ABA 300000".
func FormatIDCard(canonical string) string { return grouped(canonical, " ", 3, 6) }

// idCardValues returns the nine characters as numbers, false when one is not
// the letter or digit its place asks for.
func idCardValues(s string) (v [9]int, ok bool) {
	if len(s) != len(v) {
		return v, false
	}
	for i := range v {
		switch c := s[i]; {
		case i < 3 && c >= 'A' && c <= 'Z':
			v[i] = int(c-'A') + 10
		case i >= 3 && c >= '0' && c <= '9':
			v[i] = int(c - '0')
		default:
			return v, false
		}
	}
	return v, true
}
