package cli

import (
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

type checkCommand struct {
	Data string `help:"Data folder; default ${default}." default:"data" placeholder:"DIR"`
	AsOf string `help:"Point in time that findings refer to, in any timestamp form; default: the latest accepted observation." placeholder:"TIME"`
	JSON bool   `name:"json" help:"Print the result as JSON."`
	engineFlags
	modelFlags
}

// Help returns an example for the help text.
func (*checkCommand) Help() string {
	return `Example:

    openhours check --data data && openhours report --data data`
}

// Run checks the data folder.
func (c *checkCommand) Run(s *environment) error {
	return withEngine(s, c.engineFlags, c.modelFlags, c.Data, "", func(e pipeline.Engines) error {
		progress, done := terminalProgress(s.stderr)
		found, err := report.CheckData(s.ctx, e, report.Request{Data: c.Data, Parameters: params.Parameters{AsOf: c.AsOf}, Now: s.now(), Progress: progress})
		done()
		if err != nil {
			return err
		}
		if c.JSON {
			err = printJSON(s.stdout, found)
		} else {
			err = printCheck(s.stdout, found)
		}
		if err == nil && found.Quality.RowsRejected > 0 {
			return &exitError{code: exitFailed}
		}
		return err
	})
}
