package report

// StoreWindow is a row of report.parquet.
type StoreWindow struct {
	Window         string   `json:"time_window"`
	OpenSeconds    float64  `json:"open_seconds"`
	UptimeSeconds  float64  `json:"uptime_seconds"`
	DownSeconds    float64  `json:"downtime_seconds"`
	UnknownSeconds float64  `json:"unknown_seconds"`
	PlannedSeconds float64  `json:"planned_seconds"`
	MinSeconds     float64  `json:"uptime_min_seconds"`
	MaxSeconds     float64  `json:"uptime_max_seconds"`
	CoveredSeconds float64  `json:"covered_seconds"`
	UptimeRatio    *float64 `json:"uptime_ratio"`
	Observations   int64    `json:"observations"`
	Outages        int64    `json:"outages"`
	LongestSeconds float64  `json:"longest_outage_seconds"`
}

// Outage is a row of outages.parquet.
type Outage struct {
	StartedAt   string  `json:"started_at"`
	EndedAt     string  `json:"ended_at"`
	OpenSeconds float64 `json:"open_seconds"`
	Ongoing     bool    `json:"ongoing"`
}
