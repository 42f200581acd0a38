package analytics

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const exportedLine = "7,active,2024-10-07 10:00:00.5 UTC"

// TestExportedRows has one row for each way in which a row is not as BigQuery exports it.
func TestExportedRows(t *testing.T) {
	for _, line := range []string{exportedLine, "a b,inactive,1970-01-01 00:00:00 UTC", "é,active,9999-12-31 23:59:59.999999 UTC",
		"7,active,2024-10-07 10:00:00.100 UTC", "7,active,2024-02-31 10:00:00 UTC"} {
		if !isExportedStatus([]byte(line)) {
			t.Errorf("%q is one", line)
		}
	}
	for _, line := range []string{"", ",", ",active,2024-10-07 10:00:00 UTC", " 7,active,2024-10-07 10:00:00 UTC", "7\t,active,2024-10-07 10:00:00 UTC",
		"7,Active,2024-10-07 10:00:00 UTC", "7, active,2024-10-07 10:00:00 UTC", "7,up,2024-10-07 10:00:00 UTC", "7,active", "7,active,",
		"7,active,2024-10-07 10:00:00 UTC ", "7,active, 2024-10-07 10:00:00 UTC", "7,active,2024-10-07 10:00:00", "7,active,2024-10-07 10:00:00Z",
		"7,active,2024-10-07T10:00:00 UTC", "7,active,2024-10-07 10:00:00. UTC", "7,active,2024-10-07 10:00:00.1234567 UTC", "7,active,2024-10-07 10:00:00.5x UTC",
		"7,active,2024-10-07 24:00:00 UTC", "7,active,2024-10-07 10:60:00 UTC", "7,active,2024-10-07 10:00:60 UTC", "7,active,1969-12-31 23:59:59 UTC",
		"7,active,2024/10/07 10:00:00 UTC", "7,active,2024-1-07 10:00:00 UTC", "7,active,2024-10-07 10:00 UTC", "7,active,2024-10-07 10:00:0: UTC",
		"7,active,x,2024-10-07 10:00:00 UTC", "7,active,2024-10-07 10:00:00 utc", "7,active,2024-10-07  10:00:00 UTC"} {
		if isExportedStatus([]byte(line)) {
			t.Errorf("%q is none", line)
		}
	}
}

// TestExportedHours is the same for hours.
func TestExportedHours(t *testing.T) {
	for _, line := range []string{"7,0,09:00:00,17:30:00", "a b,6,00:00:00,23:59:59", "7,3,22:00:00,02:00:00"} {
		if !isExportedHours([]byte(line)) {
			t.Errorf("%q is one", line)
		}
	}
	for _, line := range []string{"", "7", "7,0", ",0,09:00:00,17:30:00", "7 ,0,09:00:00,17:30:00", "7,7,09:00:00,17:30:00", "7,00,09:00:00,17:30:00",
		"7,0,9:00:00,17:30:00", "7,0,09:00,17:30:00", "7,0,09:00:00,24:00:00", "7,0,09:60:00,17:30:00", "7,0,09:00:60,17:30:00", "7,0, 9:00:00,17:30:00",
		"7,0,09:00:00,17:30:00 ", "7,0,09:00:00,17:30:0x", "7,0,09:00:00;17:30:00", "7,0,09:00:00,17:30:00,"} {
		if isExportedHours([]byte(line)) {
			t.Errorf("%q is none", line)
		}
	}
}

// TestExportedRowsInBlocks cuts files anywhere: the answer is that of their lines.
func TestExportedRowsInBlocks(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		lines, want := []string{"store_id,status,timestamp_utc"}, true
		for range random.IntN(4) {
			line := exportedLine
			if random.IntN(5) == 0 {
				line, want = strings.Replace(line, "active", "busy", 1), false
			}
			lines = append(lines, line)
		}
		text := strings.Join(lines, []string{"\n", "\r\n"}[random.IntN(2)]) + []string{"", "\n"}[random.IntN(2)]
		rows := exportedRows{form: isExportedStatus}
		for rest := text; rest != ""; {
			n := 1 + random.IntN(min(len(rest), 40))
			rows.add([]byte(rest[:n]))
			rest = rest[n:]
		}
		if got := rows.all(); got != want {
			t.Fatalf("%q: got %v", text, got)
		}
	}
}

// TestFirstRowTellsNothing has a first row as exported and one of another kind behind it, or a fault: what
// is read does not depend on which stands first.
func TestFirstRowTellsNothing(t *testing.T) {
	for name, other := range map[string]string{
		"another form": "8,ACTIVE,2024-10-07T12:00:00+02:00", "blanks": " 8 ,active,2024-10-07 10:00:00 UTC", "quotes": `8,active,"2024-10-07 10:00:00 UTC"`,
		"no such day": "8,active,2024-02-31 10:00:00 UTC", "no id": ",active,2024-10-07 10:00:00 UTC", "no such hour": "8,active,2024-10-07 24:00:00 UTC",
		"too few": "8,active", "too many": "8,active,2024-10-07 10:00:00 UTC,x", "before 1970": "8,active,1969-10-07 10:00:00 UTC"} {
		read := func(rows ...string) loaded {
			got, _, err := load(t, map[string]string{"store_status.csv": "store_id,status,timestamp_utc\n" + strings.Join(rows, "\n") + "\n"})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for i := range got.Rejects {
				got.Rejects[i] = strings.NewReplacer("csv:2", "csv:n", "csv:3", "csv:n").Replace(got.Rejects[i])
			}
			return got
		}
		first, second := read(exportedLine, other), read(other, exportedLine)
		if diff := cmp.Diff(first, second); diff != "" || len(first.Accepted)+len(first.Rejects) != 2 {
			t.Errorf("%s: %v\n%s", name, first, diff)
		}
	}
}
