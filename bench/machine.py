"""The machine and the versions of everything measured, recorded with each result."""

import os
import platform
import sqlite3
import sys
from importlib.metadata import version
from pathlib import Path

from measure import run
from scales import duckdb_cli


def machine():
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory_bytes() / 2**30, 1),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "architecture": platform.machine(),
        "load_at_start": round(os.getloadavg()[0], 2),
    }


def processor():
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


def memory_bytes():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def versions():
    def first(*command):
        return run(list(command))[0].split("\n")[0].strip()

    return {
        "openhours": commit(),
        "go": first("go", "env", "GOVERSION"),
        "duckdb_cli": first(duckdb_cli(), "--version"),
        "python": sys.version.split()[0],
        "pandas": version("pandas"),
        "polars": version("polars"),
        "sqlite": sqlite3.sqlite_version,
    }


def commit():
    """The commit, with a plus if the working tree has changes."""
    text = run(["git", "rev-parse", "--short=12", "HEAD"])[0].strip()
    changed = run(["git", "status", "--porcelain", "--untracked-files=no", "--", "*.go", "sql", "go.mod"])[0]
    return text + ("+" if changed.strip() else "")


def label():
    """A description of the machine for the name of a result file; never its host name."""
    return f"{os.cpu_count()}cores-{round(memory_bytes() / 2**30)}gib"
