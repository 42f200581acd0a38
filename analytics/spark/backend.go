package spark

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"openhours/analytics/engine"
	"openhours/analytics/load"
	"openhours/analytics/pipeline"
	"openhours/analytics/spark/hive"
	"openhours/analytics/storage"
)

// Options describe the cluster that runs the models.
type Options struct {
	hive.Options
	// Staging is a folder that this process and every worker see under the same path. It holds the rows of
	// models that are kept, and rows that only the exact reader can read.
	Staging string
}

// EngineName is the name of this engine in reports and flags.
const EngineName = "spark"

// backend runs the models in one session of a Thrift Server. DuckDB does the rest: the offset periods of
// the zones, files that need the exact reader, and the files of the report.
type backend struct {
	loader      *load.Loader
	db          *engine.Session // of the loader, to DuckDB
	options     Options
	runID       string
	pool        *sql.DB   // limited to one connection
	conn        *sql.Conn // to the cluster
	version     string
	rows        map[string]string // by row table: the SELECT of its rows
	interrupted bool              // a statement did not finish: the cluster may still be writing
}

// Open starts a session and configures it. The id identifies the run on the cluster's pages.
func (c *Cluster) Open(ctx context.Context, l *load.Loader, id string) (_ pipeline.Backend, err error) {
	b := &backend{loader: l, db: l.DB, options: c.options, runID: id, rows: map[string]string{}}
	b.pool = sql.OpenDB(hive.NewConnector(b.options.Options, "openhours "+id))
	b.pool.SetMaxOpenConns(1)
	if b.conn, err = b.pool.Conn(ctx); err != nil {
		return nil, errors.Join(err, b.pool.Close())
	}
	if b.version, err = hive.Version(b.conn); err == nil {
		err = b.execFile(ctx, "spark/functions.sql")
	}
	if err == nil && !storage.IsRemote(b.options.Staging) {
		err = storage.MakeFolder(b.stagingFolder())
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// sessionSettings returns settings of the session, which override the cluster's own.
func sessionSettings(inputBytes int64) []string {
	// Aim for 16 MB of input per shuffle partition; with little input, starting tasks dominates.
	partitions := min(max(1, inputBytes>>24), 4000)
	settings := []string{
		"spark.sql.ansi.enabled=true",
		"spark.sql.session.timeZone=UTC",
		"spark.sql.parquet.binaryAsString=true",
		"spark.sql.caseSensitive=false",
		fmt.Sprintf("spark.sql.shuffle.partitions=%d", partitions),
	}
	if inputBytes < 1<<20 {
		// compiling a plan and replanning it adaptively take longer than processing its few rows
		settings = append(settings, "spark.sql.codegen.wholeStage=false", "spark.sql.codegen.factoryMode=NO_CODEGEN",
			"spark.sql.adaptive.enabled=false", "spark.sql.leafNodeDefaultParallelism=1")
	}
	return settings
}

func (b *backend) Querier() engine.Querier { return b.conn }

func (*backend) ReadsObjectStores() bool { return true }

// CreateRelation creates a view: the cluster has no temporary tables. The values of a small relation are in
// the text of the statement, those of a large one go through the staging folder.
func (b *backend) CreateRelation(ctx context.Context, r engine.Relation) error {
	if len(r.Rows)*len(r.Columns) > inlineCells {
		if err := b.db.CreateTable(ctx, r); err != nil {
			return err
		}
		return b.stage(ctx, r.Name, r.Name)
	}
	return engine.CreateRelation(ctx, b.conn, "VIEW", r)
}

func (b *backend) Versions(v *engine.Versions) { v.Engine, v.Spark = EngineName, b.version }

func (b *backend) exec(ctx context.Context, statement string) error {
	_, err := b.conn.ExecContext(ctx, statement)
	b.interrupted = b.interrupted || err != nil
	return err
}

// execFile runs the statements of a file of sql/spark. A semicolon at the end of a line ends a statement.
func (b *backend) execFile(ctx context.Context, file string) error {
	text, err := b.db.Engine.ReadSQL(file)
	if err != nil {
		return err
	}
	for _, statement := range strings.Split(text, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if err := b.exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// Define runs a model. Spark recomputes a view at each use, so a model whose header asks to be kept is
// staged.
func (b *backend) Define(ctx context.Context, m engine.Model) error {
	if m.RunsOnDuckDB() {
		return nil // Collect runs it once the results are in DuckDB
	}
	err := b.exec(ctx, m.Text)
	if err == nil && m.Keep != "" {
		err = b.keep(ctx, m.Name)
	}
	if err == nil {
		err = b.free(ctx, m.Frees)
	}
	if err != nil {
		return fmt.Errorf("model %s: %w", m.File, b.explain(err))
	}
	return nil
}

// keep writes the rows of a view to the staging folder and redefines the view to read them from there.
// Overwriting makes a retry safe. The cluster's own cache works for few models only: each plan includes the
// plans of everything cached before it, and rendering it for the cluster's pages took minutes.
func (b *backend) keep(ctx context.Context, name string) error {
	path := hive.Quote(clusterURI(storage.Join(b.stagingFolder(), name)))
	if err := b.exec(ctx, fmt.Sprintf("INSERT OVERWRITE DIRECTORY %s USING parquet SELECT * FROM %s", path, name)); err != nil {
		return err
	}
	return b.exec(ctx, fmt.Sprintf("CREATE OR REPLACE TEMP VIEW %s USING parquet OPTIONS (path %s)", name, path))
}

// free removes staged rows that are no longer read. The rows of a set are staged as its parsed source.
func (b *backend) free(ctx context.Context, names []string) error {
	for _, name := range names {
		if set, isRows := strings.CutSuffix(name, "_rows"); isRows {
			name = set + "_source"
		}
		if _, err := storage.RemoveTree(ctx, storage.Join(b.stagingFolder(), name)); err != nil {
			return fmt.Errorf("staging folder: %w", err)
		}
	}
	return nil
}

func (b *backend) Collect(ctx context.Context, models []engine.Model) error {
	for _, m := range models {
		if !m.IsResult() {
			continue
		}
		var err error
		if m.RunsOnDuckDB() {
			err = b.db.Exec(ctx, m.Statement())
		} else {
			err = b.Pull(ctx, m.Name, "SELECT * FROM "+m.Name)
		}
		if err != nil {
			return fmt.Errorf("collect %s: %w", m.Name, err)
		}
	}
	return nil
}

// pullRows is the number of rows appended to DuckDB at once.
const pullRows = 50_000

// Pull creates a table in DuckDB from the rows of a query on the cluster.
func (b *backend) Pull(ctx context.Context, name, query string) error {
	rows, err := b.conn.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	var columns []string
	for _, t := range types {
		kind, known := map[string]string{"BOOLEAN": "BOOLEAN", "INT": "BIGINT", "BIGINT": "BIGINT", "DOUBLE": "DOUBLE", "STRING": "VARCHAR"}[t.DatabaseTypeName()]
		if !known {
			return fmt.Errorf("column %s is a %s: results are BOOLEAN, INT, BIGINT, DOUBLE or STRING", t.Name(), t.DatabaseTypeName())
		}
		columns = append(columns, t.Name()+" "+kind)
	}
	if err := b.db.Exec(ctx, fmt.Sprintf("CREATE OR REPLACE TEMP TABLE %s (%s)", name, strings.Join(columns, ", "))); err != nil {
		return err
	}
	var chunk [][]driver.Value
	cells, places := make([]any, len(types)), make([]any, len(types))
	for i := range cells {
		places[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		row := make([]driver.Value, len(types))
		for i, cell := range cells {
			row[i] = cell
		}
		if chunk = append(chunk, row); len(chunk) == pullRows {
			if err := b.db.Append(name, chunk); err != nil {
				return err
			}
			chunk = chunk[:0]
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return b.db.Append(name, chunk)
}

// inlineCells is the most values sent in the text of a statement.
const inlineCells = 20_000

// send creates a relation on the cluster from a table in DuckDB: a small one in the text of a statement, a
// large one through the staging folder.
func (b *backend) send(ctx context.Context, table, name string) error {
	var columns []engine.Column
	err := b.db.Each(ctx, "DESCRIBE "+table, func(rows *sql.Rows) error {
		var c engine.Column
		var skip any
		if err := rows.Scan(&c.Name, &c.Kind, &skip, &skip, &skip, &skip); err != nil {
			return err
		}
		if c.Kind == "VARCHAR" {
			c.Kind = "STRING"
		}
		columns = append(columns, c)
		return nil
	})
	if err != nil {
		return err
	}
	var count int
	if err := b.db.Conn.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&count); err != nil {
		return err
	}
	if count*len(columns) > inlineCells {
		return b.stage(ctx, table, name)
	}
	var all [][]any
	err = b.db.Each(ctx, "SELECT * FROM "+table, func(rows *sql.Rows) error {
		row, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			places[i] = &row[i]
		}
		all = append(all, row)
		return rows.Scan(places...)
	})
	if err != nil {
		return err
	}
	return b.CreateRelation(ctx, engine.Relation{Name: name, Columns: columns, Rows: all})
}

// stagingFolder returns the folder for rows that this run stages.
func (b *backend) stagingFolder() string {
	return storage.Join(b.options.Staging, "openhours-staging-"+b.runID)
}

// stage writes a table to the staging folder and creates a view on it.
func (b *backend) stage(ctx context.Context, table, name string) error {
	staged := storage.Join(b.stagingFolder(), name+".parquet")
	here := staged
	if storage.IsRemote(staged) {
		here = filepath.Join(b.db.Engine.SpillDir, b.runID+"-"+name+".parquet")
	}
	err := b.db.Exec(ctx, fmt.Sprintf("COPY %s TO %s (FORMAT parquet)", table, engine.Quote(here)))
	if here != staged {
		if err == nil {
			err = storage.Upload(ctx, here, staged)
		}
		err = errors.Join(err, storage.Remove(here))
	}
	if err != nil {
		return fmt.Errorf("staging folder: %w", err)
	}
	return b.explain(b.exec(ctx, fmt.Sprintf("CREATE OR REPLACE TEMP VIEW %s USING parquet OPTIONS (path %s)", name, hive.Quote(clusterURI(staged)))))
}

// explain adds advice to errors of the cluster that the user can fix.
func (b *backend) explain(err error) error {
	var failed *hive.StatementError
	if !errors.As(err, &failed) {
		return err
	}
	for _, sign := range []string{"PATH_NOT_FOUND", "FILE_NOT_EXIST", "FileNotFoundException"} {
		if strings.Contains(failed.Class+" "+failed.Message, sign) {
			return fmt.Errorf("the cluster does not see a file that is here: the driver and every worker must find the data "+
				"and the staging folder under the same path, or give the data as s3a://…: %w", err)
		}
	}
	return err
}

// Close closes the session and removes the staged rows. The cluster stops the tasks of an interrupted
// statement at some later time, and a task that was about to write creates its folder again. Close
// therefore keeps removing until the folder has been absent for two seconds.
func (b *backend) Close() error {
	var faults []error
	if err := b.conn.Close(); err != nil && !errors.Is(err, driver.ErrBadConn) {
		faults = append(faults, err)
	}
	faults = append(faults, b.pool.Close())
	// not the job's context: staged rows are removed even if that has ended
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_, removed := storage.RemoveTree(ctx, b.stagingFolder())
	for end := time.Now().Add(2 * time.Second); b.interrupted && time.Now().Before(end) && ctx.Err() == nil; {
		time.Sleep(200 * time.Millisecond)
		var found bool
		if found, removed = storage.RemoveTree(ctx, b.stagingFolder()); found {
			end = time.Now().Add(2 * time.Second)
		}
	}
	return errors.Join(append(faults, removed)...)
}

// clusterURI returns a path as the cluster accepts it.
func clusterURI(path string) string {
	if storage.IsRemote(path) {
		return path
	}
	return "file:" + path
}
