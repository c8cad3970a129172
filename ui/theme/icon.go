package theme

import (
	"bytes"
	"fmt"
	"image/color"
	"sync"

	"fyne.io/fyne/v2"

	"egmina/assets"
)

// iconInk is the colour icons are drawn in; Picture replaces it.
const iconInk = "#000000"

var tinted sync.Map // "name#rrggbb" -> fyne.Resource

// Picture returns the line icon assets/icons/<name>.svg in a colour of the
// current theme. An unknown name gives the dot.
func Picture(name string, c fyne.ThemeColorName) fyne.Resource {
	hex := hexOf(Color(c))
	key := name + hex
	if r, ok := tinted.Load(key); ok {
		return r.(fyne.Resource)
	}
	src, err := assets.Icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		if name == "dot" {
			return nil
		}
		return Picture("dot", c)
	}
	r := fyne.NewStaticResource(key+".svg", bytes.ReplaceAll(src, []byte(iconInk), []byte(hex)))
	tinted.Store(key, r)
	return r
}

func hexOf(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}
