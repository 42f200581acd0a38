package report

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// WriteArrow writes the rows of a Parquet file as an Arrow IPC stream.
func WriteArrow(ctx context.Context, path string, w io.Writer) (err error) {
	reader, err := file.OpenParquetFile(path, false)
	if err != nil {
		return fmt.Errorf("write Arrow: %w", err)
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	arrowReader, err := pqarrow.NewFileReader(reader, pqarrow.ArrowReadProperties{BatchSize: 16384}, memory.DefaultAllocator)
	if err != nil {
		return fmt.Errorf("write Arrow: %w", err)
	}
	records, err := arrowReader.GetRecordReader(ctx, nil, nil)
	if err != nil {
		return fmt.Errorf("write Arrow: %w", err)
	}
	defer records.Release()
	out := ipc.NewWriter(w, ipc.WithSchema(records.Schema()))
	for records.Next() {
		if err := out.Write(records.RecordBatch()); err != nil {
			return fmt.Errorf("write Arrow: %w", err)
		}
	}
	if err := records.Err(); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("write Arrow: %w", err)
	}
	return out.Close()
}
