"""Figures as a source reports them: what is counted, where, when, and what the source says of its own number."""

from dataclasses import dataclass
from datetime import date

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
    PointOfEntryKind,
    PopulationGroup,
    Precision,
    Qualifier,
    ReviewStatus,
    Role,
    Sensitivity,
    Sex,
    Topic,
    TrafficClass,
    Trend,
    Unit,
)


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place as the provider names it: any of a code (ISO3, p-code, our own), a country and a name.

    Attributes:
        within_country: P-codes of areas, each within the one before it and the first within ``iso3``; the last is the
            place. They are held against the gazetteer, and one that is not in it is no place.
    """

    code: str | None = None
    iso3: str | None = None
    name: str | None = None
    within_country: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The provider's words, for messages and for the store."""
        code = "/".join(self.within_country) or self.code or self.iso3
        return ", ".join(part for part in (self.name, code) if part) or "(no place)"


@dataclass(frozen=True, slots=True)
class Period:
    """The reference period: first and last day the figure is about, both included, and how well they are known.

    A stock has the same day twice. A cumulative figure starts where counting started; when the source does not
    say, ``start`` repeats ``end`` and ``start_precision`` is `Precision.UNKNOWN`.
    """

    start: date
    end: date
    start_precision: Precision = Precision.DAY
    end_precision: Precision = Precision.DAY

    @classmethod
    def on(cls, day: date, precision: Precision = Precision.DAY) -> "Period":
        """A single date."""
        return cls(day, day, precision, precision)

    @classmethod
    def year(cls, year: int) -> "Period":
        """A whole calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31))


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what the source says about it: qualifier and the bounds that follow from it."""

    value: float | None
    low: float | None
    high: float | None
    qualifier: Qualifier

    @classmethod
    def of(
        cls,
        qualifier: Qualifier,
        value: float | None,
        low: float | None = None,
        high: float | None = None,
    ) -> "Amount":
        """Fill the bounds a qualifier implies (exact: both; at least: low; at most: high)."""
        if qualifier is Qualifier.EXACT:
            return cls(value, value, value, qualifier)
        if qualifier in (Qualifier.MORE_THAN, Qualifier.AT_LEAST):
            return cls(value, value, None, qualifier)
        if qualifier in (Qualifier.LESS_THAN, Qualifier.AT_MOST):
            return cls(value, None, value, qualifier)
        return cls(value, low, high, qualifier)

    @classmethod
    def exact(cls, value: float) -> "Amount":
        """A number the source gives without qualification."""
        return cls.of(Qualifier.EXACT, value)


@dataclass(frozen=True, slots=True)
class Publication:
    """Where a figure was read."""

    publisher: str
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointOfEntry:
    """A border crossing as a provider describes it.

    Attributes:
        code: The provider-independent code when known; null when it must be found by position and name.
        home: ISO3 of the country whose list this is; ``neighbour`` is the country on the other side.
        known_only: Whether it must be one the store knows, so that a misspelt name makes no second crossing.
    """

    home: str
    neighbour: str
    code: str | None = None
    kind: PointOfEntryKind = PointOfEntryKind.LAND
    official: bool | None = None
    name: str = ""
    name_ar: str = ""
    name_local: str = ""
    name_other_side: str = ""
    name_other_side_ar: str = ""
    aliases: tuple[str, ...] = ()
    admin1: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    note: str = ""
    known_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What every figure carries, whatever it is about.

    Attributes:
        source: Code of the body that asserts it.
        external_id: The provider's own id where several facts share a series and a period (incidents); else "".
        label: A name other records of the same batch may point at with ``primary`` or ``subset_of``.
        primary: Label of the figure this one relays.
        locator: Where in the payload the figure stands.
        excerpt: The source's own words, short and verbatim.
        review_status: What a person has made of it; figures a machine read are drafts until somebody looks.
    """

    source: str
    period: Period
    locator: str = ""
    external_id: str = ""
    published_on: date | None = None
    publication: Publication | None = None
    attribution: Attribution = Attribution.DIRECT
    label: str | None = None
    primary: str | None = None
    excerpt: str | None = None
    note: str | None = None
    role: Role = Role.RECOMMENDED
    coverage: Coverage = Coverage.UNKNOWN
    credibility: int | None = None
    sensitivity: Sensitivity = Sensitivity.LOW
    review_status: ReviewStatus = ReviewStatus.DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplacementFigure(Figure):
    """How many people (or households) were, or moved, where.

    Attributes:
        location: Where the people are, or where they arrived.
        origin: Where they came from; null when it is the same country or not stated.
        variant: What else tells the series apart at its source (registration, operation, round type).
        since: First day of a cumulative count; null for stocks, flows and counts whose start is not stated.
    """

    indicator: DisplacementIndicator
    measure: Measure
    population_group: PopulationGroup
    location: PlaceName
    amount: Amount
    origin: PlaceName | None = None
    variant: str = ""
    point_of_entry: str | None = None
    cause: Cause = Cause.UNKNOWN
    unit: Unit = Unit.PERSONS
    sex: Sex = Sex.ALL
    age: str = "all"
    value_text: str | None = None
    household_size: float | None = None
    household_size_source: str | None = None
    observation_status: ObservationStatus = ObservationStatus.NORMAL
    subset_of: str | None = None

    @property
    def since(self) -> date | None:
        """The fixed start of a cumulative count; null when the measure has none or the source does not say."""
        known = self.period.start_precision is not Precision.UNKNOWN
        return self.period.start if self.measure is Measure.CUMULATIVE and known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderStatusFigure(Figure):
    """The status of a border or of one crossing, for one class of traffic in one direction.

    Attributes:
        border: The two countries, in any order, by code or name; one of them is `EVERYWHERE` where all the other's
            borders are meant, or a port that has no neighbour.
        point_of_entry: A crossing's code, or its description; null when the whole border is meant.
        side: ISO3 of the authority the status is about, or "both", or "unspecified".
        direction_into: ISO3 of the country entered, or "both", or "unspecified".
        variant: What else tells the series apart: who asserts it, where a source passes on several bodies' words.
        reported_as: The status in the words it was reported in, or recorded with, before ours.
        valid_until: Last day the status was announced for.
    """

    border: tuple[str, str]
    status: OperationalStatus
    point_of_entry: PointOfEntry | str | None = None
    side: str = UNSPECIFIED
    direction_into: str = UNSPECIFIED
    traffic_class: TrafficClass = TrafficClass.ALL
    variant: str = ""
    evidence: Evidence = Evidence.REPORTED
    reported_as: str | None = None
    valid_until: date | None = None
    disputed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessFigure(Figure):
    """A constraint on aid, an incident, a score or a service shortage, at a place.

    Attributes:
        unit: What ``amount`` counts; null when the figure is words only.
        scale: The scale a score stands on, such as "0-5".
        information_gap: True when the source says it does not know.
    """

    indicator: AccessIndicator
    location: PlaceName
    amount: Amount | None = None
    unit: AccessUnit | None = None
    constraint_type: ConstraintType | None = None
    topic: Topic | None = None
    variant: str = ""
    value_text: str | None = None
    scale: str | None = None
    information_gap: bool = False
    trend: Trend | None = None
