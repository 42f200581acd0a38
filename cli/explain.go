package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"openhours/analytics/explain"
	"openhours/analytics/pipeline"
)

type explainCommand struct {
	Store string `arg:"" help:"Id or exact name of the store."`
	Data  string `help:"Data folder; default ${default}." default:"data" placeholder:"DIR"`
	JSON  bool   `name:"json" help:"Print the explanation as JSON."`
	parameterFlags
	engineFlags
}

// Help returns examples for the help text.
func (*explainCommand) Help() string {
	return `Examples:

    openhours explain STORE
    openhours explain --json --as-of '2024-10-14 22:00 UTC' STORE

Run with the parameters of a report, it shows that report's numbers.`
}

// Run explains one store.
func (c *explainCommand) Run(s *environment) error {
	p, err := c.parameters()
	if err != nil {
		return err
	}
	return withEngine(s, c.engineFlags, modelFlags{}, c.Data, "", func(e pipeline.Engines) error {
		progress, done := terminalProgress(s.stderr)
		x, err := explain.Store(s.ctx, e.DuckDB, explain.Request{Data: c.Data, Store: c.Store, Parameters: p, Now: s.now(), Progress: progress})
		done()
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(s.stdout, x)
		}
		printed := &page{w: s.stdout}
		printed.explanation(x)
		return printed.err
	})
}

func (p *page) explanation(x explain.Explanation) {
	for _, warning := range x.Warnings {
		p.line("WARNING: %s", warning)
	}
	name := ""
	if x.Name != "" {
		name = " (" + x.Name + ")"
	}
	p.line("Store %s%s, zone %s, up to %s", x.StoreID, name, x.Timezone, x.AsOf)
	for _, attribute := range slices.Sorted(maps.Keys(x.Attributes)) {
		p.line("%s: %s", attribute, x.Attributes[attribute])
	}
	if x.OpensOn != "" {
		p.line("Not open before %s (opens_on)", x.OpensOn)
	}
	if x.ClosesOn != "" {
		p.line("Closed for good after %s (closes_on)", x.ClosesOn)
	}
	for _, assumed := range x.Defaults {
		p.line("Note: %s", assumed)
	}
	p.line("")
	rows := [][]string{{"window", "open", "up", "down", "unknown", "planned", "up at least", "up at most", "covered", "observations", "outages", "target", "verdict", "budget left"}}
	for _, m := range x.Measures {
		target, verdict := judged(m.Target, m.Verdict)
		left := ""
		if m.BudgetLeft != nil {
			left = signed(*m.BudgetLeft)
		}
		rows = append(rows, []string{m.Window, exactly(m.OpenSeconds), exactly(m.UptimeSeconds), exactly(m.DownSeconds),
			exactly(m.UnknownSeconds), planned(m.PlannedSeconds, exactly), exactly(m.MinSeconds), exactly(m.MaxSeconds), exactly(m.CoveredSeconds),
			fmt.Sprint(m.Observations), fmt.Sprint(m.Outages), target, verdict, left})
	}
	for _, column := range []int{13, 12, 11, 5} {
		rows = withoutEmptyColumn(rows, column)
	}
	p.table(rows)
	p.line("")
	p.calendar(x.Calendar)
	p.line("Sessions (local time):")
	rows = nil
	for _, o := range x.Sessions {
		opens, closes := o.OpensLocal, o.ClosesLocal
		if o.OpenedEarlier {
			opens = "before " + opens
		}
		if o.StillOpen {
			closes += " (still open)"
		}
		rows = append(rows, []string{opens, "to", closes})
	}
	p.table(rows)
	p.line("")
	p.line("Observations inside sessions: %d", len(x.Evidence))
	rows = nil
	for _, e := range x.Evidence {
		rows = append(rows, []string{e.Local, e.At, e.Status})
	}
	p.table(rows)
	p.line("")
	p.line("Timeline of the longest window, from %s (start, status, duration, rule; ~ marks time whose status the observations alone do not settle):", x.StartsAt)
	rows = nil
	for _, t := range x.Timeline {
		certain := "~"
		if t.Certain {
			certain = " "
		}
		rows = append(rows, []string{t.StartsLocal, certain + strings.ToUpper(t.Status), exactly(t.Seconds), t.Rule})
	}
	p.table(rows)
	p.line("")
	p.line("Outages in the longest window: %d", len(x.Outages))
	rows = nil
	for _, o := range x.Outages {
		ends := o.EndedAt
		if o.Ongoing {
			ends += " (ongoing)"
		}
		rows = append(rows, []string{o.StartedAt, "to", ends, exactly(o.OpenSeconds) + " of open time"})
	}
	p.table(rows)
}

// signed is a length that may be negative.
func signed(seconds float64) string {
	if seconds < 0 {
		return "-" + exactly(-seconds)
	}
	return exactly(seconds)
}

// calendar says what opens and closes the store.
func (p *page) calendar(c explain.Calendar) {
	part := func(title string, rows [][]string) {
		if len(rows) > 0 {
			p.line("%s", title)
			p.table(rows)
			p.line("")
		}
	}
	var openings, days, closures [][]string
	for _, o := range c.Openings {
		openings = append(openings, []string{o.OpensLocal, "to", o.ClosesLocal, openedBy(o)})
	}
	for _, d := range c.SpecialDays {
		opens := "other hours"
		if d.Closed {
			opens = "closed"
		}
		days = append(days, []string{d.Date, opens, d.Name, map[string]string{"store": "for this store", "attribute": "for stores with an attribute", "all": "for every store"}[d.For]})
	}
	for _, one := range c.Closures {
		ends, announced := one.EndsLocal, ""
		if one.EndsAt == "" {
			ends = "further notice"
		}
		if one.AnnouncedAt != "" {
			announced = "announced " + one.AnnouncedAt
		}
		closures = append(closures, []string{one.StartsLocal, "to", ends, one.Reason, "takes away " + exactly(one.PlannedSeconds), announced})
	}
	part("Openings (local time, with what opens the store):", openings)
	part("Days with special hours:", days)
	part("Planned closures (local time):", closures)
}

// openedBy names the hours that an opening comes from.
func openedBy(o explain.Opening) string {
	switch {
	case o.Source == "always":
		return "no hours are known: always open"
	case o.Source == "special":
		return strings.TrimSuffix("special hours: "+o.Name, ": ")
	case o.ValidFrom != "":
		return "weekly hours from " + o.ValidFrom
	}
	return "weekly hours"
}
