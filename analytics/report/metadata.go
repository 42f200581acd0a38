package report

import (
	"encoding/json"
	"fmt"
	"io/fs"

	"openhours/analytics/engine"
	"openhours/analytics/params"
)

// parquetMetadata are the keys and values that a Parquet file of a report carries in addition to its rows:
// what each column means, and what the report was asked for. Nothing in it changes from run to run.
func (w *writer) parquetMetadata(view string) (columns, parameters string, err error) {
	files, err := fs.Glob(w.db.Engine.SQL, "duckdb/[0-9][0-9]_"+view+".sql")
	if err != nil || len(files) != 1 {
		return "", "", fmt.Errorf("find the model of %s: %d files: %w", view, len(files), err)
	}
	text, err := fs.ReadFile(w.db.Engine.SQL, files[0])
	if err != nil {
		return "", "", err
	}
	meanings := map[string]string{}
	for _, c := range engine.ParseModelHeader(string(text), func(string) bool { return false }).Columns {
		meanings[c.Names[0]] = c.Meaning()
	}
	asked := w.run.Params
	asked.AsOf = params.FormatInstant(w.run.AsOfUS)
	described, err := json.Marshal(meanings)
	if err != nil {
		return "", "", err
	}
	stated, err := json.Marshal(asked)
	return string(described), string(stated), err
}
