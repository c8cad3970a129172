package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"egmina/ui/theme"
)

// TileSpec describes a tile.
type TileSpec struct {
	Icon  string
	Title string
	Line  string
	Wide  bool // icon beside the words instead of above them
	Arrow bool // a wide tile as broad as the page shows where it leads
	Do    func()
}

// Tile is a large card to press: icon, title, one line.
type Tile struct {
	control
	spec TileSpec
}

// NewTile makes a Tile.
func NewTile(s TileSpec) *Tile {
	t := &Tile{spec: s}
	t.kind, t.label, t.do = KindTile, s.Title, s.Do
	t.minH = theme.Size(theme.BigTarget)
	t.pad = [2]float32{theme.Size(theme.Gap) * 1.4, theme.Size(theme.Gap) * 1.3}
	t.fill = !s.Wide
	t.build, t.face = t.content, t.look
	t.init(t)
	return t
}

func (t *Tile) content() fyne.CanvasObject {
	icon := t.disc()
	words := []fyne.CanvasObject{NewText(t.spec.Title, theme.TextHeading, theme.Ink, true)}
	if t.spec.Line != "" {
		words = append(words, NewText(t.spec.Line, theme.TextBody, theme.Muted, false))
	}
	if t.spec.Wide {
		parts := []fyne.CanvasObject{icon, Grow(Column(theme.Size(theme.GapTiny), words...))}
		if t.spec.Arrow {
			parts = append(parts, Icon("chevron-right", theme.Icon, theme.Accent))
		}
		return Line(theme.Size(theme.Gap), parts...)
	}
	all := append([]fyne.CanvasObject{Line(0, icon), Space(theme.Size(theme.GapSmall))}, words...)
	return Column(theme.Size(theme.GapTiny), all...)
}

// disc is the icon on a soft ground.
func (t *Tile) disc() fyne.CanvasObject {
	d := theme.Size(theme.IconTile)
	return Fixed(d, d, Layers(canvas.NewCircle(theme.Color(theme.AccentSoft)), Centre(Icon(t.spec.Icon, theme.IconLarge, theme.Accent))))
}

func (t *Tile) look() look {
	l := look{fill: theme.Surface, stroke: theme.Line, width: theme.Size(theme.Stroke), radius: theme.Size(theme.Radius) + 4}
	if t.pressed {
		l.fill, l.stroke = theme.AccentSoft, theme.Accent
	}
	return l
}

// RowSpec describes a row of a list.
type RowSpec struct {
	Icon   string
	Title  string
	Detail string
	Amount string // at the right edge, bold
	Note   string // below the amount
	Alert  bool   // the note needs attention
	Plain  bool   // nothing happens on touch: no chevron, no focus ring
	Do     func()
}

// Row is a line of a list that opens something.
type Row struct {
	control
	spec RowSpec
}

// NewRow makes a Row. A Plain one is an ordinary object without focus.
func NewRow(s RowSpec) fyne.CanvasObject {
	r := &Row{spec: s}
	if s.Plain {
		return Layers(panel(theme.Surface, theme.Line), Inset(r.content(),
			theme.Size(theme.Gap), theme.Size(theme.GapSmall), theme.Size(theme.Gap), theme.Size(theme.GapSmall)))
	}
	r.kind, r.label, r.do = KindRow, s.Title, s.Do
	r.minH = theme.Size(theme.Target)
	r.pad = [2]float32{theme.Size(theme.Gap), theme.Size(theme.GapSmall)}
	r.build, r.face = r.content, r.look
	r.init(r)
	return r
}

func (r *Row) content() fyne.CanvasObject {
	s := r.spec
	var parts []fyne.CanvasObject
	if s.Icon != "" {
		parts = append(parts, Icon(s.Icon, theme.Icon, theme.Accent))
	}
	words := []fyne.CanvasObject{NewText(s.Title, theme.TextBody, theme.Ink, true)}
	if s.Detail != "" {
		words = append(words, NewText(s.Detail, theme.TextSmall, theme.Muted, false))
	}
	parts = append(parts, Grow(Column(2, words...)))
	if tail := r.tail(); tail != nil {
		parts = append(parts, tail)
	}
	if !s.Plain {
		parts = append(parts, Icon("chevron-right", theme.IconSmall, theme.Accent))
	}
	return Line(theme.Size(theme.Gap), parts...)
}

func (r *Row) tail() fyne.CanvasObject {
	var tail []fyne.CanvasObject
	if r.spec.Amount != "" {
		tail = append(tail, Amount(r.spec.Amount).Sized(theme.TextLead))
	}
	if r.spec.Note != "" {
		ink := theme.Muted
		if r.spec.Alert {
			ink = theme.AttentionInk
		}
		tail = append(tail, NewText(r.spec.Note, theme.TextSmall, ink, r.spec.Alert).Align(fyne.TextAlignTrailing))
	}
	if tail == nil {
		return nil
	}
	return Column(2, tail...)
}

func (r *Row) look() look {
	l := look{fill: theme.Surface, stroke: theme.Line, width: theme.Size(theme.Stroke) / 2, radius: theme.Size(theme.Radius)}
	if r.pressed {
		l.fill, l.stroke = theme.AccentSoft, theme.Accent
	}
	return l
}

// ListSpec describes a list.
type ListSpec struct {
	Words Words
	Len   int
	Row   func(i int) RowSpec
	Empty fyne.CanvasObject // shown when Len is 0: NewEmpty with what to do
	Chunk int               // rows made at once, 60 when 0
}

// List is a list of rows to touch: it follows the finger, has large buttons for
// a page up and down when it is longer than its place, and builds further rows
// only when asked. Give it a page of its own (View.Fill).
type List struct {
	composite
	spec   ListSpec
	made   int
	rows   *fyne.Container
	scroll *Scroll
}

// NewList makes a List.
func NewList(s ListSpec) *List {
	l := &List{spec: s, rows: Column(theme.Size(theme.GapSmall))}
	if l.spec.Chunk == 0 {
		l.spec.Chunk = 60
	}
	l.more()
	l.scroll = NewScroll(Pad(l.rows, ringRoom))
	if s.Len == 0 && s.Empty != nil {
		l.init(l, s.Empty)
		return l
	}
	up := NewButton(ButtonSpec{Name: s.Words.T("kit.page_up"), Icon: "chevron-up", Do: func() { l.scroll.Page(false) }})
	down := NewButton(ButtonSpec{Name: s.Words.T("kit.page_down"), Icon: "chevron-down", Do: func() { l.scroll.Page(true) }})
	l.init(l, &fyne.Container{
		Layout:  &listLayout{l: l},
		Objects: []fyne.CanvasObject{l.scroll, Column(theme.Size(theme.GapSmall), up, down)},
	})
	return l
}

// Scroller returns the scroller within, for the shell's Page Up and Page Down.
func (l *List) Scroller() *Scroll { return l.scroll }

// First returns the first row, or nil.
func (l *List) First() fyne.Focusable {
	if len(l.rows.Objects) > 0 {
		if f, ok := l.rows.Objects[0].(fyne.Focusable); ok {
			return f
		}
	}
	return nil
}

func (l *List) more() {
	if n := len(l.rows.Objects); n > 0 && l.made > 0 {
		l.rows.Objects = l.rows.Objects[:n-1] // the row "more" itself
	}
	end := min(l.spec.Len, l.made+l.spec.Chunk)
	for ; l.made < end; l.made++ {
		l.rows.Objects = append(l.rows.Objects, NewRow(l.spec.Row(l.made)))
	}
	if l.made < l.spec.Len {
		l.rows.Objects = append(l.rows.Objects, Secondary(l.spec.Words.T("kit.more"), "chevron-down", func() {
			l.more()
			l.scroll.Refresh()
		}))
	}
}

// ringRoom is what a focus ring needs around a row.
const ringRoom = 8

// listLayout shows the page buttons only beside a list longer than its place.
type listLayout struct{ l *List }

func (y *listLayout) heightFor(objs []fyne.CanvasObject, width float32) float32 {
	return HeightFor(y.l.rows, width) + 2*ringRoom
}
func (y *listLayout) naturalWidth(objs []fyne.CanvasObject) float32 { return NaturalWidth(y.l.rows) }
func (y *listLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, 3*theme.Size(theme.Target))
}
func (y *listLayout) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	buttons := objs[1]
	long := y.heightFor(nil, size.Width) > size.Height
	buttons.Hide()
	w := size.Width
	if long {
		buttons.Show()
		b := theme.Size(theme.Target)
		w -= b + theme.Size(theme.Gap)
		place(buttons, size.Width-b, (size.Height-HeightFor(buttons, b))/2, b, HeightFor(buttons, b))
	}
	// The rows' edges stay in line with the page; their focus rings need room beside.
	place(objs[0], -ringRoom, 0, w+2*ringRoom, size.Height)
}
