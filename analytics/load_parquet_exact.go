package analytics

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// loadParquetExactly reads a Parquet file in Go, for the one fault that DuckDB does not survive:
// bytes that are no UTF-8. The cells then go the way of a CSV file's.
func (j *job) loadParquetExactly(ctx context.Context, f *openedFile, places []int, loaded *InputFile) (accepted int64, err error) {
	source, err := os.Open(f.path)
	if err != nil {
		return 0, err
	}
	reader, err := file.NewParquetReader(source)
	if err != nil {
		return 0, errors.Join(err, source.Close())
	}
	defer func() { err = errors.Join(err, reader.Close()) }() // which closes the file too
	arrowReader, err := pqarrow.NewFileReader(reader, pqarrow.ArrowReadProperties{BatchSize: 8192}, memory.DefaultAllocator)
	if err != nil {
		return 0, err
	}
	schema, err := arrowReader.Schema()
	if err != nil {
		return 0, err
	}
	// A nested column has several leaves, so its place in the schema is not that of its values.
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
	asRows := &openedFile{inputFile: f.inputFile}
	order := make([]int, len(places)) // of the record's columns, which come as the file has them
	for i, c := range f.set.columns {
		asRows.head.names = append(asRows.head.names, c.name)
		asRows.places = append(asRows.places, i)
		order[i] = records.Schema().FieldIndices(schema.Field(places[i]).Name)[0]
	}
	return j.loadExactly(ctx, asRows, &parquetRows{records: records, order: order}, loaded)
}

// parquetRows hands out rows of a Parquet file with their values as text.
type parquetRows struct {
	records pqarrow.RecordReader
	order   []int
	record  arrow.RecordBatch
	at      int
	line    int64
	cells   []string
}

func (p *parquetRows) next() (csvRow, error) {
	for p.record == nil || p.at == int(p.record.NumRows()) {
		if !p.records.Next() {
			if err := p.records.Err(); err != nil && !errors.Is(err, io.EOF) {
				return csvRow{}, err
			}
			return csvRow{}, io.EOF
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
	return csvRow{line: p.line, raw: strings.Join(p.cells, ","), cells: p.cells, faultColumn: -1}, nil
}

// valueText is the text of a value. Bytes are taken as they are, as DuckDB does on the quick way:
// Arrow would write them in base64.
func valueText(column arrow.Array, at int) string {
	switch bytes := column.(type) {
	case *array.Binary:
		return string(bytes.Value(at))
	case *array.LargeBinary:
		return string(bytes.Value(at))
	}
	return column.ValueStr(at)
}
