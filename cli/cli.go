// Package cli implements the openhours command, one file per subcommand: its flags, its Run method and its output.
// It wires together the packages below analytics and has no logic of its own.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"openhours/analytics/params"
)

// version is set from git by `just build`, with -ldflags "-X openhours/cli.version=…".
var version = "0.1.0"

// Exit codes, as listed in the help.
const (
	exitDone    = 0
	exitFailed  = 1 // an error, or `check` found rejected rows
	exitUsage   = 2 // an invalid flag or parameter
	exitRejects = 3 // the report was written, but too many rows were rejected
	exitDiffers = 4 // `diff` or `verify` found differences
	exitMissed  = 5 // the report was written, and --fail-missed found a store that missed its target
	exitStopped = 130
)

const description = `How long was each store online during its opening hours?

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

Every flag can also be set by an environment variable OPENHOURS_…, in the environment or in a .env file.
Flags override the environment, and the environment overrides .env.

Exit codes: 0 success; 1 error, or check found rejected rows; 2 invalid flag or parameter; 3 report written,
but no row of a file was accepted, or more rows were rejected than --max-rejects allows; 4 diff or verify found
differences; 5 report written, and --fail-missed found a store that certainly missed its target; 130 interrupted.`

// cli lists the commands.
type cli struct {
	Report   reportCommand   `cmd:"" help:"Create a report and print a summary."`
	Serve    serveCommand    `cmd:"" help:"Serve the dashboard and the HTTP API: trigger, poll and download reports."`
	Check    checkCommand    `cmd:"" help:"Validate the data folder; exit code 1 if any row is rejected."`
	Explain  explainCommand  `cmd:"" help:"Explain one store's numbers: its sessions, its evidence, and every stretch of time with the rule that set its status."`
	Generate generateCommand `cmd:"" help:"Generate sample input that resembles real data."`
	Compact  compactCommand  `cmd:"" help:"Move status files into one Parquet file per day; reports read these faster, and only the days they need."`
	Reports  reportsCommand  `cmd:"" help:"List, show or remove finished reports."`
	Diff     diffCommand     `cmd:"" help:"Compare two finished reports; exit code 4 if they differ."`
	Verify   verifyCommand   `cmd:"" help:"Check the files of a report and its inputs against their recorded hashes; exit code 4 if any differs."`
	Zones    zonesCommand    `cmd:"" help:"Print the release of the time zone rules; write them for the DuckDB CLI."`
	Inspect  inspectCommand  `cmd:"" name:"inspect-files" hidden:"" help:"Read files for a server."`
	Version  versionCommand  `cmd:"" help:"Print the versions of openhours, DuckDB and the time zone data."`
}

// environment holds a command's I/O and clock.
type environment struct {
	ctx    context.Context
	stdout io.Writer
	stderr *os.File
	models fs.FS
	now    func() time.Time
}

// exitError is an error with its own exit code.
type exitError struct {
	code int
	text string // empty: already reported
}

func (e *exitError) Error() string { return e.text }

// Run executes the command named in args and returns the exit code. models holds the embedded SQL.
func Run(models fs.FS, args []string) int {
	// Go ignores SIGXFSZ in its own threads, but raised in a DuckDB thread it would end the process. Exceeding
	// the file size limit (ulimit -f) must fail only the report that is being written.
	signal.Ignore(syscall.SIGXFSZ)
	written, err := readSettings()
	if err != nil {
		complain(os.Stderr, ".env: "+err.Error())
		return exitUsage
	}
	args = expected(args)
	overrideEnvironment(args)
	var commands cli
	parser, err := kong.New(&commands, kong.Name("openhours"), kong.Description(description),
		kong.DefaultEnvars("OPENHOURS"), parameterDefaults(), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}))
	if err != nil {
		complain(os.Stderr, err.Error())
		return exitFailed
	}
	if err := checkSettings(parser.Model, written); err != nil {
		complain(os.Stderr, ".env: "+err.Error())
		return exitUsage
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		complain(os.Stderr, err.Error()+"; see openhours --help")
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	err = parsed.Run(&environment{ctx: ctx, stdout: os.Stdout, stderr: os.Stderr, models: models, now: time.Now})
	return exitCode(ctx, err)
}

// exitCode prints err, unless it has been reported already, and returns the exit code.
func exitCode(ctx context.Context, err error) int {
	var special *exitError
	var parameter *params.Error
	switch {
	case err == nil:
		return exitDone
	case ctx.Err() != nil:
		if err != nil && !errors.Is(err, ctx.Err()) {
			complain(os.Stderr, "interrupted: "+err.Error())
		} else {
			fmt.Fprintln(os.Stderr, "openhours: interrupted; no partial output was left behind")
		}
		return exitStopped
	case errors.As(err, &special):
		if special.text != "" {
			complain(os.Stderr, special.text)
		}
		return special.code
	case errors.As(err, &parameter):
		complain(os.Stderr, err.Error())
		return exitUsage
	}
	complain(os.Stderr, err.Error())
	return exitFailed
}

// expected returns the arguments for what people try first: none at all, help, and a flag for the version.
func expected(args []string) []string {
	switch {
	case len(args) == 0:
		return []string{"--help"}
	case args[0] == "help":
		return append(slices.Clone(args[1:]), "--help")
	case len(args) == 1 && (args[0] == "--version" || args[0] == "-V"):
		return []string{"version"}
	}
	return args
}
