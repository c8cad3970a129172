package search

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// generate makes n documents of Polish-like words, frequent and rare ones, a
// third of them around words of real procedures.
func generate(n int) []Doc {
	r := rand.New(rand.NewPCG(7, 7))
	vocabulary := pseudoWords(r, 20000)
	vocabulary = append(strings.Fields("dowód osobisty zameldowanie śmieci podatek dziecko wniosek zaświadczenie urodzenia akt numer domu droga"), vocabulary...)
	text := func(words int) string {
		var b strings.Builder
		for range words {
			f := r.Float64()
			b.WriteString(vocabulary[int(f*f*f*float64(len(vocabulary)))])
			b.WriteByte(' ')
		}
		return b.String()
	}
	docs := make([]Doc, n)
	for i := range docs {
		docs[i] = Doc{ID: fmt.Sprintf("doc-%05d", i), Fields: []Field{{text(5), WeightTitle}, {text(30), WeightSummary}, {text(80), WeightBody}}}
		for range 8 {
			docs[i].Fields = append(docs[i].Fields, Field{text(2), WeightKeyword})
		}
	}
	return docs
}

func pseudoWords(r *rand.Rand, n int) []string {
	syllables := strings.Fields("za me ldo wa nie po da tek śmie ci do wód o so bi sty ur zę du krze szko ła dro ga prze ście ro czny wod ny gmi na łąk pszcz oła żyw ność")
	words := make([]string, n)
	for i := range words {
		for range 2 + r.IntN(4) {
			words[i] += syllables[r.IntN(len(syllables))]
		}
	}
	return words
}

// queries are those of the vectors, and each of them as it grows under the
// fingers.
func queries(tb testing.TB) []string {
	raw, err := os.ReadFile("testdata/search.tsv")
	if err != nil {
		tb.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(raw)) {
		query, _, _ := strings.Cut(line, "\t")
		for n := 1; n <= len(query); n += 3 {
			all = append(all, query[:n])
		}
		all = append(all, query)
	}
	return all
}

func benchmarkSearch(b *testing.B, docs int) {
	ix, all := New(generate(docs)), queries(b)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		ix.Search(all[i%len(all)], 20)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "max-ms")
}

func BenchmarkSearch70(b *testing.B)    { benchmarkSearch(b, 70) }
func BenchmarkSearch10000(b *testing.B) { benchmarkSearch(b, 10000) }

func BenchmarkBuild10000(b *testing.B) {
	docs := generate(10000)
	for b.Loop() {
		New(docs)
	}
}
