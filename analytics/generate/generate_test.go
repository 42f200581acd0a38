package generate

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func options(dir string) Options {
	return Options{Dir: dir, Stores: 300, Days: 8, Seed: 3, IDs: Numbers, AsOf: time.Date(2024, 10, 14, 22, 0, 0, 0, time.UTC)}
}

func lines(t *testing.T, path string) []string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []string
	for s := bufio.NewScanner(file); s.Scan(); {
		all = append(all, s.Text())
	}
	return all[1:]
}

// TestTraits counts the traits of real data that the sample is made for.
func TestTraits(t *testing.T) {
	dir := t.TempDir()
	if _, err := Write(t.Context(), options(dir)); err != nil {
		t.Fatal(err)
	}
	status := lines(t, filepath.Join(dir, "store_status.csv"))
	seen, inactive, disorder := map[string]int{}, false, 0
	hours := map[string]bool{}
	at := map[string]string{}
	conflicts := 0
	for i, row := range status {
		seen[row]++
		cells := strings.Split(row, ",")
		if cells[1] == "inactive" {
			inactive = true
		} else if inactive {
			t.Fatalf("row %d is active after an inactive one", i)
		}
		if i > 0 && cells[2] < strings.Split(status[i-1], ",")[2] {
			disorder++
		}
		if strings.HasSuffix(cells[2], "0 UTC") && strings.Contains(cells[2], ".") {
			t.Fatalf("a fraction ends in a zero: %s", row)
		}
		hours[cells[2][:13]] = true
		if other, ok := at[cells[0]+cells[2]]; ok && other != cells[1] {
			conflicts++
		}
		at[cells[0]+cells[2]] = cells[1]
	}
	if repeated := len(status) - len(seen); repeated == 0 || conflicts == 0 {
		t.Errorf("%d repeated rows, %d conflicts", repeated, conflicts)
	}
	if disorder < len(status)/3 {
		t.Errorf("only %d of %d rows are out of order", disorder, len(status))
	}
	if len(hours) > 8*24-3 {
		t.Errorf("%d hours have polls: the collector was never down", len(hours))
	}
	rows, late, joined := lines(t, filepath.Join(dir, "menu_hours.csv")), 0, 0
	for _, row := range rows {
		if strings.Contains(row[len(row)-8:], "23:59:") {
			late++
		}
		if strings.Contains(row, ",00:00:00,") {
			joined++
		}
	}
	if late*4 < len(rows) || late*5 > 2*len(rows) || joined == 0 {
		t.Errorf("%d of %d rows end at 23:59, %d begin at midnight", late, len(rows), joined)
	}
	if zones := len(lines(t, filepath.Join(dir, "timezones.csv"))); zones == 300 {
		t.Error("every store has a zone")
	}
}

// written makes the files and returns their bytes, one file after the other.
func written(t *testing.T, o Options) string {
	t.Helper()
	o.Dir = t.TempDir()
	result, err := Write(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range result.Files {
		text, err := os.ReadFile(filepath.Join(o.Dir, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		if int64(len(text)) != f.Bytes || int64(strings.Count(string(text), "\n")-1) != f.Rows {
			t.Errorf("%s: %d bytes, %d rows are not what was written", f.Name, f.Bytes, f.Rows)
		}
		all.Write(text)
	}
	return all.String()
}

func TestSameSeedSameBytes(t *testing.T) {
	one, two := options(""), options("")
	one.IDs, two.IDs, two.Seed = UUIDs, UUIDs, 2
	once, again := written(t, one), written(t, one)
	if once != again {
		t.Error("the same seed gave other bytes")
	}
	if once == written(t, two) {
		t.Error("another seed gave the same bytes")
	}
}

// TestBytesStay pins the bytes: results of earlier benchmarks, and the golden reports, are of these files.
func TestBytesStay(t *testing.T) {
	for ids, want := range map[IDs]string{
		Numbers: "d7a15823daf965a70767d477fd48ff13cf42be731dd556bbbcfb4201b9895045",
		UUIDs:   "65bd8150a9a23eb4ad0e26efe970e23674bf7cfa134715700d1bbffa02dc892a",
	} {
		o := options("")
		o.IDs = ids
		if got := fmt.Sprintf("%x", sha256.Sum256([]byte(written(t, o)))); got != want {
			t.Errorf("%s: the files have other bytes than before: SHA-256 %s, want %s", ids, got, want)
		}
	}
}

func TestNothingIsReplacedOrLeftBehind(t *testing.T) {
	o := options(t.TempDir())
	if err := os.WriteFile(filepath.Join(o.Dir, "menu_hours.csv"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(t.Context(), o); err == nil || !strings.Contains(err.Error(), "already there") {
		t.Errorf("got %v", err)
	}
	if entries, err := os.ReadDir(o.Dir); err != nil || len(entries) != 1 {
		t.Errorf("%v %v", entries, err)
	}
	o.Stores, o.Days, o.IDs = 0, 0, "name"
	if err := o.Validate(); err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("got %v, want three faults", err)
	}
}
