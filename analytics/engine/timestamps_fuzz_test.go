package engine_test

import (
	"database/sql"
	"database/sql/driver"
	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// The two readers here are written from the definition alone, with Go's regular expressions and
// calendar, and share nothing with the SQL that they judge.

var (
	isoForm   = regexp.MustCompile(`(?i)^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?: ?(?:UTC|GMT|Z|([+-])(\d\d)(?::?(\d\d))?))?$`)
	slashForm = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d\d)(?::(\d\d))?$`)
	unixForm  = regexp.MustCompile(`^(\d{10}|\d{13}|\d{16})$`)
	clockForm = regexp.MustCompile(`^(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?$`)
)

func refNumber(text string) int {
	n, _ := strconv.Atoi(text) // an optional part that is not there counts as 0
	return n
}

func refInstant(cell string) (us int64, ok bool) {
	cell = strings.Trim(cell, " \t")
	var year, month, day, hour, minute, second, fraction, offset int
	if m := isoForm.FindStringSubmatch(cell); m != nil {
		year, month, day, hour, minute, second = refNumber(m[1]), refNumber(m[2]), refNumber(m[3]), refNumber(m[4]), refNumber(m[5]), refNumber(m[6])
		fraction = refNumber((m[7] + "000000")[:6])
		if refNumber(m[9]) > 15 || refNumber(m[10]) > 59 {
			return 0, false
		}
		offset = refNumber(m[9])*60 + refNumber(m[10])
		if m[8] == "-" {
			offset = -offset
		}
	} else if m := slashForm.FindStringSubmatch(cell); m != nil {
		month, day, year, hour, minute, second = refNumber(m[1]), refNumber(m[2]), refNumber(m[3]), refNumber(m[4]), refNumber(m[5]), refNumber(m[6])
	} else if unixForm.MatchString(cell) {
		n, err := strconv.ParseInt(cell+strings.Repeat("0", 16-len(cell)), 10, 64)
		return n, err == nil
	} else {
		return 0, false
	}
	at := time.Date(year, time.Month(month), day, hour, minute, second, fraction*1000, time.UTC)
	if at.Year() != year || int(at.Month()) != month || at.Day() != day || at.Hour() != hour || at.Minute() != minute || at.Second() != second {
		return 0, false // the calendar or the clock has no such time
	}
	if year < 1970 {
		return 0, false
	}
	at = at.Add(-time.Duration(offset) * time.Minute)
	return at.UnixMicro(), at.Year() >= 1970 && at.Year() <= 9999
}

func refTimeOfDay(cell string, isEnd bool) (us int64, ok bool) {
	m := clockForm.FindStringSubmatch(strings.Trim(cell, " \t"))
	if m == nil || refNumber(m[2]) > 59 || refNumber(m[3]) > 59 {
		return 0, false
	}
	us = int64(refNumber(m[1])*3600+refNumber(m[2])*60+refNumber(m[3])) * 1e6
	if us == 86400e6 {
		_, fraction, _ := strings.Cut(cell, ".")
		return us, isEnd && strings.Trim(fraction, "0 \t") == ""
	}
	return us, us < 86400e6
}

// valueSession is a connection on which the functions of the data's values are there.
func valueSession(t testing.TB) *engine.Session {
	t.Helper()
	s, err := enginetest.New(t, t.TempDir(), 1).Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.AwaitFunctions(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestValuesAgreeWithReference puts many texts that nearly are of a known form through both readers.
// Fuzzing alone seldom gets there: it cannot see into the engine.
func TestValuesAgreeWithReference(t *testing.T) {
	db := valueSession(t)
	if _, err := db.Conn.ExecContext(t.Context(), "CREATE TEMP TABLE texts (cell VARCHAR)"); err != nil {
		t.Fatal(err)
	}
	piece := func(choices ...string) *rapid.Generator[string] { return rapid.SampledFrom(choices) }
	digits := rapid.StringMatching(`\d{1,3}`)
	year := rapid.OneOf(piece("1969", "1970", "2024", "9999", "0000", "12024"), rapid.StringMatching(`\d{4}`))
	two := rapid.OneOf(piece("00", "01", "02", "09", "12", "13", "23", "24", "28", "29", "30", "31", "59", "60"), digits)
	fraction := rapid.OneOf(piece("", "", ".", ".5", ".500", ".123456", ".1234567", ".123456789", ".1234567890"), rapid.StringMatching(`\.\d{1,10}`))
	suffix := rapid.OneOf(piece("", " UTC", " UTC", "UTC", " utc", "Z", " z", " GMT", "+05:30", " -0330", " +14", " +15:59", " -16:00", " +5", " +05:60", " UTC ", "  UTC", " EST", "\t"))
	iso := rapid.Custom(func(t *rapid.T) string {
		text := year.Draw(t, "y") + piece("-", "-", "-", "/").Draw(t, "s") + two.Draw(t, "m") + "-" + two.Draw(t, "d") +
			piece(" ", " ", " ", "T", "t", "  ", "").Draw(t, "b") + two.Draw(t, "H") + ":" + two.Draw(t, "M")
		if rapid.Bool().Draw(t, "seconds") {
			text += ":" + two.Draw(t, "S") + fraction.Draw(t, "f")
		}
		return text + suffix.Draw(t, "z")
	})
	slash := rapid.Custom(func(t *rapid.T) string {
		text := two.Draw(t, "m") + "/" + two.Draw(t, "d") + "/" + year.Draw(t, "y") + piece(" ", " ", "T").Draw(t, "b")
		return text + two.Draw(t, "H") + ":" + two.Draw(t, "M") + piece("", ":00", ":59", ":60", ":5", " UTC").Draw(t, "S")
	})
	clock := rapid.Custom(func(t *rapid.T) string {
		return piece("", "", " ", "\t").Draw(t, "b") + two.Draw(t, "H") + ":" + two.Draw(t, "M") +
			piece("", ":00", ":59", ":60", ":5", ":00.0", ":00.000001", ":30.").Draw(t, "S") + piece("", "", " ").Draw(t, "e")
	})
	export := rapid.Custom(func(t *rapid.T) string {
		return rapid.StringMatching(`(19[67]\d|[2-9]\d{3})-[01]\d-[0-3]\d [0-2]\d:[0-6]\d:[0-6]\d`).Draw(t, "second") +
			piece("", ".5", ".500", ".123456", ".999999", ".1234567").Draw(t, "fraction") + piece(" UTC", " UTC", " UTC", "Z").Draw(t, "zone")
	})
	texts := rapid.SliceOfN(rapid.OneOf(iso, iso, export, slash, clock, rapid.StringMatching(`[+-]?\d{9,17}`), rapid.String()), 300, 300)
	rapid.Check(t, func(rt *rapid.T) {
		if _, err := db.Conn.ExecContext(t.Context(), "TRUNCATE texts"); err != nil {
			rt.Fatal(err)
		}
		var rows [][]driver.Value
		for _, text := range texts.Draw(rt, "texts") {
			if utf8.ValidString(text) && !strings.ContainsRune(text, 0) {
				rows = append(rows, []driver.Value{text})
			}
		}
		if err := db.Append("texts", rows); err != nil {
			rt.Fatal(err)
		}
		found, err := db.Conn.QueryContext(t.Context(), `SELECT cell, parse_timestamp(cell, TRY_CAST(cell AS TIMESTAMP), CAST(TRY_CAST(cell AS TIMESTAMP) AS VARCHAR)),
				parse_start_time(trim_blanks(cell), TRY_CAST(trim_blanks(cell) AS TIME)), parse_end_time(trim_blanks(cell), TRY_CAST(trim_blanks(cell) AS TIME))
			FROM texts`)
		if err != nil {
			rt.Fatal(err)
		}
		defer found.Close()
		for found.Next() {
			var cell string
			var got [3]sql.NullInt64
			if err := found.Scan(&cell, &got[0], &got[1], &got[2]); err != nil {
				rt.Fatal(err)
			}
			for i, read := range []func() (int64, bool){
				func() (int64, bool) { return refInstant(cell) },
				func() (int64, bool) { return refTimeOfDay(cell, false) },
				func() (int64, bool) { return refTimeOfDay(cell, true) },
			} {
				if want, ok := read(); got[i].Valid != ok || ok && got[i].Int64 != want {
					rt.Errorf("%q, reader %d: got %v, want %d, %v", cell, i, got[i], want, ok)
				}
			}
		}
		if err := found.Err(); err != nil {
			rt.Fatal(err)
		}
	})
}

func FuzzTimestamp(f *testing.F) {
	for _, seed := range []string{"2024-10-07 10:00:00.5 UTC", "2024-10-07T10:00+05:30", "2024-10-07 10:00:00.123456789-03", "9/1/2024 7:05", "12/31/1999 23:59:59",
		"1728295200", "1728295200123", "1728295200123456", "2024-10-07 24:00:00 UTC", "2024-02-30 10:00 z", "1970-01-01 00:00 +00:01", "9999-12-31 23:59:59 -00:01",
		"\t2024-10-07 10:00:00 gmt ", "2024-10-07 10:00:60", "0000000000", "2024-10-07 10:00:00.123456 UTC", "2024-10-07 10:00:00.100 UTC", "12024-10-07 10:00:00 UTC"} {
		f.Add(seed)
	}
	db := valueSession(f)
	f.Fuzz(func(t *testing.T, cell string) {
		if !utf8.ValidString(cell) || strings.ContainsRune(cell, 0) {
			t.Skip("rejected before its value is looked at")
		}
		var got sql.NullInt64
		if err := db.Conn.QueryRowContext(t.Context(), engine.ParseTimestampSQL, cell).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if want, ok := refInstant(cell); got.Valid != ok || ok && got.Int64 != want {
			t.Errorf("%q: got %v, want %d, %v", cell, got, want, ok)
		}
	})
}

func FuzzLocalTime(f *testing.F) {
	for _, seed := range []string{"09:00:00", "9:00", "24:00", "24:00:00", "24:00:00.000", "24:00:01", "23:59:59.999", "00:00", "0:0", "9:5", " 10:19\t", "24:0", "29:00", "10:60", "1:00:5"} {
		f.Add(seed)
	}
	db := valueSession(f)
	f.Fuzz(func(t *testing.T, cell string) {
		if !utf8.ValidString(cell) || strings.ContainsRune(cell, 0) {
			t.Skip("rejected before its value is looked at")
		}
		var starts, ends sql.NullInt64
		if err := db.Conn.QueryRowContext(t.Context(), `SELECT parse_start_time(cell, TRY_CAST(cell AS TIME)), parse_end_time(cell, TRY_CAST(cell AS TIME))
			FROM (SELECT trim_blanks(CAST(? AS VARCHAR)) AS cell)`, cell).Scan(&starts, &ends); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			got   sql.NullInt64
			isEnd bool
		}{{starts, false}, {ends, true}} {
			if want, ok := refTimeOfDay(cell, c.isEnd); c.got.Valid != ok || ok && c.got.Int64 != want {
				t.Errorf("%q (end: %v): got %v, want %d, %v", cell, c.isEnd, c.got, want, ok)
			}
		}
	})
}
