"""The benchmark cases: each is one command, or one server, on one input."""

import hashlib
import json
import os
import shutil
import sys
from dataclasses import dataclass
from itertools import zip_longest

import server
from case import Case
from measure import BenchmarkError, run
from scales import MEMORY_LIMIT, WORK, Data

REPORTS = WORK / "reports"
PYTHON = ".tools/venv/bin/python"
PEERS = {
    "polars": ("Polars, lazy and streamed", "polars_lazy.py"),
    "pandas": ("pandas, vectorised", "pandas_vectorised.py"),
    "sqlite": ("SQLite, window functions", "sqlite_windows.py"),
    "loop": ("pandas, a loop over the stores", "pandas_loop.py"),
}
LOOP_STORES = {"T": 8}  # stores that the loop is timed on, elsewhere 40; the rest is extrapolated

# Each set extends the one before it.
PARAMETERS = {
    "one": ["--max-gap", "3h"],
    "windows": [
        "--max-gap",
        "3h",
        "--window",
        "last_hour=1h",
        "--window",
        "last_day=24h",
        "--window",
        "last_week=7d",
        "--window",
        "last_3h=3h",
        "--window",
        "last_2d=48h",
        "--window",
        "last_90m=90m",
    ],
}
PARAMETERS["all"] = PARAMETERS["windows"] + [
    "--interpolation",
    "previous",
    "--unobserved",
    "unknown",
    "--fresh-within",
    "30m",
    "--join-gap",
    "5m",
    "--collector-gap",
    "1h",
]


@dataclass
class ReportCase(Case):
    """A whole report, with the time of each of its steps."""

    answer: str = None  # the expected hash of report.csv; None: that of the first run

    def once(self):
        shutil.rmtree(REPORTS, ignore_errors=True)
        _, sample = run(self.command)
        (folder,) = REPORTS.iterdir()
        steps = json.loads((folder / "report.json").read_text())["steps"]
        sample["steps"] = {step["name"]: round(step["seconds"], 5) for step in steps}
        answer = digest(folder / "report.csv")
        shutil.rmtree(REPORTS)
        if self.answer is None:
            self.answer = answer
        if answer != self.answer:
            raise BenchmarkError(f"{self.id}: this report differs from an earlier run's")
        return sample

    def setup(self):
        if self.group in ("threads", "input"):
            self.answer = digest(expected_report(Data(self.data.scale, usual_format(self.data.scale), self.data.ids)))


class PeerCase(Case):
    """A peer. Its output must equal ours byte for byte; for the loop, in the rows that it computed."""

    def once(self):
        output = WORK / "peer.csv"
        output.unlink(missing_ok=True)
        printed, sample = run(self.command, self.environment)
        done = json.loads(printed) if printed else None
        self.compare(output, done and done["stores_done"])
        output.unlink()
        if done:
            rest = done["loop_seconds"] * (done["stores"] / done["stores_done"] - 1)
            sample["measured_seconds"], sample["stores_done"] = sample["wall_seconds"], done["stores_done"]
            sample["wall_seconds"] = round(sample["wall_seconds"] + rest, 4)
        return sample

    def compare(self, output, stores_done):
        with output.open("rb") as theirs, expected_report(self.data).open("rb") as all_ours:
            ours = all_ours
            if self.id.endswith("/loop"):
                done = {line.split(b",")[0] for line in theirs}
                if len(done) != stores_done + 1:
                    raise BenchmarkError(f"{self.id}: {len(done) - 1} rows for {stores_done} stores")
                theirs.seek(0)
                ours = (line for line in all_ours if line.split(b",")[0] in done)
            for our_line, their_line in zip_longest(ours, theirs):
                if our_line != their_line:
                    raise BenchmarkError(
                        f"{self.id}: the answer differs from ours\nours   {our_line}\ntheirs {their_line}"
                    )


_expected = {}


def expected_report(data):
    """Path of our report.csv with default parameters, created once per benchmark run."""
    if data not in _expected:
        shutil.rmtree(REPORTS, ignore_errors=True)
        run(["./openhours", "report", "--data", str(data.folder), "--reports", str(REPORTS)])
        (folder,) = REPORTS.iterdir()
        _expected[data] = (folder / "report.csv").rename(WORK / f"expected-{data.folder.name}.csv")
        shutil.rmtree(REPORTS)
    return _expected[data]


def usual_format(scale):
    """The input format of the default report of a scale."""
    return "parquet" if scale == "XL" else "csv"


def digest(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def report_case(id, title, data, *flags, threads=None, cold=False):
    limit = ["--memory", MEMORY_LIMIT[data.scale]] if data.scale in MEMORY_LIMIT else []
    limit += ["--threads", str(threads)] if threads else []
    command = ["./openhours", "report", "--data", str(data.folder), "--reports", str(REPORTS), *limit, *flags]
    return ReportCase(id, title, data, command, data.scan(threads), cold)


def days_case(data):
    title = f"by day, compacted, instead of {'CSV' if data.format == 'csv' else 'one Parquet file'}"
    return report_case(f"input/{data.scale}/days", title, Data(data.scale, "days"))


def peer_case(name, data):
    title, script = PEERS[name]
    command = [PYTHON, f"bench/peers/{script}", str(data.folder), str(WORK / "peer.csv")]
    command += [str(LOOP_STORES.get(data.scale, 40))] if name == "loop" else []
    # use time zones from the pinned package, not those of the machine
    return PeerCase(f"peers/{data.scale}/{name}", title, data, command, data.scan(), environment={"PYTHONTZPATH": ""})


def all_cases(scales, peers, peer_scales, reports_at_once):
    """Every case of the chosen scales, in the order of measurement."""
    cases = []
    for scale in scales:
        data = Data(scale, usual_format(scale))
        report = report_case(f"report/{scale}", f"{scale}, {data.format}", data)
        cold = report_case(f"cold/{scale}", f"{scale}, nothing in the page cache", data, cold=True)
        others = []
        if data.format == "csv":
            wc = ["wc", "-l", str(data.status_file)]
            others.append(Case(f"floor/{scale}/wc", "wc -l of the status file", data, wc, data.scan()))
        if scale == "L":  # to compare XL with the same format
            others.append(report_case("input/L/parquet", "Parquet instead of CSV", Data("L", "parquet")))
        if scale in MEMORY_LIMIT:
            others.append(days_case(data))
        if scale in peer_scales:
            others += [peer_case(name, data) for name in peers]
        if scale not in MEMORY_LIMIT:  # at large scales a warm report for each cold one takes too long
            cold.against = report
        cases += [report, cold, *compared(others, report)]
    small = [scale for scale in scales if scale in ("T", "S", "M")]
    return cases + (variants(small[-1], reports_at_once) if small else [])


def compared(cases, report):
    for case in cases:
        case.against = report
    return cases


def variants(scale, reports_at_once):
    """Changes one thing at a time, at the largest scale that is still quick."""
    data = Data(scale)
    cases = [
        report_case(f"threads/{scale}/{n}", f"{n} thread{'s' * (n > 1)}", data, threads=n)
        for n in sorted({1, 2, os.cpu_count()})
    ]
    cases.append(report_case(f"input/{scale}/parquet", "Parquet instead of CSV", Data(scale, "parquet")))
    cases.append(days_case(data))
    cases.append(report_case(f"ids/{scale}/uuid", "UUIDs instead of numbers as ids", Data(scale, ids="uuid")))
    everything = "names, 40 attributes, special hours, closures and dated hours"
    cases.append(report_case(f"calendar/{scale}/all", everything, Data(scale, calendar=True)))
    for name, title in (
        ("one", "one parameter: max_gap"),
        ("windows", "six windows as well"),
        ("all", "all parameters"),
    ):
        cases.append(report_case(f"parameters/{scale}/{name}", title, data, *PARAMETERS[name]))
    explain = ["./openhours", "explain", "--data", str(data.folder), "STORE"]
    cases.append(
        ExplainCase(f"store/{scale}/explain", "one store explained, from the files", data, explain, data.scan())
    )
    cases.append(
        server.TimelineCase(f"store/{scale}/timeline", "the same by the server, as JSON", data, [], data.scan())
    )
    cases = compared(cases, report_case(f"report/{scale}", "", data))
    return cases + [
        server.LoadCase(f"api/{scale}/{n}", f"{n} report{'s' * (n > 1)} at once", data, [], [], reports=n)
        for n in reports_at_once
    ]


class ExplainCase(Case):
    """One store's timeline, computed from the input files."""

    def setup(self):
        self.command[-1] = self.data.first_store()

    def once(self):
        printed, sample = run(self.command)
        if self.command[-1] not in printed:
            raise BenchmarkError(f"{self.id}: the store is missing from the output: {printed[:500]}")
        return sample


def check_peers(peers):
    """Compares the peers with our answer around clock changes and with UUIDs as ids; not timed."""
    for ids, seed, as_of in (
        ("number", 5, "2024-03-12T16:00:00Z"),
        ("uuid", 6, "2024-11-05T07:00:00Z"),
        ("number", 7, "2024-10-14T22:00:00Z"),
    ):
        data = Data("T", ids=ids, seed=seed)
        if not data.status_file.exists():
            data.generate("--as-of", as_of)
        for name in peers:
            peer_case(name, data).once()
            print(f"{name} agrees on {data.folder}", file=sys.stderr)


def clean():
    """Removes everything but the inputs from bench/work."""
    shutil.rmtree(REPORTS, ignore_errors=True)
    for path in (*_expected.values(), WORK / "peer.csv"):
        path.unlink(missing_ok=True)
