"""UNHCR Refugee Population Statistics Database: asylum applications and decisions of a year.

What is published: applications lodged and decisions taken in a year, by country of origin and of asylum; two lists of
one API.
Grain: one row a year, origin, asylum, procedure and level; decisions have one column for each kind of decision.
Key: year, origin, asylum, ``procedure_type``, ``app_type``, ``dec_level``, what is counted (``app_pc``, ``dec_pc``).
Revisions and cadence: June for the year before; from autumn on the newest year holds its first half until then.
Known traps: some countries count persons (P), others cases (C), a case being often a family, so the two are never
added; appeals and repeated applications are of people who applied before; one person may get decisions at several
levels; codes of countries are not ISO3 (ARE is Egypt), so only the ``*_iso`` fields are used; ``total`` covers every
page and all kinds; counts come as numbers, as "0" and as "-" (no data).
"""

from collections.abc import Iterator
from typing import Any

from ingest import unhcr_statistics
from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import require
from ingest.values import count, text, year
from tracker.errors import RecordError
from tracker.records import Amount, DisplacementFigure, ParsedRow, Payload, PlaceName, Source
from tracker.vocabulary import (
    DisplacementIndicator,
    Measure,
    PopulationGroup,
    Redistribution,
    Reliability,
    Role,
    SetAsideReason,
    SourceKind,
    Unit,
)

ADDRESSES = [f"{unhcr_statistics.API}asylum-{name}/" for name in ("applications", "decisions")]
DECISIONS = {
    "dec_recognized": "recognised",
    "dec_other": "other protection",
    "dec_rejected": "rejected",
    "dec_closed": "otherwise closed",
    "dec_total": "",
}
"""Columns of decisions, and what tells them apart; the last is the sum of the others."""

SOURCE = Source(
    code="unhcr_asylum",
    name="UNHCR asylum applications and decisions",
    kind=SourceKind.UN,
    reliability=Reliability.B,
    licence="CC BY 4.0",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="UNHCR Refugee Population Statistics Database",
    homepage="https://www.unhcr.org/refugee-statistics/",
    cadence_days=30,
    measures="Asylum applications lodged and decisions taken in a year.",
    grain="One figure a year, country of origin, country of asylum, procedure, level and kind.",
    traps="Persons and cases are never added; appeals and repeated applications are of people who applied before.",
    fields=unhcr_statistics.ITEM_FIELDS
    | {"procedure_type", "app_type", "dec_level", "app_pc", "applied", "dec_pc", *DECISIONS},
)

UNITS = {"P": Unit.PERSONS, "C": Unit.CASES}
NEW = "N"
"""The type of a first application."""
FIRST_INSTANCE = frozenset({"FI", "FA"})
"""Levels at which an application is decided for the first time."""

LOOKS_LIKE = {
    "refugees": "UNHCR's population figures, not its asylum applications or decisions",
    "f_total": "UNHCR's demographics, not its asylum applications or decisions",
    "iso2": "UNHCR's list of countries, not its asylum applications or decisions",
}


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:
    """Both lists, of people from the followed countries."""
    for address in ADDRESSES:
        yield from unhcr_statistics.fetch(client, scope, address)


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each item of the page."""
    for number, item in enumerate(unhcr_statistics.items(payload)):
        row = ParsedRow(f"items[{number}]", item)
        decided = "dec_pc" in item or "dec_total" in item
        counted = "dec_pc" if decided else "app_pc"
        dimensions = ["procedure_type", "dec_level"] if decided else ["procedure_type", "app_type", "dec_level"]
        for column in DECISIONS if decided else ("applied",):
            value = require(item, column, payload, row.locator, LOOKS_LIKE)
            for field in (*dimensions, counted, "year"):
                require(item, field, payload, row.locator)
            codes = unhcr_statistics.countries(item, payload, row.locator)
            with row.attempt(column) as locator:
                number_of = count(value, column)
                if number_of is not None:
                    sides = [unhcr_statistics.country(*code) for code in codes]
                    row.figures.append(_figure(item, column, number_of, counted, sides, payload, locator))
        yield row


def _figure(
    item: dict[str, Any],
    column: str,
    number: int,
    counted: str,
    sides: list[PlaceName | None],
    payload: Payload,
    locator: str,
) -> DisplacementFigure:
    unit = UNITS.get(str(item[counted]).strip())
    if unit is None:
        raise RecordError(
            SetAsideReason.UNKNOWN_WORD, f"{counted} is {item[counted]!r}: expected P (persons) or C (cases)"
        )
    decided = column in DECISIONS
    level = text(item["dec_level"])
    whole = level in FIRST_INSTANCE and column == "dec_total" if decided else text(item["app_type"]) == NEW
    period, status = unhcr_statistics.period(year(item["year"], "year"), payload)
    origin, asylum = sides
    return DisplacementFigure(
        source=SOURCE.code,
        indicator=DisplacementIndicator.ASYLUM_DECISION if decided else DisplacementIndicator.ASYLUM_APPLICATION,
        measure=Measure.FLOW,
        population_group=PopulationGroup.ASY,
        location=asylum or PlaceName(code="WORLD"),
        origin=origin,
        variant=_variant(item, column),
        unit=unit,
        amount=Amount.exact(number),
        period=period,
        observation_status=status,
        role=Role.RECOMMENDED if whole else Role.CONTEXT,
        credibility=2,
        locator=locator,
    )


def _variant(item: dict[str, Any], column: str) -> str:
    """UNHCR's codes, which are short and known to those who use them: "procedure G, type N, level FI"."""
    said = [("procedure", "procedure_type"), ("type", "app_type"), ("level", "dec_level")]
    parts = [f"{name} {text(item[field])}" for name, field in said if text(item.get(field))]
    return ", ".join(parts + [DECISIONS[column]] if DECISIONS.get(column) else parts)
