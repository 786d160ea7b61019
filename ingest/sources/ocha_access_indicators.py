"""OCHA: access indicators of the Global Humanitarian Overview (published spreadsheet, countries with a response plan).

What is published: for each country the shares of visas and of travel authorisations that are pending or denied, of CERF
and CBPF projects affected by insecurity and inaccessibility, and how many incidents were reported; other columns are
about vaccines and schools.
Grain: one row a country; no date.
Key: ISO3 code.
Revisions and cadence: the sheet is overwritten from time to time, and says neither when nor of when; the day it was
retrieved stands for its date.
Known traps: a share is written "25.00%", "0", "1" or "N/A" in one column: "1" without a sign may be 1 % or all, so it
is set aside; the counts of incidents are of "previous year", "since start of year" and of both together, which must
not be added; numbers have thousands commas; the sheet has no line end after its last row.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ingest.reading import read_csv, require
from ingest.values import NOTHING, count, shown
from tracker.errors import RecordError
from tracker.records import AccessFigure, Amount, ParsedRow, Payload, Period, PlaceName, Source
from tracker.vocabulary import (
    AccessIndicator,
    AccessUnit,
    ConstraintType,
    Precision,
    Redistribution,
    Reliability,
    Role,
    SetAsideReason,
    SourceKind,
)


class _Meaning(NamedTuple):
    """What a column measures."""

    indicator: AccessIndicator
    constraint: ConstraintType | None
    told: str = ""


VISAS = _Meaning(AccessIndicator.VISAS_DENIED, ConstraintType.ENTRY_IMPEDIMENTS)
TRAVEL = _Meaning(AccessIndicator.MOVEMENTS_DENIED, ConstraintType.RESTRICTION_OF_MOVEMENT)
SHARES = {
    "% of visas pending or denied": VISAS,
    "% of travel authorizations or movements denied": TRAVEL,
    "% of CERF projects affected by insecurity and inaccessibility": _Meaning(
        AccessIndicator.PROJECTS_AFFECTED, ConstraintType.INSECURITY_HOSTILITIES, "CERF"
    ),
    "% of CBPF projects affected by insecurity and inaccessibility": _Meaning(
        AccessIndicator.PROJECTS_AFFECTED, ConstraintType.INSECURITY_HOSTILITIES, "CBPF"
    ),
}
COUNTS = {
    "Number of incidents reported in previous year": "previous year",
    "Number of incidents reported since start of year": "since start of year",
}
"""The third count of incidents is the sum of these two."""

SUM = "Number of incidents reported since start of previous year"

SOURCE = Source(
    code="ocha_access_indicators",
    name="OCHA access indicators",
    kind=SourceKind.UN,
    reliability=Reliability.B,
    licence="CC BY",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="OCHA, access indicators of the Global Humanitarian Overview",
    homepage="https://data.humdata.org/visualization/covid19-humanitarian-operations/",
    measures="Shares of visas, movements and funded projects that are held up, and reported incidents, by country.",
    grain="Up to six figures a country, as of the day the sheet was retrieved.",
    traps="The sheet has no date; a share without a percent sign may be a fraction and is set aside unless it is 0.",
    fields=frozenset(
        {
            "ISO Code", "Country", *SHARES, *COUNTS, SUM, "Campaign Vaccine", "Campaign Vaccine Status",
            "Number of learners enrolled from pre-primary to tertiary education",
        }
    ),
)  # fmt: skip

SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*%")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each country."""
    seen_on = payload.retrieved_at.date()
    for line, record in read_csv(payload, open_end=True):
        row = ParsedRow(f"csv:{line}", record)
        country = require(record, "ISO Code", payload, row.locator)
        for column, meaning in SHARES.items():
            cell = require(record, column, payload, row.locator)
            with row.attempt(column) as locator:
                share = _share(cell, column)
                if share is not None:
                    row.figures.append(_figure(country, meaning, share, AccessUnit.PERCENT, seen_on, locator))
        for column, told in COUNTS.items():
            cell = require(record, column, payload, row.locator)
            with row.attempt(column) as locator:
                incidents = count(cell, column)
                if incidents is not None:
                    meaning = _Meaning(AccessIndicator.SECURITY_INCIDENTS, None, told)
                    row.figures.append(_figure(country, meaning, incidents, AccessUnit.INCIDENTS, seen_on, locator))
        yield row


def _share(cell: str, column: str) -> float | None:
    """A percentage; zero is zero in either notation."""
    if cell.strip().lower() in NOTHING:
        return None
    found = SHARE.fullmatch(cell.strip())
    if found:
        return float(found[1])
    if cell.strip() in ("0", "0.0"):
        return 0.0
    raise RecordError(
        SetAsideReason.UNREADABLE_NUMBER,
        f"{column} is {shown(cell)}: expected a share with a percent sign; without one it may be a fraction",
    )


def _figure(
    country: str, meaning: _Meaning, value: float, unit: AccessUnit, seen_on: date, locator: str
) -> AccessFigure:
    if not country.strip():
        raise RecordError(SetAsideReason.UNKNOWN_PLACE, "ISO Code is empty: expected an ISO3 country code")
    return AccessFigure(
        source=SOURCE.code,
        indicator=meaning.indicator,
        constraint_type=meaning.constraint,
        location=PlaceName(iso3=country.strip()),
        variant=meaning.told,
        amount=Amount.exact(value),
        unit=unit,
        scale="0-100" if unit is AccessUnit.PERCENT else None,
        period=Period.on(seen_on, Precision.UNKNOWN),
        role=Role.CONTEXT,
        note="The sheet has no date: this is the day it was retrieved.",
        locator=locator,
    )
