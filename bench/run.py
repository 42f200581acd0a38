"""Measures openhours and its alternatives, and writes a dated result file, from which docs.py updates
docs/benchmarks.md. See `run.py --help`."""

import argparse
import datetime
import json
import subprocess
import sys
from pathlib import Path

import cases
import server
from machine import commit, label, machine, versions
from measure import BenchmarkError, forget, run, spread
from scales import STORES, WORK

RESULTS = Path("bench/results")
REPETITIONS = {"T": 3, "S": 9, "M": 9, "L": 5, "XL": 3}


def arguments():
    p = argparse.ArgumentParser(description="Times openhours, its peers and a bare scan, alternately.")

    def words(text):
        return [word for word in text.split(",") if word]

    p.add_argument(
        "--scales",
        type=words,
        default=["S", "M", "L", "XL"],
        help="any of T,S,M,L,XL (150 to 830,000 stores); default S,M,L,XL",
    )
    p.add_argument(
        "--peers",
        type=words,
        default=list(cases.PEERS),
        help=f"any of {','.join(cases.PEERS)}; '' for none; default all",
    )
    p.add_argument("--peer-scales", type=words, default=["T", "S", "M"], help="scales the peers run at; default T,S,M")
    p.add_argument(
        "--cases", type=words, default=[], help="only these groups or ids, for example report,peers/M; default all"
    )
    p.add_argument("--repetitions", type=int, help="runs per case; default 9, fewer for L and XL and for slow peers")
    p.add_argument(
        "--reports", type=words, default=["1", "2", "4"], help="concurrent reports in the API load test; default 1,2,4"
    )
    p.add_argument("--poll-rate", type=int, default=200, help="polls per second in the API load test")
    p.add_argument("--poll-seconds", type=int, default=20, help="duration of the API load test")
    p.add_argument(
        "--out",
        type=Path,
        default=RESULTS,
        help="folder of the result file; only the default one updates docs/benchmarks.md",
    )
    p.add_argument("--resume", action="store_true", help="continue the newest result file")
    p.add_argument("--print", action="store_true", dest="print_only", help="print the figures without writing files")
    p.add_argument(
        "--check",
        action="store_true",
        help="run every case once on 150 stores, as a test; writes only if --out is given",
    )
    a = p.parse_args()
    for name, given, known in (
        ("--scales", a.scales, STORES),
        ("--peers", a.peers, cases.PEERS),
        ("--peer-scales", a.peer_scales, STORES),
    ):
        for word in given:
            if word not in known:
                p.error(f"{name}: {word!r} is none of {', '.join(known)}")
    if a.repetitions is not None and a.repetitions < 1:
        p.error("--repetitions: at least 1")
    a.scales = [scale for scale in STORES if scale in a.scales]  # smallest first
    return a


def chosen(a):
    found = cases.all_cases(a.scales, a.peers, a.peer_scales, [int(n) for n in a.reports])
    if a.cases:
        found = [c for c in found if any(c.id == want or c.id.startswith(want + "/") for want in a.cases)]
        if not found:
            raise BenchmarkError(f"--cases {','.join(a.cases)}: no such case at these scales")
    for case in found:
        if isinstance(case, server.LoadCase):
            case.rate, case.seconds = a.poll_rate, a.poll_seconds
    return found


def repetitions(case, a):
    if a.repetitions:
        return a.repetitions
    if isinstance(case, server.LoadCase):
        return 1
    if case.group == "peers" and case.id.split("/")[2] in ("sqlite", "loop"):
        return 3
    return REPETITIONS[case.data.scale]


def measured(case, count, gently):
    """Samples of the case, the scan and the default report, alternating; warm cases have one uncounted round first."""
    case.data.make()
    if case.against:
        case.against.data.make()
    case.setup()
    try:
        if isinstance(case, server.LoadCase):
            return [case.once()], None
        if not case.cold:
            turn(case, gently)
        rounds = [turn(case, gently) for _ in range(count)]
        return [sample for sample, _ in rounds], rounds[0][1]
    finally:
        case.teardown()


def turn(case, gently):
    """One sample with those of the scan and the report, and how the page cache was emptied."""
    how = None

    def run_one(once):
        nonlocal how
        if case.cold:
            how = forget(case.data.folder, gently)
            if how is None:
                raise BenchmarkError(f"{case.id}: this system cannot empty the page cache")
        return once()

    sample = run_one(case.once)
    sample["scan"] = run_one(lambda: run(case.scan)[1])
    if case.against:
        if case.cold:
            case.against.once()  # warms the cache again
        sample["report"] = {k: v for k, v in case.against.once().items() if k != "steps"}
    return sample, how


def result_of(case, a):
    entry = {"id": case.id, "title": case.title, "data": None, "command": None}
    reason = case.data.why_not()
    if reason:
        return {**entry, "skipped": reason}
    samples, how = measured(case, repetitions(case, a), a.check)
    entry.update(data=case.data.make(), command=case.shown(), samples=samples)
    if case.scan:
        entry["scan_command"] = case.shown_scan()
    return {**entry, **({"cold": how} if how else {})}


def line(entry):
    """A one-line summary of a case, printed as progress."""
    if "skipped" in entry:
        return f"{entry['id']:24} skipped: {entry['skipped']}"
    samples = entry["samples"]
    wall = spread([s["wall_seconds"] for s in samples])
    text = f"{entry['id']:24} {wall['median']:9.3f} s ({wall['least']:.3f} to {wall['most']:.3f})"
    if "scan" in samples[0]:
        ratio = spread([s["wall_seconds"] / s["scan"]["wall_seconds"] for s in samples])
        scan = spread([s["scan"]["wall_seconds"] for s in samples])
        text += f"  {ratio['median']:7.2f} x scan ({ratio['least']:.2f} to {ratio['most']:.2f}; "
        text += f"scan {scan['median']:.3f} s)"
    if "report" in samples[0]:
        text += (
            f"  {spread([s['wall_seconds'] / s['report']['wall_seconds'] for s in samples])['median']:6.2f} x report"
        )
    peaks = [s["peak_memory_mib"] for s in samples if s.get("peak_memory_mib")]
    if peaks:
        text += f"  {max(peaks):6.0f} MiB"
    if "load" in samples[0]:
        text += "  " + ", ".join(f"{k} {v:g}" for k, v in samples[0]["load"].items())
    return text


def new_result():
    now = datetime.datetime.now(datetime.UTC)
    return {
        "format": 1,
        "started_at": now.isoformat(timespec="seconds"),
        "command": " ".join(["just bench", *sys.argv[1:]]),
        "machine": machine(),
        "versions": versions(),
        "cases": [],
    }


def result_file(folder, date):
    """An unused file name: the date and a description of the machine."""
    n, path = 1, folder / f"{date}-{label()}.json"
    while path.exists():
        n += 1
        path = folder / f"{date}-{label()}-{n}.json"
    return path


def opened(a):
    """The result to extend, and its file."""
    if a.resume:
        files = sorted(a.out.glob("*.json"), key=lambda f: json.loads(f.read_text())["started_at"])
        if not files:
            raise BenchmarkError(f"--resume: no result file in {a.out}")
        result = json.loads(files[-1].read_text())
        if result["versions"]["openhours"] != commit():
            raise BenchmarkError(
                f"--resume: {files[-1]} is of commit {result['versions']['openhours']}, this is {commit()}"
            )
        return result, files[-1]
    result = new_result()
    return result, result_file(a.out, result["started_at"][:10])


def write(path, result):
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    part.rename(path)


def main():
    a = arguments()
    if a.check:
        a.scales, a.repetitions, a.poll_seconds = ["T"], 1, 2
        a.print_only = a.out == RESULTS
    WORK.mkdir(parents=True, exist_ok=True)
    run(["go", "build", "-o", "openhours", "."])
    run(["go", "build", "-o", str(server.LOAD), "./bench/load"])
    todo = chosen(a)
    if any(case.group == "peers" for case in todo):
        cases.check_peers(a.peers)
    result, path = opened(a) if not a.print_only else (new_result(), None)
    done = {entry["id"] for entry in result["cases"] if "skipped" not in entry}
    for case in todo:
        if case.id in done:
            continue
        entry = result_of(case, a)
        print(line(entry), flush=True)
        result["cases"] = [e for e in result["cases"] if e["id"] != case.id] + [entry]
        if path:
            write(path, result)
    if path:
        print(f"written: {path}")
        docs = [] if a.out == RESULTS else ["--results", str(a.out), "--page", str(a.out / "benchmarks.md")]
        subprocess.run([sys.executable, "bench/docs.py", *docs], check=True)


if __name__ == "__main__":
    try:
        main()
    except BenchmarkError as error:
        sys.exit(f"bench: {error}")
    finally:
        cases.clean()
