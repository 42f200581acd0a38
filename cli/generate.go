package cli

import (
	"fmt"
	"time"

	"openhours/analytics/generate"
)

type generateCommand struct {
	Data   string `help:"Folder to write to; created if missing; default ${default}." default:"data" placeholder:"DIR"`
	Stores int    `help:"Number of stores; default ${default}." default:"500" placeholder:"N"`
	Days   int    `help:"Days of polls; default ${default}." default:"8" placeholder:"N"`
	Seed   uint64 `help:"Random seed; the same seed gives the same bytes; default ${default}." default:"1" placeholder:"N"`
	IDs    string `name:"ids" help:"Format of the store ids: number or uuid; default ${default}." default:"number" placeholder:"FORM"`
	AsOf   string `help:"Time of the last polls, such as 2024-10-14T22:00:00Z; default ${default}." default:"2024-10-14T22:00:00Z" placeholder:"TIME" env:"OPENHOURS_GENERATE_AS_OF"`

	Calendar     bool `help:"Also write stores.csv, special_hours.csv and closures.csv, and hours that change on a date; the polls fit them."`
	Attributes   int  `hidden:"" placeholder:"N"` // these are for benchmarks: at least so many columns or rows
	SpecialHours int  `hidden:"" placeholder:"N"`
	Closures     int  `hidden:"" placeholder:"N"`
}

// Help returns examples for the help text.
func (*generateCommand) Help() string {
	return `Examples:

    openhours generate --data data
    openhours generate --data big --stores 13500 --days 8 --seed 7 --ids uuid
    openhours generate --data chain --calendar

Existing files are never overwritten.`
}

// Run writes the sample files.
func (c *generateCommand) Run(s *environment) error {
	asOf, err := time.Parse(time.RFC3339, c.AsOf)
	if err != nil {
		return &exitError{exitUsage, fmt.Sprintf("--as-of %q: write it like 2024-10-14T22:00:00Z", c.AsOf)}
	}
	options := generate.Options{Dir: c.Data, Stores: c.Stores, Days: c.Days, Seed: c.Seed, IDs: generate.IDs(c.IDs), AsOf: asOf,
		Calendar: c.Calendar, Attributes: c.Attributes, SpecialHours: c.SpecialHours, Closures: c.Closures}
	if err := options.Validate(); err != nil {
		return &exitError{exitUsage, err.Error()}
	}
	made, err := generate.Write(s.ctx, options)
	if err != nil {
		return err
	}
	for _, f := range made.Files {
		if err := printfSafely(s.stdout, "%s/%s: %d rows, %d bytes\n", c.Data, f.Name, f.Rows, f.Bytes); err != nil {
			return err
		}
	}
	return nil
}
