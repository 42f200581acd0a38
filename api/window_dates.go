package api

import (
	"time"

	"openhours/analytics/params"
	"openhours/analytics/report"
)

// windowDates are the local dates that a window of the calendar covers, by the date of as_of in UTC: a relative window has
// others in stores whose clocks show another date then.
type windowDates struct {
	Window string `json:"time_window"`
	First  string `json:"first_date"`
	Last   string `json:"last_date"` // included; at most that of as_of
}

// datesOfWindows lists the windows of the calendar of a report.
func datesOfWindows(m report.Manifest) (list []windowDates, err error) {
	asOf, err := params.ParseInstant(m.AsOf)
	if err != nil {
		return nil, err
	}
	today := params.AsOfDays(asOf)[1]
	for _, w := range m.Parameters.Windows {
		if w.Dates != "" {
			days := w.Days(today)
			list = append(list, windowDates{w.Name, date(days.First), date(min(days.End-1, max(today, days.First)))})
		}
	}
	return list, nil
}

// date writes days since 1970-01-01.
func date(day int64) string { return time.Unix(day*24*3600, 0).UTC().Format(time.DateOnly) }
