package api

import (
	"context"
	"io"

	"openhours/analytics/explain"
	"openhours/analytics/ingest"
	"openhours/analytics/params"
	"openhours/analytics/queue"
	"openhours/analytics/report"
)

// Engine is what the handlers need from whatever runs the models.
type Engine interface {
	Name() string     // duckdb or spark
	ZoneData() string // release of the tz database, such as 2026f
	Ping(ctx context.Context) error
	PingCluster(ctx context.Context) error // nil where there is no cluster
	// CheckInstant reports whether a string is a timestamp that the named parameter takes.
	CheckInstant(ctx context.Context, parameter, text string) error
}

// Queue accepts reports and knows how each stands.
type Queue interface {
	Submit(ctx context.Context, s queue.Submission) (status queue.Status, reused bool, err error)
	Find(id string) (queue.Status, error)
	Latest() (queue.Status, error) // of the report that stands for the fleet
	List(state queue.State, before string, limit int) ([]queue.Status, error)
	Label(id string, change queue.LabelChange) (queue.Status, error)
	Remove(ctx context.Context, id string) (cancelled bool, err error)
}

// Finished finds finished reports.
type Finished interface {
	Manifest(id string) (report.Manifest, error)
	Folder(id string) string
	Trend(id string, limit int) ([]queue.TrendPoint, error)
	Before(id string) (*report.Manifest, error)
}

// Results reads the rows of finished reports.
type Results interface {
	Stores(ctx context.Context, folder string, q report.StoreQuery) (report.StorePage, error)
	EachStore(ctx context.Context, folder string, q report.StoreQuery, take func(report.StoreRow) error) error
	Store(ctx context.Context, folder, store string) (report.StoreReport, error)
	StoreID(ctx context.Context, folder, store string) (string, error)
	AttributeValues(ctx context.Context, folder string, limit int) ([]report.AttributeValues, error)
	EachOutage(ctx context.Context, folder string, q report.OutageQuery, take func(report.OutageRow) error) error
	Zones(ctx context.Context, folder, window string) ([]report.ZoneWindow, error)
	Groups(ctx context.Context, folder string, q report.GroupQuery) (report.GroupPage, error)
	EachGroup(ctx context.Context, folder string, q report.GroupQuery, take func(report.GroupRow) error) error
	GroupDays(ctx context.Context, folder string, q report.GroupDayQuery) (report.GroupDayPage, error)
	EachGroupDay(ctx context.Context, folder string, q report.GroupDayQuery, take func(report.GroupDay) error) error
	EachChange(ctx context.Context, reports, a, b string, q report.DiffQuery, take func(report.ChangedRow) error) error
	Attention(ctx context.Context, folder string, q report.AttentionQuery) (report.Attention, error)
	DiffPage(ctx context.Context, reports, a, b string, q report.DiffQuery) (report.DiffPage, error)
}

// Folder is the folder of the input files.
type DataFolder interface {
	Check(ctx context.Context) (report.Check, error)
	Files(ctx context.Context) ([]ingest.DataFile, error)
	Put(ctx context.Context, set, name string, body io.Reader, mostRejects int64, dryRun bool) (ingest.Upload, error)
	Recognise(ctx context.Context, name string, body io.Reader) (ingest.Recognised, error)
	Delete(set, name string) error
	Deleted(ctx context.Context) ([]ingest.DataFile, error)
	Restore(set, name string) error
	Forget(ctx context.Context) error
	Sets() ([]ingest.SetInfo, error)
	Template(set string) (file string, text []byte, err error)
	Readable(ctx context.Context) error
}

// Explainer answers why a store has its numbers.
type Explainer interface {
	Explain(ctx context.Context, store string, p params.Parameters, page explain.Page) (explain.Explanation, error)
}
