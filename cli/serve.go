package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"openhours/analytics/explain"
	"openhours/analytics/ingest"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/queue"
	"openhours/analytics/report"
	"openhours/analytics/storage"
	"openhours/api"
	"os"
	"time"
)

type serveCommand struct {
	Data    string `help:"Folder of the input files; default ${default}." default:"data" placeholder:"DIR"`
	Reports string `help:"Folder in which each report gets a folder of its own; default ${default}." default:"reports" placeholder:"DIR"`
	Listen  string `help:"Address to listen on; default ${default}." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`

	Workers       int           `help:"Reports that run at once; default ${default}." default:"1" placeholder:"N"`
	Queue         int           `help:"Reports that may wait; more are answered with 503; default ${default}." default:"64" placeholder:"N"`
	ReportTimeout params.Length `help:"Time limit of one report; default ${default}." default:"30m" placeholder:"LENGTH"`
	Grace         params.Length `help:"Time that running reports get when the server stops; then they go back to the queue; default ${default}." default:"10s" placeholder:"LENGTH"`
	KeepFor       params.Length `help:"Remove final reports older than this, such as 90d; 0s: keep them." default:"0s" placeholder:"LENGTH"`
	KeepCount     int           `help:"Keep this many final reports, the newest; 0: all." default:"0" placeholder:"N"`
	KeepBytes     int64         `help:"Keep final reports of this many bytes together, the newest; 0: all." default:"0" placeholder:"N"`
	MaxUpload     int64         `help:"Largest file that may be uploaded, in bytes; default ${default}." default:"4294967296" placeholder:"N"`

	ReadToken      []string `help:"Bearer token that may read; repeatable." placeholder:"TOKEN"`
	WriteToken     []string `help:"Bearer token that may read and change; repeatable." placeholder:"TOKEN"`
	AllowAnonymous bool     `help:"Listen elsewhere than on loopback without tokens."`
	Rate           int      `help:"Requests a second from one address; 0: without limit; -1: without limit on loopback, else 100." default:"-1" placeholder:"N"`

	LogFormat string `help:"text or json." enum:"text,json" default:"text"`
	LogLevel  string `help:"debug, info, warn or error." enum:"debug,info,warn,error" default:"info"`
	engineFlags
	modelFlags
}

// validate reports every fault at once.
func (c *serveCommand) validate() (loopback bool, err error) {
	var faults []error
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		faults = append(faults, fmt.Errorf("--listen %q: write it like 127.0.0.1:8080", c.Listen))
	}
	ip := net.ParseIP(host)
	loopback = host == "localhost" || ip != nil && ip.IsLoopback()
	if !loopback && len(c.ReadToken)+len(c.WriteToken) == 0 && !c.AllowAnonymous {
		faults = append(faults, errors.New("--listen: everybody who reaches this address could change data; "+
			"give --write-token, which may also read, --read-token or both, or --allow-anonymous"))
	}
	atLeast := func(name string, n, least int64) {
		if n < least {
			faults = append(faults, fmt.Errorf("--%s %d: it is at least %d", name, n, least))
		}
	}
	atLeast("workers", int64(c.Workers), 1)
	atLeast("queue", int64(c.Queue), 1)
	atLeast("keep-count", int64(c.KeepCount), 0)
	atLeast("keep-bytes", c.KeepBytes, 0)
	atLeast("max-upload", c.MaxUpload, 1)
	atLeast("rate", int64(c.Rate), -1)
	if c.ReportTimeout == 0 {
		faults = append(faults, errors.New("--report-timeout 0s: a report needs some time"))
	}
	if err := errors.Join(faults...); err != nil {
		return false, &exitError{exitUsage, err.Error()}
	}
	return loopback, nil
}

// rate is the limit of requests a second from one address, 0: none.
func (c *serveCommand) rate(loopback bool) int {
	switch {
	case c.Rate >= 0:
		return c.Rate
	case loopback:
		return 0
	}
	return 100
}

func (c *serveCommand) logger(to *os.File) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // kong has seen that it is one of four
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

// Help shows how the command is used.
func (*serveCommand) Help() string {
	return `Examples:

    openhours serve --data data --reports reports
    openhours serve --listen 0.0.0.0:8080 --read-token "$READ" --write-token "$WRITE"

docs/api.md tells how to ask it for reports; /docs of the server lists every path.`
}

// Run serves until it is interrupted.
func (c *serveCommand) Run(s *environment) error {
	loopback, err := c.validate()
	if err != nil {
		return err
	}
	if err := c.makeFolders(); err != nil {
		return err
	}
	return withEngine(s, c.engineFlags, c.modelFlags, c.Data, c.Reports, func(e pipeline.Engines) error {
		return c.serve(s, e, loopback)
	})
}

// makeFolders makes the report folder, and that of the data where it is the default one: another that is
// not there is most likely misspelt.
func (c *serveCommand) makeFolders() error {
	folders := []string{c.Reports}
	if c.Data == "data" {
		folders = append(folders, c.Data)
	} else if !storage.Remote(c.Data) {
		if _, err := os.Stat(c.Data); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("data folder %s does not exist: make it first, or mend --data", c.Data)
		}
	}
	for _, folder := range folders {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return fmt.Errorf("make folder: %w", err)
		}
	}
	return nil
}

func (c *serveCommand) serve(s *environment, e pipeline.Engines, loopback bool) (err error) {
	log, metrics := c.logger(s.stderr), api.NewMetrics()
	unlock, err := queue.Lock(c.Reports)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	data := &ingest.Folder{Engines: e, Dir: c.Data, Now: s.now}
	rows := &explain.RowCache{Engine: e.DuckDB, Data: c.Data, Dir: c.Reports, Now: s.now}
	if err := errors.Join(data.CleanUp(), rows.CleanUp()); err != nil {
		return err
	}
	defer func() {
		if err := rows.Close(); err != nil {
			log.Warn("sorted rows", "error", err)
		}
	}()
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	runner, err := queue.New(queue.Options{Engines: e, Data: c.Data, Reports: c.Reports, Version: version,
		Log: log, Now: s.now, Workers: c.Workers, Queue: c.Queue, TimeLimit: c.ReportTimeout.Duration(),
		Retention: queue.Retention{Age: c.KeepFor.Duration(), Count: c.KeepCount, Bytes: c.KeepBytes}, Observe: metrics.Observer()})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	metrics.Watch(runner, e.DuckDB)
	server, err := api.New(api.Options{Engine: e, Queue: runner, Finished: runner, Results: report.Reader{Engine: e.DuckDB}, Data: data, Rows: rows, Reports: c.Reports, Version: version, Log: log,
		Now: s.now, Metrics: metrics, MaxUpload: c.MaxUpload, ReadTokens: c.ReadToken, WriteTokens: c.WriteToken,
		Rate: c.rate(loopback), Loopback: loopback})
	if err != nil {
		atOnce, cancel := context.WithCancel(s.ctx)
		cancel()
		runner.Stop(atOnce)
		return errors.Join(err, listener.Close())
	}
	log.Info("listening", "url", "http://"+listener.Addr().String(), "data", c.Data, "reports", c.Reports, "version", version)
	served := make(chan error, 1)
	go func() { served <- server.Listen(listener) }()
	faults := make(chan error, 1)
	go func() {
		if err := e.DuckDB.AwaitFault(s.ctx); err != nil {
			faults <- err
		}
	}()
	select {
	case err = <-served:
	case err = <-faults:
		// whoever starts this program again gives the reports that wait an engine that works
		log.Error("DuckDB has ended", "error", err)
	case <-s.ctx.Done():
		log.Info("stopping", "grace", c.Grace)
	}
	grace, cancel := context.WithTimeout(context.Background(), c.Grace.Duration())
	defer cancel()
	runner.Stop(grace)
	shutdown, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(shutdown); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		log.Warn("shutdown", "error", err)
	}
	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
