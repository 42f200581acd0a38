package params

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Length is a span of time in microseconds. Its text form is 90s, 45m, 1h30m or 7d.
type Length int64

// Units of Length.
const (
	Second Length = 1_000_000
	Minute        = 60 * Second
	Hour          = 60 * Minute
	Day           = 24 * Hour
)

var lengthForm = regexp.MustCompile(`^(?:(\d{1,7})d)?(?:(\d{1,7})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?$`)

// ParseLength parses a length such as 90s, 45m, 1h30m or 7d.
func ParseLength(text string) (Length, error) {
	parts := lengthForm.FindStringSubmatch(text)
	if parts == nil || text == "" {
		return 0, fmt.Errorf("%q is not a length: write it like 90s, 45m, 1h30m or 7d", text)
	}
	var total Length
	for i, unit := range []Length{Day, Hour, Minute, Second} {
		if parts[i+1] == "" {
			continue
		}
		n, err := strconv.ParseInt(parts[i+1], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%q is not a length: %w", text, err)
		}
		total += Length(n) * unit
	}
	return total, nil
}

// String formats the length with the fewest units; ParseLength parses the result.
func (l Length) String() string {
	if l == 0 {
		return "0s"
	}
	var b strings.Builder
	for _, part := range []struct {
		unit   Length
		letter byte
	}{{Day, 'd'}, {Hour, 'h'}, {Minute, 'm'}, {Second, 's'}} {
		if n := l / part.unit; n > 0 {
			fmt.Fprintf(&b, "%d%c", n, part.letter)
			l %= part.unit
		}
	}
	return b.String()
}

// Duration returns the length as a time.Duration, at most 292 years.
func (l Length) Duration() time.Duration {
	return time.Duration(min(l, math.MaxInt64/1000)) * time.Microsecond
}

// MarshalText writes the length to JSON in its text form.
func (l Length) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText parses a length from a flag or the environment.
func (l *Length) UnmarshalText(text []byte) error {
	parsed, err := ParseLength(string(text))
	if err != nil {
		return err
	}
	*l = parsed
	return nil
}

// UnmarshalJSON parses a length from JSON. It returns the only kind of error to which the decoder adds the
// name of the field.
func (l *Length) UnmarshalJSON(value []byte) error {
	if string(value) == "null" {
		return nil
	}
	var text string
	if json.Unmarshal(value, &text) == nil && l.UnmarshalText([]byte(text)) == nil {
		return nil
	}
	return &json.UnmarshalTypeError{Value: string(value), Type: reflect.TypeFor[Length]()}
}
