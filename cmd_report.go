package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/term"

	"openhours/analytics"
	"openhours/analytics/spark"
)

// engineFlags are shared by all commands that start DuckDB.
type engineFlags struct {
	Threads int    `help:"Threads of DuckDB; 0: one per processor." default:"0" placeholder:"N"`
	Memory  string `help:"Memory that the process may use, such as 600MB; beyond it data is spilled to disk. Default: 80 % of the machine." placeholder:"SIZE"`
}

// modelFlags say which engine runs the models, and where it is.
type modelFlags struct {
	Engine        string `help:"What runs the models: duckdb, in this process, or spark, a cluster; default ${default}." enum:"duckdb,spark" default:"duckdb" placeholder:"NAME"`
	Spark         string `help:"Address of the Spark Thrift Server; default ${default}." default:"127.0.0.1:10000" placeholder:"HOST:PORT"`
	SparkAuth     string `help:"How the Thrift Server wants to be met: NOSASL, NONE, LDAP, CUSTOM or KERBEROS, as its hive.server2.authentication; default ${default}." default:"NOSASL" placeholder:"MODE"`
	SparkUser     string `help:"User for the Thrift Server." placeholder:"NAME"`
	SparkPassword string `help:"Password for it; better in OPENHOURS_SPARK_PASSWORD than here." placeholder:"TEXT"`
	SparkService  string `help:"With KERBEROS: the first part of the server's principal; default ${default}." default:"hive" placeholder:"NAME"`
	SparkHTTPPath string `name:"spark-http-path" help:"Path of a Thrift Server in HTTP mode, such as cliservice; without it binary mode." placeholder:"PATH"`
	SparkTLS      bool   `name:"spark-tls" help:"Encrypt the way to the Thrift Server."`
	SparkStaging  string `help:"Folder that this machine and every worker see under one path, or s3a://bucket/prefix, for what the models keep. Default: the folder for temporary files, where the Thrift Server is on this machine." placeholder:"DIR"`
}

// options are nil for DuckDB.
func (f modelFlags) options() (*analytics.SparkOptions, error) {
	if f.Engine != "spark" {
		return nil, nil
	}
	o := analytics.SparkOptions{Options: spark.Options{Address: f.Spark, Auth: f.SparkAuth, User: f.SparkUser,
		Password: f.SparkPassword, Service: f.SparkService, HTTPPath: f.SparkHTTPPath, TLS: f.SparkTLS}, Staging: f.SparkStaging}
	if o.Staging == "" && o.Loopback() {
		o.Staging = os.TempDir()
	}
	if o.Staging == "" {
		return nil, &exitError{exitUsage, "--spark-staging: give a folder that this machine and every worker see under one path, or one of an object store (s3a://bucket/prefix)"}
	}
	if analytics.Remote(o.Staging) {
		return &o, nil
	}
	var err error
	o.Staging, err = filepath.Abs(o.Staging)
	return &o, err
}

// parameterFlags are what a report depends on beside its inputs.
type parameterFlags struct {
	AsOf          string   `help:"The report's now, in any timestamp form; default: the latest accepted observation." placeholder:"TIME"`
	Interpolation string   `help:"Which observation governs the time between two: nearest, previous or next; default ${default}." default:"nearest" placeholder:"RULE"`
	Unobserved    string   `help:"Sessions without an observation: nearest (take the neighbours') or unknown; default ${default}." default:"nearest" placeholder:"RULE"`
	MaxGap        string   `help:"How far an observation reaches, such as 2h; beyond it the status is unknown." placeholder:"LENGTH"`
	FreshWithin   string   `help:"Time this close to an observation counts as covered; default ${default}." default:"60m" placeholder:"LENGTH"`
	JoinGap       string   `help:"Holes in the opening hours up to this length count as open; default ${default}." default:"60s" placeholder:"LENGTH"`
	CollectorGap  string   `help:"Silence of all stores that is worth saying; default ${default}." default:"2h" placeholder:"LENGTH"`
	Window        []string `help:"A window to measure, such as last_month=30d; repeatable, replaces last_hour, last_day and last_week." placeholder:"NAME=LENGTH"`
}

// storeFlag bounds a report to some stores.
type storeFlag struct {
	Store []string `help:"Only this store; repeatable (the variable holds one id)." placeholder:"ID" sep:"none"`
}

// parameters reads the flags, every fault at once.
func (f parameterFlags) parameters() (analytics.Parameters, error) {
	p := analytics.Parameters{AsOf: f.AsOf, Interpolation: f.Interpolation, Unobserved: f.Unobserved}
	var faults []error
	length := func(flag, text string) *analytics.Length {
		if text == "" {
			return nil
		}
		l, err := analytics.ParseLength(text)
		if err != nil {
			faults = append(faults, fmt.Errorf("--%s: %w", flag, err))
		}
		return &l
	}
	p.MaxGap = length("max-gap", f.MaxGap)
	p.FreshWithin = length("fresh-within", f.FreshWithin)
	p.JoinGap = length("join-gap", f.JoinGap)
	p.CollectorGap = length("collector-gap", f.CollectorGap)
	for _, text := range f.Window {
		w, err := analytics.ParseWindow(text)
		if err != nil {
			faults = append(faults, fmt.Errorf("--window: %w", err))
		}
		p.Windows = append(p.Windows, w)
	}
	if err := errors.Join(faults...); err != nil {
		return p, &exitError{exitUsage, err.Error()}
	}
	return p, nil
}

// withEngine runs do on an engine that may touch only the folders given, and removes what it spilled.
func withEngine(s *surroundings, f engineFlags, models modelFlags, data, reports string, do func(*analytics.Engine) error) (err error) {
	spill := spillFolder()
	defer func() { err = errors.Join(err, os.RemoveAll(spill)) }()
	var folders []string
	for _, folder := range []string{data, reports} {
		if folder == "" || analytics.Remote(folder) {
			continue
		}
		absolute, err := filepath.Abs(folder)
		if err != nil {
			return err
		}
		folders = append(folders, absolute)
	}
	options := analytics.Options{SQL: s.models, Threads: f.Threads, Memory: f.Memory, SpillDir: spill, Folders: folders}
	if data != "" {
		options.Files = analytics.LinkedFiles(s.ctx, data)
	}
	if options.Spark, err = models.options(); err != nil {
		return err
	}
	if options.Spark != nil && !analytics.Remote(options.Spark.Staging) {
		options.Folders = append(options.Folders, options.Spark.Staging)
	}
	if err := options.Validate(); err != nil {
		return &exitError{exitUsage, err.Error()}
	}
	engine, err := analytics.NewEngine(s.ctx, options)
	if err != nil {
		return err
	}
	// The engine is not closed: the process ends here, and gives memory back quicker than DuckDB does.
	return do(engine)
}

const spillPrefix = "openhours-spill-"

// spillFolder names a folder for what does not fit into memory, which DuckDB makes when it needs it.
// What processes left that were killed is removed.
func spillFolder() string {
	left, err := filepath.Glob(filepath.Join(os.TempDir(), spillPrefix+"*"))
	if err == nil {
		for _, folder := range left {
			pid, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(folder), spillPrefix))
			if err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
				_ = os.RemoveAll(folder) // if not now, then the next time
			}
		}
	}
	return filepath.Join(os.TempDir(), spillPrefix+strconv.Itoa(os.Getpid()))
}

type reportCommand struct {
	Data       string `help:"Folder of the input files; default ${default}." default:"data" placeholder:"DIR"`
	Reports    string `help:"Folder in which each report gets a folder of its own; default ${default}." default:"reports" placeholder:"DIR"`
	MaxRejects int64  `help:"Exit with code 3 when more rows than this were rejected; -1: never." default:"-1" placeholder:"N"`
	JSON       bool   `name:"json" help:"Print report.json alone."`
	parameterFlags
	storeFlag
	engineFlags
	modelFlags
}

// Help shows how the command is used.
func (*reportCommand) Help() string {
	return `Examples:

    openhours report --data data --reports reports
    openhours report --as-of '2024-10-14 22:00 UTC' --max-gap 2h
    openhours report --window last_month=30d --window last_day=24h --interpolation previous
    openhours report --json | jq .fleet
    openhours report --max-rejects 0 || echo "look at rejects.csv"

Lengths are written 90s, 45m, 1h30m or 7d. The report is a folder of its own with report.csv, report.parquet,
outages.parquet, rejects.csv and report.json.`
}

// Run makes the report.
func (c *reportCommand) Run(s *surroundings) error {
	p, err := c.parameters()
	if err != nil {
		return err
	}
	p.Stores = c.Store
	return withEngine(s, c.engineFlags, c.modelFlags, c.Data, c.Reports, func(e *analytics.Engine) error {
		progress, done := terminalProgress(s.stderr)
		m, err := e.Report(s.ctx, analytics.Request{Data: c.Data, Reports: c.Reports, Parameters: p,
			Version: version, Now: s.now(), Progress: progress})
		done()
		if err != nil {
			return err
		}
		if c.JSON {
			err = printJSON(s.stdout, m)
		} else {
			err = printReport(s.stdout, m, c.Reports)
		}
		if err != nil {
			return err
		}
		if c.MaxRejects >= 0 && m.Quality.RowsRejected > c.MaxRejects {
			return &exitError{exitRejects, fmt.Sprintf("%d rows were rejected, more than the %d of --max-rejects; the report is written",
				m.Quality.RowsRejected, c.MaxRejects)}
		}
		return nil
	})
}

func printJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// terminalProgress shows the step on a terminal and nothing in a pipe.
func terminalProgress(to *os.File) (analytics.Progress, func()) {
	if !term.IsTerminal(int(to.Fd())) {
		return nil, func() {}
	}
	return func(name string, n, total int) { fmt.Fprintf(to, "\r\033[K%d/%d %s", n, total, name) },
		func() { fmt.Fprint(to, "\r\033[K") }
}

type checkCommand struct {
	Data string `help:"Folder of the input files; default ${default}." default:"data" placeholder:"DIR"`
	AsOf string `help:"The now of the findings; default: the latest accepted observation." placeholder:"TIME"`
	JSON bool   `name:"json" help:"Print the result as JSON."`
	engineFlags
	modelFlags
}

// Help shows how the command is used.
func (*checkCommand) Help() string {
	return `Example:

    openhours check --data data && openhours report --data data`
}

// Run checks the data.
func (c *checkCommand) Run(s *surroundings) error {
	return withEngine(s, c.engineFlags, c.modelFlags, c.Data, "", func(e *analytics.Engine) error {
		progress, done := terminalProgress(s.stderr)
		found, err := e.Check(s.ctx, c.Data, analytics.Parameters{AsOf: c.AsOf}, s.now(), progress)
		done()
		if err != nil {
			return err
		}
		if c.JSON {
			err = printJSON(s.stdout, found)
		} else {
			err = printCheck(s.stdout, found)
		}
		if err == nil && found.Quality.RowsRejected > 0 {
			return &exitError{code: exitFailed}
		}
		return err
	})
}

type versionCommand struct{ engineFlags }

// Run prints the versions.
func (c *versionCommand) Run(s *surroundings) error {
	return withEngine(s, c.engineFlags, modelFlags{}, "", "", func(e *analytics.Engine) error {
		duckdb, zones := e.Versions()
		_, err := fmt.Fprintf(s.stdout, "openhours %s\nDuckDB %s\nzone data: %s\n", version, duckdb, zones)
		return err
	})
}
