"""The dashboard's questions: the tracker's answers against DuckDB's, on the same feed.

    python -m benchmarks.queries FEED DATABASE_URL

FEED is the folder of the feed, and the store holds it. Each round asks about the place and the day of a row that is
drawn, so that large countries come up more often, as they do in use. Both sides must give the same rows.
"""

import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from math import isnan, nan
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import pandas as pd
from sqlalchemy import Connection, create_engine, select
from sqlalchemy.orm import aliased

from benchmarks import report
from benchmarks.peers import duckdb_table
from benchmarks.peers.duckdb_table import QUESTIONS
from benchmarks.product import SHEET
from tracker.asof import PRESENT, AsOf
from tracker.regions import resolve
from tracker.series import displacement
from tracker.tables import Location
from tracker.vocabulary import LocationKind, Measure, Sex, Unit
from tracker.windows import Window

Rows = set[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one round asks about."""

    country: str
    region: str
    day: date


def country_trend(store: Connection, asked: Asked) -> Rows:
    """Sums by month and group."""
    return _sums(_stocks(store, asked.country), "month", "population_group")


def region_trend(store: Connection, asked: Asked) -> Rows:
    """Sums by region, month and group."""
    area, parent = aliased(Location), aliased(Location)
    codes = select(area.code, parent.code).join(parent, parent.id == area.parent_id)
    region_of = dict(store.execute(codes.where(area.iso3 == asked.country, area.kind == LocationKind.ADM2)).all())
    frame = _stocks(store, asked.country)
    frame = frame[frame["location_kind"] != LocationKind.COUNTRY]
    return _sums(frame.assign(region=frame["location_code"].replace(region_of)), "region", "month", "population_group")


def as_of_trend(store: Connection, asked: Asked) -> Rows:
    """Sums by month and group, as published by a day."""
    return _sums(_stocks(store, asked.country, AsOf(published_by=asked.day)), "month", "population_group")


def source_comparison(store: Connection, asked: Asked) -> Rows:
    """Sums by source and month."""
    return _sums(_stocks(store, asked.region), "publisher", "month")


def _stocks(store: Connection, region: str, moment: AsOf = PRESENT) -> pd.DataFrame:
    """The feed's stocks of persons in a region, with the first day of their month."""
    frame = displacement(store, Window(resolve(store, region), as_of=moment))
    wanted = {"source": SHEET, "measure": Measure.STOCK, "unit": Unit.PERSONS, "sex": Sex.ALL, "age": "all"}
    for column, word in wanted.items():
        frame = frame[frame[column] == word]
    return frame.assign(month=[day.replace(day=1) for day in frame["reference_period_end"]])


def _sums(frame: pd.DataFrame, *by: str) -> Rows:
    return set(frame.groupby(list(by))["value"].sum().reset_index().itertuples(index=False, name=None))


OURS: dict[str, Callable[[Connection, Asked], Rows]] = {
    "country trend": country_trend,
    "region trend": region_trend,
    "as-of trend": as_of_trend,
    "source comparison": source_comparison,
}
"""What the tracker can be asked today; questions that are missing here have no time of ours in the table."""


DRAW = """
SELECT country, admin1, publication_date FROM observations WHERE admin1 IS NOT NULL
ORDER BY hash(source, external_id, publication_date) LIMIT $rounds
"""


def compare(store: Connection, peer: duckdb.DuckDBPyConnection, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Seconds of each question in each round: the tracker's (not a number where it has no answer), and the peer's.

    Raises:
        RuntimeError: The two gave different answers.
    """
    seconds: dict[str, list[tuple[float, float]]] = defaultdict(list)
    # The first round reads files and compiles statements.
    for number, row in enumerate(peer.execute(DRAW, {"rounds": rounds + 1}).fetchall()):
        asked = Asked(*row)
        for question in QUESTIONS:
            theirs, peer_took = _timed(_ask_peer, peer, question, asked)
            ours, took = _timed(OURS[question], store, asked) if question in OURS else (theirs, nan)
            if ours != theirs:
                raise RuntimeError(f"{question} of {asked}: {list(ours ^ theirs)[:4]} in one of two answers")
            if number:
                seconds[question].append((took, peer_took))
    return seconds


def _ask_peer(peer: duckdb.DuckDBPyConnection, question: str, asked: Asked) -> Rows:
    statement = QUESTIONS[question]
    named = {name: value for name, value in asdict(asked).items() if f"${name}" in statement}
    return set(peer.execute(statement, named).fetchall())


def _timed(ask: Callable[..., Rows], *told: Any) -> tuple[Rows, float]:
    began = time.perf_counter()
    answer = ask(*told)
    return answer, time.perf_counter() - began


def main(feed: Path, database_url: str, rounds: int = 10) -> None:
    """Fill DuckDB, compare, and write ``results/ROWS/queries.md``."""
    key = json.loads((feed / "answer_key.json").read_text())
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
        target = f"{folder}/peer.duckdb"
        duckdb_table.main(str(feed / "observations.csv"), str(feed / "places.csv"), target)
        with create_engine(database_url).connect() as store, duckdb.connect(target, read_only=True) as peer:
            seconds = compare(store, peer, rounds)
    cells = []
    for question, took in seconds.items():
        ours, theirs = (1000 * median(side) for side in zip(*took, strict=True))
        told = ["-", "-"] if isnan(ours) else [f"{ours:,.1f}", f"{ours / theirs:.2f}"]
        cells.append((question, told[0], f"{theirs:,.1f}", told[1]))
    said = [f"{key['rows']:,} rows; medians of {rounds} rounds; both sides gave the same answers.", ""]
    said += report.table(("question", "tracker ms", "DuckDB ms", "tracker / DuckDB"), cells)
    report.write(key["rows"], "queries.md", "Queries", said)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
