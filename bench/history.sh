#!/usr/bin/env bash
# Measures what compact gains: a report of eight compacted days against one of the same polls as CSV, and a report
# of a compacted year against one of its last eight days alone. Runs whole processes in alternation; prints the
# medians, their ratio, and the time of the step "read" in each.
# usage: bench/history.sh [pairs] [stores] [days]
set -euo pipefail
cd "$(dirname "$0")/.."
pairs=${1:-9} stores=${2:-13500} days=${3:-365}
work=$PWD/bench/work
csv=$work/data-$stores-8 recent=$work/days-$stores-8 year=$work/days-$stores-$days alone=$work/days-$stores-$days-recent
mkdir -p "$work"
.ci/tools python
go build -o openhours .

# made FOLDER: succeeds if the folder is complete; otherwise empties it
made() { [ -e "$1/.made" ] || { rm -rf "$1"; mkdir -p "$1"; return 1; }; }
compacted() { ./openhours compact --data "$1" --json > "$1/.compacted"; rm -rf "$1/archive"; touch "$1/.made"; }

[ -e "$csv/store_status.csv" ] || ./openhours generate --data "$csv" --stores "$stores" --days 8 --seed 1
made "$recent" || { cp "$csv"/*.csv "$recent"; compacted "$recent"; }
made "$year" || { ./openhours generate --data "$year" --stores "$stores" --days "$days" --seed 2; compacted "$year"; }
made "$alone" || {
    cp "$year"/menu_hours.csv "$year"/timezones.csv "$alone"
    .tools/venv/bin/duckdb -c "COPY (SELECT store_id, status, timestamp_utc FROM read_parquet('$year/status/day=*/*.parquet', hive_partitioning = false)
        WHERE timestamp_utc >= (SELECT max(timestamp_utc) - INTERVAL 8 DAYS FROM read_parquet('$year/status/day=*/*.parquet')))
        TO '$alone/store_status.parquet' (FORMAT parquet)"
    compacted "$alone"
}
report() { echo "./openhours report --data $1 --reports $work/reports"; }
# read_steps FOLDER: prints the median time of the step "read" in its reports
read_steps() {
    for _ in $(seq "$pairs"); do $(report "$1") --json; done | python3 -c 'import json, statistics, sys
text, seconds, decoder = sys.stdin.read(), [], json.JSONDecoder()
while text:
    report, end = decoder.raw_decode(text)
    text = text[end:].lstrip()
    seconds += [step["seconds"] for step in report["steps"] if step["name"] == "read"]
print(f"read      median {statistics.median(seconds):.3f} s of '"$(basename "$1")"'")'
}
echo "polls: $(wc -l < "$csv/store_status.csv") lines of CSV, then $(python3 -c 'import json, sys
print(sum(day["rows"] for day in json.load(open(sys.argv[1]))["days"]), "rows by day")' "$year/status/manifest.json")"
python3 bench/pairs.py "$pairs" "$(report "$recent")" "$(report "$csv")" "by day" "CSV"
python3 bench/pairs.py "$pairs" "$(report "$year")" "$(report "$alone")" "a year" "8 days"
for folder in "$csv" "$recent" "$year" "$alone"; do read_steps "$folder"; done
rm -rf "$work/reports"
