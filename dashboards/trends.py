"""A region's stocks in time, place by place: the largest first, and no more rows than are drawn."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from dashboards.reader import View
from dashboards.thinning import thinned
from dashboards.wording import subject
from tracker.headline import newest_first
from tracker.outline import points
from tracker.rule import RULE
from tracker.series import figures, rows_of
from tracker.vocabulary import DisplacementIndicator, LocationKind, PopulationGroup
from tracker.wholes import undivided

GROUPS = {PopulationGroup.IDP.value: "idps", PopulationGroup.REF.value: "refugees_in"}
"""Who is drawn, and the question whose order of precedence holds among figures of one date."""


@dataclass(frozen=True, slots=True)
class Trend:
    """One group of people in one place; ``lines`` are rows of one series each, oldest first, the preferred first."""

    title: str
    lines: list[list[dict[str, Any]]]


def trends(view: View, series: pd.DataFrame, most: int) -> tuple[list[Trend], str]:
    """The stocks of most people, and what is left out of their lines, in words.

    Args:
        view: What is asked for.
        series: The region's series, as `tracker.outline.dimensions` tells them.
        most: How many places and groups.
    """
    window = replace(view.ever(), series=_stocks(view, series)["series_id"].tolist())
    lines = {number: line for number, line in points(view.connection, window).items() if len(line) > 1}
    last = replace(view.ever(), observations=[line[-1][1] for line in lines.values()])
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in figures(view.connection, "displacement", last):
        groups[row["population_group"], row["location_code"], row["origin_code"]].append(row)
    ranked = [sorted(group, key=_preference) for group in groups.values()]
    begun = {id(group): min(lines[row["series_id"]][0] for row in group) for group in ranked}
    ranked.sort(key=lambda group: (-(group[0]["value"] or 0), begun[id(group)]))
    ids = [[row["series_id"] for row in group] for group in ranked[:most]]
    kept, said = thinned([lines[number] for group in ids for number in group], _day)
    drawn = replace(view.ever(), observations=[number for line in kept for _, number in line])
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in figures(view.connection, "displacement", drawn):
        rows[row["series_id"]].append(row)
    shown = zip(ranked, ids, strict=False)
    # The words that tell a source's series apart are those of one line; the panel is about all of them.
    return [Trend(subject(group[0] | {"variant": ""}), [rows[number] for number in of]) for group, of in shown], said


def _preference(row: dict[str, Any]) -> tuple[Any, ...]:
    """The newest first; of one date, the one that is a key figure."""
    newest, *rest = newest_first(row)
    return newest, RULE.rank(GROUPS[row["population_group"]], row), *rest


def _day(point: tuple[date, int]) -> date:
    return point[0]


def _stocks(view: View, series: pd.DataFrame) -> pd.DataFrame:
    """Series of people at a date, undivided, by the place they are in."""
    stocks: pd.DataFrame = series[
        (series["indicator"] == DisplacementIndicator.POPULATION)
        & series["population_group"].isin(list(GROUPS))
        & (series["location_kind"] != LocationKind.WORLD)
        & undivided(series)
    ]
    # As for a key figure: a source may tell a part of the people in a series of its own.
    whole = [RULE.counts_all(GROUPS[row["population_group"]], row) for row in rows_of(stocks)]
    stocks = stocks[pd.Series(whole, index=stocks.index, dtype=bool)]
    if len(view.region.countries) == 1:
        return stocks
    # Of a group, the people its countries exchange; of one place, all who are in it or came from it.
    own = view.region.own_codes
    return stocks[stocks["location_code"].isin(own) & (stocks["origin_code"].isna() | stocks["origin_code"].isin(own))]
