package theme

import (
	"image/color"
	"sync"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"egmina/assets"
)

// Options choose how the names of colours and sizes are answered.
type Options struct {
	Palette Palette
	Large   bool // the larger text step
	Compact bool // small panels: 1366×768, 1280×1024
}

// Theme is a fyne.Theme for one set of Options. It is immutable.
type Theme struct{ o Options }

var _ fyne.Theme = (*Theme)(nil)

// New returns the theme for o.
func New(o Options) *Theme { return &Theme{o: o} }

// Options returns what the theme was made for.
func (t *Theme) Options() Options { return t.o }

// Color answers our names and the toolkit's; the variant has no say, because
// the palette is chosen by the resident.
func (t *Theme) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	p := palettes[t.o.Palette]
	if ours, ok := toolkit[name]; ok {
		name = ours
	}
	if name == None {
		return color.Transparent // the very value the painter knows not to paint
	}
	if c, ok := p[name]; ok {
		return c
	}
	return fynetheme.DefaultTheme().Color(name, fynetheme.VariantLight)
}

// Size answers our names and the toolkit's.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	s, ok := sizes[name]
	if !ok {
		return fynetheme.DefaultTheme().Size(name)
	}
	if t.o.Compact {
		if c, ok := compact[name]; ok {
			s = c
		}
	}
	if t.o.Large && texts[name] {
		s = float32(int(s*largeStep + 0.5))
	}
	return s
}

// Font answers the regular or the bold cut of the one family.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	if style.Symbol {
		return fynetheme.DefaultTheme().Font(style)
	}
	regular, bold := fonts()
	if style.Bold {
		return bold
	}
	return regular
}

// Icon answers the toolkit's own icons; ours come from Picture.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource {
	return fynetheme.DefaultTheme().Icon(name)
}

var fonts = sync.OnceValues(func() (regular, bold fyne.Resource) {
	return font("EgminaSans-Regular.ttf"), font("EgminaSans-Bold.ttf")
})

func font(file string) fyne.Resource {
	b, err := assets.Fonts.ReadFile("fonts/" + file)
	if err != nil { // embedded with the binary: it cannot be missing in a build that passed its tests
		panic(err)
	}
	return fyne.NewStaticResource(file, b)
}

var plain = New(Options{})

// Current returns the application's theme when it is ours, else the plain one.
func Current() *Theme {
	if a := fyne.CurrentApp(); a != nil {
		if t, ok := a.Settings().Theme().(*Theme); ok {
			return t
		}
	}
	return plain
}

// Color returns a colour of the current theme.
func Color(name fyne.ThemeColorName) color.Color { return Current().Color(name, 0) }

// Size returns a size of the current theme.
func Size(name fyne.ThemeSizeName) float32 { return Current().Size(name) }
