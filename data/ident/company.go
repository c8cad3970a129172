package ident

import (
	"strings"

	"egmina/data"
)

// ParseNIP reads a tax number, 10 digits of which the last is the weighted sum
// of the others mod 11; a remainder of 10 is never issued (ustawa o zasadach
// ewidencji i identyfikacji podatników art. 8a). "PL" in front is accepted.
// Codes: ident.nip_characters, _length (Args Count), _checksum.
func ParseNIP(typed string) (string, *data.Error) {
	s := strings.TrimPrefix(compact(typed), "PL")
	if err := digits(NIP, s, 10); err != nil {
		return "", err
	}
	// All zeros pass the sum, yet nobody has that number.
	if weighted(s, 6, 5, 7, 2, 3, 4, 5, 6, 7)%11 != int(s[9]-'0') || allZero(s) {
		return "", fail(NIP, "checksum")
	}
	return s, nil
}

// FormatNIP writes a NIP as printed, "856-734-62-15".
func FormatNIP(canonical string) string { return grouped(canonical, "-", 3, 3, 2, 2) }

// ParseREGON reads a REGON: 9 digits for a firm, 14 for its branch, of which
// the first 9 must be a REGON too (rozporządzenie w sprawie rejestru REGON).
// Codes: ident.regon_characters, _length (Args Count), _checksum.
func ParseREGON(typed string) (string, *data.Error) {
	s := compact(typed)
	if err := digits(REGON, s, 9, 14); err != nil {
		return "", err
	}
	good := weighted(s, 8, 9, 2, 3, 4, 5, 6, 7)%11%10 == int(s[8]-'0') && !allZero(s[:9])
	if len(s) == 14 {
		good = good && weighted(s, 2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)%11%10 == int(s[13]-'0')
	}
	if !good {
		return "", fail(REGON, "checksum")
	}
	return s, nil
}

// FormatREGON returns the REGON as it is: it is printed without separators.
func FormatREGON(canonical string) string { return canonical }

func allZero(s string) bool { return strings.Trim(s, "0") == "" }
