"""OCHA: place codes (p-codes) of first- and second-level areas, all countries (HDX, global list).

What is published: one CSV with code, name and parent of every area of admin levels 1 and 2; beside it, country by
country, a workbook of the same areas (COD-AB, tabular data) with names in the country's languages.
Grain: one row an area.
Key: the p-code.
Revisions and cadence: whenever a country's boundaries are reviewed; the list is made anew each week. A code may be
given to another area after a reform, and "Valid from date" then moves.
Known traps: styles differ (SY01, LB1, TUR001, IQG01); the parent of a first-level area is the country's ISO3 in the
global list and its ISO2 in the workbooks; some countries have areas under one code in two styles (CL11, CL011); dates
in the workbooks are days since 1899-12-30; countries without p-codes (Jordan) are missing, and that is no gap of ours.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from ingest.contract import Scope
from ingest.hdx import LOOKS_LIKE as CATALOGUE_ENTRY
from ingest.hdx import newest
from ingest.http import Client
from ingest.reading import read_csv, require
from ingest.values import day, text
from ingest.workbook import Sheets, find_table, is_workbook, read_workbook
from tracker.errors import RecordError, SourceChanged
from tracker.records import ParsedRow, Payload, PlaceEntry, Source
from tracker.vocabulary import LocationKind, Redistribution, Reliability, SetAsideReason, SourceKind

SOURCE = Source(
    code="ocha_pcodes",
    name="OCHA global list of p-codes",
    kind=SourceKind.UN,
    reliability=Reliability.A,
    licence="CC BY",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="OCHA Field Information Services, global p-codes (HDX)",
    homepage="https://data.humdata.org/dataset/global-pcodes",
    cadence_days=90,
    measures="Nothing: it names the areas that figures are about.",
    grain="One area of admin level 1 or 2, with its code, name and parent.",
    names_places=True,
    traps="Code styles differ between countries; a code may be reused after a reform; some countries have none.",
)

LOOKS_LIKE = {**CATALOGUE_ENTRY, "Country Length": "the table of p-code lengths, not the p-codes"}
LEVELS = {"1": LocationKind.ADM1, "2": LocationKind.ADM2}
FIRST_DAY = date(1899, 12, 30)
"""Day 0 of workbooks."""


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The global list: other countries' figures need their places, too."""
    yield newest(client, "global-pcodes", "CSV", r"adm_?1_?2")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each area."""
    return _parse_workbook(payload) if is_workbook(payload) else _parse_list(payload)


def _parse_list(payload: Payload) -> Iterator[ParsedRow]:
    for line, record in read_csv(payload):
        row = ParsedRow(f"csv:{line}", record)
        cells = {
            name: require(record, name, payload, row.locator, LOOKS_LIKE)
            for name in ("Location", "Admin Level", "P-Code", "Name", "Parent P-Code", "Valid from date")
        }
        with row.attempt("P-Code") as locator:
            level = cells["Admin Level"].strip()
            if level not in LEVELS:
                raise RecordError(SetAsideReason.UNKNOWN_WORD, f"Admin Level is {level!r}: expected 1 or 2")
            since = cells["Valid from date"]
            row.figures.append(
                PlaceEntry(
                    source=SOURCE.code,
                    code=_required(cells["P-Code"], "P-Code"),
                    kind=LEVELS[level],
                    iso3=_required(cells["Location"], "Location"),
                    parent=_required(cells["Parent P-Code"], "Parent P-Code"),
                    name_en=_required(cells["Name"], "Name"),
                    valid_from=day(since, "Valid from date") if text(since) else None,
                    locator=locator,
                )
            )
        yield row


def _parse_workbook(payload: Payload) -> Iterator[ParsedRow]:
    sheets = read_workbook(payload)
    levels = [level for level in LEVELS if _has_level(sheets, level)]
    if not levels:
        find_table(sheets, "ADM1_PCODE", payload)
    for level in levels:
        yield from _parse_level(sheets, level, payload)


def _has_level(sheets: Sheets, level: str) -> bool:
    return any(f"ADM{level}_PCODE" in row for rows in sheets.values() for row in rows[:10])


def _parse_level(sheets: Sheets, level: str, payload: Payload) -> Iterator[ParsedRow]:
    prefix = f"ADM{level}"
    table = find_table(sheets, f"{prefix}_PCODE", payload, without=f"ADM{int(level) + 1}_PCODE")
    for number, record in table.rows:
        row = ParsedRow(f"{table.sheet}!{number}", record)
        code = require(record, f"{prefix}_PCODE", payload, row.locator)
        parent = require(record, f"ADM{int(level) - 1}_PCODE", payload, row.locator)
        names = _names(record, prefix)
        if not names:
            raise SourceChanged(f"{payload.url}: no column {prefix}_EN, or of another language, at {row.locator}")
        with row.attempt(f"{prefix}_PCODE") as locator:
            english = text(record.get(f"{prefix}_EN")) or names[0]
            row.figures.append(
                PlaceEntry(
                    source=SOURCE.code,
                    code=_required(code, f"{prefix}_PCODE"),
                    kind=LEVELS[level],
                    iso3=None,
                    parent=_required(parent, f"ADM{int(level) - 1}_PCODE"),
                    name_en=english,
                    name_ar=text(record.get(f"{prefix}_AR")),
                    other_names=tuple(name for name in names if name != english),
                    valid_from=_day_of(record.get("VALIDON")),
                    locator=locator,
                )
            )
        yield row


def _names(record: dict[str, Any], prefix: str) -> list[str]:
    """Names in every language the workbook has: columns such as ADM1_EN, ADM1_AR, ADM1ALT1_EN."""
    spelt = [
        text(value)
        for column, value in record.items()
        if column.startswith(prefix) and column[-3:-2] == "_" and column[-2:].isupper()
    ]
    return [name for name in dict.fromkeys(spelt) if name]


def _day_of(value: Any) -> date | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    return FIRST_DAY + timedelta(days=value) if isinstance(value, int) else day(value, "VALIDON")


def _required(value: Any, field: str) -> str:
    """A cell that the area cannot do without; Namibia's codes begin with NA, and no cell of theirs is "NA" alone."""
    cell = str(value if value is not None else "").strip()
    if not cell:
        raise RecordError(SetAsideReason.MISSING_FIELD, f"{field} is empty")
    return cell
