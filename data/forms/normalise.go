package forms

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"egmina/data"
	"egmina/data/ident"
)

// maxDigits caps the whole part of a number.
const maxDigits = 12

// answerable reports whether the field takes an answer.
func answerable(def *data.Field) bool {
	return def.Type != data.FieldComputed && def.Type != data.FieldNote
}

// Normalise turns what was typed into the canonical answer of the field:
// "15.03.2026" into "2026-03-15", "12,50" into "1250". Nothing typed gives "".
// It looks at the field alone: whether an answer is needed, and limits that
// move with the day, are found by Eval.
func Normalise(def *data.Field, typed string) (string, *data.Error) {
	if len(typed) > maxTyped {
		return "", fail("forms.too_long", "Max", lengthOf(def))
	}
	if !utf8.ValidString(typed) {
		return "", fail("forms.encoding")
	}
	s := clean(typed, def.Type == data.FieldLong)
	if s == "" {
		return "", nil
	}
	read := readers[def.Type]
	if read == nil {
		return "", fail("forms.unknown_field", "Field", def.ID)
	}
	return read(def, s)
}

type reader = func(def *data.Field, s string) (string, *data.Error)

var readers = map[string]reader{
	data.FieldText:     readText,
	data.FieldLong:     readText,
	data.FieldInteger:  func(def *data.Field, s string) (string, *data.Error) { return readNumber(def, s, 0) },
	data.FieldDecimal:  func(def *data.Field, s string) (string, *data.Error) { return readNumber(def, s, def.Decimals) },
	data.FieldMoney:    readMoney,
	data.FieldDate:     readDateField,
	data.FieldChoice:   readChoice,
	data.FieldMulti:    readMulti,
	data.FieldCheck:    readCheck,
	data.FieldPESEL:    readIdent,
	data.FieldNIP:      readIdent,
	data.FieldREGON:    readIdent,
	data.FieldNRB:      readIdent,
	data.FieldIDCard:   readIdent,
	data.FieldPhone:    readPhone,
	data.FieldEmail:    readEmail,
	data.FieldPostcode: readPostcode,
}

func readText(def *data.Field, s string) (string, *data.Error) {
	if utf8.RuneCountInString(s) > lengthOf(def) {
		return "", fail("forms.too_long", "Max", lengthOf(def))
	}
	return s, nil
}

func readIdent(def *data.Field, s string) (string, *data.Error) {
	canonical, err := ident.Check(def.Type, s)
	if err == nil {
		return canonical, nil
	}
	if e, ok := err.(*data.Error); ok {
		return "", e
	}
	return "", data.Fail("forms.unknown_field", err)
}

func readDateField(_ *data.Field, s string) (string, *data.Error) {
	d, err := readDate(s)
	if err != nil {
		return "", err
	}
	return d.String(), nil
}

func readMoney(def *data.Field, s string) (string, *data.Error) {
	s = strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(s), "zł"), "pln")
	return readNumber(def, s, 2)
}

// readNumber reads an integer or a decimal with comma or point and spaces
// between thousands, and returns it in units of its last place.
func readNumber(def *data.Field, s string, places int) (string, *data.Error) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\'' {
			return -1
		}
		return r
	}, s)
	sign := ""
	if rest, ok := cutMinus(s); ok {
		sign, s = "-", rest
	}
	whole, fraction, point := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	if !allDigits(whole) || point && !allDigits(fraction) {
		return "", notANumber(def, places)
	}
	if len(strings.TrimRight(fraction, "0")) > places {
		return "", tooFine(places)
	}
	if len(whole) > maxDigits {
		return "", fail("forms.number_too_long", "Max", maxDigits)
	}
	fraction = cut(fraction+strings.Repeat("0", places), places)
	n, err := strconv.ParseInt(sign+whole+fraction, 10, 64)
	if err != nil {
		return "", notANumber(def, places)
	}
	return strconv.FormatInt(n, 10), withinLimits(def, n)
}

func cutMinus(s string) (string, bool) {
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		return rest, true
	}
	return strings.CutPrefix(s, "−")
}

func allDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

func notANumber(def *data.Field, places int) *data.Error {
	switch {
	case def.Type == data.FieldMoney:
		return fail("forms.not_an_amount")
	case places == 0:
		return fail("forms.not_an_integer")
	}
	return fail("forms.not_a_number")
}

func tooFine(places int) *data.Error {
	if places == 0 {
		return fail("forms.not_an_integer")
	}
	return fail("forms.too_many_places", "Places", places)
}

// withinLimits checks min and max; without min a number is not negative.
func withinLimits(def *data.Field, n int64) *data.Error {
	low := int64(0)
	if def.Min != nil {
		low = *def.Min
	}
	if n < low {
		return fail("forms.too_small", "Min", showNumber(def, low))
	}
	if def.Max != nil && n > *def.Max {
		return fail("forms.too_big", "Max", showNumber(def, *def.Max))
	}
	return nil
}

func readChoice(def *data.Field, s string) (string, *data.Error) {
	for _, o := range def.Options {
		if o.ID == s {
			return s, nil
		}
	}
	return "", fail("forms.not_an_option")
}

// readMulti keeps the order of the definition and each option once.
func readMulti(def *data.Field, s string) (string, *data.Error) {
	chosen := strings.Split(s, ",")
	for i := range chosen {
		chosen[i] = strings.TrimSpace(chosen[i])
		if _, err := readChoice(def, chosen[i]); err != nil {
			return "", err
		}
	}
	var kept []string
	for _, o := range def.Options {
		if slices.Contains(chosen, o.ID) {
			kept = append(kept, o.ID)
		}
	}
	return strings.Join(kept, ","), nil
}

func readCheck(_ *data.Field, s string) (string, *data.Error) {
	if s == "true" || s == "false" {
		return s, nil
	}
	return "", fail("forms.not_an_option")
}

// readPhone reads nine Polish digits, with or without +48, or a foreign number
// with its "+" and country code (ITU-T E.164: at most 15 digits).
func readPhone(_ *data.Field, s string) (string, *data.Error) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("()-–./", r) {
			return -1
		}
		return r
	}, s)
	if rest, ok := strings.CutPrefix(s, "00"); ok {
		s = "+" + rest
	}
	if rest, ok := strings.CutPrefix(s, "+48"); ok && len(rest) == 9 {
		s = rest
	}
	number, foreign := strings.CutPrefix(s, "+")
	switch {
	case !allDigits(number), !foreign && len(number) != 9, foreign && (len(number) < 7 || len(number) > 15):
		return "", fail("forms.not_a_phone")
	}
	return s, nil
}

// readEmail looks for what people get wrong (a missing @, a space, no domain);
// whether the address exists only a letter to it can tell.
func readEmail(_ *data.Field, s string) (string, *data.Error) {
	local, domain, ok := strings.Cut(s, "@")
	_, last, dotted := cutLast(domain, ".")
	if !ok || local == "" || len(s) > 254 || len(local) > 64 || !dotted || len(last) < 2 ||
		strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`,;:"<>()[]\`, r) }) ||
		strings.Contains(domain, "@") || strings.Contains(s, "..") || strings.HasPrefix(domain, ".") || strings.HasSuffix(local, ".") {
		return "", fail("forms.not_an_email")
	}
	return local + "@" + strings.ToLower(domain), nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func readPostcode(_ *data.Field, s string) (string, *data.Error) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '–' {
			return -1
		}
		return r
	}, s)
	if len(s) != 5 || !allDigits(s) {
		return "", fail("forms.not_a_postcode")
	}
	return s[:2] + "-" + s[2:], nil
}

// accept checks an answer that should already be canonical, from a cache, a
// code or a file.
func accept(def *data.Field, value string) (string, *data.Error) {
	if value == "" {
		return "", nil
	}
	if typed, ok := strings.CutPrefix(value, typedMark); ok {
		return Normalise(def, typed)
	}
	switch def.Type {
	case data.FieldMoney, data.FieldDecimal:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || len(value) > maxDigits+7 {
			return "", notANumber(def, 1)
		}
		return strconv.FormatInt(n, 10), withinLimits(def, n)
	}
	return Normalise(def, value)
}
