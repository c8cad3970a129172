package ident

import (
	"time"

	"egmina/data"
)

// Sexes as a PESEL tells them.
const (
	Female = "F"
	Male   = "M"
)

// ParsePESEL reads a PESEL, 11 digits: birth date with the century in the
// month, serial number, sex, check digit (ustawa o ewidencji ludności art. 15).
// Codes: ident.pesel_characters, _length (Args Count), _checksum, _date.
func ParsePESEL(typed string) (string, *data.Error) {
	s := compact(typed)
	if err := digits(PESEL, s, 11); err != nil {
		return "", err
	}
	if (10-weighted(s, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3)%10)%10 != int(s[10]-'0') {
		return "", fail(PESEL, "checksum")
	}
	if _, ok := birth(s); !ok {
		return "", fail(PESEL, "date")
	}
	return s, nil
}

// FormatPESEL returns the PESEL as it is: it is printed without separators.
func FormatPESEL(canonical string) string { return canonical }

// BirthDate returns the birth date a PESEL carries; false when it is no PESEL.
func BirthDate(pesel string) (data.Date, bool) {
	s, err := ParsePESEL(pesel)
	if err != nil {
		return data.Date{}, false
	}
	return birth(s)
}

// Sex returns Female or Male, or "" when the text is no PESEL.
func Sex(pesel string) string {
	s, err := ParsePESEL(pesel)
	if err != nil {
		return ""
	}
	if (s[9]-'0')%2 == 0 {
		return Female
	}
	return Male
}

// birth decodes the first six digits: the month is raised by 80 for births in
// the 1800s, 20 in the 2000s, 40 in the 2100s and 60 in the 2200s.
func birth(s string) (data.Date, bool) {
	two := func(i int) int { return int(s[i]-'0')*10 + int(s[i+1]-'0') }
	century := [...]int{1900, 2000, 2100, 2200, 1800}[two(2)/20]
	d := data.Date{Year: century + two(0), Month: time.Month(two(2) % 20), Day: two(4)}
	return d, data.DateOf(d.Time()) == d // a day that does not exist moves
}
