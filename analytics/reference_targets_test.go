package analytics_test

import (
	"cmp"
	"context"
	"database/sql"
	"math/big"
	"slices"
	"strings"

	"openhours/analytics/params"
	"openhours/analytics/pipeline"

	"pgregory.net/rapid"
)

// refTarget is a row of a targets file.
type refTarget struct {
	refAddress
	Window string // "": all
	PPM    int64  // millionths of the open time
}

// refVerdict is what became of a target of a store, or of a group.
type refVerdict struct {
	Store, Attribute, Value, Window, Verdict string
	PPM                                      int64
	Budget, Left, LeftMin, LeftMax           int64 // microseconds
	Burn                                     float64
	Counts                                   [5]int64 // the stores of a group, by refVerdicts
}

var refVerdicts = []string{"met", "likely_met", "likely_missed", "missed", "unknown"}

// highest is the target of some rows in a window: 0 if no row is for it.
func highest(rows []refTarget, window string) int64 {
	for _, name := range []string{window, ""} {
		target := int64(0)
		for _, r := range rows {
			if r.Window == name {
				target = max(target, r.PPM)
			}
		}
		if target > 0 {
			return target
		}
	}
	return 0
}

// storeTarget is the target of a store in a window: 0 if it has none.
func (w refWorld) storeTarget(store, window string) int64 {
	byLevel := map[string][]refTarget{}
	for _, r := range w.Targets {
		if w.applies(r.refAddress, store) && (r.Window == window || r.Window == "") {
			byLevel[r.level()] = append(byLevel[r.level()], r)
		}
	}
	best := ""
	for level := range byLevel {
		if best == "" || level < best {
			best = level
		}
	}
	if best == "" {
		return w.Params.TargetPPM
	}
	return highest(byLevel[best], window)
}

// groupTarget is the same of the group of a value.
func (w refWorld) groupTarget(attribute, value, window string) int64 {
	var own, all []refTarget
	for _, r := range w.Targets {
		switch {
		case r.Store == "*":
			all = append(all, r)
		case r.Attribute == attribute && r.Value == value:
			own = append(own, r)
		}
	}
	return cmp.Or(highest(own, window), highest(all, window), w.Params.TargetPPM)
}

// refJudge fills in a verdict by fractions, which never round.
func refJudge(v refVerdict, open, up, down, least, most int64) refVerdict {
	t := big.NewRat(v.PPM, 1e6)
	whole := func(n int64) *big.Rat { return big.NewRat(n, 1) }
	part := func(n int64) *big.Rat { return new(big.Rat).Mul(t, whole(n)) }
	if open == 0 {
		return v
	}
	switch due := part(open); {
	case whole(least).Cmp(due) >= 0:
		v.Verdict = "met"
	case whole(most).Cmp(due) < 0:
		v.Verdict = "missed"
	case up+down == 0:
		v.Verdict = "unknown"
	case whole(up).Cmp(part(up+down)) >= 0:
		v.Verdict = "likely_met"
	default:
		v.Verdict = "likely_missed"
	}
	budget := new(big.Rat).Sub(whole(open), part(open))
	half := new(big.Rat).Add(budget, big.NewRat(1, 2))
	v.Budget = new(big.Int).Quo(half.Num(), half.Denom()).Int64()
	v.Left, v.LeftMin, v.LeftMax = v.Budget-down, v.Budget-(open-least), v.Budget-(open-most)
	v.Burn, _ = new(big.Rat).Quo(whole(down), budget).Float64()
	return v
}

// refTargets are the verdicts of the stores, then of the groups, as targets.parquet has them.
func refTargets(w refWorld, measures []refMeasures, groups []refGroup) []refVerdict {
	var all []refVerdict
	for _, m := range measures {
		if ppm := w.storeTarget(m.Store, m.Window); ppm > 0 {
			all = append(all, refJudge(refVerdict{Store: m.Store, Window: m.Window, PPM: ppm}, m.Open, m.Uptime, m.Downtime, m.UptimeMin, m.UptimeMax))
		}
	}
	stores := all
	for _, g := range groups {
		ppm := w.groupTarget(g.Attribute, g.Value, g.Window)
		if ppm == 0 {
			continue
		}
		v := refVerdict{Attribute: g.Attribute, Value: g.Value, Window: g.Window, PPM: ppm}
		for _, s := range stores {
			if i := slices.Index(refVerdicts, s.Verdict); i >= 0 && s.Window == g.Window && w.detail(s.Store, g.Attribute) == g.Value {
				v.Counts[i]++
			}
		}
		all = append(all, refJudge(v, g.Open, g.Uptime, g.Downtime, g.UptimeMin, g.UptimeMax))
	}
	return all
}

// targetsFile is the text of a world's targets.csv.
func targetsFile(w refWorld) string {
	text := "store_id,attribute,value,window,target\n"
	for _, r := range w.Targets {
		text += strings.Join([]string{r.Store, r.Attribute, r.Value, r.Window, params.Target(r.PPM).String()}, ",") + "\n"
	}
	return text
}

// refDrawTargets draws targets close to what stores reach, some at one level and some in conflict.
func refDrawTargets(t *rapid.T, w *refWorld, stores []string) {
	ppm := rapid.OneOf(rapid.SampledFrom([]int64{1, 500_000, 900_000, 980_000, 999_999}), rapid.Int64Range(1, 999_999))
	window := rapid.SampledFrom([]string{"", "", "w0", "w1", "nothing"})
	for range rapid.IntRange(0, 6).Draw(t, "targets") {
		w.Targets = append(w.Targets, refTarget{refDrawAddress(t, stores), window.Draw(t, "target's window"), ppm.Draw(t, "target")})
	}
	if rapid.Bool().Draw(t, "all levels") {
		for _, of := range []refAddress{{Store: stores[0]}, {Attribute: "brand", Value: refValues[0]}, {Attribute: "Region", Value: refValues[0]}, {Store: "*"}} {
			w.Targets = append(w.Targets, refTarget{of, "", ppm.Draw(t, "target")})
		}
	}
	if rapid.IntRange(0, 2).Draw(t, "target of the parameters") == 0 {
		w.Params.TargetPPM = ppm.Draw(t, "target")
	}
}

func jobTargets(t rapid.TB, j *pipeline.Run) []refVerdict {
	t.Helper()
	if !j.Has("target_rows") {
		return nil
	}
	var all []refVerdict
	us := func(seconds float64) int64 { return int64(seconds*1e6 + 0.5*float64(cmp.Compare(seconds, 0))) }
	err := j.DB().Each(context.Background(), `SELECT coalesce(store_id, ''), coalesce(attribute, ''), coalesce(value, ''), time_window, coalesce(verdict, ''),
			CAST(round(target * 10000) AS BIGINT), budget_seconds, budget_left_seconds, budget_left_min_seconds, budget_left_max_seconds, burn_rate,
			coalesce(stores_met, 0), coalesce(stores_likely_met, 0), coalesce(stores_likely_missed, 0), coalesce(stores_missed, 0), coalesce(stores_verdict_unknown, 0)
		FROM target_rows ORDER BY store_no NULLS LAST, attribute, value, window_no`, func(rows *sql.Rows) error {
		var v refVerdict
		var budget, left, least, most float64
		var burn *float64
		err := rows.Scan(&v.Store, &v.Attribute, &v.Value, &v.Window, &v.Verdict, &v.PPM, &budget, &left, &least, &most, &burn,
			&v.Counts[0], &v.Counts[1], &v.Counts[2], &v.Counts[3], &v.Counts[4])
		v.Budget, v.Left, v.LeftMin, v.LeftMax = us(budget), us(left), us(least), us(most)
		if burn != nil {
			v.Burn = *burn
		}
		all = append(all, v)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
