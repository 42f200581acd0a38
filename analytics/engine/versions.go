package engine

// Versions are those of everything that could change a number.
type Versions struct {
	Openhours string `json:"openhours"`
	Engine    string `json:"engine"` // the engine that ran the models: duckdb or spark
	DuckDB    string `json:"duckdb"`
	Spark     string `json:"spark,omitempty"`
	ZoneData  string `json:"zone_data"` // release of the tz database, such as 2026f
}
