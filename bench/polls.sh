#!/usr/bin/env bash
# How quickly polls are answered while the server makes reports of 1.7 million polls.
# usage: bench/polls.sh [polls a second] [duration] [reports at once]
set -euo pipefail
cd "$(dirname "$0")/.."
rate=${1:-200} duration=${2:-20s} reports=${3:-1}
work=bench/work
data=$work/data-13500-8
go build -o openhours .
go build -o $work/load ./bench/load
[ -e "$data/store_status.csv" ] || ./openhours generate --data "$data" --stores 13500 --days 8 --seed 1
folder=$(mktemp -d)
server=
: > "$folder/log"
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
./openhours serve --data "$data" --reports "$folder/reports" --listen 127.0.0.1:0 --keep-count 5 --workers "$reports" 2> "$folder/log" &
server=$!
until url=$(sed -n 's/.*msg=listening.*url=\([^ ]*\).*/\1/p' "$folder/log") && [ -n "$url" ]; do
    kill -0 "$server" || { cat "$folder/log" >&2; exit 1; }
    sleep 0.1
done
$work/load -url "$url" -rate "$rate" -for "$duration" -reports "$reports"
