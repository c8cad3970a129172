package search

import (
	"slices"
	"strings"
)

// endings are the endings of inflected Polish words, folded, by what they make:
// nouns of verbs ("zameldowanie", "wymeldowany"), verbs, adjectives, cases. One
// is taken off, the longest that leaves a stem; the right grammar does not
// matter, only that the forms of one word meet.
var endings = sortedByLength(`owanie owania owaniu owaniem owan owany owana owane owanego owanej owanych owac owal owala owali owalem owalam uje uja ujesz ujemy
	enie enia eniu eniem eniami eniach anie ania aniu aniem any ana ane anego anej anych ony ona one onego onej onych iony iona ione
	ic yc ac il ila ili ilem ilam yl yla yli ylem ylam al ala ali alem alam am amy
	y a e i o u ie ia iu ii ow owi om em iem ami iami ach iach ej iej ego iego emu iemu ym im ymi imi ych ich
	stwo stwa stwu stwem ski skie skiego skiej skich osc osci oscia ny na ne nego nej nych nym nymi
	owy owa owe owego owej owych owym`)

// minStem is the fewest letters a stem keeps.
const minStem = 3

func sortedByLength(list string) []string {
	all := strings.Fields(list)
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(all)
}

// stem returns the part of a folded word that its forms share. It maps "śmieci"
// and "śmieć", "podatku" and "podatek", "zameldować" and "zameldowanie" to the
// same text. It is not a dictionary form.
func stem(word string) string {
	if len(word) > 0 && (word[len(word)-1] < 'a' || word[len(word)-1] > 'z') {
		return word // numbers and other scripts
	}
	for _, end := range endings {
		rest, ok := strings.CutSuffix(word, end)
		if ok && len(rest) >= minStem {
			word = rest
			break
		}
	}
	return alternate(word)
}

// alternate undoes changes at the end of a stem: the fleeting e of "podatek –
// podatku", softening as in "zgłosić – zgłoszenie", the i of
// "śmieci-owa".
func alternate(s string) string {
	if len(s) <= minStem {
		return s
	}
	switch head, last := s[:len(s)-2], s[len(s)-2:]; last {
	case "ek":
		return head + "k"
	case "sz":
		return head + "s"
	case "rz":
		return head + "r"
	}
	return strings.TrimSuffix(s, "i")
}
