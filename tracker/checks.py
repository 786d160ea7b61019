"""Check: the rules a figure must meet before it is stored. Each one stops a wrong number seen in the field.

A rule raises `RecordError`; the figure is set aside with the reason and the rest of the run goes on. The same rules
stand as named constraints in the tables wherever SQL can say them.
"""

import math
import re
from datetime import date, timedelta

from tracker.errors import RecordError
from tracker.places import Placed
from tracker.records import AccessFigure, Amount, BorderStatusFigure, DisplacementFigure, Figure
from tracker.vocabulary import (
    INDICATORS,
    VALUELESS,
    AccessIndicator,
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


_WHOLE = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:[,.'\u00a0\u066c\u2009\u202f ]\d{3})+|\d+)(?![.,]?\d)")
"""A whole number as people write it: plain, or in groups of three. "2024, 370,000" holds two of them."""

_SCALE = re.compile(r"([0-9]+)-([0-9]+)")
"""A score's scale, from its lowest to its highest: "0-5"."""

_DECIMAL = re.compile(r"(?<![\d.,])\d+[.,](?:\d\d?|\d{4,})(?![.,]?\d)")
"""Three digits after the mark are a group of thousands: "370,000" must not vouch for 370."""


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
        _check_number(figure)
        _check_origin(figure, placed)
        _check_excerpt(figure, figure.amount)
    elif isinstance(figure, AccessFigure):
        _check_constraint(figure)
        if figure.amount is not None:
            check_amount(figure.amount)
            _check_scale(figure, figure.amount)
            _check_excerpt(figure, figure.amount)
    else:
        _check_border(figure, placed)


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


def _check_number(figure: DisplacementFigure) -> None:
    """A figure has a number that fits its qualifier, or words for one, or a status that says why there is none."""
    amount, status = figure.amount, figure.observation_status
    if status in VALUELESS:
        if (amount.value, amount.low, amount.high) != (None, None, None):
            raise RecordError(SetAsideReason.QUALIFIER_MISMATCH, f"a {status} figure cannot have a number as well")
        return
    check_amount(amount)
    if amount.qualifier is Qualifier.ORDER_OF_MAGNITUDE and not figure.value_text:
        raise RecordError(SetAsideReason.MISSING_FIELD, "an order of magnitude needs the source's words for it")


def _check_constraint(figure: AccessFigure) -> None:
    if figure.indicator is AccessIndicator.ACCESS_CONSTRAINT and figure.constraint_type is None:
        raise RecordError(SetAsideReason.MISSING_FIELD, "an access constraint needs its type")


def _check_scale(figure: AccessFigure, amount: Amount) -> None:
    ends = _SCALE.fullmatch(figure.scale or "")
    numbers = [n for n in (amount.value, amount.low, amount.high) if n is not None]
    if ends and not all(float(ends[1]) <= n <= float(ends[2]) for n in numbers):
        raise RecordError(
            SetAsideReason.OUT_OF_SCALE, f"{figure.indicator} is {max(numbers):g} on a scale of {figure.scale}"
        )


def _check_border(figure: BorderStatusFigure, placed: Placed) -> None:
    if placed.border and placed.border[0] == placed.border[1]:
        raise RecordError(SetAsideReason.UNKNOWN_PLACE, f"{placed.border[0]} has no border with itself")
    if figure.valid_until and figure.valid_until < figure.period.start:
        raise RecordError(
            SetAsideReason.PERIOD_REVERSED,
            f"the status ends {figure.valid_until}, before it starts {figure.period.start}",
        )


def check_amount(amount: Amount) -> None:
    """Qualifier, value and bounds must agree, and nothing may be negative.

    Raises:
        RecordError: They do not.
    """
    value, low, high = amount.value, amount.low, amount.high
    if any(n is not None and not math.isfinite(n) for n in (value, low, high)):
        raise RecordError(
            SetAsideReason.UNREADABLE_NUMBER, f"value {value}, low {low}, high {high}: not all are numbers"
        )
    if any(n is not None and n < 0 for n in (value, low, high)):
        raise RecordError(SetAsideReason.NEGATIVE, f"a count of people or things cannot be negative: {value}")
    fits = {
        Qualifier.EXACT: value is not None and low == high == value,
        Qualifier.MORE_THAN: value is not None and low == value and high is None,
        Qualifier.AT_LEAST: value is not None and low == value and high is None,
        Qualifier.LESS_THAN: value is not None and high == value and low is None,
        Qualifier.AT_MOST: value is not None and high == value and low is None,
        Qualifier.APPROX: value is not None and (low is None or low <= value) and (high is None or value <= high),
        Qualifier.RANGE: value is None and low is not None and high is not None and low < high,
        Qualifier.ORDER_OF_MAGNITUDE: value is None and (low is None or high is None or low <= high),
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
    whole = {int(re.sub(r"\D", "", found)) for found in _WHOLE.findall(figure.excerpt)}
    decimal = {float(found.replace(",", ".")) for found in _DECIMAL.findall(figure.excerpt)}
    if amount.value not in whole | decimal:
        raise RecordError(
            SetAsideReason.EXCERPT_MISMATCH, f"the quoted words do not contain the number {amount.value:.15g}"
        )
