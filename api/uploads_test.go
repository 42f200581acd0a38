package api

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/ingest"
	"openhours/analytics/load"
	"openhours/analytics/queue"
)

func TestUploads(t *testing.T) {
	c := serve(t, func(o *Options, _ *queue.Options) { o.MaxUpload = 1000 })
	path := "/api/v1/data/status/store_status.csv"
	binary := []string{"Content-Type", "application/octet-stream"}
	files := func() []string {
		entries, err := os.ReadDir(filepath.Join(c.dir, "data"))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	checked := c.want(200, c.do("PUT", path+"?dry_run=true", statusCSV, binary...)).text
	if first, last := field[string](t, checked, "first_observation"), field[string](t, checked, "last_observation"); first != "2024-10-07 10:00:00Z" || last != "2024-10-07 11:00:00Z" {
		t.Errorf("the file is said to have observations from %s to %s", first, last)
	}
	if len(files()) != 0 {
		t.Errorf("a dry run left %v", files())
	}
	if r := c.want(201, c.do("PUT", path, statusCSV, binary...)); field[int](t, r.text, "rows") != 2 {
		t.Errorf("got %s", r.text)
	}
	c.want(200, c.do("PUT", path, statusCSV, binary...))
	bad := c.want(422, c.do("PUT", path, statusCSV+"c,off,x\n", binary...))
	if rejects := field[[]load.Reject](t, bad.text, "first_rejects"); len(rejects) != 1 || rejects[0].Line != 4 || rejects[0].File != "store_status.csv" {
		t.Errorf("got %s", bad.text)
	}
	dayFirst := statusCSV + "c,active,13/10/2024 10:00\n"
	if r := c.want(422, c.do("PUT", path, dayFirst, binary...)); !strings.Contains(r.text, "1 of 3 rows are rejected, more than the 0 allowed; store_status.csv: all rejected rows (1) have a date with the day before the month") {
		t.Errorf("got %s", r.text)
	}
	if r := c.want(200, c.do("PUT", path+"?max_rejects=1&dry_run=true", dayFirst, binary...)); !strings.Contains(field[string](t, r.text, "doubt"), "accepted rows (2)") {
		t.Errorf("got %s", r.text)
	}
	if r := c.want(200, c.do("PUT", path+"?max_rejects=1", statusCSV+"c,off,x\n", binary...)); strings.Contains(r.text, `"doubt"`) {
		t.Errorf("got %s", r.text)
	}
	spoilt := strings.ReplaceAll(statusCSV, "\na,", "\n8.50370E+18,")
	if r := c.want(200, c.do("PUT", path+"?dry_run=true", spoilt, binary...)); !strings.Contains(field[string](t, r.text, "doubt"),
		"store_status.csv: 1 × ids in scientific notation, which several stores may share: export ids as text. For example: 8.50370E+18") {
		t.Errorf("got %s", r.text)
	}
	c.want(422, c.do("PUT", path, "not,a,status,file\n", binary...))
	c.want(422, c.do("PUT", path, "", binary...))
	c.want(422, c.do("PUT", "/api/v1/data/status/store_status.parquet", "PAR1 is not enough", binary...))
	c.want(413, c.do("PUT", path, strings.Repeat("x", 1001), binary...))
	if names := files(); !slices.Equal(names, []string{".lock", "store_status.csv"}) {
		t.Errorf("the folder holds %v", names)
	}
	if id := c.report(""); id == "" {
		t.Error("no report of the upload")
	}
	c.want(204, c.do("DELETE", path, ""))
	c.want(409, c.do("GET", "/api/v1/data", ""))
	if err := os.Mkdir(filepath.Join(c.dir, "data", "store_status.csv"), 0o755); err != nil {
		t.Fatal(err)
	}
	if r := c.want(422, c.do("PUT", path, statusCSV, binary...)); !strings.Contains(r.text, "is a folder here") {
		t.Errorf("got %s", r.text)
	}
}

// TestUploadsOfTheCalendar uploads the files of a calendar, downloads what a report makes of them, and deletes them.
// TestRestore brings deleted files back until a report or an upload of the same name.
func TestRestore(t *testing.T) {
	c := serve(t, nil)
	binary := []string{"Content-Type", "application/octet-stream"}
	path := "/api/v1/data/hours/menu_hours.csv"
	const hours = "store_id,day,start_time_local,end_time_local\na,0,09:00,12:00\n"
	lists := func(deleted int, files ...string) {
		t.Helper()
		text := c.want(200, c.do("GET", "/api/v1/data/files", "")).text
		var names []string
		for _, file := range field[[]ingest.DataFile](t, text, "files") {
			names = append(names, file.File)
		}
		if !slices.Equal(names, files) || len(field[[]ingest.DataFile](t, text, "deleted")) != deleted {
			t.Errorf("want %v and %d deleted, got %s", files, deleted, text)
		}
	}
	remove := func() {
		t.Helper()
		c.want(204, c.do("DELETE", path, ""))
		lists(1, "store_status.csv")
	}
	c.want(201, c.do("PUT", "/api/v1/data/status/store_status.csv", statusCSV, binary...))
	c.want(201, c.do("PUT", path, hours, binary...))
	c.want(404, c.do("POST", path+"/restore", ""))
	remove()
	if n := len(field[[]any](t, c.want(200, c.do("GET", "/api/v1/data", "")).text, "unread_files")); n != 0 {
		t.Errorf("%d files are unread: the deleted one is one of them", n)
	}
	c.want(204, c.do("POST", path+"/restore", ""))
	lists(0, "menu_hours.csv", "store_status.csv")

	remove()
	c.want(201, c.do("PUT", path, hours, binary...))
	lists(0, "menu_hours.csv", "store_status.csv")

	remove()
	if err := os.WriteFile(filepath.Join(c.dir, "data", "menu_hours.csv"), []byte(hours), 0o644); err != nil {
		t.Fatal(err)
	}
	if text := c.want(409, c.do("POST", path+"/restore", "")).text; !strings.Contains(text, "menu_hours.csv is there again") {
		t.Error(text)
	}
	c.want(204, c.do("DELETE", path, ""))
	c.report("")
	lists(0, "store_status.csv")
	c.want(404, c.do("POST", path+"/restore", ""))
}

// TestTemplates uploads the template of each set as it is.
func TestTemplates(t *testing.T) {
	c := serve(t, nil)
	for _, set := range field[[]ingest.SetInfo](t, c.want(200, c.do("GET", "/api/v1/data/sets", "")).text, "sets") {
		template := c.want(200, c.do("GET", set.Template, ""))
		header, _, _ := strings.Cut(template.text, "\n")
		for _, column := range set.Columns {
			if column.Meaning == "" || column.Example == "" || !slices.Contains(strings.Split(header, ","), column.Name) {
				t.Errorf("%s: %+v with %s", set.Set, column, header)
			}
		}
		answer := c.want(201, c.do("PUT", "/api/v1/data/"+set.Set+"/"+set.File, template.text, "Content-Type", "application/octet-stream"))
		if field[int](t, answer.text, "rows") == 0 {
			t.Errorf("%s: no row in %s", set.Set, template.text)
		}
		if got := template.Header.Get("Content-Disposition"); got != `attachment; filename="`+set.File+`"` {
			t.Errorf("%s: %s", set.Set, got)
		}
	}
	c.want(200, c.do("GET", "/api/v1/data", ""))
	if text := c.want(404, c.do("GET", "/api/v1/data/sets/menu/template.csv", "")).text; !strings.Contains(text, "status, hours, zones") {
		t.Error(text)
	}
}

func TestUploadsOfTheCalendar(t *testing.T) {
	c := serve(t, nil)
	c.put("store_status.csv", statusCSV)
	if r := c.want(404, c.do("GET", "/api/v1/reports/"+c.report("")+"/stores.parquet", "")); !strings.Contains(r.text, "its data had no file of stores") {
		t.Errorf("got %s", r.text)
	}
	files := map[string]string{
		"stores/stores.csv":               "store_id,name,region,d,words\na,Corner,North,one,two\n",
		"special_hours/special_hours.csv": "store_id,date,closed,name\n*,2024-12-25,yes,Christmas\n",
		"closures/closures.csv":           "store_id,starts_at,ends_at,reason\na,2024-10-07 09:00 UTC,2024-10-07 09:30 UTC,Repair\n",
	}
	for path, text := range files {
		c.want(201, c.do("PUT", "/api/v1/data/"+path, text, "Content-Type", "application/octet-stream"))
	}
	sets := map[string]bool{}
	for _, file := range field[[]map[string]any](t, c.want(200, c.do("GET", "/api/v1/data", "")).text, "inputs") {
		sets[file["set"].(string)] = true
	}
	if len(sets) != 4 {
		t.Errorf("the check has the sets %v", sets)
	}
	report := "/api/v1/reports/" + c.report("")
	if r := c.want(200, c.do("GET", report+"/stores.parquet", "")); !strings.HasPrefix(r.text, "PAR1") {
		t.Error("stores.parquet is no Parquet file")
	}
	for _, path := range []string{"/stores/a", "/stores/a/timeline"} {
		got := field[map[string]string](t, c.want(200, c.do("GET", report+path, "")).text, "attributes")
		if diff := cmp.Diff(map[string]string{"region": "North", "d": "one", "words": "two"}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	timeline := c.want(200, c.do("GET", report+"/stores/a/timeline", "")).text
	if closures := field[[]map[string]any](t, timeline, "closures"); len(closures) != 1 || closures[0]["reason"] != "Repair" {
		t.Errorf("got %v", closures)
	}
	for path := range files {
		c.want(204, c.do("DELETE", "/api/v1/data/"+path, ""))
	}
}
