"""UNHCR Refugee Population Statistics Database: people by sex and age, each year since 2001.

What is published: the people of UNHCR's population figures by sex and age; from the API, and as a bulk CSV on HDX.
Grain: one row a year, origin and asylum (in the CSV: and population group, location and accommodation), with one column
a sex and age range.
Key: year, origin, asylum; in the CSV also ``PT``, ``location``, ``urbanRural``, ``accommodationType``.
Revisions and cadence: June for the year before; from autumn on the newest year holds its first half until then.
Known traps: every figure here repeats people of the population figures, so none is a headline; women and men need not
add up to the total, most rows of the CSV have a total only; there zero stands for "no data" as well as for none, so
its zeros are no figures; the API, unless asked, adds all groups of people up; in the CSV returns (RET, RDP) are flows
of the year and stand in the country returned to; codes of countries in the API are not ISO3 but for ``*_iso``.
"""

from collections.abc import Iterator
from typing import Any

from ingest import unhcr_statistics
from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import is_csv, read_csv, require
from ingest.unhcr_statistics import Number
from ingest.values import count, text, year
from tracker.errors import RecordError
from tracker.records import Amount, DisplacementFigure, ParsedRow, Payload, Period, PlaceName, Source
from tracker.vocabulary import (
    DisplacementIndicator,
    Measure,
    PopulationGroup,
    Redistribution,
    Reliability,
    Role,
    SetAsideReason,
    Sex,
    SourceKind,
)

ADDRESS = f"{unhcr_statistics.API}demographics/"
AGES = {"0_4": "0-4", "5_11": "5-11", "12_17": "12-17", "18_59": "18-59", "60": "60+"}
COLUMNS: dict[str, tuple[Sex, str]] = {
    **{f"{s}_{a}": (sex, age) for s, sex in (("f", Sex.FEMALE), ("m", Sex.MALE)) for a, age in AGES.items()},
    **{f"{s}_other": (sex, "unknown") for s, sex in (("f", Sex.FEMALE), ("m", Sex.MALE))},
    **{f"{s}_total": (sex, "all") for s, sex in (("f", Sex.FEMALE), ("m", Sex.MALE))},
    "total": (Sex.ALL, "all"),
}
BULK_COLUMNS = {
    column.replace("f_", "Female_").replace("m_", "Male_").replace("other", "Unknown"): meant
    for column, meant in COLUMNS.items()
    if column != "total"
} | {"Total": COLUMNS["total"]}
"""The bulk CSV's names."""

DIMENSIONS = ("location", "urbanRural", "accommodationType")
GROUPS = {group.value: group for group in PopulationGroup} | {"VDA": PopulationGroup.OIP}
RETURNS = frozenset({PopulationGroup.RET, PopulationGroup.RDP})
AT_HOME = frozenset({PopulationGroup.IDP, PopulationGroup.RDP})
ABROAD = frozenset({PopulationGroup.REF, PopulationGroup.ASY, PopulationGroup.OIP})
"""Groups that need one country, and two."""

SOURCE = Source(
    code="unhcr_demographics",
    name="UNHCR population by sex and age",
    kind=SourceKind.UN,
    reliability=Reliability.B,
    licence="CC BY 4.0",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="UNHCR Refugee Population Statistics Database",
    homepage="https://www.unhcr.org/refugee-statistics/",
    cadence_days=30,
    measures="The people of UNHCR's population figures by sex and age.",
    grain="One figure a year, country of origin, country of asylum, group, sex and age range.",
    traps="Every figure repeats people of the population figures; sexes and ages need not add up to the total.",
    fields=unhcr_statistics.ITEM_FIELDS
    | set(COLUMNS)
    | set(BULK_COLUMNS)
    | {"Year", "ISO3CoO", "ISO3CoA", "PT", *DIMENSIONS},
)
LOOKS_LIKE = {
    "refugees": "UNHCR's population figures, not its demographics",
    "applied": "UNHCR's asylum applications, not its demographics",
    "dec_total": "UNHCR's asylum decisions, not its demographics",
    "iso2": "UNHCR's list of countries, not its demographics",
    "REF": "UNHCR's population totals, not its demographics",
}


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:
    """People from the followed countries."""
    return unhcr_statistics.fetch(client, scope, ADDRESS)


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each item of the page, or each line of the bulk CSV."""
    if is_csv(payload):
        return _parse_bulk(payload)
    return unhcr_statistics.parse_page(payload, COLUMNS, LOOKS_LIKE, _of_all_groups)


def _of_all_groups(number: Number, payload: Payload) -> DisplacementFigure:
    place, group = number.asylum or PlaceName(code="WORLD"), PopulationGroup.DISP
    return _figure(number, payload, COLUMNS, group, place, number.origin, "all groups together")


def _parse_bulk(payload: Payload) -> Iterator[ParsedRow]:
    for line, record in read_csv(payload):
        row = ParsedRow(f"csv:{line}", record)
        for column in BULK_COLUMNS:
            value = require(record, column, payload, row.locator, LOOKS_LIKE)
            about = require(record, "Year", payload, row.locator)
            kind = require(record, "PT", payload, row.locator)
            codes = [require(record, field, payload, row.locator) for field in ("ISO3CoO", "ISO3CoA")]
            parts = [text(require(record, field, payload, row.locator)) for field in DIMENSIONS]
            with row.attempt(column) as locator:
                people = count(value, column)
                if people:
                    origin, asylum = (unhcr_statistics.country(code, code) for code in codes)
                    group = _group(kind, column, people, origin, asylum)
                    here, there = (origin, asylum) if group in RETURNS else (asylum, origin)
                    place, came_from = here or PlaceName(code="WORLD"), None if here == there else there
                    variant = ", ".join(part for part in parts if part)
                    number = Number(column, people, about, origin, asylum, locator)
                    row.figures.append(_figure(number, payload, BULK_COLUMNS, group, place, came_from, variant))
        yield row


def _group(kind: Any, column: str, people: int, origin: PlaceName | None, asylum: PlaceName | None) -> PopulationGroup:
    """The group of a row of the CSV, if people of that group can be from the one country in the other."""
    group = GROUPS.get(str(kind).strip())
    if group is None:
        raise RecordError(SetAsideReason.UNKNOWN_WORD, f"PT is {kind!r}: expected one of {', '.join(GROUPS)}")
    if (group in ABROAD and origin == asylum) or (group in AT_HOME and origin != asylum):
        raise RecordError(
            SetAsideReason.ORIGIN_MISMATCH, f"{column} is {people} {group} from {origin} in {asylum}: that cannot be"
        )
    return group


def _figure(
    number: Number,
    payload: Payload,
    columns: dict[str, tuple[Sex, str]],
    group: PopulationGroup,
    place: PlaceName,
    origin: PlaceName | None,
    variant: str,
) -> DisplacementFigure:
    period, status = unhcr_statistics.period(year(number.about, "year"), payload)
    sex, age = columns[number.column]
    returned = group in RETURNS
    return DisplacementFigure(
        source=SOURCE.code,
        indicator=DisplacementIndicator.RETURN if returned else DisplacementIndicator.POPULATION,
        measure=Measure.FLOW if returned else Measure.STOCK,
        population_group=group,
        location=place,
        origin=origin,
        variant=variant,
        sex=sex,
        age=age,
        amount=Amount.exact(number.people),
        period=period if returned else Period.on(period.end),
        observation_status=status,
        role=Role.CONTEXT,
        credibility=2,
        locator=number.locator,
    )
