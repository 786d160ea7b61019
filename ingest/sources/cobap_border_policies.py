"""COBAP: border closure policies of countries during the COVID-19 pandemic, 2020 to 2021.

What is published: one CSV of policies by which a country closed its borders, wholly or in part, with dates, the kinds
of travel and traveller concerned, and the evidence; a finished research data set.
Grain: one policy of one country, in force from a day to a day.
Key: ``ID`` (renumbered in 2021; ``OLD_ID`` holds the former one).
Revisions and cadence: none any more; releases of 2020 and 2021 differ in the numbering.
Known traps: dates are MM_DD_YY, although the provider's own notes say day first; "NONE" as an end means in force or
unknown, never "no end"; a complete closure has AIR, LAND and SEA all 0, since it concerns everything; policies overlap,
and a country is closed on a day if any of them says so; lists of targets hold names, codes of the pandemic and up to
200 countries, few of which are neighbours; EUR is the Schengen zone; 14 policies end before they start.
"""

from collections.abc import Iterator
from datetime import date, datetime

from ingest.reading import read_csv, require
from ingest.values import shown, text
from tracker.errors import RecordError
from tracker.records import BorderStatusFigure, ParsedRow, Payload, Period, Source
from tracker.vocabulary import (
    EVERYWHERE,
    Evidence,
    OperationalStatus,
    Redistribution,
    Reliability,
    SetAsideReason,
    SourceKind,
    TrafficClass,
)

SOURCE = Source(
    code="cobap_border_policies",
    name="COBAP border closure policies",
    kind=SourceKind.ACADEMIC,
    reliability=Reliability.B,
    licence="GPL-3.0",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="COVID Border Accountability Project (COBAP)",
    homepage="https://covidborderaccountability.org/",
    measures="How countries closed their borders by decree in 2020 and 2021, to everybody or to some.",
    grain="One status a policy, border and kind of travel, from its first day to its last.",
    traps="What a decree says, not what happened at a crossing; policies overlap; an end not given is not open.",
)

MODES = {"AIR": TrafficClass.AIR_TRAVEL, "LAND": TrafficClass.PERSONS, "SEA": TrafficClass.SEA_TRAVEL}
CREDIBILITY = {"very sure": 2, "sure": 3, "less sure": 4}
MOST_TARGETS = 10
"""A longer list of countries is a rule for the world with exceptions, not a closure of single borders."""

NEEDED = (
    "ID", "ISO3", "POLICY_TYPE", "POLICY_SUBTYPE", "START_DATE", "END_DATE", "CITIZEN_EXCEP", "SOURCE_QUALITY",
    *(f"{mode}{part}" for mode in MODES for part in ("", "_TYPE")), "TARGETS_LAND",
)  # fmt: skip


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each policy."""
    for line, record in read_csv(payload):
        row = ParsedRow(f"csv:{line}", record)
        policy = {name: require(record, name, payload, row.locator).strip() for name in NEEDED}
        with row.attempt("POLICY_TYPE") as locator:
            row.figures += _figures(policy, locator)
        yield row


def _figures(policy: dict[str, str], locator: str) -> list[BorderStatusFigure]:
    kind, subtype = policy["POLICY_TYPE"], policy["POLICY_SUBTYPE"]
    if kind == "NOPOLICYIMPLEMENTED":
        return []
    if kind not in ("COMPLETE", "PARTIAL"):
        raise RecordError(SetAsideReason.UNKNOWN_WORD, f"POLICY_TYPE is {kind!r}: expected COMPLETE or PARTIAL")
    if kind == "COMPLETE":
        # Nearly all complete closures let citizens in.
        whom = TrafficClass.FOREIGNERS if policy["CITIZEN_EXCEP"] == "1" else TrafficClass.PERSONS
        return [_figure(policy, EVERYWHERE, OperationalStatus.CLOSED, whom, "all", locator)]
    if subtype != "BORDER_CLOSURE":
        return [_figure(policy, EVERYWHERE, OperationalStatus.PARTIAL, TrafficClass.FOREIGNERS, "entry", locator)]
    found = []
    for mode, whom in MODES.items():
        if policy[mode] == "1":
            found += [
                _figure(policy, other, status, whom, f"{mode.lower()} {other}", f"{locator} ({mode} {other})")
                for other, status in _borders(policy, mode)
            ]
    return found


def _borders(policy: dict[str, str], mode: str) -> list[tuple[str, OperationalStatus]]:
    """Which borders are closed to a kind of travel, and whether wholly."""
    if policy[f"{mode}_TYPE"].lower() == "all":
        return [(EVERYWHERE, OperationalStatus.CLOSED)]
    named = [name.strip() for name in policy["TARGETS_LAND"].split(",")] if mode == "LAND" else []
    if named and len(named) <= MOST_TARGETS and all(text(name) for name in named):
        return [(name, OperationalStatus.CLOSED) for name in dict.fromkeys(named)]
    return [(EVERYWHERE, OperationalStatus.PARTIAL)]


def _figure(
    policy: dict[str, str], other: str, status: OperationalStatus, whom: TrafficClass, told: str, locator: str
) -> BorderStatusFigure:
    until = policy["END_DATE"]
    return BorderStatusFigure(
        source=SOURCE.code,
        # One policy may close several borders, each to its own kind of travel; each is a fact of its own.
        external_id=f"{policy['ID']} {told}",
        border=(policy["ISO3"], other),
        status=status,
        side=policy["ISO3"],
        direction_into=policy["ISO3"],
        traffic_class=whom,
        evidence=Evidence.ANNOUNCED,
        reported_as=f"{policy['POLICY_TYPE']}, {policy['POLICY_SUBTYPE']}".lower().replace("_", " "),
        period=Period.on(_day(policy["START_DATE"], "START_DATE")),
        valid_until=None if until == "NONE" else _day(until, "END_DATE"),
        credibility=CREDIBILITY.get(policy["SOURCE_QUALITY"].lower()),
        locator=locator,
    )


def _day(value: str, field: str) -> date:
    """A day written month first: 03_17_20."""
    try:
        return datetime.strptime(value, "%m_%d_%y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise RecordError(
            SetAsideReason.UNREADABLE_DATE, f"{field} is {shown(value)}: expected MM_DD_YY such as 03_17_20"
        ) from error
