package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"openhours/analytics/pipeline"
	"openhours/analytics/queue"
	"openhours/analytics/report"
)

type reportsCommand struct {
	List reportsList `cmd:"" help:"List the finished reports, newest first."`
	Show reportsShow `cmd:"" help:"Print the summary of a report."`
	Rm   reportsRm   `cmd:"" help:"Remove reports and their folders."`
}

// Help returns examples for the help text.
func (*reportsCommand) Help() string {
	return `Examples:

    openhours reports list
    openhours reports show 01a20bfc-b815-77b0-82e1-565cb8f363a0
    openhours reports rm 01a20bfc-b815-77b0-82e1-565cb8f363a0`
}

type reportsList struct {
	Reports string `help:"Reports folder; default ${default}." default:"reports" placeholder:"DIR"`
	JSON    bool   `name:"json" help:"Print the manifests as JSON, each with its name, note and whether it is pinned."`
}

// Run lists the reports.
func (c *reportsList) Run(s *environment) error {
	all, unreadable := report.List(c.Reports)
	if len(all) == 0 && unreadable != nil {
		return unreadable
	}
	ids := make([]string, len(all))
	for i, m := range all {
		ids[i] = m.ReportID
	}
	labels, unlabelled := queue.Labels(c.Reports, ids)
	listed := make([]listedReport, len(all))
	for i, m := range all {
		listed[i] = listedReport{m, labels[m.ReportID]}
	}
	var err error
	if c.JSON {
		err = printJSON(s.stdout, listed)
	} else {
		err = printReports(s.stdout, listed, c.Reports)
	}
	return errors.Join(err, unreadable, unlabelled)
}

// listedReport is a report and what people say of it.
type listedReport struct {
	report.Manifest
	queue.Label
}

// called is the name of the report, and whether it is the pinned one.
func (r listedReport) called() string {
	if !r.Pinned {
		return r.Name
	}
	return strings.TrimSpace(r.Name + " (pinned)")
}

func printReports(w io.Writer, all []listedReport, reports string) error {
	p := &page{w: w}
	if len(all) == 0 {
		p.line("No finished reports in %s; create one with `openhours report`.", reports)
		return p.err
	}
	rows := [][]string{{"report", "name", "created", "as of", "stores", "rejected rows", "uptime"}}
	for _, m := range all {
		uptime := ""
		if len(m.Fleet) > 0 {
			last := m.Fleet[len(m.Fleet)-1]
			uptime = last.Window + " " + percent(last.UptimeRatio)
			if slices.ContainsFunc(m.Quality.Findings, pipeline.Finding.IsDoubtful) {
				uptime += " (doubtful)"
			}
		}
		asOf := m.AsOf
		if warned := asOfWarnings(m.Quality.Findings); len(warned) > 0 {
			asOf += " (" + strings.Join(warned, ", ") + ")"
		}
		rows = append(rows, []string{m.ReportID, m.called(), m.CreatedAt.Format("2006-01-02 15:04:05Z"), asOf,
			fmt.Sprint(m.Stores), fmt.Sprint(m.Quality.RowsRejected), uptime})
	}
	p.table(withoutEmptyColumn(rows, 1))
	return p.err
}

type reportsShow struct {
	ID      string `arg:"" help:"Id of the report."`
	Reports string `help:"Reports folder; default ${default}." default:"reports" placeholder:"DIR"`
	JSON    bool   `name:"json" help:"Print report.json instead of the summary."`
}

// Run shows one report.
func (c *reportsShow) Run(s *environment) error {
	m, err := report.Find(c.Reports, c.ID)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.stdout, m)
	}
	return printReport(s.stdout, m, c.Reports, "", nil)
}

type reportsRm struct {
	ID      []string `arg:"" help:"Ids of the reports."`
	Reports string   `help:"Reports folder; default ${default}." default:"reports" placeholder:"DIR"`
}

// Run removes reports, but only if all ids exist.
func (c *reportsRm) Run(s *environment) error {
	for _, id := range c.ID {
		if _, err := report.Find(c.Reports, id); errors.Is(err, report.ErrNoReport) {
			return err
		}
	}
	for _, id := range c.ID {
		if err := report.Remove(c.Reports, id); err != nil {
			return err
		}
		if err := printfSafely(s.stdout, "removed %s\n", id); err != nil {
			return err
		}
	}
	return nil
}
