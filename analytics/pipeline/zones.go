package pipeline

import (
	"context"
	"fmt"

	"openhours/analytics/engine"
	"openhours/analytics/params"
)

// MakeZonePeriods creates zone_periods: one row per zone in use and period with one offset from UTC. Its columns
// are zone; starts_us, ends_us, UTC microseconds, half-open, unbounded for the first and last period; and
// offset_us, local clock minus UTC. The rules come from the program's tz database, the same for every engine.
func (r *Run) MakeZonePeriods(ctx context.Context) error {
	zones, err := engine.QueryStrings(ctx, r.Backend.Querier(), "SELECT DISTINCT zone FROM store_zones")
	if err != nil {
		return fmt.Errorf("list the time zones: %w", err)
	}
	periods := engine.Relation{Name: "zone_periods", Columns: []engine.Column{{Name: "zone", Kind: "STRING"},
		{Name: "starts_us", Kind: "BIGINT"}, {Name: "ends_us", Kind: "BIGINT"}, {Name: "offset_us", Kind: "BIGINT"}}}
	for _, zone := range zones {
		// the days on both sides leave room for any offset
		list, err := r.DB().Engine.Zones.Bounded(zone, r.earliestUS-2*int64(params.Day), r.latestUS+2*int64(params.Day))
		if err != nil {
			return fmt.Errorf("time zone %s: %w", zone, err)
		}
		for _, p := range list {
			periods.Rows = append(periods.Rows, []any{zone, p.StartUS, p.EndUS, p.OffsetUS})
		}
	}
	return r.Backend.CreateRelation(ctx, periods)
}
