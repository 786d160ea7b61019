"""Rows of the figure files become records."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from tracker.records import (
    AccessFigure,
    Amount,
    AnyFigure,
    BorderStatusFigure,
    DisplacementFigure,
    Period,
    PlaceName,
    Publication,
)
from tracker.vocabulary import (
    UNSPECIFIED,
    AccessIndicator,
    AccessUnit,
    Attribution,
    Cause,
    ConstraintType,
    Coverage,
    DisplacementIndicator,
    Evidence,
    Measure,
    ObservationStatus,
    OperationalStatus,
    PopulationGroup,
    Precision,
    Qualifier,
    ReviewStatus,
    Role,
    Topic,
    TrafficClass,
    Trend,
    Unit,
)

Row = dict[str, str]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str) -> float | None:
    return float(text) if text else None


def _period(row: Row) -> Period:
    end = date.fromisoformat(row["reference_period_end"])
    return Period(
        _day(row["reference_period_start"]) or end,
        end,
        Precision(row["start_precision"] or Precision.DAY),
        Precision(row["end_precision"] or Precision.DAY),
    )


def _common(row: Row, locator: str) -> dict[str, Any]:
    publication = None
    if row["publication_title"]:
        publication = Publication(row["publisher"], row["publication_title"], row["publication_url"])
    return {
        "source": row["source"],
        "label": row["id"],
        "period": _period(row),
        "locator": locator,
        "published_on": _day(row["published_on"]),
        "publication": publication,
        "attribution": Attribution(row["attribution"] or Attribution.DIRECT),
        "primary": row.get("primary") or None,
        "excerpt": row["excerpt"] or None,
        "note": row["note"] or None,
        "role": Role(row["role"] or Role.RECOMMENDED),
        "coverage": Coverage(row.get("coverage") or Coverage.UNKNOWN),
        "credibility": int(row["credibility"]) if row["credibility"] else None,
        "review_status": ReviewStatus.APPROVED,
    }


def _amount(row: Row) -> Amount:
    return Amount(
        _number(row["value"]), _number(row["value_low"]), _number(row["value_high"]), Qualifier(row["qualifier"])
    )


def displacement(row: Row, locator: str) -> AnyFigure:
    """A row of ``displacement.csv``."""
    return DisplacementFigure(
        **_common(row, locator),
        indicator=DisplacementIndicator(row["indicator"]),
        measure=Measure(row["measure"]),
        population_group=PopulationGroup(row["population_group"]),
        location=PlaceName(code=row["location"]),
        origin=PlaceName(code=row["origin"]) if row["origin"] else None,
        amount=_amount(row),
        variant=row["variant"],
        point_of_entry=row["point_of_entry"] or None,
        cause=Cause(row["cause"]),
        unit=Unit(row["unit"]),
        value_text=row["value_text"] or None,
        observation_status=ObservationStatus(row["observation_status"] or ObservationStatus.NORMAL),
        subset_of=row["subset_of"] or None,
    )


def border_status(row: Row, locator: str) -> AnyFigure:
    """A row of ``border_status.csv``."""
    one, _, other = row["border"].partition("-")
    return BorderStatusFigure(
        **_common(row, locator),
        border=(one, other),
        point_of_entry=row["point_of_entry"] or None,
        side=row["side"] or UNSPECIFIED,
        direction_into=row["direction_into"] or UNSPECIFIED,
        traffic_class=TrafficClass(row["traffic_class"]),
        status=OperationalStatus(row["status"]),
        evidence=Evidence(row["evidence"]),
        reported_as=row["reported_as"] or None,
        valid_until=_day(row["valid_until"]),
        disputed=row["disputed"] == "yes",
    )


def access(row: Row, locator: str) -> AnyFigure:
    """A row of ``access.csv``."""
    return AccessFigure(
        **_common(row, locator),
        indicator=AccessIndicator(row["indicator"]),
        constraint_type=ConstraintType(row["constraint_type"]) if row["constraint_type"] else None,
        topic=Topic(row["topic"]) if row["topic"] else None,
        location=PlaceName(code=row["location"]),
        variant=row["variant"],
        unit=AccessUnit(row["unit"]) if row["unit"] else None,
        amount=_amount(row) if row["qualifier"] else None,
        value_text=row["value_text"] or None,
        scale=row["scale"] or None,
        information_gap=row["information_gap"] == "yes",
        trend=Trend(row["trend"]) if row["trend"] else None,
    )


READERS: dict[str, Callable[[Row, str], AnyFigure]] = {
    "displacement.csv": displacement,
    "border_status.csv": border_status,
    "access.csv": access,
}
"""Which function reads which file; the order is the order of loading."""


def read(name: str, rows: list[Row]) -> Iterator[AnyFigure]:
    """Every figure of a file; the locator is the line a person sees in an editor."""
    for line, row in enumerate(rows, start=2):
        yield READERS[name](row, f"{name}:{line} ({row['id']})")
