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
		return nil
	}})
}
