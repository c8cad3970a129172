package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"image/png"

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
	Payload  string   `json:"payload"`
	Warnings []string `json:"warnings,omitempty"`
}

// transferOptions are the options of `egmina transfer`.
type transferOptions struct {
	payment.Transfer
	png, pdf string // files to write, "" for none
}

// bind declares the options.
func (o *transferOptions) bind(flags *flag.FlagSet) {
	for name, value := range map[string]*string{
		"nrb": &o.NRB, "name": &o.Name, "title": &o.Title, "nip": &o.NIP,
		"r1": &o.R1, "r2": &o.R2, "r3": &o.R3, "png": &o.png, "pdf": &o.pdf,
	} {
		flags.StringVar(value, name, "", "")
	}
	flags.Int64Var((*int64)(&o.Amount), "grosze", 0, "")
}

// lacks returns the first option that has to be there and is not. The amount
// is one of them: 0 is an amount, it lets the payer type it.
func lacks(flags *flag.FlagSet, names ...string) string {
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for _, name := range names {
		if !given[name] {
			return "--" + name
		}
	}
	return ""
}

func runTransfer(p *program, args []string) int {
	var o transferOptions
	flags := p.toolFlags("transfer")
	o.bind(flags)
	rest, status, ok := p.parse(flags, args, "cli.transfer")
	if !ok {
		return status
	}
	if missing := lacks(flags, "nrb", "grosze", "name", "title"); missing != "" {
		fmt.Fprintln(p.errs, p.loc.T("cli.option_missing", "Option", missing))
		return p.usage("cli.transfer")
	}
	if len(rest) > 0 {
		return p.usage("cli.transfer")
	}
	payload, warnings, fail := o.Payload()
	if fail != nil {
		return p.noPayload(&o, fail)
	}
	if err := o.write(payload, p.today()); err != nil {
		return p.fail(err)
	}
	return p.printTransfer(payload, warnings)
}

func (p *program) printTransfer(payload string, warnings []string) int {
	if p.asJSON {
		return p.json(transferAnswer{Payload: payload, Warnings: warnings})
	}
	fmt.Fprintln(p.out, payload)
	for _, w := range warnings {
		fmt.Fprintln(p.errs, p.loc.T("warning."+w))
	}
	return exitOK
}

// noPayload says why there is no code. An amount too large for one still fits
// the slip, which is written when it was asked for.
func (p *program) noPayload(o *transferOptions, why *data.Error) int {
	if o.pdf == "" || why.Code != "amount_too_large" {
		return p.fail(why)
	}
	if err := o.writeSlip(p.today()); err != nil {
		return p.fail(errors.Join(why, err))
	}
	return p.fail(why, p.loc.T("cli.transfer_slip_alone", "File", o.pdf))
}

func (p *program) today() data.Date { return data.DateOf(p.now()) }

// write makes the files that were asked for.
func (o *transferOptions) write(payload string, day data.Date) error {
	if o.png != "" {
		if err := writeCode(payload, o.png); err != nil {
			return err
		}
	}
	if o.pdf == "" {
		return nil
	}
	return o.writeSlip(day)
}

func (o *transferOptions) writeSlip(day data.Date) error {
	doc, err := paper.SlipDoc(paper.SlipInput{Slips: []paper.Slip{{Transfer: o.Transfer, Label: o.Title}}, Made: day})
	if err != nil {
		return err
	}
	pdf, err := paper.PDF(doc)
	if err != nil {
		return err
	}
	return writeFile(o.pdf, pdf, 0o644)
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
	return writeFile(path, out.Bytes(), 0o644)
}
