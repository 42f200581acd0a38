package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Model is one file of SQL and its header.
type Model struct {
	Name  string // of the relation that it defines
	File  string
	Text  string
	Keep  keepMode // which engines store its rows instead of recomputing them at each use
	Frees []string // tables that no later model reads
	When  string   // what a report must ask for, or have, for the model to run; "": it always runs

	Unless  string // the things without which the model has no row, or only those of another model
	StandIn string // what takes its place on DuckDB without them, which plans a model as long without rows
	IsEmpty bool   // the run has none of them
}

// standIns is a generated file.
const standIns = "duckdb/stand_ins.sql"

// keepMode is the value of `keep` in a model's header.
type keepMode string

const (
	KeepAlways   keepMode = "yes"
	KeepOnSpark  keepMode = "spark" // its planning time grows with every view in a view
	KeepForHours keepMode = "hour"  // on DuckDB only in a report with hours: otherwise a single model reads it
)

// Statement returns the text; a model that DuckDB keeps becomes a table instead of a view.
func (m Model) Statement() string {
	if m.IsEmpty && m.StandIn != "" {
		return m.StandIn
	}
	if m.Keep == KeepAlways {
		return strings.Replace(m.Text, "TEMP VIEW", "TEMP TABLE", 1)
	}
	return m.Text
}

var modelFile = regexp.MustCompile(`^\d\d_([a-z_]+)\.sql$`)

// LoadModels reads the numbered models in the given folders and their subfolders, ordered by number.
func LoadModels(sqlFiles fs.FS, folders ...string) ([]Model, error) {
	var models []Model
	empty, err := fs.ReadFile(sqlFiles, standIns)
	if err != nil {
		return nil, fmt.Errorf("read models: %w", err)
	}
	for _, folder := range folders {
		files, err := fs.Glob(sqlFiles, folder+"/*.sql")
		layers, layersErr := fs.Glob(sqlFiles, folder+"/*/*.sql")
		if err := errors.Join(err, layersErr); err != nil {
			return nil, fmt.Errorf("list models: %w", err)
		}
		for _, file := range append(files, layers...) {
			name := modelFile.FindStringSubmatch(path.Base(file))
			if name == nil {
				continue
			}
			text, err := fs.ReadFile(sqlFiles, file)
			if err != nil {
				return nil, fmt.Errorf("read model: %w", err)
			}
			m := Model{Name: name[1], File: file, Text: string(text)}
			switch m.Keep = keepMode(HeaderLine(m.Text, "keep")); m.Keep {
			case "", KeepAlways, KeepOnSpark, KeepForHours:
			default:
				return nil, fmt.Errorf("%s: keep is %q: it is yes, spark, hour or left out", file, m.Keep)
			}
			m.Frees = strings.Fields(HeaderLine(m.Text, "frees"))
			m.When = HeaderLine(m.Text, "when")
			if m.Unless = HeaderLine(m.Text, "unless"); m.Unless != "" {
				m.StandIn = standIn(string(empty), m.Name)
			}
			models = append(models, m)
		}
	}
	slices.SortFunc(models, func(a, b Model) int { return strings.Compare(path.Base(a.File), path.Base(b.File)) })
	return models, nil
}

// standIn finds the statement that makes the stand-in of a model: an empty table, or a view of the model whose rows it has.
// It returns "" if the file has none.
func standIn(statements, model string) string {
	for statement := range strings.SplitSeq(statements, ";\n") {
		for _, begin := range []string{"CREATE OR REPLACE TEMP TABLE " + model + " (", "CREATE OR REPLACE TEMP VIEW " + model + " AS"} {
			if i := strings.Index(statement, begin); i >= 0 {
				return statement[i:]
			}
		}
	}
	return ""
}

// HeaderLine returns the value of `-- key: value` in the comments that begin a file; "" if there is none.
func HeaderLine(text, key string) string {
	for line := range strings.Lines(text) {
		comment, isComment := strings.CutPrefix(line, "--")
		if !isComment {
			return ""
		}
		if value, found := strings.CutPrefix(strings.TrimSpace(comment), key+":"); found {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// MemoryBytes returns how much memory DuckDB has allocated.
func (e *Engine) MemoryBytes(ctx context.Context) (bytes int64, err error) {
	err = e.DB.QueryRowContext(ctx, "SELECT CAST(coalesce(sum(memory_usage_bytes), 0) AS BIGINT) FROM duckdb_memory()").Scan(&bytes)
	return bytes, err
}

// resultModels is the number from which on models feed the report's files and the API. These models are
// small, and the engine that writes the files fetches their rows.
const resultModels = "70"

func (m Model) IsResult() bool { return path.Base(m.File) >= resultModels }

func (m Model) RunsOnDuckDB() bool { return path.Dir(m.File) == "duckdb" }
