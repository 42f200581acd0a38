package analytics

// Reader answers questions about finished reports from their Parquet files.
type Reader struct{ Engine *Engine }
