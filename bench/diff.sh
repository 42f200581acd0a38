#!/usr/bin/env bash
# Runs the micro-benchmarks of two commits in alternation and compares them with benchstat.
# usage: bench/diff.sh A B [rounds] [benchmarks]
#   A, B        commits, branches or tags; `.` is the working tree
#   rounds      default 6, the fewest from which benchstat can draw a conclusion
#   benchmarks  regular expression; default: all of analytics
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 2 ] || { sed -n '2,6s/^# //p' "$0" >&2; exit 2; }
a=$1 b=$2 rounds=${3:-6} benchmarks=${4:-.}
work=$(mktemp -d)
cleanup() {
    for side in a b; do
        [ ! -e "$work/$side/.git" ] || git worktree remove --force "$work/$side"
    done
    rm -rf "$work"
}
trap cleanup EXIT

# binary SIDE COMMIT: builds the commit's test binary once and records the folder in which it must run
binary() {
    local tree=$PWD
    if [ "$2" != . ]; then
        git rev-parse --verify --quiet "$2^{commit}" >/dev/null || { echo "bench-diff: no commit $2" >&2; exit 2; }
        git worktree add --quiet --detach "$work/$1" "$2"
        tree=$work/$1
    fi
    (cd "$tree" && go test -c -o "$work/$1.test" ./analytics)
    echo "$tree/analytics" > "$work/$1.folder"
}
binary a "$a"
binary b "$b"
for ((round = 1; round <= rounds; round++)); do
    for side in a b; do # in alternation, so that a busy machine slows both
        echo "round $round of $rounds, $side" >&2
        (cd "$(cat "$work/$side.folder")" && "$work/$side.test" -test.run '^$' -test.bench "$benchmarks" -test.benchtime 5x) >> "$work/$side.txt"
    done
done
grep -q ^Benchmark "$work/a.txt" || { echo "bench-diff: $a has no benchmark that matches $benchmarks" >&2; exit 1; }
grep -q ^Benchmark "$work/b.txt" || { echo "bench-diff: $b has no benchmark that matches $benchmarks" >&2; exit 1; }
go tool benchstat "$a=$work/a.txt" "$b=$work/b.txt"
