package cli

import (
	"fmt"

	"openhours/analytics/ingest"
	"openhours/analytics/pipeline"
)

type compactCommand struct {
	Data   string `help:"Data folder; default ${default}." default:"data" placeholder:"DIR"`
	Before string `help:"Compact only files whose observations all lie before this time, such as 2024-10-14T00:00:00Z." placeholder:"TIME"`
	JSON   bool   `name:"json" help:"Print the result as JSON."`
	engineFlags
}

// Help returns the details and examples for the help text.
func (*compactCommand) Help() string {
	return `Writes the rows of the store_status* files to status/day=…/, sorted by store and time, reads them back to
verify them, and then moves the original files to archive/. Reports are identical before, during and after.
If compact is killed, the next run recovers. Put rows that arrive later into new files.

Examples:

    openhours compact --data data
    openhours compact --before 2024-10-14T00:00:00Z     # skip files with newer observations`
}

// Run compacts the status files of the data folder.
func (c *compactCommand) Run(s *environment) error {
	return withEngine(s, c.engineFlags, modelFlags{}, c.Data, "", func(e pipeline.Engines) error {
		progress, done := terminalProgress(s.stderr)
		result, err := ingest.Compact(s.ctx, e.DuckDB, ingest.CompactRequest{Data: c.Data, Before: c.Before, Now: s.now(), Progress: progress})
		done()
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(s.stdout, result)
		}
		p := &page{w: s.stdout}
		p.compacted(result)
		return p.err
	})
}

func (p *page) compacted(r ingest.Compacted) {
	for _, file := range r.Recovered {
		p.line("%s moved to the archive; an earlier compact was interrupted before it could", file)
	}
	if len(r.Files) > 0 {
		p.line("Compacted %d rows from %d files (%d bytes) into %d days (%d bytes); kept %d rejected rows for rejects.csv",
			r.Rows-r.Rejected, len(r.Files), r.Bytes, r.Days, r.DayBytes, r.Rejected)
		rows := [][]string{{"file", "rows", "rejected", "moved to"}}
		for _, f := range r.Files {
			rows = append(rows, []string{f.File, fmt.Sprint(f.Rows), fmt.Sprint(f.Rejected), f.Archive})
		}
		p.table(rows)
	} else {
		p.line("Nothing to compact.")
	}
	for _, f := range r.Left {
		p.line("%s not compacted: %s", f.File, f.Reason)
	}
}
