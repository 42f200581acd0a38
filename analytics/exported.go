package analytics

import (
	"bytes"
	"slices"
)

// rowForm tells whether a line, without its end, is a row written as BigQuery exports it, with nothing
// around the values. Of such a row the plainest cast of each value is right (TestValuesAgreeWithReference),
// which spares DuckDB to prove it.
type rowForm func(line []byte) bool

// exportedForm is the form of the rows of a set whose columns stand in the order of the definition; nil
// where there is none.
func exportedForm(head header, set dataSet, places []int) rowForm {
	if len(head.names) != len(places) || !slices.IsSorted(places) {
		return nil
	}
	switch set.name {
	case statusSet:
		return isExportedStatus
	case hoursSet:
		return isExportedHours
	}
	return nil
}

// cutID takes the id from the front of a line.
func cutID(line []byte) (rest []byte, ok bool) {
	comma := bytes.IndexByte(line, ',')
	if comma < 1 || line[0] <= ' ' || line[comma-1] <= ' ' {
		return nil, false
	}
	return line[comma+1:], true
}

// isExportedStatus takes `id,active,2024-10-07 10:00:00.123456 UTC`.
func isExportedStatus(line []byte) bool {
	rest, ok := cutID(line)
	switch {
	case !ok:
		return false
	case bytes.HasPrefix(rest, []byte("active,")):
		return isExportedTimestamp(rest[len("active,"):])
	case bytes.HasPrefix(rest, []byte("inactive,")):
		return isExportedTimestamp(rest[len("inactive,"):])
	}
	return false
}

// isExportedHours takes `id,0,09:00:00,17:30:00`.
func isExportedHours(line []byte) bool {
	rest, ok := cutID(line)
	return ok && len(rest) == len("0,00:00:00,00:00:00") && rest[0] >= '0' && rest[0] <= '6' && rest[1] == ',' &&
		isExportedClock(rest[2:10]) && rest[10] == ',' && isExportedClock(rest[11:])
}

const exportedClock = "00:00:00"

// isExportedClock takes a time of the day, of eight bytes.
func isExportedClock(text []byte) bool {
	return hasDigits(text, exportedClock) && string(text[:2]) < "24" && text[3] < '6' && text[6] < '6'
}

// hasDigits tells whether a text begins with a digit wherever the form has a zero, and with what the form
// has elsewhere.
func hasDigits(text []byte, form string) bool {
	for i := range len(form) {
		if form[i] != '0' {
			if text[i] != form[i] {
				return false
			}
		} else if text[i]-'0' > 9 {
			return false
		}
	}
	return true
}

const exportedSecond = "0000-00-00 00:00:00"

// isExportedTimestamp takes an instant of the years 1970 to 9999 on the second or with up to six digits
// behind it. It does not know how many days a month has.
func isExportedTimestamp(text []byte) bool {
	last := len(text) - len(" UTC")
	if last < len(exportedSecond) || last > len(exportedSecond)+7 || string(text[last:]) != " UTC" {
		return false
	}
	if !hasDigits(text, exportedSecond) {
		return false
	}
	if last > len(exportedSecond) {
		if text[len(exportedSecond)] != '.' || last == len(exportedSecond)+1 {
			return false
		}
		for _, digit := range text[len(exportedSecond)+1 : last] {
			if digit-'0' > 9 {
				return false
			}
		}
	}
	return string(text[:4]) >= "1970" && isExportedClock(text[11:19])
}

// exportedRows asks of a whole file, block by block, whether every row is of a form; without one none is.
type exportedRows struct {
	form   rowForm
	no     bool // some row is not
	begun  bool // the header is over
	before []byte
}

func (e *exportedRows) add(block []byte) {
	for !e.no && e.form != nil {
		end := bytes.IndexByte(block, '\n')
		if end < 0 {
			e.before = append(e.before, block...)
			e.no = len(e.before) > maxRowBytes
			return
		}
		line := block[:end]
		if len(e.before) > 0 {
			e.before = append(e.before, line...)
			line, e.before = e.before, e.before[:0]
		}
		e.line(line)
		block = block[end+1:]
	}
}

func (e *exportedRows) line(line []byte) {
	if e.begun && !e.form(bytes.TrimSuffix(line, []byte{'\r'})) {
		e.no = true
	}
	e.begun = true
}

// all is the answer after the last block, whose line may lack its end.
func (e *exportedRows) all() bool {
	if len(e.before) > 0 {
		e.line(e.before)
	}
	return !e.no && e.form != nil
}
