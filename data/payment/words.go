package payment

import (
	"fmt"
	"strings"

	"egmina/data"
)

// noun is a Polish noun as it follows numbers: one, two to four, five and more.
type noun struct{ one, few, many string }

var zloty = noun{"złoty", "złote", "złotych"}

// thousands are the names of 1000¹, 1000², … up to the largest Money.
var thousands = []noun{
	{"tysiąc", "tysiące", "tysięcy"},
	{"milion", "miliony", "milionów"},
	{"miliard", "miliardy", "miliardów"},
	{"bilion", "biliony", "bilionów"},
	{"biliard", "biliardy", "biliardów"},
}

var (
	small = strings.Fields("zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście " +
		"trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście")
	tens     = strings.Fields("- - dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt")
	hundreds = strings.Fields("- sto dwieście trzysta czterysta pięćset sześćset siedemset osiemset dziewięćset")
)

// Words writes an amount in Polish words as slips want it, grosze as a
// fraction: "dwadzieścia pięć złotych 65/100". A negative amount gets "minus".
func Words(m data.Money) string {
	sign, abs := "", uint64(m)
	if m < 0 {
		sign, abs = "minus ", -abs // two's complement: right for the smallest Money too
	}
	n := abs / 100
	return fmt.Sprintf("%s%s %s %02d/100", sign, number(n), zloty.after(n), abs%100)
}

// after returns the form that follows n. Only 1 itself takes the singular:
// "dwadzieścia jeden złotych".
func (w noun) after(n uint64) string {
	switch tens, unit := n%100/10, n%10; {
	case n == 1:
		return w.one
	case tens != 1 && unit >= 2 && unit <= 4:
		return w.few
	}
	return w.many
}

// number writes n in words; a group of exactly one thousand or million is named
// without "jeden".
func number(n uint64) string {
	if n == 0 {
		return small[0]
	}
	var words []string
	for i := -1; n > 0; i, n = i+1, n/1000 {
		words = append(group(n%1000, i), words...)
	}
	return strings.Join(words, " ")
}

// group writes three digits and the name of their place, -1 for the units.
func group(n uint64, place int) []string {
	switch {
	case n == 0:
		return nil
	case place < 0:
		return below1000(n)
	case n == 1:
		return []string{thousands[place].one}
	}
	return append(below1000(n), thousands[place].after(n))
}

func below1000(n uint64) []string {
	var words []string
	if n >= 100 {
		words = append(words, hundreds[n/100])
	}
	if n %= 100; n >= 20 {
		words = append(words, tens[n/10])
		n %= 10
	}
	if n > 0 {
		words = append(words, small[n])
	}
	return words
}
