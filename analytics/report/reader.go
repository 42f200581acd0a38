package report

import (
	"openhours/analytics/engine"
)

// Reader answers questions about finished reports from their Parquet files.
type Reader struct{ Engine *engine.Engine }
