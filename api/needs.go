package api

import (
	"context"
	"io"

	"openhours/analytics"
)

// Engine is what the handlers need from whatever runs the models.
type Engine interface {
	Name() string // duckdb or spark
	Ping(ctx context.Context) error
	PingCluster(ctx context.Context) error // nil where there is no cluster
	// CheckInstant reports whether a string is a timestamp that the named parameter takes.
	CheckInstant(ctx context.Context, parameter, text string) error
}

// Queue accepts reports and knows how each stands.
type Queue interface {
	Submit(ctx context.Context, s analytics.Submission) (status analytics.ReportStatus, reused bool, err error)
	Find(id string) (analytics.ReportStatus, error)
	List(state analytics.State, before string, limit int) ([]analytics.ReportStatus, error)
	Remove(ctx context.Context, id string) (cancelled bool, err error)
}

// Finished finds finished reports.
type Finished interface {
	Manifest(id string) (analytics.Manifest, error)
	Folder(id string) string
	Trend(id string, limit int) ([]analytics.TrendPoint, error)
}

// Results reads the rows of finished reports.
type Results interface {
	Stores(ctx context.Context, folder string, q analytics.StoreQuery) (analytics.StorePage, error)
	EachStore(ctx context.Context, folder string, q analytics.StoreQuery, take func(analytics.StoreRow) error) error
	Store(ctx context.Context, folder, store string) (analytics.StoreReport, error)
	Zones(ctx context.Context, folder, window string) ([]analytics.ZoneWindow, error)
	DiffPage(ctx context.Context, reports, a, b string, q analytics.DiffQuery) (analytics.DiffPage, error)
}

// DataFolder is the folder of the input files.
type DataFolder interface {
	Check(ctx context.Context) (analytics.Check, error)
	Files(ctx context.Context) ([]analytics.DataFile, error)
	Put(ctx context.Context, set, name string, body io.Reader, mostRejects int64, dryRun bool) (analytics.Upload, error)
	Delete(set, name string) error
	Readable(ctx context.Context) error
}

// Explainer answers why a store has its numbers.
type Explainer interface {
	Explain(ctx context.Context, store string, p analytics.Parameters) (analytics.Explanation, error)
}
