package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"openhours/analytics/csvfile"
	"openhours/analytics/input"
)

// openParquet opens a Parquet file in Go. Closing the reader closes the file.
func openParquet(path string) (reader *file.Reader, err error) {
	source, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, source.Close())
		}
	}()
	defer damaged(&err)
	return file.NewParquetReader(source)
}

// exactHeader reads the names and types of a Parquet file's columns in Go, for files whose schema DuckDB
// refuses because of a column that may not even be needed. The type is "" if the exact reader reads it.
func exactHeader(path string) (head csvfile.Header, types []string, err error) {
	reader, err := openParquet(path)
	if err != nil {
		return head, nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	root := reader.MetaData().Schema.Root()
	for i := range root.NumFields() {
		head.Names = append(head.Names, strings.Trim(root.Field(i).Name(), " \t"))
		_, kind := exactColumn(reader.MetaData().Schema, root.Field(i))
		types = append(types, kind)
	}
	return head, types, nil
}

// exactColumn returns the index of the leaf that is the whole of a top-level column, and its type if that
// is none that is read as text.
func exactColumn(all *schema.Schema, field schema.Node) (leaf int, unread string) {
	if _, ok := field.(*schema.PrimitiveNode); !ok || field.RepetitionType() == parquet.Repetitions.Repeated {
		kind := "group"
		if logical := field.LogicalType(); logical != nil && !logical.IsNone() {
			kind = strings.ToLower(logical.String())
		} else if ok {
			kind = "list"
		}
		return -1, kind
	}
	leaf = all.ColumnIndexByNode(field)
	if column := all.Column(leaf); textOf(column) == nil {
		unread = column.PhysicalType().String()
		if logical := column.LogicalType(); logical != nil && !logical.IsNone() {
			unread = logical.String()
		}
	}
	return leaf, unread
}

// HasCommonLayout reports whether the needed columns of a Parquet file have physical types and encodings that
// every engine reads: no bytes of a fixed length, no type null, no BYTE_STREAM_SPLIT.
func HasCommonLayout(path string, places []int) (common bool, err error) {
	reader, err := openParquet(path)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	defer damaged(&err)
	all := reader.MetaData().Schema
	for _, place := range places {
		if place < 0 {
			continue
		}
		leaf, unread := exactColumn(all, all.Root().Field(place))
		if unread != "" || all.Column(leaf).PhysicalType() == parquet.Types.FixedLenByteArray {
			return false, nil
		}
		switch all.Column(leaf).LogicalType().(type) {
		case schema.NullLogicalType, schema.UnknownLogicalType:
			return false, nil
		}
		for i := range reader.NumRowGroups() {
			chunk, err := reader.MetaData().RowGroup(i).ColumnChunk(leaf)
			if err != nil {
				return false, err
			}
			if slices.Contains(chunk.Encodings(), parquet.Encodings.ByteStreamSplit) {
				return false, nil
			}
		}
	}
	return true, nil
}

// loadParquetExactly reads a Parquet file in Go. It is for what DuckDB gives up on: invalid UTF-8,
// timestamps outside the range of microseconds, and types and encodings that it does not read. The cells
// are then processed like those of a CSV file.
func (l *Loader) loadParquetExactly(ctx context.Context, f *File, columns input.Columns, loaded *input.LoadedFile) (accepted int64, err error) {
	defer damaged(&err)
	reader, err := openParquet(f.Path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	rows := &parquetRows{reader: reader}
	asRows := &File{File: f.File}
	all := reader.MetaData().Schema
	add := func(name string, place int) (column int, err error) {
		if place < 0 {
			return -1, nil
		}
		leaf, unread := exactColumn(all, all.Root().Field(place))
		if unread != "" {
			return 0, typeError(name, unread)
		}
		asRows.Head.Names, rows.leaves = append(asRows.Head.Names, name), append(rows.leaves, leaf)
		return len(rows.leaves) - 1, nil
	}
	for i, c := range f.Set.Columns {
		column, err := add(c.Name, columns.Places[i])
		if err != nil {
			return 0, err
		}
		asRows.Columns.Places = append(asRows.Columns.Places, column)
	}
	for i := 0; f.Set.Attributes && i < len(columns.Others); i++ {
		column, err := add(columns.Others[i], columns.OtherPlace[i])
		if err != nil {
			return 0, err
		}
		asRows.Columns.Others, asRows.Columns.OtherPlace = append(asRows.Columns.Others, columns.Others[i]), append(asRows.Columns.OtherPlace, column)
	}
	return l.loadExactly(ctx, asRows, rows, loaded)
}

// parquetRows is a rowSource of a Parquet file. It returns values as text.
type parquetRows struct {
	reader *file.Reader
	leaves []int

	group   int   // the next row group
	left    int64 // rows of the current row group still to come
	columns []cellReader
	line    int64
	cells   []string
}

func (p *parquetRows) Next() (csvfile.Row, error) {
	for p.left == 0 {
		if p.group == p.reader.NumRowGroups() {
			return csvfile.Row{}, io.EOF
		}
		if err := p.nextGroup(); err != nil {
			return csvfile.Row{}, err
		}
	}
	p.cells = p.cells[:0]
	for i := range p.columns {
		text, err := p.columns[i].next()
		if err != nil {
			return csvfile.Row{}, err
		}
		p.cells = append(p.cells, text)
	}
	p.left--
	p.line++
	return csvfile.Row{Line: p.line, Raw: strings.Join(p.cells, ","), Cells: p.cells, FaultCell: -1}, nil
}

func (p *parquetRows) nextGroup() error {
	group := p.reader.RowGroup(p.group)
	p.group++
	p.left, p.columns = group.NumRows(), p.columns[:0]
	for _, leaf := range p.leaves {
		chunk, err := p.chunk(group, leaf)
		if err != nil {
			return err
		}
		read, err := chunkCells(chunk, textOf(p.reader.MetaData().Schema.Column(leaf)))
		if err != nil {
			return err
		}
		p.columns = append(p.columns, cellReader{read: read})
	}
	return nil
}

// chunk opens a column of a row group.
func (p *parquetRows) chunk(group *file.RowGroupReader, leaf int) (file.ColumnChunkReader, error) {
	column := p.reader.MetaData().Schema.Column(leaf)
	metadata, err := group.MetaData().ColumnChunk(leaf)
	if err != nil {
		return nil, err
	}
	if column.PhysicalType() != parquet.Types.FixedLenByteArray || !slices.Contains(metadata.Encodings(), parquet.Encodings.DeltaByteArray) {
		return group.Column(leaf)
	}
	// The library has this encoding for bytes of variable length only. It writes both in the same way.
	for _, encoding := range metadata.Encodings() {
		if encoding != parquet.Encodings.DeltaByteArray && encoding != parquet.Encodings.RLE {
			return nil, fmt.Errorf("column %s has bytes of a fixed length in the encodings %v: write the file with one of them", column.Name(), metadata.Encodings())
		}
	}
	pages, err := group.GetColumnPageReader(leaf)
	if err != nil {
		return nil, err
	}
	node := schema.NewByteArrayNode(column.Name(), column.SchemaNode().RepetitionType(), -1)
	//lint:ignore SA1019 the way that is not deprecated takes the type from the file
	return file.NewColumnReader(schema.NewColumn(node, column.MaxDefinitionLevel(), 0), pages, memory.DefaultAllocator, p.reader.BufferPool()), nil
}

// cellReader returns the cells of one column of a row group.
type cellReader struct {
	read  func() ([]string, error) // the next cells; none at the end
	cells []string
}

func (r *cellReader) next() (string, error) {
	if len(r.cells) == 0 {
		var err error
		if r.cells, err = r.read(); err != nil {
			return "", err
		}
		if len(r.cells) == 0 {
			return "", errors.New("the file is damaged: a column has fewer values than its row group has rows")
		}
	}
	text := r.cells[0]
	r.cells = r.cells[1:]
	return text, nil
}

// chunkCells returns the function that reads the cells of a column chunk, given that of textOf.
func chunkCells(chunk file.ColumnChunkReader, text any) (func() ([]string, error), error) {
	switch text := text.(type) {
	case func(bool) string:
		return readCells(chunk, chunk.(*file.BooleanColumnChunkReader).ReadBatchInPage, text), nil
	case func(int32) string:
		return readCells(chunk, chunk.(*file.Int32ColumnChunkReader).ReadBatchInPage, text), nil
	case func(int64) string:
		return readCells(chunk, chunk.(*file.Int64ColumnChunkReader).ReadBatchInPage, text), nil
	case func(parquet.Int96) string:
		return readCells(chunk, chunk.(*file.Int96ColumnChunkReader).ReadBatchInPage, text), nil
	case func(parquet.ByteArray) string:
		return readCells(chunk, chunk.(*file.ByteArrayColumnChunkReader).ReadBatchInPage, text), nil
	case func(parquet.FixedLenByteArray) string:
		if chunk, ok := chunk.(*file.ByteArrayColumnChunkReader); ok {
			return readCells(chunk, chunk.ReadBatchInPage, func(v parquet.ByteArray) string { return text(parquet.FixedLenByteArray(v)) }), nil
		}
		return readCells(chunk, chunk.(*file.FixedLenByteArrayColumnChunkReader).ReadBatchInPage, text), nil
	}
	return nil, fmt.Errorf("column %s is not read as text", chunk.Descriptor().Name())
}

// readBatch is the method ReadBatchInPage of a column chunk. Its values are valid until the next call.
type readBatch[T any] func(size int64, values []T, defLevels, repLevels []int16) (rows int64, present int, err error)

func readCells[T any](chunk file.ColumnChunkReader, batch readBatch[T], text func(T) string) func() ([]string, error) {
	const size = 8192
	values, levels, cells := make([]T, size), make([]int16, size), make([]string, size)
	optional := chunk.Descriptor().MaxDefinitionLevel() > 0
	return func() ([]string, error) {
		if !chunk.HasNext() {
			return nil, chunk.Err()
		}
		rows, present, err := batch(size, values, levels, nil)
		if err != nil {
			return nil, err
		}
		at := 0
		for i := range cells[:rows] {
			cells[i] = ""
			if optional && levels[i] == 0 {
				continue
			}
			if at == present {
				return nil, errors.New("the file is damaged: a page has fewer values than it announces")
			}
			cells[i] = text(values[at])
			at++
		}
		return cells[:rows], nil
	}
}

// damaged turns a panic into an error: the Parquet library trusts the bytes of a file and does not always
// check them first.
func damaged(err *error) {
	if fault := recover(); fault != nil {
		*err = fmt.Errorf("the file is damaged: %v", fault)
	}
}
