package analytics

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"openhours/analytics/spark"
)

// openPings keeps one session for the question whether the cluster answers.
func (o SparkOptions) openPings() *sql.DB {
	db := sql.OpenDB(spark.NewConnector(o.Options, "openhours ping"))
	db.SetMaxOpenConns(1)
	return db
}

// pingTimeout is for a session to open on a busy cluster.
const pingTimeout = 15 * time.Second

// PingCluster tells whether the cluster that runs the models answers; nil where DuckDB runs them.
func (e *Engine) PingCluster(ctx context.Context) error {
	if e.pings == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	return e.pings.PingContext(ctx)
}

// nearBytes is how much input DuckDB checks itself for a page that waits, whatever engine makes the
// reports: the answers are the same, and a cluster takes longer to begin.
const nearBytes = 4 << 30

// near is the engine for questions that should be answered at once.
func (e *Engine) near(inputBytes int64) *Engine {
	if e.spark == nil || inputBytes > nearBytes {
		return e
	}
	here := *e
	here.spark = nil
	return &here
}

const lostTries = 3

// retryLost runs something again after the cluster went away, a little later each time.
func (e *Engine) retryLost(ctx context.Context, run func() error) error {
	for try := 1; ; try++ {
		err := run()
		var away *spark.UnreachableError
		if try == lostTries || !errors.As(err, &away) || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(try) * 2 * time.Second):
		}
	}
}
