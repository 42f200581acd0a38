package analytics

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// column is one column that a set needs, by the definition's name and its aliases in lower case.
type column struct {
	name    string
	aliases []string
}

// dataSet is one of the three kinds of input.
type dataSet struct {
	name    string
	files   *regexp.Regexp
	columns []column
}

const statusSet, hoursSet, zonesSet = "status", "hours", "zones"

// dataSets is in the order of loading: the small sets first.
func dataSets() []dataSet {
	named := func(words string) *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(?:` + words + `).*\.(?:csv|csv\.gz|csv\.zst|parquet)$`)
	}
	return []dataSet{
		{hoursSet, named(`menu[ _-]hours|business[ _-]hours`), []column{
			{"store_id", []string{"store_id"}},
			{"dayOfWeek", []string{"dayofweek", "day", "day_of_week"}},
			{"start_time_local", []string{"start_time_local"}},
			{"end_time_local", []string{"end_time_local"}},
		}},
		{zonesSet, named(`timezones|bq[ _-]results`), []column{
			{"store_id", []string{"store_id"}},
			{"timezone_str", []string{"timezone_str", "timezone"}},
		}},
		{statusSet, named(`store[ _-]status`), []column{
			{"store_id", []string{"store_id"}},
			{"status", []string{"status"}},
			{"timestamp_utc", []string{"timestamp_utc", "timestamp"}},
		}},
	}
}

// inputFile is one file of the data folder that belongs to a set.
type inputFile struct {
	set  dataSet
	name string // relative to the data folder, with forward slashes
	path string // absolute
}

func (f inputFile) isParquet() bool { return hasSuffixFold(f.name, ".parquet") }

func hasSuffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}

// UnreadFile is a file of the data folder whose name is not that of any set.
type UnreadFile struct {
	File string `json:"file"`
	Hint string `json:"hint,omitempty"`
}

// findInputs lists the files of each set in byte order of their names. A folder without a status
// file is an error that says what was looked for.
func findInputs(dir string) ([]inputFile, []UnreadFile, error) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("data folder: %w", err)
	}
	entries, err := os.ReadDir(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("data folder %s does not exist", dir)
	} else if err != nil {
		return nil, nil, fmt.Errorf("data folder: %w", err)
	}
	var files []inputFile
	var unread []UnreadFile
	sets := dataSets()
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, ".") || strings.EqualFold(name, "README.md") {
			continue
		}
		if info, err := os.Stat(filepath.Join(root, name)); err != nil {
			return nil, nil, fmt.Errorf("data folder: %w", err)
		} else if info.IsDir() {
			continue
		}
		i := slices.IndexFunc(sets, func(s dataSet) bool { return s.files.MatchString(name) })
		if i < 0 {
			unread = append(unread, UnreadFile{File: name, Hint: hintFor(filepath.Join(root, name), sets)})
			continue
		}
		files = append(files, inputFile{sets[i], name, filepath.Join(root, name)})
	}
	days, err := filepath.Glob(filepath.Join(globQuote(root), "status", "day=*", "*.parquet"))
	if err != nil {
		return nil, nil, fmt.Errorf("data folder: %w", err)
	}
	for _, path := range days {
		name, err := filepath.Rel(root, path)
		if err != nil {
			return nil, nil, fmt.Errorf("data folder: %w", err)
		}
		files = append(files, inputFile{sets[len(sets)-1], filepath.ToSlash(name), path})
	}
	slices.SortFunc(files, func(a, b inputFile) int { return strings.Compare(a.name, b.name) })
	if !slices.ContainsFunc(files, func(f inputFile) bool { return f.set.name == statusSet }) {
		return nil, nil, fmt.Errorf("data folder %s holds no status file: one named store_status*.csv "+
			"(or .csv.gz, .csv.zst, .parquet) is needed", dir)
	}
	return files, unread, nil
}

// globQuote takes the meaning from the characters that a pattern would read.
func globQuote(path string) string {
	return regexp.MustCompile(`[*?\[\\]`).ReplaceAllString(path, `\$0`)
}

// hintFor says which set a file of an unknown name looks like, judged by its header.
func hintFor(path string, sets []dataSet) string {
	if !hasSuffixFold(path, ".csv") && !hasSuffixFold(path, ".csv.gz") && !hasSuffixFold(path, ".csv.zst") {
		return ""
	}
	header, err := readHeader(path)
	if err != nil {
		return ""
	}
	for _, set := range sets {
		if _, err := header.columnsOf(set); err == nil {
			return fmt.Sprintf("its columns are those of the %s set: a name such as %s.csv would be read",
				set.name, map[string]string{statusSet: "store_status", hoursSet: "menu_hours", zonesSet: "timezones"}[set.name])
		}
	}
	return ""
}

// header is the first row of a CSV file that is not blank.
type header struct {
	names []string
}

// columnsOf finds the place of every column that the set needs. A column that is missing, or there
// twice, is an error that names it.
func (h header) columnsOf(set dataSet) ([]int, error) {
	places := make([]int, len(set.columns))
	for i, c := range set.columns {
		places[i] = -1
		for j, name := range h.names {
			if !slices.Contains(c.aliases, strings.ToLower(name)) {
				continue
			}
			if places[i] >= 0 {
				return nil, fmt.Errorf("columns %q and %q both mean %s: only one may be there",
					h.names[places[i]], name, c.name)
			}
			places[i] = j
		}
		if places[i] < 0 {
			return nil, fmt.Errorf("no column %s (also known as %s) in the header: %s",
				c.name, strings.Join(c.aliases, ", "), strings.Join(h.names, ","))
		}
	}
	return places, nil
}
