package procedures

import (
	"strings"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// maxQuery is how much of a question is looked at, in letters.
const maxQuery = 100

// firstHits is how many hits show at once: the right one is nearly always among
// the first three.
const firstHits = 8

type results struct {
	n      *Needs
	query  string
	wiped  bool
	all    bool // show every hit
	found  *fyne.Container
	scroll *kit.Scroll
}

// Results is the search: what was typed so far, and from the first letter on
// what it finds.
func Results(n *Needs, typed string) shell.Screen { return &results{n: n, query: typed} }

// Name is part of shell.Screen.
func (s *results) Name() string { return "results" }

// View is part of shell.Screen.
func (s *results) View(c *shell.Ctx) shell.View {
	if !s.wiped {
		s.wiped = true
		c.Session().OnEnd(func() { s.query = "" })
	}
	field := kit.NewField(c.Loc, kit.FieldSpec{
		Label: c.T("procedures.search"), Value: s.query, Placeholder: c.T("procedures.search_hint"), MaxLen: maxQuery,
		OnChanged:   func(q string) { s.ask(c, q) },
		OnSubmitted: func(string) { s.openFirst(c) },
	})
	s.found = kit.Column(theme.Size(theme.GapSmall))
	s.scroll = kit.NewScroll(kit.Pad(s.found, 8))
	s.fill(c)
	// No title row: with the keyboard below every line of the list counts.
	body := kit.Column(theme.Size(theme.GapSmall), kit.Space(4), kit.Inset(field, 8, 0, 8, 0), kit.Grow(elastic(s.scroll)))
	return shell.View{Title: c.T("procedures.results"), Body: body, Fill: true, Wide: true, Bare: true, Focus: field.Entry()}
}

// ask searches at once: an answer takes less than five milliseconds.
func (s *results) ask(c *shell.Ctx, q string) {
	s.query, s.all = q, false
	s.fill(c)
	s.scroll.ScrollToTop()
	s.scroll.Refresh()
}

func (s *results) hits() []data.Procedure {
	if strings.TrimSpace(s.query) == "" {
		return nil
	}
	return s.n.Content().Search(s.query)
}

func (s *results) openFirst(c *shell.Ctx) {
	if hits := s.hits(); len(hits) > 0 {
		c.Push(Card(s.n, hits[0].Slug))
	}
}

// fill shows what is found; nothing typed shows the areas, nothing found says
// what to do instead.
func (s *results) fill(c *shell.Ctx) {
	hits := s.hits()
	s.found.Objects = nil
	switch {
	case strings.TrimSpace(s.query) == "":
		s.found.Objects = []fyne.CanvasObject{kit.Muted(c.T("procedures.type_or_choose")), tiles(c, s.n, s.n.Content())}
	case len(hits) == 0:
		s.found.Objects = s.nothing(c)
	default:
		s.found.Objects = append(s.found.Objects, kit.Small(c.N("procedures.found", len(hits))))
		s.found.Objects = append(s.found.Objects, s.hitRows(c, hits)...)
	}
}

// hitRows shows the best hits, and the others when asked.
func (s *results) hitRows(c *shell.Ctx, hits []data.Procedure) []fyne.CanvasObject {
	if s.all || len(hits) <= firstHits {
		return []fyne.CanvasObject{s.rows(c, hits)}
	}
	more := kit.Secondary(c.T("kit.more"), "chevron-down", func() {
		s.all = true
		c.Refresh()
	})
	return []fyne.CanvasObject{s.rows(c, hits[:firstHits]), more}
}

// rows shows the hits with their summaries; a low panel has room for the names
// only, in two columns.
func (s *results) rows(c *shell.Ctx, hits []data.Procedure) fyne.CanvasObject {
	brief := c.Compact && !c.Portrait
	columns := 1
	if brief {
		columns = 2
	}
	rows := make([]fyne.CanvasObject, len(hits))
	for i, p := range hits {
		detail := areaName(c, p.Area)
		if !brief {
			detail += " · " + p.Summary.In(c.Lang)
		}
		rows[i] = kit.NewRow(row(c, s.n, p, detail))
	}
	return kit.Column(0, kit.Grid(columns, theme.Size(theme.GapSmall), rows...))
}

func (s *results) nothing(c *shell.Ctx) []fyne.CanvasObject {
	return []fyne.CanvasObject{
		kit.Heading(c.T("procedures.nothing", "Query", strings.TrimSpace(s.query))),
		kit.Muted(c.T("procedures.nothing_do")),
		kit.Line(theme.Size(theme.Gap),
			kit.Secondary(c.T("procedures.all_areas"), "procedures", func() { c.Replace(Areas(s.n)) }),
			kit.Secondary(c.T("procedures.contact"), "info", func() { s.n.Contact(c) })),
	}
}

// elastic makes the list take what the field leaves instead of its own height.
func elastic(o fyne.CanvasObject) fyne.CanvasObject {
	return &fyne.Container{Layout: elasticLayout{}, Objects: []fyne.CanvasObject{o}}
}

type elasticLayout struct{}

func (elasticLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, 0) }
func (elasticLayout) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	objs[0].Move(fyne.Position{})
	objs[0].Resize(size)
}
