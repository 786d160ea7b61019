"""UNHCR Refugee Population Statistics Database: people of concern by country, each year since 1951.

What is published: end-year stocks of refugees, asylum seekers, IDPs, stateless people and others by country of origin
and of asylum, and the returns of the year (returned refugees, returned IDPs), which are flows.
Grain: one row a year, country of origin and country of asylum, with one column a population group.
Key: year, origin, asylum. The side a query does not ask for is summed, and "-" in all four of its fields.
Revisions and cadence: June for the year before; from autumn on the newest year holds mid-year figures (30 June) until
then. Earlier years are revised without notice.
Known traps: UNHCR's own country codes are not ISO3 (ARE is Egypt), so only the ``*_iso`` fields are used; counts come
as numbers, as "0" and as "-" (no data); a row for two countries has "0" IDPs, which says nothing of the IDPs at home;
IDPs here are those UNHCR protects or assists, fewer than IDMC's; ``hst`` is the host community, not displaced people;
``maxPages`` depends on ``limit``. The bulk CSV on HDX (``Year, ISO3CoO, ISO3CoA, REF, ...``) writes 0 for "no data" as
well as for none, so its zeros are no figures; it writes 100,000 as 1e+05, and VDA for what the API calls OIP.
"""

from collections.abc import Iterator

from ingest import unhcr_statistics
from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import is_csv, read_csv, require
from ingest.unhcr_statistics import Number
from ingest.values import count, year
from tracker.errors import RecordError
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
    SetAsideReason,
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

ADDRESS = f"{unhcr_statistics.API}population/"

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

BULK_COLUMNS = {
    "REF": "refugees",
    "IDP": "idps",
    "ASY": "asylum_seekers",
    "OOC": "ooc",
    "STA": "stateless",
    "VDA": "oip",
}
"""The bulk CSV's names."""

AT_HOME = frozenset({PopulationGroup.IDP, PopulationGroup.RDP, PopulationGroup.HST})
"""Groups counted in the country of origin itself."""
ABROAD = frozenset({PopulationGroup.REF, PopulationGroup.ASY, PopulationGroup.OIP, PopulationGroup.RET})
"""Groups that need two countries."""

LOOKS_LIKE = {
    "applied": "UNHCR's asylum applications, not its population figures",
    "dec_total": "UNHCR's asylum decisions, not its population figures",
    "f_total": "UNHCR's demographics, not its population figures",
    "PT": "UNHCR's demographics, not its population totals",
    "resettlement": "UNHCR's solutions, not its population figures",
    "total": "the figures of UNRWA or IDMC, not UNHCR's own",
    "iso2": "UNHCR's list of countries, not its population figures",
}


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:
    """People from the followed countries, by country of asylum and as totals; every page is one payload."""
    return unhcr_statistics.fetch(client, scope, ADDRESS)


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each item of the page, or each line of the bulk CSV."""
    if is_csv(payload):
        return _parse_bulk(payload)
    return unhcr_statistics.parse_page(payload, COLUMNS, LOOKS_LIKE, _figure)


def _parse_bulk(payload: Payload) -> Iterator[ParsedRow]:
    for line, record in read_csv(payload):
        row = ParsedRow(f"population.csv:{line}", record)
        for name, column in BULK_COLUMNS.items():
            value = require(record, name, payload, row.locator, LOOKS_LIKE)
            about = require(record, "Year", payload, row.locator)
            codes = [require(record, field, payload, row.locator) for field in ("ISO3CoO", "ISO3CoA")]
            with row.attempt(name):
                people = count(value, name)
                if people:
                    origin, asylum = (unhcr_statistics.country(code, code) for code in codes)
                    number = Number(column, people, about, origin, asylum, f"{row.locator} ({name})")
                    figure = _figure(number, payload)
                    if figure:
                        row.figures.append(figure)
        yield row


def _figure(number: Number, payload: Payload) -> DisplacementFigure | None:
    """A column's figure; null where the column cannot apply to these two countries."""
    indicator, measure, group = COLUMNS[number.column]
    origin, asylum = number.origin, number.asylum
    apart = origin is not None and asylum is not None and origin != asylum
    same = origin is not None and origin == asylum
    if (group in AT_HOME and apart) or (group in ABROAD and same):
        if number.people:
            raise RecordError(
                SetAsideReason.ORIGIN_MISMATCH,
                f"{number.column} is {number.people} from {origin} in {asylum}: that cannot be",
            )
        return None
    location, came_from = (origin, asylum) if measure is FLOW else (asylum, origin)
    if group in AT_HOME:
        location, came_from = origin or asylum, None
    period, status = unhcr_statistics.period(year(number.about, "year"), payload)
    return DisplacementFigure(
        source=SOURCE.code,
        indicator=indicator,
        measure=measure,
        population_group=group,
        location=location or PlaceName(code="WORLD"),
        origin=came_from,
        amount=Amount.exact(number.people),
        period=period if measure is FLOW else Period.on(period.end),
        cause=Cause.UNKNOWN,
        coverage=Coverage.FULL,
        observation_status=status,
        credibility=2,
        locator=number.locator,
    )
