package search

import "math/bits"

// tolerance is the number of typing mistakes forgiven in a word.
func tolerance(word string) int {
	switch n := len(word); {
	case n >= 8:
		return 2
	case n >= 4:
		return 1
	}
	return 0
}

// signature has a bit for each letter that occurs in a word.
func signature(word string) uint64 {
	var s uint64
	for i := range len(word) {
		s |= 1 << (word[i] & 63)
	}
	return s
}

// mayBeWithin is a cheap necessary condition for distance(a, b) <= limit: one
// mistake brings in or takes away at most one letter. It spares nearly all of
// the vocabulary the real comparison.
func mayBeWithin(a, b uint64, lenA, lenB, limit int) bool {
	return lenA-lenB <= limit && lenB-lenA <= limit &&
		bits.OnesCount64(a&^b) <= limit && bits.OnesCount64(b&^a) <= limit
}

// maxWord is the longest word compared for typing mistakes, in bytes.
const maxWord = 32

// distance is the Damerau–Levenshtein distance (optimal string alignment:
// insert, delete, replace, swap neighbours) of two folded words, or limit+1 when
// it is larger than limit.
func distance(a, b string, limit int) int {
	if len(a) > maxWord || len(b) > maxWord || len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	var rows [3][maxWord + 1]int
	before, above, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			best = min(best, row[j])
		}
		if best > limit {
			return limit + 1
		}
		before, above, row = above, row, before
	}
	return min(above[len(b)], limit+1)
}
