"""OCHA: border crossings of Ukraine, with open or closed status in the later releases (HDX, since March 2022).

What is published: a list of crossing points, as GeoJSON and as a workbook of the same crossings; the release of May
2023 and later also say whether each one operates.
Grain: one GeoJSON point, or one row, a crossing and release.
Key: none. A crossing is recognised by its border and its name or position: spellings change, points move.
Revisions and cadence: a new file a release, no history inside; each release is one dated status.
Known traps: the property names change with every release (``Name - English``, ``Name - Eng``, ``Name_ENG``); country
names carry trailing spaces; early releases list a crossing without any status, which is unknown, never open; their
only date is in the collection's name, as DDMMYY or YYYYMMDD, or in the workbook's READ ME ("Last updated on: 09 June
2022"), and one release has none but what its file may be called; the workbook ends in nearly a thousand blank rows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from ingest.contract import Scope
from ingest.hdx import LOOKS_LIKE, newest
from ingest.http import Client
from ingest.reading import read_json, require, require_list
from ingest.values import day
from ingest.workbook import Sheets, find_table, is_workbook, read_workbook
from tracker.errors import RecordError, SourceChanged
from tracker.records import BorderStatusFigure, ParsedRow, Payload, Period, PointOfEntry, Source
from tracker.vocabulary import (
    BOTH,
    Evidence,
    OperationalStatus,
    PointOfEntryKind,
    Redistribution,
    Reliability,
    SetAsideReason,
    SourceKind,
    TrafficClass,
)

SOURCE = Source(
    code="ocha_ukraine_border_crossings",
    name="OCHA Ukraine border crossings",
    kind=SourceKind.UN,
    reliability=Reliability.B,
    licence="CC BY",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="OCHA, Ukraine border crossings (HDX)",
    homepage="https://data.humdata.org/dataset/ukraine-border-crossings",
    cadence_days=30,
    measures="Whether each border crossing of Ukraine operates, as of the release's date.",
    grain="One status a crossing and release.",
    traps="Releases before May 2023 list crossings without status: unknown, not open. Points and spellings move.",
)

HOME = "UKR"
NEIGHBOURS = {
    "Belarus": "BLR",
    "Hungary": "HUN",
    "Moldova": "MDA",
    "Poland": "POL",
    "Romania": "ROU",
    "Russian Federation": "RUS",
    "Slovakia": "SVK",
}
"""The provider's country names."""

STATUSES = {
    "operational": OperationalStatus.OPEN,
    "partially operational": OperationalStatus.PARTIAL,
    "closed": OperationalStatus.CLOSED,
}
KINDS = {
    "road": PointOfEntryKind.ROAD,
    "rail": PointOfEntryKind.RAIL,
    "river": PointOfEntryKind.RIVER,
    "pedestrian": PointOfEntryKind.PEDESTRIAN,
}
NAME = re.compile(r"name[\W_]*en|en(g|glish)?[\W_]*name", re.IGNORECASE)
NAME_LOCAL = re.compile(r"name[\W_]*(uk|ua|local)|(uk|ua)\w*[\W_]*name", re.IGNORECASE)
LATITUDE, LONGITUDE = re.compile(r"lat", re.IGNORECASE), re.compile(r"lon", re.IGNORECASE)
UPDATED = re.compile(r"last updated on:?\s*(\d{1,2} [a-z]+ \d{4})", re.IGNORECASE)
FIRST_RELEASE = date(2022, 2, 24)
WEST, SOUTH, EAST, NORTH = 20, 43, 42, 54
"""Around Ukraine: outside it, latitude and longitude were swapped or are wrong."""


@dataclass(frozen=True, slots=True)
class _Crossing:
    """One crossing of a release, whichever form it came in."""

    locator: str
    raw: Any
    properties: Any
    coordinates: Any


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The newest GeoJSON of the data set."""
    yield newest(client, "ukraine-border-crossings", "GeoJSON")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each crossing."""
    if is_workbook(payload):
        sheets = read_workbook(payload)
        crossings, released = _of_workbook(sheets, payload), _date_in_words(sheets)
        place = "the READ ME ('Last updated on: ...')"
    else:
        collection = read_json(payload)
        crossings, released = _of_collection(collection, payload), _date_in_name(collection.get("name"), payload)
        place = "the collection's 'name'"
    fields = [_fields(crossing, payload) for crossing in crossings]
    released = released or _date_in_name(PurePosixPath(urlsplit(payload.url).path).name, payload)
    if released is None and not any(c.properties.get("StatusAsOf") for c in crossings):
        raise SourceChanged(
            f"{payload.url}: no date of the release, neither 'StatusAsOf' nor in {place}; if you know it, rename the "
            "file so that it ends in it, such as crossings_2022-03-08.geojson"
        )
    for crossing, named in zip(crossings, fields, strict=True):
        row = ParsedRow(crossing.locator, crossing.raw)
        with row.attempt() as locator:
            row.figures.append(_figure(crossing, named, released, locator))
        yield row


def _of_collection(collection: Any, payload: Payload) -> list[_Crossing]:
    features = require_list(collection, "features", payload, LOOKS_LIKE)
    crossings = []
    for number, feature in enumerate(features):
        locator = f"features[{number}]"
        properties = require(feature, "properties", payload, locator)
        require(properties, "Country", payload, locator)
        geometry = require(feature, "geometry", payload, locator)
        coordinates = geometry and require(geometry, "coordinates", payload, locator)
        crossings.append(_Crossing(locator, feature, properties, coordinates))
    return crossings


def _of_workbook(sheets: Sheets, payload: Payload) -> list[_Crossing]:
    table = find_table(sheets, "Country", payload)
    crossings = []
    for number, record in table.rows:
        locator = f"{table.sheet}!{number}"
        coordinates = [
            record[_field(record, pattern, said, payload, locator)]
            for pattern, said in ((LONGITUDE, "'Long' or 'Lon'"), (LATITUDE, "'Lat'"))
        ]
        crossings.append(_Crossing(locator, record, record, coordinates))
    return crossings


def _fields(crossing: _Crossing, payload: Payload) -> tuple[str, str]:
    """How this release calls the English and the Ukrainian name; all else it must have is looked for, too."""
    properties, locator = crossing.properties, crossing.locator
    said = "'Name - English', 'Name - Eng', 'Name_ENG' or the like"
    said_local = "'Name - Ukrainian', 'Name - Ukr', 'Name_UKR' or the like"
    fields = (
        _field(properties, NAME, said, payload, locator),
        _field(properties, NAME_LOCAL, said_local, payload, locator),
    )
    if "Status" in properties or any(re.search("status|operat", name, re.IGNORECASE) for name in properties):
        # Under another name the status would pass for one that is not given.
        require(properties, "Status", payload, locator)
        require(properties, "Type", payload, locator)
    return fields


def _field(properties: Any, pattern: re.Pattern[str], said: str, payload: Payload, locator: str) -> str:
    found = [name for name in properties if pattern.match(name)]
    if not found:
        raise SourceChanged(f"{payload.url}: no field {said} at {locator}; the provider changed its format")
    return str(found[0])


def _figure(crossing: _Crossing, fields: tuple[str, str], released: date | None, locator: str) -> BorderStatusFigure:
    properties = crossing.properties
    as_of = day(properties["StatusAsOf"], "StatusAsOf") if properties.get("StatusAsOf") else released
    if as_of is None:
        raise RecordError(SetAsideReason.MISSING_FIELD, "StatusAsOf is empty, and the release has no date of its own")
    country = str(properties["Country"] or "").strip()
    if country not in NEIGHBOURS:
        raise RecordError(
            SetAsideReason.UNKNOWN_PLACE, f"Country is {country!r}: expected one of {', '.join(NEIGHBOURS)}"
        )
    word = str(properties.get("Status") or "").strip()
    if word and word.lower() not in STATUSES:
        raise RecordError(SetAsideReason.UNKNOWN_WORD, f"Status is {word!r}: expected {', '.join(STATUSES)}")
    kind = str(properties.get("Type") or "").strip().lower()
    if kind and kind not in KINDS:
        raise RecordError(SetAsideReason.UNKNOWN_WORD, f"Type is {kind!r}: expected {', '.join(KINDS)}")
    name, name_local = (str(properties[field] or "").strip() for field in fields)
    if not name:
        raise RecordError(SetAsideReason.MISSING_FIELD, f"{fields[0]} is empty: the crossing has no name")
    longitude, latitude = _point(crossing.coordinates)
    return BorderStatusFigure(
        source=SOURCE.code,
        border=(HOME, NEIGHBOURS[country]),
        point_of_entry=PointOfEntry(
            home=HOME,
            neighbour=NEIGHBOURS[country],
            kind=KINDS.get(kind, PointOfEntryKind.LAND),
            official=True,
            name=name,
            name_local=name_local,
            latitude=latitude,
            longitude=longitude,
        ),
        side=BOTH,
        direction_into=BOTH,
        traffic_class=TrafficClass.ALL,
        status=STATUSES.get(word.lower(), OperationalStatus.UNKNOWN),
        evidence=Evidence.REPORTED,
        reported_as=word or "listed, status not given",
        period=Period.on(as_of),
        credibility=2,
        locator=locator,
    )


def _point(coordinates: Any) -> tuple[float, float]:
    """Longitude and latitude."""
    try:
        longitude, latitude = (float(x) for x in coordinates[:2])
    except (TypeError, KeyError, ValueError):
        raise RecordError(SetAsideReason.MISSING_FIELD, "the crossing has no point") from None
    if not (WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH):
        raise RecordError(
            SetAsideReason.UNKNOWN_PLACE, f"longitude {longitude}, latitude {latitude} is not at Ukraine's border"
        )
    return longitude, latitude


def _date_in_name(name: Any, payload: Payload) -> date | None:
    """The date in a collection's or file's name: YYYYMMDD, DDMMYYYY or DDMMYY; only days it can have been made on."""
    last = payload.retrieved_at.date() + timedelta(days=1)
    words = re.sub(r"(?<=\d)-(?=\d)", "", str(name or ""))
    for digits, forms in ((8, ("%Y%m%d", "%d%m%Y")), (6, ("%d%m%y",))):
        for found in re.findall(rf"(?<!\d)\d{{{digits}}}(?!\d)", words):
            for form in forms:
                read = _read_date(found, form)
                if read and FIRST_RELEASE <= read <= last:
                    return read
    return None


def _date_in_words(sheets: Sheets) -> date | None:
    """The date in the workbook's own words."""
    cells = (str(cell) for rows in sheets.values() for row in rows for cell in row if isinstance(cell, str))
    found = next(filter(None, map(UPDATED.search, cells)), None)
    return _read_date(found[1], "%d %B %Y") if found else None


def _read_date(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007
    except ValueError:
        return None
