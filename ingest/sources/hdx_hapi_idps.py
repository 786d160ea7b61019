"""HDX HAPI: internally displaced people as IOM DTM counted them, round by round, joined by OCHA (since 2010).

What is published: stocks of IDPs by country, first and second administrative level, for each DTM operation, kind of
assessment and round; from the API, and as one CSV file on HDX.
Grain: one row an operation, kind of assessment, place and reporting date.
Key: ``location_code``, ``admin_level``, the admin codes or names, ``operation``, ``assessment_type``, reference date.
Revisions and cadence: refreshed daily; DTM publishes weekly. Rounds are added, earlier ones corrected without notice.
Known traps: the same people stand at admin level 0, 1 and 2 as rows of their own; operations overlap, and BA and SA
rows of one round repeat each other, so none of these are ever added; round numbers come again, so the date decides;
p-codes are repaired by HDX (``TD07`` became ``TCD07``), which ``warning`` tells; where HDX found no code the provider's
names stand alone; the flags (``has_hrp``) are ``Y``/``N`` or ``True``/``False``, and are not read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest import dtm, hapi
from ingest.contract import Scope
from ingest.http import Client
from ingest.values import count, people, text
from tracker.errors import RecordError
from tracker.records import DisplacementFigure, ParsedRow, Payload, Period, Source
from tracker.vocabulary import (
    DisplacementIndicator,
    Measure,
    PopulationGroup,
    Redistribution,
    Reliability,
    Role,
    SetAsideReason,
    SourceKind,
)

FIELDS = (
    "location_code", "provider_admin1_name", "provider_admin2_name", "admin1_code", "admin1_name", "admin2_code",
    "admin2_name", "admin_level", "operation", "assessment_type", "population", "reporting_round",
    "reference_period_start", "reference_period_end",
)  # fmt: skip
SOURCE = Source(
    code="hdx_hapi_idps",
    name="HDX HAPI: internally displaced people (IOM DTM)",
    kind=SourceKind.UN,
    reliability=Reliability.B,
    licence="IOM DTM terms of use (HDX: other; non-commercial, no redistribution)",
    redistribute=Redistribution.NO,
    credit_line="International Organization for Migration (IOM), Displacement Tracking Matrix (DTM); through HDX HAPI",
    homepage="https://data.humdata.org/dataset/hdx-hapi-idps",
    cadence_days=7,
    measures="Stocks of internally displaced people by operation, kind of assessment and round.",
    grain="One figure an operation, kind of assessment, place and reporting date.",
    traps="Admin levels, operations and kinds of assessment repeat the same people: none of them may be added.",
    fields=frozenset(FIELDS)
    | hapi.COMMON_FIELDS
    | {"has_hrp", "in_gho", "location_name", "location_ref", "admin1_ref", "admin2_ref"},
    credentials=(hapi.CREDENTIAL,),
    pause_seconds=hapi.PAUSE_SECONDS,
)
LOOKS_LIKE = {
    "asylum_location_code": "HAPI's refugees or returnees, not its internally displaced people",
    "event_type": "HAPI's conflict events, not its internally displaced people",
    "population_status": "HAPI's humanitarian needs, not its internally displaced people",
}


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:
    """All levels of every followed country."""
    return hapi.fetch(client, "idps", ({"location_code": iso3} for iso3 in scope.countries))


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each row of HAPI."""
    records = list(hapi.records(payload, FIELDS, LOOKS_LIKE))
    roles = dtm.roles(_operation(record) for _, record in records)
    for locator, record in records:
        row = ParsedRow(locator, record)
        with row.attempt("population") as place:
            figure = _figure(record, roles[_operation(record)], place)
            if figure:
                row.figures.append(figure)
        yield row


def _operation(record: Mapping[str, Any]) -> dtm.Operation:
    return text(record["location_code"]) or "", text(record["operation"]) or ""


def _figure(record: Mapping[str, Any], role: Role, locator: str) -> DisplacementFigure | None:
    hapi.refuse_error(record)
    counted = people(record["population"], "population")
    if counted is None:
        return None
    _, operation = _operation(record)
    assessment = text(record["assessment_type"])
    if not operation or not assessment:
        raise RecordError(
            SetAsideReason.MISSING_FIELD, "without operation or assessment_type, counts of other people stand as rivals"
        )
    number = count(record["reporting_round"], "reporting_round")
    notes = (f"round {number}" if number is not None else None, hapi.warning(record))
    return DisplacementFigure(
        source=SOURCE.code,
        indicator=DisplacementIndicator.POPULATION,
        measure=Measure.STOCK,
        population_group=PopulationGroup.IDP,
        location=hapi.area(record),
        variant=f"{operation} ({assessment})",
        amount=counted[0],
        observation_status=counted[1],
        period=Period.on(hapi.period(record).end),
        role=role,
        note="; ".join(note for note in notes if note) or None,
        credibility=2,
        locator=locator,
    )
