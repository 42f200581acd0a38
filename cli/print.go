package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/load"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"

	"golang.org/x/term"
)

// page collects lines and the first error of writing them.
type page struct {
	w   io.Writer
	err error
}

func (p *page) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// table aligns rows whose cells are parted by tabs.
func (p *page) table(rows [][]string) {
	if p.err != nil {
		return
	}
	t := tabwriter.NewWriter(p.w, 0, 4, 2, ' ', 0)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = printable(cell)
		}
		if _, p.err = fmt.Fprintln(t, "  "+strings.Join(cells, "\t")); p.err != nil {
			return
		}
	}
	p.err = t.Flush()
}

// printable keeps what an id may hold from moving a terminal's cursor or a table's columns.
func printable(text string) string {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return strconv.Quote(text)
	}
	return text
}

func percent(ratio *float64) string {
	if ratio == nil {
		return "unknown"
	}
	return fmt.Sprintf("%.2f %%", *ratio*100)
}

func hours(seconds float64) string { return fmt.Sprintf("%.1f h", seconds/3600) }

// withoutDowntime says what it means that no store has downtime.
func withoutDowntime(fleet []report.FleetWindow) string {
	known, open, partly := false, false, false
	for _, f := range fleet {
		known = known || f.UptimeSeconds > 0
		open = open || f.OpenSeconds > 0
		partly = partly || f.UnknownSeconds > 0
	}
	switch {
	case !open:
		return "No store was open."
	case !known:
		return "Nothing is known of any store: there is no poll in its opening hours from which its status could be told."
	case partly:
		return "No store was down as far as is known."
	}
	return "No store was down."
}

// printReport says what a report says: what to mistrust first, then the fleet, then the worst.
func printReport(w io.Writer, m report.Manifest, reports string) error {
	p := &page{w: w}
	p.warnings(m.Quality.Findings)
	p.line("%d stores up to %s", m.Stores, m.AsOf)
	p.line("")
	fleet := [][]string{{"window", "uptime", "bounds", "covered", "open", "down", "unknown", "outages", "stores open", "nothing known"}}
	for _, f := range m.Fleet {
		fleet = append(fleet, []string{f.Window, percent(f.UptimeRatio),
			percent(f.UptimeRatioMin) + " to " + percent(f.UptimeRatioMax), percent(f.Coverage), hours(f.OpenSeconds),
			hours(f.DowntimeSeconds), hours(f.UnknownSeconds), fmt.Sprint(f.Outages), fmt.Sprint(f.StoresOpen), fmt.Sprint(f.StoresUnknown)})
	}
	p.table(fleet)
	p.line("")
	if len(m.Worst) == 0 {
		p.line("%s", withoutDowntime(m.Fleet))
	} else {
		p.line("Most downtime in %s:", m.Worst[0].Window)
		worst := [][]string{{"store", "zone", "uptime", "down", "open", "outages", "longest"}}
		for _, s := range m.Worst {
			worst = append(worst, []string{s.StoreID, s.Timezone, percent(s.UptimeRatio), hours(s.DowntimeSeconds),
				hours(s.OpenSeconds), fmt.Sprint(s.Outages), hours(s.LongestSeconds)})
		}
		p.table(worst)
	}
	p.line("")
	p.quality(m.Quality)
	if m.History != nil {
		p.history(*m.History)
		p.line("")
	}
	p.line("Files in %s:", filepath.Join(reports, m.ReportID))
	files := [][]string{}
	for _, f := range m.Outputs {
		files = append(files, []string{f.File, fmt.Sprintf("%d bytes", f.Bytes)})
	}
	p.table(append(files, []string{"report.json", "parameters, inputs, quality, hashes"}))
	p.line("")
	p.steps(m.Steps)
	return p.err
}

// asOfWarnings are short words for what makes the now of a report doubtful.
func asOfWarnings(findings []pipeline.Finding) (words []string) {
	for _, f := range findings {
		if doubt := f.AsOfDoubt(); doubt != "" {
			words = append(words, doubt)
		}
	}
	return words
}

// warnings that change how every number is to be read stand at the top.
func (p *page) warnings(findings []pipeline.Finding) {
	for _, f := range findings {
		if f.AsOfDoubt() != "" {
			p.line("WARNING: %s (%s)", f.Title, strings.Join(f.Examples, ", "))
		}
	}
}

func (p *page) quality(q report.Quality) {
	p.line("Rows read: %d, of them rejected: %d", q.RowsRead, q.RowsRejected)
	for _, r := range q.Rejects {
		p.line("  %s: %s %s: %d", r.File, r.Column, r.Reason, r.Rows)
	}
	if len(q.Findings) > 0 {
		p.line("Findings:")
	}
	for _, f := range q.Findings {
		example := ""
		if len(f.Examples) > 0 {
			example = " (such as " + f.Examples[0] + ")"
		}
		p.line("  %-7s %8d  %s%s", f.Level, f.Count, f.Title, example)
	}
	p.line("")
}

// steps shows what took time; what took none is summed up.
func (p *page) steps(steps []engine.Step) {
	var total, rest float64
	var shown []string
	for _, s := range steps {
		total += s.Seconds
		if s.Seconds < 0.05 {
			rest += s.Seconds
			continue
		}
		shown = append(shown, fmt.Sprintf("%s %.2f s", s.Name, s.Seconds))
	}
	shown = append(shown, fmt.Sprintf("the rest %.2f s", rest))
	p.line("Time: %.2f s (%s)", total, strings.Join(shown, ", "))
}

// history says what of the compacted days was looked at.
func (p *page) history(h load.HistorySummary) {
	p.line("")
	p.line("Compacted: %d rows in %d days, %s to %s", h.Rows, h.Days, h.First, h.Last)
	p.line("  %d days were read; %d days (%d rows) lie outside the horizon and were not", len(h.Read), h.NotRead.Files, h.NotRead.Rows)
}

// printCheck says what was read and what is wrong with it.
func printCheck(w io.Writer, c report.Check) error {
	p := &page{w: w}
	p.warnings(c.Quality.Findings)
	files := [][]string{{"file", "set", "rows", "rejected", "bytes"}}
	var compacted input.LoadedFile
	count := 0
	for _, f := range c.Inputs {
		if f.Archive != "" {
			count++
			compacted.Rows += f.Rows
			compacted.Rejected += f.Rejected
			compacted.Bytes += f.Bytes
			continue
		}
		files = append(files, []string{f.File, f.Set, fmt.Sprint(f.Rows), fmt.Sprint(f.Rejected), fmt.Sprint(f.Bytes)})
	}
	if count > 0 {
		files = append(files, []string{fmt.Sprintf("%d compacted", count), "status", fmt.Sprint(compacted.Rows), fmt.Sprint(compacted.Rejected), fmt.Sprint(compacted.Bytes)})
	}
	p.table(files)
	if c.History != nil {
		p.history(*c.History)
	}
	p.line("")
	if c.AsOf != "" {
		p.line("Latest observation counted: %s", c.AsOf)
	}
	p.quality(c.Quality)
	if len(c.Rejects) > 0 {
		p.line("The first rejected rows:")
		for _, r := range c.Rejects {
			p.line("  %s line %d: %s: %q", r.File, r.Line, strings.TrimSpace(r.Column+" "+r.Reason), r.Raw)
		}
	}
	return p.err
}

func printJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// terminalProgress shows the step on a terminal and nothing in a pipe.
func terminalProgress(to *os.File) (engine.Progress, func()) {
	if !term.IsTerminal(int(to.Fd())) {
		return nil, func() {}
	}
	return func(name string, n, total int) { fmt.Fprintf(to, "\r\033[K%d/%d %s", n, total, name) },
		func() { fmt.Fprint(to, "\r\033[K") }
}
