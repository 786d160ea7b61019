"""The tracker as a contestant: the command that a user types, into a store that knows the feed's places.

What comes before that is done once and not measured: the tables, the seed with its countries, the feed's areas.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Command, Job
from benchmarks.postgres import fresh_database, url_of
from tests.cluster import Cluster

TRACKER = (sys.executable, "-m", "tracker.cli")
SHEET = "displacement_sheet"
MAPPING = Path(__file__).with_name("workload.toml")
LOADED = frozenset({0, 1})
"""Exit codes of a load; 1 where rows were set aside, which a person should look at."""


@dataclass(frozen=True, slots=True)
class Product:
    """Makes jobs of the tracker; a kind of store is ``sqlite`` or ``postgresql``.

    Attributes:
        feed: Folder of the feed.
        scratch: Where the data folders of the stores are.
        server: Where the PostgreSQL databases are.
    """

    feed: Path
    scratch: Path
    server: Cluster

    def make_ready(self) -> None:
        """Prepare a store of each kind, for the jobs to copy."""
        fresh_database(self.server, "ready")
        for kind in ("sqlite", "postgresql"):
            for words in (
                ["db", "upgrade"],
                ["db", "seed"],
                ["ingest", "ocha_pcodes", "--from", self.feed / "places.csv"],
            ):
                environment = {**os.environ, **self.environment(kind, "ready")}
                subprocess.run([*TRACKER, *words], check=True, env=environment, stdout=subprocess.DEVNULL)

    def load(self, kind: str) -> Job:
        """Load the feed into a store that does not have it."""

        def prepare(_: Path) -> Command:
            shutil.rmtree(self._home(kind, "loaded"), ignore_errors=True)
            shutil.copytree(self._home(kind, "ready"), self._home(kind, "loaded"))
            if kind == "postgresql":
                fresh_database(self.server, "loaded", template="ready")
            return self._ingest(kind, self.feed)

        return Job(f"tracker, {kind}", prepare, lambda _: self._wrong(kind))

    def again(self, kind: str) -> Job:
        """Load the feed into the store that got it last."""
        return Job(
            f"tracker, {kind}, same file again", lambda _: self._ingest(kind, self.feed), lambda _: self._wrong(kind)
        )

    def compared(self, kind: str) -> Job:
        """Load the feed again with a blank line at its end: another file, each row of which is known."""

        def prepare(folder: Path) -> Command:
            shutil.copy(self.feed / "observations.csv", folder / "observations.csv")
            with (folder / "observations.csv").open("ab") as lines:
                lines.write(b"\n")
            return self._ingest(kind, folder)

        return Job(f"tracker, {kind}, every row compared", prepare, lambda _: self._wrong(kind))

    def export(self, kind: str) -> Job:
        """Write all displacement figures of the store that got the feed last as CSV."""

        def prepare(folder: Path) -> Command:
            words = (*TRACKER, "export", "displacement", "-o", folder / "figures.csv")
            server = self.server.pid if kind == "postgresql" else None
            return Command(words, self.environment(kind, "loaded"), server=server)

        def wrong(folder: Path) -> list[str]:
            key = json.loads((self.feed / "answer_key.json").read_text())
            count = total = 0
            with (folder / "figures.csv").open(encoding="utf-8-sig", newline="") as lines:
                rows = csv.reader(lines)
                source, value = map(next(rows).index, ("source", "value"))
                for row in rows:
                    if row[source] == SHEET:
                        count, total = count + 1, total + int(row[value])
            told, expected = (count, total), (key["observations"], key["sum_value_latest"])
            return [] if told == expected else [f"{told} rows and their sum, not {expected}"]

        return Job(f"tracker, {kind}, export as CSV", prepare, wrong)

    def environment(self, kind: str, name: str) -> dict[str, str]:
        """The settings under which the tracker works on one of its stores, ``ready`` or ``loaded``."""
        home = self._home(kind, name)
        url = f"sqlite:///{home / 'tracker.sqlite'}" if kind == "sqlite" else url_of(self.server, name)
        return {"TRACKER_HOME": str(home), "TRACKER_DATABASE_URL": url}

    def _home(self, kind: str, name: str) -> Path:
        return self.scratch / f"{kind}-{name}"

    def _ingest(self, kind: str, folder: Path) -> Command:
        feed = folder / "observations.csv"
        words = (*TRACKER, "ingest", SHEET, "--from", feed, "--mapping", MAPPING)
        server = self.server.pid if kind == "postgresql" else None
        return Command(words, self.environment(kind, "loaded"), LOADED, server)

    def _wrong(self, kind: str) -> list[str]:
        url = self.environment(kind, "loaded")["TRACKER_DATABASE_URL"]
        command = (sys.executable, "-m", "benchmarks.answers", url, self.feed)
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
