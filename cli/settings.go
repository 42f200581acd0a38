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

// readSettings adds the settings in .env to the environment, without overriding it, and returns them. A
// missing file is not an error.
func readSettings() (map[string]string, error) {
	text, err := os.ReadFile(".env")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	text = append(text, '\n') // otherwise the library accepts a last line that has no =
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
		return nil, fmt.Errorf("line %d: want NAME=value, with every quote closed", line)
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

// parseSettings reports whether text is readable, without the library's error: that quotes the rest of the
// file, which may hold secrets.
func parseSettings(text []byte) (written map[string]string, readable bool) {
	written, err := godotenv.UnmarshalBytes(text)
	_, nameless := written[""]
	return written, err == nil && !nameless
}

// checkSettings rejects settings in .env that match no flag of any command. They are probably misspelt, and
// would silently have no effect.
func checkSettings(model *kong.Application, written map[string]string) error {
	known := []string{"OPENHOURS_REPORT"} // read by `just audit`
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
			return fmt.Errorf("%s: no such setting; did you mean %s?", name, known[i])
		}
		return fmt.Errorf("%s: no such setting; settings are named after flags, such as OPENHOURS_MAX_GAP for --max-gap", name)
	}
	return nil
}

// overrideEnvironment unsets the variables of flags in args, so that the flags win even over invalid values,
// and empty variables, which count as unset. An empty token does not: it would leave a server open.
func overrideEnvironment(args []string) {
	for _, setting := range os.Environ() {
		name, value, _ := strings.Cut(setting, "=")
		if flag, ours := strings.CutPrefix(name, "OPENHOURS_"); ours {
			flag = "--" + strings.ReplaceAll(strings.ToLower(flag), "_", "-")
			given := slices.ContainsFunc(args, func(arg string) bool { return arg == flag || strings.HasPrefix(arg, flag+"=") })
			if given || value == "" && !strings.HasSuffix(name, "_TOKEN") {
				_ = os.Unsetenv(name) // fails only for names that no variable can have
			}
		}
	}
}
