package analytics

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
)

// RejectCount is how many rows of a file were rejected for one reason.
type RejectCount struct {
	File   string `json:"file"`
	Column string `json:"column"`
	Reason string `json:"reason"`
	Rows   int64  `json:"rows"`
}

// rejectSpool takes rejected rows in the order of rejects.csv and keeps them out of memory: a file
// may consist of nothing else.
type rejectSpool struct {
	file   *os.File
	writer *csv.Writer
	counts map[RejectCount]int64
	first  []Reject
	rows   int64
	also   func(Reject) error // is told of every row, unless it is nil
}

// mostExamples is how many rows are shown of anything that is counted.
const mostExamples = 5

func newRejectSpool() (*rejectSpool, error) {
	file, err := os.CreateTemp("", "openhours-rejects-*.csv")
	if err != nil {
		return nil, fmt.Errorf("spool of rejected rows: %w", err)
	}
	// Without a name it goes with the process, however that ends.
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("spool of rejected rows: %w", err), file.Close())
	}
	s := &rejectSpool{file: file, writer: csv.NewWriter(file), counts: map[RejectCount]int64{}}
	return s, s.writer.Write([]string{"file", "line", "column", "reason", "raw"})
}

func (s *rejectSpool) add(r Reject) error {
	s.rows++
	s.counts[RejectCount{File: r.File, Column: r.Column, Reason: r.Reason}]++
	if len(s.first) < mostExamples {
		s.first = append(s.first, r)
	}
	if s.also != nil {
		if err := s.also(r); err != nil {
			return err
		}
	}
	if err := s.writer.Write([]string{r.File, strconv.FormatInt(r.Line, 10), r.Column, r.Reason, r.Raw}); err != nil {
		return fmt.Errorf("spool of rejected rows: %w", err)
	}
	return nil
}

// byReason lists the counts by file, column and reason.
func (s *rejectSpool) byReason() []RejectCount {
	all := make([]RejectCount, 0, len(s.counts))
	for key, rows := range s.counts {
		key.Rows = rows
		all = append(all, key)
	}
	slices.SortFunc(all, func(a, b RejectCount) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Reason, b.Reason))
	})
	return all
}

// copyTo writes the whole of rejects.csv.
func (s *rejectSpool) copyTo(w io.Writer) error {
	s.writer.Flush()
	if err := s.writer.Error(); err != nil {
		return fmt.Errorf("spool of rejected rows: %w", err)
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("spool of rejected rows: %w", err)
	}
	_, err := io.Copy(w, s.file)
	return err
}

func (s *rejectSpool) close() error { return s.file.Close() }

// Reject is one row that was not accepted.
type Reject struct {
	File   string `json:"file"`
	Line   int64  `json:"line"`
	Column string `json:"column"`
	Reason string `json:"reason"`
	Raw    string `json:"raw"`
}
