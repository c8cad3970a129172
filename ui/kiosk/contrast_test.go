package kiosk

import (
	"image"
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"egmina/ui/kit"
	"egmina/ui/theme"
)

// luminance and ratio are as WCAG 2.2 defines them.
func luminance(c color.RGBA) float64 {
	part := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}

func ratio(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// inked finds the ground of a piece of a picture (its most frequent colour) and
// the contrast of what differs most from it: the core of the strokes.
func inked(img image.Image, box image.Rectangle) float64 {
	count := map[color.RGBA]int{}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			count[color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)]++
		}
	}
	var ground color.RGBA
	for c, n := range count {
		if n > count[ground] {
			ground = c
		}
	}
	best := 1.0
	for c := range count {
		best = max(best, ratio(ground, c))
	}
	return best
}

// written lists the texts in full sight that are not of a disabled thing.
func (r *rig) written() map[*kit.Text]image.Rectangle {
	out := map[*kit.Text]image.Rectangle{}
	size := r.win.Canvas().Size()
	var walk func(o fyne.CanvasObject, base fyne.Position, seen image.Rectangle)
	walk = func(o fyne.CanvasObject, base fyne.Position, seen image.Rectangle) {
		if o == nil || !o.Visible() {
			return
		}
		at := base.Add(o.Position())
		box := image.Rect(int(at.X), int(at.Y), int(at.X+o.Size().Width), int(at.Y+o.Size().Height))
		if d, ok := o.(kit.Targeted); ok && d.Target().Disabled {
			return
		}
		switch v := o.(type) {
		case *kit.Text:
			if v.Text() != "" && box.In(seen) {
				out[v] = box
			}
			return
		case *kit.Scroll, *container.Scroll:
			seen = seen.Intersect(box)
		}
		switch v := o.(type) {
		case *fyne.Container:
			for _, c := range v.Objects {
				walk(c, at, seen)
			}
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(v).Objects() {
				walk(c, at, seen)
			}
		}
	}
	walk(r.kiosk.Content(), fyne.Position{}, image.Rect(0, 0, int(size.Width), int(size.Height)))
	return out
}

// TestContrastAsPainted measures every text of the main pages on the picture of
// the page, in both palettes: at least 4.5:1 (WCAG 2.2, 1.4.3).
func TestContrastAsPainted(t *testing.T) {
	for _, p := range []theme.Palette{theme.Normal, theme.HighContrast} {
		r := newRig(t, landscape)
		r.kiosk.shell.SetDisplay(p, false)
		worst, texts := 21.0, 0
		measure := func() {
			shot := r.win.Canvas().Capture()
			for text, box := range r.written() {
				got := inked(shot, box)
				worst, texts = min(worst, got), texts+1
				if got < 4.5 {
					t.Errorf("palette %d, %s: %q has %.2f:1", p, r.screen(), text.Text(), got)
				}
			}
		}
		for _, step := range []func(){
			func() {}, func() { r.tap("Procedury") }, func() { r.tap("Odpady") }, func() { r.press(kit.KindRow, 0) },
			func() { r.toHome(); r.tap("Usługi") }, func() { r.tap("Co mam do zapłaty?") }, func() { r.login(richCode, "1111") },
			func() { r.keys(richPIN); r.key(fyne.KeyReturn) }, func() { r.tap("Zaznacz wszystko po terminie") }, func() { r.tap("Zapłać ") },
			func() { r.key(fyne.KeyEscape); r.tap("Odbiory odpadów") }, func() { r.key(fyne.KeyEscape); r.tap("Wodomierze") },
			func() { r.press(kit.KindRow, 0) }, func() { r.tap("Podaj odczyt") }, func() { r.clock.pass(61e9) },
		} {
			step()
			measure()
		}
		t.Logf("palette %d: %d texts, the weakest has %.1f:1", p, texts, worst)
	}
}
