package payment

import (
	"time"

	"egmina/data"
)

// Holiday reports whether the day is a public holiday that is not a plain
// Sunday (ustawa z 18.01.1951 o dniach wolnych od pracy, art. 1; Epiphany since
// 2011, Christmas Eve since 2025).
func Holiday(d data.Date) bool {
	switch (monthDay{d.Month, d.Day}) {
	case monthDay{time.January, 6}:
		return d.Year >= 2011
	case monthDay{time.December, 24}:
		return d.Year >= 2025
	case monthDay{time.January, 1}, monthDay{time.May, 1}, monthDay{time.May, 3}, monthDay{time.August, 15},
		monthDay{time.November, 1}, monthDay{time.November, 11}, monthDay{time.December, 25}, monthDay{time.December, 26}:
		return true
	}
	switch easter(d.Year).DaysTo(d) {
	case 0, 1, 49, 60: // Easter Sunday and Monday, Pentecost, Corpus Christi
		return true
	}
	return false
}

// WorkingDay reports whether the day is neither Saturday, Sunday nor a public
// holiday.
func WorkingDay(d data.Date) bool {
	w := d.Time().Weekday()
	return w != time.Saturday && w != time.Sunday && !Holiday(d)
}

// Deadline returns the last day of a term that ends on due: due itself or the
// next working day (Ordynacja podatkowa art. 12 § 5, Kodeks cywilny art. 115).
func Deadline(due data.Date) data.Date {
	for !WorkingDay(due) {
		due = due.AddDays(1)
	}
	return due
}

type monthDay struct {
	month time.Month
	day   int
}

// easter returns Easter Sunday of the Gregorian calendar (the Meeus, Jones and
// Butcher algorithm).
func easter(year int) data.Date {
	a, b, c := year%19, year/100, year%100
	g := (8*b + 13) / 25
	h := (19*a + b - b/4 - g + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return data.Date{Year: year, Month: time.Month(n / 31), Day: n%31 + 1}
}
