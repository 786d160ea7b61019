"""OCHA: border crossings of Ukraine, with open or closed status in the later releases (HDX, since March 2022).

What is published: a list of crossing points; the release of May 2023 and later also say whether each one operates.
Grain: one GeoJSON point a crossing and release.
Key: none. A crossing is recognised by its border and its name or position: spellings change, points move.
Revisions and cadence: a new file a release, no history inside; each release is one dated status.
Known traps: the property names change with every release (``Name - English``, ``Name - Eng``, ``Name_ENG``); country
names carry trailing spaces; early releases list a crossing without any status, which is unknown, never open; their
only date is in the collection's name, as DDMMYY or YYYYMMDD.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import day, read_json, require
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

CATALOGUE = "https://data.humdata.org/api/action/package_show"
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
KINDS = {"road": PointOfEntryKind.ROAD, "river": PointOfEntryKind.RIVER, "pedestrian": PointOfEntryKind.PEDESTRIAN}
NAME, NAME_LOCAL = re.compile(r"name\W*_?\W*eng", re.IGNORECASE), re.compile(r"name\W*_?\W*uk", re.IGNORECASE)


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The newest GeoJSON of the data set, found through the catalogue."""
    catalogue = client.get(CATALOGUE, {"id": "ukraine-border-crossings"})
    package = require(read_json(catalogue), "result", catalogue, "$")
    resources = require(package, "resources", catalogue, "$.result")
    geojson = [r for r in resources if str(r.get("format", "")).lower() == "geojson"]
    if not geojson:
        raise SourceChanged(f"{catalogue.url}: the data set has no GeoJSON resource any more")
    newest = max(geojson, key=lambda r: str(r.get("last_modified", "")))
    yield client.get(require(newest, "url", catalogue, "$.result.resources"))


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each feature."""
    collection = read_json(payload)
    features = require(collection, "features", payload, "$")
    if not isinstance(features, list):
        raise SourceChanged(f"{payload.url}: 'features' is not a list; this is not a GeoJSON collection")
    released = _release_date(str(collection.get("name", "")))
    for number, feature in enumerate(features):
        row = ParsedRow(f"features[{number}]", feature)
        properties = require(feature, "properties", payload, row.locator)
        name_field = _field(properties, NAME, payload, row.locator)
        with row.attempt() as locator:
            row.figures.append(_figure(properties, feature.get("geometry"), name_field, released, payload, locator))
        yield row


def _figure(
    properties: dict[str, Any], geometry: Any, name_field: str, released: date | None, payload: Payload, locator: str
) -> BorderStatusFigure:
    as_of = day(properties["StatusAsOf"], "StatusAsOf") if properties.get("StatusAsOf") else released
    if as_of is None:
        raise SourceChanged(f"{payload.url}: neither StatusAsOf nor a date in the collection's name at {locator}")
    country = str(require(properties, "Country", payload, locator)).strip()
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
    longitude, latitude = _point(geometry)
    local_field = next((name for name in properties if NAME_LOCAL.match(name)), None)
    return BorderStatusFigure(
        source=SOURCE.code,
        border=(HOME, NEIGHBOURS[country]),
        point_of_entry=PointOfEntry(
            home=HOME,
            neighbour=NEIGHBOURS[country],
            kind=KINDS.get(kind, PointOfEntryKind.LAND),
            official=True,
            name=str(properties[name_field] or "").strip(),
            name_local=str(properties.get(local_field or "") or "").strip(),
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


def _field(properties: Any, pattern: re.Pattern[str], payload: Payload, locator: str) -> str:
    """The name of the property that holds the English name in this release."""
    found = [name for name in properties if pattern.match(name)] if isinstance(properties, dict) else []
    if not found:
        raise SourceChanged(f"{payload.url}: no property with the English name at {locator}; the format changed")
    return str(found[0])


def _point(geometry: Any) -> tuple[float, float]:
    """Longitude and latitude."""
    try:
        longitude, latitude = (float(x) for x in geometry["coordinates"][:2])
    except (TypeError, KeyError, ValueError, IndexError):
        raise RecordError(SetAsideReason.MISSING_FIELD, "the feature has no point geometry") from None
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise RecordError(SetAsideReason.UNKNOWN_PLACE, f"({longitude}, {latitude}) is no point on Earth")
    return longitude, latitude


def _release_date(name: str) -> date | None:
    """The date in a collection's name: YYYYMMDD or DDMMYY."""
    for digits, form in ((8, "%Y%m%d"), (6, "%d%m%y")):
        for found in re.findall(rf"(?<!\d)\d{{{digits}}}(?!\d)", name):
            try:
                return datetime.strptime(found, form).date()  # noqa: DTZ007
            except ValueError:
                continue
    return None
