package load

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"openhours/analytics/storage"
)

// RejectCount is the number of rows of a file rejected for one reason.
type RejectCount struct {
	File   string `json:"file"`
	Column string `json:"column"`
	Reason string `json:"reason"`
	Rows   int64  `json:"rows"`
}

// RejectSpool stores rejected rows in the order of rejects.csv, on disk: all rows of a file may be
// rejected.
type RejectSpool struct {
	file     *os.File
	writer   *csv.Writer
	counts   map[RejectCount]int64
	First    []Reject
	Rows     int64
	OnReject func(Reject) error // called for every row, unless nil
}

// MaxExamples limits the examples shown of anything that is counted.
const MaxExamples = 5

func NewRejectSpool() (*RejectSpool, error) {
	file, err := storage.ScratchFile()
	if err != nil {
		return nil, fmt.Errorf("spool of rejected rows: %w", err)
	}
	s := &RejectSpool{file: file, writer: csv.NewWriter(file), counts: map[RejectCount]int64{}}
	return s, s.writer.Write([]string{"file", "line", "column", "reason", "raw"})
}

func (s *RejectSpool) add(r Reject) error {
	s.Rows++
	s.counts[RejectCount{File: r.File, Column: r.Column, Reason: r.Reason}]++
	if len(s.First) < MaxExamples {
		s.First = append(s.First, r)
	}
	if s.OnReject != nil {
		if err := s.OnReject(r); err != nil {
			return err
		}
	}
	if err := s.writer.Write([]string{r.File, strconv.FormatInt(r.Line, 10), r.Column, r.Reason, r.Raw}); err != nil {
		return fmt.Errorf("spool of rejected rows: %w", err)
	}
	return nil
}

// ByReason returns the counts, sorted by file, column and reason.
func (s *RejectSpool) ByReason() []RejectCount {
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

// CopyTo writes rejects.csv.
func (s *RejectSpool) CopyTo(w io.Writer) error {
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

func (s *RejectSpool) close() error { return s.file.Close() }

// Reject is a row that was not accepted.
type Reject struct {
	File   string `json:"file"`
	Line   int64  `json:"line"`
	Column string `json:"column"`
	Reason string `json:"reason"`
	Raw    string `json:"raw"`
}
