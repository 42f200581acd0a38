package params

import (
	"fmt"
	"time"
)

// InstantLayout is the form of instants in reports.
const InstantLayout = "2006-01-02 15:04:05.999999Z"

// FormatInstant formats UTC microseconds exactly as the SQL function instant_text does.
func FormatInstant(us int64) string {
	return time.UnixMicro(us).UTC().Format(InstantLayout)
}

// ParseInstant parses the output of FormatInstant.
func ParseInstant(text string) (int64, error) {
	at, err := time.Parse(InstantLayout, text)
	if err != nil {
		return 0, fmt.Errorf("as_of of a report: %w", err)
	}
	return at.UnixMicro(), nil
}
