"""Trace: one figure's whole life, from the source's own row to its vintages."""

import csv
import io
import json
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
from sqlalchemy import Connection, select

from tracker.archive import read
from tracker.asof import PRESENT, AsOf, known, said_by
from tracker.errors import StoreError, UsageError
from tracker.ids import OBSERVATION_PREFIX, is_seed_key, notes_by_id, seed_ids
from tracker.rows import FAMILIES, Family
from tracker.tables import IngestRun, Payload, Publication, Source, Standing
from tracker.vocabulary import Precision, Sensitivity
from tracker.windows import CEILING

_STEP = re.compile(r"\[(\d+)\]|([^./\[\]]+)")


@dataclass(frozen=True, slots=True)
class Trace:
    """A figure's life.

    Attributes:
        figure: Columns of the observation and of its series.
        payload_row: The provider's row as archived, or why it cannot be shown.
        vintages: All vintages of the fact that were known at the moment asked for, in the order they were learnt.
            ``is_last_word`` tells which one a reader of that moment is shown.
    """

    observation_id: str
    figure: dict[str, Any]
    source: dict[str, Any]
    publication: dict[str, Any] | None
    payload: dict[str, Any]
    payload_row: str
    run: dict[str, Any]
    vintages: list[dict[str, Any]]
    relays: str | None


def row_title(found: Trace) -> str:
    """What the archived row is: the provider's own, or ours when a person entered the figure."""
    return "our transcription, as archived" if found.payload["source_id"] is None else "the source's row, as archived"


def trace(connection: Connection, archive: Path, observation_id: str, moment: AsOf = PRESENT) -> Trace:
    """Follow a figure back to where it came from.

    Args:
        connection: The store.
        archive: Folder of the archived payloads.
        observation_id: As shown in the CSV and on the pages (D, B or A and a number), or a key of the seed (D001).
        moment: As of when.

    Raises:
        UsageError: There is no such observation, it was not known then, or it may not be shown.
    """
    family, number = _parse_id(connection, observation_id)
    table, prefix = family.observation, OBSERVATION_PREFIX[family.observation]
    found = _row(connection, table, number)
    if found is not None:
        found |= _row(connection, Standing, found["standing_id"]) or {}
        found["id"] = number
    if found is None or found["sensitivity"] > CEILING:
        raise UsageError(f"there is no observation {observation_id!r} in this store")
    series = _row(connection, family.series, found["series_id"]) or {}
    payload = _row(connection, Payload, found["payload_id"]) or {}
    vintages = [
        dict(row)
        for row in connection.execute(
            select(
                *table.__table__.columns,
                Standing.start_precision,
                IngestRun.recorded_at,
                known(table, moment).label("is_last_word"),
            )
            .join(IngestRun, IngestRun.id == table.run_id)
            .join(Standing, Standing.id == table.standing_id)
            .where(
                said_by(table, IngestRun, moment),
                table.series_id == found["series_id"],
                table.reference_period_start == found["reference_period_start"],
                table.reference_period_end == found["reference_period_end"],
                table.external_id == found["external_id"],
                table.sensitivity <= int(CEILING),
            )
            .order_by(table.vintage)
        ).mappings()
    ]
    if number not in {vintage["id"] for vintage in vintages}:
        raise UsageError(f"observation {observation_id!r} is not part of what is shown {moment}")
    return Trace(
        observation_id=f"{prefix}{number}",
        figure=_as_read(connection, {**series, **found}),
        source=_row(connection, Source, series["source_id"]) or {},
        publication=_row(connection, Publication, found["publication_id"]),
        payload=payload,
        payload_row=_payload_row(archive, payload, found["locator"], found["sensitivity"]),
        run=_row(connection, IngestRun, found["run_id"]) or {},
        vintages=[_as_read(connection, vintage) for vintage in vintages],
        relays=f"{prefix}{found['primary_id']}" if found["primary_id"] else None,
    )


def _as_read(connection: Connection, columns: dict[str, Any]) -> dict[str, Any]:
    """The columns as the CSV has them: no start where the source says none, ids in place of seed keys."""
    if columns["start_precision"] == Precision.UNKNOWN:
        columns["reference_period_start"] = None
    [columns["note"]] = notes_by_id(connection, [(columns["note"], columns["locator"])])
    return columns


def _parse_id(connection: Connection, observation_id: str) -> tuple[Family, int]:
    text = observation_id.strip()
    text = text.lower() if text.lower().startswith("article-") else text[:1].upper() + text[1:].lower()
    if is_seed_key(text):
        text = seed_ids(connection, [text]).get(text, "")
    prefix, number = text[:1], text[1:]
    for family in FAMILIES.values():
        if OBSERVATION_PREFIX[family.observation] == prefix and number.isdecimal() and len(number) < 19:
            return family, int(number)
    raise UsageError(f"{observation_id!r} is not an observation id: expected D, B or A and a number, such as D1")


def _row(connection: Connection, table: Any, row_id: int | None) -> dict[str, Any] | None:
    row = connection.execute(select(*table.__table__.columns).where(table.id == row_id)).mappings().first()
    return dict(row) if row else None


def _payload_row(archive: Path, payload: dict[str, Any], locator: str, sensitivity: int) -> str:
    """The provider's row at a locator: ``items[0]/refugees``, ``csv:12/REF`` or ``Sheet!5``.

    Rows about incidents hold coordinates and names; of these only the field the figure stands in is shown.
    """
    path, _, name = locator.partition("/")
    try:
        received = read(archive, payload["sha256"])
        cell = re.fullmatch(r"(.+)!(\d+)", path)
        if cell and sensitivity <= Sensitivity.LOW:
            return json.dumps(_sheet_row(received, cell[1], int(cell[2])), ensure_ascii=False, default=str)
        content = received.decode("utf-8-sig")
        shown = _text_row(content, path)
        if sensitivity > Sensitivity.LOW:
            shown = {name: shown[name], "(withheld)": "the rest of the row may place or name people"}
    except StoreError as error:
        return f"({error})"
    except (ValueError, LookupError, TypeError, StopIteration, BadZipFile):
        return f"(the row is at {locator!r} of the archived payload, which is {payload['media_type']})"
    return json.dumps(shown, ensure_ascii=False, indent=1)


def _text_row(content: str, path: str) -> Any:
    line = re.fullmatch(r"(?:.+\.)?(csv|ndjson):(\d+)(?: \(.*\))?", path)
    if line is None:
        return _walk(json.loads(content), path)
    return _csv_row(content, int(line[2])) if line[1] == "csv" else json.loads(content.split("\n")[int(line[2]) - 1])


def _csv_row(content: str, line: int) -> dict[str, str]:
    """The filled cells of the row that ends in this line; a quoted cell may hold lines of its own.

    Of a million rows before it only the quotes are counted: a row begins where they are even.
    """
    lines = list(islice(io.StringIO(content, newline=""), line))
    if len(lines) < line:
        raise LookupError(line)
    quotes, begun = 0, 0
    for number, text in enumerate(lines[:-1], start=1):
        quotes += text.count('"')
        begun = begun if quotes % 2 else number
    columns, values = next(csv.reader(lines)), next(csv.reader(lines[begun:line]))
    return {key: value for key, value in zip(columns, values, strict=False) if value}


def _sheet_row(received: bytes, sheet: str, number: int) -> list[Any]:
    """The cells of one row of a workbook, as they are."""
    book = openpyxl.load_workbook(io.BytesIO(received), read_only=True, data_only=True)
    try:
        return list(next(book[sheet].iter_rows(min_row=number, max_row=number, values_only=True), ()))
    finally:
        book.close()


def _walk(found: Any, path: str) -> Any:
    for index, name in _STEP.findall(path):
        found = found[int(index)] if index else found[name]
    return found
