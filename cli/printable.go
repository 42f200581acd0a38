package cli

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// printable replaces what would act on a terminal instead of being shown: control characters, those that turn
// the direction of text, line separators, and bytes that are no UTF-8. Ids, file names and headers come from
// outside, and could otherwise move the cursor, hide text or forge a line.
func printable(text string) string {
	if !strings.ContainsFunc(text, acts) && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case acts(r):
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// acts reports whether a terminal would not show a character.
func acts(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
}

// printableLines keeps line breaks, as in an error that consists of several.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = printable(line)
	}
	return strings.Join(lines, "\n")
}

// complain prints why the program ends.
func complain(to io.Writer, text string) {
	fmt.Fprintln(to, "openhours: "+printableLines(text))
}

// printfSafely is fmt.Fprintf with printable texts.
func printfSafely(to io.Writer, format string, args ...any) error {
	safe := make([]any, len(args))
	for i, arg := range args {
		switch value := arg.(type) {
		case string:
			safe[i] = printable(value)
		case error:
			safe[i] = printableLines(value.Error())
		case []string:
			list := make([]string, len(value))
			for j, text := range value {
				list[j] = printable(text)
			}
			safe[i] = list
		case fmt.Stringer:
			safe[i] = printable(value.String())
		default:
			safe[i] = arg
		}
	}
	_, err := fmt.Fprintf(to, format, safe...)
	return err
}

// printableJSON escapes in JSON what acts on a terminal and encoding/json leaves as it is. The values stay the same.
func printableJSON(text []byte) []byte {
	if !bytes.ContainsFunc(text, actsInJSON) {
		return text
	}
	var b bytes.Buffer
	for _, r := range string(text) {
		if actsInJSON(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.Bytes()
}

func actsInJSON(r rune) bool { return acts(r) && r != '\n' }

// jsonLines writes lines of JSON safely for a terminal.
type jsonLines struct{ to io.Writer }

func (w jsonLines) Write(line []byte) (int, error) {
	if _, err := w.to.Write(printableJSON(line)); err != nil {
		return 0, err
	}
	return len(line), nil
}
