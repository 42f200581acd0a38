package report

import (
	"slices"
	"strings"
)

// search is what the text of a search asks for.
type search struct {
	text string // part of an id, a name or the value of an attribute
	// pasted are the entries of a text with several, such as a column copied from a spreadsheet; nil for a single one.
	// Commas and line ends part entries for certain, blanks perhaps: an id may contain some.
	pasted []pastedEntry
}

type pastedEntry struct {
	whole string
	words []string
}

func parseSearch(text string) search {
	var s search
	count := 0
	for entry := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(",;\t\r\n", r) }) {
		e := pastedEntry{whole: strings.TrimSpace(entry), words: strings.Fields(entry)}
		if len(e.words) > 0 {
			s.pasted = append(s.pasted, e)
			count += len(e.words)
		}
	}
	s.text = strings.TrimSpace(text)
	if count < 2 {
		if count == 1 {
			s.text = s.pasted[0].whole
		}
		s.pasted = nil
	}
	return s
}

// ids are all readings of the entries, also without the quotes that CSV and JSON put around them.
func (s search) ids() []string {
	var all []string
	for _, e := range s.pasted {
		for _, one := range append(e.words, e.whole) {
			all = append(all, one, unquoted(one))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// missing are the entries that are not among the known ids, in their order.
func (s search) missing(known map[string]bool) []string {
	isKnown := func(id string) bool { return known[id] || known[unquoted(id)] }
	var list []string
	for _, e := range s.pasted {
		if isKnown(e.whole) {
			continue
		}
		for _, word := range e.words {
			if !isKnown(word) && !slices.Contains(list, word) {
				list = append(list, word)
			}
		}
	}
	return list
}

func unquoted(text string) string {
	if n := len(text); n > 2 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		return text[1 : n-1]
	}
	return text
}
