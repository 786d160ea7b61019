"""IOM Missing Migrants Project: people who died or went missing on migration routes, incident by incident, since 2014.

What is published: for each incident the dead, the missing, survivors, cause, route, country and place, and how good the
evidence is; as JSON by year.
Grain: one part of an incident, often one body; one figure an incident here.
Key: ``web_id``, which several rows share: they are parts of one incident, and to be added.
Revisions and cadence: weekly; incidents are added for months back, and their parts grow as bodies are found.
Known traps: all values are text, "" is unknown; parts of an incident may look exactly alike and are still other people,
as the provider's own totals have it; their days differ, so the first one stands for the incident; a survivor count of
-1 occurs; the coordinates' name is misspelt; most deaths are never recorded. Coordinates, causes and descriptions are
not taken over.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import read_json, require
from ingest.values import count, day, text
from tracker.errors import RecordError, SourceChanged
from tracker.records import AccessFigure, Amount, ParsedRow, Payload, Period, PlaceName, Source
from tracker.vocabulary import (
    AccessIndicator,
    AccessUnit,
    Redistribution,
    Reliability,
    Role,
    Sensitivity,
    SetAsideReason,
    SourceKind,
)

ID, PEOPLE = "web_id", "total_dead_and_missing"
NEEDED = (ID, PEOPLE, "reported_date", "country_of_incident", "source_quality")
BEST_QUALITY, UNKNOWN_QUALITY = 5, 6
NO_COUNTRY = "Mixed/Unknown"

SOURCE = Source(
    code="iom_missing_migrants",
    name="IOM Missing Migrants Project",
    kind=SourceKind.UN,
    reliability=Reliability.B,
    licence="CC BY-IGO",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="International Organization for Migration (IOM), Missing Migrants Project",
    homepage="https://missingmigrants.iom.int/",
    cadence_days=7,
    measures="People who died or went missing on migration routes in each incident.",
    grain="One figure an incident: first day and country.",
    traps="Dead and missing together; most deaths are never recorded, so the numbers are at least.",
    fields=frozenset(
        {
            *NEEDED, "region", "number_dead", "number_missing", "number_of_survivors", "number_of_female",
            "number_of_male", "number_of_children", "cause_death", "location_description",
            "unsd_geographic_grouping", "region_origin", "country_origin", "location_coodinates", "migration_route",
            "information_source", "url",
        }
    ),
)  # fmt: skip


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:
    """The year before and the one that runs: incidents are added for months back."""
    for year in (scope.today.year - 1, scope.today.year):
        yield client.get(f"https://missingmigrants.iom.int/global-figures/{year}/json")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each part of an incident; the figure hangs on the first of them."""
    listed = read_json(payload)
    if not isinstance(listed, list):
        raise SourceChanged(f"{payload.url}: expected a list of incidents; the provider changed its format")
    incidents: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for number, part in enumerate(listed):
        told = {name: require(part, name, payload, f"[{number}]") for name in NEEDED}
        incidents[text(told[ID]) or f"[{number}]"].append(part)
    for number, part in enumerate(listed):
        row = ParsedRow(f"[{number}]", part)
        parts = incidents[text(part[ID]) or f"[{number}]"]
        if part is parts[0]:
            said = f" (sum of {len(parts)} rows)" if len(parts) > 1 else ""
            with row.attempt(f"{PEOPLE}{said}") as locator:
                figure = _figure(parts, locator)
                if figure:
                    row.figures.append(figure)
        yield row


def _figure(parts: list[dict[str, Any]], locator: str) -> AccessFigure | None:
    numbers = [number for part in parts if (number := count(part[PEOPLE], PEOPLE)) is not None]
    if not numbers:
        return None
    incident = text(parts[0][ID])
    if incident is None:
        raise RecordError(SetAsideReason.MISSING_FIELD, f"the incident has no {ID}, so it could be counted twice")
    first = min(parts, key=lambda part: day(part["reported_date"], "reported_date"))
    country = text(first["country_of_incident"])
    if country in (None, NO_COUNTRY):
        raise RecordError(SetAsideReason.UNKNOWN_PLACE, f"country_of_incident is {country!r}: no country is named")
    quality = count(first["source_quality"], "source_quality")
    return AccessFigure(
        source=SOURCE.code,
        external_id=incident,
        indicator=AccessIndicator.FATALITIES,
        location=PlaceName(name=country),
        variant="dead and missing on migration routes",
        amount=Amount.exact(sum(numbers)),
        unit=AccessUnit.PEOPLE,
        period=Period.on(day(first["reported_date"], "reported_date")),
        role=Role.CONTEXT,
        # The provider's best evidence is 5, ours is 1.
        credibility=UNKNOWN_QUALITY - quality if quality and 1 <= quality <= BEST_QUALITY else UNKNOWN_QUALITY,
        sensitivity=Sensitivity.MODERATE,
        locator=locator,
    )
