"""The base class of benchmark cases."""

from dataclasses import dataclass, field

from measure import run
from scales import Data


@dataclass
class Case:
    """A command that is timed alternately with a scan of the same status file."""

    id: str  # group/scale[/variant]
    title: str
    data: Data
    command: list
    scan: list
    cold: bool = False
    against: "Case" = None  # the default report of the same scale, timed alternately as well
    environment: dict = field(default_factory=dict)

    @property
    def group(self):
        return self.id.split("/")[0]

    def setup(self):
        """Prepares the first run; not timed."""

    def once(self):
        """Runs once and returns a sample. A wrong answer ends the benchmark."""
        _, sample = run(self.command, self.environment)
        return sample

    def teardown(self):
        """Cleans up after the last run."""

    def shown(self):
        """The command as typed in a shell."""
        return typed(self.command)

    def shown_scan(self):
        return typed(self.scan)


def typed(words):
    words = ["duckdb" if word.endswith("duckdb_cli/duckdb") else word for word in words]
    return " ".join(f'"{word}"' if set(word) & set(" ;'*()") else word for word in words)
