"""Runs commands as whole processes and measures their cost."""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LINUX = sys.platform == "linux"
PEAK_UNIT = 1024 if LINUX else 1  # ru_maxrss counts KiB on Linux, bytes elsewhere
DROP_CACHES = Path("/proc/sys/vm/drop_caches")


class BenchmarkError(Exception):
    """A command failed or gave a wrong answer; ends the benchmark."""


def run(command, environment=None):
    """Runs a command; returns its output and a sample of its cost."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env={**os.environ, **(environment or {})})
        # the process remains a zombie until wait4, so its counters can still be read
        if LINUX:
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        counters = bytes_read(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            raise BenchmarkError(f"{' '.join(command)}\nexit code {process.returncode}: {errors.read()[-2000:]}")
        sample = {
            "wall_seconds": round(wall, 4),
            "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 4),
            "peak_memory_mib": peak_memory(usage),
            **counters,
        }
        return output.read(), sample


def peak_memory(usage):
    """MiB, or None if the peak is below that of this process, which Linux passes on to its children."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(usage.ru_maxrss * PEAK_UNIT / 2**20, 1) if usage.ru_maxrss > own else None


def bytes_read(pid):
    """Bytes the process read, and those of them that came from disk; Linux only."""
    try:
        lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    except OSError:
        return {}
    values = dict(line.split(": ") for line in lines)
    return {"read_bytes": int(values["rchar"]), "disk_read_bytes": int(values["read_bytes"])}


def forget(folder, gently=False):
    """Evicts the folder's files from the page cache, or the whole cache if permitted; returns how."""
    os.sync()
    if not gently and os.access(DROP_CACHES, os.W_OK):
        DROP_CACHES.write_text("3")
        return "page cache of the machine dropped"
    if not hasattr(os, "posix_fadvise"):
        return None
    for path in Path(folder).rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return "pages of the input dropped"


def spread(values):
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def free_bytes(folder):
    Path(folder).mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free
