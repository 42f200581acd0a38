package load

import (
	"context"
	"errors"
	"io"
	"os"

	"openhours/analytics/storage"
)

// download copies a remote Parquet file to the spill folder: DuckDB, which reads local files only, needs it
// for the columns and for rejected rows.
func (l *Loader) download(ctx context.Context, uri string) (local string, err error) {
	if l.DB.Engine.SpillDir == "" {
		return "", errors.New("a Parquet file of an object store needs a folder for what spills")
	}
	if err := os.MkdirAll(l.DB.Engine.SpillDir, 0o700); err != nil {
		return "", err
	}
	source, err := storage.Open(ctx, uri)
	if err != nil {
		return "", err
	}
	defer source.Close()
	copied, err := os.CreateTemp(l.DB.Engine.SpillDir, "*.parquet")
	if err != nil {
		return "", err
	}
	l.downloads = append(l.downloads, copied.Name())
	_, err = io.Copy(copied, source)
	return copied.Name(), errors.Join(err, copied.Close())
}
