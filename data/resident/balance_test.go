package resident

import (
	"testing"

	"egmina/data"
)

func day(s string) data.Date {
	d, err := data.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func tariffs() data.Tariffs {
	return data.Tariffs{
		{ID: "odsetki.podatkowe", BasisPoints: 1100, Period: data.Period{From: day("2025-01-01")}},
		{ID: "odsetki.prog", Grosze: 870, Period: data.Period{From: day("2020-01-01")}},
	}
}

func TestBalanceOf(t *testing.T) {
	b := data.Bundle{Charges: []data.Charge{
		{ID: "late", Kind: "property", Due: day("2026-03-15"), Amount: 200000, Interest: "tax"},
		{ID: "small", Kind: "property", Due: day("2026-09-15"), Amount: 5000, Interest: "tax"},
		{ID: "next", Kind: "waste", Due: day("2027-01-15"), Amount: 7600},
		{ID: "over", Kind: "waste", Due: day("2026-09-15"), Amount: 7600, Paid: 9000},
		{ID: "odd", Kind: "of another version", Due: day("2027-01-15"), Amount: 100},
	}}
	got := BalanceOf(b, tariffs(), day("2026-11-23"))
	if len(got.Groups) != 3 || got.Groups[0].Kind != "property" || got.Groups[1].Kind != "waste" || got.Groups[2].Kind != "other" {
		t.Fatalf("groups: %+v", got.Groups)
	}
	// 15 March 2026 is a Sunday: late since the 16th, 252 days at 11 %: 151.89 zł, rounded to 152 zł.
	late := got.Groups[0].Lines[0]
	if late.Late != 252 || late.Interest != 15200 || late.Total() != 215200 {
		t.Errorf("late: %d days, %v interest", late.Late, late.Interest)
	}
	if small := got.Groups[0].Lines[1]; small.Interest != 0 || small.NoRate {
		t.Errorf("interest under the threshold was charged: %v", small.Interest)
	}
	if got.Due != 200000+5000+7600+100 || got.Overpaid != 1400 || got.Overdue != 205000 || got.Interest != 15200 {
		t.Errorf("sums: due %v, overpaid %v, overdue %v, interest %v", got.Due, got.Overpaid, got.Overdue, got.Interest)
	}
}

func TestUnconfirmedRateIsMarked(t *testing.T) {
	b := data.Bundle{Charges: []data.Charge{
		{Kind: "property", Due: day("2026-03-15"), Amount: 200000, Interest: "tax"},
		{Kind: "water", Due: day("2026-03-15"), Amount: 200000, Interest: "civil"},
	}}
	rates := append(tariffs(),
		data.Tariff{ID: "odsetki.podatkowe", BasisPoints: 1400, Unconfirmed: true, Period: data.Period{From: day("2024-01-01"), To: day("2024-12-31")}},
		data.Tariff{ID: "odsetki.ustawowe", BasisPoints: 1000, Unconfirmed: true, Period: data.Period{From: day("2026-05-01")}},
		data.Tariff{ID: "odsetki.ustawowe", BasisPoints: 1000, Period: data.Period{To: day("2026-04-30")}})
	got := BalanceOf(b, rates, day("2026-11-23"))
	if tax := got.Groups[0].Lines[0]; tax.Interest == 0 || tax.Unconfirmed {
		t.Errorf("a rate of other days marks the interest: %+v", tax)
	}
	if civil := got.Groups[1].Lines[0]; !civil.Unconfirmed || !got.Unconfirmed {
		t.Errorf("interest at an unconfirmed rate is not marked: %+v", civil)
	}
	if early := BalanceOf(b, rates, day("2026-04-30")); early.Unconfirmed {
		t.Error("a rate of later days marks the interest")
	}
}

func TestBalanceWithoutRate(t *testing.T) {
	b := data.Bundle{Charges: []data.Charge{{Kind: "property", Due: day("2026-03-15"), Amount: 200000, Interest: "tax"}}}
	l := BalanceOf(b, nil, day("2026-11-23")).Groups[0].Lines[0]
	if !l.NoRate {
		t.Error("an unknown rate was shown as no interest")
	}
}

func TestLineTransfer(t *testing.T) {
	l := lineOf(data.Charge{Amount: 1000, NRB: "61109010140000071219812874", Payee: "Gmina", PayTitle: "Podatek"}, nil, day("2026-01-01"))
	tr, err := l.Transfer()
	if err != nil || tr.Amount != 1000 || tr.Title != "Podatek" {
		t.Errorf("transfer %+v, %v", tr, err)
	}
	if _, err := lineOf(data.Charge{Amount: 5, Paid: 5}, nil, day("2026-01-01")).Transfer(); err != ErrSettled {
		t.Errorf("a settled charge gave %v", err)
	}
}
