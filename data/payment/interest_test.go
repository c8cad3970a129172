package payment_test

import (
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"egmina/data"
	"egmina/data/payment"
)

func day(t testing.TB, iso string) data.Date {
	t.Helper()
	d, err := data.ParseDate(iso)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func rate(t testing.TB, id, from, to string, basisPoints int64) data.Tariff {
	tariff := data.Tariff{ID: id, BasisPoints: basisPoints}
	tariff.From = day(t, from)
	if to != "" {
		tariff.To = day(t, to)
	}
	return tariff
}

func tariffs(t testing.TB) data.Tariffs {
	threshold := data.Tariff{ID: payment.TariffThreshold, Grosze: 870}
	threshold.From = day(t, "2024-01-01")
	return data.Tariffs{
		rate(t, payment.TariffTaxRate, "2023-10-05", "2025-05-07", 1450),
		rate(t, payment.TariffTaxRate, "2025-05-08", "2025-07-02", 1350),
		rate(t, payment.TariffTaxRate, "2025-07-03", "", 1300),
		rate(t, payment.TariffCivilRate, "2023-10-05", "2025-05-07", 1125),
		rate(t, payment.TariffCivilRate, "2025-05-08", "", 1075),
		threshold,
	}
}

func TestInterest(t *testing.T) {
	ts := tariffs(t)
	for _, c := range []struct {
		why, regime, due, to string
		principal, want      data.Money
	}{
		{"365 days at 14,5 %", "tax", "2024-01-15", "2025-01-14", 100000, 14500},
		{"366 days of a leap year still divide by 365: 530,70 zł", "tax", "2024-01-15", "2025-01-15", 365000, 53100},
		{"paid on the day it is due", "tax", "2024-01-15", "2024-01-15", 100000, 0},
		{"paid before", "tax", "2024-01-15", "2024-01-01", 100000, 0},
		{"the due date is a Saturday: Monday is in time", "civil", "2025-03-15", "2025-03-17", 36500000, 0},
		{"and Tuesday is the first day", "civil", "2025-03-15", "2025-03-18", 36500000, 11250},
		{"7 days at 11,25 %, 3 at 10,75 %", "civil", "2025-04-30", "2025-05-10", 3650000, 7*1125 + 3*1075},
		{"2 days at 14,5 %, 56 at 13,5 %, 2 at 13 %", "tax", "2025-05-05", "2025-07-04", 3650000, 2*1450 + 56*1350 + 2*1300},
		{"30 days are 11,92 zł, rounded up", "tax", "2024-01-15", "2024-02-14", 100000, 1200},
		{"31 days are 12,32 zł, rounded down", "tax", "2024-01-15", "2024-02-15", 100000, 1200},
		{"22 days are 8,74 zł: 9 zł exceed the threshold", "tax", "2024-01-15", "2024-02-06", 100000, 900},
		{"21 days are 8,34 zł: 8 zł do not", "tax", "2024-01-15", "2024-02-05", 100000, 0},
		{"civil interest has no threshold", "civil", "2024-01-15", "2024-01-16", 3650, 1},
		{"4,5 gr are rounded up", "civil", "2024-01-15", "2024-01-16", 14600, 5},
		{"none", "none", "2024-01-15", "2026-01-15", 100000, 0},
		{"overpaid", "tax", "2024-01-15", "2026-01-15", -100000, 0},
	} {
		got, err := payment.Interest(c.regime, c.principal, day(t, c.due), day(t, c.to), ts)
		if err != nil || got != c.want {
			t.Errorf("%s: %d, %v, want %d", c.why, got, err, c.want)
		}
	}
}

func TestInterestNeedsARate(t *testing.T) {
	gap := data.Tariffs{
		rate(t, payment.TariffCivilRate, "2024-01-01", "2024-06-30", 1000),
		rate(t, payment.TariffCivilRate, "2024-07-02", "", 1000),
	}
	noThreshold := tariffs(t)[:5]
	zero := data.Tariffs{rate(t, payment.TariffCivilRate, "2020-01-01", "", 0)}
	absurd := data.Tariffs{rate(t, payment.TariffCivilRate, "1000-01-01", "", 100000)}
	for _, c := range []struct {
		why, regime, due, to, code, day string
		ts                              data.Tariffs
		principal                       data.Money
	}{
		{"a day between two periods", "civil", "2024-06-03", "2024-08-01", "interest.rate_unknown", "01.07.2024", gap, 1000},
		{"before the first period", "civil", "2023-12-05", "2024-01-05", "interest.rate_unknown", "06.12.2023", gap, 1000},
		{"no rates at all", "tax", "2024-06-03", "2024-08-01", "interest.rate_unknown", "01.08.2024", nil, 1000},
		{"no threshold", "tax", "2024-06-03", "2024-08-01", "interest.rate_unknown", "01.08.2024", noThreshold, 1000},
		{"a rate of zero", "civil", "2024-06-03", "2024-08-01", "interest.rate_unknown", "04.06.2024", zero, 1000},
		{"unknown regime", "podatek", "2024-06-03", "2024-08-01", "interest.regime_unknown", "", gap, 1000},
		{"absurd amount", "civil", "1000-06-03", "9999-08-01", "interest.too_large", "", absurd, math.MaxInt64},
	} {
		got, err := payment.Interest(c.regime, c.principal, day(t, c.due), day(t, c.to), c.ts)
		var fail *data.Error
		if !errors.As(err, &fail) || fail.Code != c.code || got != 0 {
			t.Errorf("%s: %d, %v", c.why, got, err)
			continue
		}
		if c.day != "" && fail.Args["Day"] != c.day {
			t.Errorf("%s: day %v, want %s", c.why, fail.Args["Day"], c.day)
		}
	}
	if got, err := payment.Interest("tax", 1000, data.Date{}, day(t, "2024-01-01"), nil); got != 0 || err != nil {
		t.Errorf("no due date: %d, %v", got, err)
	}
}

// TestInterestDayByDay compares the sum over periods with the plain definition,
// one day at a time, over overlapping and unsorted periods.
func TestInterestDayByDay(t *testing.T) {
	ts := data.Tariffs{
		rate(t, payment.TariffCivilRate, "2025-03-01", "", 900),
		rate(t, payment.TariffCivilRate, "2024-06-01", "2024-12-31", 1100),
		rate(t, payment.TariffCivilRate, "2020-01-01", "", 1000),
		rate(t, payment.TariffTaxRate, "2024-07-01", "2024-07-02", 5000),
	}
	for n := range 600 {
		due := day(t, "2024-01-01").AddDays(n * 7 % 400)
		to := due.AddDays(n)
		weight := int64(0)
		for d := payment.Deadline(due).AddDays(1); !to.Before(d); d = d.AddDays(1) {
			r, _ := ts.On(payment.TariffCivilRate, d)
			weight += r.BasisPoints
		}
		want := data.Money((123456*weight*2 + 3650000) / (2 * 3650000))
		if got, err := payment.Interest("civil", 123456, due, to, ts); err != nil || got != want {
			t.Fatalf("%v to %v: %d, %v, want %d", due, to, got, err, want)
		}
	}
}

func TestHolidays(t *testing.T) {
	easters := []string{"1961-04-02", "2000-04-23", "2008-03-23", "2011-04-24", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25", "2076-04-19"}
	for _, iso := range easters {
		e := day(t, iso)
		for offset, want := range map[int]bool{-1: false, 0: true, 1: true, 2: false, 49: true, 60: true, 61: false} {
			if d := e.AddDays(offset); payment.Holiday(d) != want && d.Polish()[:6] != "03.05." && d.Polish()[:6] != "01.05." {
				t.Errorf("Easter %s %+d: holiday = %v", iso, offset, !want)
			}
		}
	}
	for iso, want := range map[string]bool{
		"2024-12-24": false, "2025-12-24": true, "2026-12-24": true, "2010-01-06": false, "2011-01-06": true,
		"2026-05-01": true, "2026-05-02": false, "2026-05-03": true, "2026-06-04": true, "2026-11-11": true, "2026-11-15": false,
	} {
		if got := payment.Holiday(day(t, iso)); got != want {
			t.Errorf("%s: %v", iso, got)
		}
	}
}

func TestDeadline(t *testing.T) {
	for due, want := range map[string]string{
		"2026-03-15": "2026-03-16", // Sunday
		"2026-05-15": "2026-05-15",
		"2026-11-15": "2026-11-16",
		"2027-05-15": "2027-05-17", // Saturday
		"2025-12-24": "2025-12-29", // Christmas Eve, two days of Christmas, a weekend
		"2024-12-24": "2024-12-24",
		"2026-04-04": "2026-04-07", // Easter
		"2026-06-04": "2026-06-05", // Corpus Christi
		"2027-12-31": "2027-12-31",
	} {
		if got := payment.Deadline(day(t, due)); got != day(t, want) {
			t.Errorf("%s: %v, want %s", due, got, want)
		}
	}
}

func TestEveryCodeHasItsSentence(t *testing.T) {
	keys := strings.Fields("error.amount_negative error.amount_too_large error.nrb_invalid error.nip_invalid error.name_missing " +
		"error.title_missing error.reserve_invalid error.payload_invalid error.slip_amount_too_large error.payer_nrb_invalid " +
		"error.interest.rate_unknown error.interest.regime_unknown error.interest.too_large " +
		"warning.name_cleaned warning.name_clipped warning.title_cleaned warning.title_clipped warning.payer_clipped")
	for _, lang := range []string{"pl", "en"} {
		var messages map[string]struct{ Other string }
		if _, err := toml.DecodeFile(filepath.Join("../../assets/lang", lang, "errors-payment.toml"), &messages); err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			if messages[key].Other == "" {
				t.Errorf("%s: no sentence for %s", lang, key)
			}
		}
		if len(messages) != len(keys) {
			t.Errorf("%s: %d sentences for %d keys", lang, len(messages), len(keys))
		}
	}
}

func BenchmarkInterest(b *testing.B) {
	ts, due, to := tariffs(b), day(b, "2024-01-15"), day(b, "2026-11-20")
	for b.Loop() {
		if _, err := payment.Interest("tax", 123456, due, to, ts); err != nil {
			b.Fatal(err)
		}
	}
}
