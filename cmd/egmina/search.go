package main

import (
	"fmt"
	"strings"

	"egmina/data/pack"
	"egmina/data/search"
)

// maxHits is how many results the tool prints.
const maxHits = 10

// hit is one result of `egmina search --json`.
type hit struct {
	Slug  string  `json:"slug"`
	Title string  `json:"title"`
	Score float64 `json:"score"`
}

func runSearch(p *program, args []string) int {
	flags := p.toolFlags("search")
	municipality := flags.String("municipality", defaultSettings().Municipality, "")
	rest, status, ok := p.parse(flags, args, "cli.search")
	if !ok {
		return status
	}
	query := strings.Join(rest, " ")
	if strings.TrimSpace(query) == "" {
		return p.usage("cli.search")
	}
	content, err := loadPack(*municipality)
	if err != nil {
		return p.fail(err)
	}
	hits := p.searchProcedures(content, query)
	if p.asJSON {
		p.json(hits)
	} else {
		p.printHits(hits)
	}
	if len(hits) == 0 {
		return exitNo
	}
	return exitOK
}

func (p *program) printHits(hits []hit) {
	for _, h := range hits {
		fmt.Fprintf(p.out, "%s\t%s\n", h.Slug, h.Title)
	}
	if len(hits) == 0 {
		fmt.Fprintln(p.errs, p.loc.T("cli.none_found"))
	}
}

func (p *program) searchProcedures(content *pack.Pack, query string) []hit {
	docs := make([]search.Doc, 0, len(content.Procedures))
	for _, proc := range content.Procedures {
		docs = append(docs, search.OfProcedure(proc))
	}
	hits := []hit{}
	for _, h := range search.New(docs).Search(query, maxHits) {
		if proc, ok := content.Procedure(h.ID); ok {
			hits = append(hits, hit{Slug: h.ID, Title: proc.Title.In(p.loc.Lang()), Score: h.Score})
		}
	}
	return hits
}

// loadPack reads a pack; one with mistakes is refused.
func loadPack(name string) (*pack.Pack, error) {
	files, err := packFiles(name)
	if err != nil {
		return nil, err
	}
	return pack.Load(files)
}
