"""Words about a number itself: what its source says of it, and what it may be used for."""

from enum import StrEnum


class Qualifier(StrEnum):
    """What the source says about its own number; decides which of value, low and high are filled."""

    EXACT = "exact"
    MORE_THAN = "more_than"
    AT_LEAST = "at_least"
    LESS_THAN = "less_than"
    AT_MOST = "at_most"
    APPROX = "approx"
    RANGE = "range"
    ORDER_OF_MAGNITUDE = "order_of_magnitude"


QUALIFIER_SIGNS: dict[Qualifier, str] = {
    Qualifier.EXACT: "",
    Qualifier.MORE_THAN: ">",
    Qualifier.AT_LEAST: "≥",
    Qualifier.LESS_THAN: "<",
    Qualifier.AT_MOST: "≤",
    Qualifier.APPROX: "~",
    Qualifier.RANGE: "",
    Qualifier.ORDER_OF_MAGNITUDE: "",
}


class ObservationStatus(StrEnum):
    """Standing of one observation. A null value needs one of the statuses in `VALUELESS`."""

    NORMAL = "normal"
    ESTIMATED = "estimated"
    PROVISIONAL = "provisional"
    LOW_RELIABILITY = "low_reliability"
    UNVALIDATED = "unvalidated"
    IMPUTED = "imputed"
    MISSING = "missing"
    NOT_COLLECTED = "not_collected"
    SUPPRESSED = "suppressed"
    BREAK = "break"
    DEFINITION_DIFFERS = "definition_differs"
    WITHDRAWN = "withdrawn"


VALUELESS = frozenset(
    {
        ObservationStatus.MISSING,
        ObservationStatus.NOT_COLLECTED,
        ObservationStatus.SUPPRESSED,
        ObservationStatus.WITHDRAWN,
    }
)


class Precision(StrEnum):
    """How exactly a date is known; anything but `day` means the stored day stands for the whole span."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class Coverage(StrEnum):
    """Whether the figure covers the whole place and group it names."""

    FULL = "full"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


class Role(StrEnum):
    """What a figure may be used for: only `recommended` ones can become a headline."""

    RECOMMENDED = "recommended"
    TRIANGULATION = "triangulation"
    CONTEXT = "context"
