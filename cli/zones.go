package cli

import (
	"fmt"
	"io"

	"openhours/analytics/storage"
	"openhours/analytics/zoneinfo"
)

type zonesCommand struct {
	Zoneinfo string `help:"Folder with the rules of the time zones, such as /usr/share/zoneinfo. Default: the newer of the built-in rules and the system's." placeholder:"DIR"`
	Write    string `help:"Write the offset periods of all zones from 1970 to 2100 as CSV, for the DuckDB CLI." placeholder:"FILE"`
}

// Help returns an example for the help text.
func (*zonesCommand) Help() string {
	return `Example:

    openhours zones --write .tools/zone_periods.csv && duckdb -init sql/init.sql`
}

// Run prints which rules reports follow, and writes them if asked to.
func (c *zonesCommand) Run(s *environment) error {
	d, err := zoneinfo.Open(c.Zoneinfo)
	if err != nil {
		return &exitError{exitUsage, err.Error()}
	}
	names, err := d.Names()
	if err != nil {
		return err
	}
	if err := printfSafely(s.stdout, "tz database %s, %s: %d zones\n", d.Release, d.Source, len(names)); err != nil || c.Write == "" {
		return err
	}
	if err := storage.ReplaceFile(c.Write, func(to io.Writer) error { return d.WritePeriods(to) }); err != nil {
		return fmt.Errorf("zones: %w", err)
	}
	return nil
}
