package params

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// FormatSeconds writes a length as the dashboard does (length in api/web/app/format.js), and findings (span_text in the
// functions.sql of both engines): in the two largest units, and in whole hours from a thousand of them. Tests hold all of them
// to the same table.
func FormatSeconds(seconds float64) string {
	total := int64(math.Round(seconds))
	minutes := int64(math.Round(float64(total) / 60))
	switch {
	case seconds == 0:
		return "0 h"
	case total == 0:
		return "< 1 s"
	case total < 600:
		return joined(0, total/60, strconv.FormatInt(total%60, 10))
	case minutes < 60_000:
		return joined(minutes/60, minutes%60, "0")
	}
	return grouped(int64(math.Round(float64(total)/3600))) + " h"
}

// FormatSecondsExactly leaves out nothing, down to microseconds.
func FormatSecondsExactly(seconds float64) string {
	us := int64(seconds*1e6 + 0.5)
	rest := strconv.FormatFloat(float64(us%60_000_000)/1e6, 'f', -1, 64)
	return joined(us/3_600_000_000, us/60_000_000%60, rest)
}

func joined(hours, minutes int64, seconds string) string {
	var parts []string
	if hours > 0 {
		parts = append(parts, grouped(hours)+" h")
	}
	if minutes > 0 {
		parts = append(parts, fmt.Sprintf("%d min", minutes))
	}
	if seconds != "0" {
		parts = append(parts, seconds+" s")
	}
	if len(parts) == 0 {
		return "0 h"
	}
	return strings.Join(parts, " ")
}

// grouped writes a number with a comma between thousands.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
