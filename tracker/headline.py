"""Which figure to show when several bodies answer one question: deterministic, and said beside the figure.

Rule version 1. Candidates are recommended, undivided figures in persons (no sex, age, crossing or variant) that are no
relay of a figure the store holds. Of each source only its newest reference date counts. The newest reference date
wins; then fuller coverage, the more reliable source, the more credible item, the later publication, the lower id.
The others of about the same date stand beside it as an interval. Nothing is averaged, added or filled in.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from tracker.series import rows_of
from tracker.vocabulary import Coverage, DisplacementIndicator, Measure, PopulationGroup, Role
from tracker.wholes import undivided

RULE_VERSION = 1
SAME_TIME = {Measure.STOCK: timedelta(days=31), Measure.FLOW: timedelta(0), Measure.CUMULATIVE: timedelta(days=3)}
"""Rivals further apart in time than this describe another moment, not a disagreement: a count that grows by the day
differs from one of last week without anybody disagreeing."""

DISAGREE = 1.25
"""From this ratio of the largest to the smallest answer on, sources are said to differ."""

WORLD = "WORLD"
COVERAGE_ORDER = (Coverage.FULL.value, Coverage.PARTIAL.value, Coverage.UNKNOWN.value)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing people ask of a place.

    Attributes:
        title: With ``{place}`` and, where the people came from somewhere else, ``{origin}``.
        abroad: True when it is about people from the place, counted over all other countries.
    """

    code: str
    title: str
    indicator: DisplacementIndicator
    measure: Measure
    group: PopulationGroup | None
    abroad: bool = False


QUESTIONS = (
    Question(
        "new", "Newly displaced in {place}", DisplacementIndicator.NEW_DISPLACEMENT, Measure.CUMULATIVE, None
    ),
    Question(
        "still", "Newly displaced, still displaced in {place}", DisplacementIndicator.STILL_DISPLACED,
        Measure.STOCK, None,
    ),
    Question(
        "idps", "Internally displaced in {place}", DisplacementIndicator.POPULATION, Measure.STOCK,
        PopulationGroup.IDP,
    ),
    Question(
        "refugees_from", "Refugees from {place}, in all countries", DisplacementIndicator.POPULATION, Measure.STOCK,
        PopulationGroup.REF, abroad=True,
    ),
    Question(
        "refugees_in", "Refugees from {origin} in {place}", DisplacementIndicator.POPULATION, Measure.STOCK,
        PopulationGroup.REF,
    ),
    Question(
        "returned_refugees", "Refugees returned to {place}", DisplacementIndicator.RETURN, Measure.CUMULATIVE,
        PopulationGroup.RET,
    ),
    Question(
        "returned_idps", "Displaced people returned within {place}", DisplacementIndicator.RETURN, Measure.CUMULATIVE,
        PopulationGroup.RDP,
    ),
    Question(
        "arrivals", "Arrivals in {place} from {origin}", DisplacementIndicator.ARRIVAL, Measure.CUMULATIVE,
        PopulationGroup.ALL,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Headline:
    """The answer shown, and what it was chosen from.

    Attributes:
        row: The chosen observation, with the columns of `tracker.series.displacement`.
        low: Smallest bound among the rivals of about the same date; null when there are none.
        high: Largest bound among them.
        sources: How many bodies answer, the chosen one included; relays do not count.
        disagreement: Largest over smallest answer of about the same date; null when there is one answer.
    """

    question: Question
    title: str
    row: dict[str, Any]
    low: int | None
    high: int | None
    sources: int
    disagreement: float | None


def headlines(frame: pd.DataFrame, place: str) -> list[Headline]:
    """Every question the frame answers about one place (its location code), in the order of `QUESTIONS`."""
    if frame.empty:
        return []
    candidates = frame[_eligible(frame)]
    found = []
    for question in QUESTIONS:
        asked = candidates[_about(candidates, question, place)]
        for _, answers in asked.groupby("origin_code", dropna=False, sort=True):
            found.append(_choose(question, answers))
    return found


def _eligible(frame: pd.DataFrame) -> "pd.Series[bool]":
    answered = frame["value"].notna() | frame["value_low"].notna()
    own = frame["relays"].isna() & (frame["role"] == Role.RECOMMENDED)
    return answered & (frame["variant"] == "") & undivided(frame) & own


def _about(frame: pd.DataFrame, question: Question, place: str) -> "pd.Series[bool]":
    asked = (frame["indicator"] == question.indicator) & (frame["measure"] == question.measure)
    if question.group:
        asked &= frame["population_group"] == question.group
    if question.abroad:
        return asked & (frame["origin_code"] == place) & (frame["location_code"] == WORLD)
    asked &= frame["location_code"] == place
    # A total over all countries of origin and a part from one of them are different answers.
    return asked & (frame["origin_code"].notna() == ("{origin}" in question.title))


def _choose(question: Question, answers: pd.DataFrame) -> Headline:
    ranked = sorted(rows_of(answers), key=rank)
    newest: dict[str, dict[str, Any]] = {}
    for row in ranked:
        newest.setdefault(row["source"], row)
    chosen, *others = newest.values()
    rivals = [
        row
        for row in others
        if abs(chosen["reference_period_end"] - row["reference_period_end"]) <= SAME_TIME[question.measure]
    ]
    bounds = [bound for row in rivals for bound in (_low(row), _high(row))]
    everyone = [*bounds, _low(chosen), _high(chosen)]
    return Headline(
        question=question,
        title=question.title.format(place=_place_name(chosen, question), origin=chosen["origin_name"]),
        row=chosen,
        low=min(bounds) if bounds else None,
        high=max(bounds) if bounds else None,
        sources=1 + len(rivals),
        disagreement=max(everyone) / min(everyone) if rivals and min(everyone) > 0 else None,
    )


def rank(row: dict[str, Any]) -> tuple[Any, ...]:
    """The order of preference among answers to one question; the smallest comes first."""
    return (
        -row["reference_period_end"].toordinal(),
        COVERAGE_ORDER.index(row["coverage"]),
        row["reliability"],
        row["credibility"] or 6,
        -(row["published_on"] or date.min).toordinal(),
        int(row["observation_id"][1:]),
    )


def _low(row: dict[str, Any]) -> int:
    return int(row["value_low"] if row["value"] is None else row["value"])


def _high(row: dict[str, Any]) -> int:
    if row["value"] is not None:
        return int(row["value"])
    return int(row["value_low"] if row["value_high"] is None else row["value_high"])


def _place_name(row: dict[str, Any], question: Question) -> str:
    return str(row["origin_name"] if question.abroad else row["location_name"])
