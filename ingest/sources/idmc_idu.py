"""IDMC Internal Displacement Updates: provisional figures of new displacements, event by event, in the last 180 days.

What is published: one record a figure IDMC's monitors took from a report, with place, dates, cause and event; one JSON
array, no paging.
Grain: one record a figure; several may be about one event.
Key: ``id``.
Revisions and cadence: daily; records are added, corrected and taken back. The validated figures are those of GIDD.
Known traps: only "Recommended figure" may be added up, "Triangulation" repeats people of another record; records of
2023 have no role, so they can serve as context only; returns and failed returns stand among the displacements and are
told apart by their text alone, which is HTML; "10,000 (People or Household)" happens. Dates of 2023 are moments of UTC
(``T11:00:00.000Z``), midnight of the *next* day far east of Greenwich: in each of them the day the text states is the
one that follows, while those of 2025 are plain days. Nothing is converted here: the text decides between the two days.
``created_at`` is when a record was begun, not when it was last changed, so it is no day of publication.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import read_json, require
from ingest.values import count, day, text
from tracker.errors import RecordError, SourceChanged
from tracker.records import Amount, Credential, DisplacementFigure, ParsedRow, Payload, Period, PlaceName, Source
from tracker.vocabulary import (
    Cause,
    DisplacementIndicator,
    Measure,
    ObservationStatus,
    PopulationGroup,
    Precision,
    Qualifier,
    Redistribution,
    Reliability,
    Role,
    SetAsideReason,
    SourceKind,
)

FIELDS = (
    "id", "iso3", "displacement_type", "qualifier", "figure", "displacement_start_date", "displacement_end_date",
    "event_name", "standard_info_text",
)  # fmt: skip
NEW_FIELDS = ("role", "locations_name", "event_id", "sources", "displacement_occurred")
"""What records have since 2024; of these, the first two are read."""

SOURCE = Source(
    code="idmc_idu",
    name="IDMC Internal Displacement Updates",
    kind=SourceKind.MONITOR,
    reliability=Reliability.B,
    licence="CC BY-NC 4.0 (IDMC; HDX says CC BY-IGO)",
    redistribute=Redistribution.NON_COMMERCIAL,
    credit_line="Internal Displacement Monitoring Centre (IDMC), Internal Displacement Updates",
    homepage="https://www.internal-displacement.org/database/displacement-data/",
    cadence_days=1,
    measures="New displacements by conflict or disaster, event by event, provisional.",
    grain="One figure a record of IDMC's monitors: place, dates, cause and event.",
    traps="Provisional; triangulation repeats recommended figures; coverage differs from country to country.",
    fields=frozenset(FIELDS)
    | set(NEW_FIELDS)
    | {
        "country",
        "latitude",
        "longitude",
        "centroid",
        "displacement_date",
        "year",
        "event_start_date",
        "event_end_date",
    }
    | {
        "category",
        "subcategory",
        "type",
        "subtype",
        "standard_popup_text",
        "created_at",
        "old_id",
        "event_codes",
        "event_code_types",
    }
    | {"source_url", "locations_coordinates", "locations_accuracy", "locations_type"},
    credentials=(Credential("TRACKER_IDMC_CLIENT_ID", "ask IDMC for a client id: info@idmc.ch"),),
)
ADDRESS = "https://helix-tools-api.idmcdb.org/external-api/idus/last-180-days/"
CAUSES = {"conflict": Cause.CONFLICT, "disaster": Cause.DISASTER, "other": Cause.OTHER}
QUALIFIERS = {
    "total": Qualifier.EXACT,
    "approximately": Qualifier.APPROX,
    "more than": Qualifier.MORE_THAN,
    "more than or equal to": Qualifier.AT_LEAST,
    "less than": Qualifier.LESS_THAN,
    "less than or equal to": Qualifier.AT_MOST,
}
ROLES = {"recommended figure": Role.RECOMMENDED, "triangulation": Role.TRIANGULATION}
LOOKS_LIKE = {"new_displacement": "IDMC's yearly figures (GIDD), not its updates"}
COUNTED = re.compile(r":\s*[\d,.]*\s*([A-Za-z][A-Za-z -]*)")
"""What the text counts: "India: 2 displacements (in relief camp), 07 November - 07 November"."""
DAYS = re.compile(r"(\d\d [A-Z][a-z]+) - (\d\d [A-Z][a-z]+)$")
TIME = re.compile(r"T(?!00:00)")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The whole feed; it cannot be asked for by country."""
    yield client.get(ADDRESS, {"client_id": client.credential("TRACKER_IDMC_CLIENT_ID")})


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each record."""
    records = read_json(payload)
    if not isinstance(records, list):
        raise SourceChanged(f"{payload.url}: expected a list of records; the client id may not be accepted")
    for number, record in enumerate(records):
        row = ParsedRow(f"[{number}]", record)
        for field in FIELDS:
            require(record, field, payload, row.locator, LOOKS_LIKE)
        if any(field in record for field in NEW_FIELDS):
            for field in NEW_FIELDS[:2]:
                require(record, field, payload, row.locator)
        with row.attempt("figure") as locator:
            number_of = count(record["figure"], "figure")
            if number_of is not None:
                row.figures.append(_figure(record, number_of, locator))
        yield row


def _figure(record: dict[str, Any], number: int, locator: str) -> DisplacementFigure:
    known = count(record["id"], "id")
    if known is None:
        raise RecordError(SetAsideReason.MISSING_FIELD, "the record has no id, so it could be counted twice")
    words = _words(record["standard_info_text"])
    indicator, group = _counted(words)
    return DisplacementFigure(
        source=SOURCE.code,
        external_id=str(known),
        indicator=indicator,
        measure=Measure.FLOW,
        population_group=group,
        location=_place(record),
        cause=_word(record, "displacement_type", CAUSES),
        amount=Amount.of(_word(record, "qualifier", QUALIFIERS), number),
        observation_status=ObservationStatus.PROVISIONAL,
        period=_period(record, words),
        role=_word(record, "role", ROLES) if text(record.get("role")) else Role.CONTEXT,
        excerpt=words,
        note=text(record["event_name"]),
        credibility=3,
        locator=locator,
    )


def _word(record: dict[str, Any], field: str, known: dict[str, Any]) -> Any:
    word = " ".join(str(record[field]).lower().split())
    if word not in known:
        raise RecordError(
            SetAsideReason.UNKNOWN_WORD, f"{field} is {record[field]!r}: expected one of {', '.join(known)}"
        )
    return known[word]


def _words(html: Any) -> str:
    """The text without its tags, and without what is left of broken ones."""
    return " ".join(re.sub(r"[<>]", " ", re.sub(r"<[^<>]*>", " ", str(html or ""))).split())


def _counted(words: str) -> tuple[DisplacementIndicator, PopulationGroup]:
    """What a record counts, which its text alone tells."""
    found = COUNTED.search(words)
    said = found[1].lower() if found else ""
    if "displacement" in said:
        return DisplacementIndicator.NEW_DISPLACEMENT, PopulationGroup.IDP
    if "return" in said and "fail" not in said:
        across = "border" in said
        return DisplacementIndicator.RETURN, PopulationGroup.RET if across else PopulationGroup.RDP
    raise RecordError(
        SetAsideReason.UNKNOWN_WORD, f"the text counts {said or 'nothing'!r}: expected displacements or returns"
    )


def _place(record: dict[str, Any]) -> PlaceName:
    first, *more = [text(name) for name in str(record.get("locations_name") or "").split(";")]
    name = f"{first} and {len(more)} more" if first and more else first
    return PlaceName(iso3=text(record["iso3"]), name=name)


def _period(record: dict[str, Any], words: str) -> Period:
    stated = DAYS.search(words)
    start, end = stated.groups() if stated else ("", "")
    first, first_precision = _day(record, "displacement_start_date", start)
    last, last_precision = _day(record, "displacement_end_date", end)
    return Period(first, last, first_precision, last_precision)


def _day(record: dict[str, Any], field: str, stated: str) -> tuple[date, Precision]:
    """A plain day as it is; of a moment the day, or the next one, whichever the text states."""
    read = day(record[field], field)
    if not TIME.search(str(record[field])):
        return read, Precision.DAY
    for candidate in (read, read + timedelta(days=1)):
        if f"{candidate.day:02} {MONTHS[candidate.month - 1]}" == stated:
            return candidate, Precision.DAY
    return read, Precision.UNKNOWN
