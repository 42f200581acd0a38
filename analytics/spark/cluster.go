// Package spark runs the models of a pipeline on a Spark cluster through its Thrift Server. DuckDB handles
// the zones, files that need the exact reader, and the files of the report.
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
	pings   *sql.DB // one session, for pings only
}

// NewCluster validates the options; it does not connect yet.
func NewCluster(o Options) (*Cluster, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	c := &Cluster{options: o, pings: sql.OpenDB(hive.NewConnector(o.Options, "openhours ping"))}
	c.pings.SetMaxOpenConns(1)
	return c, nil
}

// Name returns the name of the engine.
func (*Cluster) Name() string { return EngineName }

// Close closes the session for pings.
func (c *Cluster) Close() error { return c.pings.Close() }

// pingTimeout allows for opening a session on a busy cluster.
const pingTimeout = 15 * time.Second

// Ping returns an error if the Thrift Server does not answer.
func (c *Cluster) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	return c.pings.PingContext(ctx)
}
