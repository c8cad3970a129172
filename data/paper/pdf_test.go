package paper

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"egmina/data"
)

// write renders a document into a file of the test.
func write(tb testing.TB, d Doc) string {
	tb.Helper()
	pdf, err := PDF(d)
	if err != nil {
		tb.Fatal(err)
	}
	file := filepath.Join(tb.TempDir(), "page.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		tb.Fatal(err)
	}
	return file
}

// run runs a tool and returns what it wrote; a tool that fails or is missing
// fails the test.
func run(tb testing.TB, name string, args ...string) []byte {
	tb.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		tb.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out.Bytes(), errs.Bytes())
	}
	return out.Bytes()
}

func TestPDFIsSound(t *testing.T) {
	for _, n := range testSet(t) {
		out := string(run(t, "qpdf", "--check", write(t, n.doc)))
		if !strings.Contains(out, "No syntax or stream encoding errors found") {
			t.Errorf("%s: %s", n.name, out)
		}
	}
}

// squeezed drops all white space: boxes and columns set letters apart.
func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u00a0' {
			return -1
		}
		return r
	}, s)
}

func TestPDFTextCanBeRead(t *testing.T) {
	for _, n := range testSet(t) {
		file := write(t, n.doc)
		text := squeezed(string(run(t, "pdftotext", "-raw", file, "-")))
		for _, want := range n.says {
			if !strings.Contains(text, squeezed(want)) {
				t.Errorf("%s does not say %q", n.name, want)
			}
		}
	}
}

// Every text of the page model is in the PDF as text.
func TestPDFHasEveryText(t *testing.T) {
	for _, n := range testSet(t) {
		read := squeezed(string(run(t, "pdftotext", "-raw", write(t, n.doc), "-")))
		missing := 0
		for line := range strings.Lines(allText(n.doc)) {
			if !strings.Contains(read, squeezed(line)) {
				missing++
				t.Logf("%s: %q", n.name, line)
			}
		}
		if missing > 0 {
			t.Errorf("%s: %d texts cannot be read", n.name, missing)
		}
	}
}

func TestPDFKnowsItself(t *testing.T) {
	doc, err := SlipDoc(slipInput(testGmina(t)))
	if err != nil {
		t.Fatal(err)
	}
	file := write(t, doc)
	info := string(run(t, "pdfinfo", file))
	for _, want := range []string{"Title:", "Blankiet wpłaty", "Urząd Gminy Kościelisko", "Producer:        e-Gmina", "A4", "Mon Mar 16 00:00:00 2026"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo does not say %q:\n%s", want, info)
		}
	}
	catalog := string(run(t, "qpdf", "--json", "--json-key=qpdf", file))
	if !regexp.MustCompile(`"/Lang": "u:pl"`).MatchString(catalog) || !strings.Contains(catalog, `"/PrintScaling": "/None"`) {
		t.Error("the catalog has no language or printing at true size")
	}
	for line := range strings.Lines(string(run(t, "pdffonts", file))) {
		if strings.Contains(line, "egmina") && !strings.Contains(line, "yes") {
			t.Errorf("font not embedded: %s", line)
		}
	}
}

// digest is the fingerprint of the whole test set.
func digest(tb testing.TB) string {
	h := sha256.New()
	for _, n := range testSet(tb) {
		pdf, err := PDF(n.doc)
		if err != nil {
			tb.Fatal(err)
		}
		fmt.Fprintf(h, "%s %d\n", n.name, len(pdf))
		h.Write(pdf)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func TestSameBytes(t *testing.T) {
	in := slipInput(testGmina(t))
	want := ""
	for i := range 20 {
		doc, err := SlipDoc(in)
		if err != nil {
			t.Fatal(err)
		}
		pdf, err := PDF(doc)
		if err != nil {
			t.Fatal(err)
		}
		if sum := fmt.Sprintf("%x", sha256.Sum256(pdf)); want == "" {
			want = sum
		} else if sum != want {
			t.Fatalf("run %d gives other bytes", i)
		}
	}
}

const printDigest = "EGMINA_TEST_PRINT_DIGEST"

// TestSameBytesElsewhere compares with a fresh process.
func TestSameBytesElsewhere(t *testing.T) {
	sum := digest(t)
	if os.Getenv(printDigest) != "" {
		fmt.Println("digest", sum)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestSameBytesElsewhere$")
	cmd.Env = append(os.Environ(), printDigest+"=1", "TZ=Asia/Tokyo", "LANG=de_DE.UTF-8")
	out, err := cmd.Output()
	if err != nil || !strings.Contains(string(out), "digest "+sum) {
		t.Fatalf("a fresh process gives other bytes: %v\n%s", err, out)
	}
}

// Documents are made at the same time on several screens.
func TestPDFTogether(t *testing.T) {
	doc, err := SlipDoc(slipInput(testGmina(t)))
	if err != nil {
		t.Fatal(err)
	}
	want, err := PDF(doc)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan bool)
	for range 8 {
		go func() {
			got, err := PDF(doc)
			Picture(doc.Pages[0], 50)
			done <- err == nil && bytes.Equal(got, want)
		}()
	}
	for range 8 {
		if !<-done {
			t.Error("other bytes")
		}
	}
}

func TestCatalogRefusesOtherFiles(t *testing.T) {
	for _, s := range []string{"", "%PDF-1.3\nstartxref\n1\n", "/Type /Catalog\nstartxref\nx\n"} {
		if _, err := catalog([]byte(s), "pl"); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
	if got := latin("pl) /X (y"); got != "plXy" {
		t.Errorf("language %q", got)
	}
	if got := latin("\x00"); got != data.Polish {
		t.Errorf("language %q", got)
	}
}
