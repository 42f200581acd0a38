"""Cases that need a running server: the API under load, and one store's timeline."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from case import Case
from measure import BenchmarkError, peak_memory, run
from scales import WORK

LOAD = WORK / "load"
LISTENING = re.compile(r"msg=listening.*url=(\S+)")


@dataclass
class ServerCase(Case):
    """A case with its own server, on a free local port."""

    workers: int = 1

    def setup(self):
        self.folder = Path(tempfile.mkdtemp(prefix="openhours-bench-"))
        self.log = (self.folder / "log").open("w+")
        command = [
            "./openhours",
            "serve",
            "--data",
            str(self.data.folder),
            "--reports",
            str(self.folder / "reports"),
            "--listen",
            "127.0.0.1:0",
            "--keep-count",
            "5",
            "--workers",
            str(self.workers),
        ]
        self.server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=self.log)
        self.command = command[:4] + ["--workers", str(self.workers)]
        deadline = time.monotonic() + 60
        while not (found := LISTENING.search((self.folder / "log").read_text())):
            if self.server.poll() is not None or time.monotonic() > deadline:
                raise BenchmarkError(
                    f"{self.id}: the server does not listen: {(self.folder / 'log').read_text()[-2000:]}"
                )
            time.sleep(0.05)
        self.url = found[1]

    def teardown(self):
        if self.server.returncode is None:
            self.server.send_signal(signal.SIGTERM)
            _, _, usage = os.wait4(self.server.pid, 0)
            self.server.returncode = 0
            self.server_peak_mib = peak_memory(usage)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, path, body=None):
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.load(answer)


@dataclass
class LoadCase(ServerCase):
    """Polls at a steady rate while a number of concurrent workers make reports."""

    reports: int = 1
    rate: int = 200
    seconds: int = 20

    def setup(self):
        self.workers = self.reports
        super().setup()

    def once(self):
        printed, sample = run(
            [
                str(LOAD),
                "-json",
                "-url",
                self.url,
                "-rate",
                str(self.rate),
                "-for",
                f"{self.seconds}s",
                "-reports",
                str(self.reports),
            ]
        )
        self.teardown()  # the peak memory is known once the server has exited
        return {
            "wall_seconds": sample["wall_seconds"],
            "peak_memory_mib": self.server_peak_mib,
            "load": json.loads(printed),
        }


@dataclass
class TimelineCase(ServerCase):
    """GET of a store's timeline in a complete report."""

    def setup(self):
        super().setup()
        report = self.call("/api/v1/reports", b"{}")["report_id"]
        deadline = time.monotonic() + 600
        while (state := self.call(f"/api/v1/reports/{report}")["state"]) != "complete":
            if state in ("failed", "cancelled") or time.monotonic() > deadline:
                raise BenchmarkError(f"{self.id}: the report is {state}")
            time.sleep(0.05)
        self.path = f"/api/v1/reports/{report}/stores/{self.data.first_store()}/timeline"

    def once(self):
        start = time.perf_counter()
        answer = self.call(self.path)
        wall = time.perf_counter() - start
        if not answer.get("timeline"):
            raise BenchmarkError(f"{self.id}: an empty timeline")
        return {"wall_seconds": round(wall, 4)}
