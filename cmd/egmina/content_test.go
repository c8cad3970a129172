package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"egmina/assets"
	"egmina/data"
)

// packCopy writes the shipped pack to a folder.
func packCopy(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pack")
	inside := must(fs.Sub(assets.Gminas, "gmina/koscielisko"))
	if err := os.CopyFS(dir, inside); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestContentGood(t *testing.T) {
	speak(t, "pl")
	for _, name := range []string{"koscielisko", packCopy(t)} {
		if a := egmina("content", "check", name); a != (answer{exitOK, "Nie znaleziono pomyłek.\n", ""}) {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if got := inJSON[[]found](t, egmina("content", "check", "koscielisko", "--json")); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// Each mistake is found at its file and line.
func TestContentMistakes(t *testing.T) {
	for _, c := range []struct{ name, file, old, with, code string }{
		{"missing slug", "procedures/odpis-aktu.md", "slug: odpis-aktu\n", "", "pack.missing"},
		{"slug of another file", "procedures/odpis-aktu.md", "slug: odpis-aktu\n", "slug: odpis\n", "pack.slug_is_not_file_name"},
		{"dead link to a form", "procedures/odpis-aktu.md", "odpis-aktu-wniosek", "odpis-aktu-nope", "pack.unknown_form"},
		{"rate without period", "tariffs.yaml", "  from: 2007-01-01\n", "", "pack.rate_without_period"},
		{"field without label", "forms/pelnomocnictwo.yaml", "        label:\n          pl: Nazwisko\n          en: Last name\n", "", ""},
		{"condition on an unknown field", "forms/deklaracja-odpady.yaml", "when: reason == 'expiry'\n", "when: raeson == 'expiry'\n", ""},
		{"unknown key", "gmina.yaml", "id: ", "identity: 1\nid: ", "pack.unknown_key"},
		{"no YAML", "waste.yaml", "as_of:", "\tas_of:", "pack.bad_yaml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			speak(t, "pl")
			dir := packCopy(t)
			path := filepath.Join(dir, filepath.FromSlash(c.file))
			text := string(must(os.ReadFile(path)))
			before, after, ok := strings.Cut(text, c.old)
			if !ok {
				t.Fatalf("%s has no %q", c.file, c.old)
			}
			if err := os.WriteFile(path, []byte(before+c.with+after), 0o600); err != nil {
				t.Fatal(err)
			}
			namesMistake(t, dir, c.file, c.code, 1+strings.Count(before, "\n"))
		})
	}
}

// namesMistake wants a mistake of the file within a few lines of the change: a
// missing key stands where the thing that lacks it begins.
func namesMistake(t *testing.T, dir, file, code string, line int) {
	a := egmina("content", "check", dir, "--json")
	near := ""
	for _, f := range inJSON[[]found](t, a) {
		if f.Text == "" || strings.Contains(f.Text, "«") || strings.Contains(f.Text, "Coś się nie udało") {
			t.Errorf("no sentence: %+v", f)
		}
		if f.File == file && f.Line > 0 && f.Line <= line+1 && f.Line >= line-4 && (code == "" || f.Code == code) {
			near = file + ":" + strconv.Itoa(f.Line) + ":"
			t.Log(near, f.Text)
		}
	}
	plain := egmina("content", "check", dir)
	if a.status != exitNo || plain.status != exitNo || near == "" || !strings.Contains(plain.out, near) {
		t.Errorf("line %d, status %d: %s%s", line, a.status, a.out, plain.out)
	}
	// The other tools refuse such a pack, and say why in the same words.
	if s := egmina("search", "--municipality", dir, "dowod"); s.status != exitNo || s.errs != plain.out {
		t.Errorf("search: %+v", s)
	}
}

// What is no pack at all gives mistakes, not a crash.
func TestContentNoPack(t *testing.T) {
	speak(t, "pl")
	empty := t.TempDir()
	if a := egmina("content", "check", empty); a.status != exitNo || !strings.Contains(a.out, "gmina.yaml: ") || strings.Contains(a.out, ":0:") {
		t.Errorf("%+v", a)
	}
	for _, hostile := range []string{"\x00\xff", strings.Repeat("[", 100_000), "a: &a [*a]", strings.Repeat("x", 4<<20)} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "gmina.yaml"), []byte(hostile), 0o600); err != nil {
			t.Fatal(err)
		}
		if a := egmina("content", "check", dir); a.status != exitNo || !strings.Contains(a.out, "gmina.yaml:") {
			t.Errorf("%.20q: %.300s%s", hostile, a.out, a.errs)
		}
	}
}

// A kiosk whose setting is a folder keeps its accounts under the pack's own ID,
// as the office does.
func TestMunicipalityID(t *testing.T) {
	if id, err := municipalityID("koscielisko"); err != nil || id != "koscielisko" {
		t.Errorf("pack inside the binary: %q, %v", id, err)
	}
	dir := filepath.Join(t.TempDir(), "any-name")
	files, err := packFiles("koscielisko")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	if id, err := municipalityID(dir); err != nil || id != "koscielisko" {
		t.Errorf("pack in a folder: %q, %v", id, err)
	}
	// A kiosk gets its content from the office: a mistake in the folder is no reason not to start.
	must(0, os.WriteFile(filepath.Join(dir, "tariffs.yaml"), []byte("- ["), 0o600))
	if id, err := municipalityID(dir); err != nil || id != "koscielisko" {
		t.Errorf("pack with a mistake: %q, %v", id, err)
	}
	must(0, os.WriteFile(filepath.Join(dir, "gmina.yaml"), []byte("id: ["), 0o600))
	if id, err := municipalityID(dir); err == nil || id != "" {
		t.Errorf("pack without an ID: %q", id)
	}
	if id, err := municipalityID(filepath.Join(dir, "gone")); !isCode(err, "cli.no_such_pack") {
		t.Errorf("no such folder: %q, %v", id, err)
	}
}

func isCode(err error, code string) bool {
	var e *data.Error
	return errors.As(err, &e) && e.Code == code
}

// Packs inside the binary are named by their ID.
func TestBuiltInPacksAreNamedByID(t *testing.T) {
	dirs := must(fs.ReadDir(assets.Gminas, "gmina"))
	for _, d := range dirs {
		if id := must(loadPack(d.Name())).Municipality.ID; id != d.Name() {
			t.Errorf("%s has the ID %s", d.Name(), id)
		}
	}
}
