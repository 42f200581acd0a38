package engine

import (
	"context"
	"errors"
	"slices"
	"syscall"

	"github.com/duckdb/duckdb-go/v2"
)

// IsMachineFault reports whether an error is due to this machine or this program, not to the data.
func IsMachineFault(err error) bool {
	var engine *duckdb.Error
	if errors.As(err, &engine) {
		return slices.Contains([]duckdb.ErrorType{duckdb.ErrorTypeOutOfMemory, duckdb.ErrorTypeInternal, duckdb.ErrorTypeFatal,
			duckdb.ErrorTypeConnection}, engine.Type)
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EMFILE) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}
