package cli

import (
	"fmt"

	"openhours/analytics/pipeline"
)

type versionCommand struct{ engineFlags }

// Run prints the versions.
func (c *versionCommand) Run(s *environment) error {
	return withEngine(s, c.engineFlags, modelFlags{}, "", "", func(e pipeline.Engines) error {
		zones := e.DuckDB.Zones
		_, err := fmt.Fprintf(s.stdout, "openhours %s\nDuckDB %s\ntz database %s, %s\n", version, e.DuckDB.Version(), zones.Release, zones.Source)
		return err
	})
}
