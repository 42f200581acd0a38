package cli

import (
	"fmt"

	"openhours/analytics/pipeline"
)

type versionCommand struct{ engineFlags }

// Run prints the versions.
func (c *versionCommand) Run(s *environment) error {
	return withEngine(s, c.engineFlags, modelFlags{}, "", "", func(e pipeline.Engines) error {
		duckdb, zones := e.DuckDB.Versions()
		_, err := fmt.Fprintf(s.stdout, "openhours %s\nDuckDB %s\nzone data: %s\n", version, duckdb, zones)
		return err
	})
}
