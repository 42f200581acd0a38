package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/params"
	"openhours/analytics/storage"
)

// Recognised is the result of Recognise.
type Recognised struct {
	Set     string   `json:"set"` // that has most of the columns; "": they are those of no set
	Columns []string `json:"columns"`
}

// Recognise finds the set of a file by its columns. The part with the column names is enough; nothing is kept.
func (d *Folder) Recognise(ctx context.Context, name string, body io.Reader) (_ Recognised, err error) {
	suffixes := input.Suffixes()
	i := slices.IndexFunc(suffixes, func(suffix string) bool { return storage.HasSuffixFold(name, suffix) })
	if i < 0 {
		return Recognised{}, params.Errorf("file %q: the name must end in one of %s", name, strings.Join(suffixes, ", "))
	}
	if storage.IsRemote(d.Dir) {
		return Recognised{}, &InvalidFileError{Reason: elsewhere}
	}
	incoming, path, err := d.receive(ctx, name, suffixes[i], body)
	if err != nil {
		return Recognised{}, err
	}
	defer func() { err = errors.Join(err, incoming.Discard()) }()
	head, err := d.Engines.Trials.Columns(ctx, d.Engines.DuckDB, name, path)
	switch {
	case ctx.Err() != nil:
		return Recognised{}, ctx.Err()
	case err != nil && engine.IsMachineFault(err):
		return Recognised{}, err
	case err != nil:
		return Recognised{}, &InvalidFileError{Reason: strings.ReplaceAll(err.Error(), path, name)}
	}
	set, _ := input.Recognise(head)
	return Recognised{set.Name, head.Names}, nil
}

// receive reads a file to its end under a temporary name, which reports ignore because of the leading dot. The suffix shows
// how it is packed.
func (d *Folder) receive(ctx context.Context, name, suffix string, body io.Reader) (incoming *storage.Draft, path string, err error) {
	if incoming, err = input.CreateIncoming(d.Dir, suffix); err != nil {
		return nil, "", fmt.Errorf("receive %s: %w", name, err)
	}
	err = incoming.Write(func(w io.Writer) error {
		_, err := io.Copy(w, storage.NewContextReader(ctx, body))
		return err
	})
	if err == nil {
		path, _, err = input.Resolve(ctx, d.Dir, filepath.Base(incoming.Path()), nil)
	}
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("receive %s: %w", name, err), incoming.Discard())
	}
	return incoming, path, nil
}
