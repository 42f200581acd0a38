package load

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// parquetColumn is a column of a generated Parquet file in its physical form; nil is a missing value.
type parquetColumn struct {
	node     schema.Node
	encoding parquet.Encoding
	values   []any
}

// writeParquet writes the columns below the level of Arrow, whose own types are only some of the format's.
func writeParquet(t *testing.T, version parquet.DataPageVersion, groupRows int, columns []parquetColumn) string {
	t.Helper()
	var fields schema.FieldList
	properties := []parquet.WriterProperty{parquet.WithDataPageVersion(version), parquet.WithStats(false)}
	for _, c := range columns {
		fields = append(fields, c.node)
		dictionary := c.encoding == parquet.Encodings.RLEDict
		properties = append(properties, parquet.WithDictionaryFor(c.node.Name(), dictionary))
		if !dictionary {
			properties = append(properties, parquet.WithEncodingFor(c.node.Name(), c.encoding))
		}
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := file.NewParquetWriter(&out, root, file.WithWriterProps(parquet.NewWriterProperties(properties...)))
	for from := 0; from == 0 || from < len(columns[0].values); from += groupRows {
		group, err := w.AppendRowGroupChecked()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range columns {
			chunk, err := group.NextColumn()
			if err != nil {
				t.Fatal(err)
			}
			if err := writeChunk(chunk, c.values[from:min(from+groupRows, len(c.values))]); err != nil {
				t.Fatalf("%s: %v", c.node.Name(), err)
			}
			if err := chunk.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if err := group.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func writeChunk(chunk file.ColumnChunkWriter, values []any) error {
	levels := make([]int16, len(values)) // those of a required column are ignored
	for i, v := range values {
		if v != nil {
			levels[i] = 1
		}
	}
	var err error
	switch w := chunk.(type) {
	case *file.BooleanColumnChunkWriter:
		_, err = w.WriteBatch(present[bool](values), levels, nil)
	case *file.Int32ColumnChunkWriter:
		_, err = w.WriteBatch(present[int32](values), levels, nil)
	case *file.Int64ColumnChunkWriter:
		_, err = w.WriteBatch(present[int64](values), levels, nil)
	case *file.Int96ColumnChunkWriter:
		_, err = w.WriteBatch(present[parquet.Int96](values), levels, nil)
	case *file.Float32ColumnChunkWriter:
		_, err = w.WriteBatch(present[float32](values), levels, nil)
	case *file.Float64ColumnChunkWriter:
		_, err = w.WriteBatch(present[float64](values), levels, nil)
	case *file.ByteArrayColumnChunkWriter:
		_, err = w.WriteBatch(present[parquet.ByteArray](values), levels, nil)
	case *file.FixedLenByteArrayColumnChunkWriter:
		_, err = w.WriteBatch(present[parquet.FixedLenByteArray](values), levels, nil)
	default:
		err = fmt.Errorf("no values for a %T", chunk)
	}
	return err
}

func present[T any](values []any) []T {
	some := make([]T, 0, len(values))
	for _, v := range values {
		if v != nil {
			some = append(some, v.(T))
		}
	}
	return some
}

// parquetKind is a type of the format with some values and their texts.
type parquetKind struct {
	physical parquet.Type
	logical  schema.LogicalType
	length   int
	convert  schema.ConvertedType // if there is no logical type
	values   []any
	texts    []string
}

func (k parquetKind) node(t *testing.T, name string, repetition parquet.Repetition) schema.Node {
	t.Helper()
	var node schema.Node
	var err error
	if k.logical != nil {
		node, err = schema.NewPrimitiveNodeLogical(name, repetition, k.logical, k.physical, k.length, -1)
	} else {
		node, err = schema.NewPrimitiveNodeConverted(name, repetition, k.physical, k.convert, k.length, 0, 0, -1)
	}
	if err != nil {
		t.Fatal(err)
	}
	return node
}

func (k parquetKind) encodings() []parquet.Encoding {
	list := []parquet.Encoding{parquet.Encodings.Plain}
	if k.physical != parquet.Types.Boolean {
		list = append(list, parquet.Encodings.RLEDict)
	}
	switch k.physical {
	case parquet.Types.Boolean:
		list = append(list, parquet.Encodings.RLE)
	case parquet.Types.Int32, parquet.Types.Int64:
		list = append(list, parquet.Encodings.DeltaBinaryPacked, parquet.Encodings.ByteStreamSplit)
	case parquet.Types.ByteArray:
		list = append(list, parquet.Encodings.DeltaLengthByteArray, parquet.Encodings.DeltaByteArray)
	case parquet.Types.FixedLenByteArray:
		list = append(list, parquet.Encodings.ByteStreamSplit)
	}
	return list
}

func anyOf[T any](values ...T) (list []any) {
	for _, v := range values {
		list = append(list, v)
	}
	return list
}

func bytesOf(texts ...string) (list []any) {
	for _, text := range texts {
		list = append(list, parquet.ByteArray(text))
	}
	return list
}

func fixedOf(texts ...string) (list []any) {
	for _, text := range texts {
		list = append(list, parquet.FixedLenByteArray(text))
	}
	return list
}

// bigEndian returns the two's complement of a number in as many bytes, as DECIMAL has it.
func bigEndian(number string, bytes int) string {
	n, _ := new(big.Int).SetString(number, 10)
	if n.Sign() < 0 {
		n.Add(n, new(big.Int).Lsh(big.NewInt(1), uint(8*bytes)))
	}
	return string(n.FillBytes(make([]byte, bytes)))
}

// int96 is Impala's form of a timestamp: the nanoseconds of a day and the Julian day.
func int96(julianDay int32, nanos int64) (v parquet.Int96) {
	binary.LittleEndian.PutUint64(v[:8], uint64(nanos))
	binary.LittleEndian.PutUint32(v[8:], uint32(julianDay))
	return v
}

func parquetKinds() map[string]parquetKind {
	utf8, none := schema.StringLogicalType{}, schema.NoLogicalType{}
	const noon = 1728302400 // 2024-10-07 12:00
	const snowflake = "1481966498820158979"
	stamp := func(utc bool, unit schema.TimeUnitType, per int64) parquetKind {
		zone := map[bool]string{true: "+00"}[utc]
		k := parquetKind{physical: parquet.Types.Int64, logical: schema.NewTimestampLogicalTypeForce(utc, unit),
			values: anyOf[int64](noon*per, noon*per+per/2, 0, -per, -1), texts: []string{"2024-10-07 12:00:00" + zone, "2024-10-07 12:00:00.5" + zone, "1970-01-01 00:00:00" + zone, "1969-12-31 23:59:59" + zone, ""}}
		k.texts[4] = "1969-12-31 23:59:59." + map[int64]string{1e3: "999", 1e6: "999999", 1e9: "999999999"}[per] + zone
		if utc && per == 1e9 { // whole microseconds in DuckDB
			k.texts[4] = k.texts[2]
		}
		add := func(value int64, text string) { k.values, k.texts = append(k.values, value), append(k.texts, text) }
		switch {
		case per != 1e9:
			add(-62135596800*per, "0001-01-01 00:00:00"+zone)
			add(-62135596801*per, "-62135596801000000 us")
			add(253402300800*per, "253402300800000000 us")
		case utc:
			add(math.MaxInt64-1, "2262-04-11 23:47:16.854775+00")
			add(math.MinInt64, "1677-09-21 00:12:43.145225+00")
		default:
			add(math.MinInt64, "-9223372036854775808 ns")
		}
		if per != 1e3 {
			add(math.MaxInt64, "infinity")
			add(-math.MaxInt64, "-infinity")
		}
		return k
	}
	kinds := map[string]parquetKind{
		"text":       {physical: parquet.Types.ByteArray, logical: utf8, values: bytesOf("a", "active", "2024-10-07 12:00", "2", " x ", ""), texts: []string{"a", "active", "2024-10-07 12:00", "2", " x ", ""}},
		"text_1.0":   {physical: parquet.Types.ByteArray, convert: schema.ConvertedTypes.UTF8, values: bytesOf("a", "active"), texts: []string{"a", "active"}},
		"enum":       {physical: parquet.Types.ByteArray, logical: schema.EnumLogicalType{}, values: bytesOf("active", "UTC"), texts: []string{"active", "UTC"}},
		"json":       {physical: parquet.Types.ByteArray, logical: schema.JSONLogicalType{}, values: bytesOf("17", `"a"`), texts: []string{"17", `"a"`}},
		"bytes":      {physical: parquet.Types.ByteArray, logical: none, values: bytesOf("STORE-01", "inactive", "09:00"), texts: []string{"STORE-01", "inactive", "09:00"}},
		"fixed":      {physical: parquet.Types.FixedLenByteArray, logical: none, length: 16, values: fixedOf("STORE-0000000001", "2024-10-07 12:00"), texts: []string{"STORE-0000000001", "2024-10-07 12:00"}},
		"uuid":       {physical: parquet.Types.FixedLenByteArray, logical: schema.UUIDLogicalType{}, length: 16, values: fixedOf("\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff", "\xff\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff"), texts: []string{"00112233-4455-6677-8899-aabbccddeeff", "ff112233-4455-6677-8899-aabbccddeeff"}},
		"boolean":    {physical: parquet.Types.Boolean, logical: none, values: anyOf(true, false), texts: []string{"true", "false"}},
		"null":       {physical: parquet.Types.Int32, logical: schema.NullLogicalType{}, values: anyOf[any](nil), texts: []string{""}},
		"int32":      {physical: parquet.Types.Int32, logical: none, values: anyOf[int32](3, noon, -1, math.MinInt32), texts: []string{"3", "1728302400", "-1", "-2147483648"}},
		"int64":      {physical: parquet.Types.Int64, logical: none, values: anyOf[int64](3, noon, math.MaxInt64, math.MinInt64), texts: []string{"3", "1728302400", "9223372036854775807", "-9223372036854775808"}},
		"int8":       {physical: parquet.Types.Int32, logical: schema.NewIntLogicalType(8, true), values: anyOf[int32](3, -128, 300), texts: []string{"3", "-128", "44"}},
		"int16":      {physical: parquet.Types.Int32, logical: schema.NewIntLogicalType(16, true), values: anyOf[int32](3, -32768), texts: []string{"3", "-32768"}},
		"uint8":      {physical: parquet.Types.Int32, logical: schema.NewIntLogicalType(8, false), values: anyOf[int32](3, 255), texts: []string{"3", "255"}},
		"uint16":     {physical: parquet.Types.Int32, logical: schema.NewIntLogicalType(16, false), values: anyOf[int32](3, 65535), texts: []string{"3", "65535"}},
		"uint32":     {physical: parquet.Types.Int32, logical: schema.NewIntLogicalType(32, false), values: anyOf[int32](3, -1), texts: []string{"3", "4294967295"}},
		"uint64":     {physical: parquet.Types.Int64, logical: schema.NewIntLogicalType(64, false), values: anyOf[int64](3, -1), texts: []string{"3", "18446744073709551615"}},
		"decimal_9":  {physical: parquet.Types.Int32, logical: schema.NewDecimalLogicalType(9, 0), values: anyOf[int32](3, -7, 999999999), texts: []string{"3", "-7", "999999999"}},
		"decimal_18": {physical: parquet.Types.Int64, logical: schema.NewDecimalLogicalType(18, 0), values: anyOf[int64](3, noon, -7), texts: []string{"3", "1728302400", "-7"}},
		"decimal_38": {physical: parquet.Types.FixedLenByteArray, length: 16, logical: schema.NewDecimalLogicalType(38, 0), values: fixedOf(bigEndian(snowflake, 16), bigEndian("-7", 16), bigEndian("99999999999999999999999999999999999999", 16)), texts: []string{snowflake, "-7", "99999999999999999999999999999999999999"}},
		"decimal_19": {physical: parquet.Types.FixedLenByteArray, length: 9, logical: schema.NewDecimalLogicalType(19, 0), values: fixedOf(bigEndian(snowflake, 9), bigEndian("-7", 9)), texts: []string{snowflake, "-7"}},
		"decimal_b":  {physical: parquet.Types.ByteArray, logical: schema.NewDecimalLogicalType(19, 0), values: bytesOf(bigEndian(snowflake, 8), bigEndian("-7", 1), bigEndian("3", 12), bigEndian("-300", 10)), texts: []string{snowflake, "-7", "3", "-300"}},
		"decimal_76": {physical: parquet.Types.FixedLenByteArray, length: 32, logical: schema.NewDecimalLogicalType(76, 0), values: fixedOf(bigEndian(snowflake, 32), bigEndian("-7", 32)), texts: []string{snowflake, "-7"}},
		"date":       {physical: parquet.Types.Int32, logical: schema.DateLogicalType{}, values: anyOf[int32](noon/86400, 0, -719162, 2932896, 2932897, -719163, math.MaxInt32, math.MinInt32, -math.MaxInt32), texts: []string{"2024-10-07", "1970-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "0001-12-31 (BC)", "infinity", "5877642-06-23 (BC)", "-infinity"}},
		"int96":      {physical: parquet.Types.Int96, logical: none, values: anyOf(int96(2440588, 0), int96(2440588+noon/86400, 43200e9+500e6), int96(2440588+200*365, 1), int96(2440588+2932896, 86399999999999), int96(2440588+2932897, 0), int96(2440587, 0), int96(math.MaxInt32, 0), int96(0, 0), int96(2440588, -1), int96(math.MaxInt32, math.MaxInt64)), texts: []string{"1970-01-01 00:00:00", "2024-10-07 12:00:00.5", "2169-11-13 00:00:00", "9999-12-31 23:59:59.999999", "253402300800000000 us", "1969-12-31 00:00:00", "864279560504483840 us", "-210866803200000000 us", "1970-01-01 00:00:00", "873502932541338615 us"}},
	}
	for _, utc := range []bool{true, false} {
		suffix := map[bool]string{true: "_utc"}[utc]
		kinds["stamp_ms"+suffix] = stamp(utc, schema.TimeUnitMillis, 1e3)
		kinds["stamp_us"+suffix] = stamp(utc, schema.TimeUnitMicros, 1e6)
		kinds["stamp_ns"+suffix] = stamp(utc, schema.TimeUnitNanos, 1e9)
		clocks := func(beyond ...string) []string {
			return append([]string{"09:00:00", "00:00:00", "24:00:00", "17:30:00.5"}, beyond...)
		}
		kinds["time_ms"+suffix] = parquetKind{physical: parquet.Types.Int32, logical: schema.NewTimeLogicalType(utc, schema.TimeUnitMillis), values: anyOf[int32](32400e3, 0, 86400e3, 63000500, 86400e3+1, -1, math.MinInt32), texts: clocks("86400001000 us", "-1000 us", "-2147483648000 us")}
		kinds["time_us"+suffix] = parquetKind{physical: parquet.Types.Int64, logical: schema.NewTimeLogicalType(utc, schema.TimeUnitMicros), values: anyOf[int64](32400e6, 0, 86400e6, 63000500e3, 86400e6+1, -1, math.MinInt64), texts: clocks("86400000001 us", "-1 us", "-9223372036854775808 us")}
		kinds["time_ns"+suffix] = parquetKind{physical: parquet.Types.Int64, logical: schema.NewTimeLogicalType(utc, schema.TimeUnitNanos), values: anyOf[int64](32400e9, 0, 86400e9, 63000500e6, 86400e9+1, -1, math.MinInt64), texts: clocks("86400000000001 ns", "-1 ns", "-9223372036854775808 ns")}
	}
	return kinds
}
