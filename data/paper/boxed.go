package paper

import (
	"strings"
	"unicode"

	"egmina/data"
)

// longestBoxed is how many boxes fit side by side and can still be written in.
const longestBoxed = 32

// boxed makes the character boxes of a field; ok is false when the value does
// not fit into them and is to be written out instead.
func boxed(head caption, def *data.Field, value string) (boxesCell, bool) {
	c := boxesCell{caption: head, value: characters(def.Type, value)}
	c.groups, c.sep = groups(def, len(c.value))
	n := c.count()
	return c, n > 0 && n <= longestBoxed && len(c.value) <= n
}

// groups returns how the boxes of a field are grouped and what stands between
// the groups. n is the length of the value, for numbers that come in two
// lengths.
func groups(def *data.Field, n int) (sizes []int, sep string) {
	switch def.Type {
	case data.FieldPESEL:
		return []int{11}, ""
	case data.FieldNIP:
		return []int{3, 3, 2, 2}, "-"
	case data.FieldREGON:
		if n > 9 || n == 0 {
			return []int{9, 5}, ""
		}
		return []int{9}, ""
	case data.FieldNRB:
		return []int{2, 4, 4, 4, 4, 4, 4}, ""
	case data.FieldIDCard:
		return []int{3, 6}, ""
	case data.FieldPostcode:
		return []int{2, 3}, "-"
	case data.FieldDate:
		return []int{2, 2, 4}, "."
	case data.FieldPhone:
		return []int{3, 3, 3}, ""
	}
	return []int{plainBoxes(def)}, ""
}

// plainBoxes is the number of boxes of a field without a fixed length.
func plainBoxes(def *data.Field) int {
	if def.Type == data.FieldInteger && def.Max != nil {
		n := 1
		for m := *def.Max; m >= 10; m /= 10 {
			n++
		}
		return n
	}
	if def.MaxLength > 0 {
		return def.MaxLength
	}
	return longestBoxed
}

// characters returns what goes into the boxes: capital letters and digits
// without the signs between groups. Dates turn into day, month, year.
func characters(kind, value string) []rune {
	switch kind {
	case data.FieldText, data.FieldLong, data.FieldInteger, data.FieldEmail:
		return []rune(strings.ToUpper(value))
	case data.FieldDate:
		if d, err := data.ParseDate(value); err == nil {
			value = d.Polish()
		}
	}
	var out []rune
	for _, r := range strings.ToUpper(value) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' {
			out = append(out, r)
		}
	}
	return out
}
