"""Updates the figures of docs/benchmarks.md and its plot from the newest result file.
usage: docs.py [--check] [--results FOLDER] [--page FILE]

Replaces the text between the two marks of the page. With --check it writes nothing, and fails if the page or the plot
is out of date.
"""

import argparse
import hashlib
import json
import math
import sys
from pathlib import Path

import plot
from measure import spread

PAGE = Path("docs/benchmarks.md")
BEGIN, END = "<!-- figures: made by bench/docs.py, do not edit -->", "<!-- end of figures -->"
SHOWN_STEPS = 10


def newest(folder):
    """The result file with the latest start time, or None."""
    files = [(json.loads(path.read_text())["started_at"], path) for path in folder.glob("*.json")]
    return max(files)[1] if files else None


def seconds(value):
    if value < 1:
        return f"{value * 1000:.0f} ms"
    return f"{value:.2f} s" if value < 10 else f"{value:.1f} s" if value < 100 else f"{value:.0f} s"


def ranged(values, form):
    """The median, followed by the range if there are several values."""
    s = spread(values)
    return form(s["median"]) if len(values) == 1 else f"{form(s['median'])} ({form(s['least'])} to {form(s['most'])})"


def number(value):
    if value < 0.095:
        return f"{value:.3f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def table(head, rows):
    """A Markdown table: first column left-aligned, others right-aligned."""
    align = [":--"] + ["--:"] * (len(head) - 1)
    return ["| " + " | ".join(row) + " |" for row in (head, align, *rows)] + [""]


class Entry:
    """One measured case."""

    def __init__(self, entry):
        self.group, self.scale, *rest = entry["id"].split("/")
        self.variant = rest[0] if rest else ""
        self.title, self.data, self.samples = entry["title"], entry["data"], entry["samples"]
        self.entry = entry

    def walls(self):
        return [s["wall_seconds"] for s in self.samples]

    def median(self):
        return spread(self.walls())["median"]

    def wall(self):
        return ranged(self.walls(), seconds)

    def ratio(self):
        return ranged([s["wall_seconds"] / s["scan"]["wall_seconds"] for s in self.samples], number)

    def against(self):
        """As a multiple of the default report that alternated with it."""
        if "report" not in self.samples[0]:
            return "–"
        return ranged([s["wall_seconds"] / s["report"]["wall_seconds"] for s in self.samples], number)

    def scans(self):
        return [s["scan"]["wall_seconds"] for s in self.samples]

    def peak(self, of=lambda s: s):
        peaks = [of(s).get("peak_memory_mib") for s in self.samples]
        return f"{max(p for p in peaks if p):,.0f} MiB" if any(peaks) else "–"

    def most_read(self, key):
        read = [s[key] for s in self.samples if key in s]
        return f"{spread(read)['median'] / 1e6:,.0f} MB" if read else "–"


def row_of_report(e, growth):
    polls = e.data["polls"]
    return [
        f"**{e.scale}**, {'CSV' if e.data['format'] == 'csv' else 'Parquet'}",
        f"{polls:,}",
        f"{e.data['stores']:,}",
        f"{e.data['status_bytes'] / 1e6:,.0f} MB",
        e.wall(),
        e.ratio(),
        ranged(e.scans(), seconds),
        e.peak(),
        e.peak(lambda s: s["scan"]),
        e.most_read("read_bytes"),
        f"{polls / e.median():,.0f}",
        growth,
    ]


def reports(entries, skipped):
    lines, rows, before = ["### A whole report", ""], [], None
    large = next((e for e in entries if e.group == "input" and e.scale == "L" and e.variant == "parquet"), None)
    for e in entries:
        if e.group != "report":
            continue
        polls = e.data["polls"]
        growth = "–"
        if e.scale == "XL" and large:
            before = large  # Parquet, as XL is
        if before:
            growth = number((e.median() / before.median()) ** (1 / math.log10(polls / before.data["polls"])))
        rows.append(row_of_report(e, growth))
        before = e
    if large:
        rows.insert(-1 if rows and rows[-1][0].startswith("**XL") else len(rows), row_of_report(large, "–"))
    lines += table(
        [
            "scale",
            "polls",
            "stores",
            "status file",
            "report",
            "× scan",
            "scan",
            "peak memory",
            "of the scan",
            "read",
            "polls per second",
            "time per tenfold rows",
        ],
        rows,
    )
    for entry in skipped:
        lines += [f"`{entry['id']}` was skipped: {entry['skipped']}.", ""]
    return lines if rows else []


def peers(entries):
    lines = []
    for scale in dict.fromkeys(e.scale for e in entries if e.group == "peers"):
        here = [e for e in entries if e.scale == scale]
        ours = next((e for e in here if e.group == "report"), None)
        rows = [["**openhours**", ours.wall(), "1", ours.ratio(), ours.peak()]] if ours else []
        for e in sorted((e for e in here if e.group == "peers"), key=Entry.median):
            title = e.title
            if "stores_done" in e.samples[0]:
                title += f" (worked out from {e.samples[0]['stores_done']} stores)"
            rows.append([title, e.wall(), e.against(), e.ratio(), e.peak()])
        if ours:
            part = [s["scan"]["wall_seconds"] / s["wall_seconds"] for s in ours.samples]
            rows.append(
                [
                    "DuckDB CLI, scan alone",
                    ranged(ours.scans(), seconds),
                    ranged(part, number),
                    "1",
                    ours.peak(lambda s: s["scan"]),
                ]
            )
        rows += [[e.title, e.wall(), e.against(), e.ratio(), e.peak()] for e in here if e.group == "floor"]
        lines += [f"### The same answer by other means, scale {scale}", ""]
        lines += table(["", "whole process", "× openhours", "× scan", "peak memory"], rows)
    return lines


def variants(entries):
    rows = []
    for e in entries:
        if e.group not in ("cold", "threads", "input", "ids", "calendar", "parameters", "store"):
            continue
        title = e.title if e.group == "cold" else f"{e.title}, {e.scale}"
        rows.append([title, e.wall(), e.against(), e.ratio(), e.peak(), e.most_read("disk_read_bytes")])
    head = ["", "time", "× the report", "× scan", "peak memory", "from the disk"]
    return ["### One thing changed", "", *table(head, rows)] if rows else []


def steps(entries):
    cases = [e for e in entries if e.group == "report"]
    if not cases:
        return []
    medians = [
        {name: spread([s["steps"][name] for s in e.samples])["median"] for name in e.samples[0]["steps"]} for e in cases
    ]
    slowest = sorted(medians[-1], key=medians[-1].get, reverse=True)[:SHOWN_STEPS]

    def cell(value, all_steps):
        return f"{seconds(value)} ({100 * value / sum(all_steps.values()):.0f} %)"

    rows = [[f"`{name}`", *(cell(m[name], m) for m in medians)] for name in medians[-1] if name in slowest]
    others = [sum(v for name, v in m.items() if name not in slowest) for m in medians]
    rows.append([f"{len(medians[-1]) - len(slowest)} other steps", *map(cell, others, medians)])
    return ["### Where the time goes", "", *table(["step", *(e.scale for e in cases)], rows)]


def load(entries):
    rows = []
    for e in entries:
        if e.group == "api":
            f = e.samples[0]["load"]
            rows.append(
                [
                    f"{e.title}, {e.scale}",
                    f"{f['polls']:,}",
                    f"{f['polls_per_second']:.0f}",
                    f"{f['failed']}",
                    *(f"{f[k]:.1f} ms" for k in ("median_ms", "p95_ms", "p99_ms", "most_ms")),
                    f"{f['reports_finished']} in {e.samples[0]['wall_seconds']:.0f} s",
                    e.peak(),
                ]
            )
    head = ["", "polls", "a second", "failed", "median", "95 %", "99 %", "slowest", "reports finished", "peak memory"]
    return ["### The API under load", "", *table(head, rows)] if rows else []


def figures(path):
    """The lines to put between the marks."""
    if path is None:
        return ["No result file yet: `just bench` makes one."]
    result = json.loads(path.read_text())
    entries = [Entry(e) for e in result["cases"] if "samples" in e]
    skipped = [e for e in result["cases"] if "skipped" in e]
    m, v = result["machine"], result["versions"]
    lines = [
        f"Measured {result['started_at'][:10]} on {m['processor']}, {m['cores']} cores, {m['memory_gib']} GiB, "
        f"{m['system']} (load {m['load_at_start']} before the start), by `{result['command']}`. "
        f"openhours {v['openhours']}, {v['go']}, DuckDB CLI {v['duckdb_cli']}, Python {v['python']}, "
        f"pandas {v['pandas']}, Polars {v['polars']}, SQLite {v['sqlite']}. "
        f"Every sample: [`{path.name}`](../bench/results/{path.name}).",
        "",
    ]
    lines += reports(entries, skipped) + peers(entries) + variants(entries) + steps(entries) + load(entries)
    if plot.series_of(result):
        lines += ["### Growth", "", "![Time of a report against polls, log-log](benchmarks.png)", ""]
        lines += ["```text", *plot.text(result).splitlines(), "```", ""]
    lines += ["### The commands", "", "```text"]
    for e in entries:
        lines.append(f"{e.entry['id']:22} {e.entry['command']}")
    lines += dict.fromkeys(
        f"{'scan of ' + e.scale:22} {e.entry['scan_command']}" for e in entries if e.group == "report"
    )
    return lines + ["```"]


def page_with(block, template):
    before, rest = template.split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + "\n" + "\n".join(block).rstrip() + "\n" + END + after


def source_of(path):
    return f"{path.name} sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def plot_source(path):
    from PIL import Image

    with Image.open(path) as image:
        return image.text.get("Source", "")


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument(
        "--check",
        action="store_true",
        help="write nothing; fail if the page or the plot is not from the newest result",
    )
    p.add_argument("--results", type=Path, default=Path("bench/results"))
    p.add_argument("--page", type=Path, default=PAGE)
    a = p.parse_args()
    result = newest(a.results)
    page = page_with(figures(result), PAGE.read_text())
    picture = a.page.with_suffix(".png")
    if a.check:
        if a.page.read_text() != page:
            sys.exit(f"{a.page} is out of date with {result or 'no result file'}: run `just bench-docs`")
        if result and (not picture.exists() or plot_source(picture) != source_of(result)):
            sys.exit(f"{picture} is out of date with {result}: run `just bench-docs`")
        return
    a.page.write_text(page)
    if result and plot.series_of(json.loads(result.read_text())):
        plot.draw(json.loads(result.read_text()), source_of(result), picture)
    print(f"written: {a.page}")


main()
