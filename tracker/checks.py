"""Check: the rules a figure must meet before it is stored. Each one stops a wrong number seen in the field.

A rule raises `RecordError`; the figure is set aside with the reason and the rest of the run goes on. The same rules
stand as named constraints in the tables wherever SQL can say them.
"""

import re
from datetime import date, timedelta

from tracker.errors import RecordError
from tracker.places import Placed
from tracker.records import AccessFigure, Amount, BorderStatusFigure, DisplacementFigure, Figure
from tracker.vocabulary import (
    INDICATORS,
    VALUELESS,
    Evidence,
    LocationKind,
    Measure,
    PopulationGroup,
    Precision,
    Qualifier,
    SetAsideReason,
)

ABROAD = frozenset({PopulationGroup.REF, PopulationGroup.ASY, PopulationGroup.OIP, PopulationGroup.RET})
"""Groups whose people crossed a border: origin and location are different countries."""


def check(placed: Placed, today: date) -> None:
    """Hold a placed figure against every rule that applies to it.

    Args:
        placed: The figure with its places resolved.
        today: The day of the run; nothing may be about a later day (no forecasts).

    Raises:
        RecordError: The first rule it breaks.
    """
    figure = placed.figure
    _check_period(figure, today)
    if isinstance(figure, DisplacementFigure):
        _check_measure(figure)
        if figure.observation_status not in VALUELESS:
            check_amount(figure.amount)
        _check_origin(figure, placed)
        _check_excerpt(figure, figure.amount)
    elif isinstance(figure, AccessFigure) and figure.amount is not None:
        check_amount(figure.amount)
        _check_excerpt(figure, figure.amount)


def _check_period(figure: Figure, today: date) -> None:
    period = figure.period
    if period.end < period.start:
        raise RecordError(
            SetAsideReason.PERIOD_REVERSED, f"the reference period ends {period.end}, before it starts {period.start}"
        )
    # One day of grace: a provider east of us may already write tomorrow's date. An authority may announce a status
    # ahead of its day; whether that day has come is what `today` decides.
    ahead = isinstance(figure, BorderStatusFigure) and figure.evidence is Evidence.ANNOUNCED
    bounded = period.end_precision is Precision.DAY and not ahead
    last = min(today, figure.published_on or today) if bounded else today
    if period.end > last + timedelta(days=1):
        raise RecordError(
            SetAsideReason.FORECAST, f"the reference period ends {period.end}, after it was published ({last})"
        )


def _check_measure(figure: DisplacementFigure) -> None:
    allowed = INDICATORS[figure.indicator].measures
    if figure.measure not in allowed:
        raise RecordError(
            SetAsideReason.MEASURE_MISMATCH,
            f"{figure.indicator} cannot be a {figure.measure}; it is {' or '.join(sorted(allowed))}",
        )
    if figure.measure is Measure.STOCK and figure.period.start != figure.period.end:
        raise RecordError(
            SetAsideReason.MEASURE_MISMATCH, "a stock is about one date, but the period has two different ends"
        )


def check_amount(amount: Amount) -> None:
    """Qualifier, value and bounds must agree, and nothing may be negative.

    Raises:
        RecordError: They do not.
    """
    value, low, high = amount.value, amount.low, amount.high
    if any(n is not None and n < 0 for n in (value, low, high)):
        raise RecordError(SetAsideReason.NEGATIVE, f"a count of people or things cannot be negative: {value}")
    fits = {
        Qualifier.EXACT: value is not None and low == high == value,
        Qualifier.MORE_THAN: value is not None and low == value and high is None,
        Qualifier.AT_LEAST: value is not None and low == value and high is None,
        Qualifier.LESS_THAN: value is not None and high == value and low is None,
        Qualifier.AT_MOST: value is not None and high == value and low is None,
        Qualifier.APPROX: value is not None and (low is None or high is None or low <= high),
        Qualifier.RANGE: value is None and low is not None and high is not None and low < high,
        Qualifier.ORDER_OF_MAGNITUDE: value is None,
    }
    if not fits[amount.qualifier]:
        raise RecordError(
            SetAsideReason.QUALIFIER_MISMATCH,
            f"{amount.qualifier} does not fit value {value}, low {low}, high {high}",
        )


def _check_origin(figure: DisplacementFigure, placed: Placed) -> None:
    location, origin = placed.location, placed.origin
    if location is None or origin is None or location.kind is LocationKind.WORLD:
        return
    if figure.population_group is PopulationGroup.IDP and origin.iso3 != location.iso3:
        raise RecordError(
            SetAsideReason.ORIGIN_MISMATCH,
            f"internally displaced people in {location.code} cannot come from another country ({origin.code})",
        )
    if figure.population_group in ABROAD and origin.iso3 == location.iso3:
        raise RecordError(
            SetAsideReason.ORIGIN_MISMATCH,
            f"{figure.population_group} figures need two different countries, but both are {location.iso3}",
        )


def _check_excerpt(figure: Figure, amount: Amount) -> None:
    """A quoted sentence must contain the number it is quoted for; without one, the payload locator stands for it."""
    if not figure.excerpt or amount.value is None:
        return
    digits = {re.sub(r"[^\d]", "", found) for found in re.findall(r"\d[\d,.\u00a0 ]*", figure.excerpt)}
    if str(int(amount.value)) not in digits:
        raise RecordError(
            SetAsideReason.EXCERPT_MISMATCH, f"the quoted words do not contain the number {int(amount.value)}"
        )
