package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"syscall"

	"github.com/duckdb/duckdb-go/v2"
)

// ErrMachine is what errors wrap that are due to this machine and came as text from another process.
var ErrMachine = errors.New("the machine is at fault")

// IsBroken reports whether DuckDB failed on the data in a way that it takes for a fault of its own. It may
// do nothing more afterwards.
func IsBroken(err error) bool { return hasType(err, duckdb.ErrorTypeInternal, duckdb.ErrorTypeFatal) }

// IsOutOfMemory reports whether DuckDB needed more than its memory limit, or more than the process may have.
func IsOutOfMemory(err error) bool {
	return hasType(err, duckdb.ErrorTypeOutOfMemory) || hasType(err, duckdb.ErrorTypeIO) && strings.Contains(err.Error(), "not enough memory")
}

func hasType(err error, types ...duckdb.ErrorType) bool {
	var engine *duckdb.Error
	return errors.As(err, &engine) && slices.Contains(types, engine.Type)
}

// IsMachineFault reports whether an error is due to this machine or this program, not to the data.
func IsMachineFault(err error) bool {
	if hasType(err, duckdb.ErrorTypeOutOfMemory, duckdb.ErrorTypeInternal, duckdb.ErrorTypeFatal, duckdb.ErrorTypeConnection) {
		return true
	}
	return errors.Is(err, ErrMachine) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EMFILE) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}
