"""IOM Displacement Tracking Matrix (DTM): internally displaced people, round by round, from its API.

What is published: stocks of IDPs by country, first and second administrative level, for each operation, kind of
assessment and round; from v3 of the API, by reason and area of origin as well, and in saved answers of v2, and the CSV
files HDX made of them, without.
Grain: v3 one row an operation, kind of assessment, place, reporting date, reason and area of origin; v2 without the
last two.
Key: operation, ``assessmentType``, place, ``reportingDate``. Round numbers come again years later.
Revisions and cadence: from weekly to once in years, by operation; earlier rounds are corrected without notice.
Known traps: inside one round the rows of v3 have to be added up, over reason and origin; BA and SA rows of a round
repeat each other, and so do operations and administrative levels, so they are never added; "Not available" is text;
``displacementReason`` may hold several reasons in any order; ``id`` is missing at admin 0; males and females need not
add up, and are not read; HDX's file has all levels in one, told by ``adminLevel``, and empty areas below a row's own;
HTTP 200 with ``isSuccess: false`` is a refusal; codes of areas may be in another style than OCHA's (``IRQ-G01``).
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ingest import dtm
from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import is_csv, read_csv, read_json, require
from ingest.values import count, day, text
from tracker.errors import RecordError, SourceChanged
from tracker.records import Amount, Credential, DisplacementFigure, ParsedRow, Payload, Period, PlaceName, Source
from tracker.vocabulary import (
    Cause,
    DisplacementIndicator,
    Measure,
    PopulationGroup,
    Redistribution,
    Reliability,
    Role,
    SetAsideReason,
    SourceKind,
)

NUMBER = "numPresentIdpInd"
FIELDS = (NUMBER, "operation", "admin0Pcode", "assessmentType", "reportingDate", "roundNumber")
PART_FIELDS = ("displacementReason", "idpOriginAdmin1Name", "idpOriginAdmin1Pcode")
SEXES = ("numberMales", "numberFemales")
LEVEL = "adminLevel"
AREAS = (("admin1Name", "admin1Pcode"), ("admin2Name", "admin2Pcode"))
SOURCE = Source(
    code="iom_dtm",
    name="IOM Displacement Tracking Matrix (API)",
    kind=SourceKind.UN,
    reliability=Reliability.B,
    licence="IOM DTM terms of use: non-commercial, no redistribution, no derivative works",
    redistribute=Redistribution.NO,
    credit_line="International Organization for Migration (IOM), Displacement Tracking Matrix (DTM)",
    homepage="https://dtm.iom.int/",
    cadence_days=7,
    measures="Stocks of internally displaced people by operation, kind of assessment and round.",
    grain="One total an operation, kind of assessment, place and reporting date, and its parts by reason and origin.",
    traps="Operations, kinds of assessment and administrative levels repeat the same people: they are never added.",
    fields=frozenset(FIELDS)
    | {*PART_FIELDS, *SEXES, *(field for area in AREAS for field in area)}
    | {"id", "admin0Name", "yearReportingDate", "monthReportingDate", LEVEL, "operationStatus"},
    credentials=(
        Credential("TRACKER_DTM_KEY", "register at https://dtm-apim-portal.iom.int/ and subscribe to API v3"),
    ),
    pause_seconds=1.0,
)
API = "https://dtmapi.iom.int/v3/displacement/"
LOOKS_LIKE = {
    "operationStatus": "DTM's list of operations, not its figures",
    "reportingDate": "an answer of DTM in another form",
    "admin0Name": "DTM's list of countries, not its figures",
}
CAUSES = {"conflict": Cause.CONFLICT, "insecurity": Cause.CONFLICT, "natural disaster": Cause.DISASTER}
Group = tuple[str, ...]


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:
    """All three levels of every followed country that DTM has figures of; of another one it says that it failed."""
    headers = {"Ocp-Apim-Subscription-Key": client.credential("TRACKER_DTM_KEY")}
    answer = client.get(f"{API}country-list", headers=headers)
    known = {require(row, "admin0Pcode", answer, "$.result") for row in _rows(answer)}
    for iso3 in scope.countries:
        if iso3 in known:
            for level in (0, 1, 2):
                yield client.get(f"{API}admin{level}", {"Admin0Pcode": iso3}, headers)


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each row of DTM; a round's total hangs on the first of its rows."""
    listed = _listed(payload)
    groups: dict[Group, list[dict[str, Any]]] = defaultdict(list)
    for place, record in listed:
        _require_fields(record, payload, place)
        groups[_group(record)].append(record)
    roles = dtm.roles(_operation(record) for _, record in listed)
    for place, record in listed:
        row, group = ParsedRow(place, record), groups[_group(record)]
        if not _is_part(record):
            with row.attempt(NUMBER) as locator:
                people = count(record[NUMBER], NUMBER)
                if people is not None:
                    row.figures.append(_figure(record, people, roles[_operation(record)], locator))
            yield row
            continue
        with row.attempt(NUMBER) as locator:
            people = count(record[NUMBER], NUMBER)
            if people is not None:
                row.figures.append(_part(record, people, locator))
        if record is group[0]:
            with row.attempt(f"{NUMBER} (sum of {len(group)} rows)") as locator:
                row.figures.append(_figure(record, _sum(group), roles[_operation(record)], locator))
        yield row


def _listed(payload: Payload) -> list[tuple[str, dict[str, Any]]]:
    """Locator and record of everything in an answer, or in a file of HDX."""
    if is_csv(payload):
        listed = [(f"csv:{line}", record) for line, record in read_csv(payload)]
        for place, record in listed:
            if any(record.get(name) == "" for name, _ in AREAS):
                # Only this tells a country's row from that of a district whose name is missing.
                require(record, LEVEL, payload, place)
        return listed
    return [(f"result[{number}]", record) for number, record in enumerate(_rows(payload))]


def _rows(payload: Payload) -> list[Any]:
    envelope = read_json(payload)
    succeeded = require(envelope, "isSuccess", payload, "$")
    if succeeded is not True:
        raise SourceChanged(f"{payload.url}: expected an answer, got a refusal: {envelope.get('errorMessages')}")
    rows, said = require(envelope, "result", payload, "$"), require(envelope, "totalRecordsCount", payload, "$")
    if not isinstance(rows, list) or len(rows) != said:
        raise SourceChanged(f"{payload.url}: 'result' does not hold the {said} rows 'totalRecordsCount' promises")
    return rows


def _require_fields(record: Any, payload: Payload, locator: str) -> None:
    for field in FIELDS:
        require(record, field, payload, locator, LOOKS_LIKE)
    if _is_part(record):
        for field in PART_FIELDS:
            require(record, field, payload, locator)
    for depth in range(_level(record)):
        for field in AREAS[depth]:
            require(record, field, payload, locator)


def _is_part(record: dict[str, Any]) -> bool:
    """Whether the row is of v3, where a place's people are divided by reason and origin."""
    return any(field in record for field in (*PART_FIELDS, *SEXES))


def _level(record: dict[str, Any]) -> int:
    """As the row states it; else by the areas it has."""
    if (stated := str(record.get(LEVEL)).strip()) in ("0", "1", "2"):
        return int(stated)
    return max((depth for depth, area in enumerate(AREAS, 1) if any(field in record for field in area)), default=0)


def _group(record: dict[str, Any]) -> Group:
    """What the rows of one total share."""
    fields = ("operation", "admin0Pcode", "assessmentType", "reportingDate", *AREAS[0], *AREAS[1])
    return tuple(str(record.get(field)) for field in fields)


def _operation(record: dict[str, Any]) -> dtm.Operation:
    return text(record["admin0Pcode"]) or "", text(record["operation"]) or ""


def _sum(group: list[dict[str, Any]]) -> int:
    numbers = [count(record[NUMBER], NUMBER) for record in group]
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers):
        raise RecordError(
            SetAsideReason.MISSING_FIELD, f"{len(numbers) - len(known)} of {len(numbers)} rows have no number: no total"
        )
    return sum(known)


def _part(record: dict[str, Any], people: int, locator: str) -> DisplacementFigure:
    reasons = sorted({reason.strip() for reason in str(record["displacementReason"] or "").split(";")} - {""})
    causes = {CAUSES.get(reason.lower(), Cause.OTHER) for reason in reasons}
    code, name = text(record["idpOriginAdmin1Pcode"]), text(record["idpOriginAdmin1Name"])
    return _figure(
        record,
        people,
        Role.CONTEXT,
        locator,
        of=f", part: {'; '.join(reasons) or 'reason not said'}; from {name or code or 'anywhere'}",
        origin=PlaceName(code=code, iso3=text(record["admin0Pcode"]), name=name) if code or name else None,
        cause=causes.pop() if len(causes) == 1 else Cause.UNKNOWN,
    )


def _figure(
    record: dict[str, Any], people: int, role: Role, locator: str, *, of: str = "", **more: Any
) -> DisplacementFigure:
    operation, assessment = _operation(record)[1], text(record["assessmentType"])
    if not operation or not assessment:
        raise RecordError(
            SetAsideReason.MISSING_FIELD, "without operation or assessmentType, counts of other people stand as rivals"
        )
    number = count(record["roundNumber"], "roundNumber")
    return DisplacementFigure(
        source=SOURCE.code,
        indicator=DisplacementIndicator.POPULATION,
        measure=Measure.STOCK,
        population_group=PopulationGroup.IDP,
        location=_place(record),
        variant=f"{operation} ({assessment}){of}",
        amount=Amount.exact(people),
        period=Period.on(day(record["reportingDate"], "reportingDate")),
        role=role,
        note=f"round {number}" if number is not None else None,
        credibility=2,
        locator=locator,
        **more,
    )


def _place(record: dict[str, Any]) -> PlaceName:
    """Districts of two provinces may share a name, so a district is named with its province."""
    level, iso3 = _level(record), text(record["admin0Pcode"])
    if not level:
        return PlaceName(iso3=iso3)
    names = [text(record[name]) for name, _ in reversed(AREAS[:level])]
    code, name = text(record[AREAS[level - 1][1]]), ", ".join(name for name in names if name)
    if not code and not names[0]:
        raise RecordError(
            SetAsideReason.UNKNOWN_PLACE, f"the row of level {level} has neither code nor name of its area"
        )
    return PlaceName(code=code, iso3=iso3, name=name or None)
