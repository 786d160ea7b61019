"""What stays the same over time in the made feed: series, each with the span and the course of its values."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.places import Areas

FIRST_WEEK = np.datetime64("2005-01-03", "D")
FIRST_MONTH = np.datetime64("2005-01", "M")
WEEKS, MONTHS = 1042, 240
"""Twenty years; the last week ends on 2024-12-22."""

GROUPS = ["IDP", "REF", "ASY", "OIP", "RET", "RDP", "HST"]
ABROAD = [1, 2, 3]
"""Groups with an origin, which is another country."""
MEASURES = ["stock", "flow"]
UNITS = ["persons", "households"]
CAUSES = ["conflict", "disaster", "violence", "mixed", "unknown"]
SEXES = ["all", "F", "M"]
AGES = ["all", "0-4", "5-11", "12-17", "18-59", "60+"]

DIMENSIONS = ["source", "country", "admin1", "admin2", "origin", "group", "measure", "unit", "cause", "sex", "age"]
COURSE = [("weekly", "?"), ("first", "i4"), ("length", "i4"), ("level", "f8"), ("swing", "f8"), ("phase", "f8")]
SERIES = np.dtype([(name, "i4") for name in DIMENSIONS] + COURSE)
"""Dimensions are positions in the lists above, -1 for empty. ``first`` and ``length`` count weeks or months;
``level`` and ``swing`` are logarithms of people."""

Series = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher.

    Attributes:
        share: Of all series.
        lag: Days from the end of a period to its publication, at least.
        depth: Shares of figures on a country, an admin1 and an admin2.
    """

    name: str
    weekly: bool
    share: float
    lag: int
    depth: tuple[float, float, float]


SOURCES = [
    Source("population-register", False, 0.20, 12, (0.30, 0.45, 0.25)),
    Source("displacement-rounds", False, 0.17, 20, (0.05, 0.35, 0.60)),
    Source("crossing-counters", True, 0.13, 2, (0.15, 0.65, 0.20)),
    Source("weekly-alerts", True, 0.11, 3, (0.05, 0.45, 0.50)),
    Source("storm-and-flood-desk", True, 0.09, 6, (0.05, 0.35, 0.60)),
    Source("camp-managers", False, 0.08, 28, (0.00, 0.25, 0.75)),
    Source("household-survey", False, 0.06, 44, (0.00, 0.40, 0.60)),
    Source("statistics-office", False, 0.05, 62, (0.25, 0.55, 0.20)),
    Source("return-monitors", False, 0.04, 16, (0.10, 0.50, 0.40)),
    Source("protection-partners", False, 0.03, 24, (0.05, 0.50, 0.45)),
    Source("asylum-office", False, 0.02, 38, (0.85, 0.15, 0.00)),
    Source("press-review", True, 0.02, 1, (0.30, 0.50, 0.20)),
]


def draw_series(rng: np.random.Generator, areas: Areas, observations: int) -> Series:
    """Series without two alike, which have just so many periods together.

    Returns:
        Shape (n,) of `SERIES`.
    """
    # A series has some 70 periods on average, so that half of these are enough.
    drawn = _draw(rng, areas, observations // 35 + 200)
    _, kept = np.unique(drawn[DIMENSIONS], return_index=True)
    series = drawn[np.sort(kept)]
    ends = np.cumsum(series["length"], dtype=np.int64)
    last = int(np.searchsorted(ends, observations))
    series["length"][last] -= ends[last] - observations
    return series[: last + 1]


def _draw(rng: np.random.Generator, areas: Areas, n: int) -> Series:
    series = np.zeros(n, SERIES)
    series["source"] = rng.choice(len(SOURCES), n, p=[source.share for source in SOURCES])
    series["country"], origin = (_countries(rng, areas, n) for _ in range(2))
    series["group"] = rng.choice(len(GROUPS), n, p=[0.42, 0.22, 0.08, 0.06, 0.11, 0.06, 0.05])
    # The next country, where both are one: people who crossed a border do not come from where they are.
    origin = np.where(origin == series["country"], (origin + 1) % len(areas.countries), origin)
    series["origin"] = np.where(np.isin(series["group"], ABROAD), origin, -1)
    _draw_areas(rng, areas, series)
    series["measure"] = rng.random(n) > 0.68
    series["unit"] = rng.random(n) > 0.93
    series["cause"] = rng.choice(len(CAUSES), n, p=[0.50, 0.20, 0.15, 0.10, 0.05])
    told_apart = rng.random(n) < 0.3
    series["sex"] = np.where(told_apart, rng.integers(1, len(SEXES), n), 0)
    series["age"] = np.where(told_apart & (rng.random(n) < 0.6), rng.integers(1, len(AGES), n), 0)
    _draw_course(rng, series)
    return series


def _countries(rng: np.random.Generator, areas: Areas, n: int) -> NDArray[np.int64]:
    """Heavy-tailed: the first country has some 7 % of all, and half of them lie in the first 25."""
    weights = 1 / (np.arange(len(areas.countries)) + 3.0)
    return rng.choice(len(areas.countries), n, p=weights / weights.sum())


def _draw_areas(rng: np.random.Generator, areas: Areas, series: Series) -> None:
    """An area of the country, or none, as deep as the source goes; the first of them are the largest."""
    n = len(series)
    deep = np.cumsum([source.depth for source in SOURCES], axis=1)[series["source"]]
    level = (rng.random(n)[:, None] > deep[:, :2]).sum(axis=1)
    admin1 = _child(areas.first1, series["country"], rng.random(n) ** 1.5)
    admin2 = _child(areas.first2, admin1, rng.random(n) ** 1.3)
    series["admin1"] = np.where(level >= 1, admin1, -1)
    series["admin2"] = np.where(level == 2, admin2, -1)


def _child(first: NDArray[np.int64], parent: NDArray[np.int64], share: NDArray[np.float64]) -> NDArray[np.int64]:
    """The child that lies at this share of all children of its parent."""
    return first[parent] + (share * (first[parent + 1] - first[parent])).astype(np.int64)


def _draw_course(rng: np.random.Generator, series: Series) -> None:
    n = len(series)
    series["weekly"] = np.array([source.weekly for source in SOURCES])[series["source"]]
    span = np.where(series["weekly"], WEEKS, MONTHS)
    series["length"] = np.clip(np.exp(rng.normal(4.0, 0.8, n)), 3, span)
    series["first"] = rng.random(n) * (span - series["length"] + 1)
    series["level"] = rng.normal(7.5, 1.7, n)
    series["swing"] = rng.uniform(0.05, 0.8, n)
    series["phase"] = rng.random(n)
