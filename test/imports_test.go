package test

import (
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows are the imports that packages of the project may have, each with its reason. Any other fails.
var arrows = map[string]map[string]string{
	"openhours": {
		"cli": "runs the command",
	},
	"cli": {
		"analytics/engine":     "opens DuckDB with the limits of the flags",
		"analytics/explain":    "openhours explain, and the row cache of the server",
		"analytics/generate":   "openhours generate",
		"analytics/ingest":     "openhours compact, and the data folder of the server",
		"analytics/input":      "files that the data folder holds as links",
		"analytics/load":       "rejected rows to print",
		"analytics/params":     "flags become parameters",
		"analytics/pipeline":   "pairs DuckDB with a cluster",
		"analytics/queue":      "the server's reports",
		"analytics/report":     "report, check, reports, diff, verify",
		"analytics/sandbox":    "the process that reads files for the server",
		"analytics/spark":      "opens the cluster that the flags name",
		"analytics/spark/hive": "the options of the Thrift Server",
		"analytics/storage":    "tells object stores from folders, durable writes",
		"analytics/zoneinfo":   "openhours zones",
		"api":                  "openhours serve",
	},
	"api": {
		"analytics/pipeline": "attributes, and which make groups",
		"analytics/explain":  "types of an explanation",
		"analytics/ingest":   "types and errors of uploads",
		"analytics/input":    "sets, and errors of the data folder",
		"analytics/load":     "rejected rows in problems",
		"analytics/params":   "parameters of requests",
		"analytics/queue":    "states and submissions",
		"analytics/report":   "manifests and rows",
		"analytics/storage":  "whether the report folder can be written",
		"analytics/engine":   "the type of a step",
	},
	"analytics":         {},
	"analytics/params":  {},
	"analytics/storage": {},
	"analytics/storage/crashtest": {
		"analytics/storage": "watches its changes",
	},
	"analytics/csvfile": {
		"analytics/storage": "opens files, hashes what passes through",
	},
	"analytics/input": {
		"analytics/csvfile": "headers, to know what a file holds",
		"analytics/storage": "lists folders, writes the manifest of compacted days, locks",
	},
	"analytics/zoneinfo": {},
	"analytics/sandbox":  {},
	"analytics/engine": {
		"analytics/params":   "errors that name a parameter",
		"analytics/zoneinfo": "the zones that are accepted",
	},
	"analytics/load": {
		"analytics/csvfile": "the exact reader and the inspection",
		"analytics/engine":  "a session to fill",
		"analytics/input":   "which files there are",
		"analytics/params":  "errors that name a parameter, instants",
		"analytics/sandbox": "reads files from outside apart from this process",
		"analytics/storage": "downloads, hashes",
	},
	"analytics/pipeline": {
		"analytics/csvfile":  "which names of columns are the same",
		"analytics/engine":   "models and relations",
		"analytics/load":     "fills the row tables",
		"analytics/params":   "what the run is asked for",
		"analytics/zoneinfo": "offset periods of the zones in use",
	},
	"analytics/spark": {
		"analytics/engine":     "DuckDB's side of a run, models",
		"analytics/input":      "sets and files",
		"analytics/load":       "reads what the cluster cannot",
		"analytics/pipeline":   "is a backend of it",
		"analytics/spark/hive": "the driver",
		"analytics/storage":    "the staging folder",
	},
	"analytics/spark/hive": {},
	"analytics/report": {
		"analytics/engine":   "queries over finished reports",
		"analytics/input":    "compacted inputs, for verify",
		"analytics/load":     "rejects.csv",
		"analytics/params":   "instants, parameters in the manifest",
		"analytics/pipeline": "runs the models",
		"analytics/storage":  "durable writes, hashes",
	},
	"analytics/explain": {
		"analytics/engine":   "queries over a run",
		"analytics/input":    "fingerprint of the data folder",
		"analytics/load":     "fills the row cache",
		"analytics/params":   "instants",
		"analytics/pipeline": "runs the models for one store",
		"analytics/report":   "the row of a store",
		"analytics/storage":  "the folder of the row cache",
	},
	"analytics/ingest": {
		"analytics/engine":   "sorts and writes days",
		"analytics/input":    "compacted days",
		"analytics/load":     "reads what is uploaded or compacted",
		"analytics/params":   "errors that name a parameter",
		"analytics/pipeline": "the engines that check the folder",
		"analytics/report":   "checks the folder",
		"analytics/storage":  "durable writes, locks",
	},
	"analytics/queue": {
		"analytics/input":    "fingerprint of the data folder",
		"analytics/params":   "parameters of a submission",
		"analytics/pipeline": "the engines that make a report",
		"analytics/report":   "makes and finds reports",
		"analytics/storage":  "durable writes, locks",
	},
	"analytics/generate": {
		"analytics/input":    "the lock of the data folder, files that are being written",
		"analytics/storage":  "durable writes",
		"analytics/zoneinfo": "local dates of polls",
	},
	"analytics/enginetest": {"analytics/engine": "opens one for tests"},
	"bench/load":           {},
	"test":                 {},
}

// outside are libraries that only the named packages may import.
var outside = map[string][]string{
	"github.com/gofiber/fiber":      {"api"},
	"github.com/duckdb/duckdb-go":   {"analytics/engine"},
	"github.com/alecthomas/kong":    {"cli"},
	"github.com/beltran/gohive":     {"analytics/spark/hive"},
	"github.com/minio/minio-go":     {"analytics/storage"},
	"github.com/prometheus":         {"api"},
	"github.com/apache/arrow-go":    {"analytics/load", "analytics/report"},
	"github.com/klauspost/compress": {"analytics/csvfile"},
	"github.com/joho/godotenv":      {"cli"},
	"github.com/valyala/fasthttp":   {"api"},
}

// leaves build without DuckDB, so that their tests link in a moment.
var leaves = []string{"analytics/params", "analytics/storage", "analytics/csvfile", "analytics/input", "analytics/zoneinfo", "analytics/sandbox"}

// TestImports holds the imports of every package to the table.
func TestImports(t *testing.T) {
	used := map[string]map[string]bool{}
	for name, imports := range listed(t, "{{.ImportPath}} {{join .Imports \" \"}}") {
		allowed, known := arrows[name]
		if !known {
			t.Errorf("package %s is not in the table of imports: add it with its reasons", name)
		}
		used[name] = map[string]bool{}
		for _, path := range imports {
			if short, ours := strings.CutPrefix(path, "openhours/"); ours {
				used[name][short] = true
				if allowed[short] == "" {
					t.Errorf("%s imports %s, which the table does not allow", name, short)
				}
			}
			for library, by := range outside {
				if strings.HasPrefix(path, library) && !slices.Contains(by, name) {
					t.Errorf("%s imports %s: only %s may", name, path, strings.Join(by, " and "))
				}
			}
		}
	}
	for name, allowed := range arrows {
		for _, path := range slices.Sorted(maps.Keys(allowed)) {
			if !used[name][path] {
				t.Errorf("the table allows %s to import %s, which it does not", name, path)
			}
		}
	}
}

// TestLeaves fails where a leaf reaches DuckDB by any way.
func TestLeaves(t *testing.T) {
	for name, deps := range listed(t, "{{.ImportPath}} {{join .Deps \" \"}}") {
		if !slices.Contains(leaves, name) {
			continue
		}
		for _, path := range deps {
			if strings.HasPrefix(path, "github.com/duckdb/") {
				t.Errorf("%s needs %s", name, path)
			}
		}
	}
}

// listed asks `go list` for every package of the project: its name in the project, and the words after it.
func listed(t *testing.T, format string) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", format, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		all[strings.TrimPrefix(words[0], "openhours/")] = words[1:]
	}
	if len(all) < 10 {
		t.Fatalf("only %d packages", len(all))
	}
	return all
}
