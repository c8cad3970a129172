package kit

import (
	"fyne.io/fyne/v2"

	"egmina/ui/theme"
)

// Ornament is one thin line drawn after the parzenica, the heart-shaped braid on
// highlanders' trousers: loops opening to both sides of a heart.
func Ornament() fyne.CanvasObject {
	h := theme.Size(theme.IconLarge)
	return Centre(Fixed(h*10, h, Drawing(theme.Picture("parzenica", theme.Ornament))))
}
