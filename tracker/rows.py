"""How a placed figure becomes columns: one family of tables for each kind of figure.

`FAMILIES` is the only place that knows which record goes to which tables, which columns are a series' identity and
which columns, when they change, make a new vintage.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from tracker.places import Placed
from tracker.records import AccessFigure, BorderStatusFigure, DisplacementFigure, Figure
from tracker.tables import Access, AccessSeries, BorderSeries, BorderStatus, Displacement, DisplacementSeries
from tracker.tables.observation import FACT
from tracker.vocabulary import ObservationStatus

Columns = dict[str, Any]
Item = TypeVar("Item")
CHUNK = 500
"""Values in one query: every database takes this many."""


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Ids of the rows figures point at, by code."""

    sources: dict[str, int]
    borders: dict[tuple[str, str], int]
    crossings: dict[str, int]


@dataclass(frozen=True, slots=True)
class Family:
    """The two tables of one kind of figure, and how to fill them.

    Attributes:
        asserted: The columns whose change is a revision; anything else republished is `unchanged`.
    """

    name: str
    series: type[DisplacementSeries] | type[BorderSeries] | type[AccessSeries]
    observation: type[Displacement] | type[BorderStatus] | type[Access]
    series_columns: Callable[[Placed, Identifiers], Columns]
    observation_columns: Callable[[Any], Columns]
    asserted: tuple[str, ...]

    def same(self, one: Any, other: Any) -> bool:
        """Whether two vintages assert the same."""
        return all(one[column] == other[column] for column in self.asserted)


def fact_of(row: Any) -> tuple[Any, ...]:
    """What makes a row's fact: its series, its reference period, and the provider's id of an incident."""
    return tuple(row[column] for column in FACT)


def chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items in lists short enough for one query."""
    listed = list(items)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]


def common_columns(figure: Figure) -> Columns:
    """The columns every observation carries, but for ids that only the store knows."""
    period = figure.period
    return {
        "reference_period_start": period.start,
        "reference_period_end": period.end,
        "external_id": figure.external_id,
        "published_on": figure.published_on,
        "excerpt": figure.excerpt,
        "locator": figure.locator,
        "sensitivity": int(figure.sensitivity),
        "note": figure.note,
    }


def standing_columns(figure: Figure) -> Columns:
    """The columns of a figure's standing."""
    columns = {
        "start_precision": figure.period.start_precision.value,
        "end_precision": figure.period.end_precision.value,
        "attribution": figure.attribution.value,
        "role": figure.role.value,
        "coverage": figure.coverage.value,
        "credibility": figure.credibility,
        "review_status": figure.review_status.value,
    }
    return {"key": _key(*columns.values()), **columns}


def _key(*dimensions: Any) -> str:
    """Canonical text of a series' dimensions: nulls compare equal, and a person can read it."""
    return "|".join("" if d is None else str(d).replace("|", "/") for d in dimensions)


def _displacement_series(placed: Placed, ids: Identifiers) -> Columns:
    figure = placed.figure
    assert isinstance(figure, DisplacementFigure)
    assert placed.location is not None
    origin, crossing = placed.origin, placed.crossing
    unresolved = (placed.location.provider_words, origin.provider_words if origin else None)
    words = " < ".join(part for part in unresolved if part) or None
    return {
        "key": _key(
            figure.source, figure.indicator, figure.measure, figure.population_group, placed.location.code,
            origin.code if origin else None, crossing, figure.variant, figure.cause, figure.unit, figure.sex,
            figure.age, figure.since, words,
        ),
        "source_id": ids.sources[figure.source],
        "indicator": figure.indicator.value,
        "measure": figure.measure.value,
        "population_group": figure.population_group.value,
        "location_id": placed.location.id,
        "origin_id": origin.id if origin else None,
        "point_of_entry_id": ids.crossings[crossing] if isinstance(crossing, str) else None,
        "variant": figure.variant,
        "cause": figure.cause.value,
        "unit": figure.unit.value,
        "sex": figure.sex.value,
        "age": figure.age,
        "since": figure.since,
        "provider_place": words,
    }  # fmt: skip


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _displacement(figure: DisplacementFigure) -> Columns:
    return {
        "value": _whole(figure.amount.value),
        "value_low": _whole(figure.amount.low),
        "value_high": _whole(figure.amount.high),
        "qualifier": figure.amount.qualifier.value,
        "value_text": figure.value_text,
        "household_size": figure.household_size,
        "household_size_source": figure.household_size_source,
        "observation_status": figure.observation_status.value,
    }


def _border_series(placed: Placed, ids: Identifiers) -> Columns:
    figure = placed.figure
    assert isinstance(figure, BorderStatusFigure)
    assert placed.border is not None
    crossing = placed.crossing if isinstance(placed.crossing, str) else getattr(placed.crossing, "code", None)
    return {
        "key": _key(
            figure.source, "-".join(placed.border), crossing, figure.side, figure.direction_into,
            figure.traffic_class, *([figure.variant] if figure.variant else []),
        ),
        "source_id": ids.sources[figure.source],
        "border_id": ids.borders[placed.border],
        "point_of_entry_id": ids.crossings[crossing] if crossing else None,
        "side": figure.side,
        "direction_into": figure.direction_into,
        "traffic_class": figure.traffic_class.value,
        "variant": figure.variant,
    }  # fmt: skip


def _border_status(figure: BorderStatusFigure) -> Columns:
    return {
        "status": figure.status.value,
        "evidence": figure.evidence.value,
        "reported_as": figure.reported_as,
        "valid_until": figure.valid_until,
        "disputed": figure.disputed,
        "observation_status": ObservationStatus.NORMAL.value,
    }


def _access_series(placed: Placed, ids: Identifiers) -> Columns:
    figure, location = placed.figure, placed.location
    assert isinstance(figure, AccessFigure)
    assert location is not None
    return {
        "key": _key(
            figure.source, figure.indicator, figure.constraint_type, figure.topic, location.code, figure.variant,
            figure.unit, location.provider_words,
        ),
        "source_id": ids.sources[figure.source],
        "indicator": figure.indicator.value,
        "constraint_type": figure.constraint_type.value if figure.constraint_type else None,
        "topic": figure.topic.value if figure.topic else None,
        "location_id": location.id,
        "variant": figure.variant,
        "unit": figure.unit.value if figure.unit else None,
        "provider_place": location.provider_words,
    }  # fmt: skip


def _access(figure: AccessFigure) -> Columns:
    amount = figure.amount
    return {
        "value": amount.value if amount else None,
        "value_low": amount.low if amount else None,
        "value_high": amount.high if amount else None,
        "qualifier": amount.qualifier.value if amount else None,
        "value_text": figure.value_text,
        "scale": figure.scale,
        "information_gap": figure.information_gap,
        "trend": figure.trend.value if figure.trend else None,
        "observation_status": ObservationStatus.NORMAL.value,
    }


_NUMBER = ("value", "value_low", "value_high", "qualifier", "value_text", "observation_status")

FAMILIES: dict[type[Figure], Family] = {
    DisplacementFigure: Family(
        "displacement", DisplacementSeries, Displacement, _displacement_series, _displacement,
        (*_NUMBER, "household_size"),
    ),
    BorderStatusFigure: Family(
        "border-status", BorderSeries, BorderStatus, _border_series, _border_status,
        ("status", "valid_until", "observation_status"),
    ),
    AccessFigure: Family(
        "aid-access", AccessSeries, Access, _access_series, _access,
        (*_NUMBER, "scale", "information_gap", "trend"),
    ),
}  # fmt: skip
