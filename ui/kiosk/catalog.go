package kiosk

import (
	"egmina/data"
	"egmina/data/pack"
	"egmina/data/search"
)

// maxResults is how many procedures and pages a search shows.
const maxResults = 20

// Catalog is the public content as the screens use it: immutable, made anew when
// content changes.
type Catalog struct {
	*pack.Pack
	index *search.Index
}

// NewCatalog indexes a pack.
func NewCatalog(p *pack.Pack) *Catalog {
	docs := make([]search.Doc, 0, len(p.Procedures))
	for _, proc := range p.Procedures {
		docs = append(docs, search.OfProcedure(proc))
	}
	return &Catalog{Pack: p, index: search.New(docs)}
}

// Search returns procedures for what a resident typed, best first.
func (c *Catalog) Search(query string) []data.Procedure {
	var out []data.Procedure
	for _, h := range c.index.Search(query, maxResults) {
		if p, ok := c.Procedure(h.ID); ok {
			out = append(out, *p)
		}
	}
	return out
}
