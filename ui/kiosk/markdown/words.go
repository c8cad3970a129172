package markdown

import (
	"strings"

	"fyne.io/fyne/v2"
	"github.com/yuin/goldmark/ast"

	"egmina/ui/kit"
	"egmina/ui/theme"
)

// run is a piece of a paragraph in one weight.
type run struct {
	text string
	bold bool
}

type runs []run

func (rs runs) plain() string {
	var b strings.Builder
	for _, r := range rs {
		b.WriteString(r.text)
	}
	return strings.TrimSpace(b.String())
}

// object shows a paragraph.
func (rs runs) object() fyne.CanvasObject {
	if rs.plain() == "" {
		return kit.Space(0)
	}
	if len(rs) == 1 {
		return kit.NewText(rs.plain(), theme.TextBody, theme.Ink, rs[0].bold)
	}
	return newRich(rs)
}

// words gathers the inline text below n.
func (r reader) words(n ast.Node) runs {
	var out runs
	add := func(s string, bold bool) {
		if s == "" {
			return
		}
		if len(out) > 0 && out[len(out)-1].bold == bold {
			out[len(out)-1].text += s
			return
		}
		out = append(out, run{s, bold})
	}
	var visit func(n ast.Node, bold bool, depth int)
	visit = func(n ast.Node, bold bool, depth int) {
		if depth > 4*maxNesting {
			return
		}
		switch v := n.(type) {
		case *ast.Text:
			add(string(v.Segment.Value(r.src)), bold)
			switch {
			case v.HardLineBreak():
				add("\n", bold)
			case v.SoftLineBreak():
				add(" ", bold)
			}
			return
		case *ast.String:
			add(string(v.Value), bold)
			return
		case *ast.AutoLink:
			add(string(v.Label(r.src)), bold)
			return
		case *ast.RawHTML:
			return
		case *ast.Emphasis:
			bold = bold || v.Level >= 2
		}
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			visit(c, bold, depth+1)
		}
		if l, ok := n.(*ast.Link); ok {
			add(address(string(l.Destination)), bold)
		}
	}
	visit(n, false, 0)
	for i := range out {
		out[i].text = broken(out[i].text)
	}
	return out
}

// address writes a link's target behind its words, without what nobody types.
func address(url string) string {
	short := strings.TrimPrefix(strings.TrimPrefix(url, "https://"), "http://")
	short = strings.TrimSuffix(strings.TrimPrefix(short, "mailto:"), "/")
	if short == "" {
		return ""
	}
	return " (" + short + ")"
}
