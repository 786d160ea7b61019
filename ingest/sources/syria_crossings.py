"""Open-Syria: dated statuses of Syria's border crossings, ports and airports (status snapshots).

What is published: a JSON list, curated from access alerts of the Logistics Cluster; each record says how one place was
observed to operate on one day.
Grain: one observation: place and day.
Key: ``id`` (place, day and origin of the observation).
Revisions and cadence: some days a month; earlier records stay.
Known traps: a status holds for its day alone, and no news is not "open"; "limited" may be direction, hours or load, and
only the note says which; ports and airports have no country pair; the same project's ``route-snapshots.json`` and
``locations.json`` look alike and use other words (in the latter every status is "unknown"); Turkey and Türkiye.
"""

from collections.abc import Iterator
from typing import Any

from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import read_json, require
from ingest.values import day, text
from tracker.errors import RecordError, SourceChanged
from tracker.records import BorderStatusFigure, ParsedRow, Payload, Period, PointOfEntry, Source
from tracker.vocabulary import (
    BOTH,
    EVERYWHERE,
    Evidence,
    OperationalStatus,
    PointOfEntryKind,
    Redistribution,
    Reliability,
    SetAsideReason,
    SourceKind,
    TrafficClass,
)

FIELDS = (
    "id", "locationId", "observedStatus", "statusAsOf", "countryPair", "sourceNames", "statusNote", "sourceIds",
    "sourceReferences", "sourceStatus",
)  # fmt: skip

SOURCE = Source(
    code="syria_crossings",
    name="Open-Syria crossing statuses",
    kind=SourceKind.NNGO,
    reliability=Reliability.C,
    licence="Non-commercial humanitarian use, with attribution",
    redistribute=Redistribution.NON_COMMERCIAL,
    credit_line="Open-Syria, from access alerts of the Logistics Cluster",
    homepage="https://github.com/Open-Syria/data-transport",
    cadence_days=7,
    measures="Whether crossings, ports and airports of Syria were observed to operate on a day.",
    grain="One status a place and day.",
    traps="A status holds for its day; silence is not open; 'limited' says only in words what is limited.",
    fields=frozenset(FIELDS),
)

ADDRESS = "https://raw.githubusercontent.com/Open-Syria/data-transport/main/data/status-snapshots.json"
HOME = "SYR"
CROSSING = "-border-crossing"
NEIGHBOURS = {"Lebanon": "LBN", "Turkey": "TUR", "Türkiye": "TUR", "Iraq": "IRQ", "Jordan": "JOR", "Israel": "ISR"}
STATUSES = {
    "active": OperationalStatus.OPEN,
    "limited": OperationalStatus.PARTIAL,
    "closed": OperationalStatus.CLOSED,
    # Nothing passes there; whether an authority closed it, nobody says.
    "inactive": OperationalStatus.CLOSED,
    "unknown": OperationalStatus.UNKNOWN,
}
LOOKS_LIKE = {
    "indicativeLeadTime": "the snapshots of routes, which use other words, not of crossings",
    "operationalStatus": "the list of places, not their observed statuses",
}


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The whole list."""
    yield client.get(ADDRESS)


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each observation."""
    records = read_json(payload)
    if not isinstance(records, list):
        raise SourceChanged(f"{payload.url}: expected a list of status snapshots; the provider changed its format")
    for number, record in enumerate(records):
        row = ParsedRow(f"[{number}]", record)
        told = {
            name: require(record, name, payload, row.locator, LOOKS_LIKE)
            for name in ("observedStatus", "locationId", "statusAsOf", "sourceNames", "statusNote")
        }
        if str(told["locationId"]).endswith(CROSSING):
            # Only ports and airports have no other side.
            require(record, "countryPair", payload, row.locator)
        with row.attempt("observedStatus") as locator:
            row.figures.append(_figure({**record, **told}, locator))
        yield row


def _figure(record: dict[str, Any], locator: str) -> BorderStatusFigure:
    status = STATUSES.get(str(record["observedStatus"]).strip().lower())
    if status is None:
        raise RecordError(
            SetAsideReason.UNKNOWN_WORD,
            f"observedStatus is {record['observedStatus']!r}: expected one of {', '.join(STATUSES)}",
        )
    place = _place(record)
    return BorderStatusFigure(
        source=SOURCE.code,
        border=(place.home, place.neighbour),
        point_of_entry=place,
        status=status,
        side=HOME,
        direction_into=BOTH,
        traffic_class=TrafficClass.UNSPECIFIED,
        evidence=Evidence.OBSERVED,
        reported_as=f"{record['observedStatus']}: {text(record['statusNote']) or 'no note'}"[:300],
        period=Period.on(day(record["statusAsOf"], "statusAsOf")),
        locator=locator,
    )


def _place(record: dict[str, Any]) -> PointOfEntry:
    """The place by the names of both sides; a crossing the gazetteer does not know yet is named after its id."""
    identifier = str(record["locationId"])
    names = [name for name in (text(n) for n in record["sourceNames"] or ()) if name]
    own = identifier.removeprefix("sy-").removesuffix(CROSSING).replace("-", " ").title()
    pair = text(record.get("countryPair"))
    if pair is None:
        kind = PointOfEntryKind.AIR if "airport" in identifier else PointOfEntryKind.SEA
        # The town's name alone would not tell its port from its airport.
        named = own if kind is PointOfEntryKind.AIR else f"{own} Port"
        return PointOfEntry(home=HOME, neighbour=EVERYWHERE, kind=kind, name=named, aliases=tuple(names))
    sides = [side.strip() for side in pair.split(" - ")]
    neighbour = next((NEIGHBOURS[side] for side in sides if side in NEIGHBOURS), None)
    if neighbour is None:
        raise RecordError(SetAsideReason.UNKNOWN_PLACE, f"countryPair is {pair!r}: no neighbour of Syria in it")
    return PointOfEntry(home=HOME, neighbour=neighbour, name=own, aliases=tuple(names))
