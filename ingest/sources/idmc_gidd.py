"""IDMC's Global Internal Displacement Database, conflict and violence: validated figures of countries and years.

What is published: for each country and year since 2009 the new displacements of the year, and the people displaced at
its end; from the API (``conflicts``), and as CSV files on HDX, one of 2022 with other column names.
Grain: one row a country and year; two figures each.
Key: ``iso3`` and ``year``.
Revisions and cadence: a release a year, in May, in which earlier years change too and some vanish; the API tells the
release in ``last_updated``, since 2025. All pages of a release together are all that IDMC says, so what a later one
leaves out is withdrawn.
Known traps: new displacements are movements, not people, and are never added to the people displaced at the year's end;
a zero whose rounded value is null means that there is no figure; ``AB9`` (Abyei) is no ISO3 code, so its rows are set
aside; the links in the pages carry the client id; pages and files of disasters look alike.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ingest import gidd
from ingest.contract import Scope
from ingest.gidd import FLOW, STOCK
from ingest.http import Client
from ingest.reading import is_csv, read_csv, require
from ingest.values import year
from tracker.errors import SourceChanged
from tracker.records import DisplacementFigure, ParsedRow, Payload
from tracker.vocabulary import Cause, Coverage

COLUMNS = {n: n for n in ("iso3", "country_name", "year", *gidd.COUNTS)}
OLD_COLUMNS = {
    "ISO3": "iso3",
    "Name": "country_name",
    "Year": "year",
    "Conflict Internal Displacements (Raw)": FLOW,
    "Conflict Internal Displacements": f"{FLOW}_rounded",
    "Conflict Stock Displacement (Raw)": STOCK,
    "Conflict Stock Displacement": f"{STOCK}_rounded",
}
"""The columns of the CSV of 2022, by today's names; it also holds disasters, which are another source's."""

SOURCE = gidd.source(
    code="idmc_gidd",
    name="IDMC: displacement by conflict, yearly and validated",
    cadence_days=30,
    measures="New displacements by conflict in a year, and people displaced by conflict at its end.",
    grain="Two figures a country and year.",
    traps="Movements and people are never added; each release revises earlier years and leaves some out.",
    fields=frozenset(COLUMNS)
    | set(OLD_COLUMNS)
    | {f"Disaster {what}{raw}" for what in ("Stock Displacement", "Internal Displacements") for raw in ("", " (Raw)")},
)
LOOKS_LIKE = {"figure": "IDMC's updates (IDU), not its yearly figures", "features": "the disaggregated figures"}
release, is_whole = gidd.release, gidd.is_whole


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The whole release."""
    return gidd.fetch(client, "conflicts/")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each country and year."""
    if is_csv(payload):
        for line, record in read_csv(payload):
            names = OLD_COLUMNS if any(column in record for column in OLD_COLUMNS) else COLUMNS
            yield _row(f"csv:{line}", record, names, None, payload)
        return
    page = gidd.read_page(payload)
    for number, record in enumerate(page.rows):
        yield _row(f"results[{number}]", record, COLUMNS, page.released, payload)


def _row(locator: str, raw: Any, names: dict[str, str], released: date | None, payload: Payload) -> ParsedRow:
    if isinstance(raw, Mapping) and "event_name" in raw:
        raise SourceChanged(f"{payload.url}: this looks like IDMC's disasters, not its conflicts")
    row = ParsedRow(locator, raw)
    record = {meant: require(raw, name, payload, locator, LOOKS_LIKE) for name, meant in names.items()}
    called = {meant: name for name, meant in names.items()}
    for column in (FLOW, STOCK):
        with row.attempt(called[column]) as place:
            number = gidd.people(record, column)
            if number is not None:
                row.figures.append(_figure(record, column, number, released, place))
    return row


def _figure(
    record: Mapping[str, Any], column: str, number: int, released: date | None, locator: str
) -> DisplacementFigure:
    period = gidd.period(column, year(record["year"], "year"))
    return gidd.figure(
        SOURCE.code, column, number, record["iso3"], period, Cause.CONFLICT, locator,
        published_on=released, coverage=Coverage.FULL,
    )  # fmt: skip
