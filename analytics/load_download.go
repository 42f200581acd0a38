package analytics

import (
	"context"
	"errors"
	"io"
	"os"
)

// download makes a copy here of a Parquet file elsewhere: its columns, and its rejected rows if it has
// some, are looked at by DuckDB, which reads this machine's files.
func (j *job) download(ctx context.Context, uri string) (local string, err error) {
	if j.engine.spillDir == "" {
		return "", errors.New("a Parquet file of an object store needs a folder for what spills")
	}
	if err := os.MkdirAll(j.engine.spillDir, 0o700); err != nil {
		return "", err
	}
	source, err := openInput(ctx, uri)
	if err != nil {
		return "", err
	}
	defer source.Close()
	copied, err := os.CreateTemp(j.engine.spillDir, "*.parquet")
	if err != nil {
		return "", err
	}
	j.downloads = append(j.downloads, copied.Name())
	_, err = io.Copy(copied, source)
	return copied.Name(), errors.Join(err, copied.Close())
}
