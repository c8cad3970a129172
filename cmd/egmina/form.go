package main

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
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

func runForm(p *program, args []string) int {
	flags := flag.NewFlagSet("form", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "")
	municipality := flags.String("municipality", defaultSettings().Municipality, "")
	answers := flags.String("answers", "", "")
	out := flags.String("o", "", "")
	rest, status, ok := p.parse(flags, args, "cli.form")
	if !ok {
		return status
	}
	content, err := loadPack(*municipality)
	if err != nil {
		return p.fail(err)
	}
	switch {
	case len(rest) == 1 && rest[0] == "list":
		return p.listForms(content, *asJSON)
	case len(rest) == 2 && rest[0] == "print" && *out != "":
		return p.printForm(content, rest[1], *answers, *out)
	}
	return p.usage("cli.form")
}

func (p *program) listForms(content *pack.Pack, asJSON bool) int {
	list := make([]listed, 0, len(content.Forms))
	for _, f := range content.Forms {
		list = append(list, listed{Slug: f.Slug, Version: f.Version, Title: f.Title.In(p.loc.Lang())})
	}
	if asJSON {
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
		fmt.Fprintln(p.errs, p.loc.T("cli.no_such_form", "Slug", slug))
		return exitNo
	}
	form, err := forms.Compile(*def, forms.Env{Today: p.today(), Tariffs: content.Tariffs})
	if err != nil {
		return p.fail(err)
	}
	answers, status := p.readAnswers(answersPath, def)
	if status != exitOK {
		return status
	}
	pdf, err := formPDF(content, form, answers, p)
	if err != nil {
		return p.fail(err)
	}
	if err := os.WriteFile(out, pdf, 0o600); err != nil {
		return p.fail(err)
	}
	return exitOK
}

// readAnswers reads the answers' file ("-" is standard input); without one the
// form stays blank.
func (p *program) readAnswers(path string, def *data.Form) (data.Answers, int) {
	if path == "" {
		return nil, exitOK
	}
	in := p.in
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, p.fail(err)
		}
		defer f.Close()
		in = io.Reader(f)
	}
	answers, problem := forms.ReadAnswers(in, *def)
	if problem != nil {
		why := p.loc.Err(&data.Error{Code: problem.Code, Args: problem.Args})
		fmt.Fprintln(p.errs, p.loc.T("cli.answers_bad", "Where", problem.Path, "Why", why))
		return nil, exitNo
	}
	return answers, exitOK
}

// formPDF lays the form out and renders it. Answers that are wrong or missing
// are named on standard error; the form is printed as far as it goes.
func formPDF(content *pack.Pack, form *forms.Form, answers data.Answers, p *program) ([]byte, error) {
	number, def := "", form.Def()
	if answers != nil {
		number = answersNumber(def, answers)
		p.warnIncomplete(form.Eval(answers))
	}
	doc, err := paper.FormDoc(paper.FormInput{
		Municipality: content.Municipality, Form: form, Answers: answers, Number: number,
		Made: p.today(), Blank: answers == nil,
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

func (p *program) warnIncomplete(state *forms.State) {
	for _, step := range state.Steps {
		for _, f := range step.Fields {
			if f.Err != nil {
				fmt.Fprintln(p.errs, p.loc.T("cli.answers_incomplete", "Where", f.Path, "Why", p.loc.Err(f.Err)))
			}
		}
	}
}
