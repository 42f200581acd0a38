package spark

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"openhours/analytics/input"
	"openhours/analytics/load"
	"openhours/analytics/spark/hive"
	"openhours/analytics/storage"
)

// clusterFile is an input file and the state of reading it on the cluster.
type clusterFile struct {
	*load.File
	no     int
	loaded input.LoadedFile
	cells  string // the SELECT of its cells; "": the cluster cannot read it
	local  bool   // read the file on this machine and send its rows

	rows, torn int64              // as counted by the cluster
	rejects    []load.RejectCount // as counted by the cluster
}

// Load has the cluster read the plain files and proves, as with DuckDB, that no row is lost. Files that are
// not plain are read on this machine. Files with rejected rows are read here a second time, for the lines
// of those rows.
func (b *backend) Load(ctx context.Context, opened []*load.File) error {
	var bytes int64
	files := make([]*clusterFile, len(opened))
	for i, file := range opened {
		files[i] = &clusterFile{File: file, no: i}
		bytes += file.Info.Size()
	}
	for i := range b.loader.Unread {
		b.loader.HintParquet(ctx, &b.loader.Unread[i])
	}
	for _, setting := range sessionSettings(bytes) {
		if err := b.exec(ctx, "SET "+setting); err != nil {
			return fmt.Errorf("set up the session: %w", err)
		}
	}
	if err := b.db.AwaitZones(ctx); err != nil {
		return err
	}
	if err := b.send(ctx, "zone_names", "zone_names"); err != nil {
		return err
	}
	for _, file := range files {
		if err := b.assign(ctx, file); err != nil {
			return fmt.Errorf("%s: %w", file.Name, err)
		}
	}
	for _, set := range input.Sets() {
		if !clusterReads(set) {
			continue
		}
		if err := b.read(ctx, set, files); err != nil {
			return err
		}
	}
	return b.finishLoad(ctx, opened, files)
}

// clusterReads reports whether the cluster reads files of a set. The others are small, and their rules of reading have
// one place, in DuckDB.
func clusterReads(set input.Set) bool {
	return set.Name == input.StatusSet || set.Name == input.HoursSet || set.Name == input.ZonesSet
}

// assign waits for the inspection of a file and decides whether the cluster or this machine reads it.
func (b *backend) assign(ctx context.Context, f *clusterFile) error {
	seen, err := f.AwaitInspection(&f.loaded)
	if err != nil {
		return err
	}
	f.loaded.File, f.loaded.Set = f.Name, f.Set.Name
	if strings.ContainsAny(f.Origin(), "*?[]{}\\") {
		return fmt.Errorf("its path %s holds a sign that the cluster takes for a pattern, one of *?[]{}\\: rename it", f.Origin())
	}
	switch {
	case !clusterReads(f.Set):
	case f.IsParquet():
		return b.defineParquet(ctx, f)
	// a cluster splits lines by rules of its own where there are quotes;
	// Hadoop picks decompressors by lower-case extension, and Zstandard needs a native library
	case seen.Plain && !seen.Quoted && (strings.HasSuffix(f.Path, ".gz") || storage.HasSuffixFold(f.Path, ".csv") || filepath.Ext(f.Path) == ""):
		return b.defineCSV(ctx, f)
	}
	f.local = true
	return nil
}

// cell is the expression of a column of the set, "" if the file lacks it.
func (f *clusterFile) cell(i int) string {
	if f.Columns.Places[i] < 0 {
		return ""
	}
	return fmt.Sprintf("c%d", f.Columns.Places[i])
}

func (f *clusterFile) view() string { return fmt.Sprintf("%s_file_%d", f.Set.Name, f.no) }

// defineCSV defines the view of a CSV file. Columns are named by index, so no header text enters SQL.
// Pruning is off so that the last column marks rows that are wider or narrower than the header.
func (b *backend) defineCSV(ctx context.Context, f *clusterFile) error {
	var columns []string
	for i := range f.Head.Names {
		columns = append(columns, fmt.Sprintf("c%d STRING", i))
	}
	f.cells = fmt.Sprintf("SELECT %d AS file_no, torn IS NOT NULL AS is_torn, CAST(NULL AS TIMESTAMP) AS typed_instant, %s FROM %s",
		f.no, load.SelectAsText(f.Set, f.cell), f.view())
	return b.explain(b.exec(ctx, fmt.Sprintf(`CREATE OR REPLACE TEMP VIEW %s (%s, torn STRING) USING csv OPTIONS (path %s,
		header 'true', quote '"', escape '"', mode 'PERMISSIVE', columnNameOfCorruptRecord 'torn', columnPruning 'false',
		encoding 'UTF-8')`, f.view(), strings.Join(columns, ", "), hive.Quote(clusterURI(f.Origin())))))
}

// clusterKinds are the types, by their names in DuckDB, that the cluster reads exactly as DuckDB does.
var clusterKinds = []string{"VARCHAR", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"}

func (b *backend) defineParquet(ctx context.Context, f *clusterFile) error {
	plan, err := b.loader.PlanParquet(ctx, f.File.File)
	if err != nil {
		return err
	}
	if !plan.Exact {
		common, err := load.HasCommonLayout(f.Path, plan.Columns.Places)
		plan.Exact = !common || err != nil // what is wrong with the file is found on this machine
	}
	if plan.Exact {
		f.local = true
		return nil
	}
	head, types, places := plan.Head, plan.Types, plan.Columns.Places
	var torn []string
	instant := "CAST(NULL AS TIMESTAMP)"
	column := func(i int) string { return "`" + strings.ReplaceAll(head.Names[places[i]], "`", "``") + "`" }
	for i, place := range places {
		if place < 0 {
			continue
		}
		isStamp := strings.HasPrefix(types[place], "TIMESTAMP")
		// The text of a timestamp differs between the engines; only timestamp_utc does not need it.
		if !slices.Contains(clusterKinds, types[place]) || isStamp && f.Set.Columns[i].Name != "timestamp_utc" || strings.ContainsAny(head.Names[place], "?") {
			f.local = true
			return nil
		}
		if types[place] == "VARCHAR" {
			torn = append(torn, "NOT is_valid_utf8("+column(i)+")")
		}
		if isStamp {
			instant = "CAST(" + column(i) + " AS TIMESTAMP)"
		}
	}
	f.cells = fmt.Sprintf("SELECT %d AS file_no, COALESCE(%s, false) AS is_torn, %s AS typed_instant, %s FROM %s",
		f.no, strings.Join(append(torn, "false"), " OR "), instant,
		load.SelectAsText(f.Set, func(i int) string {
			if places[i] < 0 {
				return ""
			}
			return "CAST(" + column(i) + " AS STRING)"
		}), f.view())
	err = b.exec(ctx, fmt.Sprintf("CREATE OR REPLACE TEMP VIEW %s USING parquet OPTIONS (path %s)", f.view(), hive.Quote(clusterURI(f.Origin()))))
	if err != nil && strings.Contains(err.Error(), "arquet type") { // perhaps of a column that is not needed
		f.local = true
		return nil
	}
	return b.explain(err)
}

// read has the cluster read its files of a set, and counts accepted and rejected rows.
func (b *backend) read(ctx context.Context, set input.Set, files []*clusterFile) error {
	none := "SELECT -1 AS file_no, false AS is_torn, CAST(NULL AS TIMESTAMP) AS typed_instant, " +
		load.SelectAsText(set, func(int) string { return "" }) + " WHERE false"
	parts := []string{none}
	for _, f := range files {
		if f.Set.Name == set.Name && !f.local {
			parts = append(parts, f.cells)
		}
	}
	if err := b.exec(ctx, "CREATE OR REPLACE TEMP VIEW "+set.Name+"_cells AS "+strings.Join(parts, " UNION ALL ")); err != nil {
		return err
	}
	if err := b.execFile(ctx, "spark/"+set.Name+"_source.sql"); err != nil {
		return err
	}
	if len(parts) == 1 {
		return nil
	}
	if err := b.keep(ctx, set.Name+"_source"); err != nil {
		return b.explain(err)
	}
	rows, err := b.conn.QueryContext(ctx, fmt.Sprintf(`SELECT file_no, is_torn, COALESCE(fault_column, '') AS fault_column,
			COALESCE(fault_reason, '') AS fault_reason, COUNT(*) AS row_count
		FROM %s_source GROUP BY file_no, is_torn, fault_column, fault_reason`, set.Name))
	if err != nil {
		return b.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var no int
		var torn bool
		var c load.RejectCount
		if err := rows.Scan(&no, &torn, &c.Column, &c.Reason, &c.Rows); err != nil {
			return err
		}
		f := files[no]
		f.rows += c.Rows
		if torn {
			f.torn += c.Rows
		}
		if c.Reason != "" {
			c.File = f.Name
			f.rejects = append(f.rejects, c)
			f.loaded.Rejected += c.Rows
		}
	}
	return rows.Err()
}

// finishLoad finishes the files in order and defines the row views of the sets.
func (b *backend) finishLoad(ctx context.Context, opened []*load.File, files []*clusterFile) error {
	rows, apart := map[string][]string{}, map[string][]string{}
	err := b.loader.EachInOrder(ctx, opened, func(file *load.File) error {
		f := files[slices.Index(opened, file)]
		if err := b.finishFile(ctx, f); err != nil {
			return err
		}
		if f.local && clusterReads(f.Set) {
			_, columns := load.RowTable(f.Set.Name)
			rows[f.Set.Name] = append(rows[f.Set.Name], "SELECT "+columns+" FROM "+f.localView())
			apart[f.Set.Name] = append(apart[f.Set.Name], fmt.Sprint(f.no))
		}
		b.loader.Files = append(b.loader.Files, f.loaded)
		return f.Unchanged(ctx)
	})
	if err != nil {
		return err
	}
	for _, set := range input.Sets() {
		table, columns := load.RowTable(set.Name)
		if !clusterReads(set) {
			if err := b.send(ctx, table, table); err != nil {
				return err
			}
			continue
		}
		from := fmt.Sprintf("SELECT %s FROM %s_source WHERE fault_reason IS NULL", columns, set.Name)
		if list := apart[set.Name]; len(list) > 0 {
			from += " AND file_no NOT IN (" + strings.Join(list, ", ") + ")"
		}
		b.rows[table] = strings.Join(append([]string{from}, rows[set.Name]...), " UNION ALL ")
		if err := b.exec(ctx, "CREATE OR REPLACE TEMP VIEW "+table+" AS "+b.rows[table]); err != nil {
			return err
		}
	}
	return b.send(ctx, "rejected_hours", "rejected_hours")
}

func (f *clusterFile) localView() string { return fmt.Sprintf("%s_here_%d", f.Set.Name, f.no) }

// finishFile collects the rejected rows of a file, or reads the file here if the cluster could not.
func (b *backend) finishFile(ctx context.Context, f *clusterFile) error {
	if f.IsParquet() && !f.local {
		f.loaded.Rows = f.rows
	}
	if f.torn > 0 || !f.local && f.rows != f.loaded.Rows {
		f.local = true // more than single values of the file is at fault
	}
	table, _ := load.RowTable(f.Set.Name)
	if !f.local {
		if err := b.findRejects(ctx, f); err != nil {
			return err
		}
	} else {
		loaded, err := b.loader.LoadFile(ctx, f.File)
		if err != nil {
			return err
		}
		f.loaded = loaded
		if !clusterReads(f.Set) { // all files are sent together
			return nil
		}
		if err := b.send(ctx, table, f.localView()); err != nil {
			return err
		}
	}
	return b.db.Exec(ctx, "TRUNCATE "+table)
}

// AddHistory sends the rows of compacted days that DuckDB has read.
func (b *backend) AddHistory(ctx context.Context) error {
	if len(b.loader.History.Days) == 0 {
		return nil
	}
	if err := b.send(ctx, "status_rows", "status_history"); err != nil {
		return fmt.Errorf("compacted days: %w", err)
	}
	return b.exec(ctx, "CREATE OR REPLACE TEMP VIEW status_rows AS "+b.rows["status_rows"]+
		" UNION ALL SELECT store_id, is_up, observed_us FROM status_history")
}

// findRejects reads a file with rejected rows here, for their lines and texts, and compares the counts with
// those of the cluster.
func (b *backend) findRejects(ctx context.Context, f *clusterFile) error {
	if f.loaded.Rejected == 0 {
		return nil
	}
	want := f.loaded.Rejected
	f.loaded.Rejected = 0
	b.loader.RejectsOnly = true
	defer func() { b.loader.RejectsOnly = false }()
	var err error
	if f.IsParquet() {
		_, err = b.loader.LoadParquet(ctx, f.File, &f.loaded)
	} else {
		_, err = b.loader.LoadCSVExactly(ctx, f.File, &f.loaded)
	}
	if err != nil {
		return err
	}
	var found []load.RejectCount
	for _, c := range b.loader.Rejects.ByReason() {
		if c.File == f.Name {
			found = append(found, c)
		}
	}
	if f.loaded.Rejected != want || !sameCounts(found, f.rejects) {
		return fmt.Errorf("the cluster rejects %v, the exact reader %v; this is a bug in openhours", f.rejects, found)
	}
	return nil
}

func sameCounts(a, b []load.RejectCount) bool {
	if len(a) != len(b) {
		return false
	}
	for _, c := range b {
		if !slices.Contains(a, c) {
			return false
		}
	}
	return true
}
