package shell

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"egmina/ui/kit"
	"egmina/ui/theme"
)

// frame is the fixed furniture around a page. The same thing is always in the
// same place: top bar, notices, title, body, keyboard, bottom bar. Its ground is
// the window's own: one more rectangle of that size would double the time of a
// frame without a graphics card.
type frame struct {
	widget.BaseWidget
	s        *Shell
	view     View
	ctx      *Ctx
	root     *fyne.Container // what shows: the page, or the idle warning
	notices  *fyne.Container
	busy     *fyne.Container
	body     *fyne.Container
	dock     *fyne.Container // on-screen keyboard
	page_    *fyne.Container
	scroll   *kit.Scroll
	keyboard *kit.Keyboard
	lead     fyne.CanvasObject // the line under the title, nil for none
	count    *kit.Text
	before   fyne.Focusable // had the focus when the warning came
}

func newFrame(s *Shell) *frame {
	f := &frame{s: s}
	f.notices, f.busy, f.dock = kit.Column(0), kit.Column(0), kit.Column(0)
	f.body, f.page_ = kit.Layers(), kit.Column(0)
	f.root = kit.Layers(f.page_)
	f.ExtendBaseWidget(f)
	return f
}

// MinSize is small, so that a page never makes the window larger than the panel.
func (f *frame) MinSize() fyne.Size { return fyne.NewSize(640, 480) }

// CreateRenderer is part of fyne.Widget.
func (f *frame) CreateRenderer() fyne.WidgetRenderer { return &frameRenderer{f} }

// Tapped notes a touch beside everything; during the warning it extends.
func (f *frame) Tapped(*fyne.PointEvent) {
	f.s.stay()
	f.s.activity()
}

type frameRenderer struct{ f *frame }

func (r *frameRenderer) Destroy()           {}
func (r *frameRenderer) MinSize() fyne.Size { return r.f.MinSize() }
func (r *frameRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.f.root}
}
func (r *frameRenderer) Refresh() {
	r.Layout(r.f.Size())
	r.f.root.Refresh()
}
func (r *frameRenderer) Layout(size fyne.Size) {
	if size.Width > 10 && size != r.f.s.size {
		r.f.s.resized(size)
	}
	r.f.root.Resize(size)
}

// show draws a view.
func (f *frame) show(c *Ctx, e *entry, v View) {
	f.view, f.ctx = v, c
	f.dock.Objects, f.keyboard, f.scroll, f.lead = nil, nil, nil, nil
	f.notices.Show()
	f.body.Objects = []fyne.CanvasObject{f.bodyOf(v)}
	f.fillNotices()
	f.fillBusy(e.busy > 0)
	f.page_.Objects = []fyne.CanvasObject{f.topBar(), f.notices}
	if !v.Bare {
		f.page_.Objects = append(f.page_.Objects, f.titleRow(v))
	}
	f.page_.Objects = append(f.page_.Objects, kit.Grow(elastic(f.body)), f.busy, f.dock)
	if bar := f.bottomBar(v); bar != nil {
		f.page_.Objects = append(f.page_.Objects, bar)
	}
	f.root.Objects = []fyne.CanvasObject{f.page_}
	f.Refresh()
	if f.scroll != nil && e.offset > 0 {
		f.scroll.By(e.offset)
	}
	f.focusFirst(v)
	if f.scroll != nil && v.Focus == nil && e.offset == 0 {
		f.scroll.By(-f.scroll.Offset.Y) // a page opens at its top, wherever its first button stands
	}
}

// elastic makes a child ask for no height of its own, so that the page's column
// gives it what the bars leave.
func elastic(o fyne.CanvasObject) fyne.CanvasObject {
	return &fyne.Container{Layout: elasticLayout{}, Objects: []fyne.CanvasObject{o}}
}

type elasticLayout struct{}

func (elasticLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, 0) }
func (elasticLayout) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	objs[0].Move(fyne.Position{})
	objs[0].Resize(size)
}

func (f *frame) margin() float32 {
	m := theme.Size(theme.Margin)
	if f.s.portrait() {
		m *= 0.8
	}
	return m
}

// narrowFrom is the width of window from which running text keeps to a column;
// on smaller ones it starts where the bars start.
const narrowFrom = 1600

func (f *frame) column(o fyne.CanvasObject, wide bool) fyne.CanvasObject {
	if !wide && f.s.size.Width > narrowFrom {
		o = kit.Narrow(theme.Size(theme.BodyWidth), true, o)
	}
	return kit.Inset(o, f.margin(), 0, f.margin(), 0)
}

func (f *frame) bodyOf(v View) fyne.CanvasObject {
	if v.Body == nil {
		return kit.Space(0)
	}
	gap := theme.Size(theme.Gap)
	if v.Fill {
		return kit.Inset(f.column(v.Body, v.Wide), 0, 0, 0, gap)
	}
	f.scroll = kit.NewPageScroll(f.column(kit.Inset(v.Body, 0, 8, 0, gap), v.Wide))
	return f.scroll
}

func (f *frame) titleRow(v View) fyne.CanvasObject {
	parts := []fyne.CanvasObject{kit.Title(v.Title)}
	if f.lead = nil; v.Lead != "" {
		f.lead = kit.Muted(v.Lead)
		parts = append(parts, f.lead)
	}
	if v.Above != nil {
		parts = append(parts, kit.Inset(v.Above, 0, theme.Size(theme.GapTiny), 0, 0))
	}
	gap := theme.Size(theme.Gap)
	return f.column(kit.Inset(kit.Column(theme.Size(theme.GapTiny), parts...), 0, gap, 0, gap), v.Wide)
}

func (f *frame) bottomBar(v View) fyne.CanvasObject {
	var parts []fyne.CanvasObject
	if !v.NoBack && len(f.s.stack) > 1 {
		parts = append(parts, kit.NewButton(kit.ButtonSpec{
			Label: f.ctx.T("shell.back"), Icon: "arrow-left", Do: f.s.back,
		}))
	}
	if len(parts) == 0 && len(v.Actions) == 0 {
		return nil
	}
	parts = append(parts, kit.Spring())
	for _, a := range v.Actions {
		parts = append(parts, kit.NewButton(kit.ButtonSpec{
			Label: a.Label, Icon: a.Icon, Kind: a.Kind, Do: a.Do, Disabled: a.Disabled,
			After: a.Icon == "arrow-right",
		}))
	}
	line := kit.Line(theme.Size(theme.Gap), parts...)
	pad := (theme.Size(theme.BottomBar) - theme.Size(theme.Target)) / 2
	return kit.Column(0, kit.Rule(), kit.Inset(line, f.margin(), pad, f.margin(), pad))
}

func (f *frame) topBar() fyne.CanvasObject {
	c, s := f.ctx, f.s
	var parts []fyne.CanvasObject
	if s.cfg.Emblem != nil {
		h := theme.Size(theme.TopBar) * 0.66
		parts = append(parts, kit.Fixed(h*0.86, h, kit.Drawing(s.cfg.Emblem)))
	}
	parts = append(parts, kit.Grow(kit.NewText(s.cfg.Office, theme.TextLead, theme.Ink, true)))
	parts = append(parts, f.languages()...)
	contrast := theme.HighContrast
	if c.Palette == theme.HighContrast {
		contrast = theme.Normal
	}
	parts = append(parts,
		kit.NewButton(kit.ButtonSpec{Name: c.T("shell.contrast"), Icon: "contrast", Kind: kit.ButtonQuiet, Slim: true,
			Chosen: c.Palette == theme.HighContrast, Do: func() { s.SetDisplay(contrast, c.Large) }}),
		kit.NewButton(kit.ButtonSpec{Name: c.T("shell.text_size"), Icon: "text-size", Kind: kit.ButtonQuiet, Slim: true,
			Chosen: c.Large, Do: func() { s.SetDisplay(c.Palette, !c.Large) }}))
	if !s.pristine() {
		parts = append(parts, kit.NewButton(kit.ButtonSpec{Label: c.T("shell.end"), Icon: "log-out", Kind: kit.ButtonDanger, Slim: true, Do: s.End}))
	}
	pad := max(4, (theme.Size(theme.TopBar)-theme.Size(theme.SlimTarget))/2)
	bar := kit.Inset(kit.Line(theme.Size(theme.GapSmall), parts...), f.margin(), pad, f.margin(), pad)
	back := canvas.NewRectangle(theme.Color(theme.Surface))
	return kit.Column(0, kit.Layers(back, bar), kit.Rule())
}

func (f *frame) languages() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, l := range f.s.cfg.Catalog.Languages() {
		out = append(out, kit.NewButton(kit.ButtonSpec{
			Label: strings.ToUpper(l), Name: f.ctx.T("shell.lang_" + l), Slim: true, Kind: kit.ButtonQuiet, Chosen: l == f.s.lang,
			Do: func() { f.s.SetLang(l) },
		}))
	}
	return out
}

func (f *frame) fillNotices() {
	f.notices.Objects = nil
	for _, n := range f.s.notices {
		f.notices.Add(kit.NoticeBar(n.level, n.text))
	}
}

func (f *frame) showNotices() {
	if f.ctx == nil {
		return
	}
	f.fillNotices()
	f.settle()
}

func (f *frame) fillBusy(on bool) {
	f.busy.Objects = nil
	if on {
		f.busy.Objects = []fyne.CanvasObject{f.column(kit.Pad(kit.Loading(f.ctx.T("shell.wait")), theme.Size(theme.GapSmall)), false)}
	}
}

func (f *frame) showBusy(on bool) {
	if f.ctx == nil {
		return
	}
	f.fillBusy(on)
	f.settle()
}

// settle lays the page out anew after something changed its height.
func (f *frame) settle() { f.page_.Refresh() }

func (f *frame) offset() float32 {
	if f.scroll == nil {
		return 0
	}
	return f.scroll.Offset.Y
}

func (f *frame) page(down bool) {
	if f.scroll != nil {
		f.scroll.Page(down)
		return
	}
	kit.Walk(f.body, func(o fyne.CanvasObject, _ fyne.Position) {
		if l, ok := o.(*kit.List); ok {
			l.Scroller().Page(down)
		}
	})
}

// edit docks the keyboard for an entry.
func (f *frame) edit(e *kit.Entry) {
	if f.keyboard == nil {
		f.keyboard = kit.NewKeyboard(kit.KeyboardSpec{
			Words: f.ctx.Loc, Portrait: f.s.portrait(), After: f.ctx.After,
		})
		own := f.keyboard
		own.OnDone(func() {
			if f.keyboard == own { // Done may have opened another page
				f.undock()
			}
		})
	}
	if f.keyboard.Editing() == e && len(f.dock.Objects) > 0 {
		return
	}
	f.keyboard.SetTarget(e)
	f.dock.Objects = []fyne.CanvasObject{f.keyboard}
	f.tighten(true)
	f.settle()
}

func (f *frame) undock() {
	f.dock.Objects = nil
	f.tighten(false)
	f.settle()
}

// lowPanel is the height below which keyboard and bars leave a field no room
// beside the notices and the page's opening line.
const lowPanel = 900

// tighten puts away what can be read before and after typing.
func (f *frame) tighten(typing bool) {
	if f.s.size.Height >= lowPanel {
		return
	}
	for _, o := range []fyne.CanvasObject{f.notices, f.lead} {
		switch {
		case o == nil:
		case typing:
			o.Hide()
		default:
			o.Show()
		}
	}
}

// typeUnfocused gives a letter typed while nothing has the focus (a scanner) to
// the page's first field.
func (f *frame) typeUnfocused(r rune) {
	if f.s.watch.warning {
		f.s.stay()
		return
	}
	for _, t := range kit.Targets(f.body) {
		if t.Kind != kit.KindField || t.Disabled {
			continue
		}
		if fo, ok := t.Object.(fyne.Focusable); ok {
			kit.Focus(f.s.cfg.Canvas, fo)
			fo.TypedRune(r)
		}
		return
	}
}

func (f *frame) focusFirst(v View) {
	if v.Focus != nil {
		kit.Focus(f.s.cfg.Canvas, v.Focus)
		return
	}
	for _, t := range kit.Targets(f.body) {
		if fo, ok := t.Object.(fyne.Focusable); ok && !t.Disabled {
			if t.Kind != kit.KindField {
				kit.Focus(f.s.cfg.Canvas, fo)
			}
			return
		}
	}
	f.s.cfg.Canvas.Unfocus()
}

// mark remembers which of the page's things has the focus, by its place in the
// order of its part of the page: labels change with the language.
type mark struct{ part, at int }

// parts are the pieces of the page whose order of things stays the same.
func (f *frame) parts() []fyne.CanvasObject {
	objs := f.page_.Objects
	return append([]fyne.CanvasObject{f.body}, objs...)
}

func (f *frame) focusMark() mark {
	for p, o := range f.parts() {
		for i, t := range kit.Targets(o) {
			if t.Focused {
				return mark{p, i}
			}
		}
	}
	return mark{-1, -1}
}

func (f *frame) restoreFocus(m mark) {
	parts := f.parts()
	if m.part < 0 || m.part >= len(parts) {
		return
	}
	all := kit.Targets(parts[m.part])
	if m.at >= len(all) || all[m.at].Disabled {
		return
	}
	if fo, ok := all[m.at].Object.(fyne.Focusable); ok {
		kit.Focus(f.s.cfg.Canvas, fo)
	}
}

// reset forgets everything of the session that ended.
func (f *frame) reset() {
	f.view, f.scroll, f.keyboard, f.count, f.before = View{}, nil, nil, nil, nil
	f.body.Objects, f.dock.Objects = nil, nil
	f.root.Objects = []fyne.CanvasObject{f.page_}
}

// showWarning covers the whole page: what is below may be private.
func (f *frame) showWarning(seconds int) {
	c := f.ctx
	f.before = f.s.cfg.Canvas.Focused()
	f.count = kit.NewText(c.N("shell.idle_left", seconds), theme.TextHeading, theme.AttentionInk, true).Centred()
	stay := kit.NewButton(kit.ButtonSpec{Label: c.T("shell.idle_stay"), Kind: kit.ButtonPrimary, Big: true, Do: f.s.stay})
	end := kit.NewButton(kit.ButtonSpec{Label: c.T("shell.end"), Icon: "log-out", Kind: kit.ButtonDanger, Big: true, Do: f.s.End})
	page := kit.Stack(
		kit.Centre(kit.Icon("clock", theme.IconLarge, theme.AttentionInk)),
		kit.Display(c.T("shell.idle_title")).Centred(),
		kit.Lead(c.T("shell.idle_text")).Centred(),
		f.count,
		kit.Space(8),
		kit.Centre(kit.Line(theme.Size(theme.Gap), end, stay)),
	)
	f.root.Objects = []fyne.CanvasObject{kit.Centre(kit.Inset(kit.Narrow(1100, true, page), 40, 40, 40, 40))}
	f.root.Refresh()
	kit.Focus(f.s.cfg.Canvas, stay)
}

func (f *frame) countWarning(seconds int) {
	if f.count != nil {
		f.count.SetText(f.ctx.N("shell.idle_left", seconds))
	}
}

func (f *frame) hideWarning() {
	f.root.Objects = []fyne.CanvasObject{f.page_}
	f.root.Refresh()
	if f.before != nil {
		kit.Focus(f.s.cfg.Canvas, f.before)
	}
	f.count, f.before = nil, nil
}
