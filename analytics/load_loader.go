package analytics

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// loader reads the files of one data folder into the row tables of a connection.
type loader struct {
	loadResult
	db         *session
	dir        string // the data folder
	remoteData bool   // the data folder may be one of an object store

	only        string   // the one store whose compacted rows are read; "": all
	rejectsOnly bool     // the exact reader is after rejected rows: another engine has the accepted ones
	downloads   []string // local copies of files of an object store
}

// loadResult is what the reading of a data folder gave.
type loadResult struct {
	files   []InputFile
	unread  []UnreadFile
	rejects *rejectSpool // nil before the reading begins
	history *history
	seen    *History // what was taken from it; nil when there is none
}

// newLoader opens a connection for the rows of a data folder.
func newLoader(ctx context.Context, e *Engine, dir string) (*loader, error) {
	db, err := e.session(ctx)
	if err != nil {
		return nil, err
	}
	return &loader{db: db, dir: cleanFolder(dir), loadResult: loadResult{history: &history{}}}, nil
}

// close drops the connection with its tables, and removes the copies and the spool of rejected rows.
func (l *loader) close() error {
	var faults []error
	for _, copied := range l.downloads {
		faults = append(faults, os.Remove(copied))
	}
	faults = append(faults, l.closeRejects(), l.db.close())
	return errors.Join(faults...)
}

func (l *loader) closeRejects() error {
	if l.rejects == nil {
		return nil
	}
	err := l.rejects.close()
	l.rejects = nil
	return err
}

// prepare creates what the reading needs: functions, and tables to fill.
func (l *loader) prepare(ctx context.Context) error {
	if err := l.db.awaitFunctions(ctx); err != nil {
		return err
	}
	return l.db.execFile(ctx, "duckdb/tables.sql")
}

// mostReadings is how often a folder is read while compact keeps moving its files.
const mostReadings = 3

// reread repeats a reading during which a compact ended and moved files away: it starts again on what
// lies there now, which are the same rows.
func (l *loader) reread(read func() error) func(context.Context) error {
	return func(ctx context.Context) error {
		for reading := 1; ; reading++ {
			err := read()
			if err == nil || ctx.Err() != nil || reading == mostReadings || !l.history.changed(l.dir) {
				return err
			}
			_ = l.db.exec(ctx, "ROLLBACK") // what the failed reading may have left open
			if err := l.closeRejects(); err != nil {
				return err
			}
			l.loadResult = loadResult{history: &history{}}
		}
	}
}

// errCompacted says that a file opened since the folder was listed may be another of that name, and the
// first one's rows in the days.
var errCompacted = fmt.Errorf("%s: compact changed it while the files were opened; try again", historyFile)
