"""Our own sheet: statuses of borders and crossings, as a field office fills them in.

What is published: nothing; a person writes it: CSV or XLSX in the columns of ``docs/sheets.md``.
Grain: one row a status: a border or crossing, a class of traffic, a direction, a day.
Key: who asserts it, border, crossing, side, direction, traffic and day.
Revisions and cadence: whenever a file is loaded; another status for the same day is a revision.
Known traps: a status holds for its day; an empty crossing means the whole border; no row means unknown, never open;
"open" for whom and in which direction belongs in columns of its own, not in a note.
"""

from collections.abc import Iterator
from typing import Any

from ingest import sheet_source, tidy
from ingest.values import quantity
from tracker.errors import RecordError
from tracker.records import BorderStatusFigure, ParsedRow, Payload, PointOfEntry
from tracker.vocabulary import (
    UNSPECIFIED,
    Evidence,
    OperationalStatus,
    SetAsideReason,
    TrafficClass,
)

COLUMNS = {
    "country": "ISO3 of the country whose border it is",
    "neighbour": "ISO3 of the country on the other side",
    "point_of_entry": "name or code of the crossing; empty for the whole border",
    "latitude": "of the crossing; needed only for one that the tracker does not know yet",
    "longitude": "of the crossing",
    "status": "open, partial, closed or unknown",
    "traffic_class": "whom it applies to: " + ", ".join(TrafficClass),
    "side": "ISO3 of the authority it is about, both, or empty",
    "direction_into": "ISO3 of the country entered, both, or empty",
    "evidence": "announced, observed or reported (if empty)",
    "reported_as": "the status in the words it was reported in",
    "valid_until": "last day it was announced for",
    "disputed": "yes where sources differ",
    **tidy.PERIOD,
    **tidy.PROVENANCE,
}

SOURCE = sheet_source.source(
    code="border_sheet",
    name="Border sheet",
    measures="Statuses of borders and crossings that somebody enters, each with who asserts it.",
    grain="One status a row.",
    traps="A status holds for its day; an empty crossing means the whole border; no row is not open.",
    columns=COLUMNS,
)

REQUIRED = ("country", "neighbour", "status", "reference_period_end")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each row of the sheet."""
    return sheet_source.parse(payload, COLUMNS, REQUIRED, _figure, "status")


def _figure(cells: dict[str, Any], locator: str) -> BorderStatusFigure:
    home, neighbour = (tidy.words_of(cells, column) for column in ("country", "neighbour"))
    if not home or not neighbour:
        raise RecordError(SetAsideReason.UNKNOWN_PLACE, "country and neighbour are both needed: a border has two sides")
    until = tidy.day(cells, "valid_until")
    return BorderStatusFigure(
        source=SOURCE.code,
        **tidy.common(cells, locator),
        variant=tidy.variant(cells),
        border=(home, neighbour),
        point_of_entry=_crossing(cells, home, neighbour),
        status=tidy.word(cells, "status", OperationalStatus),
        side=tidy.words_of(cells, "side") or UNSPECIFIED,
        direction_into=tidy.words_of(cells, "direction_into") or UNSPECIFIED,
        traffic_class=tidy.word(cells, "traffic_class", TrafficClass, TrafficClass.UNSPECIFIED),
        evidence=tidy.word(cells, "evidence", Evidence, Evidence.REPORTED),
        reported_as=tidy.words_of(cells, "reported_as"),
        period=tidy.period(cells),
        valid_until=until[0] if until else None,
        disputed=tidy.flag(cells, "disputed"),
    )


def _crossing(cells: dict[str, Any], home: str, neighbour: str) -> PointOfEntry | None:
    """A crossing by its name; a new one must be told with its point, or a misspelling would make one."""
    name = tidy.words_of(cells, "point_of_entry")
    if name is None:
        return None
    latitude, longitude = (quantity(cells.get(column), column) for column in ("latitude", "longitude"))
    known_only = latitude is None or longitude is None
    if not known_only and not (abs(latitude or 0) <= 90 and abs(longitude or 0) <= 180):
        raise RecordError(
            SetAsideReason.OUT_OF_SCALE, f"latitude {latitude}, longitude {longitude} is no point on Earth"
        )
    return PointOfEntry(
        home=home, neighbour=neighbour, name=name, latitude=latitude, longitude=longitude, known_only=known_only
    )
