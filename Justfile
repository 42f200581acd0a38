set shell := ["bash", "-uc"]

# List the recipes
default:
    @just --list --justfile {{ justfile() }}

# Make a report of data/ (a sample of 500 stores is made there when it holds no input; none where OPENHOURS_DATA names a folder)
report *args: build sample
    ./openhours report {{ args }}

# Serve the dashboard and the API on data/ (with a sample as for `report`)
serve *args: web build sample
    ./openhours serve {{ args }}

# Install the dashboard's npm packages, if api/web/package-lock.json has changed
web:
    @cd api/web && want=$(cat package-lock.json build.mjs | cksum) && \
    if [ "$(cat vendor/.built 2>/dev/null)" != "$want" ]; then \
        npm ci --omit=dev --no-audit --no-fund && node build.mjs && echo "$want" > vendor/.built; fi

# Update docs/screenshots with Chromium, on a generated sample
screenshots: browser build
    cd api/web && node screenshots.mjs

# Ask in SQL: the DuckDB CLI with every model as a view over data/; arguments go to the CLI
[positional-arguments]
sql *args: sample
    @.ci/tools duckdb
    @.tools/venv/bin/duckdb -init sql/init.sql "$@"

# Recompute a finished report from its inputs by the CLI alone; exit code 1 if a value differs
audit report:
    @.ci/tools duckdb
    @OPENHOURS_REPORT={{ quote(report) }} .tools/venv/bin/duckdb -init /dev/null -f sql/audit.sql

# Write docs/models.md, the tables of data/README.md and the list of the CLI's views from the models' headers
docs:
    go test ./analytics -run 'TestDictionary|TestFacts' -update

# Build the program
build:
    go build -ldflags "-X openhours/cli.version=$(git describe --tags --always --dirty 2>/dev/null || echo 0.1.0)" -o openhours .

# Make sample input in data/ where there is none; a folder that OPENHOURS_DATA names is left alone
sample: build
    @if [ -z "${OPENHOURS_DATA:-}" ] && ! ls data | grep -qviE '^README.md$'; then \
        echo "data/ holds no input: making a sample of 500 stores there" >&2; ./openhours generate >&2; fi

# The inner loop: format, vet, staticcheck, imports, leaves and models; no npm, Spark or browser
check:
    test -z "$(gofmt -l . | tee /dev/stderr)"
    go vet ./...
    go tool staticcheck ./...
    go test ./test -run 'TestImports|TestLeaves|TestModelNumbers|TestSources|TestAliases|TestExpressionNames|TestConstants|TestSQLStyle|TestStyleFaults'
    go test ./analytics/params ./analytics/storage ./analytics/csvfile ./analytics/input
    go test ./analytics -run 'TestModel|TestFixtures|TestPortable|TestFacts|TestOneFact'

# The whole gate, as a fresh machine runs it
ci:
    .ci/run

# Run every check that belongs to a change: formatters, linters, tests with the race detector, API fuzzing, Spark, every benchmark once, the dashboard in Chromium
test: web bench-tools && web-check test-browser
    test -z "$(gofmt -l . | tee /dev/stderr)"
    go vet ./...
    go tool staticcheck ./...
    go test -race -shuffle=on ./...
    go test ./analytics -run '^$' -bench . -benchtime 1x
    .ci/fuzz-api
    .ci/test-spark
    .tools/venv/bin/ruff format --check bench
    .tools/venv/bin/ruff check bench
    .tools/venv/bin/python bench/run.py --check
    .tools/venv/bin/python bench/docs.py --check

# Check the dashboard's format, unused and undefined names, and import cycles
web-check: web-tools
    cd api/web && npm run --silent format:check && npm run --silent lint && node --test tests/imports.test.mjs

# Format the dashboard's files
web-format: web-tools
    cd api/web && npm run --silent format

# Test the dashboard with Chromium and the built program; NAME selects tests by a part of their names
test-browser name="": browser build
    cd api/web && node --test --test-reporter=spec --test-concurrency=2 {{ if name == "" { "" } else { "--test-name-pattern=" + quote(name) } }} tests/*.test.mjs

# Start a Spark cluster on this machine: master, two workers, Thrift Server; PORT is the latter's (10000)
spark-up *port:
    @.ci/spark up {{ port }}

# End the processes that spark-up started
spark-down *port:
    @.ci/spark down {{ port }}

# The tests that want a Spark cluster, on one of their own
test-spark *args:
    .ci/test-spark {{ args }}

# What takes longer: fifteen times the property tests, fuzzing, the server killed twenty times, Spark
soak:
    .ci/fuzz-api 400 $RANDOM
    .ci/test-spark soak
    go test -run TestKilledServer -count=20 -timeout 60m ./test
    go test -run TestKilledCompact -count=5 -timeout 60m ./test
    go test ./analytics ./analytics/engine -run 'TestModelsAgreeWithReference|TestValuesAgreeWithReference' -rapid.checks=1500 -timeout 60m
    for target in csvfile:FuzzRowReader engine:FuzzTimestamp engine:FuzzLocalTime; do \
        go test "./analytics/${target%:*}" -run '^$' -fuzz "^${target#*:}\$" -fuzztime 60s || exit 1; done

# Write the golden files of the model fixtures anew; read the difference before a commit
update-fixtures:
    go test ./analytics -run TestFixtures -update

# Format the Python files, and fix what the linter can
bench-format: bench-tools
    .tools/venv/bin/ruff format bench
    .tools/venv/bin/ruff check --fix bench

# Run every benchmark, S to XL, peers and API; writes a result file, docs/benchmarks.md and its plot (--help lists options)
bench *args: bench-tools
    .tools/venv/bin/python bench/run.py {{ args }}

# Update the figures of docs/benchmarks.md from the newest result file
bench-docs *args: bench-tools
    .tools/venv/bin/python bench/docs.py {{ args }}

# Compare the micro-benchmarks of two commits; `.` is the working tree
bench-diff a b *args:
    bench/diff.sh {{ a }} {{ b }} {{ args }}

# Time a whole report against a bare scan of its status file, alternating (median of nine pairs)
bench-report *args: bench-tools
    .tools/venv/bin/python bench/run.py --scales M --cases report --print {{ args }}

# Poll a server that is making reports: 200 requests a second for 20 s
bench-polls *args: bench-tools
    .tools/venv/bin/python bench/run.py --scales M --cases api --print {{ args }}

# Compare reports of compacted days with CSV, and of a year with its last eight days (nine pairs; takes a while)
bench-history *args:
    bench/history.sh {{ args }}

# Chromium and npm's development packages, for the browser tests and the screenshots
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
