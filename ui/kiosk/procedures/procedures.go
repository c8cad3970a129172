// Package procedures is the catalogue of official matters: its areas, the search
// and the card of one procedure.
package procedures

import (
	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/ui/kiosk/parts"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// Content is the public content at one moment. It is not changed.
type Content struct {
	Municipality data.Municipality
	Procedures   []data.Procedure
	Forms        []data.Form
	Tariffs      data.Tariffs
	Search       func(query string) []data.Procedure // best first
}

// Needs is what the screens need. Every function is set.
type Needs struct {
	Content func() Content                  // what holds now; asked for every View
	Fill    func(c *shell.Ctx, form string) // opens the form with the slug
	Blank   func(c *shell.Ctx, form string) // prints it empty
	Contact func(c *shell.Ctx)              // where the desk is
}

// procedure finds a card by its slug.
func (ct Content) procedure(slug string) (*data.Procedure, bool) {
	for i := range ct.Procedures {
		if ct.Procedures[i].Slug == slug {
			return &ct.Procedures[i], true
		}
	}
	return nil, false
}

// forms returns the forms of a procedure that are there.
func (ct Content) forms(slugs []string) []data.Form {
	var out []data.Form
	for _, s := range slugs {
		for _, f := range ct.Forms {
			if f.Slug == s {
				out = append(out, f)
			}
		}
	}
	return out
}

// in lists the procedures of an area in the order of the catalogue.
func (ct Content) in(area string) []data.Procedure {
	var out []data.Procedure
	for _, p := range ct.Procedures {
		if p.Area == area {
			out = append(out, p)
		}
	}
	return out
}

// icons of the areas.
var icons = map[string]string{
	"ewidencja": "house", "dowody": "card", "wybory": "vote", "usc": "heart", "podatki": "wallet",
	"odpady": "waste", "woda": "drop", "srodowisko": "leaf", "planowanie": "pin", "drogi": "road",
	"dzialalnosc": "building", "oswiata": "school", "pomoc": "users", "dostep": "procedures", "inne": "help",
}

func areaName(c *shell.Ctx, area string) string { return c.T("procedures.area_" + area) }

func row(c *shell.Ctx, n *Needs, p data.Procedure, detail string) kit.RowSpec {
	slug := p.Slug
	return kit.RowSpec{
		Icon: icons[p.Area], Title: p.Title.In(c.Lang), Detail: detail,
		Do: func() { c.Push(Card(n, slug)) },
	}
}

type areas struct{ n *Needs }

// Areas is the list of all areas there are procedures in.
func Areas(n *Needs) shell.Screen { return &areas{n} }

// Name is part of shell.Screen.
func (s *areas) Name() string { return "areas" }

// View is part of shell.Screen.
func (s *areas) View(c *shell.Ctx) shell.View {
	ct := s.n.Content()
	search := kit.NewSearchBox(c.T("procedures.search"), c.T("procedures.search_hint"), func(typed string) {
		c.Push(Results(s.n, typed))
	})
	body := kit.Column(theme.Size(theme.GapLarge)*0.8, search, tiles(c, s.n, ct))
	return shell.View{Title: c.T("procedures.title"), Lead: c.N("procedures.lead", len(ct.Procedures)), Body: body, Wide: true, Focus: search}
}

// tiles are the areas to choose from, in two or three columns.
func tiles(c *shell.Ctx, n *Needs, ct Content) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, a := range data.Areas {
		count := len(ct.in(a))
		if count == 0 {
			continue
		}
		rows = append(rows, kit.NewRow(kit.RowSpec{
			Icon: icons[a], Title: areaName(c, a), Detail: c.N("procedures.count", count),
			Do: func() { c.Push(Area(n, a)) },
		}))
	}
	if len(rows) == 0 {
		return empty(c, n)
	}
	columns := 3
	if parts.OneColumn(c) {
		columns = 2
	}
	return kit.Grid(columns, theme.Size(theme.Gap), rows...)
}

func empty(c *shell.Ctx, n *Needs) fyne.CanvasObject {
	return kit.Empty("procedures", c.T("procedures.none"), c.T("procedures.none_do"),
		kit.Secondary(c.T("procedures.contact"), "info", func() { n.Contact(c) }))
}

type area struct {
	n  *Needs
	id string
}

// Area is the list of the procedures of one area.
func Area(n *Needs, id string) shell.Screen { return &area{n, id} }

// Name is part of shell.Screen.
func (s *area) Name() string { return "area" }

// View is part of shell.Screen.
func (s *area) View(c *shell.Ctx) shell.View {
	all := s.n.Content().in(s.id)
	list := kit.NewList(kit.ListSpec{
		Words: c.Loc, Len: len(all), Empty: empty(c, s.n),
		Row: func(i int) kit.RowSpec { return row(c, s.n, all[i], all[i].Summary.In(c.Lang)) },
	})
	return shell.View{Title: areaName(c, s.id), Lead: c.N("procedures.count", len(all)), Body: list, Fill: true, Focus: list.First()}
}
