set shell := ["bash", "-uc"]

# List the recipes
default:
    @just --list --justfile {{ justfile() }}

# Make a report of data/ (a sample of 500 stores is made there when it holds no input)
report *args: build sample
    ./openhours report {{ args }}

# Serve the API on data/ (a sample of 500 stores is made there when it holds no input)
serve *args: build sample
    ./openhours serve {{ args }}

# Build the program
build:
    go build -o openhours .

# Make sample input in data/ where there is none
sample: build
    @if ! ls data | grep -qiE '^(store[ _-]status.*|status)'; then \
        echo "data/ holds no input: making a sample of 500 stores there"; ./openhours generate --data data; fi

# The whole gate, as a fresh machine runs it
ci:
    .ci/run

# Run every check that belongs to a change: format, vet, staticcheck, tests with the race detector, the API fuzzed, every benchmark once
test: bench-tools
    test -z "$(gofmt -l . | tee /dev/stderr)"
    go vet ./...
    go tool staticcheck ./...
    go test -race -shuffle=on ./...
    go test ./analytics -run '^$' -bench . -benchtime 1x
    .ci/fuzz-api
    .tools/venv/bin/python bench/run.py --check
    .tools/venv/bin/python bench/docs.py --check

# What takes longer: fifteen times the property tests, fuzzing, the server killed twenty times
soak:
    .ci/fuzz-api 400 $RANDOM
    go test -run TestKilledServer -count=20 -timeout 60m .
    go test ./analytics -run 'TestModelsAgreeWithReference|TestValuesAgreeWithReference' -rapid.checks=1500 -timeout 60m
    for target in FuzzRowReader FuzzTimestamp FuzzLocalTime; do \
        go test ./analytics -run '^$' -fuzz "^$target\$" -fuzztime 60s || exit 1; done

# Write the golden files of the model fixtures anew; read the difference before a commit
update-fixtures:
    go test ./analytics -run TestFixtures -update

# Measure everything: S to XL, every peer, the API; writes a result file, docs/benchmarks.md and its plot (--help lists options)
bench *args: bench-tools
    .tools/venv/bin/python bench/run.py {{ args }}

# Make the figures of docs/benchmarks.md anew from the newest result file
bench-docs *args: bench-tools
    .tools/venv/bin/python bench/docs.py {{ args }}

# Compare the micro-benchmarks of two commits; `.` is the working tree
bench-diff a b *args:
    bench/diff.sh {{ a }} {{ b }} {{ args }}

# Compare a whole report with a bare scan of its status file, in turn (nine pairs, median)
bench-report *args: bench-tools
    .tools/venv/bin/python bench/run.py --scales M --cases report --print {{ args }}

# Poll a server that makes reports: 200 polls a second for 20 s
bench-polls *args: bench-tools
    .tools/venv/bin/python bench/run.py --scales M --cases api --print {{ args }}

[private]
bench-tools:
    .ci/tools python
