package report

import (
	"context"
	"database/sql"
)

// TargetsFile has the verdicts of stores and groups, if a store has a target.
const TargetsFile = "targets.parquet"

// TargetWindow counts the stores by what became of their targets in one window.
type TargetWindow struct {
	Window         string `json:"time_window"`
	Met            int64  `json:"stores_met"` // certainly
	LikelyMet      int64  `json:"stores_likely_met"`
	LikelyMissed   int64  `json:"stores_likely_missed"`
	Missed         int64  `json:"stores_missed"` // certainly
	VerdictUnknown int64  `json:"stores_verdict_unknown"`

	Stores   int64   `json:"stores,omitempty"`          // with a target; absent in reports of earlier releases
	Least    float64 `json:"least_target,omitempty"`    // of their targets, a percentage; absent there, too
	Greatest float64 `json:"greatest_target,omitempty"` // as above
}

// countVerdicts fills in the verdicts of the stores by window; without targets it costs nothing.
func (w *writer) countVerdicts(ctx context.Context) error {
	if !w.run.Has("target_counts") {
		return nil
	}
	return w.db.Each(ctx, `SELECT time_window, stores_met, stores_likely_met, stores_likely_missed, stores_missed, stores_verdict_unknown,
			stores, least_target, greatest_target
		FROM target_counts ORDER BY window_no`, func(rows *sql.Rows) error {
		var t TargetWindow
		err := rows.Scan(&t.Window, &t.Met, &t.LikelyMet, &t.LikelyMissed, &t.Missed, &t.VerdictUnknown,
			&t.Stores, &t.Least, &t.Greatest)
		w.manifest.Targets = append(w.manifest.Targets, t)
		return err
	})
}
