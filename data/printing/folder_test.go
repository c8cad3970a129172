package printing

import (
	"context"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func testFolder(t *testing.T) (*Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "prints")
	f, err := NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	f.now = func() time.Time { return time.Date(2026, 3, 15, 9, 30, 1, 0, time.UTC) }
	return f, dir
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func twoPages() ([]image.Image, error) {
	return []image.Image{image.NewGray(image.Rect(0, 0, 3, 4)), image.NewGray(image.Rect(0, 0, 5, 6))}, nil
}

func TestFolderPrints(t *testing.T) {
	f, dir := testFolder(t)
	for range 2 {
		pages := 0
		job := Job{Kind: "slip", PDF: []byte(testPDF), Pictures: twoPages}
		if err := Run(t.Context(), f, job, func(p Progress) { pages = p.Pages }); err != nil || pages != 2 {
			t.Fatalf("%v, %d pages", err, pages)
		}
	}
	base := "2026-03-15-093001-slip"
	want := []string{base + "-1.png", base + "-2-1.png", base + "-2-2.png", base + "-2.pdf", base + "-2.png", base + ".pdf"}
	if got := names(t, dir); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if b, _ := os.ReadFile(filepath.Join(dir, base+".pdf")); string(b) != testPDF {
		t.Errorf("PDF is %q", b)
	}
	file, err := os.Open(filepath.Join(dir, base+"-2.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if p, err := png.Decode(file); err != nil || p.Bounds().Dx() != 5 {
		t.Errorf("second page: %v", err)
	}
}

func TestFolderNamesTellNothing(t *testing.T) {
	f, dir := testFolder(t)
	if _, err := f.Submit(t.Context(), Job{Kind: "../Jan Kowalski", PDF: []byte(testPDF)}); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"2026-03-15-093001-document.pdf"}) {
		t.Errorf("%q", got)
	}
}

func TestFolderGone(t *testing.T) {
	f, dir := testFolder(t)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if code := codeOf(Run(t.Context(), f, Job{PDF: []byte(testPDF)}, nil)); code != CodeFolder {
		t.Errorf("code %q", code)
	}
	if _, err := f.Submit(t.Context(), Job{PDF: []byte(testPDF)}); codeOf(err) != CodeFolder {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewFolder(file); codeOf(err) != CodeFolder {
		t.Error(err)
	}
}

func TestFolderAllOrNothing(t *testing.T) {
	f, dir := testFolder(t)
	bad := func() ([]image.Image, error) { // a picture without pixels cannot be a PNG
		return []image.Image{image.NewGray(image.Rect(0, 0, 3, 4)), image.NewGray(image.Rectangle{})}, nil
	}
	if _, err := f.Submit(t.Context(), Job{PDF: []byte(testPDF), Pictures: bad}); err == nil {
		t.Error("no error")
	}
	broken := func() ([]image.Image, error) { return nil, errors.New("no") }
	if _, err := f.Submit(t.Context(), Job{PDF: []byte(testPDF), Pictures: broken}); err == nil {
		t.Error("no error")
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := f.Submit(ctx, Job{PDF: []byte(testPDF)}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if got := names(t, dir); len(got) != 0 {
		t.Errorf("left behind: %q", got)
	}
}

func TestFolderSweepsWhatACrashLeft(t *testing.T) {
	f, dir := testFolder(t)
	for _, name := range []string{tempPrefix + "123", "kept.pdf"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.CancelAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"kept.pdf"}) {
		t.Errorf("%q", got)
	}
	if s, err := f.Job(t.Context(), "nothing"); err != nil || s.Phase != JobUnknown {
		t.Errorf("%+v, %v", s, err)
	}
}
