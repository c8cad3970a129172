// Package waste shows when waste is collected, what goes where, and what was
// taken from a resident's own property.
package waste

import (
	"image/color"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"egmina/data"
	"egmina/data/resident"
	"egmina/ui/kiosk/parts"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// nextDays is how many coming collections are shown.
const nextDays = 8

// Needs is what the family needs from the rest of the kiosk.
type Needs struct {
	Waste  func() data.Waste
	Places func() []string // villages
}

// mine is one resident's collections and the coming ones of the village.
type mine struct {
	n Needs
	a *resident.Account
}

// Mine makes the screen of an account's collections.
func Mine(n Needs, a *resident.Account) shell.Screen { return &mine{n, a} }

// Name is part of shell.Screen.
func (s *mine) Name() string { return "waste" }

// View is part of shell.Screen.
func (s *mine) View(c *shell.Ctx) shell.View {
	w := s.n.Waste()
	next := coming(c, w, s.a.Bundle.Place)
	taken := s.taken(c, w)
	at := data.DateOf(s.a.Bundle.AsOf.Time().In(c.Now().Location()))
	return shell.View{
		Title: c.T("waste.mine_title"), Lead: c.T("waste.mine_lead", "Date", at.Polish()), Wide: true, Body: sides(c, taken, next),
	}
}

// sides puts two columns side by side where there is room.
func sides(c *shell.Ctx, left, right fyne.CanvasObject) fyne.CanvasObject {
	gap := theme.Size(theme.GapLarge)
	if parts.OneColumn(c) {
		return kit.Column(gap, left, right)
	}
	return parts.Columns(0.54, gap, left, right)
}

// taken sums up by fraction, then lists by date.
func (s *mine) taken(c *shell.Ctx, w data.Waste) fyne.CanvasObject {
	all := slices.Clone(s.a.Bundle.Collections)
	if len(all) == 0 {
		return kit.Empty("waste", c.T("waste.none"), c.T("waste.none_do"))
	}
	slices.SortFunc(all, func(a, b data.Collection) int { return strings.Compare(b.Date.String(), a.Date.String()) })
	return kit.Column(theme.Size(theme.GapLarge),
		parts.Section("chart", c.T("waste.by_fraction"), byFraction(c, w, all)),
		parts.Section("calendar", c.T("waste.by_date"), byDate(c, w, all)))
}

// byFraction shows one line for each fraction that was ever taken.
func byFraction(c *shell.Ctx, w data.Waste, all []data.Collection) fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for _, f := range w.Fractions {
		var times, litres int
		var last data.Date
		for _, x := range all {
			if x.Fraction == f.ID {
				times, litres = times+1, litres+x.Litres
				if last.Before(x.Date) || last.IsZero() {
					last = x.Date
				}
			}
		}
		if times > 0 {
			detail := c.N("waste.times", times) + amount(c, ", ", litres) + " · " + c.T("waste.last", "Date", last.Polish())
			lines = append(lines, swatchLine(f.Colour, f.Name.In(c.Lang), detail))
		}
	}
	return kit.Column(theme.Size(theme.Gap), lines...)
}

// amount is the litres after a sign; what is counted in pieces has none.
func amount(c *shell.Ctx, sign string, litres int) string {
	if litres == 0 {
		return ""
	}
	return sign + c.T("waste.litres", "Litres", strconv.Itoa(litres))
}

func byDate(c *shell.Ctx, w data.Waste, all []data.Collection) fyne.CanvasObject {
	head := []kit.Cell{{Text: c.T("waste.date")}, {Text: c.T("waste.fraction")}, {Text: c.T("waste.amount"), Right: true}}
	var rows [][]kit.Cell
	for _, x := range all {
		much := c.N("waste.pieces", x.Pieces) + amount(c, " · ", x.Litres)
		rows = append(rows, []kit.Cell{{Text: x.Date.Polish()}, {Text: nameOf(c, w, x.Fraction)}, {Text: much, Right: true}})
	}
	return kit.Table(head, rows, []float32{0.24, 0.42, 0.34})
}

func fractionOf(w data.Waste, id string) (data.Fraction, bool) {
	i := slices.IndexFunc(w.Fractions, func(f data.Fraction) bool { return f.ID == id })
	if i < 0 {
		return data.Fraction{}, false
	}
	return w.Fractions[i], true
}

func nameOf(c *shell.Ctx, w data.Waste, id string) string {
	if f, ok := fractionOf(w, id); ok {
		return f.Name.In(c.Lang)
	}
	return id
}

// coming lists the next collections in a place.
func coming(c *shell.Ctx, w data.Waste, place string) fyne.CanvasObject {
	today := data.DateOf(c.Now())
	var lines []fyne.CanvasObject
	for _, p := range w.Schedule {
		if p.Place != place || p.Date.Before(today) || len(lines) == nextDays {
			continue
		}
		lines = append(lines, pickup(c, w, p, today))
	}
	title := c.T("waste.next", "Place", place)
	if len(lines) == 0 {
		return parts.Section("calendar", title, kit.Empty("calendar", c.T("waste.no_schedule"), c.T("waste.no_schedule_do")))
	}
	lines = append(lines, parts.AsOf(c, w.AsOf, w.Source))
	return parts.Section("calendar", title, kit.Column(theme.Size(theme.GapSmall), lines...))
}

// pickup is one day of the schedule: the day and the bags to put out.
func pickup(c *shell.Ctx, w data.Waste, p data.Pickup, today data.Date) fyne.CanvasObject {
	day := c.T("waste.weekday_"+strconv.Itoa(int(p.Date.Time().Weekday()))) + ", " + p.Date.Polish()
	bags := []fyne.CanvasObject{}
	for _, id := range p.Fractions {
		f, ok := fractionOf(w, id)
		if !ok {
			f = data.Fraction{Name: data.PL(id), Colour: "#888888"}
		}
		bags = append(bags, kit.Line(theme.Size(theme.GapSmall), swatch(f.Colour, 26), kit.Grow(kit.Body(f.Name.In(c.Lang)))))
	}
	when := kit.Column(0, kit.Strong(day), kit.Small(in(c, today.DaysTo(p.Date))))
	return kit.Card(parts.Columns(0.46, theme.Size(theme.Gap), when, kit.Column(theme.Size(theme.GapTiny), bags...)))
}

func in(c *shell.Ctx, days int) string {
	switch days {
	case 0:
		return c.T("waste.today")
	case 1:
		return c.T("waste.tomorrow")
	}
	return c.N("waste.in_days", days)
}

// swatchLine is a fraction with its colour.
func swatchLine(colour, title, detail string) fyne.CanvasObject {
	words := kit.Column(0, kit.Strong(title), kit.Muted(detail))
	return kit.Line(theme.Size(theme.Gap), swatch(colour, 44), kit.Grow(words))
}

// swatch is the colour of a fraction's bag with an edge, so that it shows in
// high contrast, too.
func swatch(colour string, side float32) fyne.CanvasObject {
	r := canvas.NewRectangle(parseColour(colour))
	r.CornerRadius, r.StrokeWidth, r.StrokeColor = side/5, theme.Size(theme.Stroke), theme.Color(theme.Edge)
	return kit.Fixed(side, side, r)
}

// parseColour reads "#rrggbb"; anything else is grey.
func parseColour(s string) color.Color {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 32)
	if err != nil || len(s) != 7 {
		return color.Gray{128}
	}
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}
}

// public is the schedule and the sorting hints, for everybody.
type public struct {
	n     Needs
	place string
}

// Public makes the screen of the schedule that needs no account.
func Public(n Needs) shell.Screen { return &public{n: n} }

// Name is part of shell.Screen.
func (s *public) Name() string { return "waste" }

// View is part of shell.Screen.
func (s *public) View(c *shell.Ctx) shell.View {
	w, places := s.n.Waste(), s.n.Places()
	if s.place == "" && len(places) > 0 {
		s.place = places[0]
	}
	return shell.View{
		Title: c.T("waste.title"), Lead: c.T("waste.lead"), Above: s.choice(c, places), Wide: true,
		Body: sides(c, coming(c, w, s.place), hints(c, w)),
	}
}

func (s *public) choice(c *shell.Ctx, places []string) fyne.CanvasObject {
	buttons := make([]fyne.CanvasObject, len(places))
	for i, p := range places {
		buttons[i] = kit.NewButton(kit.ButtonSpec{Label: p, Icon: "pin", Chosen: p == s.place, Do: func() { s.place = p; c.Refresh() }})
	}
	return kit.AutoGrid(240, theme.Size(theme.GapSmall), buttons...)
}

// hints say what belongs into which bag.
func hints(c *shell.Ctx, w data.Waste) fyne.CanvasObject {
	lines := make([]fyne.CanvasObject, len(w.Fractions))
	for i, f := range w.Fractions {
		lines[i] = swatchLine(f.Colour, f.Name.In(c.Lang), f.Hint.In(c.Lang))
	}
	return parts.Section("waste", c.T("waste.hints"), kit.Column(theme.Size(theme.Gap), lines...))
}
