"""From the rows of a batch to the judge of plausibility and back: each doubt is written beside its number."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date

from tracker.places import Placed
from tracker.plausibility import Judgement, Point, judge
from tracker.rows import Columns, fact_of


@dataclass(frozen=True, slots=True)
class Change:
    """A row that is about to be written.

    Attributes:
        series: Columns of its series.
        before: The row it replaces; null for a new fact.
    """

    row: Columns
    series: Columns
    placed: Placed
    before: Columns | None


def doubt(changes: Iterable[Change], open_rows: Iterable[Columns]) -> Judgement:
    """Judge every new or changed number by its series as it will be, and write the doubts into the rows.

    An incident is a fact of its own, and the numbers of several have no course: it is judged by what it replaces alone.
    """
    numbered = {
        n: change
        for n, change in enumerate(changes)
        if _is_number(change.row) and (change.before or not change.row["external_id"])
    }
    judged = {fact_of(change.row) for change in numbered.values()}
    history: dict[Hashable, list[tuple[date, float]]] = defaultdict(list)
    for row in open_rows:
        if _is_number(row) and not row["external_id"] and fact_of(row) not in judged:
            history[row["series_id"]].append((row["reference_period_end"], float(row["value"])))
    judgement = judge([_point(n, change) for n, change in numbered.items()], history)
    for number, change in numbered.items():
        if number in judgement.doubts:
            change.row["doubt"] = str(judgement.doubts[number])
    return judgement


def _is_number(row: Columns) -> bool:
    return row.get("value") is not None


def _point(number: int, change: Change) -> Point:
    row, series, location = change.row, change.series, change.placed.location
    assert location is not None
    before = change.before["value"] if change.before else None
    period = (row["reference_period_start"], row["reference_period_end"])
    told = {name: value for name, value in series.items() if name not in ("id", "key", "location_id")}
    beside = {name: value for name, value in told.items() if name not in ("population_group", "sex", "indicator")}
    return Point(
        key=number,
        series=row["series_id"],
        end=row["reference_period_end"],
        value=float(row["value"]),
        before=None if before is None else float(before),
        place=location.id,
        within=location.parent_id,
        subject=(*told.values(), *period),
        column=(*beside.values(), location.id, *period),
    )
