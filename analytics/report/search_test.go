package report

import (
	"slices"
	"strings"
	"testing"
)

func TestParseSearch(t *testing.T) {
	for text, want := range map[string]struct{ text, ids string }{
		"":                 {"", ""},
		"  \n ,;":          {",;", ""},
		" mill ":           {"mill", ""},
		"mill,":            {"mill", ""},
		"a b":              {"a b", "a|a b|b"},
		"a,b":              {"a,b", "a|b"},
		"a\r\nb\r\n":       {"a\r\nb", "a|b"},
		"b;a\tc":           {"b;a\tc", "a|b|c"},
		"store 1\nstore 2": {"store 1\nstore 2", "1|2|store|store 1|store 2"},
		`"a", 'b'`:         {`"a", 'b'`, `"a"|'b'|a|b`},
		`O'Brien`:          {`O'Brien`, ""},
		"%_\\ ' OR 1=1 --": {"%_\\ ' OR 1=1 --", "%_\\|%_\\ ' OR 1=1 --|'|--|1=1|OR"},
		"a, a ,a":          {"a, a ,a", "a"},
	} {
		got := parseSearch(text)
		if got.text != want.text || strings.Join(got.ids(), "|") != want.ids {
			t.Errorf("%q: got %q and %q, want %q and %q", text, got.text, got.ids(), want.text, want.ids)
		}
	}
	known := map[string]bool{"store 1": true, "a": true}
	if got := parseSearch("store 1\nstore 2,\"a\" b b").missing(known); !slices.Equal(got, []string{"store", "2", "b"}) {
		t.Errorf("missing: got %q", got)
	}
}
