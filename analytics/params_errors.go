package analytics

// ParameterError says that what was asked for cannot be, before any work was done.
type ParameterError struct{ cause error }

func (e *ParameterError) Error() string { return e.cause.Error() }

func (e *ParameterError) Unwrap() error { return e.cause }
