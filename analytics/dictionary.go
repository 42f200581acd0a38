package analytics

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// modelHeader is what the comments at the head of a model say of it. docs/models.md and the metadata
// of the Parquet files are made from it.
type modelHeader struct {
	grain, sources, rule string
	columns              []describedColumn
	input                []describedColumn // of a source model: the columns of the file
	notes                string            // what follows the header lines
}

// describedColumn is some columns of a model that one sentence describes.
type describedColumn struct {
	names []string
	text  string // type, unit and meaning, as the header says them
}

var headerKey = regexp.MustCompile(`^-- ([a-z]+): +(.*)$`)

// readModelHeader takes the comments at the head of a model apart. isColumn tells names of columns
// from other words where a list of them is described.
func readModelHeader(text string, isColumn func(string) bool) modelHeader {
	var h modelHeader
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
	h.grain, h.notes = values["grain"], strings.Join(notes, " ")
	h.sources, h.rule = values["sources"], values["rule"]
	entries := func(value string) (all []describedColumn) {
		for entry := range strings.SplitSeq(value, ";") {
			all = append(all, readColumns(strings.TrimSpace(entry), isColumn))
		}
		return all
	}
	h.columns, h.input = entries(values["columns"]), entries(values["input"])
	return h
}

var leadingName = regexp.MustCompile(`^([A-Za-z][A-Za-z_0-9]*)(?:: |, | |$)`)

// readColumns reads one entry of a header, such as `opens_us, closes_us BIGINT, half-open`.
func readColumns(entry string, isColumn func(string) bool) describedColumn {
	var c describedColumn
	for {
		found := leadingName.FindStringSubmatch(entry)
		if found == nil || len(c.names) > 0 && !isColumn(found[1]) {
			break
		}
		c.names = append(c.names, found[1])
		entry = entry[len(found[0]):]
		if !strings.HasSuffix(found[0], ", ") {
			break
		}
	}
	c.text = strings.TrimSpace(entry)
	return c
}

var statedType = regexp.MustCompile(`^(?:BIGINT|INTEGER|BOOLEAN|DOUBLE|VARCHAR|JSON|DECIMAL\(18,2\)|TIMESTAMP(?: WITH TIME ZONE)?)(?:[,:] *|$)`)

// meaning is the text without the type, which the column itself has.
func (c describedColumn) meaning() string { return statedType.ReplaceAllString(c.text, "") }

// parquetMetadata are the keys and values that a Parquet file of a report carries beside its rows:
// what each column means, and what the report was asked for. Nothing in it changes from run to run.
func (j *job) parquetMetadata(view string) (columns, parameters string, err error) {
	files, err := fs.Glob(j.engine.models, "duckdb/[0-9][0-9]_"+view+".sql")
	if err != nil || len(files) != 1 {
		return "", "", fmt.Errorf("find the model of %s: %d files: %w", view, len(files), err)
	}
	text, err := fs.ReadFile(j.engine.models, files[0])
	if err != nil {
		return "", "", err
	}
	meanings := map[string]string{}
	for _, c := range readModelHeader(string(text), func(string) bool { return false }).columns {
		meanings[c.names[0]] = c.meaning()
	}
	asked := j.params
	asked.AsOf = instantText(j.asOfUS)
	described, err := json.Marshal(meanings)
	if err != nil {
		return "", "", err
	}
	stated, err := json.Marshal(asked)
	return string(described), string(stated), err
}
