package kit

import (
	"bytes"
	"fmt"
	"image"
	"regexp"
	"strconv"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"golang.org/x/image/draw"
)

// Drawing shows a picture resource, whole and in the middle of its place. It is
// drawn once for each size and kept: the toolkit's own image is drawn anew on
// every page, and makes the window paint each new page twice.
func Drawing(res fyne.Resource) fyne.CanvasObject {
	return canvas.NewRaster(func(w, h int) image.Image { return drawn(res, w, h) })
}

// drawing is a picture kept, with what it was drawn from.
type drawing struct {
	content []byte
	pixels  *image.RGBA
}

type drawingSize struct {
	name string
	w, h int
}

var drawings sync.Map // drawingSize -> drawing; few: icons × colours × sizes

func drawn(res fyne.Resource, w, h int) image.Image {
	key := drawingSize{res.Name(), w, h}
	if d, ok := drawings.Load(key); ok && bytes.Equal(d.(drawing).content, res.Content()) {
		return d.(drawing).pixels
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	img := canvas.NewImageFromResource(fyne.NewStaticResource(res.Name(), scaledStrokes(res.Content(), w, h)))
	img.Resize(fyne.NewSize(float32(w), float32(h))) // draws
	if src := img.Image; src != nil && w > 0 && h > 0 {
		draw.CatmullRom.Scale(out, contained(src.Bounds(), w, h), src, src.Bounds(), draw.Src, nil)
	}
	drawings.Store(key, drawing{res.Content(), out})
	return out
}

// contained is the largest rectangle of b's shape in the middle of w×h.
func contained(b image.Rectangle, w, h int) image.Rectangle {
	dw, dh := w, b.Dy()*w/max(1, b.Dx())
	if dh > h {
		dw, dh = b.Dx()*h/max(1, b.Dy()), h
	}
	x, y := (w-dw)/2, (h-dh)/2
	return image.Rect(x, y, x+dw, y+dh)
}

var (
	viewBox     = regexp.MustCompile(`viewBox="0 0 ([0-9.]+) ([0-9.]+)"`)
	strokeWidth = regexp.MustCompile(`stroke-width="([0-9.]+)"`)
)

// scaledStrokes makes an SVG's strokes as wide as its size asks: the toolkit's
// rasteriser scales shapes but leaves stroke widths in pixels.
func scaledStrokes(svg []byte, w, h int) []byte {
	box := viewBox.FindSubmatch(svg)
	if box == nil {
		return svg
	}
	bw, err1 := strconv.ParseFloat(string(box[1]), 64)
	bh, err2 := strconv.ParseFloat(string(box[2]), 64)
	if err1 != nil || err2 != nil || bw <= 0 || bh <= 0 {
		return svg
	}
	scale := min(float64(w)/bw, float64(h)/bh)
	return strokeWidth.ReplaceAllFunc(svg, func(m []byte) []byte {
		width, err := strconv.ParseFloat(string(strokeWidth.FindSubmatch(m)[1]), 64)
		if err != nil {
			return m
		}
		return fmt.Appendf(nil, `stroke-width="%.2f"`, width*scale)
	})
}
