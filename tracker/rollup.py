"""A whole and its parts: sums over areas where they are allowed, and what of a total is not told by area.

Parts are added only if they are one source's, about one date, and there is one for every area of the gazetteer. What
the source could not place more exactly belongs to the whole as well.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tracker.regions import Area
from tracker.vocabulary import LocationKind, Qualifier

_ALIKE = (
    "source", "variant", "indicator", "measure", "population_group", "cause", "origin_code", "reference_period_start",
    "reference_period_end",
)  # fmt: skip
"""What the parts of one sum share."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """How much of a reported total its source tells by area.

    Attributes:
        areas: How many of ``of`` areas have a figure.
        not_allocated: The total less the sum of its parts; negative where the parts are more than the whole.
    """

    areas: int
    of: int
    allocated: int
    not_allocated: int


def sums(rows: Iterable[dict[str, Any]], area: Area) -> list[dict[str, Any]]:
    """The totals that may be made of the rows of an area's parts, each as a row of the area.

    ``parts`` of such a row are the ids of what it adds up; its ``observation_id`` is that of the first of them.
    """
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in _ALIKE)].append(row)
    return [_sum(group, area) for group in groups.values() if area.parts and _is_whole(group, area)]


def _is_whole(group: list[dict[str, Any]], area: Area) -> bool:
    placed = [row["location_code"] for row in group if row["location_kind"] != LocationKind.UNSPECIFIED]
    counted = all(row["value"] is not None for row in group)
    return counted and len(placed) == len(set(placed)) and set(placed) == area.parts


def _sum(group: list[dict[str, Any]], area: Area) -> dict[str, Any]:
    group = sorted(group, key=lambda row: int(row["observation_id"][1:]))
    exact = all(row["qualifier"] == Qualifier.EXACT for row in group)
    published = [row["published_on"] for row in group]
    return {
        **group[0],
        "location_code": area.code,
        "location_name": area.name,
        "location_name_ar": area.name_ar,
        "value": sum(row["value"] for row in group),
        "value_low": _total(group, "value_low"),
        "value_high": _total(group, "value_high"),
        "qualifier": (Qualifier.EXACT if exact else Qualifier.APPROX).value,
        "published_on": max(published) if all(published) else None,
        "doubt": next((row["doubt"] for row in group if row["doubt"]), None),
        "parts": tuple(row["observation_id"] for row in group),
    }


def _total(group: list[dict[str, Any]], column: str) -> int | None:
    bounds = [row[column] for row in group]
    return None if None in bounds else sum(bounds)


def allocation(total: dict[str, Any], rows: Iterable[dict[str, Any]], area: Area) -> Allocation | None:
    """How much of a total the same source tells by area for the same date; null where it tells nothing by area."""
    parts = [row for row in rows if all(row[name] == total[name] for name in _ALIKE) and row["value"] is not None]
    parts = [row for row in parts if row["location_kind"] != LocationKind.UNSPECIFIED]
    areas = {row["location_code"] for row in parts}
    if not parts or len(areas) < len(parts) or total["value"] is None:
        return None
    allocated = sum(row["value"] for row in parts)
    return Allocation(len(areas), len(area.parts), allocated, total["value"] - allocated)
