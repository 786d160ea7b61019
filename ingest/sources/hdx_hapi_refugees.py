"""HDX HAPI: refugees and other people of concern to UNHCR, by country of origin and of asylum, sex and age.

What is published: end-year stocks UNHCR's demographics hold, joined by OCHA; from the API, and as a CSV file on HDX.
Grain: one row a year, origin, asylum, population group, sex and age range.
Key: ``origin_location_code``, ``asylum_location_code``, ``population_group``, ``gender``, ``age_range``, period.
Revisions and cadence: refreshed daily; UNHCR publishes once a year and revises earlier years without notice.
Known traps: rows of sexes and ages stand beside ``all``/``all``, so that adding everything trebles the people, and
women and men often do not add up to ``all``; the period is a whole year though the figure is a stock at its end; the
files hold rows with an ``error`` (origins such as ``STA``) that the API leaves out; people counted in their own country
of origin are none of the groups that crossed a border.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest import hapi
from ingest.contract import Scope
from ingest.http import Client
from tracker.errors import RecordError
from tracker.records import DisplacementFigure, ParsedRow, Payload, Period, Source
from tracker.vocabulary import (
    DisplacementIndicator,
    Measure,
    PopulationGroup,
    Redistribution,
    Reliability,
    SetAsideReason,
    SourceKind,
)

SOURCE = Source(
    code="hdx_hapi_refugees",
    name="HDX HAPI: refugees and people of concern (UNHCR)",
    kind=SourceKind.UN,
    reliability=Reliability.B,
    licence="CC BY 4.0",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="UNHCR, through HDX HAPI",
    homepage="https://data.humdata.org/dataset/hdx-hapi-refugees",
    cadence_days=30,
    measures="End-year stocks of refugees, asylum seekers and others, in all and by sex and age.",
    grain="One figure a year, country of origin, country of asylum, population group, sex and age range.",
    traps="Rows by sex and age repeat the people of the row for all, and need not add up to it.",
    fields=hapi.ALL_PERSON_FIELDS,
    credentials=(hapi.CREDENTIAL,),
    pause_seconds=hapi.PAUSE_SECONDS,
)
GROUPS = frozenset(
    {
        PopulationGroup.REF,
        PopulationGroup.ROC,
        PopulationGroup.ASY,
        PopulationGroup.OIP,
        PopulationGroup.IOC,
        PopulationGroup.STA,
        PopulationGroup.OOC,
        PopulationGroup.HST,
        PopulationGroup.RST,
        PopulationGroup.NAT,
    }
)
ABROAD = GROUPS - {PopulationGroup.IOC, PopulationGroup.STA, PopulationGroup.OOC, PopulationGroup.HST}
"""Groups that need two countries."""

LOOKS_LIKE = {
    "operation": "HAPI's internally displaced people, not its refugees",
    "event_type": "HAPI's conflict events, not its refugees",
    "population_status": "HAPI's humanitarian needs, not its refugees",
}


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:
    """People from every followed country, and people in it."""
    sides = ("origin_location_code", "asylum_location_code")
    return hapi.fetch(
        client, "refugees-persons-of-concern", ({side: iso3} for side in sides for iso3 in scope.countries)
    )


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each row of HAPI."""
    return hapi.parse(payload, hapi.PERSON_FIELDS, LOOKS_LIKE, _figure)


def _figure(record: Mapping[str, Any], locator: str) -> DisplacementFigure | None:
    said = hapi.persons(record, GROUPS)
    if said is None:
        return None
    at_home = said.origin == said.asylum
    if at_home and said.group in ABROAD:
        if said.amount.value == 0:
            return None
        raise RecordError(
            SetAsideReason.ORIGIN_MISMATCH, f"{said.group} from {said.origin} in {said.asylum}: that cannot be"
        )
    return DisplacementFigure(
        source=SOURCE.code,
        indicator=DisplacementIndicator.POPULATION,
        measure=Measure.STOCK,
        population_group=said.group,
        location=said.asylum,
        origin=None if at_home else said.origin,
        sex=said.sex,
        age=said.age,
        amount=said.amount,
        observation_status=said.status,
        period=Period.on(said.period.end),
        role=said.role,
        note=said.note,
        credibility=2,
        locator=locator,
    )
