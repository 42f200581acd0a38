package cli

import (
	"fmt"
	"openhours/analytics/ingest"
	"openhours/analytics/pipeline"
)

type compactCommand struct {
	Data   string `help:"Folder of the input files; default ${default}." default:"data" placeholder:"DIR"`
	Before string `help:"Only files whose every observation lies before this time, such as 2024-10-14T00:00:00Z." placeholder:"TIME"`
	JSON   bool   `name:"json" help:"Print the result as JSON."`
	engineFlags
}

// Help shows how the command is used.
func (*compactCommand) Help() string {
	return `Rows of store_status* files go into status/day=…/, sorted; the files themselves go to archive/ once what
was written has been read back and compared. Reports say the same before, meanwhile and after. A compact that
was killed is taken up by the next one. Rows that come later belong into new files.

Examples:

    openhours compact --data data
    openhours compact --before 2024-10-14T00:00:00Z     # leave files with newer observations alone`
}

// Run compacts the status files.
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
		p.line("%s moved to the archive: an earlier compact had come no farther", file)
	}
	if len(r.Files) > 0 {
		p.line("%d rows of %d files (%d bytes) are now in %d days (%d bytes); %d rejected rows are kept for rejects.csv",
			r.Rows-r.Rejected, len(r.Files), r.Bytes, r.Days, r.DayBytes, r.Rejected)
		rows := [][]string{{"file", "rows", "rejected", "now in"}}
		for _, f := range r.Files {
			rows = append(rows, []string{f.File, fmt.Sprint(f.Rows), fmt.Sprint(f.Rejected), f.Archive})
		}
		p.table(rows)
	} else {
		p.line("Nothing to compact.")
	}
	for _, f := range r.Left {
		p.line("%s stays as it is: %s", f.File, f.Reason)
	}
}
