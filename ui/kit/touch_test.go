package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"egmina/ui/kit"
)

func at(x, y float32) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{AbsolutePosition: fyne.NewPos(x, y)}}
}

// TestTouchIsNeverLost plays what the toolkit sends for a press and a release:
// with its Tapped, without it (it forgets some), and for a drag.
func TestTouchIsNeverLost(t *testing.T) {
	tests := []struct {
		name   string
		up     *desktop.MouseEvent
		tapped bool
		want   int
	}{
		{"touch", at(100, 100), true, 1},
		{"touch the toolkit forgets", at(100, 100), false, 1},
		{"finger slips a little", at(106, 104), false, 1},
		{"drag", at(100, 150), false, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := 0
			b := kit.Primary("x", func() { got++ })
			window(t, b, 300, 200)
			for range 2 { // a second touch counts, too
				b.MouseDown(at(100, 100))
				b.MouseUp(tt.up)
				if tt.tapped {
					b.Tapped(&fyne.PointEvent{})
				}
			}
			if got != 2*tt.want {
				t.Errorf("acted %d times in two touches, want %d", got, 2*tt.want)
			}
		})
	}
	got := 0
	b := kit.Primary("x", func() { got++ })
	window(t, b, 300, 200)
	if b.Tapped(&fyne.PointEvent{}); got != 1 {
		t.Errorf("a tap without a press acted %d times", got)
	}
}
