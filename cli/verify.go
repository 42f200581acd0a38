package cli

import (
	"fmt"

	"openhours/analytics/report"
)

type verifyCommand struct {
	ID      string `arg:"" help:"Id of the report."`
	Data    string `help:"Data folder; default ${default}." default:"data" placeholder:"DIR"`
	Reports string `help:"Reports folder; default ${default}." default:"reports" placeholder:"DIR"`
	JSON    bool   `name:"json" help:"Print the result as JSON."`
}

// Help returns an example for the help text.
func (*verifyCommand) Help() string {
	return `Example:

    openhours verify REPORT --data data

"openhours reports list" prints the ids. Exit code 4: a file is missing or has changed.`
}

// Run checks the files against their hashes in report.json.
func (c *verifyCommand) Run(s *environment) error {
	v, err := report.Verify(s.ctx, c.Reports, c.ID, c.Data)
	if err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(s.stdout, v)
	} else {
		err = printVerification(s, v)
	}
	if err == nil && !v.Intact() {
		return &exitError{code: exitDiffers}
	}
	return err
}

func printVerification(s *environment, v report.Verification) error {
	p := &page{w: s.stdout}
	rows := [][]string{{"file", "kind", "bytes", "state"}}
	differing := 0
	for _, f := range v.Files {
		state := f.State
		switch state {
		case "changed":
			state = fmt.Sprintf("CHANGED: sha256 %s, expected %s", f.SHA256, f.Want)
		case "missing":
			state = "MISSING"
		}
		if f.State != "same" {
			differing++
		}
		rows = append(rows, []string{f.File, f.Kind, fmt.Sprint(f.Bytes), state})
	}
	p.table(rows)
	p.line("")
	if differing == 0 {
		p.line("Report %s: all %d files match report.json.", v.ReportID, len(v.Files))
	} else {
		p.line("Report %s: %d of %d files do not match report.json.", v.ReportID, differing, len(v.Files))
	}
	return p.err
}
