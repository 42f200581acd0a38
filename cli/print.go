package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"golang.org/x/term"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/load"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

// page writes lines and keeps the first write error.
type page struct {
	w   io.Writer
	err error
}

func (p *page) line(format string, args ...any) {
	if p.err == nil {
		p.err = printfSafely(p.w, format+"\n", args...)
	}
}

// table writes rows as aligned columns.
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

// withoutEmptyColumn leaves a column out that has a heading and nothing else.
func withoutEmptyColumn(rows [][]string, column int) [][]string {
	for _, row := range rows[1:] {
		if row[column] != "" {
			return rows
		}
	}
	for i, row := range rows {
		rows[i] = slices.Delete(row, column, column+1)
	}
	return rows
}

func percent(ratio *float64) string {
	if ratio == nil {
		return "unknown"
	}
	return fmt.Sprintf("%.2f %%", *ratio*100)
}

func length(seconds float64) string { return params.FormatSeconds(seconds) }

func exactly(seconds float64) string { return params.FormatSecondsExactly(seconds) }

// took is how long something took: the first digits of a second matter, those of a minute do not.
func took(seconds float64) string {
	if seconds < 60 {
		return fmt.Sprintf("%.2f s", seconds)
	}
	return length(seconds)
}

// planned is a length of planned closures, which most reports have none of.
func planned(seconds float64, format func(float64) string) string {
	if seconds == 0 {
		return ""
	}
	return format(seconds)
}

// withoutDowntime explains why no store has downtime.
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
		return "The status of every store is unknown: no poll falls within opening hours."
	case partly:
		return "No known downtime; some time is unknown."
	}
	return "No store was down."
}

// printReport prints a summary of a report: first any reason to doubt it, then the fleet, then the groups of an attribute
// if one was asked for, then the worst stores.
func printReport(w io.Writer, m report.Manifest, reports, attribute string, groups []report.GroupRow) error {
	p := &page{w: w}
	p.warnings(m.Quality.Findings)
	p.line("%d stores as of %s", m.Stores, m.AsOf)
	p.line("")
	fleet := [][]string{{"window", "uptime", "bounds", "covered", "open", "down", "unknown", "planned", "outages", "stores open", "unknown stores"}}
	for _, f := range m.Fleet {
		fleet = append(fleet, []string{f.Window, percent(f.UptimeRatio),
			percent(f.UptimeRatioMin) + " to " + percent(f.UptimeRatioMax), percent(f.Coverage), length(f.OpenSeconds),
			length(f.DowntimeSeconds), length(f.UnknownSeconds), planned(f.PlannedSeconds, length), fmt.Sprint(f.Outages), fmt.Sprint(f.StoresOpen), fmt.Sprint(f.StoresUnknown)})
	}
	p.table(withoutEmptyColumn(fleet, 7))
	p.line("")
	p.targets(m.Targets)
	if attribute != "" {
		p.groups(attribute, groups)
	}
	if len(m.Worst) == 0 {
		p.line("%s", withoutDowntime(m.Fleet))
	} else {
		p.line("Most downtime in %s:", m.Worst[0].Window)
		worst := [][]string{{"store", "name", "zone", "uptime", "down", "open", "outages", "longest"}}
		for _, s := range m.Worst {
			worst = append(worst, []string{s.StoreID, s.Name, s.Timezone, percent(s.UptimeRatio), length(s.DowntimeSeconds),
				length(s.OpenSeconds), fmt.Sprint(s.Outages), length(s.LongestSeconds)})
		}
		p.table(withoutEmptyColumn(worst, 1))
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

// groups prints the windows of each group below one another, as those of the fleet.
func (p *page) groups(attribute string, groups []report.GroupRow) {
	p.line("Groups of %s:", attribute)
	rows := [][]string{{attribute, "window", "uptime", "bounds", "covered", "open", "down", "unknown", "planned", "outages", "stores", "stores open", "unknown stores", "target", "verdict"}}
	for i, g := range groups {
		name := cmp.Or(g.Value, "(none)")
		if i > 0 && groups[i-1].Value == g.Value {
			name = ""
		}
		ofOpen := func(seconds float64) *float64 {
			if g.OpenSeconds == 0 {
				return nil
			}
			ratio := seconds / g.OpenSeconds
			return &ratio
		}
		target, verdict := judged(g.Target, g.Verdict)
		rows = append(rows, []string{name, g.Window, percent(g.UptimeRatio), percent(ofOpen(g.MinSeconds)) + " to " + percent(ofOpen(g.MaxSeconds)),
			percent(ofOpen(g.CoveredSeconds)), length(g.OpenSeconds), length(g.DownSeconds), length(g.UnknownSeconds), planned(g.PlannedSeconds, length),
			fmt.Sprint(g.Outages), fmt.Sprint(g.Stores), fmt.Sprint(g.StoresOpen), fmt.Sprint(g.StoresUnknown), target, verdict})
	}
	rows = withoutEmptyColumn(withoutEmptyColumn(withoutEmptyColumn(rows, 14), 13), 8)
	p.table(rows)
	p.line("")
}

// judged writes a target and its verdict; "" for what is not there.
func judged(percentage *float64, verdict *string) (target, judgement string) {
	if percentage != nil {
		target = strconv.FormatFloat(*percentage, 'f', -1, 64) + " %"
	}
	if verdict != nil {
		judgement = strings.ReplaceAll(*verdict, "_", " ")
	}
	return target, judgement
}

// targets prints how many stores met their targets.
func (p *page) targets(windows []report.TargetWindow) {
	if len(windows) == 0 {
		return
	}
	p.line("Stores by their targets:")
	rows := [][]string{{"window", "met", "likely met", "likely missed", "missed", "unknown"}}
	for _, t := range windows {
		rows = append(rows, []string{t.Window, fmt.Sprint(t.Met), fmt.Sprint(t.LikelyMet), fmt.Sprint(t.LikelyMissed), fmt.Sprint(t.Missed), fmt.Sprint(t.VerdictUnknown)})
	}
	p.table(rows)
	p.line("")
}

// asOfWarnings names briefly why a report's as_of is doubtful.
func asOfWarnings(findings []pipeline.Finding) (words []string) {
	for _, f := range findings {
		if doubt := f.AsOfDoubt(); doubt != "" {
			words = append(words, doubt)
		}
	}
	return words
}

// warnings prints the findings that cast doubt on every number of the report.
func (p *page) warnings(findings []pipeline.Finding) {
	for _, f := range findings {
		switch {
		case f.IsDoubtful():
			p.line("DOUBTFUL: %s", f.Title)
			for _, example := range f.Examples {
				p.line("  %s", example)
			}
		case f.AsOfDoubt() != "":
			p.line("WARNING: %s (%s)", f.Title, strings.Join(f.Examples, ", "))
		}
	}
}

func (p *page) quality(q report.Quality) {
	p.line("Rows read: %d, rejected: %d", q.RowsRead, q.RowsRejected)
	for _, r := range q.Rejects {
		p.line("  %s: %s %s: %d", r.File, r.Column, r.Reason, r.Rows)
	}
	if len(q.Findings) > 0 {
		p.line("Findings:")
	}
	for _, f := range q.Findings {
		example := ""
		if len(f.Examples) > 0 {
			example = " (e.g. " + f.Examples[0] + ")"
		}
		p.line("  %-8s %8d  %s%s", f.Level, f.Count, f.Title, example)
	}
	p.line("")
}

// steps prints the slow steps and the sum of the rest.
func (p *page) steps(steps []engine.Step) {
	var total, rest float64
	var shown []string
	for _, s := range steps {
		total += s.Seconds
		if s.Seconds < 0.05 {
			rest += s.Seconds
			continue
		}
		shown = append(shown, s.Name+" "+took(s.Seconds))
	}
	shown = append(shown, "other "+took(rest))
	p.line("Time: %s (%s)", took(total), strings.Join(shown, ", "))
}

// history prints which compacted days were read.
func (p *page) history(h load.HistorySummary) {
	p.line("")
	p.line("Compacted: %d rows in %d days, %s to %s", h.Rows, h.Days, h.First, h.Last)
	p.line("  read %d days; skipped %d days (%d rows) outside the horizon", len(h.Read), h.NotRead.Files, h.NotRead.Rows)
}

// printCheck prints what was read, the findings and the first rejected rows.
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
		p.line("Latest accepted observation: %s", c.AsOf)
	}
	p.quality(c.Quality)
	if len(c.Rejects) > 0 {
		p.line("First rejected rows:")
		for _, r := range c.Rejects {
			p.line("  %s line %d: %s: %q", r.File, r.Line, strings.TrimSpace(r.Column+" "+r.Reason), r.Raw)
		}
	}
	return p.err
}

func printJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(jsonLines{w})
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// terminalProgress shows the current step if stderr is a terminal. The second function clears the line.
func terminalProgress(to *os.File) (engine.Progress, func()) {
	if !term.IsTerminal(int(to.Fd())) {
		return nil, func() {}
	}
	return func(name string, n, total int) { fmt.Fprintf(to, "\r\033[K%d/%d %s", n, total, printable(name)) },
		func() { fmt.Fprint(to, "\r\033[K") }
}
