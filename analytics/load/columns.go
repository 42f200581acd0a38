package load

import (
	"context"
	"errors"
	"os"

	"openhours/analytics/csvfile"
	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/storage"
)

// Columns reads the names of a file's columns. Of a Parquet file the magic number and the footer suffice, of any other
// its first line.
func (t *Trials) Columns(ctx context.Context, e *engine.Engine, name, path string) (head csvfile.Header, err error) {
	switch {
	case !storage.HasSuffixFold(name, ".parquet"):
		return csvfile.ReadHeader(ctx, path, name)
	case t == nil:
		head.Names, err = columnsOf(ctx, e, path)
		return head, err
	}
	var found TrialAnswer
	if err := t.run(ctx, []TrialRequest{{Name: name, Path: path}}, func(_ int, a TrialAnswer) { found = a }); err != nil {
		return head, err
	}
	return csvfile.Header{Names: found.Columns}, found.err()
}

// columnsOf reads the names of the columns of a Parquet file in this process.
func columnsOf(ctx context.Context, e *engine.Engine, path string) (names []string, err error) {
	l, err := New(ctx, e, "")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	head, err := l.columnsOfAny(ctx, path)
	return head.Names, err
}

func maybeParquet(f input.UnreadFile) bool {
	return f.Path != "" && storage.HasSuffixFold(f.File, ".parquet")
}

// HintParquet adds the hint of input.RenameHint to an unread Parquet file, if its columns can be read.
func (l *Loader) HintParquet(ctx context.Context, file *input.UnreadFile) {
	if !maybeParquet(*file) {
		return
	}
	var head csvfile.Header
	var err error
	if l.Trials == nil {
		head, err = l.columnsOfAny(ctx, file.Path)
	} else if info, fault := os.Stat(file.Path); fault == nil {
		found, _ := l.Trials.known(file.Path, info)
		head.Names, err = found.answer.Columns, found.answer.err()
	}
	if err == nil {
		file.Hint = input.RenameHint(head, ".parquet")
	}
}

// columnsOfAny reads the columns of a Parquet file with the reader that can.
func (l *Loader) columnsOfAny(ctx context.Context, path string) (csvfile.Header, error) {
	head, _, err := l.ParquetColumns(ctx, path)
	if err != nil && refused(err) {
		head, _, err = exactHeader(path)
	}
	return head, err
}
