package cli

import (
	"errors"
	"fmt"

	"github.com/alecthomas/kong"

	"openhours/analytics/params"
)

// parameterFlags are the parameters of a report: with the inputs, they determine its numbers.
type parameterFlags struct {
	AsOf          string   `help:"Date and time at which the report ends, in any timestamp form; default: the latest accepted observation." placeholder:"TIME"`
	Interpolation string   `help:"Which observation governs the time between two observations: nearest, previous or next; default ${default}." default:"${interpolation}" placeholder:"RULE"`
	Unobserved    string   `help:"How to fill sessions without observations: nearest (from the store's neighbouring sessions) or unknown; default ${default}." default:"${unobserved}" placeholder:"RULE"`
	MaxGap        string   `help:"Time farther than this from the observation that governs it is unknown, such as 2h; default: no limit." placeholder:"LENGTH"`
	FreshWithin   string   `help:"Time within this distance of an observation of the same session counts as covered; default ${default}." default:"${fresh_within}" placeholder:"LENGTH"`
	JoinGap       string   `help:"Gaps up to this long between openings count as open; default ${default}." default:"${join_gap}" placeholder:"LENGTH"`
	CollectorGap  string   `help:"Report gaps longer than this in which no store was polled; default ${default}." default:"${collector_gap}" placeholder:"LENGTH"`
	Target        string   `help:"Percentage of their open time that stores and groups should be up, such as 98 or 99.95, where no row of a targets file addresses them." placeholder:"PERCENT"`
	Window        []string `help:"Window to measure: last_month=30d, or by each store's clock yesterday, previous_month, october=2026-10, 2026-W41 or 2026-10-01/2026-10-07; repeatable; replaces last_hour, last_day and last_week." placeholder:"NAME=VALUE" sep:"none"`
}

// parameterDefaults are the variables of the tags above.
func parameterDefaults() kong.Vars {
	p := params.Parameters{}.WithDefaults()
	return kong.Vars{"interpolation": p.Interpolation, "unobserved": p.Unobserved, "fresh_within": p.FreshWithin.String(),
		"join_gap": p.JoinGap.String(), "collector_gap": p.CollectorGap.String()}
}

// storeFlag restricts a report to some stores.
type storeFlag struct {
	Store []string `help:"Restrict the report to this store, given by its id or its exact name; repeatable (the environment variable takes one)." placeholder:"ID" sep:"none"`
}

// parameters parses the flags and reports all errors at once.
func (f parameterFlags) parameters() (params.Parameters, error) {
	p := params.Parameters{AsOf: f.AsOf, Interpolation: f.Interpolation, Unobserved: f.Unobserved}
	var faults []error
	length := func(flag, text string) *params.Length {
		if text == "" {
			return nil
		}
		l, err := params.ParseLength(text)
		if err != nil {
			faults = append(faults, fmt.Errorf("--%s: %w", flag, err))
		}
		return &l
	}
	p.MaxGap = length("max-gap", f.MaxGap)
	p.FreshWithin = length("fresh-within", f.FreshWithin)
	p.JoinGap = length("join-gap", f.JoinGap)
	p.CollectorGap = length("collector-gap", f.CollectorGap)
	if f.Target != "" {
		target, err := params.ParseTarget(f.Target)
		if err != nil {
			faults = append(faults, fmt.Errorf("--target: %w", err))
		}
		p.Target = &target
	}
	for _, text := range f.Window {
		w, err := params.ParseWindow(text)
		if err != nil {
			faults = append(faults, fmt.Errorf("--window: %w", err))
		}
		p.Windows = append(p.Windows, w)
	}
	if err := errors.Join(faults...); err != nil {
		return p, &exitError{exitUsage, err.Error()}
	}
	return p, nil
}
