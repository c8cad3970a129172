package payment

import (
	"fmt"

	qrcode "github.com/skip2/go-qrcode"
)

// Code returns the modules of the QR code (ISO/IEC 18004) of the text, true is
// dark, row by row from the top, without the quiet zone: whoever draws it leaves
// four modules free around it. Error correction is level L, as ZBP asks.
func Code(payload string) ([][]bool, error) {
	code, err := qrcode.New(payload, qrcode.Low)
	if err != nil {
		return nil, fmt.Errorf("payment code: %w", err)
	}
	code.DisableBorder = true
	return code.Bitmap(), nil
}
