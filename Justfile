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

# Run every check that belongs to a change: format, vet, staticcheck, tests with the race detector, the API fuzzed
test:
    test -z "$(gofmt -l . | tee /dev/stderr)"
    go vet ./...
    go tool staticcheck ./...
    go test -race -shuffle=on ./...
    .ci/fuzz-api

# What takes longer: fifteen times the property tests, fuzzing, the server killed twenty times
soak:
    .ci/fuzz-api 400 $RANDOM
    go test -run TestKilledServer -count=20 -timeout 60m .
    go test -run TestKilledCompact -count=5 -timeout 60m .
    go test ./analytics -run 'TestModelsAgreeWithReference|TestValuesAgreeWithReference' -rapid.checks=1500 -timeout 60m
    for target in FuzzRowReader FuzzTimestamp FuzzLocalTime; do \
        go test ./analytics -run '^$' -fuzz "^$target\$" -fuzztime 60s || exit 1; done

# Write the golden files of the model fixtures anew; read the difference before a commit
update-fixtures:
    go test ./analytics -run TestFixtures -update

# Compare a whole report with a bare scan of its status file, in turn (nine pairs, median)
bench-report *args:
    bench/report.sh {{ args }}

# Poll a server that makes reports: 200 polls a second for 20 s
bench-polls *args:
    bench/polls.sh {{ args }}

# Compare reports of compacted days with CSV, and of a year with its last eight days (nine pairs; takes a while)
bench-history *args:
    bench/history.sh {{ args }}
