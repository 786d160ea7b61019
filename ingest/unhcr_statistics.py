"""The API of UNHCR's Refugee Population Statistics Database: the form all of its lists share."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import read_json, require, require_list
from ingest.values import count
from tracker.errors import RecordError, SettingsError, SourceChanged, SourceUnreachable
from tracker.records import DisplacementFigure, ParsedRow, Payload, Period, PlaceName
from tracker.vocabulary import ObservationStatus, SetAsideReason

API = "https://api.unhcr.org/population/v1/"
FIRST_YEAR = 2011
PAGE, MOST_PAGES = 1000, 500
ITEM_FIELDS = frozenset(
    {"year", "coo_id", "coo_name", "coo", "coo_iso", "coa_id", "coa_name", "coa", "coa_iso"}
)  # fmt: skip
"""What an item of every list has."""


@dataclass(frozen=True, slots=True)
class Number:
    """People in a column of a row: of which year, from where, and in which country of asylum.

    Attributes:
        about: The year as the row has it.
        origin: Null when the row is summed over all countries; ``asylum`` likewise.
    """

    column: str
    people: int
    about: Any
    origin: PlaceName | None
    asylum: PlaceName | None
    locator: str


def fetch(client: Client, scope: Scope, address: str) -> Iterator[Payload]:
    """People from the followed countries, by country of asylum and as totals; every page is one payload.

    Raises:
        SettingsError: No country is followed: without one the answer would be the world.
        SourceChanged: The pages do not make a whole.
        SourceUnreachable: The list changed while it was read.
    """
    if not scope.countries:
        raise SettingsError("no region of the store follows any country: run `tracker db seed`")
    query = {"cf_type": "ISO", "coo": ",".join(scope.countries), "yearFrom": FIRST_YEAR, "yearTo": scope.today.year}
    for split in ({"coa_all": "true"}, {}):
        page, pages = 1, 1
        before: Any = None
        while page <= pages:
            payload = client.get(address, {**query, "limit": PAGE, "page": page, **split})
            yield payload
            envelope = read_json(payload)
            found = items(payload)
            said = count(require(envelope, "maxPages", payload, "$"), "maxPages") or 0
            if count(require(envelope, "page", payload, "$"), "page") != page or (before and found == before):
                raise SourceChanged(f"{payload.url}: asked for page {page} and got another; nothing can be trusted")
            if said > MOST_PAGES or (not found and page < said):
                raise SourceChanged(f"{payload.url}: page {page} of {said} holds {len(found)} rows; that is not all")
            if page > 1 and said != pages:
                raise SourceUnreachable(f"{payload.url}: the list changed while it was read; try again later")
            page, pages, before = page + 1, said, found


def items(payload: Payload) -> list[Any]:
    """The rows of a page.

    Raises:
        SourceChanged: There are none where they should be.
    """
    return require_list(read_json(payload), "items", payload)


def parse_page(
    payload: Payload,
    columns: Iterable[str],
    looks_like: Mapping[str, str],
    figure: Callable[[Number, Payload], DisplacementFigure | None],
) -> Iterator[ParsedRow]:
    """One row for each item of a page, with what is made of each of its numbers.

    Raises:
        SourceChanged: There are no items where they should be, or a field is gone.
    """
    for number, item in enumerate(items(payload)):
        row = ParsedRow(f"items[{number}]", item)
        for column in columns:
            value = require(item, column, payload, row.locator, looks_like)
            about = require(item, "year", payload, row.locator)
            codes = countries(item, payload, row.locator)
            with row.attempt(column) as locator:
                people = count(value, column)
                if people is not None:
                    origin, asylum = (country(*code) for code in codes)
                    made = figure(Number(column, people, about, origin, asylum, locator), payload)
                    if made:
                        row.figures.append(made)
        yield row


def countries(item: Any, payload: Payload, locator: str) -> list[tuple[Any, Any]]:
    """The codes of the countries of origin and of asylum, ISO3 and UNHCR's own, to be read with `country`."""
    return [(require(item, f"{side}_iso", payload, locator), item.get(side)) for side in ("coo", "coa")]


def country(iso3: Any, code: Any) -> PlaceName | None:
    """Null when this side of the row is summed over all countries.

    Raises:
        RecordError: UNHCR's code stands for no country.
    """
    if iso3 == "-":
        return None
    if not iso3:
        # Its own code must not stand in for the missing one: UNHCR's ARE is Egypt, ISO's is the Emirates.
        raise RecordError(
            SetAsideReason.UNKNOWN_PLACE, f"UNHCR's {code!r} has no ISO3 code: unknown, stateless or various origins"
        )
    return PlaceName(iso3=str(iso3).strip())


def period(of: int, payload: Payload) -> tuple[Period, ObservationStatus]:
    """The year; or its first half, as long as the year's final figures are not out (June of the next)."""
    if payload.retrieved_at.date() < date(of + 1, 6, 1):
        return Period(date(of, 1, 1), date(of, 6, 30)), ObservationStatus.PROVISIONAL
    return Period.year(of), ObservationStatus.NORMAL
