package cli

import (
	"errors"
	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/pipeline"
	"openhours/analytics/spark"
	"openhours/analytics/spark/hive"
	"openhours/analytics/storage"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
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
		return nil, &exitError{exitUsage, "--spark-staging: give a folder that this machine and every worker see under one path, or one of an object store (s3a://bucket/prefix)"}
	}
	if storage.Remote(o.Staging) {
		return &o, nil
	}
	var err error
	o.Staging, err = filepath.Abs(o.Staging)
	return &o, err
}

// withEngine runs do on an engine that may touch only the folders given, and removes what it spilled.
func withEngine(s *environment, f engineFlags, models modelFlags, data, reports string, do func(pipeline.Engines) error) (err error) {
	spill := spillFolder()
	defer func() { err = errors.Join(err, os.RemoveAll(spill)) }()
	var folders []string
	for _, folder := range []string{data, reports} {
		if folder == "" || storage.Remote(folder) {
			continue
		}
		absolute, err := filepath.Abs(folder)
		if err != nil {
			return err
		}
		folders = append(folders, absolute)
	}
	options := engine.Options{SQL: s.models, Threads: f.Threads, Memory: f.Memory, SpillDir: spill, Folders: folders}
	if data != "" {
		options.Files = input.LinkedFiles(s.ctx, data)
	}
	cluster, err := models.options()
	if err != nil {
		return err
	}
	if cluster != nil && !storage.Remote(cluster.Staging) {
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
	// Neither is closed: the process ends here, and gives memory back quicker than DuckDB does.
	if engines.DuckDB, err = engine.New(s.ctx, options); err != nil {
		return err
	}
	return do(engines)
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
