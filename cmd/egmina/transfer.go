package main

import (
	"bytes"
	"flag"
	"fmt"
	"image/png"
	"os"

	"egmina/data"
	"egmina/data/paper"
	"egmina/data/payment"
)

// codeSide is the side of a code written as a picture: at least as large as the
// standard asks of print (18 mm), at a resolution with whole pixels.
const (
	codeSide = 50.0 // mm
	codeDPI  = 300
)

// transferAnswer is what `egmina transfer --json` prints.
type transferAnswer struct {
	Payload  string   `json:"payload,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
	Error    string   `json:"error,omitempty"`
	Why      string   `json:"why,omitempty"`
}

func runTransfer(p *program, args []string) int {
	var t payment.Transfer
	var png, pdf string
	flags := flag.NewFlagSet("transfer", flag.ContinueOnError)
	flags.StringVar(&t.NRB, "nrb", "", "")
	flags.StringVar(&t.Name, "name", "", "")
	flags.StringVar(&t.Title, "title", "", "")
	flags.StringVar(&t.NIP, "nip", "", "")
	flags.StringVar(&t.R1, "r1", "", "")
	flags.StringVar(&t.R2, "r2", "", "")
	flags.StringVar(&t.R3, "r3", "", "")
	flags.StringVar(&png, "png", "", "")
	flags.StringVar(&pdf, "pdf", "", "")
	grosze := flags.Int64("grosze", 0, "")
	asJSON := flags.Bool("json", false, "")
	rest, status, ok := p.parse(flags, args, "cli.transfer")
	if !ok {
		return status
	}
	if len(rest) > 0 || t.NRB == "" {
		return p.usage("cli.transfer")
	}
	t.Amount = data.Money(*grosze)
	payload, warnings, fail := t.Payload()
	if fail != nil {
		return p.refuseTransfer(fail, *asJSON)
	}
	if err := writeTransfer(t, payload, png, pdf, p.today()); err != nil {
		return p.fail(err)
	}
	if *asJSON {
		return p.json(transferAnswer{Payload: payload, Warnings: warnings})
	}
	fmt.Fprintln(p.out, payload)
	for _, w := range warnings {
		fmt.Fprintln(p.errs, p.loc.T("warning."+w))
	}
	return exitOK
}

func (p *program) today() data.Date { return data.DateOf(p.now()) }

func (p *program) refuseTransfer(fail *data.Error, asJSON bool) int {
	if asJSON {
		p.json(transferAnswer{Error: fail.Code, Why: p.loc.Err(fail)})
		return exitNo
	}
	return p.fail(fail)
}

func writeTransfer(t payment.Transfer, payload, pngPath, pdfPath string, day data.Date) error {
	if pngPath != "" {
		if err := writeCode(payload, pngPath); err != nil {
			return err
		}
	}
	if pdfPath == "" {
		return nil
	}
	doc, err := paper.SlipDoc(paper.SlipInput{Slips: []paper.Slip{{Transfer: t, Label: t.Title}}, Made: day})
	if err != nil {
		return err
	}
	pdf, err := paper.PDF(doc)
	if err != nil {
		return err
	}
	return os.WriteFile(pdfPath, pdf, 0o644)
}

func writeCode(payload, path string) error {
	modules, err := payment.Code(payload)
	if err != nil {
		return err
	}
	page := paper.Page{W: codeSide, H: codeSide, Items: []paper.Item{paper.Code{Size: codeSide, Modules: modules, Payload: payload}}}
	var out bytes.Buffer
	if err := png.Encode(&out, paper.Picture(page, codeDPI)); err != nil {
		return err
	}
	return os.WriteFile(path, out.Bytes(), 0o644)
}
