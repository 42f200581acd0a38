#!/usr/bin/env bash
# Whole process against whole process: `openhours report` on generated polls, and the DuckDB CLI that
# only scans the same status file, A B A B …; prints each figure's median and the ratio.
# usage: bench/report.sh [pairs] [stores] [days]
set -euo pipefail
cd "$(dirname "$0")/.."
pairs=${1:-9} stores=${2:-13500} days=${3:-8}
work=bench/work
data=$work/data-$stores-$days
mkdir -p "$work"
.ci/tools python
go build -o openhours .
[ -e "$data/store_status.csv" ] || ./openhours generate --data "$data" --stores "$stores" --days "$days" --seed 1
scan="SELECT count(*), max(store_id), max(status), max(timestamp_utc) FROM read_csv('$data/store_status.csv', all_varchar = true)"
python3 bench/pairs.py "$pairs" \
    "./openhours report --data $data --reports $work/reports" \
    ".tools/venv/bin/duckdb -c \"$scan\""
rm -rf $work/reports
