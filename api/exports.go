package api

import (
	"context"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"openhours/analytics/report"
)

// exportStores is the list of stores as a CSV file: all pages of it.
func (s *Server) exportStores(c *fiber.Ctx) error {
	m, q, err := s.storeQuery(c)
	if err != nil {
		return err
	}
	return sendCSV(s, c, csvExport[report.StoreRow]{m.ReportID + "-stores-" + q.Window, storeColumns(m), func(ctx context.Context, take func(report.StoreRow) error) error {
		return s.o.Results.EachStore(ctx, s.o.Finished.Folder(m.ReportID), q, take)
	}})
}

func storeColumns(m report.Manifest) []csvColumn[report.StoreRow] {
	type row = report.StoreRow
	columns := []csvColumn[row]{
		textColumn("store_id", func(r row) string { return r.StoreID }),
		textColumn("name", func(r row) string { return r.Name }),
		textColumn("timezone", func(r row) string { return r.Timezone }),
		textColumn("time_window", func(r row) string { return r.Window }),
		secondsColumn("open_seconds", func(r row) float64 { return r.OpenSeconds }),
		secondsColumn("uptime_seconds", func(r row) float64 { return r.UptimeSeconds }),
		secondsColumn("downtime_seconds", func(r row) float64 { return r.DownSeconds }),
		secondsColumn("unknown_seconds", func(r row) float64 { return r.UnknownSeconds }),
		secondsColumn("planned_seconds", func(r row) float64 { return r.PlannedSeconds }),
		secondsColumn("uptime_min_seconds", func(r row) float64 { return r.MinSeconds }),
		secondsColumn("uptime_max_seconds", func(r row) float64 { return r.MaxSeconds }),
		secondsColumn("covered_seconds", func(r row) float64 { return r.CoveredSeconds }),
		knownColumn("uptime_ratio", func(r row) *float64 { return r.UptimeRatio }),
		countColumn("observations", func(r row) int64 { return r.Observations }),
		countColumn("outages", func(r row) int64 { return r.Outages }),
		secondsColumn("longest_outage_seconds", func(r row) float64 { return r.LongestSeconds }),
		knownColumn("target", func(r row) *float64 { return r.Target }),
		textColumn("verdict", func(r row) string { return known(r.Verdict) }),
		knownColumn("budget_left_seconds", func(r row) *float64 { return r.BudgetLeft }),
		timeColumn("down_since", func(r row) string { return known(r.DownSince) }),
	}
	for _, attribute := range report.AttributeColumns(m.Attributes) {
		columns = append(columns, textColumn(freeName(columns, attribute), func(r row) string { return r.Attributes[attribute] }))
	}
	return columns
}

// freeName is the name of a column of an attribute, told apart from a measure of the same name.
func freeName[T any](columns []csvColumn[T], name string) string {
	if slices.ContainsFunc(columns, func(c csvColumn[T]) bool { return strings.EqualFold(c.name, name) }) {
		return "attribute " + name
	}
	return name
}

// exportGroups is the list of groups as a CSV file: all pages of it.
func (s *Server) exportGroups(c *fiber.Ctx) error {
	m, q, err := s.groupQuery(c)
	if err != nil {
		return err
	}
	type row = report.GroupRow
	return sendCSV(s, c, csvExport[row]{m.ReportID + "-groups-" + q.Window, []csvColumn[row]{
		textColumn("attribute", func(row) string { return q.Attribute }),
		textColumn("value", func(g row) string { return g.Value }),
		textColumn("time_window", func(g row) string { return g.Window }),
		countColumn("stores", func(g row) int64 { return g.Stores }),
		countColumn("stores_open", func(g row) int64 { return g.StoresOpen }),
		countColumn("stores_unknown", func(g row) int64 { return g.StoresUnknown }),
		secondsColumn("open_seconds", func(g row) float64 { return g.OpenSeconds }),
		secondsColumn("uptime_seconds", func(g row) float64 { return g.UptimeSeconds }),
		secondsColumn("downtime_seconds", func(g row) float64 { return g.DownSeconds }),
		secondsColumn("unknown_seconds", func(g row) float64 { return g.UnknownSeconds }),
		secondsColumn("planned_seconds", func(g row) float64 { return g.PlannedSeconds }),
		secondsColumn("uptime_min_seconds", func(g row) float64 { return g.MinSeconds }),
		secondsColumn("uptime_max_seconds", func(g row) float64 { return g.MaxSeconds }),
		secondsColumn("covered_seconds", func(g row) float64 { return g.CoveredSeconds }),
		knownColumn("uptime_ratio", func(g row) *float64 { return g.UptimeRatio }),
		countColumn("observations", func(g row) int64 { return g.Observations }),
		countColumn("outages", func(g row) int64 { return g.Outages }),
		knownColumn("target", func(g row) *float64 { return g.Target }),
		textColumn("verdict", func(g row) string { return known(g.Verdict) }),
		knownColumn("budget_left_seconds", func(g row) *float64 { return g.BudgetLeft }),
	}, func(ctx context.Context, take func(row) error) error {
		return s.o.Results.EachGroup(ctx, s.o.Finished.Folder(m.ReportID), q, take)
	}})
}
