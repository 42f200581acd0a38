package analytics

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"openhours/analytics/spark/hive"
)

// sparkFile is one file on its way to the cluster.
type sparkFile struct {
	*openedFile
	no     int
	loaded InputFile
	cells  string // the SELECT of its cells; "": the cluster cannot read it
	here   bool   // it is read on this machine, and its rows are handed over

	rows, torn int64         // as the cluster counts them
	rejects    []RejectCount // likewise
}

// load lets the cluster read what is plain while proving, as for DuckDB, that no row is lost. A file
// that is not plain is read on this machine, and one with rejected rows a second time here, for their
// lines.
func (b *sparkBackend) load(ctx context.Context, opened []*openedFile) error {
	var bytes int64
	files := make([]*sparkFile, len(opened))
	for i, file := range opened {
		files[i] = &sparkFile{openedFile: file, no: i}
		bytes += file.before.Size()
	}
	for i := range b.loader.unread {
		b.loader.hintParquet(ctx, &b.loader.unread[i])
	}
	for _, setting := range sparkSettings(bytes) {
		if err := b.exec(ctx, "SET "+setting); err != nil {
			return fmt.Errorf("set up the session: %w", err)
		}
	}
	if err := b.db.awaitZones(ctx); err != nil {
		return err
	}
	if err := b.handOver(ctx, "zone_names", "zone_names"); err != nil {
		return err
	}
	for _, file := range files {
		if err := b.look(ctx, file); err != nil {
			return fmt.Errorf("%s: %w", file.name, err)
		}
	}
	for _, set := range dataSets() {
		if err := b.read(ctx, set, files); err != nil {
			return err
		}
	}
	return b.finishLoad(ctx, opened, files)
}

// look waits for the pass over a file's bytes and decides who reads it.
func (b *sparkBackend) look(ctx context.Context, f *sparkFile) error {
	seen, err := f.wait(&f.loaded)
	if err != nil {
		return err
	}
	f.loaded.File, f.loaded.Set = f.name, f.set.name
	if strings.ContainsAny(f.origin(), "*?[]{}\\") {
		return fmt.Errorf("its path %s holds a sign that the cluster takes for a pattern, one of *?[]{}\\: rename it", f.origin())
	}
	switch {
	case f.isParquet():
		return b.lookParquet(ctx, f)
	// the decompressors of Hadoop go by endings in lower case, and Zstandard needs a native library
	case seen.plain && (strings.HasSuffix(f.path, ".gz") || hasSuffixFold(f.path, ".csv")):
		return b.lookCSV(ctx, f)
	}
	f.here = true
	return nil
}

func (f *sparkFile) view() string { return fmt.Sprintf("%s_file_%d", f.set.name, f.no) }

// lookCSV defines the view of a file. Its columns go by their place, so no header text enters SQL.
// Without pruning, a row of another width than the header is told by the last column.
func (b *sparkBackend) lookCSV(ctx context.Context, f *sparkFile) error {
	var columns []string
	for i := range f.head.names {
		columns = append(columns, fmt.Sprintf("c%d STRING", i))
	}
	f.cells = fmt.Sprintf("SELECT %d AS file_no, torn IS NOT NULL AS is_torn, CAST(NULL AS TIMESTAMP) AS typed_instant, %s FROM %s",
		f.no, textColumns(f.set.name, func(i int) string { return fmt.Sprintf("c%d", f.places[i]) }), f.view())
	return b.explain(b.exec(ctx, fmt.Sprintf(`CREATE OR REPLACE TEMP VIEW %s (%s, torn STRING) USING csv OPTIONS (path %s,
		header 'true', quote '"', escape '"', mode 'PERMISSIVE', columnNameOfCorruptRecord 'torn', columnPruning 'false',
		encoding 'UTF-8')`, f.view(), strings.Join(columns, ", "), hive.Quote(clusterURI(f.origin())))))
}

// sparkKinds are the types, as DuckDB names them, that the cluster reads as DuckDB does.
var sparkKinds = []string{"VARCHAR", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"}

func (b *sparkBackend) lookParquet(ctx context.Context, f *sparkFile) error {
	head, types, err := b.loader.parquetColumns(ctx, f.path)
	if err != nil {
		return err
	}
	if _, _, err := b.loader.parquetScan(ctx, f.inputFile); err != nil { // which judges the columns
		return err
	}
	places, err := head.columnsOf(f.set.columns)
	if err != nil {
		return err
	}
	var torn []string
	instant := "CAST(NULL AS TIMESTAMP)"
	column := func(i int) string { return "`" + strings.ReplaceAll(head.names[places[i]], "`", "``") + "`" }
	for i, place := range places {
		if !slices.Contains(sparkKinds, types[place]) || strings.ContainsAny(head.names[place], "?") {
			f.here = true
			return nil
		}
		if types[place] == "VARCHAR" {
			torn = append(torn, "NOT is_valid_utf8("+column(i)+")")
		}
		if strings.HasPrefix(types[place], "TIMESTAMP") {
			instant = "CAST(" + column(i) + " AS TIMESTAMP)"
		}
	}
	f.cells = fmt.Sprintf("SELECT %d AS file_no, COALESCE(%s, false) AS is_torn, %s AS typed_instant, %s FROM %s",
		f.no, strings.Join(append(torn, "false"), " OR "), instant,
		textColumns(f.set.name, func(i int) string { return "CAST(" + column(i) + " AS STRING)" }), f.view())
	return b.explain(b.exec(ctx, fmt.Sprintf("CREATE OR REPLACE TEMP VIEW %s USING parquet OPTIONS (path %s)",
		f.view(), hive.Quote(clusterURI(f.origin())))))
}

// read has the cluster read all files of a set that it can, and counts what it found.
func (b *sparkBackend) read(ctx context.Context, set dataSet, files []*sparkFile) error {
	none := "SELECT -1 AS file_no, false AS is_torn, CAST(NULL AS TIMESTAMP) AS typed_instant, " +
		textColumns(set.name, func(int) string { return "''" }) + " WHERE false"
	parts := []string{none}
	for _, f := range files {
		if f.set.name == set.name && !f.here {
			parts = append(parts, f.cells)
		}
	}
	if err := b.exec(ctx, "CREATE OR REPLACE TEMP VIEW "+set.name+"_cells AS "+strings.Join(parts, " UNION ALL ")); err != nil {
		return err
	}
	if err := b.execFile(ctx, "spark/"+set.name+"_source.sql"); err != nil {
		return err
	}
	if len(parts) == 1 {
		return nil
	}
	if err := b.keep(ctx, set.name+"_source"); err != nil {
		return b.explain(err)
	}
	rows, err := b.conn.QueryContext(ctx, fmt.Sprintf(`SELECT file_no, is_torn, COALESCE(fault_column, '') AS fault_column,
			COALESCE(fault_reason, '') AS fault_reason, COUNT(*) AS row_count
		FROM %s_source GROUP BY file_no, is_torn, fault_column, fault_reason`, set.name))
	if err != nil {
		return b.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var no int
		var torn bool
		var c RejectCount
		if err := rows.Scan(&no, &torn, &c.Column, &c.Reason, &c.Rows); err != nil {
			return err
		}
		f := files[no]
		f.rows += c.Rows
		if torn {
			f.torn += c.Rows
		}
		if c.Reason != "" {
			c.File = f.name
			f.rejects = append(f.rejects, c)
			f.loaded.Rejected += c.Rows
		}
	}
	return rows.Err()
}

// finishLoad settles each file, in their order, and defines the rows of the sets.
func (b *sparkBackend) finishLoad(ctx context.Context, opened []*openedFile, files []*sparkFile) error {
	rows, apart := map[string][]string{}, map[string][]string{}
	err := b.loader.inOrder(ctx, opened, func(file *openedFile) error {
		f := files[slices.Index(opened, file)]
		if err := b.finishFile(ctx, f); err != nil {
			return err
		}
		if f.here {
			_, columns := setSQL(f.set.name)
			rows[f.set.name] = append(rows[f.set.name], "SELECT "+columns+" FROM "+f.hereView())
			apart[f.set.name] = append(apart[f.set.name], fmt.Sprint(f.no))
		}
		b.loader.files = append(b.loader.files, f.loaded)
		return f.unchanged(ctx)
	})
	if err != nil {
		return err
	}
	for _, set := range dataSets() {
		table, columns := setSQL(set.name)
		from := fmt.Sprintf("SELECT %s FROM %s_source WHERE fault_reason IS NULL", columns, set.name)
		if list := apart[set.name]; len(list) > 0 {
			from += " AND file_no NOT IN (" + strings.Join(list, ", ") + ")"
		}
		b.rows[table] = strings.Join(append([]string{from}, rows[set.name]...), " UNION ALL ")
		if err := b.exec(ctx, "CREATE OR REPLACE TEMP VIEW "+table+" AS "+b.rows[table]); err != nil {
			return err
		}
	}
	return b.handOver(ctx, "rejected_hours", "rejected_hours")
}

func (f *sparkFile) hereView() string { return fmt.Sprintf("%s_here_%d", f.set.name, f.no) }

// finishFile finds the rejects of a file, or reads it here where the cluster could not.
func (b *sparkBackend) finishFile(ctx context.Context, f *sparkFile) error {
	if f.isParquet() && !f.here {
		f.loaded.Rows = f.rows
	}
	if f.torn > 0 || !f.here && f.rows != f.loaded.Rows {
		f.here = true // more than this file's values is wrong with it
	}
	table, _ := setSQL(f.set.name)
	if !f.here {
		if err := b.findRejects(ctx, f); err != nil {
			return err
		}
	} else {
		loaded, err := b.loader.loadFile(ctx, f.openedFile)
		if err != nil {
			return err
		}
		f.loaded = loaded
		if err := b.handOver(ctx, table, f.hereView()); err != nil {
			return err
		}
	}
	return b.db.exec(ctx, "TRUNCATE "+table)
}

// addHistory hands over the rows that DuckDB has read of compacted days.
func (b *sparkBackend) addHistory(ctx context.Context) error {
	if len(b.loader.history.Days) == 0 {
		return nil
	}
	if err := b.handOver(ctx, "status_rows", "status_history"); err != nil {
		return fmt.Errorf("compacted days: %w", err)
	}
	return b.exec(ctx, "CREATE OR REPLACE TEMP VIEW status_rows AS "+b.rows["status_rows"]+
		" UNION ALL SELECT store_id, is_up, observed_us FROM status_history")
}

// findRejects reads a file with rejected rows here, for their lines and texts, and holds what it
// finds to what the cluster found.
func (b *sparkBackend) findRejects(ctx context.Context, f *sparkFile) error {
	if f.loaded.Rejected == 0 {
		return nil
	}
	want := f.loaded.Rejected
	f.loaded.Rejected = 0
	b.loader.rejectsOnly = true
	defer func() { b.loader.rejectsOnly = false }()
	var err error
	if f.isParquet() {
		_, err = b.loader.loadParquet(ctx, f.openedFile, &f.loaded)
	} else {
		_, err = b.loader.loadCSVExactly(ctx, f.openedFile, &f.loaded)
	}
	if err != nil {
		return err
	}
	var found []RejectCount
	for _, c := range b.loader.rejects.byReason() {
		if c.File == f.name {
			found = append(found, c)
		}
	}
	if f.loaded.Rejected != want || !sameCounts(found, f.rejects) {
		return fmt.Errorf("the cluster rejects %v, the exact reader %v; this is a fault of openhours", f.rejects, found)
	}
	return nil
}

func sameCounts(a, b []RejectCount) bool {
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
