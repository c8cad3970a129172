package pack

import (
	"io/fs"

	"egmina/data"
)

// Pack is everything known about one municipality.
type Pack struct {
	Municipality data.Municipality
	Procedures   []data.Procedure // by slug
	Forms        []data.Form      // by slug
	Pages        []data.Page      // by door, order and slug
	Tariffs      data.Tariffs
	Waste        data.Waste
	Residents    []Resident        // demonstration only; never in Documents
	Files        map[string][]byte // pictures, by name
}

// Resident is an invented person of a demonstration municipality with the
// access code and PIN to look at the account. Real residents are never in a
// pack.
type Resident struct {
	Code        string            `yaml:"code"` // 12 Crockford characters, dashes allowed
	PIN         string            `yaml:"pin"`
	Note        string            `yaml:"note"` // which case this is
	Show        bool              `yaml:"show"` // code and PIN stand on the demonstration's first screen
	Payer       string            `yaml:"payer"`
	Holder      data.Holder       `yaml:"holder"`
	Place       string            `yaml:"place"` // village of the waste schedule
	Charges     []data.Charge     `yaml:"charges"`
	Payments    []data.Payment    `yaml:"payments"`
	Meters      []data.Meter      `yaml:"meters"`
	Collections []data.Collection `yaml:"collections"`
}

// Bundle makes what the office seals for the resident.
func (r *Resident) Bundle(asOf data.Instant) data.Bundle {
	return data.Bundle{
		Payer: r.Payer, Holder: r.Holder, AsOf: asOf, Charges: r.Charges, Payments: r.Payments,
		Meters: r.Meters, Collections: r.Collections, Place: r.Place,
	}
}

// Load reads a pack. With mistakes in it the error is Problems and the pack
// holds what could be read.
func Load(fsys fs.FS) (*Pack, error) {
	p, problems := load(fsys)
	if len(problems) > 0 {
		return p, problems
	}
	return p, nil
}

// Check finds every mistake of a pack, by file and line.
func Check(fsys fs.FS) Problems {
	_, problems := load(fsys)
	return problems
}

// Procedure returns the procedure with the given slug.
func (p *Pack) Procedure(slug string) (*data.Procedure, bool) {
	for i := range p.Procedures {
		if p.Procedures[i].Slug == slug {
			return &p.Procedures[i], true
		}
	}
	return nil, false
}

// Form returns the form with the given slug.
func (p *Pack) Form(slug string) (*data.Form, bool) {
	for i := range p.Forms {
		if p.Forms[i].Slug == slug {
			return &p.Forms[i], true
		}
	}
	return nil, false
}

// Page returns the page with the given slug.
func (p *Pack) Page(slug string) (*data.Page, bool) {
	for i := range p.Pages {
		if p.Pages[i].Slug == slug {
			return &p.Pages[i], true
		}
	}
	return nil, false
}
