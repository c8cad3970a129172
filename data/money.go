package data

import (
	"strconv"
	"strings"
)

// Money is an amount in grosze (1/100 zł). It is never a float: a grosz lost
// to rounding is a grosz somebody has to explain.
type Money int64

// Grosze returns the amount as a plain number of grosze.
func (m Money) Grosze() int64 { return int64(m) }

// String writes the amount as it is written in Poland: "1 234,56 zł", with
// no-break spaces so that a line never ends inside an amount.
func (m Money) String() string { return m.Number() + "\u00a0zł" }

// Number writes the amount without its unit: "1 234,56".
func (m Money) Number() string {
	sign, abs := "", uint64(m)
	if m < 0 {
		sign, abs = "−", uint64(-(m+1))+1
	}
	return sign + group(strconv.FormatUint(abs/100, 10)) + "," + twoDigits(abs%100)
}

func twoDigits(n uint64) string {
	s := strconv.FormatUint(n, 10)
	if len(s) < 2 {
		return "0" + s
	}
	return s
}

// group sets no-break spaces between thousands, from four digits up.
func group(digits string) string {
	var b strings.Builder
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteRune('\u00a0')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// RoundToZloty rounds to full złote: under 50 grosze down, from 50 up
// (Ordynacja podatkowa art. 63 § 1).
func (m Money) RoundToZloty() Money {
	if m < 0 {
		return -(-m).RoundToZloty()
	}
	return (m + 50) / 100 * 100
}
