"""Check: which figures are refused, and for which reason."""

from collections import Counter
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from tests.builders import NOW, access, border_status, displacement, load_run
from tracker.checks import ABROAD, check
from tracker.errors import RecordError
from tracker.places import Place, Placed
from tracker.records import AccessFigure, Amount, AnyFigure, BorderStatusFigure, Period
from tracker.tables import Access, Displacement
from tracker.vocabulary import (
    INDICATORS,
    AccessIndicator,
    AccessUnit,
    Evidence,
    LocationKind,
    Measure,
    ObservationStatus,
    OperationalStatus,
    PopulationGroup,
    Precision,
    Qualifier,
    Unit,
)
from tracker.vocabulary import DisplacementIndicator as Indicator
from tracker.vocabulary import SetAsideReason as Reason

TODAY = NOW.date()
DAY = timedelta(days=1)
SYR = Place(1, "SYR", LocationKind.COUNTRY, "SYR")
SY01 = Place(2, "SY01", LocationKind.ADM1, "SYR")
LBN = Place(3, "LBN", LocationKind.COUNTRY, "LBN")
WORLD = Place(4, "WORLD", LocationKind.WORLD, None)


def reason(figure: AnyFigure, location: Place = SYR, origin: Place | None = None, today: date = TODAY) -> Reason | None:
    """Why a figure is refused; null when it is not."""
    if isinstance(figure, BorderStatusFigure):
        one, other = sorted(figure.border)
        placed = Placed(figure, border=(one, other))
    else:
        placed = Placed(figure, location, origin)
    try:
        check(placed, today)
    except RecordError as error:
        return error.reason
    return None


def test_plain_figures_pass() -> None:
    """A rule that refuses what is right would leave a gap where there was a report."""
    assert [reason(displacement()), reason(border_status()), reason(access())] == [None, None, None]
    assert reason(access(None, amount=None, value_text="nearly impossible")) is None


Numbers = tuple[float | None, float | None, float | None]
VALUES = (None, 10, 20)
FITTING: dict[Qualifier, set[Numbers]] = {
    Qualifier.EXACT: {(10, 10, 10), (20, 20, 20)},
    Qualifier.MORE_THAN: {(10, 10, None), (20, 20, None)},
    Qualifier.AT_LEAST: {(10, 10, None), (20, 20, None)},
    Qualifier.LESS_THAN: {(10, None, 10), (20, None, 20)},
    Qualifier.AT_MOST: {(10, None, 10), (20, None, 20)},
    Qualifier.APPROX: {
        (10, None, None), (10, 10, None), (10, None, 10), (10, None, 20), (10, 10, 10), (10, 10, 20),
        (20, None, None), (20, 10, None), (20, 20, None), (20, None, 20), (20, 10, 20), (20, 20, 20),
    },
    Qualifier.RANGE: {(None, 10, 20)},
    Qualifier.ORDER_OF_MAGNITUDE: {
        (None, None, None), (None, 10, None), (None, 20, None), (None, None, 10), (None, None, 20),
        (None, 10, 10), (None, 10, 20), (None, 20, 20),
    },
}  # fmt: skip
"""Value, low and high that each qualifier may have, of all that can be made of nothing, 10 and 20."""


@pytest.mark.parametrize("qualifier", Qualifier)
def test_bounds_of_each_qualifier(qualifier: Qualifier) -> None:
    """ "At least 20" with an upper bound of 10, or a range with a middle, is somebody's arithmetic."""
    refused = {
        numbers: reason(displacement(None, amount=Amount(*numbers, qualifier), value_text="some"))
        for numbers in product(VALUES, VALUES, VALUES)
    }
    assert {numbers for numbers, why in refused.items() if why is None} == FITTING[qualifier]
    assert {why for numbers, why in refused.items() if numbers not in FITTING[qualifier]} == {Reason.QUALIFIER_MISMATCH}


@pytest.mark.parametrize("qualifier", Qualifier)
def test_bounds_of_an_access_figure_are_held_to_the_same(qualifier: Qualifier) -> None:
    """Trucks are counted with the same words as people."""
    for numbers in product(VALUES, VALUES, VALUES):
        why = reason(access(None, amount=Amount(*numbers, qualifier), unit=AccessUnit.TRUCKS))
        assert why == (None if numbers in FITTING[qualifier] else Reason.QUALIFIER_MISMATCH)


@pytest.mark.parametrize(
    "amount",
    [
        Amount.exact(-1),
        Amount.of(Qualifier.AT_LEAST, -1),
        Amount.of(Qualifier.APPROX, 5, low=-1),
        Amount(None, -5, 5, Qualifier.RANGE),
        Amount(None, None, -1, Qualifier.ORDER_OF_MAGNITUDE),
    ],
)
def test_negative_people(amount: Amount) -> None:
    """A correction sent as -200 would be added to a total as people who are not there."""
    assert reason(displacement(None, amount=amount, value_text="some")) == Reason.NEGATIVE
    assert reason(access(None, amount=amount)) == Reason.NEGATIVE


def test_zero_people() -> None:
    """Zero is a statement, and a good one."""
    assert reason(displacement(0)) is None


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_are_none(number: float) -> None:
    """One NaN makes every sum it enters a NaN; one infinity the whole run fail."""
    assert reason(displacement(number)) == Reason.UNREADABLE_NUMBER
    assert reason(displacement(None, amount=Amount.of(Qualifier.APPROX, number))) == Reason.UNREADABLE_NUMBER


def test_order_of_magnitude_needs_its_words() -> None:
    """Without number and without words there is nothing to show."""
    amount = Amount(None, None, None, Qualifier.ORDER_OF_MAGNITUDE)
    assert reason(displacement(None, amount=amount)) == Reason.MISSING_FIELD
    assert reason(displacement(None, amount=amount, value_text="thousands")) is None


NOTHING = Amount(None, None, None, Qualifier.EXACT)


@pytest.mark.parametrize(
    "status",
    [
        ObservationStatus.MISSING,
        ObservationStatus.NOT_COLLECTED,
        ObservationStatus.SUPPRESSED,
        ObservationStatus.WITHDRAWN,
    ],
)
def test_status_that_stands_for_a_number(status: ObservationStatus) -> None:
    """A suppressed figure that carries its number publishes what the provider hid."""
    assert reason(displacement(None, amount=NOTHING, observation_status=status)) is None
    assert reason(displacement(3, observation_status=status)) == Reason.QUALIFIER_MISMATCH
    bounds = Amount(None, 1, 4, Qualifier.RANGE)
    assert reason(displacement(None, amount=bounds, observation_status=status)) == Reason.QUALIFIER_MISMATCH


def test_no_number_needs_a_status() -> None:
    """Null without a reason would be read as zero by somebody."""
    assert reason(displacement(None, amount=NOTHING)) == Reason.QUALIFIER_MISMATCH


def test_period_reversed() -> None:
    """From 8 to 6 December is no period; kept, it would fall out of every filter."""
    period = Period(date(2024, 12, 8), date(2024, 12, 6))
    flow: dict[str, Any] = {"indicator": Indicator.ARRIVAL, "measure": Measure.FLOW}
    assert reason(displacement(period=period, **flow)) == Reason.PERIOD_REVERSED
    assert reason(border_status(period=period)) == Reason.PERIOD_REVERSED
    assert reason(access(period=period)) == Reason.PERIOD_REVERSED


def test_status_that_ends_before_it_starts() -> None:
    """A permission that ran out before it began would show a crossing as closed while it is open."""
    assert reason(border_status(valid_until=date(2024, 12, 5))) == Reason.PERIOD_REVERSED
    assert reason(border_status(valid_until=date(2024, 12, 6))) is None


@pytest.mark.parametrize(
    ("end", "published_on", "expected"),
    [
        (TODAY, None, None),
        (TODAY + DAY, None, None),
        (TODAY + 2 * DAY, None, Reason.FORECAST),
        (date(2024, 12, 8), date(2024, 12, 8), None),
        (date(2024, 12, 9), date(2024, 12, 8), None),
        (date(2024, 12, 10), date(2024, 12, 8), Reason.FORECAST),
        (TODAY + 2 * DAY, TODAY + 5 * DAY, Reason.FORECAST),
    ],
)
def test_forecasts(end: date, published_on: date | None, expected: Reason | None) -> None:
    """A planning figure for next month drawn as a report would show people displaced who are not."""
    period = Period.on(end)
    assert reason(displacement(period=period, published_on=published_on)) == expected
    assert reason(access(period=period, published_on=published_on)) == expected
    assert reason(border_status(period=period, published_on=published_on)) == expected


def test_rough_date_may_reach_beyond_its_publication_but_not_beyond_today() -> None:
    """A report of 3 December on "the week of 8 December" is no forecast; one on next month's is."""
    published_on = date(2024, 12, 3)
    week = Period.on(date(2024, 12, 8), Precision.WEEK)
    assert reason(displacement(period=week, published_on=published_on)) is None
    month = Period.on(date(2025, 1, 31), Precision.MONTH)
    assert reason(displacement(period=month, published_on=published_on)) == Reason.FORECAST


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [(Evidence.ANNOUNCED, None), (Evidence.OBSERVED, Reason.FORECAST), (Evidence.REPORTED, Reason.FORECAST)],
)
def test_status_announced_ahead(evidence: Evidence, expected: Reason | None) -> None:
    """ "Jaber opens on the 23rd", said on the 17th, is true; "it was open on the 23rd" is not yet."""
    ahead = border_status(evidence=evidence, period=Period.on(date(2025, 3, 23)), published_on=date(2025, 3, 17))
    assert reason(ahead, today=date(2025, 4, 1)) == expected


def test_announced_status_counts_from_its_day() -> None:
    """Announced for next week, a crossing is not open today."""
    ahead = border_status(evidence=Evidence.ANNOUNCED, period=Period.on(TODAY + 7 * DAY), published_on=TODAY)
    assert reason(ahead) == Reason.FORECAST


def test_measures_of_each_indicator() -> None:
    """A stock stored as a flow would be added up over the months: the same people twelve times."""
    for indicator, measure in product(Indicator, Measure):
        expected = None if measure in INDICATORS[indicator].measures else Reason.MEASURE_MISMATCH
        assert reason(displacement(indicator=indicator, measure=measure)) == expected
    assert Counter(len(spec.measures) for spec in INDICATORS.values()) == {1: 3, 2: 6}


def test_stock_with_two_dates() -> None:
    """People "between 1 and 12 December" are movements or an average, not a state."""
    period = Period(date(2024, 12, 1), date(2024, 12, 12))
    assert reason(displacement(period=period)) == Reason.MEASURE_MISMATCH
    assert reason(displacement(period=period, indicator=Indicator.ARRIVAL, measure=Measure.FLOW)) is None


def test_internally_displaced_from_another_country() -> None:
    """Refugees filed as internally displaced would be counted in both totals."""
    idp = displacement(population_group=PopulationGroup.IDP)
    assert reason(idp, SYR, LBN) == Reason.ORIGIN_MISMATCH
    assert [reason(idp, SYR, SY01), reason(idp, SY01, SYR), reason(idp, SYR, None)] == [None, None, None]


@pytest.mark.parametrize("group", sorted(ABROAD))
def test_refugees_from_the_country_they_are_in(group: PopulationGroup) -> None:
    """Origin and asylum swapped or repeated: Syrian refugees in Syria."""
    figure = displacement(population_group=group, indicator=Indicator.POPULATION)
    assert reason(figure, SYR, SYR) == Reason.ORIGIN_MISMATCH
    assert reason(figure, SYR, SY01) == Reason.ORIGIN_MISMATCH
    assert [reason(figure, LBN, SYR), reason(figure, LBN, None), reason(figure, WORLD, SYR)] == [None, None, None]


def test_groups_that_cross_a_border() -> None:
    """A group left out here would be free of the rule without anybody noticing."""
    assert {str(group) for group in ABROAD} == {"REF", "ASY", "OIP", "RET"}


@pytest.mark.parametrize(
    ("excerpt", "people", "passes"),
    [
        ("Over 370,000 people have been displaced in recent weeks", 370_000, True),
        ("plus de 370 000 personnes", 370_000, True),
        ("plus de 370\u202f000 personnes", 370_000, True),
        ("plus de 370\u00a0000 personnes", 370_000, True),
        ("mehr als 370.000 Menschen", 370_000, True),
        ("370000 displaced", 370_000, True),
        ("370'000 Vertriebene", 370_000, True),
        ("نزوح أكثر من ٣٧٠٬٠٠٠ شخص", 370_000, True),
        ("1,100,000 people; 370,000 before", 370_000, True),
        ("In December 2024, 370,000 people fled", 370_000, True),
        ("On 8 December 2024 370 people fled", 370, True),
        ("the number rose to 370,000.", 370_000, True),
        ("370,000", 370, False),
        ("370.000", 370, False),
        ("370,000", 37_000, False),
        ("1,370,000", 370_000, False),
        ("12.5 million", 12, False),
        ("12.5 million", 5, False),
        ("thousands of people", 370_000, False),
        ("37,000 people", 370_000, False),
    ],
)
def test_quoted_sentence_holds_the_number(excerpt: str, people: int, passes: bool) -> None:
    """A digit dropped in typing, or the sentence of another figure: the quotation would prove the error."""
    expected = None if passes else Reason.EXCERPT_MISMATCH
    assert reason(displacement(people, excerpt=excerpt)) == expected
    assert reason(access(people, excerpt=excerpt)) == expected


def test_quoted_sentence_with_a_decimal() -> None:
    """12.5 % funded: neither 12 nor 125."""
    funded: dict[str, Any] = {"indicator": AccessIndicator.FUNDING_SHARE, "unit": AccessUnit.PERCENT}
    values = (12.5, 12, 13, 125)
    found = [reason(access(value, **funded, excerpt="12.5 per cent of the plan is funded")) for value in values]
    assert found == [None, *[Reason.EXCERPT_MISMATCH] * 3]
    assert reason(access(12.5, **funded, excerpt="financé à 12,5 %")) is None


def test_quoted_sentence_of_a_figure_without_number() -> None:
    """ "Thousands more" has no digits to look for."""
    amount = Amount(None, 1000, None, Qualifier.ORDER_OF_MAGNITUDE)
    fields = {"amount": amount, "value_text": "thousands"}
    assert reason(displacement(None, **fields, excerpt="with thousands more fleeing Damascus")) is None


def test_constraint_without_its_type() -> None:
    """A constraint of no type would be missing from every row of the access table, and still count."""
    untyped = access(None, amount=None, indicator=AccessIndicator.ACCESS_CONSTRAINT, constraint_type=None)
    assert reason(untyped) == Reason.MISSING_FIELD


def test_border_of_a_country_with_itself() -> None:
    """A neighbour read wrong; stored, it would be a border that no map has."""
    assert reason(border_status(border=("SYR", "SYR"))) == Reason.UNKNOWN_PLACE


ZEROS = (None, 0, 20)


def every_kind_of_number() -> list[AnyFigure]:
    """Each qualifier with all bounds, as people, and as an access figure; each status that stands for a number."""
    found: list[AnyFigure] = []
    for number, (qualifier, numbers) in enumerate(product(Qualifier, product(ZEROS, ZEROS, ZEROS))):
        amount = Amount(*numbers, qualifier)
        for status in ObservationStatus:
            fields: dict[str, Any] = {"variant": f"{number} {status}", "observation_status": status}
            found.append(displacement(None, amount=amount, **fields))
            found.append(displacement(None, amount=amount, **fields, unit=Unit.HOUSEHOLDS, value_text="some"))
        found.append(access(None, amount=amount, variant=str(number)))
    return found


def test_whatever_passes_can_be_stored(store_with_places: Engine) -> None:
    """A figure that only the database refuses takes the whole run with it instead of being set aside."""
    figures = [figure for figure in every_kind_of_number() if reason(figure) is None]
    kinds = Counter(isinstance(figure, AccessFigure) for figure in figures)
    assert (kinds[False] > 300, kinds[True] > 20) == (True, True)
    assert load_run(store_with_places, *figures).counts == {"new": len(figures)}
    with store_with_places.connect() as connection:
        stored = [connection.scalar(select(func.count()).select_from(table)) for table in (Displacement, Access)]
    assert stored == [kinds[False], kinds[True]]


def test_statuses_that_pass_can_be_stored(store_with_places: Engine) -> None:
    """The same for borders: on either side, with and without an end."""
    figures = [
        border_status(status, evidence=evidence, side=side, valid_until=until)
        for status, evidence in zip(OperationalStatus, [*Evidence, Evidence.REPORTED], strict=True)
        for side, until in (("LBN", None), ("both", date(2024, 12, 6)), ("unspecified", TODAY))
    ]
    for figure in figures:
        assert reason(figure) is None
    assert sum(load_run(store_with_places, figure).counts.get("new", 0) for figure in figures) == 3
