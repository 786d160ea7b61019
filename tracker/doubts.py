"""From the rows of a batch to the judge of plausibility and back: each doubt is written beside its number."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from tracker.bulk import Array, Bulk, codes
from tracker.held import NOTHING
from tracker.places import Placed
from tracker.plausibility import Judgement, Point, judge
from tracker.plausibility_columns import Points as PointColumns
from tracker.plausibility_columns import judge_columns
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


def doubt(changes: list[Change], open_rows: Iterable[Columns], bulk: Bulk | None = None) -> Judgement:
    """Judge every new or changed number by its series as it will be, and write the doubts into the rows.

    An incident is a fact of its own, and the numbers of several have no course: it is judged by what it replaces alone.

    Args:
        changes: Rows that are about to be written.
        open_rows: The last word on every fact of their series.
        bulk: What is written beside them by the million, judged together with them.
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
    points = [_point(n, change) for n, change in numbered.items()]
    judgement = _judge_all(points, changes, bulk) if bulk else judge(points, history)
    for number, change in numbered.items():
        if number in judgement.doubts:
            change.row["doubt"] = str(judgement.doubts[number])
    return judgement


def _judge_all(points: list[Point], changes: list[Change], bulk: Bulk) -> Judgement:
    """Judge figures of both ways together; doubts about those of the bulk are noted there."""
    at, f = bulk.written, bulk.figures
    template = bulk.template[at]
    told = [_told(series) for series in bulk.series_of]
    places = [placed.location for placed in f.templates]

    def coded(of_templates: list[Any], of_points: Iterable[Any]) -> Array:
        known = codes([*of_templates, *of_points]).astype(np.int32)
        return np.concatenate([known[: len(of_templates)][template], known[len(of_templates) :]])

    def both(of_bulk: Array, of_points: Iterable[Any]) -> Array:
        return np.concatenate([of_bulk, np.asarray(list(of_points), of_bulk.dtype)])

    columns = PointColumns(
        series=both(bulk.told.series[at], (p.series for p in points)),
        start=both(bulk.told.start[at], (p.subject[-2].toordinal() for p in points)),  # type: ignore[index]
        end=both(bulk.told.end[at], (p.end.toordinal() for p in points)),
        value=both(bulk.told.value[at].astype(np.float64), (p.value for p in points)),
        before=both(bulk.before(), (np.nan if p.before is None else p.before for p in points)),
        place=both(np.asarray([place.id for place in places if place], np.int32)[template], (p.place for p in points)),
        within=both(
            np.asarray([place.parent_id or -1 for place in places if place], np.int32)[template],
            (-1 if p.within is None else p.within for p in points),
        ),
        subject=coded(told, (p.subject[:-2] for p in points)),  # type: ignore[index]
        column=coded([_beside(series) for series in bulk.series_of], (p.column[:-3] for p in points)),  # type: ignore[index]
    )
    found = judge_columns(columns, _past(changes, bulk))
    judgement = Judgement(judged=found.judged)
    for key, one in found.doubts.items():
        position = int(key)  # type: ignore[call-overload]
        if position < len(at):
            bulk.doubts[int(at[position])] = str(one)
            judgement.doubts["bulk", position] = one
        else:
            judgement.doubts[points[position - len(at)].key] = one
    return judgement


def _past(changes: list[Change], bulk: Bulk) -> tuple[Array, Array, Array]:
    """Series, day and value of what the store has and goes on to have."""
    rows, at = bulk.held.open, bulk.written
    facts = [fact for fact in map(fact_of, (change.row for change in changes)) if not fact[3]]
    changed = np.asarray([(fact[0], fact[1].toordinal(), fact[2].toordinal()) for fact in facts], np.int64)
    gone = np.append(bulk.match[at], bulk.held.find(*changed.reshape(-1, 3).T))
    kept = rows.value != NOTHING
    kept[gone[gone >= 0]] = False
    return rows.series[kept].astype(np.int32), rows.end[kept].astype(np.int32), rows.value[kept].astype(np.float64)


def _told(series: Columns) -> tuple[Any, ...]:
    return tuple(value for name, value in series.items() if name not in ("id", "key", "location_id"))


def _beside(series: Columns) -> tuple[Any, ...]:
    apart = ("id", "key", "location_id", "population_group", "sex", "indicator")
    return tuple(value for name, value in series.items() if name not in apart)


def _is_number(row: Columns) -> bool:
    return row.get("value") is not None


def _point(number: int, change: Change) -> Point:
    row, series, location = change.row, change.series, change.placed.location
    assert location is not None
    before = change.before["value"] if change.before else None
    period = (row["reference_period_start"], row["reference_period_end"])
    return Point(
        key=number,
        series=row["series_id"],
        end=row["reference_period_end"],
        value=float(row["value"]),
        before=None if before is None else float(before),
        place=location.id,
        within=location.parent_id,
        subject=(*_told(series), *period),
        column=(*_beside(series), location.id, *period),
    )
