"""ACLED: conflict events and reported fatalities, event by event, and counted by month (HDX, HDX HAPI).

What is published: events with date, type, actors, place and reported fatalities (API, as CSV and JSON); monthly counts
of political violence, of civilians targeted and of demonstrations by district or country (three HDX workbooks, and
HAPI's file of all three).
Grain: one event; or one district or country, month and type of event.
Key: ``event_id_cnty``; of the counts: area, month and type.
Revisions and cadence: weekly; events are edited, recoded and withdrawn for years, and the counts with them.
Known traps: fatalities are reports, 0 where none is known, and not counted at all for demonstrations; civilians
targeted are a part of political violence; a country has either counts of its own or of its districts, never both; only
a workbook's name tells which events it counts and as of when, and its last month is not whole; ACLED's areas are not
OCHA's, and some codes stand on two districts; an account of a low tier gets no recent events, which is not peace.
Actors, coordinates and descriptions are not taken over.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ingest import acled, hapi
from ingest.acled import Counted
from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import is_csv, read_csv, read_json, require, require_list
from ingest.values import count, day, shown, text
from ingest.workbook import is_workbook, read_workbook
from tracker.errors import RecordError, SettingsError, SourceChanged
from tracker.records import AccessFigure, Amount, Credential, ParsedRow, Payload, Period, PlaceName, Source
from tracker.vocabulary import (
    AccessIndicator,
    AccessUnit,
    Precision,
    Redistribution,
    Reliability,
    Role,
    SetAsideReason,
    SourceKind,
)

TOKEN = "https://acleddata.com/oauth/token"  # noqa: S105 - where one is asked for
ADDRESS = "https://acleddata.com/api/acled/read"
USERNAME, PASSWORD = "TRACKER_ACLED_USERNAME", "TRACKER_ACLED_PASSWORD"  # noqa: S105 - names of settings
PAGE, MOST_PAGES = 5000, 200
DAYS = 60
"""How far back events are asked for: most recoding happens within weeks."""

NEEDED = ("event_id_cnty", "event_date", "time_precision", "event_type", "country", "admin1", "fatalities")
COUNTS_ONLY = frozenset(acled.HAPI_FIELDS) - frozenset(NEEDED)
"""Fields by which a row of HAPI's counts is told from an event."""

TYPES = frozenset(
    {
        "battles", "explosions/remote violence", "violence against civilians", "protests", "riots",
        "strategic developments",
    }
)  # fmt: skip
PRECISIONS = {1: Precision.DAY, 2: Precision.WEEK, 3: Precision.MONTH}
EVENTS = AccessIndicator.CONFLICT_EVENTS, AccessUnit.EVENTS
FATALITIES = AccessIndicator.FATALITIES, AccessUnit.PEOPLE

SOURCE = Source(
    code="acled_conflict_events",
    name="ACLED: conflict events",
    kind=SourceKind.MONITOR,
    reliability=Reliability.B,
    licence="ACLED terms of use: attribution, no redistribution of raw data",
    redistribute=Redistribution.NO,
    credit_line="ACLED, Armed Conflict Location & Event Data (acleddata.com)",
    homepage="https://acleddata.com/",
    cadence_days=7,
    measures="Conflict events and reported fatalities, event by event and by month.",
    grain="Two figures an event; or two an area, month and type of event.",
    traps="Reported fatalities are not counted ones; civilians targeted are a part of political violence.",
    fields=frozenset(
        {
            "data_id", "iso", "iso3", "event_id_no_cnty", "year", "disorder_type", "sub_event_type", "actor1",
            "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting",
            "region", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision", "source",
            "source_scale", "notes", "tags", "timestamp", "population_1km", "population_2km", "population_5km",
            "population_best", "has_hrp", "in_gho", "admin1_name", "admin2_name", "Fatalities", "Admin1", "Admin2",
            "ISO3", "Admin1 Pcode", "Admin2 Pcode",
            *NEEDED, *acled.HAPI_FIELDS, *acled.BOOK_FIELDS, *hapi.COMMON_FIELDS,
        }
    ),
    credentials=(
        Credential(USERNAME, "the e-mail address of an account with ACLED (acleddata.com/register)"),
        Credential(PASSWORD, "the password of that account"),
    ),
    pause_seconds=1.0,
)  # fmt: skip


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:
    """The events of the last weeks in every followed country, page by page; there is no total.

    Raises:
        SettingsError: No country is followed that ACLED knows; without one the answer would be the world.
        SourceChanged: A page came twice, or there is no end of them.
    """
    countries = "|".join(acled.NAMES[iso3] for iso3 in scope.countries if iso3 in acled.NAMES)
    if not countries:
        raise SettingsError("no region of the store follows any country: run `tracker db seed`")
    form = {"username": client.credential(USERNAME), "password": client.credential(PASSWORD)}
    said = client.post(TOKEN, {**form, "grant_type": "password", "client_id": "acled"})
    headers = {"Authorization": f"Bearer {require(read_json(said), 'access_token', said, '$')}"}
    days = f"{scope.today - timedelta(days=DAYS)}|{scope.today}"
    query = {"_format": "json", "country": countries, "event_date": days, "event_date_where": "BETWEEN", "limit": PAGE}
    before: list[Any] = []
    for number in range(1, MOST_PAGES + 1):
        payload = client.get(ADDRESS, {**query, "page": number}, headers)
        yield payload
        found = [record for _, record in _listed(payload)]
        if len(found) > PAGE or (found and found == before):
            raise SourceChanged(f"{payload.url}: page {number} is not the one asked for; nothing can be trusted")
        if len(found) < PAGE:
            return
        before = found
    raise SourceChanged(f"{ADDRESS} has more than {MOST_PAGES} pages: not what it promises")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each event, or for each area, month and type of event."""
    if is_workbook(payload):
        yield from _counts(list(acled.of_workbook(read_workbook(payload), payload)))
        return
    rows = list(_listed(payload))
    if rows and isinstance(rows[0][1], dict) and rows[0][1].keys() & COUNTS_ONLY:
        yield from _counts(list(acled.of_hapi(iter(rows), payload)))
        return
    for locator, record in rows:
        yield _event(locator, record, payload)


def _listed(payload: Payload) -> Iterator[tuple[str, Any]]:
    """Locator and record of everything in a file or a page."""
    if is_csv(payload):
        yield from ((f"csv:{line}", record) for line, record in read_csv(payload))
        return
    looks_like = dict.fromkeys(("message", "error"), "a refusal: check the account's tier and the terms of use")
    found = require_list(read_json(payload), "data", payload, looks_like)
    yield from ((f"data[{number}]", record) for number, record in enumerate(found))


def _event(locator: str, record: Any, payload: Payload) -> ParsedRow:
    told = {name: require(record, name, payload, locator) for name in NEEDED}
    row = ParsedRow(locator, record)
    with row.attempt("event_type") as place:
        row.figures.append(_of_event(told, record.get("iso3"), EVENTS, 1, place))
    with row.attempt("fatalities") as place:
        fatalities = count(told["fatalities"], "fatalities")
        if fatalities is not None:
            row.figures.append(_of_event(told, record.get("iso3"), FATALITIES, fatalities, place))
    return row


def _of_event(
    told: dict[str, Any], iso3: Any, counted: tuple[AccessIndicator, AccessUnit], number: int, locator: str
) -> AccessFigure:
    event, country = text(told["event_id_cnty"]), text(told["country"])
    if event is None:
        raise RecordError(SetAsideReason.MISSING_FIELD, "the event has no event_id_cnty, so it could be counted twice")
    kind = str(told["event_type"]).strip().lower()
    if kind not in TYPES:
        raise RecordError(SetAsideReason.UNKNOWN_WORD, f"event_type is {shown(kind)}: none of ACLED's six")
    # Since 2025 the API gives no ISO3 code, and an area can be named within a coded country only.
    code = text(iso3) or acled.CODES.get(country or "")
    if code is None:
        raise RecordError(SetAsideReason.UNKNOWN_PLACE, f"country is {country!r}: none of ACLED's names")
    precision = PRECISIONS.get(count(told["time_precision"], "time_precision") or 0, Precision.UNKNOWN)
    return AccessFigure(
        source=SOURCE.code,
        external_id=event,
        indicator=counted[0],
        location=PlaceName(iso3=code, name=text(told["admin1"])),
        variant=kind,
        amount=Amount.exact(number),
        unit=counted[1],
        period=Period.on(day(told["event_date"], "event_date"), precision),
        role=Role.CONTEXT,
        credibility=3,
        locator=locator,
    )


def _counts(rows: list[Counted]) -> Iterator[ParsedRow]:
    own = acled.own_codes(rows)
    for counted in rows:
        row = ParsedRow(counted.locator, counted.raw)
        area = counted.area
        if area.code and not own[area.code]:
            area = PlaceName(iso3=area.iso3, name=area.name)
        for cell, (indicator, unit) in zip(counted.cells, (EVENTS, FATALITIES), strict=True):
            if cell is None:
                continue
            column, value = cell
            with row.attempt(column) as locator:
                number = count(value, column)
                if number is None:
                    continue
                row.figures.append(
                    AccessFigure(
                        source=SOURCE.code,
                        indicator=indicator,
                        location=area,
                        variant=counted.kind,
                        amount=Amount.exact(number),
                        unit=unit,
                        period=counted.period(),
                        published_on=counted.published_on,
                        role=Role.CONTEXT if counted.kind == acled.CIVILIANS else Role.RECOMMENDED,
                        credibility=3,
                        note=counted.note,
                        locator=locator,
                    )
                )
        yield row
