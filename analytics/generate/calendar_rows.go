package generate

import (
	"strings"
	"time"
)

func (c *calendar) storeRows(t *table) {
	t.row = append(t.row, "store_id,name,opens_on,closes_on,"+strings.Join(c.columns, ",")...)
	t.add()
	for i, p := range c.profiles {
		if !p.listed {
			continue
		}
		c.storeRow(t, c.stores[i].id, p)
		if c.chance(0.003) { // twice, and not always the same
			p.values = append([]string(nil), p.values...)
			p.values[ownershipColumn] = "franchise"
			c.storeRow(t, c.stores[i].id, p)
		}
	}
}

func (c *calendar) storeRow(t *table, id string, p profile) {
	t.row = append(append(t.row, id...), ',')
	t.row = append(appendCell(t.row, p.name), ',')
	t.row = append(appendDate(t.row, p.opensOn), ',')
	t.row = appendDate(t.row, p.closesOn)
	for _, value := range p.values {
		t.row = appendCell(append(t.row, ','), value)
	}
	t.add()
}

func (c *calendar) specialRows(t *table) {
	t.row = append(t.row, "store_id,attribute,value,date,date_through,closed,start_time_local,end_time_local,name"...)
	t.add()
	for _, row := range c.special {
		t.row = append(c.appendAddress(t.row, row.address), ',')
		t.row = append(appendDate(t.row, row.day), ',')
		t.row = appendDate(t.row, row.through)
		for _, value := range []string{row.closedText, row.start, row.end, row.name} {
			t.row = appendCell(append(t.row, ','), value)
		}
		t.add()
	}
}

func (c *calendar) closureRows(t *table) {
	t.row = append(t.row, "store_id,attribute,value,starts_at,ends_at,start_local,end_local,reason,announced_at"...)
	t.add()
	for _, row := range c.closures {
		t.row = append(c.appendAddress(t.row, row.address), ',')
		if row.form == utcTimes {
			t.row = append(row.appendTimes(t.row), ",,"...)
		} else {
			t.row = row.appendTimes(append(t.row, ",,"...))
		}
		t.row = append(appendCell(append(t.row, ','), row.reason), ',')
		if row.announced != 0 {
			t.row = time.UnixMicro(row.announced).UTC().AppendFormat(t.row, time.RFC3339)
		}
		t.add()
	}
}

func (c *calendar) appendAddress(b []byte, a address) []byte {
	switch {
	case a.store != none:
		return append(append(b, c.stores[a.store].id...), ",,"...)
	case a.column != none:
		return appendCell(append(append(append(b, ','), c.columns[a.column]...), ','), a.value)
	default:
		return append(b, "*,,"...)
	}
}

// appendCell quotes a comma; no value has a quote.
func appendCell(b []byte, value string) []byte {
	if strings.Contains(value, ",") {
		return append(append(append(b, '"'), value...), '"')
	}
	return append(b, value...)
}

// appendDate leaves the cell empty for 0.
func appendDate(b []byte, date int) []byte {
	if date == 0 {
		return b
	}
	return time.Unix(int64(date)*daySeconds, 0).UTC().AppendFormat(b, time.DateOnly)
}
