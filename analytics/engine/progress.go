package engine

import "time"

// Step is one finished part of a job.
type Step struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

// Progress is called when step n of total begins.
type Progress func(name string, n, total int)

// Steps runs the parts of a job one after the other and times them.
type Steps struct {
	Done     []Step
	Total    int
	Progress Progress // may be nil
}

// Run runs one part and records how long it took.
func (s *Steps) Run(name string, part func() error) error {
	s.Begin(name)
	start := time.Now()
	if err := part(); err != nil {
		return err
	}
	s.Done = append(s.Done, Step{Name: name, Seconds: time.Since(start).Seconds()})
	return nil
}

// Begin announces a part.
func (s *Steps) Begin(name string) {
	if s.Progress != nil {
		s.Progress(name, len(s.Done)+1, s.Total)
	}
}
