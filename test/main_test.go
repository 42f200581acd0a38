package test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"openhours/cli"
)

// inRepository runs the tests in the root of the repository, where a user runs the program.
type inRepository struct{ m *testing.M }

func (r inRepository) Run() int {
	root, err := filepath.Abs("..")
	if err == nil {
		err = os.Setenv(rootVariable, root) // for the commands of the scripts, which run elsewhere
	}
	if err == nil {
		err = os.Chdir(root)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return r.m.Run()
}

const rootVariable = "TEST_REPOSITORY_ROOT"

func TestMain(m *testing.M) {
	testscript.Main(inRepository{m}, map[string]func(){"openhours": func() {
		os.Exit(cli.Run(os.DirFS(filepath.Join(os.Getenv(rootVariable), "sql")), os.Args[1:]))
	}})
}

// TestCommands runs the program on the scripts of testdata/script.
func TestCommands(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "test/testdata/script", Setup: func(e *testscript.Env) error {
		e.Setenv(rootVariable, os.Getenv(rootVariable))
		e.Setenv("HOSTILE_STORE", hostileStore)
		return writeHostile(e.WorkDir)
	}})
}

const hostileStore = "\x1b[2Jstore\u202e\u009b31m"

// writeHostile writes what a script cannot hold: control characters in ids, file names and headers.
func writeHostile(dir string) error {
	for name, text := range map[string]string{
		"hostile/store_status.csv": "store_id,status,timestamp_utc\n" + hostileStore + ",active,2024-10-07 10:00:00 UTC\n" +
			hostileStore + ",inactive,2024-10-07 10:00:00 UTC\n" + hostileStore + ",\x1b[31mred,2024-10-07 10:00:00 UTC\n",
		"hostile/\x1b]0;file\a.csv":           "x\n",
		"hostile/timezones\x1b[31m\u202e.csv": "store_id,timezone_str\n" + hostileStore + ",\x1b[0mMars\n" + hostileStore + ",UTC\n",
		"hostile_header/store_status.csv":     "store_id,\x1b[31mstatus,\u202etimestamp\n",
		"hostile_\x1b[31mfolder/readme.txt":   "x\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
