"""Rows of reference sources: not figures, but what figures point at."""

from dataclasses import dataclass
from datetime import date

from tracker.records.figures import PlaceName, Publication
from tracker.vocabulary import EventType, LocationKind, Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceEntry:
    """A place of the gazetteer.

    Attributes:
        code: The p-code.
        iso3: Its country; null where the provider does not say, and the parent decides.
        parent: Code of the area or country it lies in.
        other_names: Spellings in other languages or of other providers.
        locator: Where in the payload the row stands.
    """

    source: str
    code: str
    kind: LocationKind
    iso3: str | None
    parent: str
    name_en: str
    name_ar: str | None = None
    other_names: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    valid_from: date | None = None
    locator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEntry:
    """A dated event that may be shown beside figures; it explains nothing by itself.

    Attributes:
        code: The provider's id with a prefix of ours; the same code again means the same event.
        locator: Where in the payload the row stands.
    """

    source: str
    code: str
    event_type: EventType
    title_en: str
    location: PlaceName
    date_start: date
    date_end: date | None = None
    precision: Precision = Precision.DAY
    publication: Publication | None = None
    note: str | None = None
    locator: str = ""


AnyEntry = PlaceEntry | EventEntry
