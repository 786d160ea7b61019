"""HDX HAPI: people who returned in a year, refugees and displaced people, by sex and age.

What is published: UNHCR's returned refugees (RET), returned internally displaced people (RDP), and both together (RRI),
joined by OCHA; from the API, and as a CSV file on HDX.
Grain: one row a year, country returned to, country returned from, population group, sex and age range.
Key: ``origin_location_code``, ``asylum_location_code``, ``population_group``, ``gender``, ``age_range``, period.
Revisions and cadence: refreshed daily; UNHCR publishes once a year and revises earlier years without notice.
Known traps: these are flows of the period, not stocks; people return to the *origin*, and where asylum repeats it the
row does not say where they came back from; rows of sexes and ages stand beside ``all``/``all``, and women and men add
up to it in few of them; the file holds rows with an ``error`` (country ``STA``) that the API leaves out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest import hapi
from ingest.contract import Scope
from ingest.http import Client
from tracker.records import DisplacementFigure, ParsedRow, Payload, Source
from tracker.vocabulary import (
    DisplacementIndicator,
    Measure,
    PopulationGroup,
    Redistribution,
    Reliability,
    SourceKind,
)

SOURCE = Source(
    code="hdx_hapi_returnees",
    name="HDX HAPI: returnees (UNHCR)",
    kind=SourceKind.UN,
    reliability=Reliability.B,
    licence="CC BY 4.0",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="UNHCR, through HDX HAPI",
    homepage="https://data.humdata.org/dataset/hdx-hapi-returnees",
    cadence_days=30,
    measures="Returns of refugees and of internally displaced people in a year, in all and by sex and age.",
    grain="One figure a year, country returned to, country returned from, population group, sex and age range.",
    traps="Flows of a year; rows by sex and age repeat the people of the row for all, and need not add up to it.",
    fields=hapi.ALL_PERSON_FIELDS,
    credentials=(hapi.CREDENTIAL,),
    pause_seconds=hapi.PAUSE_SECONDS,
)
GROUPS = frozenset({PopulationGroup.RET, PopulationGroup.RDP, PopulationGroup.RRI})
LOOKS_LIKE = {
    "operation": "HAPI's internally displaced people, not its returnees",
    "event_type": "HAPI's conflict events, not its returnees",
    "population_status": "HAPI's humanitarian needs, not its returnees",
}


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:
    """Everyone who returned to a followed country."""
    return hapi.fetch(client, "returnees", ({"origin_location_code": iso3} for iso3 in scope.countries))


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each row of HAPI."""
    return hapi.parse(payload, hapi.PERSON_FIELDS, LOOKS_LIKE, _figure)


def _figure(record: Mapping[str, Any], locator: str) -> DisplacementFigure | None:
    said = hapi.persons(record, GROUPS)
    if said is None:
        return None
    return DisplacementFigure(
        source=SOURCE.code,
        indicator=DisplacementIndicator.RETURN,
        measure=Measure.FLOW,
        population_group=said.group,
        location=said.origin,
        origin=None if said.origin == said.asylum else said.asylum,
        sex=said.sex,
        age=said.age,
        amount=said.amount,
        observation_status=said.status,
        period=said.period,
        role=said.role,
        note=said.note,
        credibility=2,
        locator=locator,
    )
