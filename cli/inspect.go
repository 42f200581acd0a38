package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"openhours/analytics/engine"
	"openhours/analytics/load"
	"openhours/analytics/sandbox"
	"openhours/analytics/storage"
)

// inspectCommand is what the server runs in processes of their own, see load.Trials: it reads files that may
// end the process.
type inspectCommand struct {
	Memory    string `help:"As of other commands." required:""`
	MostBytes uint64 `help:"Limit of what the process may allocate." required:""`
	Seconds   uint64 `help:"Limit of the time of the processor." required:""`
	Zoneinfo  string `help:"As of other commands."`
}

// Run reads the requests from standard input and writes an answer for each.
func (c *inspectCommand) Run(s *environment) (err error) {
	if err := sandbox.Limit(c.MostBytes, c.Seconds); err != nil {
		return fmt.Errorf("limit the process: %w", err)
	}
	debug.SetMemoryLimit(otherTrialBytes)
	var requests []load.TrialRequest
	if err := json.NewDecoder(os.Stdin).Decode(&requests); err != nil {
		return fmt.Errorf("standard input: want a list of requests: %w", err)
	}
	spill, discard, err := storage.TempFolder(spillPrefix)
	if err != nil {
		return fmt.Errorf("make a folder for what spills: %w", err)
	}
	defer func() { err = errors.Join(err, discard()) }()
	options := engine.Options{SQL: s.models, Threads: 1, Memory: c.Memory, SpillDir: spill, Zoneinfo: c.Zoneinfo}
	for _, q := range requests {
		options.Folders = append(options.Folders, filepath.Dir(q.Path))
	}
	e, err := engine.New(s.ctx, options)
	if err != nil {
		return err
	}
	answers := json.NewEncoder(s.stdout)
	return load.AnswerTrials(s.ctx, e, requests, func(a load.TrialAnswer) error { return answers.Encode(a) })
}

// Memory of a process that reads files for the server: half of the server's, and what is none of DuckDB's.
// Measured: 200 MB in all suffice for small files, 300 for 20 million good rows, 500 for 3 million bad ones.
const (
	leastTrialBytes = 200e6
	mostTrialBytes  = 1e9
	otherTrialBytes = 250e6
)

// trials returns the trials of a server with these flags.
func trials(f engineFlags) (*load.Trials, error) {
	zones := f.Zoneinfo
	if zones != "" {
		var err error
		if zones, err = filepath.Abs(zones); err != nil {
			return nil, err
		}
	}
	memory, atOnce := mostTrialBytes, 2
	if all := (engine.Options{Memory: f.Memory}).MemoryBytes(); all > 0 {
		memory, atOnce = min(max(all/2, leastTrialBytes), mostTrialBytes), 1
	}
	program, err := sandbox.Self(atOnce, "inspect-files", fmt.Sprintf("--memory=%.0fMB", memory/1e6),
		fmt.Sprintf("--most-bytes=%.0f", memory+otherTrialBytes), "--zoneinfo="+zones)
	if err != nil {
		return nil, err
	}
	return load.NewTrials(program), nil
}
