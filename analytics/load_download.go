package analytics

import (
	"context"
	"errors"
	"io"
	"os"
)

// download makes a copy here of a Parquet file elsewhere: its columns, and its rejected rows if it has
// some, are looked at by DuckDB, which reads this machine's files.
func (l *loader) download(ctx context.Context, uri string) (local string, err error) {
	if l.db.engine.spillDir == "" {
		return "", errors.New("a Parquet file of an object store needs a folder for what spills")
	}
	if err := os.MkdirAll(l.db.engine.spillDir, 0o700); err != nil {
		return "", err
	}
	source, err := openInput(ctx, uri)
	if err != nil {
		return "", err
	}
	defer source.Close()
	copied, err := os.CreateTemp(l.db.engine.spillDir, "*.parquet")
	if err != nil {
		return "", err
	}
	l.downloads = append(l.downloads, copied.Name())
	_, err = io.Copy(copied, source)
	return copied.Name(), errors.Join(err, copied.Close())
}
