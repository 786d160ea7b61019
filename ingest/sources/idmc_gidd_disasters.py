"""IDMC's Global Internal Displacement Database, disasters: validated figures of single events.

What is published: for each disaster and country since 2008 the new displacements, and since 2019 the people still
displaced at the year's end; from the API (``disasters``). A CSV of 2022 on HDX has the totals of countries and years.
Grain: one row an event, country and year; in the CSV a country and year.
Key: none is published. An event is told by country, year, name, dates, hazard and codes; several of one, as in the
years before 2013 ("Flood - 01/01/2012"), by the rank of their numbers.
Revisions and cadence: a release a year, in May, in which earlier events change too; the API tells the release in
``last_updated``; in 2023 it did not, and called the codes ``glide_numbers``. All pages of a release together are all
that IDMC says, so what a later one leaves out is withdrawn.
Known traps: one event may be several rows, which are not added up here; of 2008 many rows have day and month of one
date swapped and end before they start, so they are set aside; accuracy is a word or null, null being unknown; a date
of accuracy "Month" or "Year" is its first day, which for an end is before many a start; the end may be missing; a zero
whose rounded value is null means that there is no figure. HDX's CSV of single disasters has no names of hazards, so
that its rows cannot be told for those of the API, and is refused.
"""

import hashlib
import json
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ingest import gidd
from ingest.contract import Scope
from ingest.gidd import COUNTS, FLOW, STOCK
from ingest.http import Client
from ingest.reading import is_csv, read_csv, require
from ingest.values import day, text, year
from tracker.errors import RecordError
from tracker.records import ParsedRow, Payload, Period
from tracker.vocabulary import Cause, Precision, SetAsideReason

IDENTITY = ("iso3", "year", "event_name", "start_date", "end_date", "hazard_sub_type_name", "event_codes")
"""What tells one row from all others."""
CODES, OLD_CODES = "event_codes", "glide_numbers"
Alike = dict[str, set[tuple[str, ...]]]
"""The numbers of the rows of a page, by all else that tells them."""

FIELDS = (*IDENTITY, "start_date_accuracy", "end_date_accuracy", *COUNTS)
BULK_COLUMNS = {
    "Disaster Internal Displacements (Raw)": FLOW,
    "Disaster Internal Displacements": f"{FLOW}_rounded",
    "Disaster Stock Displacement (Raw)": STOCK,
    "Disaster Stock Displacement": f"{STOCK}_rounded",
}
SOURCE = gidd.source(
    code="idmc_gidd_disasters",
    name="IDMC: displacement by disasters, event by event and validated",
    cadence_days=30,
    measures="New displacements by each disaster, and people still displaced by it at the end of a year.",
    grain="Two figures an event, country and year.",
    traps="Movements and people are never added; early events have day and month swapped; releases revise them.",
    fields=frozenset({*FIELDS, OLD_CODES})
    | {"country_name", "event_codes_type", "hazard_category", "hazard_category_name", "hazard_sub_category"}
    | {"hazard_sub_category_name", "hazard_type", "hazard_type_name", "hazard_sub_type"}
    | set(BULK_COLUMNS)
    | {"ISO3", "Name", "Year"}
    | {f"Conflict {what}{raw}" for what in ("Stock Displacement", "Internal Displacements") for raw in ("", " (Raw)")},
)
PRECISIONS = {
    "day": Precision.DAY,
    "week": Precision.WEEK,
    "month": Precision.MONTH,
    "year": Precision.YEAR,
    "": Precision.UNKNOWN,
}
LOOKS_LIKE = {
    "figure": "IDMC's updates (IDU), not its yearly figures",
    "event_name": "single disasters in another form than IDMC's own list (HDX's CSV has no names of hazards)",
    FLOW: "IDMC's conflicts, not its disasters",
}
release, is_whole = gidd.release, gidd.is_whole


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The whole release."""
    return gidd.fetch(client, "disasters/")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each event, country and year."""
    if is_csv(payload):
        yield from _parse_bulk(payload)
        return
    page = gidd.read_page(payload)
    records = [_as_now(record) for record in page.rows]
    alike: Alike = defaultdict(set)
    for number, record in enumerate(records):
        for field in FIELDS:
            require(record, field, payload, f"results[{number}]", LOOKS_LIKE)
        alike[_known(record)].add(_numbers(record))
    for number, (raw, record) in enumerate(zip(page.rows, records, strict=True)):
        row, identity = ParsedRow(f"results[{number}]", raw), _identity(record, alike)
        for column in (FLOW, STOCK):
            with row.attempt(column) as locator:
                people = gidd.people(record, column)
                if people is not None:
                    of = year(record["year"], "year")
                    period = _period(record) if column == FLOW else gidd.period(column, of)
                    # Never empty: one disaster's people must not answer for all displaced people of a country.
                    hazard = text(record["hazard_sub_type_name"]) or "hazard not said"
                    row.figures.append(
                        gidd.figure(
                            SOURCE.code, column, people, record["iso3"], period, Cause.DISASTER, locator,
                            variant=hazard, external_id=identity, published_on=page.released,
                            note=text(record["event_name"]),
                        )
                    )  # fmt: skip
        yield row


def _parse_bulk(payload: Payload) -> Iterator[ParsedRow]:
    for line, raw in read_csv(payload):
        row = ParsedRow(f"csv:{line}", raw)
        record = {meant: require(raw, name, payload, row.locator, LOOKS_LIKE) for name, meant in BULK_COLUMNS.items()}
        iso3, about = (require(raw, field, payload, row.locator) for field in ("ISO3", "Year"))
        for name, column in BULK_COLUMNS.items():
            if column not in (FLOW, STOCK):
                continue
            with row.attempt(name) as locator:
                people = gidd.people(record, column)
                if people is not None:
                    of = year(about, "Year")
                    period = gidd.period(column, of)
                    # A year's disasters are incidents too: their number has no course to be judged by.
                    told = {"variant": "all of the year", "external_id": f"{iso3} {of}"}
                    row.figures.append(
                        gidd.figure(SOURCE.code, column, people, iso3, period, Cause.DISASTER, locator, **told)
                    )
        yield row


def _as_now(record: Any) -> Any:
    """The record with the codes of its event under the name that they have had since 2025."""
    return {CODES: record[OLD_CODES], **record} if isinstance(record, Mapping) and OLD_CODES in record else record


def _identity(record: Mapping[str, Any], alike: Alike) -> str:
    """An id of ours, the same for the same row in every release and in whatever order its page lists them.

    Rows that differ in nothing but their numbers are people of their own, told by the rank of their numbers.
    """
    known = _known(record)
    rank = sorted(alike[known]).index(_numbers(record))
    return hashlib.sha256(f"{known}{rank or ''}".encode()).hexdigest()[:16]


def _known(record: Mapping[str, Any]) -> str:
    # A year is a number in one release and may be text in the next.
    return json.dumps([str(record[field]) for field in IDENTITY], ensure_ascii=False)


def _numbers(record: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(record[column]) for column in COUNTS)


def _period(record: Mapping[str, Any]) -> Period:
    start, first = day(record["start_date"], "start_date"), _precision(record, "start")
    if text(record["end_date"]) is None:
        return Period(start, start, first, Precision.UNKNOWN)
    last = _precision(record, "end")
    return Period(start, _last_day(day(record["end_date"], "end_date"), last), first, last)


def _last_day(end: date, precision: Precision) -> date:
    """Of an end known by its month or year alone, which IDMC writes as the first day of it."""
    if precision is Precision.YEAR:
        return date(end.year, 12, 31)
    return end.replace(day=monthrange(end.year, end.month)[1]) if precision is Precision.MONTH else end


def _precision(record: Mapping[str, Any], side: str) -> Precision:
    word = str(record[f"{side}_date_accuracy"] or "").strip().lower()
    if word not in PRECISIONS:
        raise RecordError(
            SetAsideReason.UNKNOWN_WORD, f"{side}_date_accuracy is {word!r}: expected {', '.join(PRECISIONS)}"
        )
    return PRECISIONS[word]
