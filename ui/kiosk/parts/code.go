package parts

import (
	"fyne.io/fyne/v2"
	qrcode "github.com/skip2/go-qrcode"

	"egmina/ui/kit"
)

// Code shows a text as a QR code (ISO/IEC 18004, error correction M). It is nil
// when the text is too long for one.
func Code(text string, side float32) fyne.CanvasObject {
	q, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil
	}
	q.DisableBorder = true
	return kit.Fixed(side, side, kit.NewCode(q.Bitmap(), side))
}
