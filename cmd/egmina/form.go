package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"egmina/data"
	"egmina/data/forms"
	"egmina/data/pack"
	"egmina/data/paper"
)

// listed is one line of `egmina form list --json`.
type listed struct {
	Slug    string `json:"slug"`
	Version string `json:"version"`
	Title   string `json:"title"`
}

// printed is what `egmina form print --json` answers.
type printed struct {
	Slug       string    `json:"slug"`
	File       string    `json:"file"`
	Number     string    `json:"number,omitempty"` // of the document, none on a blank form
	Incomplete []lacking `json:"incomplete,omitempty"`
}

// lacking is an answer that is wrong or missing.
type lacking struct {
	Where string `json:"where"`
	Code  string `json:"code"`
	Why   string `json:"why"`
}

func runForm(p *program, args []string) int {
	flags := p.toolFlags("form")
	municipality := flags.String("municipality", defaultSettings().Municipality, "")
	answers := flags.String("answers", "", "")
	out := flags.String("o", "", "")
	rest, status, ok := p.parse(flags, args, "cli.form")
	if !ok {
		return status
	}
	list := len(rest) == 1 && rest[0] == "list"
	if !list && (len(rest) != 2 || rest[0] != "print" || *out == "") {
		return p.usage("cli.form")
	}
	content, err := loadPack(*municipality)
	switch {
	case err != nil:
		return p.fail(err)
	case list:
		return p.listForms(content)
	}
	return p.printForm(content, rest[1], *answers, *out)
}

func (p *program) listForms(content *pack.Pack) int {
	list := make([]listed, 0, len(content.Forms))
	for _, f := range content.Forms {
		list = append(list, listed{Slug: f.Slug, Version: f.Version, Title: f.Title.In(p.loc.Lang())})
	}
	if p.asJSON {
		return p.json(list)
	}
	for _, f := range list {
		fmt.Fprintf(p.out, "%s\t%s\n", f.Slug, f.Title)
	}
	return exitOK
}

func (p *program) printForm(content *pack.Pack, slug, answersPath, out string) int {
	def, ok := content.Form(slug)
	if !ok {
		return p.fail(&data.Error{Code: "cli.no_such_form", Args: map[string]any{"Slug": slug}})
	}
	form, err := forms.Compile(*def, forms.Env{Today: p.today(), Tariffs: content.Tariffs})
	if err != nil {
		return p.fail(err)
	}
	answers, err := p.readAnswers(answersPath, def)
	if err != nil {
		return p.fail(err)
	}
	answer := printed{Slug: slug, File: out}
	if answers != nil {
		answer.Number = answersNumber(def, answers)
		answer.Incomplete = p.incomplete(form.Eval(answers))
	}
	pdf, err := formPDF(content, form, answers, answer.Number, p.today())
	if err != nil {
		return p.fail(err)
	}
	if err := writeFile(out, pdf, 0o600); err != nil {
		return p.fail(err)
	}
	return p.sayPrinted(answer)
}

// sayPrinted names the answers that are wrong or missing on standard error; the
// form was printed as far as they go.
func (p *program) sayPrinted(a printed) int {
	if p.asJSON {
		return p.json(a)
	}
	for _, l := range a.Incomplete {
		fmt.Fprintln(p.errs, p.loc.T("cli.answers_incomplete", "Where", l.Where, "Why", l.Why))
	}
	return exitOK
}

// readAnswers reads the answers' file ("-" is standard input); without one the
// form stays blank.
func (p *program) readAnswers(path string, def *data.Form) (data.Answers, error) {
	if path == "" {
		return nil, nil
	}
	in := p.in
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, readFailed(path, err)
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, readFailed(path, errors.New("is a folder"))
		}
		in = io.Reader(f)
	}
	answers, problem := forms.ReadAnswers(in, *def)
	if problem == nil {
		return answers, nil
	}
	why := p.loc.Err(&data.Error{Code: problem.Code, Args: problem.Args})
	return nil, &data.Error{Code: "cli.answers_bad", Args: map[string]any{"File": path, "Why": why}, Err: problem}
}

// formPDF lays the form out and renders it.
func formPDF(content *pack.Pack, form *forms.Form, answers data.Answers, number string, day data.Date) ([]byte, error) {
	doc, err := paper.FormDoc(paper.FormInput{
		Municipality: content.Municipality, Form: form, Answers: answers, Number: number, Made: day, Blank: answers == nil,
	})
	if err != nil {
		return nil, err
	}
	return paper.PDF(doc)
}

// answersNumber derives the document's number from what is in it, so that the
// same answers give the same bytes.
func answersNumber(def *data.Form, answers data.Answers) string {
	raw, err := json.Marshal(struct {
		Slug, Version string
		Answers       data.Answers
	}{def.Slug, def.Version, answers})
	if err != nil {
		panic(err) // strings and maps of strings always marshal
	}
	sum := sha256.Sum256(raw)
	return data.ID(sum[:16]).DocumentNumber()
}

func (p *program) incomplete(state *forms.State) []lacking {
	var out []lacking
	for _, step := range state.Steps {
		for _, f := range step.Fields {
			if f.Err != nil {
				out = append(out, lacking{Where: f.Path, Code: f.Err.Code, Why: p.loc.Err(f.Err)})
			}
		}
	}
	return out
}
