package analytics

import (
	"bytes"
	"encoding/binary"
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

const (
	exportedDate     = "0000-00-"
	exportedHour     = "00 00:00"
	exportedClock    = "00:00:00"
	exportedFraction = ".000000 "
)

// byteForm is a form of eight bytes that is compared at once: digits where it has a zero, else what it
// has. Looking at each byte took half of the time in which a file's bytes are looked at.
type byteForm struct{ fixed, digits, form uint64 }

var dateBytes, hourBytes, clockBytes, fractionBytes = byteFormOf(exportedDate), byteFormOf(exportedHour), byteFormOf(exportedClock), byteFormOf(exportedFraction)

func byteFormOf(text string) (f byteForm) {
	f.form = binary.LittleEndian.Uint64([]byte(text))
	for i := range 8 {
		if text[i] == '0' {
			f.digits |= 0xff << (8 * i)
		}
	}
	f.fixed = ^f.digits
	return f
}

// at tells whether the first eight bytes of a text have the form. Against the form a digit differs by 0 to 9
// and all else that must be equal by nothing: then adding 6 to a byte of a digit carries into no high half.
func (f byteForm) at(text []byte) bool {
	differs := binary.LittleEndian.Uint64(text) ^ f.form
	const highHalves, sixes = 0xf0f0f0f0f0f0f0f0, 0x0606060606060606
	return differs&(f.fixed|highHalves) == 0 && (differs+sixes&f.digits)&highHalves == 0
}

// isExportedClock takes a time of the day, of eight bytes.
func isExportedClock(text []byte) bool {
	return clockBytes.at(text) && (text[0] < '2' || text[0] == '2' && text[1] < '4') && text[3] < '6' && text[6] < '6'
}

const exportedSecond = len("0000-00-00 00:00:00")

// isExportedTimestamp takes an instant of the years 1970 to 9999 on the second or with up to six digits
// behind it. It does not know how many days a month has.
func isExportedTimestamp(text []byte) bool {
	last := len(text) - len(" UTC")
	if last < exportedSecond || last > exportedSecond+7 || string(text[last:]) != " UTC" {
		return false
	}
	if !dateBytes.at(text) || !hourBytes.at(text[8:]) || !isExportedClock(text[11:]) || string(text[:4]) < "1970" {
		return false
	}
	return endsAsExported(text[exportedSecond:last], text[exportedSecond:])
}

// endsAsExported takes what stands behind the second, if anything does; rest goes on behind it.
func endsAsExported(fraction, rest []byte) bool {
	switch len(fraction) {
	case 0:
		return true
	case len(".000000"):
		return fractionBytes.at(rest)
	}
	if fraction[0] != '.' || len(fraction) == 1 {
		return false
	}
	for _, digit := range fraction[1:] {
		if digit-'0' > 9 {
			return false
		}
	}
	return true
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
