package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"openhours/analytics/explain"
	"openhours/analytics/ingest"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/queue"
	"openhours/analytics/report"
	"openhours/analytics/storage"
	"openhours/api"
)

type serveCommand struct {
	Data    string `help:"Data folder; default ${default}." default:"data" placeholder:"DIR"`
	Reports string `help:"Reports folder; each report is a subfolder; default ${default}." default:"reports" placeholder:"DIR"`
	Listen  string `help:"Address to listen on; default ${default}." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`

	Workers       int           `help:"Number of reports to run at once; default ${default}." default:"1" placeholder:"N"`
	Queue         int           `help:"Number of reports that may wait; the server answers 503 beyond it; default ${default}." default:"64" placeholder:"N"`
	ReportTimeout params.Length `help:"Time limit of one report; default ${default}." default:"30m" placeholder:"LENGTH"`
	Grace         params.Length `help:"Time that running reports have to finish when the server stops, before they return to the queue; default ${default}." default:"10s" placeholder:"LENGTH"`
	KeepFor       params.Length `help:"Remove final reports (complete, failed or cancelled) that ended this long before the last one, such as 90d; 0s: keep all." default:"0s" placeholder:"LENGTH"`
	KeepCount     int           `help:"Keep only the newest N final reports; 0: keep all." default:"0" placeholder:"N"`
	KeepBytes     int64         `help:"Keep only the newest final reports that fit in N bytes; 0: keep all." default:"0" placeholder:"N"`
	MaxUpload     int64         `help:"Size limit of an uploaded file, in bytes; default ${default}." default:"4294967296" placeholder:"N"`

	ReadToken      []string `help:"Bearer token with read access, of at least 16 characters; repeatable." sep:"none" placeholder:"TOKEN"`
	WriteToken     []string `help:"Bearer token with read and write access, of at least 16 characters; repeatable." sep:"none" placeholder:"TOKEN"`
	ReadTokenFile  string   `help:"File with tokens for read access, one per line." placeholder:"FILE"`
	WriteTokenFile string   `help:"File with tokens for read and write access, one per line." placeholder:"FILE"`
	AllowAnonymous bool     `help:"Allow --listen on a non-loopback address without tokens."`
	AllowedHost    []string `help:"Host name that requests may ask for, such as that of a proxy in front; repeatable. Default: localhost on loopback, otherwise any." sep:"none" placeholder:"NAME"`
	TrustedProxy   []string `help:"Address or network (CIDR) of a proxy whose X-Forwarded headers count; repeatable. Default: none." sep:"none" placeholder:"ADDRESS"`
	Rate           int      `help:"Requests per second allowed from one address; 0: no limit; -1: no limit on loopback, otherwise 100." default:"-1" placeholder:"N"`

	Connections           int `help:"Connections open at once; further ones are answered 503. At most half of the limit on open files; default ${default}." default:"1024" placeholder:"N"`
	ConnectionsPerAddress int `help:"Connections open at once from one address that is no --trusted-proxy; 0: no limit; -1: no limit on loopback, otherwise 128." default:"-1" placeholder:"N"`

	LogFormat string `help:"Log format: text or json; default ${default}." enum:"text,json" default:"text"`
	LogLevel  string `help:"Log level: debug, info, warn or error; default ${default}." enum:"debug,info,warn,error" default:"info"`
	engineFlags
	modelFlags
}

// validate reports all errors at once.
func (c *serveCommand) validate() (loopback bool, err error) {
	var faults []error
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		faults = append(faults, fmt.Errorf("--listen %q: want HOST:PORT, such as 127.0.0.1:8080", c.Listen))
	}
	ip := net.ParseIP(host)
	loopback = host == "localhost" || ip != nil && ip.IsLoopback()
	faults = append(faults, c.readTokens()...)
	for _, proxy := range c.TrustedProxy {
		if _, _, err := net.ParseCIDR(proxy); err != nil && net.ParseIP(proxy) == nil {
			faults = append(faults, fmt.Errorf("--trusted-proxy %q: want an address or a network, such as 10.0.0.7 or 10.0.0.0/8", proxy))
		}
	}
	if !loopback && len(c.ReadToken)+len(c.WriteToken) == 0 && !c.AllowAnonymous {
		faults = append(faults, errors.New("--listen: anyone who can reach this address could change data; "+
			"set --write-token (which can also read), --read-token or both, or pass --allow-anonymous"))
	}
	atLeast := func(name string, n, least int64) {
		if n < least {
			faults = append(faults, fmt.Errorf("--%s %d: must be at least %d", name, n, least))
		}
	}
	atLeast("workers", int64(c.Workers), 1)
	atLeast("queue", int64(c.Queue), 1)
	atLeast("keep-count", int64(c.KeepCount), 0)
	atLeast("keep-bytes", c.KeepBytes, 0)
	atLeast("max-upload", c.MaxUpload, 1)
	atLeast("rate", int64(c.Rate), -1)
	atLeast("connections", int64(c.Connections), 1)
	atLeast("connections-per-address", int64(c.ConnectionsPerAddress), -1)
	if c.ReportTimeout == 0 {
		faults = append(faults, errors.New("--report-timeout 0s: must be greater than zero"))
	}
	if err := errors.Join(faults...); err != nil {
		return false, &exitError{exitUsage, err.Error()}
	}
	return loopback, nil
}

const leastTokenLength = 16

// readTokens adds the tokens of the files and returns what is wrong with any.
func (c *serveCommand) readTokens() (faults []error) {
	for _, kind := range []struct {
		flag, variable, file string
		tokens               *[]string
	}{
		{"--read-token", "OPENHOURS_READ_TOKEN", c.ReadTokenFile, &c.ReadToken},
		{"--write-token", "OPENHOURS_WRITE_TOKEN", c.WriteTokenFile, &c.WriteToken},
	} {
		if value, set := os.LookupEnv(kind.variable); set && value == "" {
			faults = append(faults, fmt.Errorf("%s is empty: unset it, or give it a token", kind.variable))
		}
		if kind.file != "" {
			text, err := os.ReadFile(kind.file)
			before := len(*kind.tokens)
			for line := range strings.Lines(string(text)) {
				if token := strings.TrimSpace(line); token != "" {
					*kind.tokens = append(*kind.tokens, token)
				}
			}
			if err == nil && len(*kind.tokens) == before {
				err = errors.New("there is no token in it: write one per line")
			}
			if err != nil {
				faults = append(faults, fmt.Errorf("%s-file %s: %w", kind.flag, kind.file, err))
			}
		}
		for _, token := range *kind.tokens {
			if len(token) < leastTokenLength {
				faults = append(faults, fmt.Errorf("%s: a token has %d characters: want at least %d, such as `openssl rand -hex 24` prints",
					kind.flag, len(token), leastTokenLength))
			}
		}
	}
	return faults
}

// perAddress returns a limit for one address; 0: none. Without a setting there is none on loopback.
func perAddress(setting int, loopback bool, otherwise int) int {
	switch {
	case setting >= 0:
		return setting
	case loopback:
		return 0
	}
	return otherwise
}

func (c *serveCommand) logger(to *os.File) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // kong has validated it
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(jsonLines{to}, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

// Help returns examples for the help text.
func (*serveCommand) Help() string {
	return `Examples:

    openhours serve --data data --reports reports
    openhours serve --listen 0.0.0.0:8080 --read-token "$READ" --write-token "$WRITE"

docs/api.md describes the API; /docs on the server lists every path.`
}

// Run serves until interrupted.
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

// makeFolders creates the reports folder, and the data folder if it is the default one. Any other data
// folder that does not exist is probably misspelt.
func (c *serveCommand) makeFolders() error {
	folders := []string{c.Reports}
	if c.Data == "data" {
		folders = append(folders, c.Data)
	} else if !storage.IsRemote(c.Data) {
		if _, err := os.Stat(c.Data); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("data folder %s does not exist: create it first, or correct --data", c.Data)
		}
	}
	for _, folder := range folders {
		if err := storage.MakeFolder(folder); err != nil {
			return fmt.Errorf("create folder: %w", err)
		}
	}
	return nil
}

func (c *serveCommand) serve(s *environment, e pipeline.Engines, loopback bool) (err error) {
	log, metrics := c.logger(s.stderr), api.NewMetrics()
	lock, err := queue.Lock(c.Reports)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	if e.Trials, err = trials(c.engineFlags); err != nil {
		return err
	}
	data := &ingest.Folder{Engines: e, Dir: c.Data, Now: s.now}
	rows := &explain.RowCache{Engine: e.DuckDB, Trials: e.Trials, Data: c.Data, Dir: c.Reports, Now: s.now}
	if err := rows.CleanUp(); err != nil {
		return err
	}
	if err := data.CleanUp(s.ctx); err != nil {
		log.Warn("what an earlier process left in the data folder stays there: reports are right all the same", "error", err)
	}
	defer func() {
		if err := rows.Close(); err != nil {
			log.Warn("closing the row cache", "error", err)
		}
	}()
	listener, err := net.Listen("tcp", c.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use, perhaps by another openhours serve: stop that, or give another address with --listen", c.Listen)
	}
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	runner, err := queue.New(queue.Options{Engines: e, Data: c.Data, Reports: c.Reports, Lock: lock, Version: version,
		Log: log, Now: s.now, Workers: c.Workers, Queue: c.Queue, TimeLimit: c.ReportTimeout.Duration(),
		Retention: queue.Retention{Age: c.KeepFor.Duration(), Count: c.KeepCount, Bytes: c.KeepBytes}, Observe: metrics.Observer()})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	metrics.Watch(runner, e.DuckDB)
	server, err := api.New(api.Options{Engine: e, Queue: runner, Finished: runner, Results: report.Reader{Engine: e.DuckDB}, Data: data, Rows: rows, Reports: c.Reports, Version: version, Log: log,
		Now: s.now, Metrics: metrics, MaxUpload: c.MaxUpload, ReadTokens: c.ReadToken, WriteTokens: c.WriteToken,
		Limits: api.Limits{Connections: c.Connections, PerAddress: perAddress(c.ConnectionsPerAddress, loopback, 128)},
		Rate:   perAddress(c.Rate, loopback, 100), Loopback: loopback, AllowedHosts: c.AllowedHost, TrustedProxies: c.TrustedProxy, Private: privatePaths(c.Data, c.Reports)})
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
		// only a new process gets a working DuckDB; it will find the waiting reports in the queue
		log.Error("fatal DuckDB error, exiting", "error", err)
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

// privatePaths are the absolute paths of folders, also where they are links, and of the temporary folder; the
// longest first, because one may lie in another.
func privatePaths(folders ...string) (paths []string) {
	for _, folder := range append(folders, os.TempDir()) {
		if storage.IsRemote(folder) {
			continue
		}
		absolute, err := filepath.Abs(folder)
		if err != nil {
			continue
		}
		paths = append(paths, absolute)
		if real, err := filepath.EvalSymlinks(absolute); err == nil && real != absolute {
			paths = append(paths, real)
		}
	}
	slices.SortFunc(paths, func(a, b string) int { return len(b) - len(a) })
	return slices.DeleteFunc(paths, func(path string) bool { return path == "/" })
}
