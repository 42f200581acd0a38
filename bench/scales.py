"""The inputs of the benchmark: made by `openhours generate` in bench/work, and kept there for the next run."""

import csv
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from measure import BenchmarkError, free_bytes, run

WORK = Path("bench/work")
DAYS = 8  # what a report looks back
STORES = {"T": 150, "S": 1_210, "M": 13_500, "L": 142_000, "XL": 830_000}  # 145 k, 1.7 M, 18 M and 100 M polls
POLLS_PER_STORE = 126  # about, for a first guess of the disk that is needed
CSV_BYTES, PARQUET_BYTES, DAYS_BYTES, SPILL_BYTES = 58, 30, 10, 30  # per poll, at most

FILES = ("store_status", "menu_hours", "timezones")
MEMORY_LIMIT = {"L": "2GB", "XL": "2GB"}


def duckdb_cli():
    """The program itself: the script that pip puts in front of it costs the start of a Python."""
    found = sorted(Path(".tools/venv/lib").glob("python*/site-packages/duckdb_cli/duckdb"))
    if not found:
        raise BenchmarkError("the DuckDB CLI is not in .tools/venv: run .ci/tools python")
    return str(found[0])


@dataclass(frozen=True)
class Data:
    """One folder of input: `csv`, `parquet`, or `days`, a folder of Parquet that was compacted."""

    scale: str
    format: str = "csv"
    ids: str = "number"
    seed: int = 1

    @property
    def folder(self):
        name = f"data-{STORES[self.scale]}-{DAYS}"
        name += "-uuid" if self.ids == "uuid" else ""
        name += f"-seed{self.seed}" if self.seed != 1 else ""
        return WORK / (name + ("" if self.format == "csv" else f"-{self.format}"))

    @property
    def status_file(self):
        """The file with the polls, or a pattern of several."""
        return self.folder / ("status/day=*/*.parquet" if self.format == "days" else f"store_status.{self.format}")

    def scan(self, threads=None):
        """The command of the floor: the DuckDB CLI reads every value of the status file once."""
        source = (
            f"read_csv('{self.status_file}', all_varchar = true)" if self.format == "csv" else f"'{self.status_file}'"
        )
        limit = f"SET threads = {threads}; " if threads else ""
        return [
            duckdb_cli(),
            "-c",
            f"{limit}SELECT count(*), max(store_id), max(status), max(timestamp_utc) FROM {source}",
        ]

    def first_store(self):
        """Some store that was polled: that of the first row."""
        with self.status_file.open(encoding="utf-8") as file:
            next(file)
            return next(file).split(",")[0]

    def disk_needed(self):
        """Bytes that making this input and reporting on it take, by a rule of thumb."""
        polls = STORES[self.scale] * POLLS_PER_STORE
        if self.facts_file.exists():
            return polls * SPILL_BYTES
        stored = {
            "csv": CSV_BYTES,
            "parquet": CSV_BYTES + PARQUET_BYTES,
            "days": CSV_BYTES + 2 * PARQUET_BYTES + DAYS_BYTES,
        }
        return polls * (stored[self.format] + SPILL_BYTES)

    @property
    def facts_file(self):
        return self.folder / ".facts.json"

    def make(self):
        """Makes the input where it is not there; answers its stores, polls and bytes."""
        if not self.facts_file.exists():
            print(f"making {self.folder}", file=sys.stderr)
            if self.format == "parquet":
                self._convert()
            elif self.format == "days":
                self._compact()
            elif not self.status_file.exists():
                self.generate()
            self._note_facts()
        return json.loads(self.facts_file.read_text())

    def generate(self, *flags):
        run(
            [
                "./openhours",
                "generate",
                "--data",
                str(self.folder),
                "--stores",
                str(STORES[self.scale]),
                "--days",
                str(DAYS),
                "--seed",
                str(self.seed),
                "--ids",
                self.ids,
                *flags,
            ]
        )

    def _convert(self):
        source = Data(self.scale, "csv", self.ids, self.seed)
        was_there = source.facts_file.exists()
        source.make()
        part = self.folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        for name in FILES:
            columns = "* REPLACE (CAST(timestamp_utc AS TIMESTAMP) AS timestamp_utc)" if name == "store_status" else "*"
            run(
                [
                    duckdb_cli(),
                    "-c",
                    f"COPY (SELECT {columns} FROM read_csv('{source.folder}/{name}.csv', all_varchar = true)) "
                    f"TO '{part}/{name}.parquet' (FORMAT parquet)",
                ]
            )
        part.rename(self.folder)
        if self.scale == "XL" and not was_there:
            shutil.rmtree(source.folder)  # gigabytes that nothing else reads

    def _compact(self):
        source = Data(self.scale, "parquet", self.ids, self.seed)
        source.make()
        part = self.folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        for name in FILES:
            shutil.copy(source.folder / f"{name}.parquet", part)
        limit = ["--memory", MEMORY_LIMIT[self.scale]] if self.scale in MEMORY_LIMIT else []
        run(["./openhours", "compact", "--data", str(part), *limit])
        shutil.rmtree(part / "archive")
        part.rename(self.folder)

    def _note_facts(self):
        out, _ = run([duckdb_cli(), "-csv", "-c", f"SELECT count(*) AS polls FROM '{self.status_file}'"])
        files = self.folder.glob(str(self.status_file.relative_to(self.folder)))
        polls = int(next(csv.DictReader(out.splitlines()))["polls"])
        facts = {
            "scale": self.scale,
            "format": self.format,
            "ids": self.ids,
            "stores": STORES[self.scale],
            "polls": polls,
            "status_bytes": sum(map(os.path.getsize, files)),
        }
        self.facts_file.write_text(json.dumps(facts))

    def why_not(self):
        """Why this input cannot be made or reported on here, or None."""
        needed, free = self.disk_needed(), free_bytes(WORK)
        if needed > free:
            return f"the disk has {free / 1e9:.0f} GB free, {needed / 1e9:.0f} GB are needed"
        return None
