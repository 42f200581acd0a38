package zoneinfo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// zone is a parsed file: explicit changes, then a rule for all later years.
type zone struct {
	first   int64 // offset in seconds before the first change
	changes []change
	rule    *rule // nil: the last offset stays
}

type change struct{ at, offset int64 } // UTC seconds; seconds east of UTC

const headerSize = 44

// parse reads a file of RFC 8536, version 2 or later: only its 64-bit part, and the rule in its footer.
func parse(text []byte) (*zone, error) {
	head, err := readHeader(text)
	if err != nil {
		return nil, err
	}
	if head.version < '2' {
		return nil, errors.New("its format is that of before 2005: compile the tz database with a newer zic")
	}
	second := headerSize + head.size(4)
	if second > len(text) {
		return nil, errCut
	}
	text = text[second:]
	if head, err = readHeader(text); err != nil {
		return nil, err
	}
	text = text[headerSize:]
	if head.size(8) > len(text) || head.types == 0 {
		return nil, errCut
	}
	times, kinds := text[:8*head.times], text[8*head.times:9*head.times]
	types := text[9*head.times : 9*head.times+6*head.types]
	offset := func(kind int) int64 { return int64(int32(binary.BigEndian.Uint32(types[6*kind:]))) }
	z := &zone{first: offset(0)}
	for i := range head.times {
		if int(kinds[i]) >= head.types {
			return nil, errors.New("it names a type that it does not define")
		}
		z.changes = append(z.changes, change{int64(binary.BigEndian.Uint64(times[8*i:])), offset(int(kinds[i]))})
	}
	footer, _, closed := bytes.Cut(bytes.TrimPrefix(text[head.size(8):], []byte("\n")), []byte("\n"))
	if !closed {
		return nil, errCut
	}
	if len(footer) > 0 {
		if z.rule, err = parseRule(string(footer)); err != nil {
			return nil, err
		}
	}
	return z, nil
}

var errCut = errors.New("the file is cut short")

// header holds the counts at the head of each of the two parts.
type header struct {
	version                                byte
	utc, std, leaps, times, types, letters int
}

func readHeader(text []byte) (header, error) {
	if len(text) < headerSize || string(text[:4]) != "TZif" {
		return header{}, errCut
	}
	var counts [6]int
	for i := range counts {
		n := binary.BigEndian.Uint32(text[20+4*i:])
		if n > 1<<20 {
			return header{}, errors.New("its counts are out of range")
		}
		counts[i] = int(n)
	}
	return header{text[4], counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]}, nil
}

// size returns the bytes of a part whose times have the given width.
func (h header) size(width int) int {
	return h.times*width + h.times + h.types*6 + h.letters + h.leaps*(width+4) + h.std + h.utc
}

const usPerSecond = 1_000_000

// periods returns the periods that overlap [fromUS, toUS). A change that keeps the offset starts none.
func (z *zone) periods(fromUS, toUS int64) []Period {
	all := z.changes
	if z.rule != nil {
		lastChange := int64(math.MinInt64)
		if len(all) > 0 {
			lastChange = all[len(all)-1].at
		}
		year := time.UnixMicro(fromUS).UTC().Year() - 1
		if len(all) > 0 {
			year = max(year, time.Unix(lastChange, 0).UTC().Year()-1)
		}
		all = slices.Clone(all)
		last := time.UnixMicro(toUS).UTC().Year() + 1
		for ; year <= last; year++ {
			for _, c := range z.rule.changes(year) {
				if c.at > lastChange {
					all = append(all, c)
				}
			}
		}
	}
	starts := Period{StartUS: math.MinInt64, OffsetUS: z.first * usPerSecond}
	if len(z.changes) == 0 && z.rule != nil {
		starts.OffsetUS = z.rule.standard * usPerSecond
	}
	list := []Period{starts}
	for _, c := range all {
		last := &list[len(list)-1]
		switch next := (Period{StartUS: microseconds(c.at), OffsetUS: c.offset * usPerSecond}); {
		case next.StartUS >= toUS:
			return list
		case next.OffsetUS == last.OffsetUS:
		case next.StartUS <= fromUS:
			list[0] = next
		case next.StartUS == last.StartUS && len(list) > 1: // summer time all year ends and starts again
			if list = list[:len(list)-1]; list[len(list)-1].OffsetUS != next.OffsetUS {
				list = append(list, next)
			}
		default:
			list = append(list, next)
		}
	}
	return list
}

// microseconds converts seconds; what lies beyond what 64 bits can hold stays at their limit.
func microseconds(seconds int64) int64 {
	const most = math.MaxInt64 / usPerSecond
	return max(min(seconds, most), -most) * usPerSecond
}

// rule is the rule of the footer for years after the last explicit change, in the form of POSIX TZ.
type rule struct {
	standard, summer int64 // offsets in seconds east of UTC
	hasSummer        bool
	start, end       yearDay // of summer time, by the clock before the change
}

// changes returns the changes of a year in time order.
func (r *rule) changes(year int) []change {
	if !r.hasSummer {
		return nil
	}
	list := []change{
		{r.start.seconds(year) - r.standard, r.summer},
		{r.end.seconds(year) - r.summer, r.standard},
	}
	slices.SortFunc(list, func(a, b change) int { return int(max(min(a.at-b.at, 1), -1)) })
	return list
}

// yearDay is a day and time of a year.
type yearDay struct {
	form             byte // 'M': month, week and weekday; 'J': day 1 to 365 without 29 February; 'n': day 0 to 365
	month, week, day int
	secondsOfDay     int64
}

// seconds returns the local time in a year as seconds since 1970, as if it were UTC.
func (d yearDay) seconds(year int) int64 {
	var date time.Time
	switch d.form {
	case 'M':
		date = time.Date(year, time.Month(d.month), 1, 0, 0, 0, 0, time.UTC)
		date = date.AddDate(0, 0, (d.day-int(date.Weekday())+7)%7+7*(d.week-1))
		for date.Month() != time.Month(d.month) { // week 5 is the last
			date = date.AddDate(0, 0, -7)
		}
	case 'J':
		date = time.Date(year, 1, d.day, 0, 0, 0, 0, time.UTC)
		if leap := time.Date(year, 2, 29, 0, 0, 0, 0, time.UTC).Month() == time.February; leap && d.day >= 60 {
			date = date.AddDate(0, 0, 1)
		}
	default:
		date = time.Date(year, 1, 1+d.day, 0, 0, 0, 0, time.UTC)
	}
	return date.Unix() + d.secondsOfDay
}

// parseRule parses a footer such as EST5EDT,M3.2.0,M11.1.0 or <-02>2<-01>,M3.5.0/-1,M10.5.0/0.
func parseRule(text string) (*rule, error) {
	p := &ruleParser{rest: text}
	r := &rule{}
	p.name()
	r.standard = -p.time()
	if p.rest != "" {
		r.hasSummer = true
		p.name()
		r.summer = r.standard + 3600
		if p.rest != "" && p.rest[0] != ',' {
			r.summer = -p.time()
		}
		r.start, r.end = p.yearDay(), p.yearDay()
	}
	if p.failed || p.rest != "" {
		return nil, fmt.Errorf("its rule %q is not of the form of POSIX TZ", text)
	}
	return r, nil
}

// ruleParser takes a rule apart from its start; once it has failed it stays so.
type ruleParser struct {
	rest   string
	failed bool
}

func (p *ruleParser) take(sign byte) bool {
	if p.rest == "" || p.rest[0] != sign {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// while takes the longest prefix whose bytes all fit.
func (p *ruleParser) while(fits func(byte) bool) string {
	n := 0
	for n < len(p.rest) && fits(p.rest[n]) {
		n++
	}
	taken := p.rest[:n]
	p.rest = p.rest[n:]
	return taken
}

func (p *ruleParser) name() {
	if p.take('<') {
		p.while(func(c byte) bool { return c != '>' })
		p.failed = p.failed || !p.take('>')
		return
	}
	letters := p.while(func(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' })
	p.failed = p.failed || len(letters) < 3
}

func (p *ruleParser) number() int {
	digits := p.while(func(c byte) bool { return c >= '0' && c <= '9' })
	n := 0
	for _, digit := range digits {
		n = n*10 + int(digit-'0')
	}
	p.failed = p.failed || digits == "" || len(digits) > 4
	return n
}

// time parses [+-]h[:mm[:ss]], up to 167 hours, as seconds.
func (p *ruleParser) time() int64 {
	sign := int64(1)
	if p.take('-') {
		sign = -1
	} else {
		p.take('+')
	}
	seconds := int64(p.number()) * 3600
	for _, unit := range []int64{60, 1} {
		if p.take(':') {
			seconds += int64(p.number()) * unit
		}
	}
	p.failed = p.failed || seconds > 167*3600+3599
	return sign * seconds
}

func (p *ruleParser) yearDay() (d yearDay) {
	p.failed = p.failed || !p.take(',')
	switch {
	case p.take('M'):
		d.form, d.month = 'M', p.number()
		p.failed = p.failed || !p.take('.')
		d.week = p.number()
		p.failed = p.failed || !p.take('.')
		d.day = p.number()
		p.failed = p.failed || d.month < 1 || d.month > 12 || d.week < 1 || d.week > 5 || d.day > 6
	case p.take('J'):
		d.form, d.day = 'J', p.number()
		p.failed = p.failed || d.day < 1 || d.day > 365
	default:
		d.form, d.day = 'n', p.number()
		p.failed = p.failed || d.day > 365
	}
	d.secondsOfDay = 2 * 3600
	if p.take('/') {
		d.secondsOfDay = p.time()
	}
	return d
}
