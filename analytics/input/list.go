// Package input describes the contents of a data folder: the files of each set, the compacted days, and a
// fingerprint of them all. It does not read rows.
package input

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

	"openhours/analytics/csvfile"
	"openhours/analytics/storage"
)

// File is a file of the data folder that belongs to a set.
type File struct {
	Set  Set
	Name string // relative to the data folder, with forward slashes
	Path string // absolute, without links
}

func (f File) IsParquet() bool { return storage.HasSuffixFold(ending(f.Name), ".parquet") }

// ending returns the ending of a file's name, which decides its format. A part of a folder that is named like a set
// may have none, or only .gz or .zst: then the ending of the folder's name counts. Without either, the part is Parquet,
// as Athena writes it. ending returns "" for formats that are not read.
func ending(name string) string {
	folder, part, isPart := strings.Cut(name, "/")
	hasSuffix := func(suffix string) bool { return storage.HasSuffixFold(name, suffix) }
	if i := slices.IndexFunc(Suffixes(), hasSuffix); i >= 0 {
		return Suffixes()[i]
	}
	switch {
	case !isPart:
		return ""
	case hasSuffix(".gz"), hasSuffix(".zst"):
		return ".csv" + strings.ToLower(filepath.Ext(part))
	case strings.Contains(part, "."):
		return ""
	case storage.HasSuffixFold(folder, ".csv"):
		return ".csv"
	default:
		return ".parquet"
	}
}

// UnreadFile is a file of the data folder whose name matches no set.
type UnreadFile struct {
	File string `json:"file"`
	Hint string `json:"hint,omitempty"`
	Path string `json:"-"`
}

// FindFiles is ListFiles with an error if there is no status file, read or compacted.
func FindFiles(ctx context.Context, dir string, h *History) ([]File, []UnreadFile, error) {
	files, unread, err := ListFiles(ctx, dir, h)
	if err != nil {
		return nil, nil, err
	}
	if len(h.Originals) == 0 && !slices.ContainsFunc(files, func(f File) bool { return f.Set.Name == StatusSet }) {
		return nil, nil, fmt.Errorf("data folder %s holds no status file: one named store_status*.csv "+
			"(or .csv.gz, .csv.zst, .parquet) is needed; %s", dir, contents(files, unread))
	}
	return files, unread, nil
}

// contents says what a folder without a status file holds instead, and where one could come from.
func contents(files []File, unread []UnreadFile) string {
	const most = 5
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	for _, f := range unread {
		name := f.File
		if f.Hint != "" {
			name += " (" + f.Hint + ")"
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return "it is empty; `openhours generate` makes a sample"
	}
	if len(names) > most {
		names = append(names[:most], fmt.Sprintf("and %d more", len(names)-most))
	}
	return "it holds " + strings.Join(names, ", ")
}

// ListFiles lists the files of each set in byte order of their names, except those whose rows are in the
// history, and the files that match no set.
func ListFiles(ctx context.Context, dir string, h *History) ([]File, []UnreadFile, error) {
	dir = storage.CleanFolder(dir)
	entries, err := storage.ReadDir(ctx, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("data folder %s does not exist", dir)
	} else if err != nil {
		return nil, nil, fmt.Errorf("data folder: %w", err)
	}
	var files []File
	var unread []UnreadFile
	sets := Sets()
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, ".") || strings.EqualFold(name, "README.md") {
			continue
		}
		i := slices.IndexFunc(sets, func(s Set) bool { return s.Matches(name) })
		path, info, err := Resolve(ctx, dir, name, entry)
		switch {
		case vanished(dir, name, err):
			continue
		case err != nil && i < 0:
			unread = append(unread, unreadFile(name, "it leads nowhere", ""))
		case err != nil:
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		case info.IsDir() && strings.EqualFold(name, DaysFolder):
			days, others, err := findDays(ctx, dir, name, sets[len(sets)-1], h)
			if err != nil {
				return nil, nil, err
			}
			files, unread = append(files, days...), append(unread, others...)
		case info.IsDir():
			i := slices.IndexFunc(sets, func(s Set) bool { return s.MatchesFolder(name) })
			if i < 0 {
				continue
			}
			parts, others, err := findParts(ctx, dir, name, sets[i])
			if err != nil {
				return nil, nil, err
			}
			files, unread = append(files, parts...), append(unread, others...)
		case i < 0 && info.Mode().IsRegular():
			hint := hintCSV(ctx, path, name)
			if hint == "" {
				hint = hintName(sets, name)
			}
			unread = append(unread, unreadFile(name, hint, path))
		case i < 0:
			unread = append(unread, unreadFile(name, "it is no regular file", ""))
		case !info.Mode().IsRegular():
			return nil, nil, fmt.Errorf("%s is no regular file", name)
		case !utf8.ValidString(name):
			return nil, nil, fmt.Errorf("file name %q is not UTF-8: rename it", name)
		case !h.Supersedes(name, info):
			files = append(files, File{sets[i], name, path})
		}
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return files, unread, nil
}

// TotalBytes returns the size of all input files together.
func TotalBytes(ctx context.Context, dir string) (bytes int64, err error) {
	view, err := ReadFolder(ctx, dir)
	if err != nil {
		return 0, err
	}
	for _, file := range view.Files {
		info, err := storage.Stat(ctx, file.Path)
		if err != nil {
			return 0, fmt.Errorf("data folder: %w", err)
		}
		bytes += info.Size()
	}
	for _, day := range view.History.Days {
		bytes += day.Bytes
	}
	return bytes, nil
}

func unreadFile(name, hint, path string) UnreadFile {
	return UnreadFile{File: strings.ToValidUTF8(name, "\ufffd"), Hint: hint, Path: path}
}

// findDays lists the files of a status folder partitioned by day, status/day=…/….parquet, as other programs
// write it, and all other files there that the history does not account for.
func findDays(ctx context.Context, dir, folder string, set Set, h *History) (files []File, unread []UnreadFile, err error) {
	days, err := storage.ReadDir(ctx, storage.Join(dir, folder))
	if err != nil {
		return nil, nil, fmt.Errorf("data folder: %w", err)
	}
	own := append(h.files(), ManifestFile, ManifestFile+".part")
	for _, day := range days {
		name := folder + "/" + day.Name()
		_, info, err := Resolve(ctx, dir, name, day)
		switch {
		case vanished(dir, name, err) || strings.HasPrefix(day.Name(), ".") || slices.Contains(own, name) || h.accountsFor(name):
			continue
		case err != nil || !info.IsDir() || !storage.HasPrefixFold(day.Name(), "day="):
			unread = append(unread, unreadFile(name, "only status/day=YYYY-MM-DD/….parquet is read there", ""))
			continue
		}
		entries, err := storage.ReadDir(ctx, storage.Join(dir, name))
		if err != nil {
			return nil, nil, fmt.Errorf("data folder: %w", err)
		}
		for _, entry := range entries {
			name := name + "/" + entry.Name()
			if strings.HasPrefix(entry.Name(), ".") || slices.Contains(own, name) || h.accountsFor(name) {
				continue
			}
			path, info, err := Resolve(ctx, dir, name, entry)
			switch {
			case vanished(dir, name, err):
				continue
			case !storage.HasSuffixFold(name, ".parquet"):
				unread = append(unread, unreadFile(name, "only Parquet files are read there", ""))
			case err != nil:
				return nil, nil, fmt.Errorf("%s: %w", name, err)
			case info.IsDir() || !info.Mode().IsRegular():
				unread = append(unread, unreadFile(name, "it is no regular file", ""))
			default:
				files = append(files, File{set, name, path})
			}
		}
	}
	return files, unread, nil
}

// findParts lists the files of a folder that is named like a set: all but those that Spark ignores too,
// whose names begin with a dot or an underscore. Everything else that is not read is listed as unread.
func findParts(ctx context.Context, dir, folder string, set Set) (files []File, unread []UnreadFile, err error) {
	entries, err := storage.ReadDir(ctx, storage.Join(dir, folder))
	if err != nil {
		return nil, nil, fmt.Errorf("data folder: %w", err)
	}
	for _, entry := range entries {
		name := folder + "/" + entry.Name()
		if strings.HasPrefix(entry.Name(), ".") || strings.HasPrefix(entry.Name(), "_") {
			continue
		}
		path, info, err := Resolve(ctx, dir, name, entry)
		switch {
		case vanished(dir, name, err):
			continue
		case err != nil:
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		case info.IsDir():
			unread = append(unread, unreadFile(name, "it is a folder: only files directly in "+folder+"/ are read", ""))
		case !info.Mode().IsRegular():
			unread = append(unread, unreadFile(name, "it is no regular file", ""))
		case ending(name) == "":
			unread = append(unread, unreadFile(name, "a part of "+folder+"/ is read if its name has no ending or one of "+
				strings.Join(Suffixes(), ", ")+", .gz, .zst", path))
		case !utf8.ValidString(name):
			return nil, nil, fmt.Errorf("file name %q is not UTF-8: rename it", name)
		default:
			files = append(files, File{set, name, path})
		}
	}
	if len(files) == 0 && len(unread) == 0 {
		unread = append(unread, unreadFile(folder+"/", "its name is that of the "+set.Name+" set, but it holds no file", ""))
	}
	return files, unread, nil
}

// Resolve follows links: DuckDB checks the real path of a file for permission to read it.
func Resolve(ctx context.Context, dir, name string, entry fs.DirEntry) (path string, info os.FileInfo, err error) {
	if storage.IsRemote(dir) {
		info, err = entry.Info()
		return storage.Join(dir, name), info, err
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

// vanished reports whether an error of Resolve means that the file itself is gone, and was so when the folder
// was read; a link that leads nowhere is there.
func vanished(dir, name string, err error) bool {
	if !errors.Is(err, fs.ErrNotExist) || storage.IsRemote(dir) {
		return false
	}
	_, err = os.Lstat(filepath.Join(dir, filepath.FromSlash(name)))
	return errors.Is(err, fs.ErrNotExist)
}

// LinkedFiles lists the real paths of the input files that the data folder only links to. DuckDB may read
// them if they are in engine.Options.Files.
func LinkedFiles(ctx context.Context, dir string) []string {
	if dir = storage.CleanFolder(dir); storage.IsRemote(dir) {
		return nil
	}
	view, err := ReadFolder(ctx, dir)
	if err != nil {
		return nil // reading the folder will report it
	}
	root, err := filepath.EvalSymlinks(dir)
	if err == nil {
		root, err = filepath.Abs(root)
	}
	if err != nil {
		return nil
	}
	var linked []string
	files := view.Files
	for _, name := range view.History.files() {
		if path, _, err := Resolve(ctx, dir, name, nil); err == nil {
			files = append(files, File{Name: name, Path: path})
		}
	}
	for _, file := range files {
		if file.Path != filepath.Join(root, filepath.FromSlash(file.Name)) {
			linked = append(linked, file.Path)
		}
	}
	return linked
}

// otherNames are names that exports are given elsewhere, in the order of the sets that they hold: a pattern for
// the part up to the first dot.
var otherNames = map[string]*regexp.Regexp{
	HoursSet:  regexp.MustCompile(`(?i)^(?:menu|business|store|opening)[ _-]?hours?$|^hours$`),
	ZonesSet:  regexp.MustCompile(`(?i)^(?:store[ _-]?)?time[ _-]?zones?$`),
	StatusSet: regexp.MustCompile(`(?i)^(?:store[ _-]?)?(?:status(?:es)?|polls?|activity)$`),

	StoresSet:       regexp.MustCompile(`(?i)^(?:store|locations?|restaurants?|store[ _-]?(?:list|names?|details?|info|master))$`),
	SpecialHoursSet: regexp.MustCompile(`(?i)^(?:special|holiday)[ _-]?hours?$|^holidays?$`),
	ClosuresSet:     regexp.MustCompile(`(?i)^(?:planned[ _-]?)?closures?$`),
	TargetsSet:      regexp.MustCompile(`(?i)^(?:uptime[ _-]?)?targets?$|^sl[ao]s?$`),
}

// hintName proposes what to do with a file by its name alone: the right name with an ending that is not read, or
// one of otherNames.
func hintName(sets []Set, name string) string {
	stem, ending, _ := strings.Cut(name, ".")
	for _, s := range sets {
		if !s.folders.MatchString(stem) && !otherNames[s.Name].MatchString(stem) {
			continue
		}
		switch ending = strings.ToLower(ending); {
		case slices.Contains(Suffixes(), "."+ending):
			return fmt.Sprintf("the %s set would be read from a name such as %s.%s", s.Name, s.Stem, ending)
		case ending == "xls" || ending == "xlsx" || ending == "ods" || ending == "numbers":
			return fmt.Sprintf("a spreadsheet is not read: save the sheet as %s.csv (CSV UTF-8)", s.Stem)
		default:
			return fmt.Sprintf("only %s are read: %s.csv would be", strings.Join(Suffixes(), ", "), s.Stem)
		}
	}
	if ending = strings.ToLower(ending); ending == "xls" || ending == "xlsx" {
		return "a spreadsheet is not read: save each sheet as CSV UTF-8, such as " + sets[len(sets)-1].Stem + ".csv"
	}
	return ""
}

// hintCSV reads the header of a file of an unknown name and returns the hint of RenameHint.
func hintCSV(ctx context.Context, path, name string) string {
	for _, suffix := range []string{".csv", ".csv.gz", ".csv.zst", ".txt"} {
		if !storage.HasSuffixFold(name, suffix) {
			continue
		}
		suffix = strings.Replace(suffix, ".txt", ".csv", 1)
		if header, err := csvfile.ReadHeader(ctx, path, name); err == nil {
			return RenameHint(header, suffix)
		}
	}
	return ""
}

// RenameHint proposes a file name of the set that has these columns; "" if no set has them.
func RenameHint(h csvfile.Header, suffix string) string {
	set, ok := Recognise(h)
	if !ok {
		return ""
	}
	return fmt.Sprintf("its columns are those of the %s set: a name such as %s%s would be read", set.Name, set.Stem, suffix)
}

// Recognise returns the set that has most of these columns, if they are all that it needs.
func Recognise(h csvfile.Header) (best Set, ok bool) {
	most := 1 // column alone, an id, tells nothing
	for _, set := range Sets() {
		c, err := set.Locate(h)
		if err != nil {
			continue
		}
		if n := len(slices.DeleteFunc(c.Places, func(place int) bool { return place < 0 })); n > most {
			best, ok, most = set, true, n
		}
	}
	return best, ok
}
