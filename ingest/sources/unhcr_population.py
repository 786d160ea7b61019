"""UNHCR Refugee Population Statistics Database: people of concern by country, each year since 1951.

What is published: end-year stocks of refugees, asylum seekers, IDPs, stateless people and others by country of origin
and of asylum, and the returns of the year (returned refugees, returned IDPs), which are flows.
Grain: one row a year, country of origin and country of asylum, with one column a population group.
Key: year, origin, asylum. The side a query does not ask for is summed, and "-" in all four of its fields.
Revisions and cadence: June for the year before, with a mid-year update; earlier years are revised without notice.
Known traps: UNHCR's own country codes are not ISO3 (ARE is Egypt), so only the ``*_iso`` fields are used; counts come
as numbers, as "0" and as "-" (no data); IDPs here are those UNHCR protects or assists, fewer than IDMC's; ``hst`` is
the host community, not displaced people; ``maxPages`` depends on ``limit``.
"""

from collections.abc import Iterator
from typing import Any

from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import count, read_json, require
from tracker.errors import SourceChanged
from tracker.records import (
    Amount,
    DisplacementFigure,
    ParsedRow,
    Payload,
    Period,
    PlaceName,
    Source,
)
from tracker.vocabulary import (
    Cause,
    Coverage,
    DisplacementIndicator,
    Measure,
    PopulationGroup,
    Redistribution,
    Reliability,
    SourceKind,
)

SOURCE = Source(
    code="unhcr_population",
    name="UNHCR Refugee Population Statistics Database",
    kind=SourceKind.UN,
    reliability=Reliability.B,
    licence="CC BY 4.0",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="UNHCR Refugee Population Statistics Database",
    homepage="https://www.unhcr.org/refugee-statistics/",
    cadence_days=30,
    measures="End-year stocks of refugees, asylum seekers, IDPs and others; returns of the year as flows.",
    grain="One figure a year, country of origin, country of asylum and population group.",
    traps="IDPs are those UNHCR protects or assists, fewer than IDMC's; host community is not displaced people.",
)

ADDRESS = "https://api.unhcr.org/population/v1/population/"
FIRST_YEAR = 2011
PAGE = 1000

POPULATION, RETURN = DisplacementIndicator.POPULATION, DisplacementIndicator.RETURN
STOCK, FLOW = Measure.STOCK, Measure.FLOW
COLUMNS: dict[str, tuple[DisplacementIndicator, Measure, PopulationGroup]] = {
    "refugees": (POPULATION, STOCK, PopulationGroup.REF),
    "asylum_seekers": (POPULATION, STOCK, PopulationGroup.ASY),
    "returned_refugees": (RETURN, FLOW, PopulationGroup.RET),
    "idps": (POPULATION, STOCK, PopulationGroup.IDP),
    "returned_idps": (RETURN, FLOW, PopulationGroup.RDP),
    "stateless": (POPULATION, STOCK, PopulationGroup.STA),
    "ooc": (POPULATION, STOCK, PopulationGroup.OOC),
    "oip": (POPULATION, STOCK, PopulationGroup.OIP),
    "hst": (POPULATION, STOCK, PopulationGroup.HST),
}
"""Which column is a stock and which a flow: the payload does not say."""

AT_HOME = frozenset({PopulationGroup.IDP, PopulationGroup.RDP, PopulationGroup.HST})
"""Groups counted in the country of origin itself."""


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:
    """People from the followed countries, by country of asylum and as totals; every page is one payload."""
    for split in ({"coa_all": "true"}, {}):
        page, pages = 1, 1
        while page <= pages:
            payload = client.get(
                ADDRESS,
                {
                    "cf_type": "ISO",
                    "coo": ",".join(scope.countries),
                    "yearFrom": FIRST_YEAR,
                    "yearTo": scope.today.year,
                    "limit": PAGE,
                    "page": page,
                    **split,
                },
            )
            yield payload
            envelope = read_json(payload)
            if count(require(envelope, "page", payload, "$"), "page") != page:
                raise SourceChanged(f"{payload.url}: asked for page {page} and got another; nothing can be trusted")
            pages = count(require(envelope, "maxPages", payload, "$"), "maxPages") or 0
            page += 1


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each item of the page."""
    items = require(read_json(payload), "items", payload, "$")
    if not isinstance(items, list):
        raise SourceChanged(f"{payload.url}: 'items' is not a list; the provider changed its format")
    for number, item in enumerate(items):
        row = ParsedRow(f"items[{number}]", item)
        for column in COLUMNS:
            value = require(item, column, payload, row.locator)
            with row.attempt(column) as locator:
                people = count(value, column)
                if people is not None:
                    row.figures.append(_figure(item, column, people, payload, locator))
        yield row


def _figure(item: dict[str, Any], column: str, people: int, payload: Payload, locator: str) -> DisplacementFigure:
    indicator, measure, group = COLUMNS[column]
    year = count(require(item, "year", payload, locator), "year") or 0
    period = Period.year(year)
    origin, asylum = (_country(item, side, payload, locator) for side in ("coo", "coa"))
    location, came_from = asylum, origin
    if measure is FLOW:
        location, came_from = origin, asylum
    if group in AT_HOME:
        location, came_from = origin or asylum, None
    return DisplacementFigure(
        source=SOURCE.code,
        indicator=indicator,
        measure=measure,
        population_group=group,
        location=location or PlaceName(code="WORLD"),
        origin=came_from,
        amount=Amount.exact(people),
        period=period if measure is FLOW else Period.on(period.end),
        cause=Cause.UNKNOWN,
        coverage=Coverage.FULL,
        credibility=2,
        locator=locator,
    )


def _country(item: dict[str, Any], side: str, payload: Payload, locator: str) -> PlaceName | None:
    """Null when this side of the row is summed over all countries."""
    iso3 = require(item, f"{side}_iso", payload, locator)
    if iso3 == "-":
        return None
    return PlaceName(iso3=iso3 or item.get(side), name=None)
