package analytics

// Step is one finished part of a job.
type Step struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

// Progress is told where a job stands: step n of total begins.
type Progress func(name string, n, total int)
