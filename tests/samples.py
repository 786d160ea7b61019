"""Payloads of our own making in the providers' forms, and the recorded ones where they are at hand."""

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl

from ingest.contract import SourceModule
from tracker.records import AnyEntry, AnyFigure, ParsedRow, Payload

OWN = Path(__file__).resolve().parent / "payloads"
RECORDED = Path(__file__).resolve().parent.parent.parent / "shared" / "sources"
RETRIEVED = datetime(2024, 9, 1, 6, tzinfo=UTC)


def payload(content: bytes | str, url: str = "saved.json", retrieved_at: datetime = RETRIEVED) -> Payload:
    """A payload as somebody saved it."""
    content = content.encode() if isinstance(content, str) else content
    return Payload(body=content, url=url, media_type="application/octet-stream", retrieved_at=retrieved_at)


def own(code: str) -> list[Payload]:
    """Every sample of a source; its folder ``wire`` holds the answers to a fetch, which are not all payloads."""
    return [payload(path.read_bytes(), path.name) for path in sorted((OWN / code).iterdir()) if path.is_file()]


def recorded(name: str) -> Payload:
    """A recorded payload; tests marked `recorded` are left out where there are none."""
    return payload((RECORDED / name).read_bytes(), Path(name).name)


def workbook(sheets: dict[str, Iterable[Iterable[Any]]]) -> bytes:
    """An XLSX file with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parsed(module: SourceModule, *payloads: Payload) -> list[ParsedRow]:
    """All rows of the payloads."""
    return [row for one in payloads for row in module.parse(one)]


def figures(module: SourceModule, *payloads: Payload) -> list[AnyFigure | AnyEntry]:
    """All figures of the payloads."""
    return [figure for row in parsed(module, *payloads) for figure in row.figures]


def faults(module: SourceModule, *payloads: Payload) -> list[tuple[str, str]]:
    """Reason and locator of all that was set aside while parsing."""
    return [(fault.reason.value, fault.locator) for row in parsed(module, *payloads) for fault in row.faults]
