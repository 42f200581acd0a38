package analytics

import "time"

// Step is one finished part of a job.
type Step struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

// Progress is called where step n of total begins.
type Progress func(name string, n, total int)

// steps runs the parts of a job in turn and times them.
type steps struct {
	done     []Step
	total    int
	progress Progress // may be nil
}

// run runs one named part and notes how long it took.
func (s *steps) run(name string, part func() error) error {
	s.begin(name)
	start := time.Now()
	if err := part(); err != nil {
		return err
	}
	s.done = append(s.done, Step{Name: name, Seconds: time.Since(start).Seconds()})
	return nil
}

// begin announces a part.
func (s *steps) begin(name string) {
	if s.progress != nil {
		s.progress(name, len(s.done)+1, s.total)
	}
}
