package search

import (
	"maps"
	"slices"
	"sort"
	"strings"
)

// How well a word of the index answers a word of the query, 0 to 1.
const (
	sameWord    = 1.0
	sameStem    = 0.95
	begunWord   = 0.8 // at most: the share of the word that is typed counts
	sharedStart = 0.7 // at most: one stem is the beginning of the other
	oneMistake  = 0.6
	twoMistakes = 0.4
	begunTypo   = 0.35 // a mistake in a word that is not finished
)

// minShared is the fewest letters two stems must share to be related.
const minShared = 4

// matches maps words of the index to how well they answer one of the query.
type matches map[int32]float32

func (m matches) add(word int32, quality float32) {
	if quality > m[word] {
		m[word] = quality
	}
}

// ordered returns the words in a fixed order, so that sums come out the same.
func (m matches) ordered() []int32 { return slices.Sorted(maps.Keys(m)) }

// knows reports whether a word answers well enough not to suspect a mistake.
func (m matches) knows() bool {
	for _, q := range m {
		if q > oneMistake {
			return true
		}
	}
	return false
}

// match finds the words that answer a folded word of the query. Typing mistakes
// are only looked for when it is no form of a known word.
func (ix *Index) match(w string, unfinished bool) matches {
	m, s := make(matches), stem(w)
	if id, ok := ix.byStem[s]; ok {
		ix.addStem(m, id, sameStem)
	}
	if id, ok := ix.byWord[w]; ok {
		m.add(id, sameWord)
	}
	if unfinished || len(w) >= minShared {
		for _, id := range ix.startingWith(w) {
			m.add(id, begunWord*(1+share(w, ix.words[id].text))/2)
		}
	}
	ix.matchRelated(m, s)
	if m.knows() {
		return m
	}
	ix.matchTypos(m, w, s)
	if unfinished && len(w) > minShared {
		ix.matchBegunTypos(m, w)
	}
	return m
}

func (ix *Index) addStem(m matches, id int32, quality float32) {
	for _, w := range ix.stems[id].words {
		m.add(w, quality)
	}
}

// share is the length of a beginning against the whole.
func share(part, whole string) float32 { return float32(len(part)) / float32(len(whole)) }

// matchRelated finds stems that start with s ("dzieci" – "dziecko") and stems
// that s starts with ("meldunkowy" – "meldunek").
func (ix *Index) matchRelated(m matches, s string) {
	if len(s) < minShared {
		return
	}
	for _, id := range ix.startingWith(s) {
		if text := ix.stems[ix.words[id].stem].text; strings.HasPrefix(text, s) {
			m.add(id, sharedStart*share(s, text))
		}
	}
	for n := minShared + 1; n < len(s); n++ {
		if id, ok := ix.byStem[s[:n]]; ok {
			ix.addStem(m, id, sharedStart*share(s[:n], s))
		}
	}
}

// startingWith returns the words of the index that start with prefix.
func (ix *Index) startingWith(prefix string) []int32 {
	from := sort.Search(len(ix.sorted), func(i int) bool { return ix.words[ix.sorted[i]].text >= prefix })
	rest := ix.sorted[from:]
	return rest[:sort.Search(len(rest), func(i int) bool { return !strings.HasPrefix(ix.words[rest[i]].text, prefix) })]
}

// matchTypos finds words that differ from w, or whose stem differs from s, by as
// many mistakes as their length forgives.
func (ix *Index) matchTypos(m matches, w, s string) {
	limit, sig := tolerance(w), signature(w)
	for i := range ix.words {
		known := &ix.words[i]
		if limit > 0 && mayBeWithin(sig, known.sig, len(w), len(known.text), limit) {
			m.add(int32(i), mistaken(distance(w, known.text, limit), limit))
		}
	}
	limit, sig = tolerance(s), signature(s)
	for i := range ix.stems {
		known := &ix.stems[i]
		if limit > 0 && mayBeWithin(sig, known.sig, len(s), len(known.text), limit) {
			ix.addStem(m, int32(i), mistaken(distance(s, known.text, limit), limit))
		}
	}
}

// mistaken is the quality of a word that is distance mistakes away.
func mistaken(distance, limit int) float32 {
	switch {
	case distance > limit:
		return 0
	case distance > 1:
		return twoMistakes
	}
	return oneMistake
}

// matchBegunTypos finds words whose beginning is w with one mistake, the first
// letter being right.
func (ix *Index) matchBegunTypos(m matches, w string) {
	for _, id := range ix.startingWith(w[:1]) {
		known := ix.words[id].text
		for n := len(w) - 1; n <= len(w)+1 && n < len(known); n++ {
			if distance(w, known[:n], 1) <= 1 {
				m.add(id, begunTypo)
			}
		}
	}
}
