package search_test

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"egmina/assets"
	"egmina/data/pack"
	"egmina/data/search"
)

// procedures returns the documents of the demonstration municipality.
func procedures(tb testing.TB) []search.Doc {
	tb.Helper()
	dir, err := fs.Sub(assets.Gminas, "gmina/koscielisko")
	if err != nil {
		tb.Fatal(err)
	}
	p, err := pack.Load(dir) // mistakes in the content are for `content check`
	if len(p.Procedures) < 16 {
		tb.Fatalf("%d procedures: %v", len(p.Procedures), err)
	}
	docs := make([]search.Doc, 0, len(p.Procedures))
	for _, procedure := range p.Procedures {
		docs = append(docs, search.OfProcedure(procedure))
	}
	return docs
}

// question is what a resident types and the procedures that answer it.
type question struct {
	query string
	want  []string
}

// questions reads those of a file that one of the documents can answer.
func questions(tb testing.TB, file string, docs []search.Doc) (all []question) {
	tb.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		query, slugs, ok := strings.Cut(strings.TrimSpace(line), "\t")
		want := strings.Split(slugs, ",")
		present := func(d search.Doc) bool { return slices.Contains(want, d.ID) }
		if ok && line[0] != '#' && slices.ContainsFunc(docs, present) {
			all = append(all, question{query, want})
		}
	}
	return all
}

// answered counts the questions with a wanted procedure among the first three.
func answered(t *testing.T, ix *search.Index, all []question) int {
	good := 0
	for _, q := range all {
		hits := ix.Search(q.query, 3)
		if slices.ContainsFunc(hits, func(h search.Hit) bool { return slices.Contains(q.want, h.ID) }) {
			good++
			continue
		}
		t.Logf("%q: %v, want one of %v\n%s", q.query, hits, q.want, ix.Explain(q.query, q.want[0]))
	}
	return good
}

func TestResidentsFindProcedures(t *testing.T) {
	docs := procedures(t)
	ix := search.New(docs)
	for _, file := range []string{"testdata/search.tsv", "testdata/residents.tsv"} {
		all := questions(t, file, docs)
		good := answered(t, ix, all)
		t.Logf("%s: %d of %d", file, good, len(all))
		if len(all) < 17 || good*10 < len(all)*9 {
			t.Errorf("%s: only %d of %d are answered by one of the first three", file, good, len(all))
		}
	}
}

// TestMistakesAreForgiven breaks one long word of every question: two letters
// swapped, one left out, doubled or replaced.
func TestMistakesAreForgiven(t *testing.T) {
	docs := procedures(t)
	r := rand.New(rand.NewPCG(3, 1))
	var all []question
	for _, file := range []string{"testdata/search.tsv", "testdata/residents.tsv"} {
		for _, q := range questions(t, file, docs) {
			for range 5 {
				all = append(all, question{mistype(r, q.query), q.want})
			}
		}
	}
	good := answered(t, search.New(docs), all)
	t.Logf("%d of %d", good, len(all))
	if good*10 < len(all)*8 {
		t.Errorf("with a mistake only %d of %d are answered", good, len(all))
	}
}

// mistype puts one mistake into the longest word of a query.
func mistype(r *rand.Rand, query string) string {
	words := strings.Fields(search.Fold(query))
	longest := slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
	i := 1 + r.IntN(max(1, len(longest)-2))
	head, a, b := longest[:i], longest[i:i+1], longest[i+1:]
	wrong := [...]string{head + b, head + a + a + b, head + "x" + b, head + b[:min(1, len(b))] + a + b[min(1, len(b)):]}
	return strings.Replace(search.Fold(query), longest, wrong[r.IntN(len(wrong))], 1)
}

// BenchmarkSearchPack searches the demonstration municipality as residents type.
func BenchmarkSearchPack(b *testing.B) {
	docs := procedures(b)
	ix, all := search.New(docs), questions(b, "testdata/search.tsv", docs)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		query := all[i%len(all)].query
		start := time.Now()
		ix.Search(query[:1+i%len(query)], 20)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}

func BenchmarkBuildPack(b *testing.B) {
	docs := procedures(b)
	for b.Loop() {
		search.New(docs)
	}
}
