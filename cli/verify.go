package cli

import (
	"fmt"
	"openhours/analytics/report"
)

type verifyCommand struct {
	ID      string `arg:"" help:"Id of the report."`
	Data    string `help:"Folder of the input files; default ${default}." default:"data" placeholder:"DIR"`
	Reports string `help:"Folder of the reports; default ${default}." default:"reports" placeholder:"DIR"`
	JSON    bool   `name:"json" help:"Print the result as JSON."`
}

// Help shows how the command is used.
func (*verifyCommand) Help() string {
	return `Example:

    openhours verify REPORT --data data

The id is one of "openhours reports list". Exit code 4: a file is missing or has other bytes.`
}

// Run compares the files with their hashes in report.json.
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
			state = fmt.Sprintf("CHANGED: sha256 %s, in report.json %s", f.SHA256, f.Want)
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
		p.line("Report %s: all %d files have the bytes that report.json tells of.", v.ReportID, len(v.Files))
	} else {
		p.line("Report %s: %d of %d files are not as report.json tells.", v.ReportID, differing, len(v.Files))
	}
	return p.err
}
