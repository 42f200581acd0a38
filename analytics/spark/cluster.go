// Package spark runs the models of a pipeline on a Spark cluster, through its Thrift Server. DuckDB stays
// at its side for zones, files that need the exact reader, and the files of the report.
package spark

import (
	"context"
	"database/sql"
	"time"

	"openhours/analytics/spark/hive"
)

// Cluster is a cluster behind a Thrift Server. It runs the models of reports and checks.
type Cluster struct {
	options Options
	pings   *sql.DB // one session for the question whether the cluster answers
}

// NewCluster checks the options; it does not connect yet.
func NewCluster(o Options) (*Cluster, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	c := &Cluster{options: o, pings: sql.OpenDB(hive.NewConnector(o.Options, "openhours ping"))}
	c.pings.SetMaxOpenConns(1)
	return c, nil
}

// Name is that of the engine.
func (*Cluster) Name() string { return EngineName }

// Close ends the session of pings.
func (c *Cluster) Close() error { return c.pings.Close() }

// pingTimeout is for a session to open on a busy cluster.
const pingTimeout = 15 * time.Second

// Ping reports whether the Thrift Server answers.
func (c *Cluster) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	return c.pings.PingContext(ctx)
}
