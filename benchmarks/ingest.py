"""The feed into a store: the tracker's whole job against its peers, all on the same file."""

import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.measure import Command, Job, Outcome, compare
from benchmarks.postgres import ask, fresh_database
from benchmarks.product import Product

CHECKSUM = "import hashlib, sys; print(hashlib.file_digest(open(sys.argv[1], 'rb'), 'sha256').hexdigest())"


@dataclass(frozen=True, slots=True)
class Peer:
    """A module of `benchmarks.peers`, and whether it does the whole job: checks, and every vintage once."""

    name: str
    module: str
    kind: str
    whole: bool


PEERS = (
    Peer("sqlite3 .import, nothing checked", "sqlite_import", "sqlite", whole=False),
    Peer("rows checked in Python, SQLAlchemy Core", "sqlalchemy_core", "sqlite", whole=True),
    Peer("columns checked in Arrow, dlt", "dlt_arrow", "sqlite", whole=True),
    Peer("COPY, nothing checked", "postgres_copy", "postgresql", whole=False),
)


def measure(product: Product, rounds: int) -> bool:
    """Measure every job, and write ``results/ROWS/ingest.md``; returns whether all answers were right."""
    key = json.loads((product.feed / "answer_key.json").read_text())
    groups = {
        kind: [
            product.load(kind),
            product.again(kind),
            product.compared(kind),
            product.export(kind),
            *(_job(product, peer, key) for peer in PEERS if peer.kind == kind),
        ]
        for kind in ("sqlite", "postgresql")
    }
    jobs = [job for group in groups.values() for job in group]
    scratch = product.scratch / "jobs"
    scratch.mkdir()
    outcomes = {outcome.name: outcome for outcome in compare([_checksum(product), *jobs], rounds, scratch)}
    said = [f"{key['rows']:,} rows of CSV, {_size(product.feed):,.0f} MB; medians of {rounds} runs, in turns.", ""]
    for kind, group in groups.items():
        said += [f"## {kind}", "", *_table([outcomes[job.name] for job in group], key["rows"]), ""]
    said += [f"The checksum of the file: {outcomes['checksum'].cost.cpu:.2f} s of CPU.", ""]
    said += list(_answers(outcomes.values()))
    report.write(key["rows"], "ingest.md", "Ingest", said)
    return not any(outcome.wrong for outcome in outcomes.values())


def _job(product: Product, peer: Peer, key: dict[str, Any]) -> Job:
    server = product.server if peer.kind == "postgresql" else None

    def prepare(folder: Path) -> Command:
        target = fresh_database(server, "peer") if server else folder / "peer.sqlite"
        arguments = (product.feed / "observations.csv", product.feed / "places.csv", target)
        command = (sys.executable, "-m", f"benchmarks.peers.{peer.module}", *arguments)
        return Command(command, {}, server=server.pid if server else None)

    def wrong(folder: Path) -> list[str]:
        statement = (
            "SELECT count(*), sum(value) FROM observations" if peer.whole else "SELECT count(*) FROM observations"
        )
        if server:
            found = [int(cell) for cell in ask(server, "peer", statement).split("|")]
        else:
            with closing(sqlite3.connect(folder / "peer.sqlite")) as connection:
                found = list(connection.execute(statement).fetchone())
        expected = [key["vintages"], key["sum_value_all_vintages"]] if peer.whole else [key["rows"]]
        return [] if found == expected else [f"stored {found}, not {expected}"]

    return Job(peer.name, prepare, wrong)


def _checksum(product: Product) -> Job:
    """The least that has to be done to know that a file is the same."""
    command = Command((sys.executable, "-c", CHECKSUM, product.feed / "observations.csv"), {})
    return Job("checksum", lambda _: command, lambda _: [])


def _size(feed: Path) -> float:
    return (feed / "observations.csv").stat().st_size / 1e6


def _table(outcomes: Sequence[Outcome], rows: int) -> list[str]:
    """The first outcome is the tracker's load, which the others are held against."""
    ours = outcomes[0].cost.cpu
    cells = (
        (
            outcome.name,
            f"{outcome.cost.wall:.1f}",
            f"{outcome.cost.cpu:.2f}",
            f"{rows / outcome.cost.cpu:,.0f}",
            f"{outcome.cost.peak:,.0f}",
            f"{ours / outcome.cost.cpu:.2f}",
            "wrong" if outcome.wrong else "right",
        )
        for outcome in outcomes
    )
    return report.table(("job", "wall s", "CPU s", "rows/CPU s", "peak MB", "tracker / this", "answers"), cells)


def _answers(outcomes: Any) -> Iterator[str]:
    wrong = [f"- {outcome.name}: {one}" for outcome in outcomes for one in outcome.wrong]
    yield "Wrong answers:" if wrong else "All answers are those of the feed's key."
    if wrong:
        yield from ["", *wrong]
