package params

import "fmt"

// Error is a request that cannot be met, found before any work was done.
type Error struct{ cause error }

// NewError wraps what Validate found.
func NewError(cause error) error { return &Error{cause} }

// Errorf is fmt.Errorf for a parameter.
func Errorf(format string, args ...any) error {
	return &Error{fmt.Errorf(format, args...)}
}

func (e *Error) Error() string { return e.cause.Error() }

func (e *Error) Unwrap() error { return e.cause }
