package pipeline

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/input"
	"openhours/analytics/params"
)

// soundWorld is what the checks look at where nothing is wrong, at the edge of it: store 1 was up all
// of last_hour; in last_day all is known and its longest outage ended; store 2 was never seen.
const soundWorld = `
CREATE OR REPLACE TEMP TABLE stores AS SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v(store_no, store_id);
CREATE OR REPLACE TEMP TABLE windows AS SELECT * FROM (VALUES (1, 3000, 10000), (2, 10000, 10000)) AS v(window_no, length_us, end_us);
CREATE OR REPLACE TEMP TABLE params AS SELECT 60 AS join_gap_us, 10000 AS as_of_us;
CREATE OR REPLACE TEMP TABLE joined_sessions AS SELECT * FROM (VALUES (1, 0, 1000), (1, 1061, 2000), (2, 1000, 5000)) AS v(store_no, opens_us, closes_us);
CREATE OR REPLACE TEMP TABLE sessions AS SELECT *, lag(closes_us) OVER (PARTITION BY store_no ORDER BY opens_us) AS prev_closes_us FROM joined_sessions;
CREATE OR REPLACE TEMP TABLE outage_list AS SELECT * FROM (VALUES (1, 500), (1, 700)) AS v(store_no, open_us);
CREATE TEMP TABLE store_windows AS SELECT s.store_no, w.window_no, w.end_us - w.length_us AS start_us, w.end_us FROM stores AS s CROSS JOIN windows AS w;
CREATE TEMP TABLE store_spans AS SELECT store_no, min(start_us) AS start_us, max(end_us) AS end_us, max(window_no) AS window_no FROM store_windows GROUP BY store_no;
CREATE OR REPLACE TEMP TABLE measures AS SELECT * FROM (VALUES
    (1, 1, 3000, 3000,    0,    0, 3000, 3000, 3000, 0, 3, 0),
    (1, 2, 9000, 7800, 1200,    0, 7800, 7800,    0, 0, 9, 2),
    (2, 1,    0,    0,    0,    0,    0,    0,    0, 0, 0, 0),
    (2, 2, 4000,    0,    0, 4000,    0, 4000,    0, 7, 0, 0))
    AS v(store_no, window_no, open_us, uptime_us, downtime_us, unknown_us, uptime_min_us, uptime_max_us, covered_us, planned_us, observations, outages);
CREATE OR REPLACE TEMP TABLE group_attributes AS SELECT * FROM (VALUES ('brand', true), ('phone', false)) AS v(attribute, makes_groups);
CREATE OR REPLACE TEMP VIEW sound_groups AS SELECT 'brand' AS attribute, CASE store_no WHEN 1 THEN 'A' ELSE '' END AS value, * EXCLUDE (store_no), 1 AS stores,
    CAST(open_us > 0 AS INTEGER) AS stores_open, CAST(open_us > 0 AND unknown_us = open_us AS INTEGER) AS stores_unknown FROM measures;
CREATE OR REPLACE TEMP VIEW group_measures AS FROM sound_groups;
CREATE OR REPLACE TEMP VIEW time_parts AS SELECT store_no, part, certain, 0 AS starts_us, abs(part_us) AS ends_us, sign(part_us) AS sign FROM (
    SELECT store_no, unnest([
        {'part': 'open', 'certain': '', 'part_us': open_us}, {'part': 'down', 'certain': 'up', 'part_us': downtime_us},
        {'part': 'unknown', 'certain': 'up', 'part_us': unknown_us}, {'part': 'planned', 'certain': '', 'part_us': planned_us},
        {'part': 'up', 'certain': 'no', 'part_us': uptime_max_us - uptime_min_us}, {'part': 'up', 'certain': 'down', 'part_us': open_us - uptime_max_us},
        {'part': 'uncovered', 'certain': '', 'part_us': open_us - covered_us}], recursive := true) FROM measures WHERE window_no = 2);
CREATE OR REPLACE TEMP VIEW counted_observations AS SELECT store_no, 0 AS observed_us, observations AS instants FROM measures WHERE window_no = 2;
CREATE OR REPLACE TEMP VIEW sound_days AS SELECT *, 5 AS day_no, 7 AS hour, true AS in_last_week FROM measures WHERE window_no = 2
    UNION ALL BY NAME SELECT store_no, 5 AS day_no, 0 AS open_us, 0 AS downtime_us, 0 AS unknown_us, 0 AS uptime_min_us, 0 AS uptime_max_us, 0 AS covered_us,
        0 AS planned_us, 0 AS observations FROM stores WHERE store_no NOT IN (SELECT store_no FROM measures);
CREATE OR REPLACE TEMP VIEW day_measures AS FROM sound_days;
CREATE OR REPLACE TEMP VIEW hour_measures AS FROM day_measures;
CREATE OR REPLACE TEMP VIEW fleet_hours AS FROM sound_days;
`

// spansWithoutWindow has no window last as long as a store's span, whose measures are those of its dates.
const spansWithoutWindow = "UPDATE store_spans SET end_us = 9999, window_no = NULL;"

// TestChecks breaks one thing at a time, by one microsecond or one row, and wants the checks that
// look at it to say so, and no other.
func TestChecks(t *testing.T) {
	type breach struct {
		broken string
		want   map[string]int // the rows that each check finds
	}
	breaches := map[string]breach{
		"sound":                        {"", map[string]int{}},
		"least_over_what_may_be_up":    {"UPDATE measures SET uptime_min_us = 7801, uptime_max_us = 7802 WHERE store_no = 1 AND window_no = 2", map[string]int{"bounds": 1}},
		"uptime_over_most":             {"UPDATE measures SET uptime_min_us = 7700, uptime_max_us = 7799 WHERE store_no = 1 AND window_no = 2", map[string]int{"bounds": 1}},
		"least_over_most":              {"UPDATE measures SET uptime_min_us = 2000, uptime_max_us = 1999 WHERE store_no = 2 AND window_no = 2", map[string]int{"bounds": 1}},
		"most_over_open":               {"UPDATE measures SET uptime_max_us = 4001 WHERE store_no = 2 AND window_no = 2", map[string]int{"bounds": 1}},
		"covered_over_open":            {"UPDATE measures SET covered_us = 4001 WHERE store_no = 2 AND window_no = 2", map[string]int{"bounds": 1}},
		"negative_covered":             {"UPDATE measures SET covered_us = -1 WHERE store_no = 2 AND window_no = 2", map[string]int{"bounds": 1}},
		"negative_least":               {"UPDATE measures SET uptime_min_us = -1 WHERE store_no = 2", map[string]int{"bounds": 2}},
		"negative_uptime":              {"UPDATE measures SET uptime_us = -1, unknown_us = 4001, uptime_min_us = 0 WHERE store_no = 2 AND window_no = 2", map[string]int{"bounds": 1}},
		"negative_downtime":            {"UPDATE measures SET downtime_us = -1, unknown_us = 4001 WHERE store_no = 2 AND window_no = 2", map[string]int{"bounds": 1}},
		"negative_unknown":             {"UPDATE measures SET uptime_us = 7801, unknown_us = -1, uptime_max_us = 7801, uptime_min_us = 7800 WHERE store_no = 1 AND window_no = 2", map[string]int{"bounds": 1}},
		"time_lost":                    {"UPDATE measures SET unknown_us = 3999 WHERE store_no = 2 AND window_no = 2", map[string]int{"conservation": 1}},
		"uptime_lost":                  {"UPDATE measures SET uptime_us = 2999, uptime_min_us = 2999 WHERE store_no = 1 AND window_no = 1", map[string]int{"conservation": 1}},
		"time_twice":                   {"UPDATE measures SET downtime_us = 1 WHERE store_no = 1 AND window_no = 1", map[string]int{"conservation": 1}},
		"window_missing":               {"DELETE FROM measures WHERE store_no = 1 AND window_no = 1", map[string]int{"one_row_per_store_and_window": 1}},
		"store_missing":                {"DELETE FROM measures WHERE store_no = 2", map[string]int{"one_row_per_store_and_window": 1}},
		"window_twice":                 {"INSERT INTO measures SELECT * FROM measures WHERE store_no = 1 AND window_no = 1", map[string]int{"one_row_per_store_and_window": 1}},
		"outage_too_short":             {"UPDATE outage_list SET open_us = 699 WHERE open_us = 700", map[string]int{"outages_are_downtime": 1}},
		"downtime_without_outage":      {"DELETE FROM outage_list", map[string]int{"outages_are_downtime": 1}},
		"outage_without_downtime":      {"INSERT INTO outage_list VALUES (2, 1)", map[string]int{"outages_are_downtime": 1}},
		"sessions_join_gap_apart":      {"UPDATE joined_sessions SET opens_us = 1060 WHERE opens_us = 1061", map[string]int{"sessions_apart": 1}},
		"sessions_overlap":             {"UPDATE sessions SET opens_us = 999 WHERE opens_us = 1061", map[string]int{"sessions_disjoint": 1}},
		"sessions_without_length":      {"UPDATE sessions SET closes_us = 1061 WHERE opens_us = 1061", map[string]int{"sessions_disjoint": 1}},
		"open_for_longer_than_window":  {"UPDATE measures SET open_us = 3001, unknown_us = 1 WHERE store_no = 1 AND window_no = 1", map[string]int{"window_lengths": 1}},
		"open_for_the_whole_of_window": {"UPDATE measures SET open_us = 10000, unknown_us = 1000 WHERE store_no = 1 AND window_no = 2", map[string]int{}},
		"group_missing":                {"CREATE OR REPLACE TEMP VIEW group_measures AS FROM sound_groups WHERE value <> ''", map[string]int{"groups_are_the_fleet": 2}},
		"attribute_missing":            {"UPDATE group_attributes SET makes_groups = true", map[string]int{"groups_are_the_fleet": 2}},
	}
	for _, column := range []string{"stores", "stores_open", "stores_unknown", "open_us", "uptime_us", "downtime_us", "unknown_us", "uptime_min_us",
		"uptime_max_us", "covered_us", "planned_us", "observations", "outages"} {
		breaches["group_with_other_"+column] = breach{fmt.Sprintf("CREATE OR REPLACE TEMP VIEW group_measures AS SELECT * REPLACE "+
			"(%s + CAST(value = 'A' AND window_no = 2 AS INTEGER) AS %s) FROM sound_groups", column, column), map[string]int{"groups_are_the_fleet": 1}}
	}
	for _, column := range []string{"open_us", "downtime_us", "unknown_us", "uptime_min_us", "uptime_max_us", "covered_us", "planned_us", "observations"} {
		for relation, want := range map[string]map[string]int{
			"fleet_hours": {"fleet_hours_are_the_fleet": 1}, "hour_measures": {"hours_add_up_to_their_date": 1},
			"day_measures": {"dates_add_up_to_the_span": 1},
		} {
			if relation == "fleet_hours" && column == "observations" {
				continue // which the fleet's hours do not have
			}
			broken := fmt.Sprintf("CREATE OR REPLACE TEMP VIEW %s AS SELECT * REPLACE (%s + CAST(store_no = 1 AS INTEGER) AS %s) FROM sound_days", relation, column, column)
			breaches[relation+"_with_other_"+column] = breach{broken, want}
			if relation == "day_measures" {
				breaches["span_without_window_and_other_"+column] = breach{spansWithoutWindow + broken, want}
			}
		}
	}
	breaches["store_without_dates"] = breach{"CREATE OR REPLACE TEMP VIEW day_measures AS FROM sound_days WHERE store_no = 1",
		map[string]int{"dates_add_up_to_the_span": 1}}
	breaches["span_without_window"] = breach{spansWithoutWindow, map[string]int{}}
	breaches["span_without_window_and_dates"] = breach{spansWithoutWindow + "CREATE OR REPLACE TEMP VIEW day_measures AS FROM sound_days WHERE store_no = 1",
		map[string]int{"dates_add_up_to_the_span": 1}}
	breaches["date_without_hours"] = breach{"CREATE OR REPLACE TEMP VIEW hour_measures AS FROM sound_days WHERE store_no = 1", map[string]int{"hours_add_up_to_their_date": 1}}
	for name, c := range breaches {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j, err := New(t.Context(), Engines{DuckDB: enginetest.New(t, t.TempDir(), 1)}, Request{Data: ".", Parameters: params.Parameters{AsOf: "2024-10-07 10:00:00 UTC", By: "hour"}, Now: enginetest.Now})
			if err != nil {
				t.Fatal(err)
			}
			defer j.Close()
			j.hasGroups = true
			if err := j.Read(t.Context(), func() error { return nil }); err != nil {
				t.Fatal(err)
			}
			for _, statement := range strings.Split(soundWorld+c.broken, ";") {
				if strings.TrimSpace(statement) == "" {
					continue
				}
				if err := j.DB().Exec(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			if err := j.DB().ExecFile(t.Context(), "models/measures/59_span_measures.sql"); err != nil {
				t.Fatal(err)
			}
			checks, err := j.queries("checks")
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]int{}
			for _, check := range checks {
				var rows int
				if err := j.Backend.Querier().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM ("+check.text+")").Scan(&rows); err != nil {
					t.Fatal(err)
				}
				if rows > 0 {
					got[strings.TrimSuffix(strings.TrimPrefix(check.file, "checks/"), ".sql")] = rows
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			err = j.runChecks(t.Context())
			if (err == nil) != (len(c.want) == 0) {
				t.Errorf("the checks end with %v", err)
			}
			for check := range c.want {
				if err != nil && !strings.Contains(err.Error(), "checks/"+check+".sql") {
					t.Errorf("%v does not name %s", err, check)
				}
			}
		})
	}
}

// TestWhen wants no header to name in `when` or `unless` what no run can have: its query would never run.
func TestWhen(t *testing.T) {
	words := []string{"date", "hour", "groups", "days", "dated", "versions", "rejected_hours"}
	for _, set := range input.Sets() {
		words = append(words, set.Name)
	}
	err := fs.WalkDir(enginetest.SQL(), ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".sql") {
			return err
		}
		text, err := fs.ReadFile(enginetest.SQL(), file)
		for _, key := range []string{"when", "unless"} {
			for word := range strings.SplitSeq(engine.HeaderLine(string(text), key), ", ") {
				if word != "" && !slices.Contains(words, word) {
					t.Errorf("%s: %s names %q: use one of %v", file, key, word, words)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
