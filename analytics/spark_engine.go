package analytics

import (
	"context"
	"database/sql"
	"time"

	"openhours/analytics/spark/hive"
)

// SparkCluster is a cluster behind a Thrift Server. It runs the models of reports and checks.
type SparkCluster struct {
	options SparkOptions
	pings   *sql.DB // one session for the question whether the cluster answers
}

// NewSparkCluster checks the options; it does not connect yet.
func NewSparkCluster(o SparkOptions) (*SparkCluster, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	c := &SparkCluster{options: o, pings: sql.OpenDB(hive.NewConnector(o.Options, "openhours ping"))}
	c.pings.SetMaxOpenConns(1)
	return c, nil
}

// Name is that of the engine.
func (*SparkCluster) Name() string { return engineName }

// Close ends the session of pings.
func (c *SparkCluster) Close() error { return c.pings.Close() }

// pingTimeout is for a session to open on a busy cluster.
const pingTimeout = 15 * time.Second

// Ping reports whether the Thrift Server answers.
func (c *SparkCluster) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	return c.pings.PingContext(ctx)
}
