package forms

import (
	"strconv"
	"strings"

	"egmina/data"
	"egmina/data/ident"
)

// showNumber writes a number in units of its last place as people write it,
// without the unit: "1 234,56 zł", "0,0450", "12".
func showNumber(def *data.Field, n int64) string {
	switch {
	case def.Type == data.FieldMoney, def.Type == data.FieldComputed && def.As == "money":
		return data.Money(n).String()
	case def.Type == data.FieldDecimal && def.Decimals > 0:
		return decimal(n, def.Decimals)
	}
	return thousands(strconv.FormatInt(n, 10))
}

func decimal(n int64, places int) string {
	s := strconv.FormatInt(n, 10)
	s, negative := strings.CutPrefix(s, "-")
	if len(s) <= places {
		s = strings.Repeat("0", places-len(s)+1) + s
	}
	out := thousands(s[:len(s)-places]) + "," + s[len(s)-places:]
	if negative {
		return "−" + out
	}
	return out
}

// thousands sets no-break spaces between groups of three from five digits up,
// so that years and house numbers stay whole.
func thousands(s string) string {
	s, negative := strings.CutPrefix(s, "-")
	if len(s) >= 5 {
		var b strings.Builder
		for i, r := range s {
			if i > 0 && (len(s)-i)%3 == 0 {
				b.WriteRune('\u00a0')
			}
			b.WriteRune(r)
		}
		s = b.String()
	}
	if negative {
		return "−" + s
	}
	return s
}

// show writes a canonical value for people; "" stays "".
func (f *Form) show(def *data.Field, value, lang string) string {
	if value == "" {
		return ""
	}
	switch def.Type {
	case data.FieldInteger, data.FieldDecimal, data.FieldMoney:
		return f.showQuantity(def, value, lang)
	case data.FieldComputed:
		if def.As != "text" {
			return f.showQuantity(def, value, lang)
		}
	case data.FieldDate:
		if d, err := data.ParseDate(value); err == nil {
			return d.Polish()
		}
	case data.FieldChoice, data.FieldMulti:
		return labels(def, value, lang)
	case data.FieldCheck:
		if value == "true" {
			return f.env.Yes
		}
		return f.env.No
	case data.FieldPESEL, data.FieldNIP, data.FieldREGON, data.FieldNRB, data.FieldIDCard:
		return ident.Format(def.Type, value)
	case data.FieldPhone:
		return showPhone(value)
	}
	return value
}

func (f *Form) showQuantity(def *data.Field, value, lang string) string {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return value
	}
	s := showNumber(def, n)
	if unit := def.Unit.In(lang); unit != "" {
		s += "\u00a0" + unit
	}
	return s
}

func labels(def *data.Field, value, lang string) string {
	var out []string
	for _, id := range strings.Split(value, ",") {
		for _, o := range def.Options {
			if o.ID == id {
				out = append(out, o.Label.In(lang))
			}
		}
	}
	return strings.Join(out, ", ")
}

func showPhone(s string) string {
	if len(s) == 9 && allDigits(s) {
		return s[:3] + "\u00a0" + s[3:6] + "\u00a0" + s[6:]
	}
	return s
}

// typedForm writes a canonical value back as it would be typed into an entry.
func typedForm(def *data.Field, value string) string {
	if value == "" {
		return ""
	}
	switch def.Type {
	case data.FieldMoney, data.FieldDecimal:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return value
		}
		places := def.Decimals
		if def.Type == data.FieldMoney {
			places = 2
		}
		if places == 0 {
			return value
		}
		return strings.NewReplacer("\u00a0", "", "−", "-").Replace(decimal(n, places))
	case data.FieldDate:
		if d, err := data.ParseDate(value); err == nil {
			return d.Polish()
		}
	}
	return value
}
