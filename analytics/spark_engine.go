package analytics

import (
	"context"
	"database/sql"
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
