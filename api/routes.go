package api

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"openhours/analytics/ingest"
	"openhours/analytics/report"
)

// route is one path and method: what serves it, and its entry in openapi.json. Both come from the
// one table below, so that neither can lack what the other has.
type route struct {
	method, path string // a path as OpenAPI writes it: /reports/{id}
	scope        scope
	handler      fiber.Handler
	timeout      time.Duration // 0: handleTimeout
	summary      string
	query        []parameter
	headers      []parameter
	body         any            // an example value of the JSON body, or a media type
	answers      map[int]answer // in addition to the problems that every route can answer
	problems     []int
	page         bool // of the dashboard
}

// parameter is one of a query or a header.
type parameter struct {
	name, about string
	kind        string // string, integer or boolean
	values      []string
	least, most int // of an integer
	required    bool
	repeated    bool // it may be given any number of times
}

// answer is a status with its body: a value of the type that is sent, or media types.
type answer struct {
	about string
	json  any
	media []string
}

// isOfReport reports whether a path leads to a report or to what it has.
func (r route) isOfReport() bool { return strings.HasPrefix(r.path, "/api/v1/reports/{id}") }

// onlyJSON reports whether every answer is JSON, which is worth compressing; files are served otherwise.
func (r route) onlyJSON() bool {
	for _, a := range r.answers {
		if a.json == nil || a.media != nil {
			return false
		}
	}
	return true
}

// pathValue is a part of the path, as it was before it was escaped.
func pathValue(c *fiber.Ctx, name string) string {
	if latest, ok := c.Locals(latestID).(string); ok && c.Params(name) == latestID && (name == "id" || name == "other") {
		return latest
	}
	text, err := url.PathUnescape(c.Params(name))
	if err != nil {
		return c.Params(name) // nothing has such a name
	}
	return text
}

var pathParameter = regexp.MustCompile(`\{([a-z]+)\}`)

// pattern writes a path as Fiber does.
func (r route) pattern() string { return pathParameter.ReplaceAllString(r.path, ":$1") }

func (s *Server) table() []route {
	const reports, data = "/api/v1/reports", "/api/v1/data"
	key := parameter{name: "Idempotency-Key", about: "a repeated request with the same key returns the same report", kind: "string"}
	excel := parameter{name: "excel", about: "CSV for spreadsheets: with a UTF-8 byte order mark, and an apostrophe before cells that would run as formulas", kind: "boolean"}
	storeID := parameter{name: "store_id", about: "id or exact name of the store", kind: "string", required: true}
	files := []string{"text/csv", parquetType, "application/vnd.apache.arrow.stream", fiber.MIMEApplicationJSON}
	digests := []parameter{{name: contentDigest, about: "digest of the body (RFC 9530), sha-256 or sha-512; a body that does not fit is refused", kind: "string"},
		{name: reprDigest, about: "the same; bodies have no content coding here", kind: "string"}}
	acceptedAnswer := map[int]answer{202: {about: "accepted, or an identical report exists (reused)", json: accepted{}}}
	byAttribute := []parameter{{name: "attribute", about: "one of `attributes` of the report, exactly as written: only stores with this value", kind: "string"},
		{name: "value", about: "of the attribute; without it, the stores that have none", kind: "string"}}
	csvFile, csvProblems := map[int]answer{200: {about: "the file", media: []string{"text/csv"}}}, []int{400, 404, 409, 503}
	chosen := []parameter{{name: "window", about: "name of a window; default: the report's last one", kind: "string"},
		{name: "sort", about: "column to sort by", kind: "string", values: report.SortColumns()},
		{name: "order", about: "sort order", kind: "string", values: []string{"asc", "desc"}},
		{name: "search", about: "part of a store id, a name or an attribute's value in any case, or several ids between commas, blanks or line ends, exactly as written", kind: "string"},
		{name: "zone", about: "only stores in this time zone", kind: "string"},
		{name: "status", about: aboutStatuses(), kind: "string", values: report.StatusNames()},
		{name: "attribute", about: "attributes of the report, exactly as written: only stores with the value of each", kind: "string", repeated: true},
		{name: "value", about: "values of the attributes, in the same order; an empty one finds stores without a value; with a single attribute, it may be left out", kind: "string", repeated: true},
		{name: "verdict", about: "only stores with this verdict on their target", kind: "string", values: report.Verdicts()}}
	compared := []parameter{chosen[0], byAttribute[0], byAttribute[1], {name: "only", about: "only stores that differ in this way", kind: "string", values: report.DiffKindNames()}}
	ofGroups := []parameter{{name: "attribute", about: "one of `attributes` of the report that is grouped, exactly as written", kind: "string", required: true},
		{name: "value", about: "only the group with this value; empty: that of the stores without one", kind: "string"}, chosen[0],
		{name: "sort", about: "column to sort by", kind: "string", values: report.GroupColumns()}, chosen[2]}
	partOfTimeline := []parameter{{name: "from", about: "an instant: what ends before it is left out; `next` of the answer gives the next page", kind: "string"},
		{name: "limit", about: "rows of each list", kind: "integer", least: 1, most: mostTimelineRows}}
	paged := []parameter{{name: "limit", about: "page size", kind: "integer", least: 1, most: 1000},
		{name: "offset", about: "rows to skip", kind: "integer", least: 0, most: 100_000_000}}
	states := []string{"queued", "running", "complete", "failed", "cancelled"}
	return append(s.pages(), []route{
		{method: "POST", path: "/trigger_report", scope: changing, handler: s.postReport, summary: "Request a report", headers: append(slices.Clone(digests), key),
			body: submission{}, answers: acceptedAnswer, problems: []int{400, 408, 409, 413, 415, 422, 503, 507}},
		{method: "GET", path: "/get_report", scope: reading, handler: s.getReportCSV, summary: "Poll a report: Running, then the file",
			query: []parameter{{name: "report_id", about: "the id that trigger_report returned", kind: "string", required: true},
				{name: "format", about: "format of the finished report; without it the Accept header decides, then csv", kind: "string", values: []string{"csv", "parquet", "json"}}, excel},
			answers: map[int]answer{200: {about: "the state as JSON while the report is queued or running, then the file", json: poll{}, media: []string{"text/csv", parquetType}},
				206: {about: "the requested range", media: []string{"text/csv", parquetType}}, 304: {about: "not modified"}}, problems: []int{400, 404, 409, 416, 503}},
		{method: "POST", path: reports, scope: changing, handler: s.postReport, summary: "Request a report", headers: append(slices.Clone(digests), key),
			body: submission{}, answers: acceptedAnswer, problems: []int{400, 408, 409, 413, 415, 422, 503, 507}},
		{method: "GET", path: reports, scope: reading, handler: s.listReports, summary: "List reports, newest first",
			query: []parameter{{name: "state", about: "only reports in this state", kind: "string", values: states},
				{name: "cursor", about: "`next` of the previous page", kind: "string"}, {name: "limit", about: "page size", kind: "integer", least: 1, most: 500}},
			answers: map[int]answer{200: {about: "a page", json: reportList{}}}, problems: []int{400}},
		{method: "GET", path: reports + "/{id}", scope: reading, handler: s.getReport, summary: "State, progress, parameters and quality of a report",
			answers: map[int]answer{200: {about: "the report", json: reportView{}}}, problems: []int{404}},
		{method: "PATCH", path: reports + "/{id}", scope: changing, handler: s.patchReport, summary: "Name, annotate or pin a report; what is left out stays", headers: digests,
			body: labelChange{}, answers: map[int]answer{200: {about: "the report", json: reportView{}}}, problems: []int{400, 404, 408, 409, 413, 415, 507}},
		{method: "DELETE", path: reports + "/{id}", scope: changing, handler: s.deleteReport, summary: "Cancel a queued or running report, or remove a finished one",
			answers: map[int]answer{200: {about: "cancelled", json: reportView{}}, 204: {about: "removed"}}, problems: []int{400, 404}},
		{method: "GET", path: reports + "/{id}/stores", scope: reading, handler: s.listStores, summary: "Measures of the stores in one window",
			query:   append(slices.Clone(chosen), paged...),
			answers: map[int]answer{200: {about: "a page", json: storePage{}}}, problems: []int{400, 404, 409}},
		{method: "GET", path: reports + "/{id}/stores.csv", scope: reading, handler: s.exportStores, summary: "All pages of the stores as one CSV file",
			query: append(slices.Clone(chosen), excel), answers: csvFile, problems: csvProblems},
		{method: "GET", path: reports + "/{id}/attributes", scope: reading, handler: s.listAttributes, summary: "The attributes of the stores and their values",
			query:   []parameter{{name: "limit", about: "values of each attribute, those of most stores first", kind: "integer", least: 1, most: 1000}},
			answers: map[int]answer{200: {about: "the attributes", json: attributeList{}}}, problems: []int{400, 404, 409}},
		{method: "GET", path: reports + "/{id}/outages.csv", scope: reading, handler: s.exportOutages, summary: "The outages as a CSV file",
			query: []parameter{{name: "store_id", about: "only those of this store, given by its id or exact name", kind: "string"},
				{name: "window", about: "only those that overlap this window, with their whole length; default: all", kind: "string"}, byAttribute[0], byAttribute[1],
				{name: "new", about: "only those that the report before did not know of, as in went_down of …/attention", kind: "boolean"}, excel},
			answers: csvFile, problems: csvProblems},
		{method: "GET", path: reports + "/{id}/days.csv", scope: reading, handler: s.exportDays, summary: "The fleet, or the groups of an attribute, by local date as a CSV file",
			query: []parameter{{name: "attribute", about: "one that is grouped; without it, the fleet", kind: "string"}, excel}, answers: csvFile, problems: csvProblems},
		{method: "GET", path: reports + "/{id}/zones.csv", scope: reading, handler: s.exportZones, summary: "The zones as a CSV file",
			query: []parameter{chosen[0], excel}, answers: csvFile, problems: csvProblems},
		{method: "GET", path: reports + "/{id}/zones", scope: reading, handler: s.listZones, summary: "Measures of one window by time zone",
			query: chosen[:1], answers: map[int]answer{200: {about: "the zones, most downtime first", json: zoneList{}}}, problems: []int{400, 404, 409}},
		{method: "GET", path: reports + "/{id}/groups", scope: reading, handler: s.listGroups, summary: "Measures of one window by the values of an attribute of the stores",
			query: append(slices.Clone(ofGroups), paged...), answers: map[int]answer{200: {about: "a page", json: groupPage{}}}, problems: []int{400, 404, 409}},
		{method: "GET", path: reports + "/{id}/groups.csv", scope: reading, handler: s.exportGroups, summary: "All pages of the groups as one CSV file",
			query: append(slices.Clone(ofGroups), excel), answers: csvFile, problems: csvProblems},
		{method: "GET", path: reports + "/{id}/group_days", scope: reading, handler: s.listGroupDays, summary: "Sums by local date of the values of an attribute of the stores",
			query: append(slices.Clone(ofGroups[:2]), parameter{name: "limit", about: "page size", kind: "integer", least: 1, most: 10_000},
				parameter{name: "offset", about: "rows before the page", kind: "integer", least: 0, most: 100_000_000}),
			answers: map[int]answer{200: {about: "a page, by value and date", json: groupDayPage{}}}, problems: []int{400, 404, 409}},
		{method: "GET", path: reports + "/{id}/attention", scope: reading, handler: s.getAttention, summary: "What matters first: the stores that are down now, down throughout, unknown, closed by plan or worst, and what went down or is up again since the report before",
			query: []parameter{chosen[0], {name: "attribute", about: "only the stores with one value of this attribute, one that is grouped", kind: "string"}, byAttribute[1],
				{name: "limit", about: "rows of each list", kind: "integer", least: 1, most: 1000}},
			answers: map[int]answer{200: {about: "the lists", json: attentionView{}}}, problems: []int{400, 404, 409}},
		{method: "GET", path: reports + "/{id}/trend", scope: reading, handler: s.getTrend, summary: "The fleet in this report and earlier ones with the same parameters, in time order",
			query:   []parameter{{name: "limit", about: "page size; the latest reports", kind: "integer", least: 1, most: 500}},
			answers: map[int]answer{200: {about: "a point for each as_of", json: trendList{}}}, problems: []int{400, 404, 409}},
		{method: "GET", path: reports + "/{id}/diff/{other}", scope: reading, handler: s.getDiff, summary: "Differences between two reports, largest change of downtime first",
			query: append(slices.Clone(compared), paged...), answers: map[int]answer{200: {about: "a page", json: diffView{}}}, problems: []int{400, 404, 409}},
		{method: "GET", path: reports + "/{id}/diff/{other}/stores.csv", scope: reading, handler: s.exportDiff, summary: "All pages of the stores that differ as one CSV file",
			query: append(slices.Clone(compared), excel), answers: csvFile, problems: csvProblems},
		{method: "GET", path: reports + "/{id}/stores/{store}", scope: reading, handler: s.getStore, summary: "Measures and outages of one store",
			answers: map[int]answer{200: {about: "the store", json: storeView{}}}, problems: []int{404, 409}},
		{method: "GET", path: reports + "/{id}/stores/{store}/timeline", scope: reading, handler: s.getTimeline, summary: "Why a store has its numbers: sessions, evidence, and each stretch of time with its rule",
			query:   partOfTimeline,
			answers: map[int]answer{200: {about: "the explanation", json: timelineView{}}}, problems: []int{404, 409, 504}},
		{method: "GET", path: reports + "/{id}/store", scope: reading, handler: s.getStore, summary: "The same as /stores/{store}, for ids that a path cannot hold: . and ..",
			query: []parameter{storeID}, answers: map[int]answer{200: {about: "the store", json: storeView{}}}, problems: []int{400, 404, 409}},
		{method: "GET", path: reports + "/{id}/store/timeline", scope: reading, handler: s.getTimeline, summary: "The same as /stores/{store}/timeline, for ids that a path cannot hold: . and ..",
			query: append(slices.Clone(partOfTimeline), storeID), answers: map[int]answer{200: {about: "the explanation", json: timelineView{}}}, problems: []int{400, 404, 409, 504}},
		{method: "GET", path: reports + "/{id}/{file}", scope: reading, handler: s.getFile, summary: "Download report.csv, report.parquet, outages.parquet, stores.parquet, groups.parquet, targets.parquet, group_days.parquet, days.parquet, hours.parquet, rejects.csv, report.json or report.arrow",
			query: []parameter{excel}, answers: map[int]answer{200: {about: "the file", media: files}, 206: {about: "the requested range", media: files}, 304: {about: "not modified"}},
			problems: []int{400, 404, 409, 416, 503}},
		{method: "GET", path: data, scope: reading, handler: s.getData, summary: "Check the data folder: its files, newest observation and findings",
			answers: map[int]answer{200: {about: "files, newest observation and findings", json: report.Check{}}}, problems: []int{409, 504}},
		{method: "GET", path: data + "/files", scope: reading, handler: s.listData, summary: "List the files of the data folder without reading them",
			answers: map[int]answer{200: {about: "the files", json: fileList{}}}, problems: []int{409}},
		{method: "GET", path: data + "/sets", scope: reading, handler: s.listSets, summary: "The data sets: names, columns and their meaning, with an example of each",
			answers: map[int]answer{200: {about: "the sets, the one that a report needs first", json: setList{}}}},
		{method: "GET", path: data + "/sets/{set}/template.csv", scope: reading, handler: s.getTemplate, summary: "An example file of a set: its header and a few rows",
			answers: map[int]answer{200: {about: "the file", media: []string{"text/csv"}}}, problems: []int{404}},
		{method: "POST", path: data + "/recognise", scope: changing, handler: s.recogniseData, timeout: uploadTimeout, summary: "Identify the set of a file by its columns, whatever its name; nothing is stored",
			query:   []parameter{{name: "file", about: "name of the file; its ending gives the format", kind: "string", required: true}},
			headers: digests, body: "application/octet-stream", answers: map[int]answer{200: {about: "the set, or empty if none fits, and the columns", json: ingest.Recognised{}}},
			problems: []int{400, 408, 413, 422, 503, 504, 507}},
		{method: "PUT", path: data + "/{set}/{file}", scope: changing, handler: s.putData, timeout: uploadTimeout, summary: "Upload a CSV or Parquet file of a set; it is checked before it is stored",
			query: []parameter{{name: "dry_run", about: "check the file without storing it", kind: "boolean"},
				{name: "max_rejects", about: "store the file if at most this many rows are rejected", kind: "integer", least: 0, most: 1_000_000_000}},
			headers: digests, body: "application/octet-stream", answers: map[int]answer{200: {about: "replaced an existing file, or only checked", json: ingest.Upload{}}, 201: {about: "stored", json: ingest.Upload{}}},
			problems: []int{400, 408, 409, 413, 422, 503, 504, 507}},
		{method: "DELETE", path: data + "/{set}/{file}", scope: changing, handler: s.deleteData, summary: "Delete a file of a set; until the next report it can be restored",
			answers: map[int]answer{204: {about: "removed"}}, problems: []int{400, 404, 409, 503}},
		{method: "GET", path: "/api/v1/session", handler: s.getSession, summary: "Whether this server has tokens, and what this client may do",
			answers: map[int]answer{200: {about: "what the client may do", json: session{}}}, problems: []int{429}},
		{method: "POST", path: "/api/v1/session", handler: s.postSession, summary: "Sign in a browser: a cookie takes the place of the token for 30 days", headers: digests,
			body: credentials{}, answers: map[int]answer{200: {about: "signed in", json: session{}}}, problems: []int{400, 401, 403, 408, 413, 415, 429}},
		{method: "DELETE", path: "/api/v1/session", handler: s.deleteSession, summary: "Sign out: the browser forgets its cookie",
			answers: map[int]answer{204: {about: "signed out"}}, problems: []int{403}},
		{method: "POST", path: data + "/{set}/{file}/restore", scope: changing, handler: s.restoreData, summary: "Bring back a deleted file, until the next report",
			answers: map[int]answer{204: {about: "restored"}}, problems: []int{400, 404, 409, 503}},
		{method: "GET", path: "/healthz", handler: s.getHealth, summary: "Liveness", answers: map[int]answer{200: {about: "the process answers", json: map[string]string{}}}},
		{method: "GET", path: "/readyz", handler: s.getReady, summary: "Readiness of folders and engines",
			answers: map[int]answer{200: {about: "everything is ready", json: readiness{}}, 503: {about: "at least one check failed", json: readiness{}}}},
		{method: "GET", path: "/metrics", scope: reading, handler: s.getMetrics, summary: "Prometheus metrics", answers: map[int]answer{200: {about: "Prometheus text format", media: []string{"text/plain"}}}},
		{method: "GET", path: "/openapi.json", handler: s.getOpenAPI, summary: "This API as OpenAPI", answers: map[int]answer{200: {about: "OpenAPI 3.1", json: map[string]any{}}}},
		{method: "GET", path: "/docs", handler: s.getDocs, summary: "This API as a page", answers: map[int]answer{200: {about: "a page", media: []string{"text/html"}}}},
	}...)
}

// aboutStatuses explains the values of status.
func aboutStatuses() string {
	var all []string
	for _, status := range report.StoreStatuses() {
		all = append(all, status.Name+": "+status.About)
	}
	return strings.Join(all, "; ")
}
