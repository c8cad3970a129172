package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"egmina/ui/theme"
)

// Ornament is one thin line drawn after the parzenica, the heart-shaped braid on
// highlanders' trousers: loops opening to both sides of a heart.
func Ornament() fyne.CanvasObject {
	img := canvas.NewImageFromResource(theme.Picture("parzenica", theme.Ornament))
	img.FillMode = canvas.ImageFillContain
	h := theme.Size(theme.IconLarge)
	return Centre(Fixed(h*10, h, img))
}
