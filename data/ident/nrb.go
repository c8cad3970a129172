package ident

import (
	"strings"

	"egmina/data"
)

const nrbLength = 26

// ParseNRB reads a Polish account number: 26 digits, or the same as an IBAN
// with PL in front (PN-F-01102, ISO 13616). The canonical form has the digits
// only. Codes: ident.nrb_characters, _country (another country's IBAN), _length
// (Args Count), _checksum.
func ParseNRB(typed string) (string, *data.Error) {
	s := strings.TrimPrefix(compact(typed), "PL")
	if foreign(s) {
		return "", fail(NRB, "country")
	}
	if err := digits(NRB, s, nrbLength); err != nil {
		return "", err
	}
	if s[:2] != nrbCheck(s[2:]) {
		return "", fail(NRB, "checksum")
	}
	return s, nil
}

// FormatNRB writes an NRB as printed: two digits, then groups of four.
func FormatNRB(canonical string) string { return grouped(canonical, " ", 2, 4, 4, 4, 4, 4, 4) }

// FormatIBAN writes an NRB as a printed IBAN, "PL61 1090 …".
func FormatIBAN(canonical string) string { return "PL" + FormatNRB(canonical) }

// foreign reports whether s starts like an IBAN: two letters, two digits.
func foreign(s string) bool {
	letter := func(c byte) bool { return c >= 'A' && c <= 'Z' }
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	return len(s) > 4 && letter(s[0]) && letter(s[1]) && digit(s[2]) && digit(s[3])
}

// nrbCheck computes the two check digits of bank and account number: 98 minus
// the remainder mod 97 of the number followed by "PL" (P=25, L=21) and "00".
// Comparing them refuses 00, 01 and 99, which mod 97 alone lets through.
func nrbCheck(rest string) string {
	mod := 0
	for _, c := range rest + "252100" {
		mod = (mod*10 + int(c-'0')) % 97
	}
	n := 98 - mod
	return string([]byte{byte('0' + n/10), byte('0' + n%10)})
}
