"""IDMC's Global Internal Displacement Database, disaggregated: the single figures its yearly totals are made of.

What is published: for each figure its category, cause, event, places, reported unit and who said it; one GeoJSON file.
Grain: one feature a figure of IDMC's analysts.
Key: ``ID``.
Revisions and cadence: a release a year, in May; ``LAST UPDATE`` in the readme tells which.
Known traps: every figure is a part of the yearly totals, so none is a headline; most were reported in households, and
``Total figures`` is that number times a household size IDMC chose; people displaced at the year's end ("IDPs") stand
among movements ("Internal Displacements"), and the day they were counted may be years before the one they are reported
for; coordinates are not taken over.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from ingest import gidd
from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import read_json, require, require_list
from ingest.values import count, day, quantity, text
from tracker.errors import RecordError
from tracker.records import Amount, DisplacementFigure, ParsedRow, Payload, Period, PlaceName
from tracker.vocabulary import (
    Cause,
    DisplacementIndicator,
    Measure,
    PopulationGroup,
    Role,
    SetAsideReason,
)

SOURCE = gidd.source(
    code="idmc_gidd_disaggregation",
    name="IDMC: displacement in the parts its yearly totals are made of",
    cadence_days=180,
    measures="Single figures of new displacements and of people displaced, as reported, with place and event.",
    grain="One figure an ID.",
    traps="Parts of the yearly totals; most were reported in households and multiplied by IDMC.",
)
NUMBER = "Total figures"
FIELDS = (
    "ID", "ISO3", "Figure cause", "Figure category", "Figure unit", "Reported figures", "Event name", "Locations name",
)  # fmt: skip
CAUSES = {"Conflict": Cause.CONFLICT, "Disaster": Cause.DISASTER, "Other": Cause.OTHER}
MOVED, STAYED = "Internal Displacements", "IDPs"
UPDATED = re.compile(r"LAST UPDATE: *([A-Z][a-z]+ \d{1,2}, \d{4})")


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The whole file."""
    client_id = client.credential(gidd.CREDENTIAL.variable)
    yield client.get(f"{gidd.API}disaggregations/disaggregation-geojson/", {"client_id": client_id})


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each feature."""
    collection = read_json(payload)
    features = require_list(collection, "features", payload, {"results": "a page of IDMC's yearly totals"})
    released = _released(collection)
    for number, feature in enumerate(features):
        row = ParsedRow(f"features[{number}]", feature)
        record = require(feature, "properties", payload, row.locator)
        for field in (NUMBER, *FIELDS):
            require(record, field, payload, row.locator)
        stayed = text(record["Figure category"]) == STAYED
        for field in ("Stock reporting date", "Stock date") if stayed else ("Start date", "End date"):
            require(record, field, payload, row.locator)
        if text(record["Figure unit"]) == "Household":
            require(record, "Household size", payload, row.locator)
        with row.attempt(NUMBER) as locator:
            people = count(record[NUMBER], NUMBER)
            if people is not None:
                row.figures.append(_figure(record, people, stayed, released, locator))
        yield row


def _figure(
    record: dict[str, Any], people: int, stayed: bool, released: date | None, locator: str
) -> DisplacementFigure:
    known, cause = count(record["ID"], "ID"), CAUSES.get(str(record["Figure cause"]).strip())
    if known is None or cause is None or text(record["Figure category"]) not in (MOVED, STAYED):
        told = ", ".join(f"{field} is {record[field]!r}" for field in ("ID", "Figure cause", "Figure category"))
        raise RecordError(SetAsideReason.UNKNOWN_WORD, f"{told}: one of them is none that is known")
    households = text(record["Figure unit"]) == "Household"
    size = quantity(record["Household size"], "Household size") if households else None
    reported = f"; reported as {count(record['Reported figures'], 'Reported figures')} households" if size else ""
    counted = f"; counted on {text(record['Stock date']) or 'no stated day'}" if stayed else ""
    return DisplacementFigure(
        source=SOURCE.code,
        external_id=str(known),
        indicator=DisplacementIndicator.POPULATION if stayed else DisplacementIndicator.NEW_DISPLACEMENT,
        measure=Measure.STOCK if stayed else Measure.FLOW,
        population_group=PopulationGroup.IDP,
        location=_place(record),
        cause=cause,
        variant="part of a yearly total",
        amount=Amount.exact(people),
        household_size=size,
        household_size_source="IDMC" if size else None,
        period=_period(record, stayed),
        published_on=released,
        role=Role.CONTEXT,
        note=f"{text(record['Event name']) or 'no event'}{reported}{counted}",
        credibility=2,
        locator=locator,
    )


def _period(record: dict[str, Any], stayed: bool) -> Period:
    if stayed:
        return Period.on(day(record["Stock reporting date"], "Stock reporting date"))
    return Period(day(record["Start date"], "Start date"), day(record["End date"], "End date"))


def _place(record: dict[str, Any]) -> PlaceName:
    names = [text(name) for name in record["Locations name"] or []]
    name = f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else next(iter(names), None)
    return PlaceName(iso3=text(record["ISO3"]), name=name)


def _released(collection: Any) -> date | None:
    found = UPDATED.search(str(collection.get("readme") or ""))
    try:
        return datetime.strptime(found[1], "%B %d, %Y").date() if found else None  # noqa: DTZ007
    except ValueError:
        return None
