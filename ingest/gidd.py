"""IDMC's Global Internal Displacement Database: the form its lists share, of one release a year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.http import Client
from ingest.paging import by_offset
from ingest.reading import is_csv, read_json, require, require_list
from ingest.values import count, day, text
from tracker.errors import SourceChanged
from tracker.records import Amount, Credential, DisplacementFigure, Payload, Period, PlaceName, Source
from tracker.vocabulary import (
    Cause,
    DisplacementIndicator,
    Measure,
    PopulationGroup,
    Redistribution,
    Reliability,
    SourceKind,
)

API = "https://helix-tools-api.idmcdb.org/external-api/gidd/"
PAGE = 100
CREDENTIAL = Credential("TRACKER_IDMC_CLIENT_ID", "ask IDMC for a client id: info@idmc.ch")
FLOW, STOCK = "new_displacement", "total_displacement"
COUNTS = (FLOW, f"{FLOW}_rounded", STOCK, f"{STOCK}_rounded")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list.

    Attributes:
        released: The day of the release; null in answers of 2023, which do not tell.
        total: How many rows the whole list has.
    """

    released: date | None
    total: int | None
    rows: list[Any]


def source(
    *,
    code: str,
    name: str,
    cadence_days: int,
    measures: str,
    grain: str,
    traps: str,
    fields: frozenset[str] = frozenset(),
) -> Source:
    """One of the database's lists as a source."""
    return Source(
        code=code,
        name=name,
        kind=SourceKind.MONITOR,
        reliability=Reliability.B,
        licence="CC BY-NC 4.0 (stated in IDMC's own files; HDX says CC BY-IGO)",
        redistribute=Redistribution.NON_COMMERCIAL,
        credit_line="Internal Displacement Monitoring Centre (IDMC), Global Internal Displacement Database",
        homepage="https://www.internal-displacement.org/database/displacement-data/",
        cadence_days=cadence_days,
        measures=measures,
        grain=grain,
        traps=traps,
        fields=fields,
        credentials=(CREDENTIAL,),
    )


def fetch(client: Client, name: str) -> Iterator[Payload]:
    """Every page of a list. The links inside the pages are not followed: they repeat the client id."""
    query = {"client_id": client.credential(CREDENTIAL.variable), "format": "json"}
    return by_offset(client, API + name, query, limit=PAGE, rows=_rows, total=_total)


def read_page(payload: Payload) -> Page:
    """Read a page.

    Raises:
        SourceChanged: It is none.
    """
    envelope = read_json(payload)
    rows, said = _rows(envelope, payload), envelope.get("last_updated")
    return Page(day(said, "last_updated") if said else None, _total(envelope, payload), rows)


def release(payload: Payload) -> str | None:
    """Which release a page is a part of; null for what is no page, and stands alone."""
    try:
        page = read_page(payload)
    except SourceChanged:
        return None
    return f"{page.released} {page.total}"


def is_whole(payloads: list[Payload]) -> bool:
    """Whether the payloads are all pages of one release, each of them once."""
    if any(is_csv(payload) for payload in payloads) or len({p.content for p in payloads}) < len(payloads):
        return False
    pages = [read_page(payload) for payload in payloads]
    releases = {(page.released, page.total) for page in pages}
    return len(releases) == 1 and sum(len(page.rows) for page in pages) == pages[0].total


def people(row: Mapping[str, Any], column: str) -> int | None:
    """The exact number of a column; a zero that IDMC does not round to zero is an empty cell of its own database.

    Raises:
        RecordError: It is no count.
    """
    number, rounded = count(row[column], column), count(row[f"{column}_rounded"], f"{column}_rounded")
    return None if number == 0 and rounded is None else number


def period(column: str, of: int) -> Period:
    """What a count of a year is about: movements all of it, the people still displaced its last day."""
    return Period.year(of) if column == FLOW else Period.on(date(of, 12, 31))


def figure(
    source: str, column: str, number: int, iso3: Any, period: Period, cause: Cause, locator: str, **more: Any
) -> DisplacementFigure:
    """The figure of one of the two counts; what is said of it besides goes in by the names of the record."""
    moved = column == FLOW
    return DisplacementFigure(
        source=source,
        indicator=DisplacementIndicator.NEW_DISPLACEMENT if moved else DisplacementIndicator.POPULATION,
        measure=Measure.FLOW if moved else Measure.STOCK,
        population_group=PopulationGroup.IDP,
        location=PlaceName(iso3=text(iso3)),
        cause=cause,
        amount=Amount.exact(number),
        period=period,
        credibility=2,
        locator=locator,
        **more,
    )


def _rows(envelope: Any, payload: Payload) -> list[Any]:
    return require_list(envelope, "results", payload, {"detail": "a refusal: check the client id"})


def _total(envelope: Any, payload: Payload) -> int | None:
    return count(require(envelope, "count", payload, "$"), "count")
