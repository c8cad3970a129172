package procedures

import (
	"strings"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/ui/kiosk/parts"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

var channelIcons = map[string]string{
	data.ChannelDesk: "building", data.ChannelPost: "mail", data.ChannelEDelivery: "online", data.ChannelGov: "online",
	data.ChannelEPUAP: "online", data.ChannelEmail: "mail", data.ChannelProvider: "drop",
}

// where is the desk: unit, room, contact, hours.
func (s *sheet) where() fyne.CanvasObject {
	m := s.ct.Municipality
	u, ok := m.Unit(s.p.Unit)
	if !ok {
		return nil
	}
	ask := s.t("unconfirmed_short")
	rows := []fyne.CanvasObject{kit.Strong(u.Name.In(s.c.Lang))}
	rows = append(rows, parts.Lines(m.Office.In(s.c.Lang)+", "+m.Street+", "+m.Postcode+" "+m.Town)...)
	rows = append(rows, s.fact("room", u.Room, ask), s.fact("hours", s.hours(), ask))
	if phone := either(u.Phone, m.Phone); phone != "" {
		rows = append(rows, s.fact("phone", phone, ""))
	}
	if mail := either(u.Email, m.Email); mail != "" {
		rows = append(rows, s.fact("email", mail, ""))
	}
	return kit.Card(parts.Section("pin", s.t("where"), kit.Column(theme.Size(theme.GapTiny), rows...)))
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (s *sheet) hours() string {
	var out []string
	for _, h := range s.ct.Municipality.Hours {
		out = append(out, h.Days.In(s.c.Lang)+" "+h.Open)
	}
	return strings.Join(out, ", ")
}

// fact is a caption with its value, or with the remark that nobody has
// confirmed one.
func (s *sheet) fact(key, value, unknown string) fyne.CanvasObject {
	v := kit.Body(value)
	if value == "" {
		v = kit.NewText(unknown, theme.TextBody, theme.AttentionInk, false)
	}
	caption := kit.Muted(s.t(key))
	w := theme.Size(theme.TextBody) * 5
	return kit.TopLine(theme.Size(theme.GapSmall), kit.Fixed(w, caption.MinSize().Height, caption), kit.Grow(v))
}

// channels are the lawful ways to file: those of today first, then those to
// come, then one that has ended and that people may still look for.
func (s *sheet) channels() fyne.CanvasObject {
	gap := theme.Size(theme.Gap)
	var now, later, ended []fyne.CanvasObject
	valid := map[string]bool{}
	for _, ch := range s.p.Channels {
		valid[ch.Kind] = valid[ch.Kind] || ch.Holds(s.today)
	}
	for _, ch := range s.p.Channels {
		switch {
		case ch.Holds(s.today):
			now = append(now, s.channel(ch, ""))
		case s.today.Before(ch.From):
			later = append(later, s.channel(ch, s.c.T("procedures.from", "Date", ch.From.Polish())))
		case !valid[ch.Kind]:
			ended = append(ended, s.channel(ch, s.c.T("procedures.ended", "Date", ch.To.Polish())))
		}
	}
	all := append(append(now, later...), ended...)
	if len(all) == 0 {
		return nil
	}
	return kit.Card(parts.Section("mail", s.t("channels"), kit.Column(gap, all...)))
}

// channel is one way; note says why it is not open today.
func (s *sheet) channel(ch data.Channel, note string) fyne.CanvasObject {
	ink := theme.Ink
	if note != "" {
		ink = theme.Muted
	}
	rows := []fyne.CanvasObject{kit.NewText(s.t("channel_"+ch.Kind), theme.TextBody, ink, true)}
	if note != "" {
		rows = append(rows, kit.NewText(note, theme.TextSmall, theme.AttentionInk, true))
	}
	if !ch.Note.IsEmpty() {
		rows = append(rows, kit.NewText(ch.Note.In(s.c.Lang), theme.TextBody, ink, false))
	}
	if ch.Basis != "" {
		rows = append(rows, kit.Small(ch.Basis))
	}
	return kit.TopLine(theme.Size(theme.GapSmall),
		kit.Icon(channelIcons[ch.Kind], theme.IconSmall, theme.Accent), kit.Grow(kit.Column(2, rows...)))
}

// law is the legal basis and how to appeal.
func (s *sheet) law() fyne.CanvasObject {
	gap := theme.Size(theme.Gap)
	var list []fyne.CanvasObject
	for _, b := range s.p.Basis {
		list = append(list, kit.Body(b))
	}
	var basis fyne.CanvasObject
	if len(list) > 0 {
		basis = parts.Marked("scales", s.t("basis"), s.doubt("basis"), kit.Column(theme.Size(theme.GapTiny), list...))
	}
	appeal := s.text("refresh", "appeal", "appeal", s.p.Appeal)
	if basis == nil && appeal == nil {
		return nil
	}
	return kit.Card(kit.Column(gap, appeal, basis))
}

func (s *sheet) related() fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, slug := range s.p.Related {
		if p, ok := s.ct.procedure(slug); ok {
			rows = append(rows, kit.NewRow(row(s.c, s.n, *p, areaName(s.c, p.Area))))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return parts.Section("procedures", s.t("related"), rows...)
}
