package load

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// textOf returns the function that writes the values of a column as text, as valueSQL does: a func(T)
// string, where T is the column's physical type. It is nil for a type that is not read as text.
func textOf(column *schema.Column) any {
	switch column.PhysicalType() {
	case parquet.Types.Boolean:
		return strconv.FormatBool
	case parquet.Types.Int32:
		if text := wholeText(column.LogicalType()); text != nil {
			return func(v int32) string { return text(int64(v)) }
		}
	case parquet.Types.Int64:
		if text := wholeText(column.LogicalType()); text != nil {
			return text
		}
	case parquet.Types.Int96:
		return int96Text
	case parquet.Types.ByteArray:
		if text := bytesText(column.LogicalType()); text != nil {
			return func(v parquet.ByteArray) string { return text(v) }
		}
	case parquet.Types.FixedLenByteArray:
		if text := bytesText(column.LogicalType()); text != nil {
			return func(v parquet.FixedLenByteArray) string { return text(v) }
		}
	}
	return nil
}

// wholeText returns the text of whole numbers, or of what they stand for.
func wholeText(logical schema.LogicalType) func(int64) string {
	switch kind := logical.(type) {
	case schema.IntLogicalType:
		bits := 64 - int(kind.BitWidth())
		if kind.IsSigned() {
			return func(v int64) string { return strconv.FormatInt(v<<bits>>bits, 10) }
		}
		return func(v int64) string { return strconv.FormatUint(uint64(v)<<bits>>bits, 10) }
	case schema.DecimalLogicalType:
		if kind.Scale() != 0 {
			return nil
		}
	case schema.DateLogicalType:
		return dateText
	case schema.TimeLogicalType:
		return func(v int64) string { return clockText(v, kind.TimeUnit()) }
	case schema.TimestampLogicalType:
		return func(v int64) string { return stampText(v, kind.TimeUnit(), kind.IsAdjustedToUTC()) }
	case nil, schema.NoLogicalType:
	case schema.NullLogicalType, schema.UnknownLogicalType:
		return func(int64) string { return "" }
	default:
		return nil
	}
	return func(v int64) string { return strconv.FormatInt(v, 10) }
}

// bytesText returns the text of bytes, or of what they stand for.
func bytesText(logical schema.LogicalType) func([]byte) string {
	switch kind := logical.(type) {
	case nil, schema.NoLogicalType, schema.StringLogicalType, schema.EnumLogicalType, schema.JSONLogicalType:
		return func(v []byte) string { return string(v) }
	case schema.NullLogicalType, schema.UnknownLogicalType:
		return func([]byte) string { return "" }
	case schema.UUIDLogicalType:
		return uuidText
	case schema.DecimalLogicalType:
		if kind.Scale() == 0 {
			return decimalText
		}
	}
	return nil
}

func uuidText(v []byte) string {
	text := hex.EncodeToString(v)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// decimalText reads a big-endian number in two's complement.
func decimalText(v []byte) string {
	n := new(big.Int).SetBytes(v)
	if len(v) > 0 && v[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(v))))
	}
	return n.String()
}

// dateText returns YYYY-MM-DD of the days since 1970, in the way of DuckDB also outside of four-digit
// years.
func dateText(days int64) string {
	switch days {
	case math.MaxInt32:
		return "infinity"
	case -math.MaxInt32:
		return "-infinity"
	}
	date := time.Unix(days*86400, 0).UTC()
	if date.Year() <= 0 {
		return fmt.Sprintf("%04d-%02d-%02d (BC)", 1-date.Year(), date.Month(), date.Day())
	}
	return date.Format(time.DateOnly)
}

// clockText returns HH:MM:SS with a fraction if there is one, or the number with its unit if it is outside
// a day. DuckDB counts milliseconds as microseconds.
func clockText(value int64, unit schema.TimeUnitType) string {
	perSecond, name := int64(1e6), "us"
	switch unit {
	case schema.TimeUnitMillis:
		value *= 1000
	case schema.TimeUnitNanos:
		perSecond, name = 1e9, "ns"
	}
	if value < 0 || value > 86400*perSecond {
		return fmt.Sprintf("%d %s", value, name)
	}
	seconds := value / perSecond
	return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60) + fraction(value%perSecond, perSecond)
}

// fraction returns a fraction of a second without the zeros at its end.
func fraction(part, perSecond int64) string {
	if part == 0 {
		return ""
	}
	return "." + strings.TrimRight(strconv.FormatInt(perSecond+part, 10)[1:], "0")
}

// stampText returns an instant, or the number with its unit if it is outside the years 1 to 9999. DuckDB
// counts milliseconds as microseconds, and so nanoseconds with a zone; the largest numbers are infinite.
func stampText(value int64, unit schema.TimeUnitType, utc bool) string {
	perSecond, name := int64(1e6), "us"
	if unit == schema.TimeUnitMillis {
		if value > math.MaxInt64/1000 || value < math.MinInt64/1000 {
			return fmt.Sprintf("%d ms", value)
		}
		value *= 1000
	}
	switch value {
	case math.MaxInt64:
		return "infinity"
	case -math.MaxInt64:
		return "-infinity"
	}
	switch {
	case unit == schema.TimeUnitNanos && utc:
		value /= 1000
	case unit == schema.TimeUnitNanos && value <= -9223372036000000000: // where valueSQL avoids a fault of DuckDB
		return fmt.Sprintf("%d ns", value)
	case unit == schema.TimeUnitNanos:
		perSecond, name = 1e9, "ns"
	}
	seconds, part := value/perSecond, value%perSecond
	if part < 0 {
		seconds, part = seconds-1, part+perSecond
	}
	const first, last = -62135596800, 253402300799 // the first second of year 1, the last one of 9999
	if seconds < first || seconds > last {
		return fmt.Sprintf("%d %s", value, name)
	}
	text := time.Unix(seconds, 0).UTC().Format(time.DateTime) + fraction(part, perSecond)
	if utc {
		text += "+00"
	}
	return text
}

// int96Text reads the nanoseconds of a day and a Julian day, the timestamp of Impala and old Spark. It has
// no zone. As in DuckDB, the microseconds are a number of 64 bits.
func int96Text(v parquet.Int96) string {
	const epoch = 2440588 // the Julian day of 1970-01-01
	nanos := int64(binary.LittleEndian.Uint64(v[:8]))
	days := int64(int32(binary.LittleEndian.Uint32(v[8:]))) - epoch
	return stampText(days*86400e6+nanos/1000, schema.TimeUnitMicros, false)
}
