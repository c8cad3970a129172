package paper

import (
	qrcode "github.com/skip2/go-qrcode"

	"egmina/data"
)

// encode makes the modules of a QR code without quiet zone.
func encode(payload string, level qrcode.RecoveryLevel) ([][]bool, error) {
	q, err := qrcode.New(payload, level)
	if err != nil {
		return nil, data.Fail("paper.code", err)
	}
	q.DisableBorder = true
	return q.Bitmap(), nil
}

// bar is a rectangle of dark modules.
type bar struct{ x, y, w, h int }

// bars merges dark modules into rectangles, first along the row, then down, so
// that a code is a few hundred shapes and shows no seams inside dark areas.
func bars(modules [][]bool) []bar {
	var out []bar
	open := map[[2]int]int{} // run (x, w) → index of the bar that ends in the row above
	for y, row := range modules {
		next := map[[2]int]int{}
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			w := 1
			for x+w < len(row) && row[x+w] {
				w++
			}
			run := [2]int{x, w}
			if i, ok := open[run]; ok {
				out[i].h++
				next[run] = i
			} else {
				next[run] = len(out)
				out = append(out, bar{x, y, w, 1})
			}
			x += w
		}
		open = next
	}
	return out
}
