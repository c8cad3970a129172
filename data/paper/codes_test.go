package paper

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"egmina/data/forms"
	"egmina/data/payment"
)

// snap rasterises the surroundings of a code: a page as a phone or scanner
// sees it, with the frames and texts beside the code.
func snap(tb testing.TB, file string, page int, c Code, dpi int) string {
	tb.Helper()
	const around = 4.0 // mm
	px := func(mm float64) string { return fmt.Sprint(int(mm * float64(dpi) / 25.4)) }
	n := fmt.Sprint(page + 1)
	base := filepath.Join(tb.TempDir(), "code")
	run(tb, "pdftoppm", "-gray", "-png", "-singlefile", "-r", fmt.Sprint(dpi), "-f", n, "-l", n,
		"-x", px(c.X-around), "-y", px(c.Y-around), "-W", px(c.Size+2*around), "-H", px(c.Size+2*around), file, base)
	return base + ".png"
}

// zbar reads a picture with zbarimg. Binary, because the payload has no
// character set declared and zbar would guess one.
func zbar(tb testing.TB, picture string) string {
	return string(run(tb, "zbarimg", "-q", "--raw", "-Sbinary", picture))
}

// zxing reads it with zxing-cpp, its bytes as they are.
func zxing(tb testing.TB, picture string) string {
	return string(run(tb, "ZXingReader", "-bytes", picture))
}

// Every code of every page is read back by two independent decoders, as a
// cheap scanner and as a good one see it.
func TestCodesAreRead(t *testing.T) {
	read := 0
	for _, n := range testSet(t) {
		file := write(t, n.doc)
		for i, p := range n.doc.Pages {
			for _, it := range p.Items {
				c, ok := it.(Code)
				if !ok {
					continue
				}
				for _, dpi := range []int{150, 300} {
					picture := snap(t, file, i, c, dpi)
					for name, got := range map[string]string{"zbar": zbar(t, picture), "zxing": zxing(t, picture)} {
						if got != c.Payload {
							t.Errorf("%s page %d at %d dpi: %s reads %q, not %q", n.name, i+1, dpi, name, got, c.Payload)
						}
					}
					read++
				}
			}
		}
	}
	if read < 40 {
		t.Errorf("only %d codes read", read)
	}
}

// The preview on the screen can be read as well: a resident may point a phone
// at it.
func TestPreviewCodesAreRead(t *testing.T) {
	doc, err := SlipDoc(slipInput(testGmina(t)))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "preview.png")
	if err := os.WriteFile(file, encodePNG(t, Picture(doc.Pages[0], 120)), 0o600); err != nil {
		t.Fatal(err)
	}
	want := codes(doc)[0].Payload
	if got := zbar(t, file); got != want {
		t.Errorf("zbar reads %q", got)
	}
	if got := zxing(t, file); got != want {
		t.Errorf("zxing reads %q", got)
	}
}

// What the codes carry is what the page says.
func TestCodesSayWhatThePageSays(t *testing.T) {
	for _, n := range testSet(t) {
		text := squeezed(allText(n.doc))
		for _, c := range codes(n.doc) {
			if strings.HasPrefix(c.Payload, "EG1:") {
				d, err := forms.Decode(c.Payload)
				if err != nil || d.Number != testNumber || !strings.Contains(text, d.Number) {
					t.Errorf("%s: %+v, %v", n.name, d.Number, err)
				}
				continue
			}
			p, err := payment.ParsePayload(c.Payload)
			if err != nil {
				t.Errorf("%s: %q: %v", n.name, c.Payload, err)
				continue
			}
			for _, want := range []string{p.Amount.String(), grouped(p.NRB), payment.Words(p.Amount), p.Name, p.Title} {
				if !strings.Contains(text, squeezed(want)) {
					t.Errorf("%s: the page does not say %q", n.name, want)
				}
			}
		}
	}
}

// bars must cover exactly the dark modules, each once.
func TestBars(t *testing.T) {
	modules, err := encode("Zażółć gęślą jaźń", 0)
	if err != nil {
		t.Fatal(err)
	}
	got := make([][]int, len(modules))
	for y := range got {
		got[y] = make([]int, len(modules))
	}
	for _, b := range bars(modules) {
		for y := b.y; y < b.y+b.h; y++ {
			for x := b.x; x < b.x+b.w; x++ {
				got[y][x]++
			}
		}
	}
	for y, row := range modules {
		for x, dark := range row {
			if got[y][x] != b2i(dark) {
				t.Fatalf("module %d,%d is painted %d times, dark %v", x, y, got[y][x], dark)
			}
		}
	}
}
