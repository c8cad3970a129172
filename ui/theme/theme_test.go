package theme

import (
	"bytes"
	"image/color"
	"io/fs"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"egmina/assets"
)

// luminance is the relative luminance of WCAG 2.2.
func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	part := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(n.R) + 0.7152*part(n.G) + 0.0722*part(n.B)
}

func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func TestContrast(t *testing.T) {
	if c := contrast(color.White, color.Black); math.Abs(c-21) > 0.01 {
		t.Fatalf("black on white = %.2f, want 21", c)
	}
	for _, p := range []Palette{Normal, HighContrast} {
		th := New(Options{Palette: p})
		check := func(pairs []Pair, least float64) {
			for _, pair := range pairs {
				if c := contrast(th.Color(pair.Text, 0), th.Color(pair.Ground, 0)); c < least {
					t.Errorf("palette %d: %s on %s = %.2f, want at least %.1f", p, pair.Text, pair.Ground, c, least)
				}
			}
		}
		check(Pairs, 4.5)
		check(Edges, 3)
	}
}

func TestPalettesAreComplete(t *testing.T) {
	for name := range palettes[Normal] {
		if _, ok := palettes[HighContrast][name]; !ok {
			t.Errorf("%s has no high-contrast colour", name)
		}
	}
	for theirs, ours := range toolkit {
		if _, ok := palettes[Normal][ours]; !ok {
			t.Errorf("%s stands for the unknown %s", theirs, ours)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, o := range []Options{{}, {Large: true}, {Compact: true}, {Compact: true, Large: true}} {
		th := New(o)
		for name := range texts {
			if s := th.Size(name); s < 20 {
				t.Errorf("%+v: text %s is %.0f, want at least 20", o, name, s)
			}
		}
		if s := th.Size(Key); s < 64 {
			t.Errorf("%+v: key is %.0f high, want at least 64", o, s)
		}
	}
	// 20 mm: 4.03 pixels to the millimetre on 21.5" Full HD, 3.33 on 18.5" 1366×768.
	if s := New(Options{}).Size(Target); s < 20*4.03 {
		t.Errorf("target is %.0f, want 20 mm", s)
	}
	if s := New(Options{Compact: true}).Size(Target); s < 20*3.33 {
		t.Errorf("compact target is %.0f, want 20 mm", s)
	}
	if s := New(Options{Large: true}).Size(TextBody); s < 28 {
		t.Errorf("large body is %.0f, want 28", s)
	}
}

func TestFonts(t *testing.T) {
	th := New(Options{})
	if th.Font(fyne.TextStyle{}).Name() == th.Font(fyne.TextStyle{Bold: true}).Name() {
		t.Error("regular and bold are the same")
	}
	if th.Font(fyne.TextStyle{Monospace: true}).Name() != th.Font(fyne.TextStyle{}).Name() {
		t.Error("there is only one family")
	}
}

// TestIcons rasterises every icon in a colour and finds that colour in it.
func TestIcons(t *testing.T) {
	test.NewTempApp(t)
	files, err := fs.Glob(assets.Icons, "icons/*.svg")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d icons, %v", len(files), err)
	}
	for _, f := range files {
		name := f[len("icons/") : len(f)-len(".svg")]
		r := Picture(name, Accent)
		if bytes.Contains(r.Content(), []byte(iconInk)) {
			t.Errorf("%s keeps its own colour", name)
		}
		if !painted(r) {
			t.Errorf("%s draws nothing", name)
		}
	}
	if Picture("no-such-icon", Ink) == nil {
		t.Error("an unknown icon must give the dot")
	}
}

func painted(r fyne.Resource) bool {
	img := canvas.NewImageFromResource(r)
	img.FillMode = canvas.ImageFillContain
	w := test.NewWindow(img)
	defer w.Close()
	w.SetPadded(false)
	w.Resize(fyne.NewSize(96, 96))
	shot := w.Canvas().Capture()
	want := color.NRGBAModel.Convert(palettes[Normal][Accent]).(color.NRGBA)
	for y := range 96 {
		for x := range 96 {
			if c := color.NRGBAModel.Convert(shot.At(x, y)).(color.NRGBA); near(c.R, want.R) && near(c.G, want.G) && near(c.B, want.B) {
				return true
			}
		}
	}
	return false
}

// near allows for the smoothed edges of a thin line.
func near(a, b uint8) bool { return max(a, b)-min(a, b) < 12 }
