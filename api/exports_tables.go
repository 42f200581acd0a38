package api

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

// exportZones is the list of zones as a CSV file.
func (s *Server) exportZones(c *fiber.Ctx) error {
	m, err := s.o.Finished.Manifest(pathValue(c, "id"))
	if err != nil {
		return err
	}
	window, err := windowOf(c, m)
	if err != nil {
		return err
	}
	type row = report.ZoneWindow
	return sendCSV(s, c, csvExport[row]{m.ReportID + "-zones-" + window, []csvColumn[row]{
		textColumn("timezone", func(z row) string { return z.Timezone }),
		textColumn("time_window", func(z row) string { return z.Window }),
		countColumn("stores", func(z row) int64 { return z.Stores }),
		countColumn("stores_open", func(z row) int64 { return z.StoresOpen }),
		countColumn("stores_unknown", func(z row) int64 { return z.StoresUnknown }),
		secondsColumn("open_seconds", func(z row) float64 { return z.OpenSeconds }),
		secondsColumn("uptime_seconds", func(z row) float64 { return z.UptimeSeconds }),
		secondsColumn("downtime_seconds", func(z row) float64 { return z.DowntimeSeconds }),
		secondsColumn("unknown_seconds", func(z row) float64 { return z.UnknownSeconds }),
		secondsColumn("planned_seconds", func(z row) float64 { return z.PlannedSeconds }),
		secondsColumn("uptime_min_seconds", func(z row) float64 { return z.UptimeMinSeconds }),
		secondsColumn("uptime_max_seconds", func(z row) float64 { return z.UptimeMaxSeconds }),
		secondsColumn("covered_seconds", func(z row) float64 { return z.CoveredSeconds }),
		knownColumn("uptime_ratio", func(z row) *float64 { return z.UptimeRatio }),
		knownColumn("uptime_ratio_min", func(z row) *float64 { return z.UptimeRatioMin }),
		knownColumn("uptime_ratio_max", func(z row) *float64 { return z.UptimeRatioMax }),
		knownColumn("coverage", func(z row) *float64 { return z.Coverage }),
		countColumn("outages", func(z row) int64 { return z.Outages }),
	}, func(ctx context.Context, take func(row) error) error {
		zones, err := s.o.Results.Zones(ctx, s.o.Finished.Folder(m.ReportID), window)
		if err != nil {
			return err
		}
		return eachOf(zones, take)
	}})
}

// exportOutages lists the outages of all stores, of one, or of those with a value of an attribute.
func (s *Server) exportOutages(c *fiber.Ctx) error {
	m, err := s.o.Finished.Manifest(pathValue(c, "id"))
	if err != nil {
		return err
	}
	q := report.OutageQuery{Store: c.Query("store_id"), Attribute: c.Query("attribute"), Value: c.Query("value")}
	if c.Query("window") != "" {
		if q.Window, err = windowOf(c, m); err != nil {
			return err
		}
	}
	if q.Before, err = s.before(c, m); err != nil {
		return err
	}
	if err := q.Check(m); err != nil {
		return err
	}
	if q.Store != "" {
		if q.Store, err = s.o.Results.StoreID(c.UserContext(), s.o.Finished.Folder(m.ReportID), q.Store); err != nil {
			return err
		}
	}
	type row = report.OutageRow
	return sendCSV(s, c, csvExport[row]{m.ReportID + "-outages", []csvColumn[row]{
		textColumn("store_id", func(o row) string { return o.StoreID }),
		textColumn("name", func(o row) string { return o.Name }),
		textColumn("timezone", func(o row) string { return o.Timezone }),
		timeColumn("started_at", func(o row) string { return o.StartedAt }),
		timeColumn("ended_at", func(o row) string { return o.EndedAt }),
		secondsColumn("open_seconds", func(o row) float64 { return o.OpenSeconds }),
		{name: "ongoing", cell: func(o row) string { return strconv.FormatBool(o.Ongoing) }},
	}, func(ctx context.Context, take func(row) error) error {
		return s.o.Results.EachOutage(ctx, s.o.Finished.Folder(m.ReportID), q, take)
	}})
}

// before is the folder of the report before, if only what it did not know of is asked for.
func (s *Server) before(c *fiber.Ctx, m report.Manifest) (folder string, err error) {
	if isNew, err := flag(c, "new"); err != nil || !isNew {
		return "", err
	}
	before, err := s.o.Finished.Before(m.ReportID)
	if err != nil {
		return "", err
	}
	if before == nil {
		return "", invalid("new", "there is no earlier report with the same parameters to compare with")
	}
	return s.o.Finished.Folder(before.ReportID), nil
}

// exportDays lists the sums of the fleet by local date or, for an attribute, those of its groups.
func (s *Server) exportDays(c *fiber.Ctx) error {
	m, err := s.o.Finished.Manifest(pathValue(c, "id"))
	if err != nil {
		return err
	}
	if c.Query("attribute") != "" {
		return s.exportGroupDays(c, m)
	}
	type row = report.FleetDay
	return sendCSV(s, c, csvExport[row]{m.ReportID + "-days", []csvColumn[row]{
		{name: "date", cell: func(d row) string { return d.Date }},
		secondsColumn("open_seconds", func(d row) float64 { return d.OpenSeconds }),
		secondsColumn("uptime_seconds", func(d row) float64 { return d.UptimeSeconds }),
		secondsColumn("downtime_seconds", func(d row) float64 { return d.DowntimeSeconds }),
		secondsColumn("unknown_seconds", func(d row) float64 { return d.UnknownSeconds }),
		secondsColumn("planned_seconds", func(d row) float64 { return d.PlannedSeconds }),
		secondsColumn("uptime_min_seconds", func(d row) float64 { return d.UptimeMinSeconds }),
		secondsColumn("uptime_max_seconds", func(d row) float64 { return d.UptimeMaxSeconds }),
		secondsColumn("covered_seconds", func(d row) float64 { return d.CoveredSeconds }),
		knownColumn("uptime_ratio", func(d row) *float64 { return d.UptimeRatio }),
		knownColumn("uptime_ratio_min", func(d row) *float64 { return d.UptimeRatioMin }),
		knownColumn("uptime_ratio_max", func(d row) *float64 { return d.UptimeRatioMax }),
		knownColumn("coverage", func(d row) *float64 { return d.Coverage }),
	}, func(_ context.Context, take func(row) error) error { return eachOf(m.Days, take) }})
}

func (s *Server) exportGroupDays(c *fiber.Ctx, m report.Manifest) error {
	q := report.GroupDayQuery{Attribute: c.Query("attribute")}
	if err := pipeline.CheckGroups(q.Attribute, m.Attributes); err != nil {
		return invalid("attribute", err.Error())
	}
	type row = report.GroupDay
	return sendCSV(s, c, csvExport[row]{m.ReportID + "-group-days", []csvColumn[row]{
		textColumn("attribute", func(row) string { return q.Attribute }),
		textColumn("value", func(d row) string { return d.Value }),
		{name: "date", cell: func(d row) string { return d.Date }},
		secondsColumn("open_seconds", func(d row) float64 { return d.OpenSeconds }),
		secondsColumn("uptime_seconds", func(d row) float64 { return d.UptimeSeconds }),
		secondsColumn("downtime_seconds", func(d row) float64 { return d.DownSeconds }),
		secondsColumn("unknown_seconds", func(d row) float64 { return d.UnknownSeconds }),
		secondsColumn("planned_seconds", func(d row) float64 { return d.PlannedSeconds }),
		secondsColumn("uptime_min_seconds", func(d row) float64 { return d.MinSeconds }),
		secondsColumn("uptime_max_seconds", func(d row) float64 { return d.MaxSeconds }),
		secondsColumn("covered_seconds", func(d row) float64 { return d.CoveredSeconds }),
		countColumn("observations", func(d row) int64 { return d.Observations }),
	}, func(ctx context.Context, take func(row) error) error {
		return s.o.Results.EachGroupDay(ctx, s.o.Finished.Folder(m.ReportID), q, take)
	}})
}

// exportDiff lists the stores that differ between two reports in one window.
func (s *Server) exportDiff(c *fiber.Ctx) error {
	a, b, q, err := s.diffQuery(c)
	if err != nil {
		return err
	}
	type row = report.ChangedRow
	columns := []csvColumn[row]{
		textColumn("store_id", func(r row) string { return r.StoreID }),
		textColumn("name", func(r row) string { return r.Name }),
		textColumn("time_window", func(r row) string { return r.Window }),
		textColumn("change", func(r row) string { return r.Change }),
		textColumn("a_timezone", func(r row) string { return known(r.AZone) }),
		textColumn("b_timezone", func(r row) string { return known(r.BZone) }),
		knownColumn("a_open_seconds", func(r row) *float64 { return r.AOpen }),
		knownColumn("b_open_seconds", func(r row) *float64 { return r.BOpen }),
		knownColumn("a_uptime_seconds", func(r row) *float64 { return r.AUp }),
		knownColumn("b_uptime_seconds", func(r row) *float64 { return r.BUp }),
		knownColumn("a_downtime_seconds", func(r row) *float64 { return r.ADown }),
		knownColumn("b_downtime_seconds", func(r row) *float64 { return r.BDown }),
		knownColumn("a_unknown_seconds", func(r row) *float64 { return r.AUnknown }),
		knownColumn("b_unknown_seconds", func(r row) *float64 { return r.BUnknown }),
		knownColumn("a_planned_seconds", func(r row) *float64 { return r.APlanned }),
		knownColumn("b_planned_seconds", func(r row) *float64 { return r.BPlanned }),
		knownColumn("a_uptime_min_seconds", func(r row) *float64 { return r.AMin }),
		knownColumn("b_uptime_min_seconds", func(r row) *float64 { return r.BMin }),
		knownColumn("a_uptime_max_seconds", func(r row) *float64 { return r.AMax }),
		knownColumn("b_uptime_max_seconds", func(r row) *float64 { return r.BMax }),
		knownColumn("a_covered_seconds", func(r row) *float64 { return r.ACovered }),
		knownColumn("b_covered_seconds", func(r row) *float64 { return r.BCovered }),
		knownColumn("a_longest_outage_seconds", func(r row) *float64 { return r.ALongest }),
		knownColumn("b_longest_outage_seconds", func(r row) *float64 { return r.BLongest }),
		knownColumn("a_observations", func(r row) *int64 { return r.AObservations }),
		knownColumn("b_observations", func(r row) *int64 { return r.BObservations }),
		knownColumn("a_outages", func(r row) *int64 { return r.AOutages }),
		knownColumn("b_outages", func(r row) *int64 { return r.BOutages }),
	}
	name := a.ReportID + "-to-" + b.ReportID + "-" + q.Window
	return sendCSV(s, c, csvExport[row]{name, columns, func(ctx context.Context, take func(row) error) error {
		return s.o.Results.EachChange(ctx, s.o.Reports, a.ReportID, b.ReportID, q, take)
	}})
}
