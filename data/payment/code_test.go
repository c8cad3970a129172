package payment_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"egmina/data/payment"
)

// TestCodeDecodes draws every payload of the vectors and has an independent
// decoder (zbarimg, which `make test` installs) read it back.
func TestCodeDecodes(t *testing.T) {
	for _, v := range vectors(t) {
		if v.Payload == "" {
			continue
		}
		modules, err := payment.Code(v.Payload)
		if err != nil {
			t.Fatal(err)
		}
		checkShape(t, modules)
		file := filepath.Join(t.TempDir(), "code.png")
		if err := os.WriteFile(file, draw(t, modules), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file).Output()
		if got := strings.TrimRight(string(out), "\n"); err != nil || got != v.Payload {
			t.Errorf("%s: read back %q, %v", v.Why, got, err)
		}
	}
	if _, err := payment.Code(strings.Repeat("ż", 5000)); err == nil {
		t.Error("a text longer than any code")
	}
}

// checkShape looks for a square without a quiet zone: version 1 to 8, with a
// finder pattern that starts in the very corner.
func checkShape(t *testing.T, modules [][]bool) {
	t.Helper()
	n := len(modules)
	if n < 21 || n > 49 || (n-17)%4 != 0 || len(modules[n-1]) != n {
		t.Errorf("%d rows", n)
	}
	for i := range 7 {
		if !modules[0][i] || !modules[i][0] || !modules[0][n-1-i] || !modules[n-1-i][0] {
			t.Fatal("no finder patterns in the corners")
		}
	}
}

// draw makes a PNG of four pixels a module with a quiet zone of four modules.
func draw(t *testing.T, modules [][]bool) []byte {
	const scale, quiet = 4, 4
	n := len(modules)
	img := image.NewGray(image.Rect(0, 0, (n+2*quiet)*scale, (n+2*quiet)*scale))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			row, column := y/scale-quiet, x/scale-quiet
			dark := row >= 0 && column >= 0 && row < n && column < n && modules[row][column]
			if !dark {
				img.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func BenchmarkCode(b *testing.B) {
	payload := vectors(b)[0].Payload
	for b.Loop() {
		if _, err := payment.Code(payload); err != nil {
			b.Fatal(err)
		}
	}
}
