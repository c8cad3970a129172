package procedures

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

type card struct {
	n    *Needs
	slug string
}

// Card is everything about one procedure.
func Card(n *Needs, slug string) shell.Screen { return &card{n, slug} }

// Name is part of shell.Screen.
func (s *card) Name() string { return "procedure" }

// View is part of shell.Screen.
func (s *card) View(c *shell.Ctx) shell.View {
	ct := s.n.Content()
	p, ok := ct.procedure(s.slug)
	if !ok {
		return shell.View{Title: c.T("procedures.gone"), Body: empty(c, s.n)}
	}
	v := &sheet{c: c, n: s.n, ct: ct, p: p, today: data.DateOf(c.Now())}
	gap := theme.Size(theme.Gap)
	left := kit.Column(gap, v.about(), v.body())
	right := kit.Column(gap, v.forms(), v.where(), v.channels(), parts.Phone(c, p.Link, v.doubt("link")), v.law(), v.related())
	body := parts.Columns(0.56, gap*1.4, left, right)
	if parts.OneColumn(c) {
		body = kit.Column(gap, v.about(), v.forms(), v.where(), v.channels(), v.body(), parts.Phone(c, p.Link, v.doubt("link")), v.law(), v.related())
	}
	return shell.View{
		Title: p.Title.In(c.Lang), Lead: areaName(c, p.Area), Wide: true, Actions: v.actions(),
		Body: kit.Column(gap, body, parts.AsOf(c, p.AsOf, p.Source)),
	}
}

// sheet builds the card's sections.
type sheet struct {
	c     *shell.Ctx
	n     *Needs
	ct    Content
	p     *data.Procedure
	today data.Date
}

// doubt is the remark beside a field the office has not confirmed.
func (s *sheet) doubt(field string) string {
	if slices.Contains(s.p.Unconfirmed, field) {
		return s.c.T("procedures.unconfirmed")
	}
	return ""
}

func (s *sheet) t(key string) string { return s.c.T("procedures." + key) }

// text is a section of one text; without the text there is none.
func (s *sheet) text(icon, key, field string, t data.Text) fyne.CanvasObject {
	if t.IsEmpty() {
		return nil
	}
	return parts.Marked(icon, s.t(key), s.doubt(field), kit.Body(t.In(s.c.Lang)))
}

// about is what to know before coming: what it is, who, what to bring, how much
// and how long.
func (s *sheet) about() fyne.CanvasObject {
	gap := theme.Size(theme.Gap) * 1.3
	return kit.Card(kit.Column(gap,
		kit.Lead(s.p.Summary.In(s.c.Lang)),
		kit.Rule(),
		s.text("user", "who", "who", s.p.Who),
		s.documents(),
		s.fees(),
		s.text("clock", "time", "time", s.p.Time),
	))
}

func (s *sheet) documents() fyne.CanvasObject {
	if len(s.p.Documents) == 0 {
		return nil
	}
	var rows []fyne.CanvasObject
	for _, d := range s.p.Documents {
		rows = append(rows, kit.TopLine(theme.Size(theme.GapSmall),
			kit.Icon("check", theme.IconSmall, theme.Accent), kit.Grow(kit.Body(d.In(s.c.Lang)))))
	}
	return parts.Marked("form", s.t("documents"), s.doubt("documents"), kit.Column(theme.Size(theme.GapSmall), rows...))
}

func (s *sheet) fees() fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for i, f := range s.p.Fees {
		if i > 0 {
			rows = append(rows, kit.Rule())
		}
		rows = append(rows, s.fee(f))
	}
	if len(rows) == 0 {
		rows = []fyne.CanvasObject{kit.Body(s.t("free"))}
	}
	return parts.Marked("wallet", s.t("fees"), s.doubt("fees"), kit.Column(theme.Size(theme.GapSmall), rows...))
}

func (s *sheet) fee(f data.Fee) fyne.CanvasObject {
	words := []fyne.CanvasObject{kit.Body(f.Label.In(s.c.Lang))}
	if f.Basis != "" {
		words = append(words, kit.Small(f.Basis))
	}
	return kit.Line(theme.Size(theme.Gap), kit.Grow(kit.Column(2, words...)), s.amount(f))
}

// amount is the fee in force today; what no tariff knows is left to the office.
func (s *sheet) amount(f data.Fee) fyne.CanvasObject {
	sum := data.Money(f.Grosze)
	if f.Tariff != "" {
		t, ok := s.ct.Tariffs.On(f.Tariff, s.today)
		if !ok {
			return kit.NewText(s.t("unconfirmed_short"), theme.TextSmall, theme.AttentionInk, false)
		}
		sum = t.Price(1)
	}
	if sum == 0 {
		return kit.Strong(s.t("no_fee"))
	}
	return kit.Amount(sum.String()).Sized(theme.TextLead)
}

// body is the card's own text below.
func (s *sheet) body() fyne.CanvasObject {
	src := s.p.Body.In(s.c.Lang)
	if strings.TrimSpace(src) == "" {
		return nil
	}
	return kit.Card(markdown.View(src))
}

// actions is what one can do with the procedure's only form; with several the
// card has a list of them.
func (s *sheet) actions() []shell.Action {
	fs := s.ct.forms(s.p.Forms)
	if len(fs) != 1 {
		return nil
	}
	slug := fs[0].Slug
	return []shell.Action{
		{Label: s.t("blank"), Icon: "printer", Do: func() { s.n.Blank(s.c, slug) }},
		{Label: s.t("fill"), Icon: "pencil", Kind: kit.ButtonPrimary, Do: func() { s.n.Fill(s.c, slug) }},
	}
}

// forms lists the forms when there is a choice.
func (s *sheet) forms() fyne.CanvasObject {
	fs := s.ct.forms(s.p.Forms)
	if len(fs) < 2 {
		return nil
	}
	return parts.Section("form", s.t("forms"), formRows(s.c, s.n, fs)...)
}

func formRows(c *shell.Ctx, n *Needs, fs []data.Form) []fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, f := range fs {
		slug := f.Slug
		rows = append(rows, kit.Card(kit.Column(theme.Size(theme.GapSmall),
			kit.Strong(f.Title.In(c.Lang)),
			kit.Line(theme.Size(theme.GapSmall),
				kit.NewButton(kit.ButtonSpec{Label: c.T("procedures.fill"), Icon: "pencil", Do: func() { n.Fill(c, slug) }}),
				kit.NewButton(kit.ButtonSpec{Label: c.T("procedures.blank"), Icon: "printer", Kind: kit.ButtonQuiet, Do: func() { n.Blank(c, slug) }})))))
	}
	return rows
}
