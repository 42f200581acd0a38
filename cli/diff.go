package cli

import (
	"fmt"
	"strings"

	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

type diffCommand struct {
	A       string `arg:"" help:"Id of the first report."`
	B       string `arg:"" help:"Id of the second report."`
	Reports string `help:"Reports folder; default ${default}." default:"reports" placeholder:"DIR"`
	JSON    bool   `name:"json" help:"Print all differences as JSON."`
	engineFlags
}

// mostRows limits the printed rows; --json prints all.
const mostRows = 50

// Help returns an example for the help text.
func (*diffCommand) Help() string {
	return `Example:

    openhours diff REPORT_A REPORT_B

"openhours reports list" prints the ids.`
}

// Run compares two reports.
func (c *diffCommand) Run(s *environment) error {
	return withEngine(s, c.engineFlags, modelFlags{}, "", c.Reports, func(e pipeline.Engines) error {
		d, err := report.Reader{Engine: e.DuckDB}.Diff(s.ctx, c.Reports, c.A, c.B)
		if err != nil {
			return err
		}
		if c.JSON {
			err = printJSON(s.stdout, d)
		} else {
			p := &page{w: s.stdout}
			p.difference(d)
			err = p.err
		}
		if err == nil && !d.Same() {
			return &exitError{code: exitDiffers}
		}
		return err
	})
}

func (p *page) difference(d report.Difference) {
	if d.Same() {
		p.line("No differences: inputs, parameters, as_of and measures are the same.")
		return
	}
	if d.AsOf != nil {
		p.line("as_of: %s → %s", d.AsOf.A, d.AsOf.B)
	}
	for _, c := range d.Parameters {
		p.line("parameter %s: %s → %s", c.Name, c.A, c.B)
	}
	for _, c := range d.Inputs {
		p.line("input %s: %s → %s", c.Name, orNone(c.A), orNone(c.B))
	}
	p.line("Rows that differ (one per store and window): %d", len(d.Rows))
	if len(d.Rows) == 0 {
		return
	}
	rows := [][]string{{"store", "name", "window", "", "uptime", "downtime", "unknown", "open", "also"}}
	for _, r := range d.Rows[:min(len(d.Rows), mostRows)] {
		rows = append(rows, []string{r.StoreID, r.Name, r.Window, r.Change, by(r.AUp, r.BUp), by(r.ADown, r.BDown),
			by(r.AUnknown, r.BUnknown), by(r.AOpen, r.BOpen), also(r)})
	}
	p.table(withoutEmptyColumn(rows, 1))
	if len(d.Rows) > mostRows {
		p.line("  … and %d more (use --json for all)", len(d.Rows)-mostRows)
	}
}

// also lists the other changes of a row that is in both reports.
func also(r report.ChangedRow) string {
	if r.Change != "changed" {
		return ""
	}
	var all []string
	for _, m := range []struct {
		name string
		a, b *float64
	}{{"planned", r.APlanned, r.BPlanned}, {"up at least", r.AMin, r.BMin}, {"up at most", r.AMax, r.BMax}, {"covered", r.ACovered, r.BCovered}, {"longest outage", r.ALongest, r.BLongest}} {
		if *m.a != *m.b {
			all = append(all, m.name+" "+by(m.a, m.b))
		}
	}
	for _, m := range []struct {
		name string
		a, b *int64
	}{{"observations", r.AObservations, r.BObservations}, {"outages", r.AOutages, r.BOutages}} {
		if *m.a != *m.b {
			all = append(all, fmt.Sprintf("%s %+d", m.name, *m.b-*m.a))
		}
	}
	if *r.AZone != *r.BZone {
		all = append(all, "zone "+*r.AZone+" → "+*r.BZone)
	}
	return strings.Join(all, "; ")
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// by formats a change, or the value itself where only one report has it.
func by(a, b *float64) string {
	switch {
	case a == nil && b == nil:
		return ""
	case a == nil:
		return exactly(*b)
	case b == nil:
		return exactly(*a)
	case *a == *b:
		return "0"
	case *a > *b:
		return "-" + exactly(*a-*b)
	}
	return "+" + exactly(*b-*a)
}
