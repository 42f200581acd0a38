package params

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// Target is the part of the open time that a store should be up, in millionths: 98 % is 980000. Its text form is a
// percentage such as 98 or 99.95.
type Target int64

var targetForm = regexp.MustCompile(`^0*(\d{1,2})(?:\.(\d{1,4}))?%?$`)

// ParseTarget parses a percentage such as 98 or 99.95%.
func ParseTarget(text string) (Target, error) {
	if parts := targetForm.FindStringSubmatch(text); parts != nil {
		ppm, err := strconv.ParseInt(parts[1]+(parts[2] + "0000")[:4], 10, 64)
		if err == nil && ppm > 0 {
			return Target(ppm), nil
		}
	}
	return 0, fmt.Errorf("%q is not a target: write a percentage above 0 and below 100, such as 98 or 99.95", text)
}

// String formats the target with the fewest digits; ParseTarget parses the result.
func (t Target) String() string {
	whole, rest := strconv.FormatInt(int64(t)/10_000, 10), strings.TrimRight(fmt.Sprintf("%04d", int64(t)%10_000), "0")
	if rest == "" {
		return whole
	}
	return whole + "." + rest
}

// MarshalText writes the target to JSON in its text form.
func (t Target) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalJSON parses a target from JSON. It returns the only kind of error to which the decoder adds the name of the
// field.
func (t *Target) UnmarshalJSON(value []byte) error {
	if string(value) == "null" {
		return nil
	}
	var text string
	if json.Unmarshal(value, &text) == nil {
		if target, err := ParseTarget(text); err == nil {
			*t = target
			return nil
		}
	}
	return &json.UnmarshalTypeError{Value: string(value), Type: reflect.TypeFor[Target]()}
}
