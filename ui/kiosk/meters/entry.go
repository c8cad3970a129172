package meters

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/data/resident"
	"egmina/ui/kiosk/parts"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// Answers to a question.
const (
	yes = "yes"
	no  = "no"
)

// entry takes one reading: it is typed, then questions about it are answered,
// then it is saved.
type entry struct {
	n       Needs
	a       *resident.Account
	meter   string
	op      data.ID // made when the screen opens: saving twice sends one reading
	typed   string
	check   data.ReadingCheck // of what is typed when asking
	asking  bool
	answers map[string]string
	err     error // about what is typed
	other   error
	busy    bool
	watched bool

	field *kit.Field
	use   *kit.Text
	dial  *kit.MeterDial
}

func newEntry(c *shell.Ctx, n Needs, a *resident.Account, meter string) *entry {
	return &entry{n: n, a: a, meter: meter, op: data.NewID(c.Now())}
}

// Name is part of shell.Screen.
func (s *entry) Name() string { return "meter.entry" }

// View is part of shell.Screen.
func (s *entry) View(c *shell.Ctx) shell.View {
	if !s.watched {
		s.watched = true
		c.Session().OnEnd(func() { s.typed, s.check = "", data.ReadingCheck{} })
	}
	v := visitOf(c, s.n, s.a)
	m, ok := v.meter(s.meter)
	if !ok {
		return shell.View{Title: c.T("meters.title"), Body: kit.Empty("meter", c.T("meters.gone"), c.T("meters.none_do"))}
	}
	m = v.known(m)
	s.dial = kit.NewMeterDial(m.Digits, m.Red, black(m, s.typed))
	out := shell.View{
		Title: c.T("meters.entry_title", "Place", m.Place.In(c.Lang), "Number", m.Number), Wide: true,
		Actions: []shell.Action{{
			Label: c.T("meters.save"), Icon: "check", Kind: kit.ButtonPrimary, Disabled: s.busy || (s.asking && !s.settled()), Do: func() { s.submit(c) },
		}},
	}
	if s.asking {
		out.Lead = c.T("meters.ask_lead")
		out.Body = s.questions(c, m)
		out.OnBack = func() { s.correct(c) }
		return out
	}
	if !c.Compact {
		out.Lead = c.T("meters.entry_lead")
	}
	out.Body = s.typing(c, m)
	out.Focus = s.field.Entry()
	return out
}

// typing is the field beside the picture of the register.
func (s *entry) typing(c *shell.Ctx, m data.Meter) fyne.CanvasObject {
	help := c.N("meters.field_help", m.Digits)
	if c.Compact {
		help = "" // above the keyboard there is room for the field and its use
	}
	s.field = kit.NewField(c.Loc, kit.FieldSpec{
		Label: c.T("meters.field"), Help: help, Value: s.typed, Error: say(c, s.err), Unit: "m³",
		Layout: kit.LayoutDigits, MaxLen: m.Digits + m.Red,
		OnChanged: func(t string) { s.change(c, m, t) }, OnSubmitted: func(string) { s.submit(c) },
	})
	s.use = kit.Strong(before(c, m)).OneLine()
	words := []fyne.CanvasObject{s.field, s.use}
	if !m.InWindow(today(c)) {
		words = append(words, kit.Muted(c.T("meters.window", "From", m.WindowFrom, "To", m.WindowTo)))
	}
	if s.other != nil {
		words = append(words, kit.Note(kit.Attention, c.Err(s.other)))
	}
	gap := theme.Size(theme.Gap)
	picture := kit.Column(gap, s.dial, legend(c))
	left := kit.Column(theme.Size(theme.GapSmall), words...)
	if c.Portrait {
		return kit.Column(theme.Size(theme.GapLarge), picture, left)
	}
	if c.Compact {
		return parts.Columns(0.5, theme.Size(theme.GapLarge), left, picture)
	}
	return parts.Columns(0.5, theme.Size(theme.GapLarge), left, kit.Card(picture))
}

// black is the part of a number that the black digits hold.
func black(m data.Meter, typed string) string { return typed[:min(len(typed), m.Digits)] }

func say(c *shell.Ctx, err error) string {
	if err == nil {
		return ""
	}
	return c.Err(err)
}

// before says what the meter showed last.
func before(c *shell.Ctx, m data.Meter) string {
	last := m.LastReading()
	return c.T("meters.before", "Value", cubic(last.Value), "Date", last.Date.Polish())
}

// change follows every key: the picture at once, the rules as soon as they are
// known.
func (s *entry) change(c *shell.Ctx, m data.Meter, typed string) {
	s.typed, s.err, s.other = typed, nil, nil
	s.dial.SetTyped(black(m, typed))
	if typed == "" {
		s.show(c, m, data.ReadingCheck{})
		return
	}
	s.ask(c, func(got data.ReadingCheck, err error) {
		if s.typed == typed && err == nil {
			s.show(c, m, got)
		}
	})
}

// ask has the rules applied to what is typed.
func (s *entry) ask(c *shell.Ctx, then func(data.ReadingCheck, error)) {
	desk, copied, meter, typed := s.n.Desk, *s.a, s.meter, s.typed
	shell.Run(c, func(ctx context.Context) (data.ReadingCheck, error) { return desk.Check(ctx, &copied, meter, typed) }, then)
}

// show says beside the field what the rules say. A number still being typed is
// always lower than the last one: that is asked about only when it is saved.
func (s *entry) show(c *shell.Ctx, m data.Meter, got data.ReadingCheck) {
	if got.Err != nil {
		s.err = got.Err
	}
	s.field.SetError(say(c, s.err))
	text := before(c, m)
	if s.typed != "" && got.Err == nil && len(got.Ask) == 0 || onlyUnusual(got) {
		text = used(c, got)
	}
	s.use.SetText(text)
}

// onlyUnusual tells a check whose use is known although there is a question.
func onlyUnusual(got data.ReadingCheck) bool {
	return got.Err == nil && len(got.Ask) > 0 && got.Ask[0] != data.AskRollOver
}

func used(c *shell.Ctx, got data.ReadingCheck) string {
	return c.T("meters.used_since", "Value", cubic(got.Used), "Date", got.Last.Date.Polish())
}

// submit checks once more, asks what has to be asked, and saves.
func (s *entry) submit(c *shell.Ctx) {
	if s.busy || (s.asking && !s.settled()) {
		return
	}
	if s.asking {
		s.save(c)
		return
	}
	s.busy, s.err, s.other = true, nil, nil
	s.typed = strings.TrimSpace(s.typed)
	s.ask(c, func(got data.ReadingCheck, err error) {
		s.busy = false
		switch {
		case err != nil:
			s.fail(c, err)
		case got.Err != nil:
			s.fail(c, got.Err)
		case len(got.Ask) > 0:
			s.check, s.asking, s.answers = got, true, map[string]string{}
			c.Refresh()
		default:
			s.check = got
			s.save(c)
		}
	})
}

// save leaves the reading. Only an answer without error means that it is on the
// kiosk's disk.
func (s *entry) save(c *shell.Ctx) {
	s.busy = true
	c.Refresh()
	desk, copied := s.n.Desk, *s.a
	draft := resident.Draft{Op: s.op, Meter: s.meter, Typed: s.typed, Confirmed: s.confirmed()}
	shell.Run(c, func(ctx context.Context) (resident.Sent, error) { return desk.Leave(ctx, &copied, draft) },
		func(sent resident.Sent, err error) {
			s.busy = false
			if err != nil {
				s.fail(c, err)
				return
			}
			visitOf(c, s.n, s.a).keep(sent)
			c.Replace(&receipt{page{n: s.n, a: s.a}})
		})
}

// fail shows an error next to the field when it is about the number.
func (s *entry) fail(c *shell.Ctx, err error) {
	s.asking, s.answers = false, nil
	var e *data.Error
	if errors.As(err, &e) && strings.HasPrefix(e.Code, "reading.") {
		s.err = err
	} else {
		s.other = err
	}
	c.Refresh()
	s.toField()
}

// correct goes back to typing.
func (s *entry) correct(c *shell.Ctx) {
	s.asking, s.answers = false, nil
	c.Refresh()
	s.toField()
}

// toField lets the number be put right at once, whatever was pressed before.
func (s *entry) toField() {
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(s.field); canvas != nil {
		kit.Focus(canvas, s.field.Entry())
	}
}

func (s *entry) confirmed() []string {
	var out []string
	for _, q := range s.check.Ask {
		if s.answers[q] == yes {
			out = append(out, q)
		}
	}
	return out
}

// settled reports whether every question has been answered with yes.
func (s *entry) settled() bool { return len(s.confirmed()) == len(s.check.Ask) }

// questions asks one thing after the other about the number.
func (s *entry) questions(c *shell.Ctx, m data.Meter) fyne.CanvasObject {
	gap := theme.Size(theme.Gap)
	facts := []fyne.CanvasObject{s.dial, kit.Strong(before(c, m))}
	if s.check.Ask[0] != data.AskRollOver || s.answers[data.AskRollOver] == yes {
		facts = append(facts, kit.Body(used(c, s.check)))
	}
	summary := kit.Card(kit.Column(gap, facts...))
	var cards []fyne.CanvasObject
	for _, q := range s.check.Ask {
		cards = append(cards, s.question(c, m, q))
		if s.answers[q] != yes {
			break
		}
	}
	asked := kit.Column(gap, cards...)
	if c.Portrait {
		return kit.Column(theme.Size(theme.GapLarge), summary, asked)
	}
	return parts.Columns(0.42, theme.Size(theme.GapLarge), summary, asked)
}

func (s *entry) question(c *shell.Ctx, m data.Meter, q string) fyne.CanvasObject {
	key := "meters.ask_" + q
	text := c.T(key, "Last", cubic(s.check.Last.Value), "Used", cubic(s.check.Used), "Date", s.check.Last.Date.Polish(),
		"From", m.WindowFrom, "To", m.WindowTo, "Today", today(c).Polish())
	columns := 1
	if c.Compact {
		columns = 2
	}
	rows := []fyne.CanvasObject{
		kit.NewText(text, theme.TextLead, theme.Ink, true),
		kit.NewChoice(kit.ChoiceSpec{
			Options:   []kit.Option{{ID: yes, Label: c.T(key + "_yes")}, {ID: no, Label: c.T(key + "_no")}},
			Value:     s.answers[q],
			Columns:   columns,
			OnChanged: func(id string) { s.answer(c, q, id) },
		}),
	}
	if s.answers[q] == no {
		rows = append(rows, kit.Note(kit.Info, c.T("meters.not_saved", "From", m.WindowFrom, "To", m.WindowTo)))
	}
	return kit.Column(theme.Size(theme.GapSmall), rows...)
}

// answer takes an answer. No to a question about the number leads back to it.
func (s *entry) answer(c *shell.Ctx, q, id string) {
	if id == no && q != data.AskWindow {
		s.correct(c)
		return
	}
	s.answers[q] = id
	c.Refresh()
}
