package resident

import (
	"errors"
	"slices"
	"strings"

	"egmina/data"
	"egmina/data/payment"
)

// Balance is what one resident owes on a day, by kind of charge.
type Balance struct {
	Day      data.Date
	AsOf     data.Instant
	Groups   []Group
	Due      data.Money // left to pay, without interest
	Interest data.Money
	Overdue  data.Money // the part of Due whose day has passed
	Overpaid data.Money
	// Unconfirmed says that some Interest rests on a rate the office has yet to confirm.
	Unconfirmed bool
}

// Group is the charges of one kind, in the order of their due dates.
type Group struct {
	Kind     string
	Lines    []Line
	Due      data.Money
	Overpaid data.Money
}

// Line is one charge as of the day.
type Line struct {
	data.Charge
	Left     data.Money // still to pay; 0 when settled
	Overpaid data.Money
	Late     int // days after the due date, 0 when not late
	Interest data.Money
	// NoRate says that the interest of the day is not known: it is not zero.
	NoRate bool
	// Unconfirmed says that Interest rests on a rate the office has yet to confirm.
	Unconfirmed bool
}

// Total is what pays the charge on the day.
func (l Line) Total() data.Money { return l.Left + l.Interest }

// BalanceOf computes a bundle's balance on the day. Interest to the day follows
// each charge's regime (payment.Interest).
func BalanceOf(b data.Bundle, tariffs data.Tariffs, day data.Date) Balance {
	out := Balance{Day: day, AsOf: b.AsOf}
	for _, kind := range data.ChargeKinds {
		g := Group{Kind: kind}
		for _, c := range b.Charges {
			if kindOf(c) == kind {
				g.add(lineOf(c, tariffs, day))
			}
		}
		if len(g.Lines) == 0 {
			continue
		}
		slices.SortStableFunc(g.Lines, func(x, y Line) int { return strings.Compare(x.Due.String(), y.Due.String()) })
		out.add(g)
	}
	return out
}

// kindOf puts kinds this version does not know under "other".
func kindOf(c data.Charge) string {
	if slices.Contains(data.ChargeKinds, c.Kind) {
		return c.Kind
	}
	return "other"
}

func (g *Group) add(l Line) {
	g.Lines = append(g.Lines, l)
	g.Due += l.Left
	g.Overpaid += l.Overpaid
}

func (b *Balance) add(g Group) {
	b.Groups = append(b.Groups, g)
	b.Due += g.Due
	b.Overpaid += g.Overpaid
	for _, l := range g.Lines {
		b.Interest += l.Interest
		b.Unconfirmed = b.Unconfirmed || l.Unconfirmed
		if l.Late > 0 {
			b.Overdue += l.Left
		}
	}
}

func lineOf(c data.Charge, tariffs data.Tariffs, day data.Date) Line {
	l := Line{Charge: c, Left: max(c.Left(), 0), Overpaid: max(-c.Left(), 0)}
	due := payment.Deadline(c.Due)
	if l.Left == 0 || !due.Before(day) {
		return l
	}
	l.Late = due.DaysTo(day)
	interest, err := payment.Interest(c.Interest, l.Left, c.Due, day, tariffs)
	l.Interest, l.NoRate = interest, err != nil
	l.Unconfirmed = interest > 0 && unconfirmed(c.Interest, due.AddDays(1), day, tariffs)
	return l
}

// unconfirmed reports whether a rate of the regime that holds on one of the days
// waits for the office's confirmation.
func unconfirmed(regime string, from, to data.Date, tariffs data.Tariffs) bool {
	id := payment.TariffTaxRate
	if regime == payment.InterestCivil {
		id = payment.TariffCivilRate
	}
	return slices.ContainsFunc(tariffs, func(t data.Tariff) bool {
		return t.ID == id && t.Unconfirmed && !to.Before(t.From) && (t.To.IsZero() || !t.To.Before(from))
	})
}

// Transfer makes the bank transfer that pays the charge on the day. The error
// is payment's, or ErrSettled.
func (l Line) Transfer() (payment.Transfer, error) {
	if l.Total() <= 0 {
		return payment.Transfer{}, ErrSettled
	}
	return payment.Transfer{NIP: l.NIP, NRB: l.NRB, Amount: l.Total(), Name: l.Payee, Title: l.PayTitle}, nil
}

// ErrSettled says that nothing is left to pay.
var ErrSettled = errors.New("nothing to pay")
