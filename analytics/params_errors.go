package analytics

import "fmt"

// ParameterError says that what was asked for cannot be, before any work was done.
type ParameterError struct{ cause error }

// NewParameterError wraps what Validate found.
func NewParameterError(cause error) error { return &ParameterError{cause} }

// ParameterErrorf is fmt.Errorf for a parameter.
func ParameterErrorf(format string, args ...any) error {
	return &ParameterError{fmt.Errorf(format, args...)}
}

func (e *ParameterError) Error() string { return e.cause.Error() }

func (e *ParameterError) Unwrap() error { return e.cause }
