"""Words of border status."""

from enum import StrEnum


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
    AIR_TRAVEL = "air_travel"
    SEA_TRAVEL = "sea_travel"
    UNSPECIFIED = "unspecified"


EVERYWHERE = "WORLD"
"""The other side of a border when all borders of a country are meant."""

BOTH, UNSPECIFIED = "both", "unspecified"
"""Besides an ISO3 code, what `side` (whose authority) and `direction_into` (country entered) may say."""
