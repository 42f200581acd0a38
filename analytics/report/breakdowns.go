package report

// The breakdowns of a report that it does not always have.
const (
	DaysFile      = "days.parquet"       // per store and local date, if the report was asked for dates or hours
	HoursFile     = "hours.parquet"      // per store, local date and hour, if it was asked for hours
	GroupDaysFile = "group_days.parquet" // per attribute, value and local date, if an attribute makes groups
)
