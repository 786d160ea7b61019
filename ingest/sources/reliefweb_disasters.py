"""ReliefWeb: disasters by country, as dated events beside the figures.

What is published: a list of disasters with name, status, GLIDE number, types, countries and date; OCHA keeps it.
Grain: one record a disaster, which may concern several countries.
Key: ReliefWeb's id; the GLIDE number joins it to other lists, but repeats and is missing in some records.
Revisions and cadence: daily; records are corrected in place.
Known traps: ISO3 codes are lower case; the short form of the list has neither date nor country, which then come from
the name ("Chad: Floods - Aug 2024") and the GLIDE number, to the month; names of storms begin with no country; `id` is
text outside and a number inside `fields`; an appname that ReliefWeb has approved is needed since November 2025.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from ingest.contract import Scope
from ingest.http import Client
from ingest.paging import by_offset
from ingest.reading import read_json, require, require_list
from ingest.values import count, day, text
from tracker.errors import RecordError
from tracker.records import Credential, EventEntry, ParsedRow, Payload, PlaceName, Publication, Source
from tracker.vocabulary import EventType, Precision, Redistribution, Reliability, SetAsideReason, SourceKind

SOURCE = Source(
    code="reliefweb_disasters",
    name="ReliefWeb disasters",
    kind=SourceKind.UN,
    reliability=Reliability.B,
    licence="ReliefWeb terms; CC BY on HDX",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="ReliefWeb, a service of OCHA",
    homepage="https://reliefweb.int/disasters",
    cadence_days=1,
    measures="Nothing: it dates the disasters that figures may be read beside.",
    grain="One event a disaster and country.",
    traps="The short form of the list has a month and a country in its names only.",
    fields=frozenset({"id", "score", "fields", "href"}),
    credentials=(
        Credential("TRACKER_RELIEFWEB_APPNAME", "ask ReliefWeb to approve an appname (apidoc.reliefweb.int)"),
    ),
    # Some disasters are named after a region, which is no country.
    most_set_aside=0.3,
)

ADDRESS = "https://api.reliefweb.int/v2/disasters"
PAGE = 1000
WANTED = ("name", "status", "glide", "date.event", "date.created", "country.iso3", "country.primary", "url_alias")
MONTH = re.compile(r"[-:] (?P<month>[A-Z][a-z]{2}) (?P<year>[0-9]{4})$")
"""How a name ends; that of a storm does not begin with a country ("Tropical Cyclone Remal - May 2024")."""
GLIDE = re.compile(r"[A-Z]{2}-(?P<year>[0-9]{4})-[0-9]{6}-(?P<iso3>[A-Z]{3})")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LOOKS_LIKE = {"error": "a refusal: the appname may not be approved"}


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:
    """The disasters of the followed countries."""
    query = {
        "appname": client.credential("TRACKER_RELIEFWEB_APPNAME"),
        "filter[field]": "country.iso3",
        "filter[value][]": [iso3.lower() for iso3 in scope.countries],
        "fields[include][]": WANTED,
        "sort[]": "id:asc",
    }
    yield from by_offset(client, ADDRESS, query, limit=PAGE, rows=_records, total=_total)


def _records(answer: Any, payload: Payload) -> list[Any]:
    return require_list(answer, "data", payload, LOOKS_LIKE)


def _total(answer: Any, payload: Payload) -> int | None:
    return count(require(answer, "totalCount", payload, "$"), "totalCount")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each disaster; one event for each of its countries."""
    for number, record in enumerate(_records(read_json(payload), payload)):
        row = ParsedRow(f"data[{number}]", record)
        disaster = require(record, "id", payload, row.locator)
        fields = require(record, "fields", payload, row.locator)
        name = require(fields, "name", payload, f"{row.locator}.fields")
        if "date" in fields or "country" in fields:
            _require_long_form(fields, payload, f"{row.locator}.fields")
        with row.attempt("name"):
            row.figures += _events(str(disaster), str(name), fields, row.locator)
        yield row


def _require_long_form(fields: Any, payload: Payload, locator: str) -> None:
    """A record that has dates and countries must have them whole; the short form has neither."""
    require(require(fields, "date", payload, locator), "created", payload, f"{locator}.date")
    for country in require(fields, "country", payload, locator):
        require(country, "iso3", payload, f"{locator}.country")


def _events(disaster: str, name: str, fields: dict[str, Any], locator: str) -> list[EventEntry]:
    started, precision = _started(name, fields)
    link = Publication("ReliefWeb", name, str(fields.get("url_alias") or fields.get("url") or ""))
    countries = fields.get("country")
    places = [PlaceName(iso3=str(c["iso3"]).upper()) for c in countries] if countries else [_place(name, fields)]
    first = next((n for n, c in enumerate(countries or ()) if c.get("primary")), 0)
    return [
        EventEntry(
            source=SOURCE.code,
            code=f"reliefweb-{disaster}" if number == first else f"reliefweb-{disaster}-{place.iso3}",
            event_type=EventType.DISASTER,
            title_en=name,
            location=place,
            date_start=started,
            precision=precision,
            publication=link,
            note=_note(fields),
            locator=f"{locator}/name" if number == first else f"{locator}/country[{number}]",
        )
        for number, place in enumerate(places)
    ]


def _started(name: str, fields: dict[str, Any]) -> tuple[date, Precision]:
    dates = fields.get("date") or {}
    given = text(dates.get("event")) or text(dates.get("created"))
    if given:
        return day(given, "date.event"), Precision.DAY
    found = MONTH.search(name)
    if found and found["month"] in MONTHS:
        return date(int(found["year"]), MONTHS.index(found["month"]) + 1, 1), Precision.MONTH
    glide = GLIDE.match(str(fields.get("glide") or ""))
    if glide:
        return date(int(glide["year"]), 1, 1), Precision.YEAR
    raise RecordError(SetAsideReason.UNREADABLE_DATE, f"neither a date, nor a month in the name {name!r}, nor a GLIDE")


def _place(name: str, fields: dict[str, Any]) -> PlaceName:
    """From the GLIDE number, else from the name; a name the gazetteer does not know is set aside there."""
    glide = GLIDE.match(str(fields.get("glide") or ""))
    if glide:
        return PlaceName(iso3=glide["iso3"])
    return PlaceName(name=name.partition(":")[0].strip())


def _note(fields: dict[str, Any]) -> str | None:
    glide, status = text(fields.get("glide")), text(fields.get("status"))
    return "; ".join(part for part in (f"GLIDE {glide}" if glide else None, status) if part) or None
