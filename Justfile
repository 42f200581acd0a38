set shell := ["bash", "-uc"]

# List the recipes
default:
    @just --list --justfile {{ justfile() }}

# Create a report of data/; generates a sample of 500 stores first if data/ is empty and OPENHOURS_DATA is not set
report *args: build sample
    ./openhours report {{ args }}

# Serve the dashboard and the API on data/; generates a sample as `report` does
serve *args: web build sample
    ./openhours serve {{ args }}

# Install the dashboard's npm packages, if api/web/package-lock.json has changed
web:
    @cd api/web && want=$(cat package-lock.json build.mjs | cksum) && \
    if [ "$(cat vendor/.built 2>/dev/null)" != "$want" ]; then \
        npm ci --omit=dev --no-audit --no-fund && node build.mjs && echo "$want" > vendor/.built; fi

# Update docs/screenshots with Chromium on a generated sample
screenshots: browser build
    cd api/web && node screenshots.mjs

# Query with SQL: open the DuckDB CLI with every model as a view over data/; arguments go to the CLI
[positional-arguments]
sql *args: sample zone-periods
    @.ci/tools duckdb
    @.tools/venv/bin/duckdb -init sql/init.sql "$@"

# Recompute a finished report from its inputs with the CLI alone; exit code 1 if a value differs
audit report: zone-periods
    @.ci/tools duckdb
    @OPENHOURS_REPORT={{ quote(report) }} .tools/venv/bin/duckdb -init /dev/null -f sql/audit.sql

# Generate docs/models.md, the tables in data/README.md and reports/README.md, the CLI's views and the facts shared with the dashboard
docs:
    go test ./analytics -run 'TestDictionary|TestFacts' -update

# Download the newest rules of the time zones, unless they are there; `just zones update` looks for newer ones
zones *args:
    @.ci/tools zones {{ args }}

# Write NOTICE, the licences of all that the program contains, after a change of dependencies
notice: web zones
    .ci/notice

# Build the program
build: zones
    go build -ldflags "-X openhours/cli.version=$(git describe --tags --always --dirty 2>/dev/null || echo 0.1.0)" -o openhours .

# Generate sample input in data/ if it is empty, unless OPENHOURS_DATA names another folder
sample: build
    @if [ -z "${OPENHOURS_DATA:-}" ] && ! ls data | grep -qviE '^README.md$'; then \
        echo "data/ holds no input: making a sample of 500 stores there" >&2; ./openhours generate --calendar >&2; fi

# The inner loop: format, vet, staticcheck, imports, leaf packages and models; no npm, Spark or browser
check: zones
    test -z "$(gofmt -l . | tee /dev/stderr)"
    go vet ./...
    go tool staticcheck ./...
    go test ./test -run 'TestImports|TestLeaves|TestOnlyStorageChangesFiles|TestModelNumbers|TestSources|TestAliases|TestExpressionNames|TestConstants|TestSQLStyle|TestStyleFaults'
    go test ./analytics/params ./analytics/storage ./analytics/csvfile ./analytics/input ./analytics/zoneinfo
    go test ./analytics -run 'TestModels$|TestModelHeaders|TestModelTexts|TestFixtures|TestPortable|TestFacts|TestOneFact'

# Run the whole gate from a bare checkout, as CI does
ci:
    .ci/run

# Tests that take ten times as long under the race detector, and of whose code the others run enough of it; `test` runs them without
slow_in_race := '^(TestFaultsOfCompact|TestCrashesOfCompact|TestCrashesAfterFaultsOfCompact|TestParquetMatrix|TestFastAndExactReadingAgree)$'

# Run every check and test: formatters, linters, the race detector (not of whole reports and programs), API fuzzing, Spark, every benchmark once, the dashboard in Chromium
test: web zones bench-tools browser web-check build
    test -z "$(gofmt -l . | tee /dev/stderr)"
    go vet ./...
    go tool staticcheck ./...
    .ci/beside '{{ just_executable() }} test-browser' go test -race -skip '{{ slow_in_race }}' -shuffle=on -timeout 25m $(go list ./... | grep -vE '/(analytics|test)$')
    go test -shuffle=on -timeout 25m ./analytics ./test
    go test -run '{{ slow_in_race }}' -timeout 25m ./analytics/ingest ./analytics/load
    go test ./analytics -run '^$' -bench . -benchtime 1x
    .ci/fuzz-api
    .ci/test-spark
    .tools/venv/bin/ruff format --check bench
    .tools/venv/bin/ruff check bench
    .tools/venv/bin/python bench/run.py --check
    .tools/venv/bin/python bench/docs.py --check

# Check the dashboard's format, names and import cycles
web-check: web-tools
    cd api/web && npm run --silent format:check && npm run --silent lint && node --test tests/imports.test.mjs

# Format the dashboard's files
web-format: web-tools
    cd api/web && npm run --silent format

# Test the dashboard in Chromium against the built program; NAME selects tests by part of their names
test-browser name="": browser build
    cd api/web && node --test --test-reporter=spec --test-concurrency=2 {{ if name == "" { "" } else { "--test-name-pattern=" + quote(name) } }} tests/*.test.mjs

# Start a Spark cluster on this machine: a master, two workers and the Thrift Server on PORT (10000)
spark-up *port:
    @.ci/spark up {{ port }}

# Stop the cluster that spark-up started on PORT
spark-down *port:
    @.ci/spark down {{ port }}

# Run the Spark tests on a cluster of their own
test-spark *args:
    .ci/test-spark {{ args }}

# Run the long tests: property tests with fifteen times the cases, fuzzing, damaged uploads, killed servers and compactions, Spark
soak:
    .ci/disk-images 25
    .ci/fuzz-api 400 $RANDOM
    OPENHOURS_TEST_ALL=1 {{ just_executable() }} test-browser accessible
    .ci/test-spark soak
    go test -race -run '{{ slow_in_race }}' -timeout 60m ./analytics/ingest ./analytics/load
    go test -run TestKilledServer -count=20 -timeout 60m ./test
    go test -tags soak -run TestManyMutatedUploads -timeout 180m ./test
    go test -run TestKilledCompact -count=5 -timeout 60m ./test
    go test ./analytics ./analytics/engine -run 'TestModelsAgreeWithReference|TestValuesAgreeWithReference' -rapid.checks=1500 -timeout 60m
    for target in csvfile:FuzzRowReader engine:FuzzTimestamp engine:FuzzLocalTime; do \
        go test "./analytics/${target%:*}" -run '^$' -fuzz "^${target#*:}\$" -fuzztime 60s || exit 1; done

# Rewrite the golden files of the report fixtures; review the diff before you commit
update-fixtures:
    go test ./analytics -run 'TestFixtures|TestModels$' -update

# Format the Python files and apply the linter's fixes
bench-format: bench-tools
    .tools/venv/bin/ruff format bench
    .tools/venv/bin/ruff check --fix bench

# Run every benchmark (S to XL, peers, API); writes a result file, docs/benchmarks.md and its plot (--help lists the options)
bench *args: bench-tools
    .tools/venv/bin/python bench/run.py {{ args }}

# Update the figures in docs/benchmarks.md from the newest result file
bench-docs *args: bench-tools
    .tools/venv/bin/python bench/docs.py {{ args }}

# Compare the micro-benchmarks of two commits; `.` means the working tree
bench-diff a b *args:
    bench/diff.sh {{ a }} {{ b }} {{ args }}

# Time a report against a bare scan of its status file, in alternation (median of nine pairs)
bench-report *args: bench-tools
    .tools/venv/bin/python bench/run.py --scales M --cases report --print {{ args }}

# Poll a server that is creating reports: 200 requests per second for 20 s
bench-polls *args: bench-tools
    .tools/venv/bin/python bench/run.py --scales M --cases api --print {{ args }}

# Compare reports of compacted days with CSV, and of a year with its last eight days (nine pairs; slow)
bench-history *args:
    bench/history.sh {{ args }}

# Write the rules of the time zones for the DuckDB CLI
[private]
zone-periods: build
    @mkdir -p .tools && ./openhours zones --write .tools/zone_periods.csv >/dev/null

# Install Chromium and npm's development packages, for the browser tests and the screenshots
[private]
browser: web-tools
    @.ci/tools browser

# Install the formatter, the linter and the test tools from npm
[private]
web-tools: web
    @cd api/web && { npm ls >/dev/null 2>&1 || npm ci --no-audit --no-fund; }

[private]
bench-tools:
    .ci/tools python
