package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// transferCase is one line of zbp.jsonl.
type transferCase struct {
	Why      string
	NIP      string
	NRB      string
	Grosze   int64
	Name     string
	Title    string
	R1       string
	R2       string
	R3       string
	Payload  string
	Warnings []string
	Error    string
}

func (c transferCase) args(more ...string) []string {
	args := []string{"transfer", "--nrb", c.NRB, "--grosze", strconv.FormatInt(c.Grosze, 10), "--name", c.Name, "--title", c.Title}
	for _, o := range [][2]string{{"--nip", c.NIP}, {"--r1", c.R1}, {"--r2", c.R2}, {"--r3", c.R3}} {
		if o[1] != "" {
			args = append(args, o[0], o[1])
		}
	}
	return append(args, more...)
}

func transferCases(t *testing.T) (out []transferCase) {
	t.Helper()
	lines := bufio.NewScanner(bytes.NewReader(must(os.ReadFile("testdata/zbp.jsonl"))))
	for lines.Scan() {
		var c transferCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		t.Fatal("no cases")
	}
	return out
}

func TestTransfer(t *testing.T) {
	for _, c := range transferCases(t) {
		t.Run(c.Why, func(t *testing.T) {
			speak(t, "pl")
			if c.Error != "" {
				refused(t, c)
				return
			}
			a := egmina(c.args()...)
			if a.status != exitOK || a.out != c.Payload+"\n" {
				t.Fatalf("%+v, want %s", a, c.Payload)
			}
			if strings.Count(a.errs, "\n") != len(c.Warnings) || strings.Contains(a.errs, "«") {
				t.Errorf("warnings %v are said as %q", c.Warnings, a.errs)
			}
			got := inJSON[transferAnswer](t, egmina(c.args("--json")...))
			if got.Payload != c.Payload || !slices.Equal(got.Warnings, c.Warnings) {
				t.Errorf("%+v", got)
			}
			codesAreRead(t, c)
		})
	}
}

// refused: status 1, a sentence, no payload and no file, but for an amount that
// only the slip holds.
func refused(t *testing.T, c transferCase) {
	pdf := filepath.Join(t.TempDir(), "slip.pdf")
	if c.Error == "amount_too_large" {
		slipAlone(t, c, pdf)
		pdf = filepath.Join(t.TempDir(), "no", "slip.pdf")
	}
	a := egmina(c.args()...)
	if a.status != exitNo || a.out != "" || strings.Count(a.errs, "\n") != 1 || strings.Contains(a.errs, "Coś się nie udało") {
		t.Errorf("%+v", a)
	}
	if b := egmina(c.args("--pdf", pdf)...); b.status != exitNo || b.out != "" || !strings.HasPrefix(b.errs, a.errs) {
		t.Errorf("%+v", b)
	}
	if _, err := os.Stat(pdf); err == nil {
		t.Error("a slip was written")
	}
	a = egmina(c.args("--json")...)
	if got := inJSON[failure](t, a); a.status != exitNo || !strings.HasSuffix(got.Error, c.Error) || got.Why == "" {
		t.Errorf("status %d, %+v", a.status, got)
	}
}

// slipAlone: above what the code holds the answer is no, the slip is written all
// the same, and that is said.
func slipAlone(t *testing.T, c transferCase, pdf string) {
	a := egmina(c.args("--pdf", pdf)...)
	if a.status != exitNo || a.out != "" || strings.Count(a.errs, "\n") != 2 || !strings.Contains(a.errs, pdf) {
		t.Errorf("%+v", a)
	}
	tool(t, "qpdf", "--check", pdf)
	if text := strings.ReplaceAll(tool(t, "pdftotext", pdf, "-"), "\u00a0", " "); !strings.Contains(text, "10 000,00 zł") || !strings.Contains(text, c.Title) {
		t.Errorf("the slip says %s", text)
	}
	a = egmina(c.args("--json", "--pdf", pdf)...)
	if got := inJSON[failure](t, a); a.status != exitNo || got.Error != c.Error || !strings.Contains(got.Why, pdf) {
		t.Errorf("status %d, %+v", a.status, got)
	}
	c.Grosze = 1e12
	beyond := filepath.Join(t.TempDir(), "slip.pdf")
	a = egmina(c.args("--pdf", beyond)...)
	if _, err := os.Stat(beyond); err == nil || a.status != exitNo || strings.Count(a.errs, "\n") != 2 {
		t.Errorf("%+v, %v", a, err)
	}
}

// codesAreRead decodes the picture, and every code of the printed slip, with
// two independent decoders.
func codesAreRead(t *testing.T, c transferCase) {
	dir := t.TempDir()
	png, pdf, raster := filepath.Join(dir, "code.png"), filepath.Join(dir, "slip.pdf"), filepath.Join(dir, "slip")
	if a := egmina(c.args("--png", png, "--pdf", pdf)...); a.status != exitOK || a.out != c.Payload+"\n" {
		t.Fatalf("%+v", a)
	}
	tool(t, "qpdf", "--check", pdf)
	tool(t, "pdftoppm", "-gray", "-png", "-singlefile", "-r", "150", pdf, raster)
	for _, picture := range []string{png, raster + ".png"} {
		// Binary, because the payload declares no character set and zbar would guess one.
		if got := tool(t, "zbarimg", "-q", "--raw", "-Sbinary", picture); got != c.Payload {
			t.Errorf("zbarimg reads %q in %s", got, filepath.Base(picture))
		}
		if got := tool(t, "ZXingReader", "-bytes", picture); got != c.Payload {
			t.Errorf("ZXingReader reads %q in %s", got, filepath.Base(picture))
		}
	}
}

// The same transfer on the same day gives the same bytes.
func TestTransferSameBytes(t *testing.T) {
	c := transferCases(t)[0]
	var first map[string]string
	for range 2 {
		dir, got := t.TempDir(), map[string]string{}
		if a := egminaAt("", c.args("--png", filepath.Join(dir, "a.png"), "--pdf", filepath.Join(dir, "a.pdf"))...); a.status != exitOK {
			t.Fatalf("%+v", a)
		}
		for _, name := range []string{"a.png", "a.pdf"} {
			got[name] = string(must(os.ReadFile(filepath.Join(dir, name))))
		}
		if first == nil {
			first = got
		}
		if got["a.png"] != first["a.png"] || got["a.pdf"] != first["a.pdf"] {
			t.Error("other bytes")
		}
	}
}
