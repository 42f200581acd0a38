package cli

import (
	"errors"
	"fmt"

	"github.com/alecthomas/kong"

	"openhours/analytics/params"
)

// parameterFlags are what a report depends on beside its inputs.
type parameterFlags struct {
	AsOf          string   `help:"The report's now, in any timestamp form; default: the latest accepted observation." placeholder:"TIME"`
	Interpolation string   `help:"Which observation governs the time between two: nearest, previous or next; default ${default}." default:"${interpolation}" placeholder:"RULE"`
	Unobserved    string   `help:"Sessions without an observation: nearest (take the neighbours') or unknown; default ${default}." default:"${unobserved}" placeholder:"RULE"`
	MaxGap        string   `help:"How far an observation reaches, such as 2h; beyond it the status is unknown." placeholder:"LENGTH"`
	FreshWithin   string   `help:"Time this close to an observation counts as covered; default ${default}." default:"${fresh_within}" placeholder:"LENGTH"`
	JoinGap       string   `help:"Holes in the opening hours up to this length count as open; default ${default}." default:"${join_gap}" placeholder:"LENGTH"`
	CollectorGap  string   `help:"Silence of all stores that is worth saying; default ${default}." default:"${collector_gap}" placeholder:"LENGTH"`
	Window        []string `help:"A window to measure, such as last_month=30d; repeatable, replaces last_hour, last_day and last_week." placeholder:"NAME=LENGTH"`
}

// parameterDefaults are the variables of the tags above.
func parameterDefaults() kong.Vars {
	p := params.Parameters{}.WithDefaults()
	return kong.Vars{"interpolation": p.Interpolation, "unobserved": p.Unobserved, "fresh_within": p.FreshWithin.String(),
		"join_gap": p.JoinGap.String(), "collector_gap": p.CollectorGap.String()}
}

// storeFlag bounds a report to some stores.
type storeFlag struct {
	Store []string `help:"Only this store; repeatable (the variable holds one id)." placeholder:"ID" sep:"none"`
}

// parameters reads the flags, every fault at once.
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
