package analytics

import (
	"bytes"
	"slices"
)

// isExportedRow tells whether a line of a status file, without its end, is written as BigQuery exports
// it: `id,active,2024-10-07 10:00:00.123456 UTC`, with nothing around the values. Of such a row the
// plainest cast of each value is right (TestExportedRows), which spares DuckDB to prove it.
func isExportedRow(line []byte) bool {
	comma := bytes.IndexByte(line, ',')
	if comma < 1 || line[0] <= ' ' || line[comma-1] <= ' ' {
		return false
	}
	rest := line[comma+1:]
	switch {
	case bytes.HasPrefix(rest, []byte("active,")):
		return isExportedTimestamp(rest[len("active,"):])
	case bytes.HasPrefix(rest, []byte("inactive,")):
		return isExportedTimestamp(rest[len("inactive,"):])
	}
	return false
}

const exportedSecond = "0000-00-00 00:00:00"

// isExportedTimestamp takes an instant of the years 1970 to 9999 on the second or with up to six digits
// behind it. It does not know how many days a month has.
func isExportedTimestamp(text []byte) bool {
	last := len(text) - len(" UTC")
	if last < len(exportedSecond) || last > len(exportedSecond)+7 || string(text[last:]) != " UTC" {
		return false
	}
	for i := range len(exportedSecond) {
		if exportedSecond[i] != '0' {
			if text[i] != exportedSecond[i] {
				return false
			}
		} else if text[i]-'0' > 9 {
			return false
		}
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
	return string(text[:4]) >= "1970" && string(text[11:13]) < "24" && text[14] < '6' && text[17] < '6'
}

// exportedRows asks of a whole file, block by block, whether every row is an exported one.
type exportedRows struct {
	no     bool // some row is not
	begun  bool // the header is over
	before []byte
}

func (e *exportedRows) add(block []byte) {
	for !e.no {
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
	if e.begun && !isExportedRow(bytes.TrimSuffix(line, []byte{'\r'})) {
		e.no = true
	}
	e.begun = true
}

// all is the answer after the last block, whose line may lack its end.
func (e *exportedRows) all() bool {
	if len(e.before) > 0 {
		e.line(e.before)
	}
	return !e.no
}

// mayBeExported tells by the header and the first row whether the rows of a status file are likely all
// exported ones.
func mayBeExported(head header, set dataSet, places []int) bool {
	return set.name == statusSet && len(head.names) == 3 && slices.Equal(places, []int{0, 1, 2}) &&
		isExportedRow([]byte(head.firstRow))
}
