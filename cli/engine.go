package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/pipeline"
	"openhours/analytics/spark"
	"openhours/analytics/spark/hive"
	"openhours/analytics/storage"
)

// engineFlags are shared by the commands that start DuckDB.
type engineFlags struct {
	Threads  int    `help:"DuckDB threads; 0: one per processor." default:"0" placeholder:"N"`
	Memory   string `help:"Memory limit of the process, such as 600MB; DuckDB spills to disk beyond it. Default: 80 % of the machine's memory." placeholder:"SIZE"`
	Zoneinfo string `help:"Folder with the rules of the time zones, such as /usr/share/zoneinfo. Default: the newer of the built-in rules and the system's." placeholder:"DIR"`
}

// modelFlags select the engine that runs the models.
type modelFlags struct {
	Engine        string `help:"Engine that runs the models: duckdb (in this process) or spark (a cluster); default ${default}." enum:"duckdb,spark" default:"duckdb" placeholder:"NAME"`
	Spark         string `help:"Address of the Spark Thrift Server; default ${default}." default:"127.0.0.1:10000" placeholder:"HOST:PORT"`
	SparkAuth     string `help:"Authentication mode of the Thrift Server (its hive.server2.authentication): NOSASL, NONE, LDAP, CUSTOM or KERBEROS; default ${default}." default:"NOSASL" placeholder:"MODE"`
	SparkUser     string `help:"User name for the Thrift Server." placeholder:"NAME"`
	SparkPassword string `help:"Password for the Thrift Server; prefer OPENHOURS_SPARK_PASSWORD, since other users can see the flag in the process list." placeholder:"TEXT"`
	SparkService  string `help:"Service name, the first part of the server's Kerberos principal; default ${default}." default:"hive" placeholder:"NAME"`
	SparkHTTPPath string `name:"spark-http-path" help:"HTTP path of the Thrift Server, such as cliservice; selects HTTP mode. Default: binary mode." placeholder:"PATH"`
	SparkTLS      bool   `name:"spark-tls" help:"Connect to the Thrift Server over TLS."`
	SparkStaging  string `help:"Folder for intermediate tables: a path that is the same on this machine and on every worker, or s3a://bucket/prefix. Default: the temporary folder if the Thrift Server is on this machine; otherwise required." placeholder:"DIR"`
}

// options returns nil when DuckDB runs the models.
func (f modelFlags) options() (*spark.Options, error) {
	if f.Engine != "spark" {
		return nil, nil
	}
	o := spark.Options{Options: hive.Options{Address: f.Spark, Auth: f.SparkAuth, User: f.SparkUser,
		Password: f.SparkPassword, Service: f.SparkService, HTTPPath: f.SparkHTTPPath, TLS: f.SparkTLS}, Staging: f.SparkStaging}
	if o.Staging == "" && o.Loopback() {
		o.Staging = os.TempDir()
	}
	if o.Staging == "" {
		return nil, &exitError{exitUsage, "--spark-staging is required unless the Thrift Server is on this machine: a folder whose path is the same here and on every worker, or an object store (s3a://bucket/prefix)"}
	}
	if storage.IsRemote(o.Staging) {
		return &o, nil
	}
	var err error
	o.Staging, err = filepath.Abs(o.Staging)
	return &o, err
}

// withEngine calls do with an engine that can access only the given folders, and removes its spill folder
// afterwards.
func withEngine(s *environment, f engineFlags, models modelFlags, data, reports string, do func(pipeline.Engines) error) (err error) {
	spill, discard, err := storage.TempFolder(spillPrefix)
	if err != nil {
		return fmt.Errorf("make a folder for what spills: %w", err)
	}
	defer func() { err = errors.Join(err, discard()) }()
	var folders []string
	for _, folder := range []string{data, reports} {
		if folder == "" || storage.IsRemote(folder) {
			continue
		}
		absolute, err := filepath.Abs(folder)
		if err != nil {
			return err
		}
		folders = append(folders, absolute)
	}
	options := engine.Options{SQL: s.models, Threads: f.Threads, Memory: f.Memory, SpillDir: spill, Folders: folders, Zoneinfo: f.Zoneinfo}
	if data != "" {
		options.Files = input.LinkedFiles(s.ctx, data)
	}
	cluster, err := models.options()
	if err != nil {
		return err
	}
	if cluster != nil && !storage.IsRemote(cluster.Staging) {
		options.Folders = append(options.Folders, cluster.Staging)
	}
	var engines pipeline.Engines
	faults := options.Validate()
	if cluster != nil {
		spark, err := spark.NewCluster(*cluster)
		engines.Cluster, faults = spark, errors.Join(faults, err)
	}
	if faults != nil {
		return &exitError{exitUsage, faults.Error()}
	}
	// Neither engine is closed: the process is about to exit, which frees memory faster than DuckDB does.
	if engines.DuckDB, err = engine.New(s.ctx, options); err != nil {
		return err
	}
	return do(engines)
}

// spillPrefix differs from that of earlier releases, whose folders had no lock.
const spillPrefix = "openhours-spill."
