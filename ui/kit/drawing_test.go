package kit

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"egmina/ui/theme"
)

// TestStrokesGrowWithTheSize measures ink: an icon of twice the size has four
// times as much, not twice.
func TestStrokesGrowWithTheSize(t *testing.T) {
	test.NewTempApp(t)
	ink := func(side int) (sum int) {
		pic := drawn(theme.Picture("pin", theme.Accent), side, side)
		for y := range side {
			for x := range side {
				_, _, _, a := pic.At(x, y).RGBA()
				sum += int(a >> 8)
			}
		}
		return sum
	}
	if small, large := ink(34), ink(68); large < small*35/10 || large > small*45/10 {
		t.Errorf("ink %d at 34, %d at 68", small, large)
	}
}
