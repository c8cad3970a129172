package kit

import (
	"hash/maphash"
	"sync"

	"fyne.io/fyne/v2"

	"egmina/ui/theme"
)

// maxWidths bounds the widths kept: some pages' worth of words.
const maxWidths = 8192

// span stands for a text in a size and a cut. It holds the text's hash under a
// seed of this process and not the text, which may be somebody's name.
type span struct {
	text uint64
	size float32
	bold bool
}

// widths keeps what the toolkit measured in the present theme: a page asks for
// the same words many times while it finds its layout.
var widths = struct {
	sync.Mutex
	seed  maphash.Seed
	theme *theme.Theme
	of    map[span]float32
}{seed: maphash.MakeSeed(), of: map[span]float32{}}

// textWidth is the width of a text in one line.
func textWidth(text string, size float32, bold bool) float32 {
	widths.Lock()
	defer widths.Unlock()
	key := span{maphash.String(widths.seed, text), size, bold}
	if now := theme.Current(); now != widths.theme || len(widths.of) >= maxWidths {
		widths.theme = now
		clear(widths.of)
	}
	w, ok := widths.of[key]
	if !ok {
		w = fyne.MeasureText(text, size, fyne.TextStyle{Bold: bold}).Width
		widths.of[key] = w
	}
	return w
}
