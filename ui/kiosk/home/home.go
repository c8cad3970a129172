// Package home is the kiosk's first screen: what the kiosk does, a search field
// and the five doors.
package home

import (
	"fyne.io/fyne/v2"

	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// Calls is what the first screen leads to. Search gets what was typed so far:
// "" for a touch, one letter for a key; the screen it opens takes the rest.
type Calls struct {
	Search     func(c *shell.Ctx, typed string)
	Services   func(*shell.Ctx)
	Procedures func(*shell.Ctx)
	Info       func(*shell.Ctx)
	Online     func(*shell.Ctx)
	Dialog     func(*shell.Ctx)
}

// Access is a demonstration resident's way in, shown only by the demonstration.
type Access struct{ Code, PIN string }

// Screen is the first screen.
type Screen struct {
	calls Calls
	demo  []Access
}

// New makes the first screen; demo is nil outside the demonstration.
func New(calls Calls, demo []Access) *Screen { return &Screen{calls: calls, demo: demo} }

// Name is part of shell.Screen.
func (s *Screen) Name() string { return "home" }

// View is part of shell.Screen.
func (s *Screen) View(c *shell.Ctx) shell.View {
	search := s.search(c)
	hero := kit.Column(theme.Size(theme.GapSmall),
		kit.Ornament(), kit.Space(theme.Size(theme.GapTiny)),
		kit.Display(c.T("home.title")).Centred(),
		kit.NewText(c.T("home.line"), theme.TextLead, theme.Muted, false).Centred(),
	)
	parts := []fyne.CanvasObject{
		kit.Spring(), hero, kit.Space(theme.Size(theme.Gap)),
		kit.Narrow(1080, true, search), kit.Spring(), kit.Spring(), s.doors(c), kit.Spring(),
	}
	if len(s.demo) > 0 {
		parts = append(parts, s.demonstration(c))
	}
	return shell.View{Body: kit.Column(theme.Size(theme.GapSmall), parts...), Bare: true, NoBack: true, Wide: true, Focus: search}
}

func (s *Screen) search(c *shell.Ctx) *kit.SearchBox {
	return kit.NewSearchBox(c.T("home.search"), c.T("home.search_hint"), func(typed string) { s.calls.Search(c, typed) })
}

type door struct {
	icon, key string
	open      func(*shell.Ctx)
}

func (s *Screen) doors(c *shell.Ctx) fyne.CanvasObject {
	all := []door{
		{"wallet", "services", s.calls.Services}, {"procedures", "procedures", s.calls.Procedures},
		{"info", "info", s.calls.Info}, {"online", "online", s.calls.Online}, {"dialog", "dialog", s.calls.Dialog},
	}
	columns, line := shape(c)
	tiles := make([]fyne.CanvasObject, len(all))
	for i, d := range all {
		t := kit.TileSpec{Icon: d.icon, Title: c.T("home." + d.key), Wide: columns < 5, Arrow: columns == 1, Do: func() { d.open(c) }}
		if line {
			t.Line = c.T("home." + d.key + "_line")
		}
		tiles[i] = kit.NewTile(t)
	}
	return kit.TileGrid(columns, theme.Size(theme.Gap), tiles...)
}

// shape says in how many columns the doors stand and whether there is room for
// their second line, so that no word is broken and nothing needs scrolling.
func shape(c *shell.Ctx) (columns int, line bool) {
	switch {
	case c.Portrait:
		return 1, true
	case c.Compact && c.Large:
		return 3, false
	}
	return 5, true
}

// demonstration says discreetly how to get in: half of the kiosk cannot be seen
// without.
func (s *Screen) demonstration(c *shell.Ctx) fyne.CanvasObject {
	text := c.T("home.demo") + ":  "
	for i, a := range s.demo {
		if i > 0 {
			text += "   ·   "
		}
		text += c.T("home.demo_code", "Code", a.Code, "PIN", a.PIN)
	}
	return kit.Small(text).Centred()
}
