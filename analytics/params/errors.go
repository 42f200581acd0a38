package params

import "fmt"

// Error is an invalid request, rejected before any work was done.
type Error struct{ cause error }

// NewError marks an error, usually that of Validate, as one of the request.
func NewError(cause error) error { return &Error{cause} }

// Errorf formats an Error as fmt.Errorf does.
func Errorf(format string, args ...any) error {
	return &Error{fmt.Errorf(format, args...)}
}

func (e *Error) Error() string { return e.cause.Error() }

func (e *Error) Unwrap() error { return e.cause }
