package input

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"openhours/analytics/storage"
)

// ErrBusy is returned to writers of the data folder that have waited in vain for another one.
var ErrBusy = errors.New("another program changes the data folder just now: try again in a moment")

// lockLimit is far more than what any writer needs: it moves or removes files that are written already.
const lockLimit = 10 * time.Second

// LockFolder keeps all other programs from changing which files of a data folder count: uploads and deletions
// of servers, compact, generate. It is held for moments.
func LockFolder(ctx context.Context, dir string) (*storage.FolderLock, error) {
	lock, err := storage.LockWithin(ctx, dir, lockLimit, ErrBusy)
	if err != nil && !errors.Is(err, ErrBusy) {
		err = fmt.Errorf("lock the data folder: %w", err)
	}
	return lock, err
}

// incomingPrefix begins the names of files that are being written. Because of the dot nobody reads them.
const incomingPrefix = ".incoming-"

// CreateIncoming makes a file in the data folder that counts when it is published under another name. The
// suffix shows how it is packed.
func CreateIncoming(dir, suffix string) (*storage.Draft, error) {
	return storage.CreateDraft(storage.Join(dir, incomingPrefix+uuid.NewString()+suffix))
}

// RemoveIncoming removes what killed processes have left in a data folder.
func RemoveIncoming(dir string) error {
	if err := storage.RemoveDrafts(dir, incomingPrefix+"*"); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	return nil
}
