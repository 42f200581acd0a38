package analytics

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// dataSet is one of the three kinds of input.
type dataSet struct {
	name    string
	stem    string // of a file name that the set takes, without what follows the first dot
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
		{hoursSet, "menu_hours", named(`menu[ _-]hours|business[ _-]hours`), []column{
			{"store_id", []string{"store_id"}},
			{"dayOfWeek", []string{"dayofweek", "day", "day_of_week"}},
			{"start_time_local", []string{"start_time_local"}},
			{"end_time_local", []string{"end_time_local"}},
		}},
		{zonesSet, "timezones", named(`timezones|bq[ _-]results`), []column{
			{"store_id", []string{"store_id"}},
			{"timezone_str", []string{"timezone_str", "timezone"}},
		}},
		{statusSet, "store_status", named(`store[ _-]status`), []column{
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
	path string // absolute, without links
}

func (f inputFile) isParquet() bool { return hasSuffixFold(f.name, ".parquet") }

// UnreadFile is a file of the data folder whose name is not that of any set.
type UnreadFile struct {
	File string `json:"file"`
	Hint string `json:"hint,omitempty"`
	path string
}

// findInputs is listInputs, but a folder without a status file is an error that says what was looked for.
func findInputs(ctx context.Context, dir string, h *history) ([]inputFile, []UnreadFile, error) {
	files, unread, err := listInputs(ctx, dir, h)
	if err != nil {
		return nil, nil, err
	}
	if len(h.Originals) == 0 && !slices.ContainsFunc(files, func(f inputFile) bool { return f.set.name == statusSet }) {
		return nil, nil, fmt.Errorf("data folder %s holds no status file: one named store_status*.csv "+
			"(or .csv.gz, .csv.zst, .parquet) is needed", dir)
	}
	return files, unread, nil
}

// listInputs lists the files of each set in byte order of their names, but for those whose rows the
// history has, and the files of no set.
func listInputs(ctx context.Context, dir string, h *history) ([]inputFile, []UnreadFile, error) {
	dir = cleanFolder(dir)
	entries, err := readDir(ctx, dir)
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
		i := slices.IndexFunc(sets, func(s dataSet) bool { return s.files.MatchString(name) })
		path, info, err := resolve(ctx, dir, name, entry)
		switch {
		case err != nil && i < 0:
			unread = append(unread, unreadFile(name, "it leads nowhere", ""))
		case err != nil:
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		case info.IsDir() && strings.EqualFold(name, historyFolder):
			days, others, err := findDays(ctx, dir, name, sets[len(sets)-1], h)
			if err != nil {
				return nil, nil, err
			}
			files, unread = append(files, days...), append(unread, others...)
		case info.IsDir():
		case i < 0 && info.Mode().IsRegular():
			unread = append(unread, unreadFile(name, hintCSV(ctx, path, name), path))
		case i < 0:
			unread = append(unread, unreadFile(name, "it is no regular file", ""))
		case !info.Mode().IsRegular():
			return nil, nil, fmt.Errorf("%s is no regular file", name)
		case !utf8.ValidString(name):
			return nil, nil, fmt.Errorf("file name %q is not UTF-8: rename it", name)
		case !h.supersedes(name, info):
			files = append(files, inputFile{sets[i], name, path})
		}
	}
	slices.SortFunc(files, func(a, b inputFile) int { return strings.Compare(a.name, b.name) })
	return files, unread, nil
}

// inputBytes is the size of all input files together.
func inputBytes(ctx context.Context, dir string) (bytes int64, err error) {
	view, err := lookAt(ctx, dir)
	if err != nil {
		return 0, err
	}
	for _, file := range view.files {
		info, err := statInput(ctx, file.path)
		if err != nil {
			return 0, fmt.Errorf("data folder: %w", err)
		}
		bytes += info.Size()
	}
	for _, day := range view.history.Days {
		bytes += day.Bytes
	}
	return bytes, nil
}

func unreadFile(name, hint, path string) UnreadFile {
	return UnreadFile{File: strings.ToValidUTF8(name, "\ufffd"), Hint: hint, path: path}
}

// findDays lists the files of a status folder that is divided by day, status/day=…/….parquet, as
// other programs write them, and what else lies there that nobody accounts for.
func findDays(ctx context.Context, dir, folder string, set dataSet, h *history) (files []inputFile, unread []UnreadFile, err error) {
	days, err := readDir(ctx, joinFolder(dir, folder))
	if err != nil {
		return nil, nil, fmt.Errorf("data folder: %w", err)
	}
	own := append(h.files(), historyFile, historyFile+".part")
	for _, day := range days {
		name := folder + "/" + day.Name()
		_, info, err := resolve(ctx, dir, name, day)
		switch {
		case strings.HasPrefix(day.Name(), ".") || slices.Contains(own, name) || h.accountsFor(name):
			continue
		case err != nil || !info.IsDir() || !hasPrefixFold(day.Name(), "day="):
			unread = append(unread, unreadFile(name, "only status/day=YYYY-MM-DD/….parquet is read there", ""))
			continue
		}
		entries, err := readDir(ctx, joinFolder(dir, name))
		if err != nil {
			return nil, nil, fmt.Errorf("data folder: %w", err)
		}
		for _, entry := range entries {
			name := name + "/" + entry.Name()
			if strings.HasPrefix(entry.Name(), ".") || slices.Contains(own, name) || h.accountsFor(name) {
				continue
			}
			path, info, err := resolve(ctx, dir, name, entry)
			switch {
			case !hasSuffixFold(name, ".parquet"):
				unread = append(unread, unreadFile(name, "only Parquet files are read there", ""))
			case err != nil:
				return nil, nil, fmt.Errorf("%s: %w", name, err)
			case info.IsDir() || !info.Mode().IsRegular():
				unread = append(unread, unreadFile(name, "it is no regular file", ""))
			default:
				files = append(files, inputFile{set, name, path})
			}
		}
	}
	return files, unread, nil
}

// resolve follows links: DuckDB judges by the real path whether it may read a file.
func resolve(ctx context.Context, dir, name string, entry fs.DirEntry) (path string, info os.FileInfo, err error) {
	if Remote(dir) {
		info, err = entry.Info()
		return joinFolder(dir, name), info, err
	}
	if path, err = filepath.Abs(filepath.Join(dir, name)); err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err == nil {
		info, err = os.Stat(path)
	}
	if err != nil {
		return "", nil, fmt.Errorf("data folder: %w", err)
	}
	return path, info, nil
}

// LinkedFiles lists the real paths of the input files that lie in the data folder only as links. An
// engine may read them when its options say so.
func LinkedFiles(ctx context.Context, dir string) []string {
	if dir = cleanFolder(dir); Remote(dir) {
		return nil
	}
	view, err := lookAt(ctx, dir)
	if err != nil {
		return nil // whoever reads the folder will say so
	}
	root, err := filepath.EvalSymlinks(dir)
	if err == nil {
		root, err = filepath.Abs(root)
	}
	if err != nil {
		return nil
	}
	var linked []string
	files := view.files
	for _, name := range view.history.files() {
		if path, _, err := resolve(ctx, dir, name, nil); err == nil {
			files = append(files, inputFile{name: name, path: path})
		}
	}
	for _, file := range files {
		if file.path != filepath.Join(root, filepath.FromSlash(file.name)) {
			linked = append(linked, file.path)
		}
	}
	return linked
}

// hintCSV says which set a file of an unknown name looks like, judged by its header.
func hintCSV(ctx context.Context, path, name string) string {
	for _, suffix := range []string{".csv", ".csv.gz", ".csv.zst", ".txt"} {
		if !hasSuffixFold(name, suffix) {
			continue
		}
		suffix = strings.Replace(suffix, ".txt", ".csv", 1)
		if header, err := readHeader(ctx, path, name); err == nil {
			return hint(header, suffix)
		}
	}
	return ""
}

// hint names the set that has columns like these, if any does.
func hint(h header, suffix string) string {
	for _, set := range dataSets() {
		if _, err := h.columnsOf(set.columns); err == nil {
			return fmt.Sprintf("its columns are those of the %s set: a name such as %s%s would be read", set.name, set.stem, suffix)
		}
	}
	return ""
}
