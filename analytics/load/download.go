package load

import (
	"context"
	"errors"

	"openhours/analytics/storage"
)

// download copies a remote Parquet file to the spill folder: DuckDB, which reads local files only, needs it
// for the columns and for rejected rows.
func (l *Loader) download(ctx context.Context, uri string) (local string, err error) {
	if l.DB.Engine.SpillDir == "" {
		return "", errors.New("a Parquet file of an object store needs a folder for what spills")
	}
	if local, err = storage.Download(ctx, uri, l.DB.Engine.SpillDir); err == nil {
		l.downloads = append(l.downloads, local)
	}
	return local, err
}
