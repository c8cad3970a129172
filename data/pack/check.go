package pack

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"egmina/data"
	"egmina/data/ident"
)

// Lengths of the Polish payment code's fields, in characters.
const (
	maxPayee    = 20
	maxPayTitle = 32
)

var (
	idForm       = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,59}$`)
	postcodeForm = regexp.MustCompile(`^\d{2}-\d{3}$`)
	terytForm    = regexp.MustCompile(`^\d{7}$`)
	colourForm   = regexp.MustCompile(`^#[0-9a-f]{6}$`)
	eDelivery    = regexp.MustCompile(`^AE:PL-\d{5}-\d{5}-[A-Z]{5}-\d{2}$`)
)

// check looks at the pack as a whole.
func (l *loader) check() {
	for _, file := range []string{"gmina.yaml", "tariffs.yaml", "waste.yaml"} {
		if _, read := l.sources[file]; !read {
			l.source(file).fail("", "pack.missing_file")
		}
	}
	l.checkMunicipality()
	l.checkTariffs()
	l.checkWaste()
	for i := range l.pack.Procedures {
		l.checkProcedure(&l.pack.Procedures[i])
	}
	for i := range l.pack.Pages {
		l.checkPage(&l.pack.Pages[i])
	}
	for i := range l.pack.Forms {
		l.checkForm(&l.pack.Forms[i])
	}
	l.checkResidents()
}

// knows reports whether a file was understood, so that what is not in it is
// known not to be there. One that was not has its own line among the problems.
func (l *loader) knows(file string) bool {
	s, ok := l.sources[file]
	return ok && len(s.pos) > 0 && !s.wrongAt("")
}

// absent reports whether there is no such file, broken ones included.
func (l *loader) absent(file string) bool {
	_, there := l.sources[file]
	return !there
}

// need wants a value that is not empty.
func (s *source) need(path, value string) {
	if strings.TrimSpace(value) == "" {
		s.fail(path, "pack.missing", "Key", lastKey(path))
	}
}

func lastKey(path string) string { return path[strings.LastIndex(path, ".")+1:] }

// needText wants a sentence in Polish.
func (s *source) needText(path string, t data.Text) {
	if t.IsEmpty() {
		s.fail(path, "pack.missing", "Key", lastKey(path))
	}
}

// needBoth wants a sentence in Polish and English.
func (s *source) needBoth(path string, t data.Text) {
	s.needText(path, t)
	if !t.IsEmpty() && t["en"] == "" {
		s.fail(path, "pack.missing_english", "Key", lastKey(path))
	}
}

// both wants English where there is Polish.
func (s *source) both(path string, t data.Text) {
	if len(t) > 0 {
		s.needBoth(path, t)
	}
}

func (s *source) needDate(path string, d data.Date) {
	if d.IsZero() && !s.wrongAt(path) {
		s.fail(path, "pack.missing", "Key", lastKey(path))
	}
}

// wrongAt reports whether a value that stands in the file was refused already.
func (s *source) wrongAt(path string) bool {
	at, ok := s.pos[path]
	if !ok {
		return false
	}
	for _, p := range *s.problems {
		if p.File == s.file && p.Line == at.line && p.Col == at.col {
			return true
		}
	}
	return false
}

func (s *source) link(path, url string) {
	if url == "" {
		return
	}
	host, ok := strings.CutPrefix(url, "https://")
	if !ok || host == "" || strings.ContainsFunc(url, func(r rune) bool { return r <= ' ' || r == '"' || r == '<' || r == '\\' }) {
		s.fail(path, "pack.link_not_https", "Value", url)
	}
}

func (s *source) atMost(path, value string, characters int) {
	if utf8.RuneCountInString(value) > characters {
		s.fail(path, "pack.too_long", "Key", lastKey(path), "Max", characters)
	}
}

func (s *source) number(path, kind, value string) {
	if value == "" {
		return
	}
	if canonical, err := ident.Check(kind, value); err != nil || canonical != value {
		s.fail(path, "pack.bad_number", "Kind", strings.ToUpper(kind), "Value", value)
	}
}

// account checks an NRB; in a demonstration it must belong to no bank, so that
// nobody ever pays into it.
func (l *loader) account(s *source, path, nrb string) {
	s.need(path, nrb)
	s.number(path, ident.NRB, nrb)
	if l.pack.Municipality.Demonstration && len(nrb) == 26 && nrb[2:10] != "00000000" {
		s.fail(path, "pack.real_account", "Value", nrb)
	}
}

func (s *source) period(path string, p data.Period) {
	if !p.From.IsZero() && !p.To.IsZero() && p.To.Before(p.From) {
		s.fail(join(path, "to"), "pack.period_backwards")
	}
}

func (s *source) oneOf(path, code, value string, values []string) {
	if !slices.Contains(values, value) {
		s.fail(path, code, "Value", value, "Allowed", strings.Join(values, ", "))
	}
}

// unique wants an ID that nothing else in the same list has.
func (s *source) unique(path, id string, taken map[string]bool) {
	switch {
	case id == "":
		s.fail(path, "pack.missing", "Key", lastKey(path))
	case !idForm.MatchString(id):
		s.fail(path, "pack.bad_id", "Value", id)
	case taken[id]:
		s.fail(path, "pack.duplicate", "Value", id)
	}
	taken[id] = true
}

func (l *loader) checkMunicipality() {
	m, s := &l.pack.Municipality, l.source("gmina.yaml")
	if len(s.pos) == 0 {
		return
	}
	for _, f := range []struct{ key, value string }{
		{"id", m.ID}, {"short", m.Short}, {"genitive", m.Genitive}, {"teryt", m.TERYT}, {"voivodeship", m.Voivodeship}, {"county", m.County},
		{"authority", m.Authority}, {"street", m.Street}, {"postcode", m.Postcode}, {"town", m.Town},
	} {
		s.need(f.key, f.value)
	}
	s.needBoth("name", m.Name)
	s.needBoth("office", m.Office)
	s.needDate("as_of", m.AsOf)
	s.atMost("short", m.Short, maxPayee)
	s.number("nip", ident.NIP, m.NIP)
	s.link("web", m.Web)
	s.link("bip", m.BIP)
	s.form("id", m.ID, idForm)
	s.form("postcode", m.Postcode, postcodeForm)
	s.form("teryt", m.TERYT, terytForm)
	s.form("e_delivery", m.EDelivery, eDelivery)
	if len(m.Villages) == 0 {
		s.fail("villages", "pack.missing", "Key", "villages")
	}
	if _, ok := l.pack.Files[m.Emblem]; m.Emblem != "" && !ok {
		s.fail("emblem", "pack.no_such_file", "Value", m.Emblem)
	}
	l.checkUnits(s, m)
	l.checkAccounts(s, m)
}

func (s *source) form(path, value string, form *regexp.Regexp) {
	if value != "" && !form.MatchString(value) {
		s.fail(path, "pack.bad_form", "Key", lastKey(path), "Value", value)
	}
}

func (l *loader) checkUnits(s *source, m *data.Municipality) {
	taken := map[string]bool{}
	for i, u := range m.Units {
		path := fmt.Sprintf("units[%d]", i)
		s.unique(path+".id", u.ID, taken)
		s.needBoth(path+".name", u.Name)
		s.both(path+".does", u.Does)
	}
	for i, h := range m.Hours {
		path := fmt.Sprintf("hours[%d]", i)
		s.needBoth(path+".days", h.Days)
		s.need(path+".open", h.Open)
	}
}

func (l *loader) checkAccounts(s *source, m *data.Municipality) {
	taken := map[string]bool{}
	for i, a := range m.Accounts {
		path := fmt.Sprintf("accounts[%d]", i)
		s.unique(path+".id", a.ID, taken)
		l.account(s, path+".nrb", a.NRB)
		s.need(path+".name", a.Name)
		s.atMost(path+".name", a.Name, maxPayee)
		s.both(path+".for", a.For)
	}
}

func (l *loader) checkTariffs() {
	s := l.source("tariffs.yaml")
	for i, t := range l.pack.Tariffs {
		path := fmt.Sprintf("[%d]", i)
		s.need(path+".id", t.ID)
		s.form(path+".id", t.ID, idForm)
		s.needBoth(path+".name", t.Name)
		s.need(path+".basis", t.Basis)
		s.needDate(path+".as_of", t.AsOf)
		if t.From.IsZero() && !s.wrongAt(path+".from") {
			s.fail(path, "pack.rate_without_period", "Value", t.ID)
		}
		s.period(path, t.Period)
		s.amount(path, &t)
		for k := range i {
			if o := l.pack.Tariffs[k]; o.ID == t.ID && overlap(o.Period, t.Period) {
				s.fail(path+".from", "pack.rates_overlap", "Value", t.ID, "Line", s.at(fmt.Sprintf("[%d]", k)).line)
				break
			}
		}
	}
}

func overlap(a, b data.Period) bool {
	return (a.To.IsZero() || !a.To.Before(b.From)) && (b.To.IsZero() || !b.To.Before(a.From))
}

// amount wants one of a price, tiers or a yearly rate.
func (s *source) amount(path string, t *data.Tariff) {
	n := 0
	for _, key := range []string{"grosze", "tiers", "basis_points"} {
		if s.has(path + "." + key) {
			n++
		}
	}
	if n != 1 {
		s.fail(path, "pack.rate_amount", "Value", t.ID)
	}
	if t.Grosze < 0 || t.BasisPoints < 0 {
		s.fail(path, "pack.negative", "Key", "grosze")
	}
	last := int64(0)
	for k, tier := range t.Tiers {
		at, open := fmt.Sprintf("%s.tiers[%d]", path, k), tier.UpTo == 0
		if tier.Grosze < 0 {
			s.fail(at+".grosze", "pack.negative", "Key", "grosze")
		}
		if open != (k == len(t.Tiers)-1) || !open && tier.UpTo <= last {
			s.fail(at, "pack.tiers_order")
		}
		last = tier.UpTo
	}
}

func (l *loader) checkWaste() {
	w, s := &l.pack.Waste, l.source("waste.yaml")
	if len(s.pos) == 0 {
		return
	}
	s.needDate("as_of", w.AsOf)
	taken := map[string]bool{}
	for i, f := range w.Fractions {
		path := fmt.Sprintf("fractions[%d]", i)
		s.unique(path+".id", f.ID, taken)
		s.needBoth(path+".name", f.Name)
		s.both(path+".hint", f.Hint)
		s.need(path+".colour", f.Colour)
		s.form(path+".colour", f.Colour, colourForm)
	}
	days := map[string]bool{}
	for i, p := range w.Schedule {
		path := fmt.Sprintf("schedule[%d]", i)
		s.needDate(path+".date", p.Date)
		l.village(s, path+".place", p.Place)
		if len(p.Fractions) == 0 {
			s.fail(path, "pack.missing", "Key", "fractions")
		}
		for k, id := range p.Fractions {
			l.fraction(s, fmt.Sprintf("%s.fractions[%d]", path, k), id)
		}
		if key := p.Place + p.Date.String(); days[key] {
			s.fail(path, "pack.duplicate", "Value", p.Place+" "+p.Date.String())
		} else {
			days[key] = true
		}
	}
}

func (l *loader) village(s *source, path, name string) {
	if l.knows("gmina.yaml") {
		s.oneOf(path, "pack.unknown_village", name, l.pack.Municipality.Villages)
	}
}

func (l *loader) fraction(s *source, path, id string) {
	if !l.knows("waste.yaml") {
		return
	}
	ids := make([]string, len(l.pack.Waste.Fractions))
	for i, f := range l.pack.Waste.Fractions {
		ids[i] = f.ID
	}
	s.oneOf(path, "pack.unknown_fraction", id, ids)
}

// abbreviations end in a point that ends no sentence.
var abbreviations = []string{
	"ul", "al", "os", "pl", "np", "m.in", "tj", "itd", "itp", "tzw", "tel", "pok", "nr", "art", "ust", "pkt", "poz", "dz", "u", "im", "św", "dr", "godz",
	"r", "ok", "zob", "por", "n.p", "e.g", "i.e", "etc", "st", "no", "mr", "mrs", "ms", "a.m", "p.m", "pow", "woj", "gm", "sp", "z o.o", "o",
}

// sentences counts the sentences of a text.
func sentences(text string) int {
	words, n, open := strings.Fields(text), 0, false
	for i, w := range words {
		open = true
		end := strings.TrimRight(w, `)"'”’`)
		bare := strings.ToLower(strings.TrimLeft(strings.TrimRight(end, ".!?…"), `("'„`))
		if end == strings.TrimRight(end, ".!?…") || slices.Contains(abbreviations, bare) && strings.HasSuffix(end, ".") {
			continue
		}
		if i+1 < len(words) {
			if first, _ := utf8.DecodeRuneInString(strings.TrimLeft(words[i+1], `("'„`)); unicode.IsLower(first) {
				continue
			}
		}
		n, open = n+1, false
	}
	if open {
		n++
	}
	return n
}
