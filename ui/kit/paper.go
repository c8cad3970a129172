package kit

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"egmina/ui/theme"
)

// Paper shows the pages of a document as they will be printed: one at a time,
// fitted to the width, with buttons for the page and the size. Give it a page of
// its own (View.Fill).
type Paper struct {
	composite
	words Words
	pages []image.Image
	at    int
	zoom  int
	sheet *canvas.Image
	hold  *sheetLayout
	where *Text
	view  *Scroll
	prev  *Button
	next  *Button
	in    *Button
	out   *Button
}

// paperPad is the ground that shows around the sheet.
const paperPad = 12

// Steps of the sheet's size: the whole page, a page to read, the whole width.
const (
	zoomPage = iota
	zoomRead
	zoomWidth
)

// readShare is the width of a page to read, as a share of its place.
const readShare = 0.7

// NewPaper makes a Paper; pages must not be empty.
func NewPaper(w Words, pages []image.Image) *Paper {
	p := &Paper{words: w, pages: pages, zoom: zoomRead, hold: &sheetLayout{}, where: Body("").Centred()}
	p.sheet = canvas.NewImageFromImage(nil)
	p.sheet.FillMode = canvas.ImageFillContain
	p.sheet.ScaleMode = canvas.ImageScaleSmooth
	back := panel(theme.Surface, theme.Edge)
	back.CornerRadius = 2
	p.view = NewScroll(&fyne.Container{Layout: p.hold, Objects: []fyne.CanvasObject{back, p.sheet}})
	button := func(name, icon string, do func()) *Button {
		return NewButton(ButtonSpec{Name: w.T(name), Icon: icon, Do: do})
	}
	p.out = button("kit.zoom_out", "zoom-out", func() { p.setZoom(p.zoom - 1) })
	p.in = button("kit.zoom_in", "zoom-in", func() { p.setZoom(p.zoom + 1) })
	tools := []fyne.CanvasObject{p.in, p.out}
	p.prev = button("kit.paper_previous", "chevron-up", func() { p.open(p.at - 1) })
	p.next = button("kit.paper_next", "chevron-down", func() { p.open(p.at + 1) })
	if len(pages) > 1 {
		tools = append(tools, Space(theme.Size(theme.Gap)), p.prev, p.where, p.next)
	}
	p.open(0)
	side := Narrow(theme.Size(theme.Target)*1.6, true, Column(theme.Size(theme.GapSmall), tools...))
	p.init(p, &fyne.Container{Layout: paperLayout{p.hold}, Objects: []fyne.CanvasObject{Layers(panel(theme.Sunken, theme.None), Pad(p.view, paperPad)), side}})
	return p
}

// Scroller returns the scroller within.
func (p *Paper) Scroller() *Scroll { return p.view }

func (p *Paper) open(n int) {
	if n < 0 || n >= len(p.pages) {
		return
	}
	p.at = n
	p.sheet.Image = p.pages[n]
	b := p.pages[n].Bounds()
	p.hold.ratio = float32(b.Dy()) / float32(max(1, b.Dx()))
	p.where.SetText(p.words.T("kit.paper_page", "At", n+1, "Of", len(p.pages)))
	p.prev.setDisabled(n == 0)
	p.next.setDisabled(n == len(p.pages)-1)
	p.show()
}

func (p *Paper) setZoom(n int) {
	if n >= zoomPage && n <= zoomWidth {
		p.zoom = n
		p.show()
	}
}

func (p *Paper) show() {
	p.hold.zoom = p.zoom
	p.out.setDisabled(p.zoom == zoomPage)
	p.in.setDisabled(p.zoom == zoomWidth)
	p.sheet.Refresh()
	p.view.Refresh()
	p.view.ScrollToTop()
}

// sheetLayout gives the sheet its share of the width and the height that follows.
type sheetLayout struct {
	zoom  int
	ratio float32   // height to width
	room  fyne.Size // of the place around the sheet
}

// share is the sheet's width as a share of its place.
func (l *sheetLayout) share() float32 {
	if l.zoom == zoomWidth || l.room.Width <= 0 || l.ratio <= 0 {
		return 1
	}
	whole := min(1, max(0.3, l.room.Height/l.ratio/l.room.Width))
	if l.zoom == zoomRead {
		return max(whole, readShare)
	}
	return whole
}

func (l *sheetLayout) heightFor(_ []fyne.CanvasObject, width float32) float32 {
	return width * l.share() * l.ratio
}
func (l *sheetLayout) naturalWidth([]fyne.CanvasObject) float32 { return 400 }
func (l *sheetLayout) MinSize([]fyne.CanvasObject) fyne.Size    { return fyne.NewSize(200, 200) }
func (l *sheetLayout) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	w := size.Width * l.share()
	for _, o := range objs {
		place(o, (size.Width-w)/2, 0, w, w*l.ratio)
	}
}

// paperLayout puts the tools at the right of the sheet, in the middle.
type paperLayout struct{ hold *sheetLayout }

func (paperLayout) heightFor(objs []fyne.CanvasObject, width float32) float32 {
	return HeightFor(objs[0], width)
}
func (paperLayout) naturalWidth([]fyne.CanvasObject) float32 { return 800 }
func (paperLayout) MinSize([]fyne.CanvasObject) fyne.Size    { return fyne.NewSize(400, 300) }
func (l paperLayout) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	side := theme.Size(theme.Target) * 1.6
	gap := theme.Size(theme.Gap)
	l.hold.room = fyne.NewSize(size.Width-side-gap-2*paperPad, size.Height-2*paperPad)
	place(objs[0], 0, 0, size.Width-side-gap, size.Height)
	place(objs[1], size.Width-side, max(0, (size.Height-HeightFor(objs[1], side))/2), side, HeightFor(objs[1], side))
}
