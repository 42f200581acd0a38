package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/joho/godotenv"
)

// readSettings puts the lines of .env into the environment, where what is there wins, and returns
// them. Without that file there are none.
func readSettings() (map[string]string, error) {
	text, err := os.ReadFile(".env")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	text = append(text, '\n') // without it the library takes a last line that has no =
	written, readable := parseSettings(text)
	if !readable {
		line := 1
		for at := range text {
			if text[at] != '\n' {
				continue
			}
			if _, readable := parseSettings(text[:at+1]); readable {
				line = bytes.Count(text[:at+1], []byte("\n")) + 1
			}
		}
		return nil, fmt.Errorf("line %d is no setting: write NAME=value, and close what is quoted", line)
	}
	for name, value := range written {
		if _, isSet := os.LookupEnv(name); isSet {
			continue
		}
		if err := os.Setenv(name, value); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return written, nil
}

// parseSettings tells only whether it can be read: the library's own words hold the rest of the file,
// and with it what may be secret.
func parseSettings(text []byte) (written map[string]string, readable bool) {
	written, err := godotenv.UnmarshalBytes(text)
	_, nameless := written[""]
	return written, err == nil && !nameless
}

// checkSettings refuses a line of .env that no flag of any command answers to: most likely it is misspelt,
// and what it was meant to change would quietly stay as it is.
func checkSettings(model *kong.Application, written map[string]string) error {
	known := []string{"OPENHOURS_REPORT"} // of `just audit`
	err := kong.Visit(model, func(node kong.Visitable, next kong.Next) error {
		if flag, isFlag := node.(*kong.Flag); isFlag {
			known = append(known, flag.Envs...)
		}
		return next(nil)
	})
	if err != nil {
		return err
	}
	bare := func(name string) string { return strings.ReplaceAll(strings.ToUpper(name), "_", "") }
	for _, name := range slices.Sorted(maps.Keys(written)) {
		if !strings.HasPrefix(strings.ToUpper(name), "OPENHOURS_") || slices.Contains(known, name) {
			continue
		}
		if i := slices.IndexFunc(known, func(k string) bool { return bare(k) == bare(name) }); i >= 0 {
			return fmt.Errorf("%s: there is no such setting; it is %s", name, known[i])
		}
		return fmt.Errorf("%s: there is no such setting: each has the name of a flag, such as OPENHOURS_MAX_GAP for --max-gap", name)
	}
	return nil
}

// overrideEnvironment makes flags win: a variable whose flag is given is not looked at, so that it may
// even be wrong. An empty one counts as not set.
func overrideEnvironment(args []string) {
	for _, setting := range os.Environ() {
		name, value, _ := strings.Cut(setting, "=")
		if flag, ours := strings.CutPrefix(name, "OPENHOURS_"); ours {
			flag = "--" + strings.ReplaceAll(strings.ToLower(flag), "_", "-")
			given := slices.ContainsFunc(args, func(arg string) bool { return arg == flag || strings.HasPrefix(arg, flag+"=") })
			if given || value == "" {
				_ = os.Unsetenv(name) // fails for a name that no variable can have
			}
		}
	}
}
