// Package cli is the openhours command: one file per command with its flags, its run and what it prints.
// It wires the packages below analytics together and holds no logic of its own.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"openhours/analytics/params"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// version of the program; `just build` stamps it from git with -ldflags "-X openhours/cli.version=…".
var version = "0.1.0"

// Exit codes, as the help lists them.
const (
	exitDone    = 0
	exitFailed  = 1 // something went wrong, or `check` found rejected rows
	exitUsage   = 2 // a flag or parameter is not what it should be
	exitRejects = 3 // `report` was written, but more rows were rejected than --max-rejects allows
	exitDiffers = 4 // `diff` or `verify` found differences
	exitStopped = 130
)

const description = `How long was each store really online while it should have been open?

Reads status polls, opening hours and time zones (CSV or Parquet) from a folder and reports exact
uptime and downtime per store for the last hour, day and week.

Examples:
  openhours report --data data --reports reports
  openhours report --as-of '2024-10-14 22:00 UTC' --window last_month=30d --max-gap 2h
  openhours check --data data
  openhours explain STORE
  openhours compact --data data
  openhours diff REPORT_A REPORT_B
  openhours verify REPORT
  openhours serve --data data --reports reports --listen 127.0.0.1:8080

Every flag has an environment variable OPENHOURS_… which may also stand in a file .env; flags win.

Exit codes: 0 done; 1 failed, or check found rejected rows; 2 a wrong flag or parameter; 3 the report
is written but more rows were rejected than --max-rejects; 4 diff or verify found differences; 130 interrupted.`

// cli is every command with its flags.
type cli struct {
	Report   reportCommand   `cmd:"" help:"Make a report and print what it says."`
	Serve    serveCommand    `cmd:"" help:"Serve the dashboard and the API: trigger, poll and download reports."`
	Check    checkCommand    `cmd:"" help:"Read the data and say what is wrong with it; exit code 1 if rows are rejected."`
	Explain  explainCommand  `cmd:"" help:"Say why: sessions, evidence and every stretch of time of one store, with its rule."`
	Generate generateCommand `cmd:"" help:"Make sample input with the traits of real data."`
	Compact  compactCommand  `cmd:"" help:"Move the status files into Parquet files by day, which reports read faster, and only those they need."`
	Reports  reportsCommand  `cmd:"" help:"List, show and remove finished reports."`
	Diff     diffCommand     `cmd:"" help:"Compare two finished reports; exit code 4 if they differ."`
	Verify   verifyCommand   `cmd:"" help:"Compare the files of a report and its inputs with their hashes; exit code 4 if one differs."`
	Version  versionCommand  `cmd:"" help:"Print the versions of the program, DuckDB and the zone data."`
}

// environment holds a command's I/O and clock.
type environment struct {
	ctx    context.Context
	stdout io.Writer
	stderr *os.File
	models fs.FS
	now    func() time.Time
}

// exitError carries an exit code of its own out of a command.
type exitError struct {
	code int
	text string // empty: all has been said
}

func (e *exitError) Error() string { return e.text }

// Run runs the command that the arguments name on the embedded SQL, and returns the exit code.
func Run(models fs.FS, args []string) int {
	// Go ignores this signal in its own threads, but in one of DuckDB's threads it would end the process: a
	// file that grows past its limit (ulimit -f) must be an error of the one report that writes it.
	signal.Ignore(syscall.SIGXFSZ)
	written, err := readSettings()
	if err != nil {
		fmt.Fprintf(os.Stderr, "openhours: .env: %v\n", err)
		return exitUsage
	}
	overrideEnvironment(args)
	var commands cli
	parser, err := kong.New(&commands, kong.Name("openhours"), kong.Description(description),
		kong.DefaultEnvars("OPENHOURS"), parameterDefaults(), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}))
	if err != nil {
		fmt.Fprintf(os.Stderr, "openhours: %v\n", err)
		return exitFailed
	}
	if err := checkSettings(parser.Model, written); err != nil {
		fmt.Fprintf(os.Stderr, "openhours: .env: %v\n", err)
		return exitUsage
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "openhours: %v; see openhours --help\n", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	err = parsed.Run(&environment{ctx: ctx, stdout: os.Stdout, stderr: os.Stderr, models: models, now: time.Now})
	return exitCode(ctx, err)
}

// exitCode says what went wrong, once, and chooses the code.
func exitCode(ctx context.Context, err error) int {
	var special *exitError
	var parameter *params.Error
	switch {
	case err == nil:
		return exitDone
	case ctx.Err() != nil:
		if err != nil && !errors.Is(err, ctx.Err()) {
			fmt.Fprintf(os.Stderr, "openhours: interrupted: %v\n", err)
		} else {
			fmt.Fprintln(os.Stderr, "openhours: interrupted; nothing was left behind")
		}
		return exitStopped
	case errors.As(err, &special):
		if special.text != "" {
			fmt.Fprintln(os.Stderr, "openhours: "+special.text)
		}
		return special.code
	case errors.As(err, &parameter):
		fmt.Fprintf(os.Stderr, "openhours: %v\n", err)
		return exitUsage
	}
	fmt.Fprintf(os.Stderr, "openhours: %v\n", err)
	return exitFailed
}
