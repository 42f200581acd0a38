package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"openhours/analytics/ingest"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

type reportCommand struct {
	Data       string `help:"Data folder; default ${default}." default:"data" placeholder:"DIR"`
	Reports    string `help:"Reports folder; each report is a subfolder; default ${default}." default:"reports" placeholder:"DIR"`
	MaxRejects *int64 `help:"Exit with code 3 if more rows than this are rejected; -1: never. Default: if no row of a file is accepted." placeholder:"N"`
	By         string `help:"Sum every store by its local dates (date) into days.parquet, or also by its local dates and hours (hour) into hours.parquet." placeholder:"date|hour"`
	FailMissed bool   `help:"Exit with code 5 if a store missed its target, whatever happened between observations."`
	JSON       bool   `name:"json" xor:"print" help:"Print report.json instead of the summary."`
	Group      string `xor:"print" help:"Also print the groups of an attribute, such as brand, which is a column of the stores file." placeholder:"ATTRIBUTE"`
	parameterFlags
	storeFlag
	engineFlags
	modelFlags
}

// Help returns examples for the help text.
func (*reportCommand) Help() string {
	return `Examples:

    openhours report --data data --reports reports
    openhours report --as-of '2024-10-14 22:00 UTC' --max-gap 2h --store 'Corner Cafe'
    openhours report --window last_month=30d --window last_day=24h --interpolation previous
    openhours report --by hour
    openhours report --json | jq .fleet
    openhours report --target 98 --fail-missed || echo "a store missed its target"
    openhours report --group region --window previous_month
    openhours report --max-rejects 0 || echo "see rejects.csv"

Lengths look like 90s, 45m, 1h30m or 7d. Each report is a folder with report.csv, report.parquet,
outages.parquet, rejects.csv and report.json, with stores.parquet and groups.parquet if the data has a
file of stores with attributes, and with targets.parquet if a store has a target, from a targets file
or --target. --by adds days.parquet and hours.parquet.`
}

// Run creates the report.
func (c *reportCommand) Run(s *environment) error {
	p, err := c.parameters()
	if err != nil {
		return err
	}
	p.Stores, p.By = c.Store, c.By
	return withEngine(s, c.engineFlags, c.modelFlags, c.Data, c.Reports, func(e pipeline.Engines) error {
		folder := &ingest.Folder{Dir: c.Data}
		// what is deleted while the report is made can still be restored; of a folder that cannot be read, the report says so
		deleted, _ := folder.Deleted(s.ctx)
		progress, done := terminalProgress(s.stderr)
		m, err := report.Make(s.ctx, e, report.Request{Data: c.Data, Reports: c.Reports, Parameters: p, Group: c.Group,
			Version: version, Now: s.now(), Progress: progress})
		done()
		if err != nil {
			return err
		}
		// the undo of a deletion ends with the next report, whoever makes it; the report is there whatever becomes of this
		if err := folder.ForgetThese(s.ctx, deleted); err != nil {
			fmt.Fprintf(s.stderr, "openhours: deleted files are kept: %v\n", err)
		}
		if c.JSON {
			err = printJSON(s.stdout, m)
		} else {
			var groups []report.GroupRow
			if groups, err = c.groups(s, e, m); err == nil {
				err = printReport(s.stdout, m, c.Reports, c.Group, groups)
			}
		}
		if err != nil {
			return err
		}
		if err := c.tooManyRejects(m); err != nil {
			return err
		}
		return c.missedTargets(m)
	})
}

// groups are those of the attribute asked for, in every window.
func (c *reportCommand) groups(s *environment, e pipeline.Engines, m report.Manifest) (all []report.GroupRow, err error) {
	if c.Group == "" {
		return nil, nil
	}
	folder := filepath.Join(c.Reports, m.ReportID)
	err = report.Reader{Engine: e.DuckDB}.EachGroup(s.ctx, folder, report.GroupQuery{Attribute: c.Group}, func(g report.GroupRow) error {
		all = append(all, g)
		return nil
	})
	return all, err
}

// tooManyRejects returns the error that ends a report with exit code 3, if there is a reason for one.
func (c *reportCommand) tooManyRejects(m report.Manifest) error {
	if c.MaxRejects != nil {
		if *c.MaxRejects >= 0 && m.Quality.RowsRejected > *c.MaxRejects {
			return &exitError{exitRejects, fmt.Sprintf("report written, but %d rows were rejected; --max-rejects allows %d",
				m.Quality.RowsRejected, *c.MaxRejects)}
		}
		return nil
	}
	var useless []string
	for _, file := range m.Inputs {
		if file.Rows > 0 && file.Rejected == file.Rows {
			useless = append(useless, fmt.Sprintf("%s (%d rows)", file.File, file.Rows))
		}
	}
	if len(useless) == 0 {
		return nil
	}
	return &exitError{exitRejects, fmt.Sprintf("report written, but no row was accepted of %s; rejects.csv gives the reasons, "+
		"--max-rejects %d allows it", strings.Join(useless, ", "), m.Quality.RowsRejected)}
}

// missedTargets returns the error that ends a report with exit code 5, if a store certainly missed its target.
func (c *reportCommand) missedTargets(m report.Manifest) error {
	if !c.FailMissed {
		return nil
	}
	if len(m.Targets) == 0 {
		return &exitError{exitUsage, "report written, but --fail-missed found no store with a target: give --target, or a targets file that addresses one"}
	}
	var missed []string
	for _, t := range m.Targets {
		if t.Missed > 0 {
			missed = append(missed, fmt.Sprintf("%d in %s", t.Missed, t.Window))
		}
	}
	if len(missed) == 0 {
		return nil
	}
	return &exitError{exitMissed, fmt.Sprintf("report written; stores that certainly missed their target: %s; %s lists them", strings.Join(missed, ", "), report.TargetsFile)}
}
