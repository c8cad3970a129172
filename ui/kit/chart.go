package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"egmina/ui/theme"
)

// ChartPoint is one value of a Chart: a short label below the axis ("03.26"), its
// height, and how the value is written ("14 m³").
type ChartPoint struct {
	Label string
	Value float64
	Shown string
	Faint bool // estimated: drawn as an outline
}

// ChartSpec describes a chart.
type ChartSpec struct {
	Points []ChartPoint
	Line   bool    // a line with dots instead of bars
	Height float32 // 0: 340
	Unit   string  // over the axis
}

// Chart draws bars or a line of a few values; each is also written as a number,
// so that nothing depends on reading a scale.
type Chart struct {
	widget.BaseWidget
	spec ChartSpec
}

// NewChart makes a Chart.
func NewChart(s ChartSpec) *Chart {
	if s.Height == 0 {
		s.Height = 340
	}
	c := &Chart{spec: s}
	c.ExtendBaseWidget(c)
	return c
}

// HeightFor is part of Tall.
func (c *Chart) HeightFor(float32) float32 { return c.spec.Height }

// MinSize is part of fyne.CanvasObject.
func (c *Chart) MinSize() fyne.Size { return fyne.NewSize(240, c.spec.Height) }

// CreateRenderer is part of fyne.Widget.
func (c *Chart) CreateRenderer() fyne.WidgetRenderer { return &chartRenderer{c: c} }

type chartRenderer struct {
	c    *Chart
	objs []fyne.CanvasObject
}

func (r *chartRenderer) Destroy()                     {}
func (r *chartRenderer) MinSize() fyne.Size           { return r.c.MinSize() }
func (r *chartRenderer) Objects() []fyne.CanvasObject { return r.objs }
func (r *chartRenderer) Refresh()                     { r.Layout(r.c.Size()); canvas.Refresh(r.c) }

func (r *chartRenderer) Layout(size fyne.Size) {
	r.objs = nil
	d := r.frame(size)
	if len(r.c.spec.Points) == 0 || d.slot <= 0 {
		return
	}
	for i, p := range r.c.spec.Points {
		r.point(d, i, p)
	}
}

// plot is the arithmetic of one drawing.
type plot struct {
	top, bottom float32 // y of the highest value and of the axis
	left, slot  float32
	peak        float64
	text        float32
	every       int // every so-manieth label is written
}

func (p plot) x(i int) float32 { return p.left + p.slot*(float32(i)+0.5) }

func (p plot) y(v float64) float32 {
	return p.bottom - float32(v/p.peak)*(p.bottom-p.top)
}

func (r *chartRenderer) frame(size fyne.Size) plot {
	s := r.c.spec
	text := theme.Size(theme.TextSmall)
	p := plot{top: text * 1.8, bottom: size.Height - text*1.9, text: text, peak: 1, every: 1}
	if s.Unit != "" {
		r.write(s.Unit, 0, 0, size.Width, fyne.TextAlignLeading, theme.Muted, false)
		p.top += text * 1.4
	}
	for _, v := range s.Points {
		p.peak = max(p.peak, v.Value)
	}
	n := max(1, len(s.Points))
	p.slot = size.Width / float32(n)
	widest := float32(1)
	for _, v := range s.Points {
		widest = max(widest, fyne.MeasureText(v.Label, text, fyne.TextStyle{}).Width, fyne.MeasureText(v.Shown, text, fyne.TextStyle{Bold: true}).Width)
	}
	for p.slot*float32(p.every) < widest+10 && p.every < n {
		p.every++
	}
	for i := range 4 {
		y := p.bottom - (p.bottom-p.top)*float32(i)/3
		l := canvas.NewLine(theme.Color(theme.Line))
		l.StrokeWidth = 1
		if i == 0 {
			l.StrokeColor, l.StrokeWidth = theme.Color(theme.Edge), 2
		}
		l.Position1, l.Position2 = fyne.NewPos(0, y), fyne.NewPos(size.Width, y)
		r.objs = append(r.objs, l)
	}
	return p
}

func (r *chartRenderer) point(d plot, i int, p ChartPoint) {
	x, y := d.x(i), d.y(p.Value)
	if r.c.spec.Line {
		r.stroke(d, i, x, y)
	} else {
		r.bar(d, p, x, y)
	}
	// Count from the newest, so that the last value is always written.
	if (len(r.c.spec.Points)-1-i)%d.every != 0 {
		return
	}
	w := d.slot * float32(d.every)
	r.write(p.Label, x-w/2, d.bottom+d.text*0.35, w, fyne.TextAlignCenter, theme.Muted, false)
	r.write(p.Shown, x-w/2, y-d.text*1.6, w, fyne.TextAlignCenter, theme.Ink, true)
}

func (r *chartRenderer) bar(d plot, p ChartPoint, x, y float32) {
	w := min(d.slot*0.56, 72)
	b := canvas.NewRectangle(theme.Color(theme.Accent))
	b.TopLeftCornerRadius, b.TopRightCornerRadius = 6, 6
	if p.Faint {
		b.FillColor = theme.Color(theme.AccentSoft)
		b.StrokeColor, b.StrokeWidth = theme.Color(theme.Accent), 2
	}
	place(b, x-w/2, y, w, max(2, d.bottom-y))
	r.objs = append(r.objs, b)
}

func (r *chartRenderer) stroke(d plot, i int, x, y float32) {
	if i > 0 {
		l := canvas.NewLine(theme.Color(theme.Accent))
		l.StrokeWidth = 3
		l.Position1, l.Position2 = fyne.NewPos(d.x(i-1), d.y(r.c.spec.Points[i-1].Value)), fyne.NewPos(x, y)
		r.objs = append(r.objs, l)
	}
	dot := canvas.NewCircle(theme.Color(theme.Accent))
	place(dot, x-6, y-6, 12, 12)
	r.objs = append(r.objs, dot)
}

func (r *chartRenderer) write(s string, x, y, w float32, a fyne.TextAlign, c fyne.ThemeColorName, bold bool) {
	t := canvas.NewText(s, theme.Color(c))
	t.TextSize, t.TextStyle, t.Alignment = theme.Size(theme.TextSmall), fyne.TextStyle{Bold: bold}, a
	place(t, x, y, w, t.MinSize().Height)
	r.objs = append(r.objs, t)
}
