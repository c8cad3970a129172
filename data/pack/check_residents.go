package pack

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"egmina/data"
	"egmina/data/ident"
)

var (
	codeForm = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{12}$`) // Crockford base32 has no I, L, O, U
	pinForm  = regexp.MustCompile(`^\d{4,8}$`)
	regimes  = []string{"tax", "civil", "none"}
	sources  = []string{data.ReadByCollector, data.ReadByResident, data.ReadEstimated}
)

// checkResidents looks at the invented residents of a demonstration. A real
// municipality's pack has none.
func (l *loader) checkResidents() {
	s := l.source("residents.yaml")
	if len(l.pack.Residents) > 0 && !l.pack.Municipality.Demonstration && l.knows("gmina.yaml") {
		s.fail("", "pack.residents_outside_demonstration")
	}
	codes, payers := map[string]bool{}, map[string]bool{}
	for i := range l.pack.Residents {
		r, path := &l.pack.Residents[i], fmt.Sprintf("[%d]", i)
		code := strings.ReplaceAll(r.Code, "-", "")
		switch {
		case !codeForm.MatchString(code):
			s.fail(path+".code", "pack.bad_code", "Value", r.Code)
		case codes[code]:
			s.fail(path+".code", "pack.duplicate", "Value", r.Code)
		}
		codes[code] = true
		if !pinForm.MatchString(r.PIN) {
			s.fail(path+".pin", "pack.bad_pin", "Value", r.PIN)
		}
		s.need(path+".payer", r.Payer)
		if r.Payer != "" && payers[r.Payer] {
			s.fail(path+".payer", "pack.duplicate", "Value", r.Payer)
		}
		payers[r.Payer] = true
		l.village(s, path+".place", r.Place)
		l.checkHolder(s, path+".holder", &r.Holder)
		l.checkLedger(s, path, r)
		l.checkMeters(s, path, r.Meters)
	}
}

func (l *loader) checkHolder(s *source, path string, h *data.Holder) {
	for _, f := range []struct{ key, value string }{
		{"first_name", h.FirstName}, {"last_name", h.LastName}, {"house", h.House}, {"postcode", h.Postcode}, {"town", h.Town},
	} {
		s.need(path+"."+f.key, f.value)
	}
	s.number(path+".pesel", ident.PESEL, h.PESEL)
	s.form(path+".postcode", h.Postcode, postcodeForm)
}

func (l *loader) checkLedger(s *source, path string, r *Resident) {
	taken := map[string]bool{}
	for k := range r.Charges {
		l.checkCharge(s, fmt.Sprintf("%s.charges[%d]", path, k), &r.Charges[k], taken)
	}
	for k, p := range r.Payments {
		at := fmt.Sprintf("%s.payments[%d]", path, k)
		s.needDate(at+".date", p.Date)
		s.oneOf(at+".kind", "pack.unknown_value", p.Kind, data.ChargeKinds)
		s.needText(at+".title", p.Title)
		if p.Amount <= 0 {
			s.fail(at+".amount", "pack.negative", "Key", "amount")
		}
	}
	for k, c := range r.Collections {
		at := fmt.Sprintf("%s.collections[%d]", path, k)
		s.needDate(at+".date", c.Date)
		l.fraction(s, at+".fraction", c.Fraction)
		if c.Pieces < 0 || c.Litres < 0 {
			s.fail(at, "pack.negative", "Key", "pieces")
		}
	}
}

func (l *loader) checkCharge(s *source, path string, c *data.Charge, taken map[string]bool) {
	s.need(path+".id", c.ID)
	if c.ID != "" && taken[c.ID] {
		s.fail(path+".id", "pack.duplicate", "Value", c.ID)
	}
	taken[c.ID] = true
	s.oneOf(path+".kind", "pack.unknown_value", c.Kind, data.ChargeKinds)
	s.oneOf(path+".interest", "pack.unknown_value", c.Interest, regimes)
	s.needBoth(path+".title", c.Title)
	s.needDate(path+".due", c.Due)
	if c.Amount < 0 || c.Paid < 0 {
		s.fail(path+".amount", "pack.negative", "Key", "amount")
	}
	l.account(s, path+".nrb", c.NRB)
	s.number(path+".nip", ident.NIP, c.NIP)
	s.need(path+".payee", c.Payee)
	s.atMost(path+".payee", c.Payee, maxPayee)
	s.need(path+".pay_title", c.PayTitle)
	s.atMost(path+".pay_title", c.PayTitle, maxPayTitle)
}

func (l *loader) checkMeters(s *source, path string, meters []data.Meter) {
	taken := map[string]bool{}
	for k := range meters {
		m, at := &meters[k], fmt.Sprintf("%s.meters[%d]", path, k)
		s.need(at+".id", m.ID)
		if m.ID != "" && taken[m.ID] {
			s.fail(at+".id", "pack.duplicate", "Value", m.ID)
		}
		taken[m.ID] = true
		s.need(at+".number", m.Number)
		s.needBoth(at+".place", m.Place)
		s.needDate(at+".installed", m.Installed)
		if m.Digits < 1 || m.Digits > 9 || m.Red < 0 || m.Red > 5 {
			s.fail(at+".digits", "pack.meter_digits")
			continue
		}
		if m.WindowFrom < 0 || m.WindowFrom > 31 || m.WindowTo < 0 || m.WindowTo > 31 || (m.WindowFrom == 0) != (m.WindowTo == 0) {
			s.fail(at+".window_from", "pack.meter_window")
		}
		s.checkReadings(at, m)
	}
}

func (s *source) checkReadings(path string, m *data.Meter) {
	limit := int64(1)
	for range m.Digits {
		limit *= 10
	}
	last := data.Date{}
	for k, r := range m.Readings {
		at := fmt.Sprintf("%s.readings[%d]", path, k)
		s.needDate(at+".date", r.Date)
		if !last.IsZero() && !last.Before(r.Date) {
			s.fail(at+".date", "pack.readings_order")
		}
		last = r.Date
		if r.Value < 0 || r.Value >= limit && (r.Meter == "" || r.Meter == m.Number) {
			s.fail(at+".value", "pack.reading_digits", "Digits", m.Digits)
		}
		if !slices.Contains(sources, r.Source) {
			s.fail(at+".source", "pack.unknown_value", "Value", r.Source, "Allowed", strings.Join(sources, ", "))
		}
	}
}
