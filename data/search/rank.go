package search

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Hit is one document found; a higher score is better.
type Hit struct {
	ID    string
	Score float64
}

// Search returns the best documents for a query, best first, at most limit. An
// empty query finds nothing. Queries are cut to 200 characters and 16 words.
func (ix *Index) Search(query string, limit int) []Hit {
	words, typing := queryWords(query)
	r := ix.newRanking()
	for i, w := range words {
		r.count(ix.match(w, typing && i == len(words)-1))
	}
	hits := r.hits()
	return hits[:min(len(hits), max(limit, 0))]
}

// ranking adds up the answers to the words of one query.
type ranking struct {
	ix     *Index
	words  []float32 // per document: sum over words of the best answer
	phrase []float32 // per field: sum over words of the answer in this field
	inside []int32   // per field: words of the query in it
	best   []float32 // per document, for the current word
	found  []int32   // documents of the current word
	all    []int32   // documents of any word
	fields []int32   // fields of any word
	answer []float32 // per field, for the current word
}

func (ix *Index) newRanking() *ranking {
	docs, fields := len(ix.ids), len(ix.fields)
	return &ranking{
		ix: ix, words: make([]float32, docs), best: make([]float32, docs),
		phrase: make([]float32, fields), inside: make([]int32, fields), answer: make([]float32, fields),
	}
}

// count adds one word of the query. This is the whole ranking:
//
//   - A field answers the word with quality (1 for the same word, less for another
//     form of it, a beginning or a mistake). The document's answer is its best field's
//     quality × weight.
//   - Rare words count more: rarity is log(1 + documents / documents that answer),
//     a document that answers poorly counting as a part of one.
//   - The document gets rarity × answer for every word, and once more, for the
//     field that fits the query best, the words in it together × the share of the
//     field they make up. So a keyword typed in full beats its words scattered.
func (r *ranking) count(m matches) {
	touched := r.collect(m)
	var spread, top float64
	for _, d := range r.found {
		spread += float64(r.best[d])
		top = max(top, float64(r.best[d]))
	}
	rarity := float32(math.Log(1 + float64(len(r.ix.ids))*top/max(spread, 1e-9)))
	for _, d := range r.found {
		if r.words[d] == 0 {
			r.all = append(r.all, d)
		}
		r.words[d] += rarity * r.best[d]
		r.best[d] = 0
	}
	for _, f := range touched {
		if r.inside[f] == 0 {
			r.fields = append(r.fields, f)
		}
		r.inside[f]++
		r.phrase[f] += rarity * r.answer[f]
		r.answer[f] = 0
	}
	r.found = r.found[:0]
}

// collect fills answer and best for one word and returns the fields touched.
func (r *ranking) collect(m matches) []int32 {
	var touched []int32
	for _, w := range m.ordered() {
		quality := m[w]
		for _, f := range r.ix.words[w].fields {
			field := &r.ix.fields[f]
			answer := quality * field.weight
			if r.answer[f] == 0 {
				touched = append(touched, f)
			}
			r.answer[f] = max(r.answer[f], answer)
			if r.best[field.doc] == 0 {
				r.found = append(r.found, field.doc)
			}
			r.best[field.doc] = max(r.best[field.doc], answer)
		}
	}
	return touched
}

// hits adds the best phrase to each document and sorts.
func (r *ranking) hits() []Hit {
	for _, f := range r.fields {
		field := &r.ix.fields[f]
		whole := min(1, float32(r.inside[f])/float32(field.words))
		r.best[field.doc] = max(r.best[field.doc], r.phrase[f]*whole)
	}
	hits := make([]Hit, len(r.all))
	for i, d := range r.all {
		hits[i] = Hit{r.ix.ids[d], float64(r.words[d] + r.best[d])}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID))
	})
	return hits
}

// Explain tells for each word of the query which words of the document answered
// it and how well: for whoever writes keywords.
func (ix *Index) Explain(query, id string) string {
	var b strings.Builder
	words, typing := queryWords(query)
	for i, w := range words {
		fmt.Fprintf(&b, "%s:", w)
		m := ix.match(w, typing && i == len(words)-1)
		for _, known := range m.ordered() {
			if weight := ix.weightIn(known, id); weight > 0 {
				fmt.Fprintf(&b, " %s %.2f×%g", ix.words[known].text, m[known], weight)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// weightIn returns the weight of the best field of the document with the word.
func (ix *Index) weightIn(w int32, id string) (weight float32) {
	for _, f := range ix.words[w].fields {
		if field := ix.fields[f]; ix.ids[field.doc] == id {
			weight = max(weight, field.weight)
		}
	}
	return weight
}
