package search

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// undecomposed are the letters that Unicode does not take apart.
var undecomposed = strings.NewReplacer("ł", "l", "đ", "d", "ø", "o", "ß", "ss", "æ", "ae", "œ", "oe", "ı", "i", "ґ", "г")

// Fold brings a text to what two people who mean the same both type: lower case,
// no diacritics, compatibility forms resolved (NFKD without marks).
func Fold(s string) string {
	s = strings.ToLower(strings.ToValidUTF8(s, " "))
	if isASCII(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
	return undecomposed.Replace(strings.ToLower(s)) // NFKD may bring capitals: "℡"
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// split cuts folded text into words: runs of letters and digits.
func split(folded string) []string {
	return strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// stopWords say nothing about the matter: Polish, then English, folded.
var stopWords = wordSet(`a aby ale albo bez bo by byc byl byla chce chcialbym chcialabym chcemy ci co czy czyli dla do ten ta te tego tej to
	gdy gdzie go i ich ile im inne inny ja jak jaka jaki jakie jako je jego jej jest jestem jestesmy juz kiedy kogo kto ktory ktora ktore lub
	ma mam mamy mi mnie moge moj moja moje mojego mojej moich moze mozna mu musze my na nad nam nas nie niz no o od on ona oraz po pod
	poprosze potrzebuje potrzebny potrzebne prosze przez przy sa sie swoj swoja swoje ta tak tam tez trzeba tu ty u w we wiedziec z za ze zeby
	the an and are at be can do for from how i in is it me my need of on or that this to want what when where which with you your`)

func wordSet(list string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// content drops stop words, unless nothing else is left.
func content(words []string) []string {
	kept := make([]string, 0, len(words))
	for _, w := range words {
		if !stopWords[w] {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		return words
	}
	return kept
}
