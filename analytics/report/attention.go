package report

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"

	"openhours/analytics/params"
)

// AttentionQuery asks what of a finished report matters first.
type AttentionQuery struct {
	Window    string
	Attribute string // one that makes groups; "": all stores
	Value     string // of the attribute; "": the stores without one
	Before    string // folder of the report before; "": there is none
	Limit     int    // rows of each list
}

// Attention lists the stores that somebody may have to act on. Those that nobody can act on in the same way stand apart: a
// store that is down throughout the window would fill every other list.
type Attention struct {
	DownNow    AttentionList  `json:"down_now"`    // down and open at as_of, but for those of down_whole
	WentDown   *AttentionList `json:"went_down"`   // the outages since the report before, which did not know of them; null without one
	Recovered  *AttentionList `json:"recovered"`   // down when last open in the report before, and not in this one; null without one
	DownWhole  AttentionList  `json:"down_whole"`  // down in all their open time in the window
	Unknown    AttentionList  `json:"unknown"`     // open in the window, and nothing known of it
	PlannedNow AttentionList  `json:"planned_now"` // a planned closure takes all the time up to as_of
	Planned    AttentionList  `json:"planned"`     // a planned closure takes open time of the window
	Worst      AttentionList  `json:"worst"`       // most downtime in the window, but for those of down_whole
}

// AttentionList is the first rows of a list, and how many it has: each is a store, but for went_down, where each is an outage.
type AttentionList struct {
	Total      int64            `json:"total"`
	StoreCount int64            `json:"store_count"` // different ones
	Stores     []AttentionStore `json:"stores"`
}

// AttentionStore is a store with what its list is about, and its measures in the window.
type AttentionStore struct {
	StoreID        string   `json:"store_id"`
	Name           string   `json:"name,omitempty"`
	SharesName     bool     `json:"shares_name,omitempty"` // another store of the report has the same name
	Timezone       string   `json:"timezone"`
	Since          *string  `json:"since"`                    // down since then, or until then if it recovered; null where the list is about neither
	Until          *string  `json:"until"`                    // the end of an outage of went_down; null if it goes on
	WasDownUntil   *string  `json:"was_down_until,omitempty"` // of recovered: until when the report before has it down
	Seconds        float64  `json:"seconds"`                  // down, unknown or planned in the window, as the list is about; open time of the outage in down_now and went_down
	OpenSeconds    float64  `json:"open_seconds"`
	UptimeSeconds  float64  `json:"uptime_seconds"`
	DownSeconds    float64  `json:"downtime_seconds"`
	UnknownSeconds float64  `json:"unknown_seconds"`
	UptimeRatio    *float64 `json:"uptime_ratio"`
	Outages        int64    `json:"outages"`
	LongestSeconds float64  `json:"longest_outage_seconds"`
}

// attentionList is one list: its rows, what it says of each, and which of them come first.
type attentionList struct {
	rows, since, until, seconds, first string
	list                               *AttentionList
}

func (a *Attention) lists(isFirst bool) []attentionList {
	const whole = "(open_seconds > 0 AND downtime_seconds = open_seconds)"
	stores := func(where, since, seconds, first string, list *AttentionList) attentionList {
		return attentionList{"facts WHERE " + where, since, "CAST(NULL AS TIMESTAMPTZ)", seconds, first, list}
	}
	lists := []attentionList{
		stores("down_until = make_timestamptz($as_of) AND NOT "+whole, "down_since", "down_seconds", "epoch_us(down_since)", &a.DownNow),
		stores(whole, "down_since", "downtime_seconds", "downtime_seconds", &a.DownWhole),
		stores("open_seconds > 0 AND unknown_seconds = open_seconds", "NULL", "unknown_seconds", "unknown_seconds", &a.Unknown),
		stores("shut_at_end", "NULL", "planned_seconds", "planned_seconds", &a.PlannedNow),
		stores("planned_seconds > 0", "NULL", "planned_seconds", "planned_seconds", &a.Planned),
		stores("downtime_seconds > 0 AND NOT "+whole, "down_since", "downtime_seconds", "downtime_seconds", &a.Worst),
	}
	if !isFirst {
		a.WentDown, a.Recovered = &AttentionList{}, &AttentionList{}
		const later = 1e18 // than any instant
		lists = append(lists,
			attentionList{"facts JOIN new_outages AS n ON n.outage_of = facts.store_id", "n.started_at", "CASE WHEN NOT n.ongoing THEN n.ended_at END",
				"n.outage_seconds", fmt.Sprintf("epoch_us(n.started_at) + CASE WHEN n.ongoing THEN %g ELSE 0 END", later), a.WentDown},
			stores("was_down AND down_since IS NULL AND up_at_end", "last_ended", "downtime_seconds", "epoch_us(last_ended)", a.Recovered))
	}
	return lists
}

// attentionFacts have a row for each chosen store with its measures in the window and what the lists ask for. Its last
// open time is that of the shortest window that ends at as_of and has any: a report does not keep the status at as_of.
const attentionFacts = `chosen AS (SELECT * FROM %s%s),
	ends AS (
		SELECT store_id,
			arg_min(uptime_seconds > 0, window_end - window_start) FILTER (open_seconds > 0) AS up_at_end,
			arg_min(open_seconds = 0 AND planned_seconds > 0, window_end - window_start) AS shut_at_end
		FROM chosen WHERE window_end = make_timestamptz($as_of) GROUP BY store_id),
	last_outages AS (
		SELECT store_id, max(ended_at) AS last_ended, max(open_seconds) FILTER (ongoing) AS down_seconds
		FROM read_parquet($outages) GROUP BY store_id),
	before_outages AS (%s),
	before AS (SELECT store_id, max(ended_at) AS down_until FROM before_outages WHERE ongoing GROUP BY store_id),
	new_outages AS (
		SELECT o.store_id AS outage_of, o.started_at, o.ended_at, o.open_seconds AS outage_seconds, o.ongoing
		FROM read_parquet($outages) AS o WHERE ` + isNewOutage + `),
	shared_names AS (SELECT name FROM %s WHERE time_window = $window AND name <> '' GROUP BY name HAVING count(*) > 1),
	facts AS (
		SELECT c.*, e.up_at_end, e.shut_at_end, o.last_ended, o.down_seconds, b.store_id IS NOT NULL AS was_down, b.down_until AS was_down_until,
			c.name IN (FROM shared_names) AS shares_name
		FROM chosen AS c
		LEFT JOIN ends AS e ON e.store_id = c.store_id
		LEFT JOIN last_outages AS o ON o.store_id = c.store_id
		LEFT JOIN before AS b ON b.store_id = c.store_id
		WHERE c.time_window = $window)`

// Attention reads the lists of a report.
func (r Reader) Attention(ctx context.Context, folder string, q AttentionQuery) (Attention, error) {
	var a Attention
	lists := a.lists(q.Before == "")
	query, args, err := q.query(folder, lists)
	if err != nil {
		return a, err
	}
	for _, l := range lists {
		l.list.Stores = []AttentionStore{}
	}
	rows, err := r.Engine.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return a, fmt.Errorf("read what matters first: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var n int
		var total, stores int64
		var since, until, wasUntil sql.NullInt64
		var s AttentionStore
		if err := rows.Scan(&n, &total, &stores, &s.StoreID, &s.Name, &s.SharesName, &s.Timezone, &since, &until, &wasUntil, &s.Seconds, &s.OpenSeconds, &s.UptimeSeconds, &s.DownSeconds,
			&s.UnknownSeconds, &s.UptimeRatio, &s.Outages, &s.LongestSeconds); err != nil {
			return a, fmt.Errorf("read what matters first: %w", err)
		}
		s.Since, s.Until = optionalInstant(since), optionalInstant(until)
		list := lists[n].list
		if list == a.Recovered {
			s.WasDownUntil = optionalInstant(wasUntil)
		}
		list.Total, list.StoreCount, list.Stores = total, stores, append(list.Stores, s)
	}
	return a, rows.Err()
}

// optionalInstant is the text of an instant; nil for NULL.
func optionalInstant(us sql.NullInt64) *string {
	if !us.Valid {
		return nil
	}
	text := params.FormatInstant(us.Int64)
	return &text
}

func (q AttentionQuery) query(folder string, lists []attentionList) (query string, args []any, err error) {
	if folder, err = filepath.Abs(folder); err != nil {
		return "", nil, err
	}
	m, err := ReadManifest(folder)
	if err != nil {
		return "", nil, err
	}
	asOf, err := params.ParseInstant(m.AsOf)
	if err != nil {
		return "", nil, err
	}
	relation, args, err := measured(folder)
	if err != nil {
		return "", nil, err
	}
	args = append(args, sql.Named("as_of", asOf), sql.Named("window", q.Window), sql.Named("limit", q.Limit))
	var c conditions
	c.add("true")
	if q.Attribute != "" {
		c.addAttribute(m, q.Attribute, q.Value)
	}
	before, known, err := outagesBefore(q.Before, m)
	if err != nil {
		return "", nil, err
	}
	args = append(args, known...)
	var parts []string
	for n, l := range lists {
		parts = append(parts, fmt.Sprintf(`SELECT %d AS list_no, %s AS since, %s AS until, %s AS seconds, CAST(%s AS DOUBLE) AS first_by, facts.* FROM %s`,
			n, l.since, l.until, l.seconds, l.first, l.rows))
	}
	return "WITH " + fmt.Sprintf(attentionFacts, relation, c, before, relation) + ", listed AS (" + strings.Join(parts, " UNION ALL BY NAME ") + `)
		SELECT list_no, count(*) OVER (PARTITION BY list_no), count(DISTINCT store_id) OVER (PARTITION BY list_no), store_id, coalesce(name, ''),
			coalesce(shares_name, false), timezone, epoch_us(since), epoch_us(until), epoch_us(was_down_until), seconds, open_seconds, uptime_seconds, downtime_seconds,
			unknown_seconds, uptime_ratio, outages, longest_outage_seconds
		FROM listed
		QUALIFY row_number() OVER (PARTITION BY list_no ORDER BY first_by DESC NULLS LAST, store_id) <= $limit
		ORDER BY list_no, first_by DESC NULLS LAST, store_id`, append(args, c.args...), nil
}
