package pipeline

import (
	"context"
	"fmt"

	"openhours/analytics/engine"
	"openhours/analytics/params"
)

// ZonesModel is the model that lists the zones in use: MakeZonePeriods runs right after it, because a fleet uses
// few of all zones.
const ZonesModel = "id_zones"

// MakeZonePeriods creates zone_periods: one row per zone in use and period with one offset from UTC. Its columns
// are zone; starts_us, ends_us, UTC microseconds, half-open, unbounded for the first and last period; and
// offset_us, local clock minus UTC. The rules come from the program's tz database, the same for every engine.
func (r *Run) MakeZonePeriods(ctx context.Context) error {
	zones, err := engine.QueryStrings(ctx, r.Backend.Querier(), "SELECT DISTINCT zone FROM "+ZonesModel)
	if err != nil {
		return fmt.Errorf("list the time zones: %w", err)
	}
	periods := engine.Relation{Name: "zone_periods", Columns: []engine.Column{{Name: "zone", Kind: "STRING"},
		{Name: "starts_us", Kind: "BIGINT"}, {Name: "ends_us", Kind: "BIGINT"}, {Name: "offset_us", Kind: "BIGINT"}}}
	// the days of the calendar on both sides, and room for any offset
	room := int64(7*params.Day + *r.Params.JoinGap)
	for _, zone := range zones {
		list, err := r.DB().Engine.Zones.Bounded(zone, r.horizonUS-room, r.AsOfUS+room)
		if err != nil {
			return fmt.Errorf("time zone %s: %w", zone, err)
		}
		for _, p := range list {
			periods.Rows = append(periods.Rows, []any{zone, p.StartUS, p.EndUS, p.OffsetUS})
		}
	}
	return r.Backend.CreateRelation(ctx, periods)
}
