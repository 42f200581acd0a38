package cli

import (
	"errors"
	"strings"
	"testing"
)

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"plain café 店":        "plain café 店",
		"a\x1b[2Jb":           `a\x1b[2Jb`,
		"tab\tline\nend\r":    `tab\tline\nend\r`,
		"\x9b31m":             `\x9b31m`,
		"c1 \u009b31m":        `c1 \u009b31m`,
		"turned \u202e gpj":   `turned \u202e gpj`,
		"two\u2028lines\x00":  `two\u2028lines\x00`,
		"cut \xff\xfe of UTF": `cut \xff\xfe of UTF`,
	} {
		if got := printable(text); got != want {
			t.Errorf("%q is printed as %q, want %q", text, got, want)
		}
	}
}

func TestPrintfSafely(t *testing.T) {
	var b strings.Builder
	err := printfSafely(&b, "%s %d %v %v\n", "\x1b[A", 7, errors.New("one\n\x1btwo"), []string{"\a"})
	if want := "\\x1b[A 7 one\n\\x1btwo [\\a]\n"; err != nil || b.String() != want {
		t.Errorf("got %q, %v", b.String(), err)
	}
}
