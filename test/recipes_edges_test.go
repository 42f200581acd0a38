package test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	googleHead  = "store_id,dayOfWeek,start_time_local,end_time_local\n"
	weeklyHead  = "store_id,dayOfWeek,start_time_local,end_time_local,valid_from,valid_through\n"
	specialHead = "store_id,date,date_through,closed,start_time_local,end_time_local,name\n"
	closureHead = "store_id,start_local,end_local,reason\n"
)

// TestRecipesAtTheEdges runs recipes on what their samples do not have. Either the recipe stops with the fault,
// or it writes the files.
func TestRecipesAtTheEdges(t *testing.T) {
	recipes := readRecipes(t)
	for _, c := range []struct {
		name         string
		recipe       int
		given, wants map[string]string
		fault        string
	}{
		{
			name: "a week without end, in two files, with an id that is a number", recipe: 1,
			given: map[string]string{
				"locations1.json": `{"locations": [{"storeCode": 8937465527460273651, "openInfo": {"openingDate": {"year": 2019, "month": 3}}, "regularHours": {"periods": [
					{"openDay": "SUNDAY", "openTime": {}, "closeDay": "SATURDAY", "closeTime": {"hours": 24}}]}}], "nextPageToken": "2"}`,
				"locations2.json": `{"locations": [{"storeCode": "007", "title": "No hours"}]}`,
			},
			wants: map[string]string{
				"menu_hours.csv": googleHead + "8937465527460273651,0,00:00,24:00\n8937465527460273651,1,00:00,24:00\n8937465527460273651,2,00:00,24:00\n" +
					"8937465527460273651,3,00:00,24:00\n8937465527460273651,4,00:00,24:00\n8937465527460273651,5,00:00,24:00\n8937465527460273651,6,00:00,24:00\n",
				"stores.csv":        "store_id,name,opens_on,city,region\n007,No hours,,,\n8937465527460273651,,,,\n",
				"special_hours.csv": specialHead,
			},
		},
		{
			name: "fields of a closed date are ignored, midnight of the next date is 24:00, a missing time stays missing", recipe: 1,
			given: map[string]string{"locations.json": `{"locations": [{"storeCode": "1", "specialHours": {"specialHourPeriods": [
				{"startDate": {"year": 2026, "month": 12, "day": 25}, "endDate": {"year": 2026, "month": 12, "day": 28}, "openTime": {"hours": 9}, "closeTime": {"hours": 9}, "closed": true},
				{"startDate": {"year": 2026, "month": 12, "day": 31}, "endDate": {"year": 2027, "month": 1, "day": 1}, "openTime": {}, "closeTime": {}},
				{"startDate": {"year": 2027, "month": 1, "day": 2}, "endDate": {"year": 2027, "month": 1, "day": 2}, "closeTime": {"hours": 23, "minutes": 9}}]}}]}`},
			wants: map[string]string{
				"menu_hours.csv":    googleHead,
				"stores.csv":        "store_id,name,opens_on,city,region\n1,,,,\n",
				"special_hours.csv": specialHead + "1,2026-12-25,,true,,,\n1,2026-12-31,,false,00:00,24:00,\n1,2027-01-02,,false,,23:09,\n",
			},
		},
		{
			name: "a period of over 24 hours", recipe: 1,
			given: map[string]string{"locations.json": `{"locations": [{"storeCode": "0042", "specialHours": {"specialHourPeriods": [
				{"startDate": {"year": 2026, "month": 12, "day": 31}, "endDate": {"year": 2027, "month": 1, "day": 1}, "openTime": {"hours": 18}, "closeTime": {"hours": 20}}]}}]}`},
			fault: "store 0042: the special hours of 2026-12-31 last 1560 minutes; at most 24 hours fit",
		},
		{
			name: "a list of places, weekdays as objects, no opens, long and open ranges", recipe: 2,
			given: map[string]string{"pages/all.json": `[
				{"branchCode": "1", "openingHoursSpecification": [
					{"dayOfWeek": [{"@id": "https://schema.org/Tuesday"}, "wednesday"], "opens": "08:00", "closes": "12:00"},
					{"dayOfWeek": "Thursday"},
					{"opens": "08:00", "closes": "20:00", "validFrom": "2026-01-01", "validThrough": "2027-01-02"},
					{"validFrom": "2028-01-01", "validThrough": "2029-06-30"}]},
				{"branchCode": "2", "name": "Two", "specialOpeningHoursSpecification": [
					{"dayOfWeek": ["Friday"], "opens": "22:00", "validFrom": "2026-11-13T08:00:00+01:00", "validThrough": "2026-11-13"},
					{"validFrom": "2026-01-01", "validThrough": "2027-01-01"}]}]`},
			wants: map[string]string{
				"stores.csv": "store_id,name,city,region\n1,,,\n2,Two,,\n",
				"menu_hours.csv": weeklyHead + "1,1,08:00,12:00,,\n1,2,08:00,12:00,,\n1,0,08:00,20:00,2026-01-01,2027-01-02\n1,1,08:00,20:00,2026-01-01,2027-01-02\n" +
					"1,2,08:00,20:00,2026-01-01,2027-01-02\n1,3,08:00,20:00,2026-01-01,2027-01-02\n1,4,08:00,20:00,2026-01-01,2027-01-02\n1,5,08:00,20:00,2026-01-01,2027-01-02\n1,6,08:00,20:00,2026-01-01,2027-01-02\n",
				"special_hours.csv": specialHead + "2,2026-01-01,2027-01-01,true,,,\n2,2026-11-13,,false,22:00,,\n",
				"closures.csv":      closureHead + "1,2028-01-01,2029-06-30,\n",
			},
		},
		{
			name: "public holidays have no date", recipe: 2,
			given: map[string]string{"pages/a.json": `{"branchCode": "9", "openingHoursSpecification": {"dayOfWeek": "PublicHolidays", "opens": "10:00", "closes": "12:00"}}`},
			fault: `store 9: dayOfWeek "PublicHolidays" is no weekday`,
		},
		{
			name: "special hours without an end", recipe: 2,
			given: map[string]string{"pages/a.json": `{"branchCode": "9", "specialOpeningHoursSpecification": {"opens": "10:00", "closes": "12:00", "validFrom": "2026-05-01"}}`},
			fault: "store 9: special hours from 2026-05-01 through ? need both dates, at most 366 days",
		},
		{
			name: "a place without an id", recipe: 2,
			given: map[string]string{"pages/a.json": `{"name": "Nine", "openingHoursSpecification": {"opens": "10:00", "closes": "12:00"}}`},
			fault: "pages/a.json: a place with opening hours has no branchCode",
		},
		{
			name: "a time that is missing does not close the store", recipe: 3,
			given: map[string]string{
				"uber/0042.json":                `{"holiday_hours": {"2026-12-25": {"open_time_periods": [{"start_time": "00:00"}]}}}`,
				"uber/8937465527460273651.json": `{"holiday_hours": {"2026-12-25": {"open_time_periods": []}, "2026-12-26": {"open_time_periods": [{"start_time": "00:00", "end_time": "23:59"}]}}}`,
			},
			wants: map[string]string{"special_hours.csv": specialHead + "0042,2026-12-25,,false,00:00,,\n8937465527460273651,2026-12-25,,true,,,\n8937465527460273651,2026-12-26,,false,00:00,23:59,\n"},
		},
		{
			name: "a list of stores, a missing time, and a closed that is missing", recipe: 4,
			given: map[string]string{"doordash_all.json": `[
				{"merchant_supplied_store_id": 8937465527460273651, "open_hours": [{"day_index": "SUN", "end_time": "00:00"}]},
				{"merchant_supplied_store_id": "007", "special_hours": [{"date": "2026-12-24", "start_time": "10:00", "end_time": "14:00"}]}]`},
			wants: map[string]string{
				"menu_hours.csv":    googleHead + "8937465527460273651,6,,00:00\n",
				"special_hours.csv": specialHead + "007,2026-12-24,,,10:00,14:00,\n",
			},
		},
		{
			name: "another name of a weekday", recipe: 4,
			given: map[string]string{"doordash.json": `{"merchant_supplied_store_id": "007", "open_hours": [{"day_index": "Monday", "start_time": "10:00", "end_time": "14:00"}]}`},
			fault: "store 007: day_index Monday is none of MON to SUN",
		},
		{
			name: "CRLF, a mark at the start, a fold inside a letter, escapes, years", recipe: 5,
			given: map[string]string{"holidays.ics": "\ufeffBEGIN:VCALENDAR\r\n" +
				"BEGIN:VTIMEZONE\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n" +
				event("DTSTART;VALUE=DATE:20241231", "DTEND;VALUE=DATE:20260102", "SUMMARY:Fian\xc3\r\n \xa9e \\\\n\\nnew, year") +
				event("dtstart:20240229", "RRULE:FREQ=YEARLY;INTERVAL=1", "SUMMARY:Leap") +
				event("DTSTART:20260101", "DTEND:20260101", "SUMMARY:One day") +
				event("DTSTART:20250501", "RRULE:FREQ=YEARLY;COUNT=2", "SUMMARY:May") +
				event("DTSTART:20200704", "RRULE:FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=4;UNTIL=20260704T120000Z", "SUMMARY:July 4") +
				event("DTSTART:20280101", "SUMMARY:Too late") + "END:VCALENDAR\r\n"},
			wants: map[string]string{"special_hours.csv": specialHead + `*,2024-12-31,2026-01-01,true,,,"Fianée \n new, year"` + "\n*,2026-01-01,,true,,,One day\n*,2026-05-01,,true,,,May\n*,2026-07-04,,true,,,July 4\n"},
		},
		{
			name: "a rule that is not the same date", recipe: 5,
			given: calendar("DTSTART:20261126", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "SUMMARY:Thanks\\, all", "UID:t-1"),
			fault: "event 'Thanks, all' (t-1): RRULE has BYDAY=4TH: only the same date every year is supported",
		},
		{name: "a rule without a frequency", recipe: 5, given: calendar("DTSTART:20261126", "RRULE:COUNT=2"), fault: "RRULE has FREQ=: only the same date"},
		{name: "an event with a time", recipe: 5, given: calendar("DTSTART:20261126T100000Z"), fault: "DTSTART is '20261126T100000Z', not a date such as 20261225"},
		{name: "an exception", recipe: 5, given: calendar("DTSTART:20261126", "RRULE:FREQ=YEARLY", "EXDATE:20271126"), fault: "EXDATE is not supported"},
		{name: "an end before the start", recipe: 5, given: calendar("DTSTART:20261126", "DTEND:20261125"), fault: "DTEND is before DTSTART"},
		{name: "a duration of hours", recipe: 5, given: calendar("DTSTART:20261126", "DURATION:PT5H"), fault: "DURATION is 'PT5H', not whole days"},
		{name: "half a file", recipe: 5, given: map[string]string{"holidays.ics": "BEGIN:VCALENDAR\n" + event("DTSTART:20261126")}, fault: "holidays.ics: the file ends inside VCALENDAR"},
		{name: "a web page", recipe: 5, given: map[string]string{"holidays.ics": "<html>\n"}, fault: "holidays.ics: not a line of an iCalendar file: <html>"},
		{name: "no holidays", recipe: 5, given: calendar("DTSTART:20301126"), fault: "holidays.ics: no event of whole days in these years"},
		{name: "another encoding", recipe: 5, given: calendar("DTSTART:20261126", "SUMMARY:Fian\xe9e"), fault: "holidays.ics: not UTF-8"},
		{
			name: "blank cells, short months", recipe: 6,
			given: map[string]string{"sheet.csv": "Store,Name,Region,Opening date,Closed from,Closed through,Reason,1 Sep 2026 Labor,\"Dec 5, 2026\"\n0000007,Seven, , , , , , ,9:30 - 24:00 \n"},
			wants: map[string]string{
				"stores.csv":        "store_id,name,opens_on,region\n0000007,Seven,,\n",
				"closures.csv":      closureHead,
				"special_hours.csv": specialHead + "0000007,2026-12-05,,false,9:30,24:00,\n",
			},
		},
		{
			name: "a header whose day and month look alike", recipe: 6,
			given: map[string]string{"sheet.csv": "Store,Name,Region,Opening date,Closed from,Closed through,Reason,5/1/2026\n7,Seven,,,,,,closed\n"},
			fault: "column 5/1/2026: 5/1/2026 is no date such as 2026-12-25",
		},
		{
			name: "a cell in words", recipe: 6,
			given: map[string]string{"sheet.csv": "Store,Name,Region,Opening date,Closed from,Closed through,Reason,2026-05-01\n7,Seven,,,,,,ask Joe\n"},
			fault: "store 7, column 2026-05-01: ask joe is not closed, open 24 hours, or hours such as 10:00-14:00",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			written, fault := recipes[c.recipe-1].run(t, c.given)
			if !strings.Contains(fault, c.fault) || (fault == "") != (c.fault == "") {
				t.Errorf("fails with %q, not %q", fault, c.fault)
			}
			if diff := cmp.Diff(c.wants, written); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func event(lines ...string) string {
	return "BEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\n"
}

func calendar(lines ...string) map[string]string {
	return map[string]string{"holidays.ics": "BEGIN:VCALENDAR\r\n" + event(lines...) + "END:VCALENDAR\r\n"}
}
