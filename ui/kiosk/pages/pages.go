// Package pages shows the texts behind the lobby's doors: guides, notices and
// consultations from the content pack.
package pages

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/ui/kiosk/markdown"
	"egmina/ui/kiosk/parts"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// Needs is what the screens need. Pages is set, Rows may be nil.
type Needs struct {
	Pages func() []data.Page                            // all there are, in the order of the pack
	Rows  func(c *shell.Ctx, door string) []kit.RowSpec // what a door leads to besides its pages, shown first
}

// door lists the pages of a door that are shown today, in their order.
func (n *Needs) door(c *shell.Ctx, door string) []data.Page {
	today := data.DateOf(c.Now())
	var out []data.Page
	for _, p := range n.Pages() {
		if p.Door == door && p.Holds(today) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b data.Page) int { return a.Order - b.Order })
	return out
}

var icons = map[string]string{"guide": "help", "notice": "megaphone", "consultation": "dialog", "contact": "phone"}

type list struct {
	n    *Needs
	door string
}

// List is what lies behind a door: "info", "online", "dialog" or "uslugi".
func List(n *Needs, door string) shell.Screen { return &list{n, door} }

// Name is part of shell.Screen.
func (s *list) Name() string { return "pages" }

// View is part of shell.Screen.
func (s *list) View(c *shell.Ctx) shell.View {
	var rows []kit.RowSpec
	if s.n.Rows != nil {
		rows = s.n.Rows(c, s.door)
	}
	for _, p := range s.n.door(c, s.door) {
		rows = append(rows, s.row(c, p))
	}
	l := kit.NewList(kit.ListSpec{
		Words: c.Loc, Len: len(rows), Row: func(i int) kit.RowSpec { return rows[i] },
		Empty: kit.Empty("info", c.T("info.none"), c.T("info.none_do")),
	})
	return shell.View{Title: c.T("info.door_" + s.door), Lead: c.T("info.lead_" + s.door), Body: l, Fill: true, Focus: l.First()}
}

func (s *list) row(c *shell.Ctx, p data.Page) kit.RowSpec {
	icon, ok := icons[p.Kind]
	if !ok {
		icon = "info"
	}
	r := kit.RowSpec{Icon: icon, Title: p.Title.In(c.Lang), Detail: p.Summary.In(c.Lang), Do: func() { c.Push(Reader(s.n, p.Slug)) }}
	if p.Kind == "notice" || p.Kind == "consultation" {
		r.Note = dates(c, p)
	}
	return r
}

// dates says when a notice appeared or until when a consultation runs.
func dates(c *shell.Ctx, p data.Page) string {
	switch {
	case p.Kind == "consultation" && !p.To.IsZero():
		return c.T("info.until", "Date", p.To.Polish())
	case !p.From.IsZero():
		return c.T("info.from", "Date", p.From.Polish())
	}
	return ""
}

type reader struct {
	n    *Needs
	slug string
}

// Reader shows one page.
func Reader(n *Needs, slug string) shell.Screen { return &reader{n, slug} }

// Name is part of shell.Screen.
func (s *reader) Name() string { return "page" }

// View is part of shell.Screen.
func (s *reader) View(c *shell.Ctx) shell.View {
	for _, p := range s.n.Pages() {
		if p.Slug == s.slug {
			return s.show(c, p)
		}
	}
	return shell.View{Title: c.T("info.gone"), Body: kit.Empty("info", c.T("info.gone"), c.T("info.none_do"))}
}

func (s *reader) show(c *shell.Ctx, p data.Page) shell.View {
	gap := theme.Size(theme.Gap)
	words := []fyne.CanvasObject{kit.Lead(p.Summary.In(c.Lang))}
	if src := p.Body.In(c.Lang); strings.TrimSpace(src) != "" {
		words = append(words, kit.Rule(), markdown.View(src))
	}
	text := kit.Card(kit.Column(gap, words...))
	side := parts.Phone(c, p.Link, "")
	v := shell.View{Title: p.Title.In(c.Lang), Lead: dates(c, p), Wide: side != nil}
	body := parts.Columns(0.62, gap*1.4, text, side)
	if parts.OneColumn(c) {
		body = kit.Column(gap, text, side)
	}
	v.Body = kit.Column(gap, body, parts.AsOf(c, p.AsOf, p.Source))
	return v
}
