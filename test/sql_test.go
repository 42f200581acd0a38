package test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/engine"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
	"openhours/analytics/storage"
	"openhours/analytics/zoneinfo"
)

var update = flag.Bool("update", false, "write the answers in docs/sql.md")

// pythonTool is a program that `.ci/tools python` installs. Only on a machine that is not the CI's may it
// be missing.
func pythonTool(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(".tools/venv/bin", name))
	if err != nil {
		t.Fatal(err)
	}
	needed := path
	if name == "python" { // with all its packages
		needed = ".tools/venv/installed"
	}
	if _, err := os.Stat(needed); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is missing: run `.ci/tools python`", name)
		}
		t.Skipf("NOT TESTED: %s is missing; `.ci/tools python` installs it", name)
	}
	return path
}

// duckdbCLI is the real DuckDB CLI on a data folder and a report folder.
type duckdbCLI struct {
	t             *testing.T
	program       string
	data, reports string
	env           []string
}

func newCLI(t *testing.T, data, reports string) duckdbCLI {
	t.Helper()
	zones := filepath.Join(t.TempDir(), "zone_periods.csv")
	rules, err := zoneinfo.Open("")
	if err != nil {
		t.Fatal(err)
	}
	if err := storage.ReplaceFile(zones, rules.WritePeriods); err != nil {
		t.Fatal(err)
	}
	return duckdbCLI{t: t, program: pythonTool(t, "duckdb"), data: data, reports: reports, env: []string{"OPENHOURS_ZONE_PERIODS=" + zones}}
}

// run gives back what the CLI prints, and with what code it ends.
func (c duckdbCLI) run(args ...string) (stdout, stderr string, code int) {
	c.t.Helper()
	command := exec.CommandContext(c.t.Context(), c.program, args...)
	command.Env = append(append(os.Environ(), "OPENHOURS_DATA="+c.data, "OPENHOURS_REPORTS="+c.reports), c.env...)
	var out, faults bytes.Buffer
	command.Stdout, command.Stderr = &out, &faults
	if err := command.Run(); err != nil && command.ProcessState == nil {
		c.t.Fatal(err)
	}
	return out.String(), faults.String(), command.ProcessState.ExitCode()
}

// ask runs statements after sql/init.sql; they must succeed.
func (c duckdbCLI) ask(format string, statements ...string) string {
	c.t.Helper()
	args := []string{"-bail", "-init", "sql/init.sql", format}
	for _, s := range statements {
		args = append(args, "-c", s)
	}
	stdout, stderr, code := c.run(args...)
	if code != 0 {
		c.t.Fatalf("duckdb exits with %d: %s", code, stderr)
	}
	return stdout
}

// sqlTestNow is the wall clock of the reports that tests make.
var sqlTestNow = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// sqlEngine is an engine that may touch the given folders, and their absolute paths.
func sqlEngine(t *testing.T, folders ...string) (*engine.Engine, []string) {
	t.Helper()
	var places []string
	for _, folder := range folders {
		absolute, err := filepath.Abs(folder)
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, absolute)
	}
	e, err := engine.New(context.Background(), engine.Options{SQL: os.DirFS("sql"), Threads: 2, Folders: places})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e, places
}

// makeReport makes a report with the engine and returns its folder.
func makeReport(t *testing.T, data, reports string, p params.Parameters) string {
	t.Helper()
	e, folders := sqlEngine(t, data, reports)
	m, err := report.Make(t.Context(), pipeline.Engines{DuckDB: e}, report.Request{Data: data, Reports: reports, Parameters: p, Version: "test", Now: sqlTestNow})
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(folders[1], m.ReportID)
}

var (
	questionForm = regexp.MustCompile(`(?s)\n### (\d+)\. ([^\n]*)\n(.*?)\x60\x60\x60sql\n(.*?)\x60\x60\x60\n((?:\n?\|[^\n]*\n)*)`)
)

// readQuestions gives the questions of docs/sql.md, each with its number, title, text, statement and answer.
func readQuestions(t *testing.T) (page string, questions [][]string) {
	t.Helper()
	text, err := os.ReadFile("docs/sql.md")
	if err != nil {
		t.Fatal(err)
	}
	questions = questionForm.FindAllStringSubmatch(string(text), -1)
	if len(questions) != 14 {
		t.Fatalf("%d questions, not fourteen", len(questions))
	}
	return string(text), questions
}

// TestDownNow asks the second question of a store that was down when it closed, half an hour ago, and of
// one that is open and down.
func TestDownNow(t *testing.T) {
	data := folderOf(t, map[string]string{
		"store_status.csv": statusHead + "closed,active,2024-10-08 15:10 UTC\nclosed,inactive,2024-10-08 15:50 UTC\n" +
			"open,active,2024-10-08 15:10 UTC\nopen,inactive,2024-10-08 15:50 UTC\nup,active,2024-10-08 16:30 UTC\n",
		"menu_hours.csv": "store_id,day,start_time_local,end_time_local\nclosed,1,15:00,16:00\nopen,1,15:00,17:00\nup,1,15:00,17:00\n",
		"timezones.csv":  "store_id,timezone_str\nclosed,UTC\nopen,UTC\nup,UTC\n",
	})
	_, questions := readQuestions(t)
	if got, want := newCLI(t, data, t.TempDir()).ask("-csv", questions[1][4]), "store_id,down_since,open_minutes\nopen,2024-10-08 15:30:00,60.0\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestQuestions asks the CLI the fourteen questions of docs/sql.md as they stand there.
func TestQuestions(t *testing.T) {
	t.Parallel()
	reports := t.TempDir()
	makeReport(t, "test/testdata/sql", reports, params.Parameters{AsOf: "2024-10-12 04:00 UTC"})
	makeReport(t, "test/testdata/sql", reports, params.Parameters{})
	c := newCLI(t, "test/testdata/sql", reports)
	page, questions := readQuestions(t)
	var statements []string
	for _, q := range questions {
		if strings.Count(q[4], ";") != 1 {
			t.Errorf("%s: a question is one statement", q[2])
		}
		statements = append(statements, q[4], ".print =")
	}
	answers := strings.Split(c.ask("-markdown", statements...), "=\n")
	answered := page
	for i, q := range questions {
		got := answers[i]
		if strings.Count(got, "\n") < 3 {
			t.Errorf("%s\nan answer without rows: %s", q[2], got)
		}
		answered = strings.Replace(answered, q[0], strings.TrimSuffix(q[0], q[5])+"\n"+got, 1)
		if diff := cmp.Diff(strings.TrimSpace(q[5]), strings.TrimSpace(got)); diff != "" && !*update {
			t.Errorf("%s\n-documented +got:\n%s", q[2], diff)
		}
	}
	// the export to a spreadsheet that the page describes
	answer := filepath.Join(t.TempDir(), "answer.csv")
	first := strings.TrimSuffix(strings.TrimSpace(questions[0][4]), ";")
	c.ask("-csv", "COPY ("+first+") TO '"+answer+"';")
	cells, err := os.ReadFile(answer)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("store_id,timezone,down_from,down_to,minutes_down,minutes_certain\n"+
		"1002,America/Chicago,2024-10-11 17:00:00,2024-10-11 21:00:00,240.0,220.0\n"+
		"1001,America/Chicago,2024-10-11 17:35:00,2024-10-11 19:35:00,120.0,60.0\n"+
		"1003,America/New_York,2024-10-11 17:00:00,2024-10-11 18:05:00,65.0,35.0\n", string(cells)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if *update {
		if err := os.WriteFile("docs/sql.md", []byte(answered), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
