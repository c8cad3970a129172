package tour

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"

	"golang.org/x/image/draw"
)

// gallery looks at main screens in high contrast, large text and English. A
// display setting lasts until the session ends.
func (g *guide) gallery(o Options) error {
	g.say("gallery")
	looks := []struct{ name, button string }{
		{"plain", ""}, {"contrast", g.text("shell.contrast")}, {"large", g.text("shell.text_size")}, {"english", g.text("shell.lang_en")},
	}
	for _, l := range looks {
		if err := g.look(o, l.name, l.button); err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
	}
	return nil
}

// look walks some screens with one display setting on, which every session
// begins without.
func (g *guide) look(o Options, name, button string) error {
	polish, lang := g.text, "pl"
	if name == "english" {
		g.text, lang = o.English, "en"
		defer func() { g.text = polish }()
	}
	set := func() error {
		if button == "" {
			return nil
		}
		return g.press(button)
	}
	end := func() error { return in(g.do(g.text("shell.end")), g.at("home")) }
	return in(
		g.at("home"), set, g.keep(name+"-home"),
		g.do(g.text("home.procedures")), g.at("areas"), g.keep(name+"-areas"),
		g.do(g.text("procedures.area_odpady")), g.at("area"),
		g.do(o.Procedure.Title.In(lang)), g.at("procedure"), g.keep(name+"-procedure"),
		g.do(g.text("procedures.fill")), g.at("form.intro"), g.keep(name+"-form-intro"),
		g.do(g.text("form.begin")), g.at("form.step"), g.keep(name+"-form-step"),
		end, set,
		g.do(g.text("home.services")), g.at("pages"), g.keep(name+"-services"),
		g.do(g.text("kiosk.balance")), g.at("login"), g.keep(name+"-login"),
		func() error { return g.login(o) }, g.at("account"), g.keep(name+"-account"),
		g.do(g.text("account.meters")), g.at("meters"), g.keep(name+"-meters"),
		end,
	)
}

// pictured are the tour's pictures that the documentation shows, by pass and
// name, with the names they have there.
var pictured = map[string]map[string]string{
	"landscape-keyboard": {
		"home": "home", "results": "results", "procedure": "procedure", "form-step": "form-step", "form-review": "form-review",
		"preview": "preview", "account-picked": "account", "pay": "pay", "meter-entry": "meter-entry", "meter-receipt": "meter-receipt", "idle": "idle",
	},
	"portrait-touch": {"home": "home-portrait", "procedure": "procedure-portrait", "pay": "pay-portrait"},
	"gallery-wide":   {"contrast-home": "home-contrast", "large-procedure": "procedure-large", "english-home": "home-english"},
}

// docsWidth is the width of a documentation picture in pixels; portrait ones are
// half as wide.
const docsWidth = 1200

// document makes the documentation's pictures from the tour's.
func (o Options) document() error {
	if err := os.MkdirAll(o.Docs, 0o755); err != nil {
		return err
	}
	for pass, names := range pictured {
		for name, to := range names {
			found, err := filepath.Glob(filepath.Join(o.Dir, pass, "[0-9][0-9]-"+name+".png"))
			if err != nil || len(found) == 0 {
				return fmt.Errorf("no picture %s of %s (%v)", name, pass, err)
			}
			if err := shrink(found[0], filepath.Join(o.Docs, to+".png")); err != nil {
				return err
			}
		}
	}
	return nil
}

// shrink writes a smaller copy of a picture.
func shrink(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	img, err := png.Decode(src)
	if err != nil {
		return err
	}
	w, b := docsWidth, img.Bounds()
	if b.Dy() > b.Dx() {
		w /= 2
	}
	small := image.NewRGBA(image.Rect(0, 0, w, b.Dy()*w/b.Dx()))
	draw.CatmullRom.Scale(small, small.Bounds(), img, b, draw.Src, nil)
	dst, err := os.Create(to)
	if err != nil {
		return err
	}
	return errors.Join((&png.Encoder{CompressionLevel: png.BestCompression}).Encode(dst, small), dst.Close())
}
