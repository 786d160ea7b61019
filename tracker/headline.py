"""Which figure to show when several bodies answer one question: deterministic, versioned, and said beside the figure.

Candidates are recommended, undivided figures in persons (no sex, age or crossing) that are no relay of a figure the
store holds, about a day up to the one that is asked for. Figures too old to speak for that day are left out; of each
originator only the newest reference date counts. Then, in this order: rank in the table of `headline_rule.toml`,
freshness, coverage, the source's reliability, the item's credibility, the newer reference date, the later publication,
the lower id. The others of about the same date stand beside the chosen one as an interval. Nothing is averaged or
filled in: a stock is "the last known" for a while, and then there is no figure; other measures are not carried at all.
Where nobody reports a place as a whole, its areas are added up if that is allowed (`tracker.rollup`).
"""

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from tracker.regions import Area
from tracker.rollup import Allocation, allocation, sums
from tracker.rule import RULE, Freshness
from tracker.vocabulary import Cause, Coverage, DisplacementIndicator, Measure, PopulationGroup, Role
from tracker.wholes import undivided

SAME_TIME = {Measure.STOCK: timedelta(days=31), Measure.FLOW: timedelta(0), Measure.CUMULATIVE: timedelta(days=3)}
"""Rivals further apart in time than this describe another moment, not a disagreement: a count that grows by the day
differs from one of last week without anybody disagreeing."""

YEAR = timedelta(days=360)
"""Flows answer a question only where they cover a year: those of single events and of months are no rivals of it."""

WORLD = "WORLD"
COVERAGE_ORDER = (Coverage.FULL.value, Coverage.PARTIAL.value, Coverage.UNKNOWN.value)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing people ask of a place.

    Attributes:
        title: With ``{place}`` and, where the people came from somewhere else, ``{origin}``.
        abroad: True when it is about people from the place, counted over all other countries.
        disaster: Whether it is about people whom disasters displaced; all others are never added to or compared with
            them.
    """

    code: str
    title: str
    indicator: DisplacementIndicator
    measure: Measure
    group: PopulationGroup | None
    abroad: bool = False
    disaster: bool = False


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
        "idps_disaster", "Internally displaced by disasters in {place}", DisplacementIndicator.POPULATION,
        Measure.STOCK, PopulationGroup.IDP, disaster=True,
    ),
    Question(
        "new_year", "New displacements in {place} in a year", DisplacementIndicator.NEW_DISPLACEMENT, Measure.FLOW,
        None,
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


class State(StrEnum):
    """How far a headline speaks for the day it is asked of; ``lapsed`` says nothing but what was reported last."""

    CURRENT = "current"
    LAST_KNOWN = "last_known"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Headline:
    """The answer shown, and what it was chosen from.

    Attributes:
        row: The chosen observation, with the columns of `tracker.series.displacement`.
        low: Smallest bound among the rivals of about the same date; null when there are none.
        high: Largest bound among them.
        originators: How many bodies answer, the chosen one included; who passes on a figure is no body more.
        disagreement: Largest over smallest answer of about the same date; null when there is one answer.
        allocation: How much of it the same source tells by area; null where it tells nothing by area.
        rule_version: Version of the rule that chose.
    """

    question: Question
    title: str
    row: dict[str, Any]
    state: State
    low: int | None = None
    high: int | None = None
    originators: int = 1
    disagreement: float | None = None
    allocation: Allocation | None = None
    rule_version: int = RULE.version

    @property
    def differs(self) -> bool:
        """Whether the bodies are far enough apart for a reader to be warned."""
        return self.disagreement is not None and self.disagreement >= RULE.disagree_from

    @property
    def parts(self) -> tuple[str, ...]:
        """Ids of the figures it is the sum of; empty when it was reported as a whole."""
        return tuple(self.row.get("parts", ()))


def headlines(rows: Iterable[dict[str, Any]], place: Area, on: date) -> list[Headline]:
    """Every question the rows answer about one place on one day, in the order of `QUESTIONS`.

    Args:
        rows: Those of `tracker.series.displacement`, as of the moment that is asked for.
        place: The place, with the areas it consists of.
        on: The day; what is about a later one is left out.
    """
    candidates = [row for row in rows if row["reference_period_end"] <= on and eligible(row)]
    found = []
    for question in QUESTIONS:
        whole = _by_origin(candidates, question, {place.code})
        parts = _by_origin(candidates, question, place.parts | place.unplaced)
        for origin in sorted({*whole, *parts}):
            reported, told = whole.get(origin, []), parts.get(origin, [])
            best = [_choose(question, rows, on) for rows in (reported, sums(told, place)) if rows]
            if not best:
                continue
            chosen = min(best, key=lambda one: one.state is State.LAPSED)
            found.append(replace(chosen, allocation=None if chosen.parts else allocation(chosen.row, told, place)))
    return found


def _by_origin(rows: list[dict[str, Any]], question: Question, places: Set[str]) -> dict[str, list[dict[str, Any]]]:
    """The rows about some places that answer a question, by where the people came from."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if answers(row, question, places):
            found[row["origin_code"] or ""].append(row)
    return found


def eligible(row: dict[str, Any]) -> bool:
    """Whether a row may be shown as the answer to anything."""
    answered = row["value"] is not None or row["value_low"] is not None
    own = row["relays"] is None and row["role"] == Role.RECOMMENDED
    return (
        answered and own and undivided(row) and covers(row, row["reference_period_start"], row["reference_period_end"])
    )


def covers(row: dict[str, Any], start: date | None, end: date) -> bool:
    """Whether a period is long enough for a figure of the row's measure to answer anything."""
    return row["measure"] != Measure.FLOW or (start is not None and end - start >= YEAR)


def answers(row: dict[str, Any], question: Question, places: Set[str]) -> bool:
    """Whether a row, or a series, counts everybody a question about some places asks for."""
    if (row["indicator"], row["measure"]) != (question.indicator, question.measure):
        return False
    if (row["cause"] == Cause.DISASTER) != question.disaster or not RULE.counts_all(question.code, row):
        return False
    if question.group and row["population_group"] != question.group:
        return False
    if question.abroad:
        return row["origin_code"] in places and row["location_code"] == WORLD
    # A total over all countries of origin and a part from one of them are different answers.
    return row["location_code"] in places and (row["origin_code"] is not None) == ("{origin}" in question.title)


def _choose(question: Question, rows: list[dict[str, Any]], on: date) -> Headline:
    alive = [row for row in rows if RULE.freshness(question.code, row, on) is not Freshness.STALE]
    chosen, *others = _one_an_originator(question, alive or rows, on)
    rivals = [
        row
        for row in others
        if alive and abs(chosen["reference_period_end"] - row["reference_period_end"]) <= SAME_TIME[question.measure]
    ]
    bounds = [bound for row in rivals for bound in (_low(row), _high(row))]
    everyone = [*bounds, _low(chosen), _high(chosen)]
    return Headline(
        question=question,
        title=question.title.format(place=_place_name(chosen, question), origin=chosen["origin_name"]),
        row=chosen,
        state=_state(question, chosen, on),
        low=min(bounds, default=None),
        high=max(bounds, default=None),
        originators=1 + len(rivals),
        disagreement=max(everyone) / min(everyone) if rivals and min(everyone) > 0 else None,
    )


def _one_an_originator(question: Question, rows: list[dict[str, Any]], on: date) -> list[dict[str, Any]]:
    """The newest answer of each body, in the order of preference; where nothing is fresh, the newest of all first."""
    newest: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=newest_first):
        newest.setdefault(RULE.originator(row), row)

    def preference(row: dict[str, Any]) -> tuple[Any, ...]:
        freshness = RULE.freshness(question.code, row, on)
        if freshness is Freshness.STALE:
            return newest_first(row)
        date_first, *rest = newest_first(row)
        coverage, reliability, credibility, *last = rest
        return (RULE.rank(question.code, row), freshness, coverage, reliability, credibility, date_first, *last)

    return sorted(newest.values(), key=preference)


def _state(question: Question, row: dict[str, Any], on: date) -> State:
    freshness = RULE.freshness(question.code, row, on)
    if freshness is Freshness.FRESH:
        return State.CURRENT
    carried = question.measure is Measure.STOCK and freshness is Freshness.DUE
    return State.LAST_KNOWN if carried else State.LAPSED


def newest_first(row: dict[str, Any]) -> tuple[Any, ...]:
    """The order of preference among answers of one body, whatever the question; the smallest comes first."""
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
