// Package search finds procedures and pages by what residents type: from the
// first letter, without diacritics, in any inflected form, with typing mistakes,
// in plain or official words. The index lives in memory and never changes; a new
// one is built when content does.
package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"egmina/data"
)

// Weights of the usual fields.
const (
	WeightTitle   = 8
	WeightKeyword = 7
	WeightSummary = 3
	WeightBody    = 1
)

// Field is a piece of a document's text. A match in a field counts Weight times
// one in the body; a short field that the query covers whole counts most, so
// each keyword is a field of its own.
type Field struct {
	Text   string
	Weight int
}

// Doc is one thing that can be found.
type Doc struct {
	ID     string
	Fields []Field
}

// OfProcedure makes the document of a procedure, in all its languages.
func OfProcedure(p data.Procedure) Doc {
	d := Doc{ID: p.Slug}
	d.add(WeightTitle, p.Title)
	for _, k := range p.Keywords {
		d.Fields = append(d.Fields, Field{k, WeightKeyword})
	}
	d.add(WeightSummary, p.Summary)
	d.add(WeightBody, p.Who, p.Body)
	d.add(WeightBody, p.Documents...)
	for _, f := range p.Fees {
		d.add(WeightBody, f.Label)
	}
	return d
}

// OfPage makes the document of a page, in all its languages.
func OfPage(p data.Page) Doc {
	d := Doc{ID: p.Slug}
	d.add(WeightTitle, p.Title)
	d.add(WeightSummary, p.Summary)
	d.add(WeightBody, p.Body)
	return d
}

func (d *Doc) add(weight int, texts ...data.Text) {
	for _, t := range texts {
		for _, s := range t {
			d.Fields = append(d.Fields, Field{s, weight})
		}
	}
}

// Index is a built index. It is safe for use by several goroutines.
type Index struct {
	ids    []string
	fields []field
	words  []word
	sorted []int32 // the words in order of their text
	byWord map[string]int32
	stems  []stemEntry
	byStem map[string]int32
}

type field struct {
	doc    int32
	weight float32
	words  int32 // number of different words in it
}

// word is a folded word and the fields that hold it, in document order.
type word struct {
	text   string
	sig    uint64
	stem   int32
	fields []int32
}

// stemEntry is a stem and its words.
type stemEntry struct {
	text  string
	sig   uint64
	words []int32
}

// New builds the index.
func New(docs []Doc) *Index {
	ix := &Index{byWord: make(map[string]int32), byStem: make(map[string]int32)}
	for n, d := range docs {
		ix.ids = append(ix.ids, d.ID)
		for _, f := range d.Fields {
			ix.addField(int32(n), f)
		}
	}
	ix.sorted = make([]int32, len(ix.words))
	for i := range ix.sorted {
		ix.sorted[i] = int32(i)
	}
	slices.SortFunc(ix.sorted, func(a, b int32) int { return strings.Compare(ix.words[a].text, ix.words[b].text) })
	return ix
}

func (ix *Index) addField(doc int32, f Field) {
	id := int32(len(ix.fields))
	entry := field{doc: doc, weight: float32(f.Weight)}
	for _, text := range content(split(Fold(f.Text))) {
		at := &ix.words[ix.wordID(text)].fields
		if n := len(*at); n == 0 || (*at)[n-1] != id {
			*at = append(*at, id)
			entry.words++
		}
	}
	ix.fields = append(ix.fields, entry)
}

// wordID returns the number of a word, and makes it and its stem known first.
func (ix *Index) wordID(text string) int32 {
	if id, ok := ix.byWord[text]; ok {
		return id
	}
	text = strings.Clone(text) // not a slice of the whole document
	id := int32(len(ix.words))
	s, ok := ix.byStem[stem(text)]
	if !ok {
		s = int32(len(ix.stems))
		ix.byStem[stem(text)] = s
		ix.stems = append(ix.stems, stemEntry{text: stem(text), sig: signature(stem(text))})
	}
	ix.byWord[text] = id
	ix.words = append(ix.words, word{text: text, sig: signature(text), stem: s})
	ix.stems[s].words = append(ix.stems[s].words, id)
	return id
}

// Limits of a query: more is cut off.
const (
	maxQuery = 200 // characters
	maxWords = 16
)

// queryWords returns the folded words of a query that matter, each once. The
// flag tells whether the last one may still be unfinished.
func queryWords(query string) (words []string, typing bool) {
	if len(query) > maxQuery*utf8.UTFMax {
		query = query[:maxQuery*utf8.UTFMax]
	}
	if r := []rune(query); len(r) > maxQuery {
		query = string(r[:maxQuery])
	}
	all := split(Fold(query))
	if len(all) == 0 {
		return nil, false
	}
	last := all[len(all)-1]
	for _, w := range content(all) {
		if len(words) < maxWords && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words, len(words) > 0 && words[len(words)-1] == last && !strings.HasSuffix(query, " ")
}
