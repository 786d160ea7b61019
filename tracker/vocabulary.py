"""The field's words, written once.

Every enumeration here is the set of values a column may hold (a CHECK constraint is made from it), the set a
source may emit and the set a reader may filter by. Values are what is stored; labels are what a person reads.

Origins: population groups are those of HDX HAPI and UNHCR's glossary; access constraints are ACAPS' nine, which
follow OCHA's Access Monitoring and Reporting Framework; observation statuses are a subset of SDMX CL_OBS_STATUS;
reliability and credibility are the Admiralty grades (A-F for the source, 1-6 for the item).
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Measure(StrEnum):
    """How a figure behaves in time: the rule that decides whether it may ever be added."""

    STOCK = "stock"
    """People in a state at a date. Never summed over time."""
    FLOW = "flow"
    """Movements within a period. Never summed over overlapping periods or over sources."""
    CUMULATIVE = "cumulative"
    """Movements since a start that stays fixed. Never summed at all."""


class PopulationGroup(StrEnum):
    """Whom a displacement figure counts (codes of HDX HAPI; DISP is ours: displaced, status not said)."""

    ALL = "ALL"
    DISP = "DISP"
    IDP = "IDP"
    REF = "REF"
    ROC = "ROC"
    ASY = "ASY"
    OIP = "OIP"
    IOC = "IOC"
    STA = "STA"
    OOC = "OOC"
    HST = "HST"
    RET = "RET"
    RDP = "RDP"
    RRI = "RRI"
    RST = "RST"
    NAT = "NAT"


GROUP_LABELS: dict[PopulationGroup, str] = {
    PopulationGroup.ALL: "everyone",
    PopulationGroup.DISP: "displaced people (status not said)",
    PopulationGroup.IDP: "internally displaced people",
    PopulationGroup.REF: "refugees",
    PopulationGroup.ROC: "people in refugee-like situations",
    PopulationGroup.ASY: "asylum seekers",
    PopulationGroup.OIP: "other people in need of international protection",
    PopulationGroup.IOC: "people in IDP-like situations",
    PopulationGroup.STA: "stateless people",
    PopulationGroup.OOC: "others of concern",
    PopulationGroup.HST: "host community",
    PopulationGroup.RET: "returned refugees",
    PopulationGroup.RDP: "returned internally displaced people",
    PopulationGroup.RRI: "returnees (refugees and displaced people together)",
    PopulationGroup.RST: "resettled refugees",
    PopulationGroup.NAT: "naturalised refugees",
}


class DisplacementIndicator(StrEnum):
    """What a displacement figure is about; `INDICATORS` holds each one's label, measures and definition."""

    NEW_DISPLACEMENT = "new_displacement"
    REPEAT_DISPLACEMENT = "repeat_displacement"
    STILL_DISPLACED = "still_displaced"
    POPULATION = "population"
    COLLECTIVE_CENTRE_POPULATION = "collective_centre_population"
    ARRIVAL = "arrival"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """A label, the measures an indicator may be reported in, and what it counts in one sentence."""

    label: str
    measures: frozenset[Measure]
    definition: str


_STOCK = frozenset({Measure.STOCK})
_MOVEMENT = frozenset({Measure.FLOW, Measure.CUMULATIVE})

INDICATORS: dict[DisplacementIndicator, IndicatorSpec] = {
    DisplacementIndicator.NEW_DISPLACEMENT: IndicatorSpec(
        "New displacement", _MOVEMENT, "Movements of people forced to leave; one person may count more than once."
    ),
    DisplacementIndicator.REPEAT_DISPLACEMENT: IndicatorSpec(
        "Displaced more than once", _MOVEMENT, "The part of new displacement that concerns people displaced before."
    ),
    DisplacementIndicator.STILL_DISPLACED: IndicatorSpec(
        "Newly displaced, still displaced", _STOCK, "People displaced by the named escalation and not yet returned."
    ),
    DisplacementIndicator.POPULATION: IndicatorSpec(
        "Population", _STOCK, "People in the population group at a date, whenever they were displaced."
    ),
    DisplacementIndicator.COLLECTIVE_CENTRE_POPULATION: IndicatorSpec(
        "In collective centres", _STOCK, "The displaced people who stay in collective or reception centres."
    ),
    DisplacementIndicator.ARRIVAL: IndicatorSpec(
        "Cross-border arrivals", _MOVEMENT, "Entries into the country from the country of origin; may be temporary."
    ),
    DisplacementIndicator.RETURN: IndicatorSpec(
        "Returns", _MOVEMENT, "Movements back to the country or area of origin; may not be permanent."
    ),
}


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

QUALIFIER_WORDS: dict[Qualifier, str] = {
    Qualifier.EXACT: "",
    Qualifier.MORE_THAN: "more than",
    Qualifier.AT_LEAST: "at least",
    Qualifier.LESS_THAN: "less than",
    Qualifier.AT_MOST: "at most",
    Qualifier.APPROX: "about",
    Qualifier.RANGE: "between",
    Qualifier.ORDER_OF_MAGNITUDE: "in the order of",
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


class Unit(StrEnum):
    """What one displacement figure counts. Persons and households never share an axis."""

    PERSONS = "persons"
    HOUSEHOLDS = "households"


class Cause(StrEnum):
    """Why people moved."""

    CONFLICT = "conflict"
    DISASTER = "disaster"
    OTHER = "other"
    UNKNOWN = "unknown"


class Sex(StrEnum):
    """Sex of the people counted (codes of HDX HAPI; `all` = not told apart)."""

    FEMALE = "f"
    MALE = "m"
    OTHER = "o"
    UNKNOWN = "u"
    ALL = "all"


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


class Attribution(StrEnum):
    """Whether the publication asserts the figure, passes on somebody's, or does not say whose it is."""

    DIRECT = "direct"
    RELAYED = "relayed"
    UNATTRIBUTED = "unattributed"


class RevisionReason(StrEnum):
    """Why a later vintage replaced an earlier one."""

    SOURCE_REVISION = "source_revision"
    OUR_ERROR = "our_error"
    METHOD_CHANGE = "method_change"
    RETRACTION = "retraction"
    MAPPING_CHANGE = "mapping_change"


class ReviewStatus(StrEnum):
    """Where an observation stands in a person's review."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    CHANGED_AFTER_APPROVAL = "changed_after_approval"
    REJECTED = "rejected"


class Sensitivity(IntEnum):
    """OCHA's four levels of data sensitivity; a viewer sees what is at or below their ceiling."""

    LOW = 0
    MODERATE = 1
    HIGH = 2
    SEVERE = 3


class Reliability(StrEnum):
    """Admiralty grade of a source: A completely reliable ... E unreliable, F cannot be judged."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class SourceKind(StrEnum):
    """What sort of body asserts a figure."""

    UN = "un"
    IGO = "igo"
    GOVERNMENT = "government"
    LOCAL_AUTHORITY = "local_authority"
    CLUSTER = "cluster"
    INGO = "ingo"
    NNGO = "nngo"
    MONITOR = "monitor"
    ACADEMIC = "academic"
    MEDIA = "media"


class Redistribution(StrEnum):
    """What a source's licence lets others do with our copy; `no` keeps its rows out of every export."""

    YES = "yes"
    ATTRIBUTION = "attribution"
    NON_COMMERCIAL = "non_commercial"
    NO = "no"


class LocationKind(StrEnum):
    """What a place is; `unspecified` is a country's child for places nobody could resolve."""

    WORLD = "world"
    COUNTRY = "country"
    ADM1 = "adm1"
    ADM2 = "adm2"
    SITE = "site"
    AREA = "area"
    UNSPECIFIED = "unspecified"


class PointOfEntryKind(StrEnum):
    """How a point of entry is crossed (IOM's kinds, plus crossings of an internal line)."""

    LAND = "land"
    ROAD = "road"
    RAIL = "rail"
    PEDESTRIAN = "pedestrian"
    RIVER = "river"
    SEA = "sea"
    AIR = "air"
    CROSSLINE = "crossline"


class OperationalStatus(StrEnum):
    """Status of a border or crossing. No row means unknown, never open."""

    OPEN = "open"
    PARTIAL = "partial"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """How a status is known: an authority announced it, somebody was there, or it was reported."""

    ANNOUNCED = "announced"
    OBSERVED = "observed"
    REPORTED = "reported"


class TrafficClass(StrEnum):
    """Whom or what a border status applies to."""

    ALL = "all"
    PERSONS = "persons"
    PEDESTRIANS = "pedestrians"
    VEHICLES = "vehicles"
    NATIONALS_RETURNING = "nationals_returning"
    FOREIGNERS = "foreigners"
    REFUGEES = "refugees"
    COMMERCIAL_CARGO = "commercial_cargo"
    HUMANITARIAN_CARGO = "humanitarian_cargo"
    HUMANITARIAN_STAFF = "humanitarian_staff"
    MEDICAL = "medical"
    UNSPECIFIED = "unspecified"


BOTH, UNSPECIFIED = "both", "unspecified"
"""Besides an ISO3 code, what `side` (whose authority) and `direction_into` (country entered) may say."""


class ConstraintType(StrEnum):
    """The nine access constraints of ACAPS, in the order of its three pillars."""

    DENIAL_OF_NEEDS = "denial_of_needs"
    RESTRICTION_OF_SERVICES = "restriction_of_services"
    ENTRY_IMPEDIMENTS = "entry_impediments"
    RESTRICTION_OF_MOVEMENT = "restriction_of_movement"
    INTERFERENCE = "interference"
    VIOLENCE_AGAINST_PERSONNEL = "violence_against_personnel"
    INSECURITY_HOSTILITIES = "insecurity_hostilities"
    MINES_UXO = "mines_uxo"
    PHYSICAL_CONSTRAINTS = "physical_constraints"


CONSTRAINT_LABELS: dict[ConstraintType, str] = {
    ConstraintType.DENIAL_OF_NEEDS: "Denial of needs or entitlements",
    ConstraintType.RESTRICTION_OF_SERVICES: "People kept from services and aid",
    ConstraintType.ENTRY_IMPEDIMENTS: "Impediments to entry into the country",
    ConstraintType.RESTRICTION_OF_MOVEMENT: "Restriction of movement within the country",
    ConstraintType.INTERFERENCE: "Interference in humanitarian activities",
    ConstraintType.VIOLENCE_AGAINST_PERSONNEL: "Violence against personnel, facilities and assets",
    ConstraintType.INSECURITY_HOSTILITIES: "Ongoing insecurity or hostilities",
    ConstraintType.MINES_UXO: "Mines and unexploded ordnance",
    ConstraintType.PHYSICAL_CONSTRAINTS: "Physical constraints",
}


class AccessIndicator(StrEnum):
    """What an aid-access figure is about."""

    ACCESS_CONSTRAINT = "access_constraint"
    ACCESS_INDEX = "access_index"
    AID_WORKERS_KILLED = "aid_workers_killed"
    AID_WORKERS_INJURED = "aid_workers_injured"
    AID_WORKERS_KIDNAPPED = "aid_workers_kidnapped"
    AID_WORKERS_ARRESTED = "aid_workers_arrested"
    OPERATIONS_SUSPENDED = "operations_suspended"
    FACILITIES_HIT = "facilities_hit"
    FACILITIES_FUNCTIONAL = "facilities_functional"
    AID_TRUCKS = "aid_trucks"
    AID_MISSIONS = "aid_missions"
    SERVICE_SHORTAGE = "service_shortage"
    SERVICE_OUTAGE = "service_outage"
    PEOPLE_AFFECTED = "people_affected"
    PEOPLE_IN_NEED = "people_in_need"
    PEOPLE_REACHED = "people_reached"
    FUNDING_SHARE = "funding_share"
    FUNDING_RECEIVED = "funding_received"


ACCESS_LABELS: dict[AccessIndicator, str] = {
    AccessIndicator.ACCESS_CONSTRAINT: "Access constraint",
    AccessIndicator.ACCESS_INDEX: "Access index",
    AccessIndicator.AID_WORKERS_KILLED: "Aid workers killed",
    AccessIndicator.AID_WORKERS_INJURED: "Aid workers injured",
    AccessIndicator.AID_WORKERS_KIDNAPPED: "Aid workers kidnapped",
    AccessIndicator.AID_WORKERS_ARRESTED: "Aid workers arrested",
    AccessIndicator.OPERATIONS_SUSPENDED: "Operations suspended",
    AccessIndicator.FACILITIES_HIT: "Facilities hit",
    AccessIndicator.FACILITIES_FUNCTIONAL: "Facilities functional",
    AccessIndicator.AID_TRUCKS: "Aid trucks",
    AccessIndicator.AID_MISSIONS: "Aid missions",
    AccessIndicator.SERVICE_SHORTAGE: "Service shortage",
    AccessIndicator.SERVICE_OUTAGE: "Service outage",
    AccessIndicator.PEOPLE_AFFECTED: "People affected",
    AccessIndicator.PEOPLE_IN_NEED: "People in need",
    AccessIndicator.PEOPLE_REACHED: "People reached",
    AccessIndicator.FUNDING_SHARE: "Funding received, share of the request",
    AccessIndicator.FUNDING_RECEIVED: "Funding received",
}


class AccessUnit(StrEnum):
    """What one access figure counts; null where the figure is words only."""

    PEOPLE = "people"
    TRUCKS = "trucks"
    MISSIONS = "missions"
    ORGANISATIONS = "organisations"
    FACILITIES = "facilities"
    PERCENT = "percent"
    USD = "usd"
    SCORE = "score"
    HOURS_PER_DAY = "hours_per_day"


class Topic(StrEnum):
    """The service, need or sector an access figure concerns; null where none is named."""

    FOOD = "food"
    WATER = "water"
    MEDICAL_SUPPLIES = "medical_supplies"
    HEALTH = "health"
    NUTRITION = "nutrition"
    PROTECTION = "protection"
    EDUCATION = "education"
    SHELTER = "shelter"
    FUEL = "fuel"
    ELECTRICITY = "electricity"
    INTERNET = "internet"
    CASH = "cash"


class Trend(StrEnum):
    """Which way an access constraint moves."""

    WORSE = "worse"
    SAME = "same"
    BETTER = "better"
    UNKNOWN = "unknown"


class EventType(StrEnum):
    """What sort of dated event annotates a chart."""

    CONFLICT = "conflict"
    CONTROL_CHANGE = "control_change"
    CEASEFIRE = "ceasefire"
    BORDER = "border"
    ACCESS = "access"
    DISPLACEMENT = "displacement"
    POLITICAL = "political"


class Trigger(StrEnum):
    """What started an ingest run."""

    SEED = "seed"
    MANUAL = "manual"
    SCHEDULE = "schedule"
    FILE = "file"


class RunStatus(StrEnum):
    """How an ingest run ended. `partial`: loaded, but some figures were set aside."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    UNCHANGED = "unchanged"
    PARTIAL = "partial"
    FAILED = "failed"
    ABANDONED = "abandoned"


class SetAsideReason(StrEnum):
    """Why a figure was not accepted."""

    UNREADABLE_NUMBER = "unreadable_number"
    UNREADABLE_DATE = "unreadable_date"
    UNKNOWN_PLACE = "unknown_place"
    UNKNOWN_WORD = "unknown_word"
    MISSING_FIELD = "missing_field"
    PERIOD_REVERSED = "period_reversed"
    FORECAST = "forecast"
    NEGATIVE = "negative"
    QUALIFIER_MISMATCH = "qualifier_mismatch"
    MEASURE_MISMATCH = "measure_mismatch"
    ORIGIN_MISMATCH = "origin_mismatch"
    EXCERPT_MISMATCH = "excerpt_mismatch"
    CONFLICTING_DUPLICATE = "conflicting_duplicate"
