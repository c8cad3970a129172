package kit

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// quiet zone around a QR code in modules (ISO/IEC 18004).
const quietZone = 4

// Code shows a QR code. Every module covers a whole number of pixels, so that
// its edges are crisp, and it is black on white in every palette, because that
// is what phones read.
type Code struct {
	widget.BaseWidget
	modules [][]bool
	size    float32
}

// NewCode makes a code of at most size units square, quiet zone included.
// modules come without quiet zone, true is dark.
func NewCode(modules [][]bool, size float32) *Code {
	c := &Code{modules: modules, size: size}
	c.ExtendBaseWidget(c)
	return c
}

// MinSize is part of fyne.CanvasObject.
func (c *Code) MinSize() fyne.Size { return fyne.NewSquareSize(c.size) }

// HeightFor is part of Tall.
func (c *Code) HeightFor(float32) float32 { return c.size }

// CreateRenderer is part of fyne.Widget.
func (c *Code) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRaster(c.draw))
}

// draw paints w×h pixels: white, with the code as large as whole modules allow in
// the middle.
func (c *Code) draw(w, h int) image.Image {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = 0xff
	}
	n := len(c.modules)
	if n == 0 {
		return img
	}
	px := min(w, h) / (n + 2*quietZone)
	if px < 1 {
		return img // too small to be read: better nothing than a smear
	}
	x0, y0 := (w-n*px)/2, (h-n*px)/2
	for r, row := range c.modules {
		for m, dark := range row {
			if dark {
				fillSquare(img, x0+m*px, y0+r*px, px)
			}
		}
	}
	return img
}

func fillSquare(img *image.Gray, x0, y0, px int) {
	for y := y0; y < y0+px; y++ {
		for x := x0; x < x0+px; x++ {
			img.SetGray(x, y, color.Gray{})
		}
	}
}
