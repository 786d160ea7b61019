"""What can be a headline, out of all that is known of a place: the rest is never read.

A figure is overtaken by a newer one of its series. Those of a place's areas count only together: the newest that are
there for all of them, and those that tell by area what was reported of the whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, case, or_

from tracker.headline import QUESTIONS, answers, covers
from tracker.regions import Area
from tracker.series import figures
from tracker.tables import Displacement, Standing
from tracker.vocabulary import LocationKind, Precision, Role
from tracker.wholes import undivided
from tracker.windows import Window, rows

_CELL = ("source", "variant", "indicator", "measure", "population_group", "cause", "origin_code")
"""What the series of one sum, and the total they are parts of, share."""

Series = dict[int, dict[str, Any]]
"""Series by id, with the columns of `tracker.outline.dimensions`."""

Facts = list[tuple[int, date, date | None, int, bool]]
"""Of each figure its series, the end and start of its period, its number, and whether it has a single value."""


def candidates(
    connection: Connection, window: Window, series: list[dict[str, Any]], place: Area, on: date
) -> list[dict[str, Any]]:
    """The rows of a window among which `tracker.headline.headlines` finds all that it finds in the whole of them.

    Args:
        connection: The store.
        window: The rows that are asked for.
        series: Rows of `tracker.outline.dimensions`: the window's series.
        place: The place.
        on: The day that is asked of.
    """
    wholes = _asked(series, {place.code})
    parts = _asked(series, place.parts | place.unplaced)
    chosen = _newest(_facts(connection, window, wholes, on))
    told = {(*_cell(wholes[fact[0]]), *fact[1:3]) for fact in chosen}
    summed = _complete_cells(parts, place) | {key[:-2] for key in told}
    of_parts = _facts(connection, window, {n: row for n, row in parts.items() if _cell(row) in summed}, on)
    chosen += _told_together(of_parts, parts, place, told)
    return figures(connection, "displacement", replace(window, observations=[fact[3] for fact in chosen]))


def _asked(series: list[dict[str, Any]], places: Set[str]) -> Series:
    """The series about some places that answer any question."""
    return {
        row["series_id"]: row
        for row in series
        if undivided(row) and any(answers(row, question, places) for question in QUESTIONS)
    }


def _cell(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in _CELL)


def _facts(connection: Connection, window: Window, series: Series, on: date) -> Facts:
    """The figures of some series that may be shown as the answer to anything on a day."""
    start = case((Standing.start_precision != Precision.UNKNOWN.value, Displacement.reference_period_start))
    query = (
        rows("displacement", replace(window, series=list(series)), Displacement.series_id)
        .add_columns(Displacement.reference_period_end, start, Displacement.id, Displacement.value.is_not(None))
        .join(Standing, Standing.id == Displacement.standing_id)
        .where(Standing.role == Role.RECOMMENDED.value, Displacement.primary_id.is_(None))
        .where(or_(Displacement.value.is_not(None), Displacement.value_low.is_not(None)))
        .where(Displacement.reference_period_end <= on)
    )
    return [
        (series_id, end, begin, number, bool(valued))
        for series_id, end, begin, number, valued in connection.execute(query)
        if covers(series[series_id], begin, end)
    ]


def _newest(facts: Facts) -> Facts:
    """Of each series those about its newest day."""
    newest = {series_id: end for series_id, end, *_ in sorted(facts, key=lambda fact: fact[1])}
    return [fact for fact in facts if fact[1] == newest[fact[0]]]


def _complete_cells(parts: Series, place: Area) -> set[tuple[Any, ...]]:
    """Cells of which there is a series for every area."""
    areas: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for row in parts.values():
        areas[_cell(row)].add(row["location_code"])
    return {cell for cell, codes in areas.items() if place.parts and codes >= place.parts}


def _told_together(facts: Facts, parts: Series, place: Area, told: set[tuple[Any, ...]]) -> Facts:
    """The figures by area that belong to a total, and of each cell the newest that are there for every area."""
    cells = {number: _cell(row) for number, row in parts.items()}
    groups: dict[tuple[Any, ...], Facts] = defaultdict(list)
    for fact in facts:
        groups[(*cells[fact[0]], *fact[1:3])].append(fact)
    whole = {key for key, group in groups.items() if _is_whole(group, parts, place)}
    newest = {key[:-2]: key[-2] for key in sorted(whole, key=lambda key: key[-2])}
    return [
        fact
        for key, group in groups.items()
        if key in told or (key in whole and key[-2] == newest[key[:-2]])
        for fact in group
    ]


def _is_whole(group: Iterable[tuple[Any, ...]], parts: Series, place: Area) -> bool:
    placed = [parts[fact[0]] for fact in group]
    codes = [row["location_code"] for row in placed if row["location_kind"] != LocationKind.UNSPECIFIED]
    return all(fact[4] for fact in group) and len(codes) == len(set(codes)) and set(codes) == place.parts
