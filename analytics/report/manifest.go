package report

import (
	"time"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/load"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
)

// Manifest is report.json: what a finished report is made of. writeFiles writes it last, so a
// folder that has one is whole.
type Manifest struct {
	ReportID   string               `json:"report_id"`
	State      string               `json:"state"`
	CreatedAt  time.Time            `json:"created_at"`
	AsOf       string               `json:"as_of"`
	AsOfGiven  bool                 `json:"as_of_given"`
	Parameters params.Parameters    `json:"parameters"`
	Inputs     []input.LoadedFile   `json:"inputs"`
	History    *load.HistorySummary `json:"history,omitempty"` // of a folder that was compacted
	Quality    Quality              `json:"quality"`
	Stores     int64                `json:"stores"`
	Fleet      []FleetWindow        `json:"fleet"`
	Worst      []StoreSummary       `json:"worst_stores"`
	WeekHours  []WeekHour           `json:"week_hours"` // 168, from Monday 00:00 on
	Days       []FleetDay           `json:"days"`
	Attributes []pipeline.Attribute `json:"attributes,omitempty"`
	Targets    []TargetWindow       `json:"targets,omitempty"` // of the windows with targets
	Gaps       []CollectorGap       `json:"collector_gaps"`    // in order; absent in reports of earlier releases
	Versions   engine.Versions      `json:"versions"`
	Steps      []engine.Step        `json:"steps"`
	Outputs    []OutputFile         `json:"outputs"`
}

// Quality is what the reading and the findings say of the data.
type Quality struct {
	RowsRead     int64              `json:"rows_read"` // accepted and rejected ones
	RowsRejected int64              `json:"rows_rejected"`
	Rejects      []load.RejectCount `json:"rejects"`
	Findings     []pipeline.Finding `json:"findings"`
}

// FleetWindow sums the measures of all stores in one window. Times are in seconds.
type FleetWindow struct {
	Window           string   `json:"time_window"`
	Stores           int64    `json:"stores"`
	StoresOpen       int64    `json:"stores_open"`    // with open time in the window
	StoresUnknown    int64    `json:"stores_unknown"` // open, and nothing known
	OpenSeconds      float64  `json:"open_seconds"`
	UptimeSeconds    float64  `json:"uptime_seconds"`
	DowntimeSeconds  float64  `json:"downtime_seconds"`
	UnknownSeconds   float64  `json:"unknown_seconds"`
	PlannedSeconds   float64  `json:"planned_seconds"`
	UptimeMinSeconds float64  `json:"uptime_min_seconds"`
	UptimeMaxSeconds float64  `json:"uptime_max_seconds"`
	CoveredSeconds   float64  `json:"covered_seconds"`
	UptimeRatio      *float64 `json:"uptime_ratio"`
	UptimeRatioMin   *float64 `json:"uptime_ratio_min"`
	UptimeRatioMax   *float64 `json:"uptime_ratio_max"`
	Coverage         *float64 `json:"coverage"`
	Outages          int64    `json:"outages"`
}

// StoreSummary is one store in the longest window.
type StoreSummary struct {
	StoreID         string   `json:"store_id"`
	Name            string   `json:"name,omitempty"`
	Timezone        string   `json:"timezone"`
	Window          string   `json:"time_window"`
	OpenSeconds     float64  `json:"open_seconds"`
	DowntimeSeconds float64  `json:"downtime_seconds"`
	UptimeRatio     *float64 `json:"uptime_ratio"`
	Outages         int64    `json:"outages"`
	LongestSeconds  float64  `json:"longest_outage_seconds"`
}

// WeekHour is one weekday and hour of the stores' own clocks, in the last 7 days of the span.
// Times are those of all stores together, in seconds.
type WeekHour struct {
	Weekday        int64   `json:"weekday"` // 0 = Monday
	Hour           int64   `json:"hour"`
	OpenSeconds    float64 `json:"open_seconds"`
	DownSeconds    float64 `json:"downtime_seconds"`
	UnknownSeconds float64 `json:"unknown_seconds"`
}

// FleetDay sums the measures of all stores over one date of their own clocks, as far as it lies in their spans.
// Times are in seconds.
type FleetDay struct {
	Date             string   `json:"date"`
	OpenSeconds      float64  `json:"open_seconds"`
	UptimeSeconds    float64  `json:"uptime_seconds"`
	DowntimeSeconds  float64  `json:"downtime_seconds"`
	UnknownSeconds   float64  `json:"unknown_seconds"`
	PlannedSeconds   float64  `json:"planned_seconds"`
	UptimeMinSeconds float64  `json:"uptime_min_seconds"`
	UptimeMaxSeconds float64  `json:"uptime_max_seconds"`
	CoveredSeconds   float64  `json:"covered_seconds"`
	UptimeRatio      *float64 `json:"uptime_ratio"`
	UptimeRatioMin   *float64 `json:"uptime_ratio_min"`
	UptimeRatioMax   *float64 `json:"uptime_ratio_max"`
	Coverage         *float64 `json:"coverage"`
}

// CollectorGap is a stretch longer than collector_gap in which no store was observed.
type CollectorGap struct {
	StartsAt string `json:"starts_at"` // the observation before it
	EndsAt   string `json:"ends_at"`   // the observation after it, or as_of
}

// OutputFile is one file of the report folder.
type OutputFile struct {
	File   string `json:"file"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}
