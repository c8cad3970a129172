package forms

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"egmina/data"
)

// Years a date may lie in: a typing slip ("0206") must not pass as a date.
const (
	firstYear = 1850
	lastYear  = 2200
)

// readDate reads "15.03.2026", "15 3 2026", "15/3/2026", "2026-03-15" and
// "15032026". Day comes before month, as it is written in Poland.
func readDate(s string) (data.Date, *data.Error) {
	parts := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("./-–,", r)
	})
	if len(parts) > 0 && (parts[len(parts)-1] == "r" || parts[len(parts)-1] == "roku") {
		parts = parts[:len(parts)-1]
	}
	if len(parts) == 1 && len(parts[0]) == 8 {
		parts = []string{parts[0][:2], parts[0][2:4], parts[0][4:]}
	}
	if len(parts) != 3 {
		return data.Date{}, fail("forms.not_a_date")
	}
	if len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	return makeDate(parts[0], parts[1], parts[2])
}

func makeDate(day, month, year string) (data.Date, *data.Error) {
	d, err1 := digits(day, 2)
	m, err2 := digits(month, 2)
	y, err3 := digits(year, 4)
	if !err1 || !err2 || !err3 {
		return data.Date{}, fail("forms.not_a_date")
	}
	if len(year) != 4 || y < firstYear || y > lastYear {
		return data.Date{}, fail("forms.date_year")
	}
	date := data.Date{Year: y, Month: 1, Day: 1}
	date = data.DateOf(date.Time().AddDate(0, m-1, d-1))
	if int(date.Month) != m || date.Day != d {
		return data.Date{}, fail("forms.no_such_day")
	}
	return date, nil
}

func digits(s string, most int) (int, bool) {
	if s == "" || len(s) > most {
		return 0, false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// bound is a limit of a date: fixed, or counted from today.
type bound struct {
	set               bool
	fixed             data.Date
	years, months, by int // by: days
}

var boundForm = regexp.MustCompile(`^today(?:([+-])(\d{1,4})([dwmy]))?$`)

// parseBound reads "today", "today-3y", "today+30d" (d, w, m, y) or an ISO date.
func parseBound(s string) (bound, bool) {
	if s == "" {
		return bound{}, true
	}
	m := boundForm.FindStringSubmatch(s)
	if m == nil {
		d, err := data.ParseDate(s)
		return bound{set: true, fixed: d}, err == nil
	}
	n, _ := strconv.Atoi(m[2])
	if m[1] == "-" {
		n = -n
	}
	b := bound{set: true}
	switch m[3] {
	case "d":
		b.by = n
	case "w":
		b.by = 7 * n
	case "m":
		b.months = n
	case "y":
		b.years = n
	}
	return b, true
}

// on returns the limit as seen from a day. A day the month does not have
// (29 February three years ago) becomes the next one.
func (b bound) on(today data.Date) data.Date {
	if !b.fixed.IsZero() {
		return b.fixed
	}
	return data.DateOf(today.Time().AddDate(b.years, b.months, b.by))
}
