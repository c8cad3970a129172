// Package parts holds what several families of screens show in the same way:
// two columns, sections, official addresses to take along on a phone, and how
// far a fact can be trusted.
package parts

import (
	"strings"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// Section is a heading with an icon and what belongs to it.
func Section(icon, title string, body ...fyne.CanvasObject) fyne.CanvasObject {
	return Marked(icon, title, "", body...)
}

// Marked is Section with a remark beside the heading that needs attention.
func Marked(icon, title, mark string, body ...fyne.CanvasObject) fyne.CanvasObject {
	head := kit.Line(theme.Size(theme.GapSmall),
		kit.Icon(icon, theme.Icon, theme.Accent), kit.Grow(kit.NewText(title, theme.TextLead, theme.Ink, true)))
	parts := []fyne.CanvasObject{head}
	if mark != "" {
		parts = append(parts, Doubt(mark))
	}
	return kit.Column(theme.Size(theme.GapSmall), append(parts, body...)...)
}

// Doubt is the remark that a fact still has to be confirmed.
func Doubt(mark string) fyne.CanvasObject {
	return kit.Line(theme.Size(theme.GapTiny),
		kit.Icon("help", theme.IconSmall, theme.AttentionInk), kit.Grow(kit.NewText(mark, theme.TextSmall, theme.AttentionInk, false)))
}

// AsOf says when a text was true and where it comes from.
func AsOf(c *shell.Ctx, day data.Date, source string) fyne.CanvasObject {
	if day.IsZero() {
		return nil
	}
	s := c.T("info.as_of", "Date", day.Polish())
	if source != "" {
		s += " · " + c.T("info.source", "Source", source)
	}
	return kit.Small(s)
}

// Phone carries an official address to the resident's phone: as a code and in
// words. It is nil when there is no address or it fits no code.
func Phone(c *shell.Ctx, address, mark string) fyne.CanvasObject {
	if address == "" {
		return nil
	}
	code := Code(address, CodeSide(c))
	if code == nil {
		return nil
	}
	words := []fyne.CanvasObject{
		kit.NewText(c.T("info.phone_title"), theme.TextLead, theme.Ink, true),
		kit.Muted(c.T("info.phone_text")),
		kit.Strong(Breakable(address)),
	}
	if mark != "" {
		words = append(words, Doubt(mark))
	}
	return kit.Card(kit.Line(theme.Size(theme.Gap), code, kit.Grow(kit.Column(theme.Size(theme.GapTiny), words...))))
}

// CodeSide is the side of a code that a phone reads at arm's length.
func CodeSide(c *shell.Ctx) float32 {
	if c.Compact {
		return 150
	}
	return 190
}

// longestPiece is how many letters of an address stand on one line.
const longestPiece = 26

// Breakable writes an address without the part nobody types, a long one in
// several lines: the site, then the place in it, broken after "-" if need be.
func Breakable(url string) string {
	s := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(url, "https://"), "http://"), "/")
	if len(s) <= 30 {
		return s
	}
	var lines []string
	for i, piece := range strings.Split(s, "/") {
		if i > 0 {
			piece = "/" + piece
		}
		for len(piece) > longestPiece {
			at := strings.LastIndex(piece[:longestPiece], "-") + 1
			if at == 0 {
				break
			}
			lines, piece = append(lines, piece[:at]), piece[at:]
		}
		if last := len(lines) - 1; i > 1 && last >= 0 && len(lines[last])+len(piece) <= longestPiece {
			lines[last] += piece
			continue
		}
		lines = append(lines, piece)
	}
	return strings.Join(lines, "\n")
}

// Lines makes one text a line.
func Lines(texts ...string) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, s := range texts {
		if s != "" {
			out = append(out, kit.Body(s))
		}
	}
	return out
}
