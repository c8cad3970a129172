package payment

import (
	"math/big"

	"egmina/data"
)

// Regimes of interest, as in data.Charge.
const (
	InterestTax   = "tax"
	InterestCivil = "civil"
	InterestNone  = "none"
)

// Tariffs that Interest reads. Rates are yearly, in basis points; the threshold
// is in grosze and holds on the day of payment.
const (
	TariffTaxRate   = "odsetki.podatkowe"
	TariffCivilRate = "odsetki.ustawowe"
	TariffThreshold = "odsetki.prog"
)

// yearUnits divides grosze × basis points × days: interest is counted in days
// of a year of 365 days, leap years too (rozporządzenie MF z 22.08.2005 w sprawie
// naliczania odsetek za zwłokę).
const yearUnits = 365 * 10000

// maxRate is the highest yearly rate believed, 1000 %: more is a mistake in the
// tariffs.
const maxRate = 100000

// Interest returns the interest on principal that was due on due and is paid on
// to. It runs from the day after the deadline (due, or the next working day) up
// to and including to, at the rate of each day; the parts are added before
// rounding.
//
// Regime "tax" follows Ordynacja podatkowa art. 53 § 4 (from when), 56 (rate),
// 63 § 1 (full złote, half up) and 54 § 1 pkt 5: nothing is charged while the
// rounded interest does not exceed the threshold. Regime "civil" follows Kodeks
// cywilny art. 481 and rounds to the grosz. "none" is always 0, and so is what
// has no due date.
//
// Errors are *data.Error: interest.rate_unknown (Args Day) when a day has no
// rate or threshold, interest.regime_unknown, interest.too_large.
func Interest(regime string, principal data.Money, due, to data.Date, tariffs data.Tariffs) (data.Money, error) {
	switch regime {
	case InterestTax, InterestCivil, InterestNone:
	default:
		return 0, data.Fail("interest.regime_unknown", nil)
	}
	start := Deadline(due).AddDays(1)
	if regime == InterestNone || principal <= 0 || due.IsZero() || to.Before(start) {
		return 0, nil
	}
	if regime == InterestCivil {
		return accrue(TariffCivilRate, principal, start, to, tariffs, 1)
	}
	threshold, ok := tariffs.On(TariffThreshold, to)
	if !ok {
		return 0, rateUnknown(to)
	}
	sum, err := accrue(TariffTaxRate, principal, start, to, tariffs, 100)
	if err != nil || sum <= data.Money(threshold.Grosze) {
		return 0, err
	}
	return sum, nil
}

// accrue sums simple interest over the days start to end, both included, and
// rounds it once, half up, to a multiple of unit grosze.
func accrue(id string, principal data.Money, start, end data.Date, tariffs data.Tariffs, unit int64) (data.Money, error) {
	var weight int64 // basis points × days
	for day := start; !end.Before(day); {
		t, ok := tariffs.On(id, day)
		if !ok || t.BasisPoints <= 0 || t.BasisPoints > maxRate {
			return 0, rateUnknown(day)
		}
		last := lastDay(id, day, end, tariffs)
		weight += t.BasisPoints * days(day, last)
		day = last.AddDays(1)
	}
	// big: an absurd amount over centuries must not wrap around.
	sum := new(big.Int).Mul(big.NewInt(int64(principal)), big.NewInt(weight))
	divisor := big.NewInt(yearUnits * unit)
	sum.Add(sum, new(big.Int).Rsh(divisor, 1)).Div(sum, divisor).Mul(sum, big.NewInt(unit))
	if !sum.IsInt64() {
		return 0, data.Fail("interest.too_large", nil)
	}
	return data.Money(sum.Int64()), nil
}

// days counts the days from first to last, both included.
func days(first, last data.Date) int64 {
	return (last.Time().Unix()-first.Time().Unix())/(24*60*60) + 1
}

// lastDay returns the last day, at most end, for which Tariffs.On gives the same
// rate as for day.
func lastDay(id string, day, end data.Date, tariffs data.Tariffs) data.Date {
	last := end
	for _, t := range tariffs {
		if t.ID != id {
			continue
		}
		if before := t.From.AddDays(-1); day.Before(t.From) && before.Before(last) {
			last = before
		}
		if t.Holds(day) && !t.To.IsZero() && t.To.Before(last) {
			last = t.To
		}
	}
	return last
}

func rateUnknown(day data.Date) *data.Error {
	return &data.Error{Code: "interest.rate_unknown", Args: map[string]any{"Day": day.Polish()}}
}
