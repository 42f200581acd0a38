package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"openhours/analytics/csvfile"
	"openhours/analytics/input"
)

// loadParquetExactly reads a Parquet file in Go. It is for the faults at which DuckDB gives up on the file:
// invalid UTF-8, and timestamps outside the range of microseconds. The cells are then processed like those
// of a CSV file.
func (l *Loader) loadParquetExactly(ctx context.Context, f *File, places []int, loaded *input.LoadedFile) (accepted int64, err error) {
	defer damaged(&err)
	source, err := os.Open(f.Path)
	if err != nil {
		return 0, err
	}
	reader, err := file.NewParquetReader(source)
	if err != nil {
		return 0, errors.Join(err, source.Close())
	}
	defer func() { err = errors.Join(err, reader.Close()) }() // which closes the file as well
	arrowReader, err := pqarrow.NewFileReader(reader, pqarrow.ArrowReadProperties{BatchSize: 8192}, memory.DefaultAllocator)
	if err != nil {
		return 0, err
	}
	schema, err := arrowReader.Schema()
	if err != nil {
		return 0, err
	}
	// A nested column has several leaves, so the index of a column is not that of its leaf.
	leaves := make([]int, len(places))
	for i, place := range places {
		name := schema.Field(place).Name
		if leaves[i] = reader.MetaData().Schema.ColumnIndexByName(name); leaves[i] < 0 {
			return 0, fmt.Errorf("column %s is not a plain one", name)
		}
	}
	records, err := arrowReader.GetRecordReader(ctx, leaves, nil)
	if err != nil {
		return 0, err
	}
	defer records.Release()
	asRows := &File{File: f.File}
	order := make([]int, len(places)) // of the record's columns, which are in the order of the file
	for i, c := range f.Set.Columns {
		asRows.Head.Names = append(asRows.Head.Names, c.Name)
		asRows.Indexes = append(asRows.Indexes, i)
		order[i] = records.Schema().FieldIndices(schema.Field(places[i]).Name)[0]
	}
	return l.loadExactly(ctx, asRows, &parquetRows{records: records, order: order}, loaded)
}

// parquetRows is a rowSource of a Parquet file. It returns values as text.
type parquetRows struct {
	records pqarrow.RecordReader
	order   []int
	record  arrow.RecordBatch
	at      int
	line    int64
	cells   []string
}

func (p *parquetRows) Next() (csvfile.Row, error) {
	for p.record == nil || p.at == int(p.record.NumRows()) {
		if !p.records.Next() {
			if err := p.records.Err(); err != nil && !errors.Is(err, io.EOF) {
				return csvfile.Row{}, err
			}
			return csvfile.Row{}, io.EOF
		}
		p.record, p.at = p.records.RecordBatch(), 0
	}
	p.cells = p.cells[:0]
	for _, i := range p.order {
		text := ""
		if column := p.record.Column(i); column.IsValid(p.at) {
			text = valueText(column, p.at)
		}
		p.cells = append(p.cells, strings.Clone(text))
	}
	p.at++
	p.line++
	return csvfile.Row{Line: p.line, Raw: strings.Join(p.cells, ","), Cells: p.cells, FaultCell: -1}, nil
}

// damaged turns a panic into an error: the Parquet library trusts the bytes of a file and does not always
// check them first.
func damaged(err *error) {
	if fault := recover(); fault != nil {
		*err = fmt.Errorf("the file is damaged: %v", fault)
	}
}

// valueText returns the same text of a value as valueSQL. Bytes are taken as they are, because Arrow would
// encode them in base64. Clock times and timestamps are formatted from their numbers, because Arrow wraps
// clock times past midnight and formats a timestamp in its own time zone.
func valueText(column arrow.Array, at int) string {
	switch values := column.(type) {
	case *array.Null:
		return ""
	case *array.Binary:
		return string(values.Value(at))
	case *array.LargeBinary:
		return string(values.Value(at))
	case *array.Time32:
		return clockText(int64(values.Value(at)), values.DataType().(*arrow.Time32Type).Unit)
	case *array.Time64:
		return clockText(int64(values.Value(at)), values.DataType().(*arrow.Time64Type).Unit)
	case *array.Timestamp:
		return stampText(int64(values.Value(at)), values.DataType().(*arrow.TimestampType))
	}
	return column.ValueStr(at)
}

// clockText returns HH:MM:SS with a fraction if there is one, or the number with its unit if it is outside
// a day.
func clockText(value int64, unit arrow.TimeUnit) string {
	per := int64(unit.Multiplier()) // nanoseconds
	if value < 0 || value > int64(24*time.Hour)/per {
		return fmt.Sprintf("%d %s", value, unit)
	}
	clock := time.Duration(value * per)
	text := fmt.Sprintf("%02d:%02d:%02d", int(clock.Hours()), int(clock.Minutes())%60, int(clock.Seconds())%60)
	if rest := clock % time.Second; rest != 0 {
		text += strings.TrimRight(fmt.Sprintf(".%09d", rest.Nanoseconds()), "0")
	}
	return text
}

// stampText returns a UTC instant to the microsecond, or the number with its unit if it is outside the
// supported years. DuckDB treats the largest number as infinity.
func stampText(value int64, kind *arrow.TimestampType) string {
	const last = 253402300799 // the last second of 9999
	perSecond := int64(time.Second / kind.Unit.Multiplier())
	if value < 0 || value/perSecond > last || value == math.MaxInt64 {
		return fmt.Sprintf("%d %s", value, kind.Unit)
	}
	form := "2006-01-02 15:04:05.999999"
	if kind.TimeZone != "" {
		form += "+00"
	}
	return time.Unix(value/perSecond, value%perSecond*int64(kind.Unit.Multiplier())).UTC().Format(form)
}
