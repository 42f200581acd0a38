package analytics

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

// model is one file of SQL and what its header says.
type model struct {
	name  string // what it defines
	file  string
	text  string
	keep  keeping  // whose engines keep its rows instead of computing them at each use
	frees []string // tables that nothing after it reads
}

// keeping is what a model's header says after `keep`.
type keeping string

const (
	keptByAll   keeping = "yes"
	keptBySpark keeping = "spark" // whose planning grows with every view in a view
)

// statement swaps the one word that makes a table of a view.
func (m model) statement() string {
	if m.keep == keptByAll {
		return strings.Replace(m.text, "TEMP VIEW", "TEMP TABLE", 1)
	}
	return m.text
}

var modelFile = regexp.MustCompile(`^\d\d_([a-z_]+)\.sql$`)

// loadModels reads the numbered models in the given folders and their subfolders, in the order of their numbers.
func loadModels(sqlFiles fs.FS, folders ...string) ([]model, error) {
	var models []model
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
			m := model{name: name[1], file: file, text: string(text)}
			switch m.keep = keeping(headerLine(m.text, "keep")); m.keep {
			case "", keptByAll, keptBySpark:
			default:
				return nil, fmt.Errorf("%s: keep is %q: it is yes, spark or left out", file, m.keep)
			}
			m.frees = strings.Fields(headerLine(m.text, "frees"))
			models = append(models, m)
		}
	}
	slices.SortFunc(models, func(a, b model) int { return strings.Compare(path.Base(a.file), path.Base(b.file)) })
	return models, nil
}

// headerLine finds the value of `-- key: value` among the comments that begin a file.
func headerLine(text, key string) string {
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

// MemoryBytes is what DuckDB says it holds.
func (e *Engine) MemoryBytes(ctx context.Context) (bytes int64, err error) {
	err = e.db.QueryRowContext(ctx, "SELECT CAST(coalesce(sum(memory_usage_bytes), 0) AS BIGINT) FROM duckdb_memory()").Scan(&bytes)
	return bytes, err
}

// resultModels are what the report's files and the API are made of: from this number on, models are
// small, and the engine that writes the files takes them over.
const resultModels = "70"

func (m model) isResult() bool { return path.Base(m.file) >= resultModels }

func (m model) isDuckDBs() bool { return path.Dir(m.file) == "duckdb" }
