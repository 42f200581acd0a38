package cli

import (
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

type checkCommand struct {
	Data string `help:"Folder of the input files; default ${default}." default:"data" placeholder:"DIR"`
	AsOf string `help:"The now of the findings; default: the latest accepted observation." placeholder:"TIME"`
	JSON bool   `name:"json" help:"Print the result as JSON."`
	engineFlags
	modelFlags
}

// Help shows how the command is used.
func (*checkCommand) Help() string {
	return `Example:

    openhours check --data data && openhours report --data data`
}

// Run checks the data.
func (c *checkCommand) Run(s *environment) error {
	return withEngine(s, c.engineFlags, c.modelFlags, c.Data, "", func(e pipeline.Engines) error {
		progress, done := terminalProgress(s.stderr)
		found, err := report.CheckData(s.ctx, e, c.Data, params.Parameters{AsOf: c.AsOf}, s.now(), progress)
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
