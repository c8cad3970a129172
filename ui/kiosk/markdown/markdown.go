// Package markdown shows the texts of the content pack: headings, paragraphs,
// lists, quotes and rules, in the kiosk's own type. Links show their words and,
// where these differ, their address: nothing on a kiosk leads out of it.
package markdown

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"egmina/ui/kit"
	"egmina/ui/theme"
)

// maxSource caps a text, in bytes: twenty pages, four times the longest there is.
const maxSource = 32 << 10

// maxWord is where a word that is none is broken, in letters: fitting it into a
// line would take time with the square of its length.
const maxWord = 60

// maxNesting caps lists within lists and quotes within quotes.
const maxNesting = 6

var parser = goldmark.DefaultParser()

// Block is a piece of a text between two headings.
type Block struct {
	Heading string // "" before the first heading
	Body    []fyne.CanvasObject
}

// View lays the whole text out in one column.
func View(source string) fyne.CanvasObject {
	gap := theme.Size(theme.GapSmall)
	var all []fyne.CanvasObject
	for i, b := range Blocks(source) {
		var parts []fyne.CanvasObject
		if b.Heading != "" {
			parts = append(parts, kit.Heading(b.Heading))
		}
		section := kit.Column(gap, append(parts, b.Body...)...)
		if i > 0 {
			all = append(all, kit.Space(gap/2))
		}
		all = append(all, section)
	}
	return kit.Column(gap, all...)
}

// Blocks splits a text at its headings of the first and second level.
func Blocks(source string) []Block {
	if len(source) > maxSource {
		source = strings.ToValidUTF8(source[:maxSource], "")
	}
	r := reader{src: []byte(source)}
	doc := parser.Parse(text.NewReader(r.src))
	var out []Block
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level <= 2 {
			out = append(out, Block{Heading: r.words(n).plain()})
			continue
		}
		if len(out) == 0 {
			out = append(out, Block{})
		}
		last := &out[len(out)-1]
		last.Body = append(last.Body, r.block(n, 0)...)
	}
	return out
}

// broken puts spaces into words longer than maxWord.
func broken(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; r == ' ' || r == '\n' {
			n = 0
		} else if n > maxWord {
			b.WriteByte(' ')
			n = 1
		}
		b.WriteRune(r)
	}
	return b.String()
}

type reader struct{ src []byte }

// block makes the objects of one block; what the pack has no use for (tables of
// HTML, pictures) shows as its words or not at all.
func (r reader) block(n ast.Node, depth int) []fyne.CanvasObject {
	if depth > maxNesting {
		return nil
	}
	switch n := n.(type) {
	case *ast.Heading:
		return []fyne.CanvasObject{kit.Strong(r.words(n).plain())}
	case *ast.Paragraph, *ast.TextBlock:
		return []fyne.CanvasObject{r.words(n).object()}
	case *ast.List:
		return []fyne.CanvasObject{r.list(n, depth)}
	case *ast.Blockquote:
		return []fyne.CanvasObject{kit.Panel(kit.Column(theme.Size(theme.GapSmall), r.children(n, depth+1)...))}
	case *ast.ThematicBreak:
		return []fyne.CanvasObject{kit.Rule()}
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return []fyne.CanvasObject{kit.Body(broken(strings.TrimRight(string(n.Lines().Value(r.src)), "\n")))}
	}
	return nil
}

func (r reader) children(n ast.Node, depth int) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		out = append(out, r.block(c, depth)...)
	}
	return out
}

func (r reader) list(l *ast.List, depth int) fyne.CanvasObject {
	gap := theme.Size(theme.GapSmall)
	var rows []fyne.CanvasObject
	at := l.Start
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "•"
		if l.IsOrdered() {
			mark = strconv.Itoa(at) + "."
			at++
		}
		rows = append(rows, Item(mark, kit.Column(gap/2, r.children(item, depth+1)...)))
	}
	return kit.Column(gap*0.75, rows...)
}

// Item is one row of a list: a mark in a column of its own and what it marks.
func Item(mark string, body fyne.CanvasObject) fyne.CanvasObject {
	w := theme.Size(theme.TextBody) * 1.5
	m := kit.NewText(mark, theme.TextBody, theme.Accent, true)
	return kit.TopLine(theme.Size(theme.GapTiny), kit.Fixed(w, m.MinSize().Height, m), kit.Grow(body))
}
