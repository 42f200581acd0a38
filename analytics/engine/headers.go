package engine

import (
	"regexp"
	"strings"
)

// ModelHeader is the comments at the head of a model. docs/models.md and the metadata of the Parquet files
// are generated from it.
type ModelHeader struct {
	Grain, Sources, Rule string
	Columns              []describedColumn
	Input                []describedColumn // of a source model: the columns of the file
	Notes                string            // the text after the header lines
}

// describedColumn is one or more columns of a model with a common description.
type describedColumn struct {
	Names []string
	Text  string // type, unit and meaning, as in the header
}

var headerKey = regexp.MustCompile(`^-- ([a-z]+): +(.*)$`)

// ParseModelHeader parses the comments at the head of a model. isColumn distinguishes column names from
// other words in a list.
func ParseModelHeader(text string, isColumn func(string) bool) ModelHeader {
	var h ModelHeader
	values := map[string]string{}
	key, notes := "", []string{}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if !strings.HasPrefix(line, "--") {
			break
		}
		found := headerKey.FindStringSubmatch(line)
		switch {
		case found != nil:
			key = found[1]
			values[key] = found[2]
		case key != "" && strings.HasPrefix(line, "--      "):
			values[key] += " " + strings.TrimSpace(line[2:])
		default:
			key = ""
			notes = append(notes, strings.TrimSpace(strings.TrimPrefix(line, "--")))
		}
	}
	h.Grain, h.Notes = values["grain"], strings.Join(notes, " ")
	h.Sources, h.Rule = values["sources"], values["rule"]
	entries := func(value string) (all []describedColumn) {
		for entry := range strings.SplitSeq(value, ";") {
			all = append(all, readColumns(strings.TrimSpace(entry), isColumn))
		}
		return all
	}
	h.Columns, h.Input = entries(values["columns"]), entries(values["input"])
	return h
}

var leadingName = regexp.MustCompile(`^([A-Za-z][A-Za-z_0-9]*)(?:: |, | |$)`)

// readColumns parses one entry of a header, such as `opens_us, closes_us BIGINT, half-open`.
func readColumns(entry string, isColumn func(string) bool) describedColumn {
	var c describedColumn
	for {
		found := leadingName.FindStringSubmatch(entry)
		if found == nil || len(c.Names) > 0 && !isColumn(found[1]) {
			break
		}
		c.Names = append(c.Names, found[1])
		entry = entry[len(found[0]):]
		if !strings.HasSuffix(found[0], ", ") {
			break
		}
	}
	c.Text = strings.TrimSpace(entry)
	return c
}

var statedType = regexp.MustCompile(`^(?:BIGINT|INTEGER|BOOLEAN|DOUBLE|VARCHAR|JSON|DECIMAL\(18,2\)|TIMESTAMP(?: WITH TIME ZONE)?)(?:[,:] *|$)`)

// Meaning returns the text without the type, which the column itself has.
func (c describedColumn) Meaning() string { return statedType.ReplaceAllString(c.Text, "") }
