package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"egmina/assets"
	"egmina/data"
	"egmina/data/pack"
)

// packFiles finds a municipality's pack: a folder with that path, or one of the
// packs inside the binary.
func packFiles(name string) (fs.FS, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return os.DirFS(name), nil
	}
	inside, err := fs.Sub(assets.Gminas, "gmina/"+name)
	if err == nil {
		_, err = fs.Stat(inside, "gmina.yaml")
	}
	if err != nil {
		return nil, &data.Error{Code: "cli.no_such_pack", Args: map[string]any{"Name": name}, Err: err}
	}
	return inside, nil
}

// found is one mistake as `egmina content check --json` prints it.
type found struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Col  int    `json:"col"`
	Code string `json:"code"`
	Text string `json:"text"`

	place string
}

func runContent(p *program, args []string) int {
	rest, status, ok := p.parse(p.toolFlags("content"), args, "cli.content")
	if !ok {
		return status
	}
	if len(rest) != 2 || rest[0] != "check" {
		return p.usage("cli.content")
	}
	files, err := packFiles(rest[1])
	if err != nil {
		return p.fail(err)
	}
	problems := pack.Check(files)
	list := make([]found, 0, len(problems))
	for _, m := range problems {
		text := p.loc.Err(&data.Error{Code: m.Code, Args: m.Args})
		list = append(list, found{File: m.File, Line: m.Line, Col: m.Col, Code: m.Code, Text: text, place: m.Place()})
	}
	if p.asJSON {
		p.json(list)
	} else {
		p.printProblems(list)
	}
	if len(list) > 0 {
		return exitNo
	}
	return exitOK
}

func (p *program) printProblems(list []found) {
	for _, f := range list {
		fmt.Fprintf(p.out, "%s: %s\n", f.place, f.Text)
	}
	if len(list) == 0 {
		fmt.Fprintln(p.out, p.loc.T("cli.content_good"))
	}
}

// municipalityID is the ID that accounts are kept under. A setting that is a
// name is the ID, as with the packs inside the binary; a folder may be called
// anything and its pack says the ID. Other mistakes in the pack do not matter
// here: content comes from the office.
func municipalityID(setting string) (string, error) {
	if info, err := os.Stat(setting); (err != nil || !info.IsDir()) && filepath.Base(setting) == setting {
		return setting, nil
	}
	files, err := packFiles(setting)
	if err != nil {
		return "", err
	}
	content, err := pack.Load(files)
	if id := content.Municipality.ID; id != "" {
		return id, nil
	}
	return "", err
}
