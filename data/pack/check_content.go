package pack

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"egmina/data"
	"egmina/data/forms"
)

const maxSentences = 3

var (
	channelKinds = []string{
		data.ChannelDesk, data.ChannelPost, data.ChannelEDelivery, data.ChannelGov, data.ChannelEPUAP, data.ChannelEmail, data.ChannelProvider,
	}
	unconfirmable = []string{"fees", "time", "basis", "appeal", "documents", "link", "who", "channels"}
	doors         = []string{"info", "online", "dialog", "uslugi"}
	pageKinds     = []string{"guide", "notice", "consultation", "contact"}
)

func (l *loader) checkProcedure(p *data.Procedure) {
	s := l.source("procedures/" + p.Slug + ".md")
	s.oneOf("area", "pack.unknown_area", p.Area, data.Areas)
	s.needBoth("title", p.Title)
	s.needBoth("summary", p.Summary)
	for lang, text := range p.Summary {
		if n := sentences(text); n > maxSentences {
			s.fail("summary."+lang, "pack.long_summary", "Count", n, "Max", maxSentences)
		}
	}
	s.needText("who", p.Who)
	s.needText("time", p.Time)
	s.needText("appeal", p.Appeal)
	s.needDate("as_of", p.AsOf)
	s.link("link", p.Link)
	s.source("source", p.Source)
	for key, list := range map[string]int{"basis": len(p.Basis), "channels": len(p.Channels), "keywords": len(p.Keywords)} {
		if list == 0 {
			s.fail(key, "pack.missing", "Key", key)
		}
	}
	for i, name := range p.Unconfirmed {
		s.oneOf(fmt.Sprintf("unconfirmed[%d]", i), "pack.unknown_value", name, unconfirmable)
	}
	if p.Body.IsEmpty() {
		s.failAt(1, 1, "pack.no_body")
	}
	l.checkLinks(s, p)
	l.checkFees(s, p.Fees)
	l.checkChannels(s, p.Channels)
}

// source allows a note with or without an address, but no plain http.
func (s *source) source(path, value string) {
	if strings.Contains(value, "http://") {
		s.fail(path, "pack.link_not_https", "Value", value)
	}
}

func (l *loader) checkLinks(s *source, p *data.Procedure) {
	if _, ok := l.pack.Municipality.Unit(p.Unit); !ok && l.knows("gmina.yaml") {
		s.fail("unit", "pack.unknown_unit", "Value", p.Unit)
	}
	for i, slug := range p.Forms {
		if _, ok := l.pack.Form(slug); !ok && l.absent("forms/"+slug+".yaml") {
			s.fail(fmt.Sprintf("forms[%d]", i), "pack.unknown_form", "Value", slug)
		}
	}
	for i, slug := range p.Related {
		if !l.hasProcedure(slug) || slug == p.Slug {
			s.fail(fmt.Sprintf("related[%d]", i), "pack.unknown_procedure", "Value", slug)
		}
	}
	for i, d := range p.Documents {
		s.needText(fmt.Sprintf("documents[%d]", i), d)
	}
	for i, b := range p.Basis {
		s.need(fmt.Sprintf("basis[%d]", i), b)
	}
}

// hasProcedure reports whether there is a procedure, readable or not.
func (l *loader) hasProcedure(slug string) bool {
	_, ok := l.pack.Procedure(slug)
	return ok || !l.absent("procedures/"+slug+".md")
}

func (l *loader) checkFees(s *source, fees []data.Fee) {
	for i, f := range fees {
		path := fmt.Sprintf("fees[%d]", i)
		s.needText(path+".label", f.Label)
		s.need(path+".basis", f.Basis)
		if f.Grosze < 0 {
			s.fail(path+".grosze", "pack.negative", "Key", "grosze")
		}
		if f.Tariff != "" {
			l.knownTariff(s, path+".tariff", f.Tariff)
		}
		if f.Account != "" {
			l.knownAccount(s, path+".account", f.Account)
		}
	}
}

func (l *loader) knownTariff(s *source, path, id string) {
	if l.knows("tariffs.yaml") && !slices.ContainsFunc(l.pack.Tariffs, func(t data.Tariff) bool { return t.ID == id }) {
		s.fail(path, "pack.unknown_tariff", "Value", id)
	}
}

func (l *loader) knownAccount(s *source, path, id string) {
	if _, ok := l.pack.Municipality.Account(id); !ok && l.knows("gmina.yaml") {
		s.fail(path, "pack.unknown_account", "Value", id)
	}
}

// checkChannels wants a period for ePUAP: since 2026-01-01 it has effect only
// where a special rule says so (KPA art. 63), and such rules end.
func (l *loader) checkChannels(s *source, channels []data.Channel) {
	for i, c := range channels {
		path := fmt.Sprintf("channels[%d]", i)
		s.oneOf(path+".kind", "pack.unknown_channel", c.Kind, channelKinds)
		s.needText(path+".note", c.Note)
		s.link(path+".url", c.URL)
		s.period(path, c.Period)
		if c.Kind == data.ChannelEPUAP && (c.From.IsZero() || c.Basis == "") {
			s.fail(path, "pack.epuap_without_period")
		}
	}
}

func (l *loader) checkPage(p *data.Page) {
	s := l.source("pages/" + p.Slug + ".md")
	s.oneOf("door", "pack.unknown_value", p.Door, doors)
	s.oneOf("kind", "pack.unknown_value", p.Kind, pageKinds)
	s.needBoth("title", p.Title)
	s.needBoth("summary", p.Summary)
	s.needDate("as_of", p.AsOf)
	s.link("link", p.Link)
	s.source("source", p.Source)
	s.period("", p.Period)
	switch {
	case p.Body.IsEmpty():
		s.failAt(1, 1, "pack.no_body")
	case p.Body["en"] == "":
		s.failAt(1, 1, "pack.no_english_body", "File", "pages/"+p.Slug+".en.md")
	}
}

func (l *loader) checkForm(f *data.Form) {
	s := l.source("forms/" + f.Slug + ".yaml")
	s.need("version", f.Version)
	s.needBoth("title", f.Title)
	s.both("intro", f.Intro)
	s.needText("privacy", f.Privacy)
	s.needDate("as_of", f.AsOf)
	if !l.hasProcedure(f.Procedure) {
		s.fail("procedure", "pack.unknown_procedure", "Value", f.Procedure)
	}
	if len(f.Basis) == 0 {
		s.fail("basis", "pack.missing", "Key", "basis")
	}
	for i := range f.Steps {
		s.checkStep(fmt.Sprintf("steps[%d]", i), &f.Steps[i])
	}
	for i, fe := range f.Fees {
		path := fmt.Sprintf("fees[%d]", i)
		s.needBoth(path+".label", fe.Label)
		s.need(path+".basis", fe.Basis)
		s.need(path+".title", fe.Title)
		l.knownAccount(s, path+".account", fe.Account)
	}
	l.compile(s, f)
}

// compile lets the engine look at the form; its places are ours.
func (l *loader) compile(s *source, f *data.Form) {
	_, err := forms.Compile(*f, forms.Env{Today: l.pack.Municipality.AsOf, Tariffs: l.pack.Tariffs})
	var problems forms.Problems
	if !errors.As(err, &problems) {
		return
	}
	for _, p := range problems {
		if p.Code == "forms.unknown_tariff" && !l.knows("tariffs.yaml") {
			continue
		}
		at := s.at(p.Path)
		*s.problems = append(*s.problems, Problem{File: s.file, Line: at.line, Col: at.col, Code: p.Code, Args: p.Args})
	}
}

func (s *source) checkStep(path string, st *data.Step) {
	s.needBoth(path+".title", st.Title)
	s.both(path+".help", st.Help)
	if st.Repeat != nil {
		s.needBoth(path+".repeat.item", st.Repeat.Item)
	}
	for j := range st.Fields {
		s.checkField(fmt.Sprintf("%s.fields[%d]", path, j), &st.Fields[j])
	}
}

func (s *source) checkField(path string, f *data.Field) {
	s.needBoth(path+".label", f.Label)
	s.both(path+".help", f.Help)
	s.both(path+".unit", f.Unit)
	for k, o := range f.Options {
		at := fmt.Sprintf("%s.options[%d]", path, k)
		s.needBoth(at+".label", o.Label)
		s.both(at+".help", o.Help)
	}
	for k, c := range f.Check {
		s.needBoth(fmt.Sprintf("%s.check[%d].say", path, k), c.Say)
	}
}
