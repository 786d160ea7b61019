"""Write rows as CSV that Excel, R and another agency's pipeline all read the same way.

UTF-8 with BOM (Arabic in Excel), ISO dates, UTC instants, empty for null, no thousands separators, a fixed column
order. A text cell that a spreadsheet would run as a formula gets an apostrophe in front; numbers never do.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from tracker.asof import AsOf
from tracker.queries import Rows

INTERNAL = ("series_id", "location_id", "redistribute", "location_kind", "official", "origin_name_ar")
"""Columns of the frames that mean nothing outside the store."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_parts(parts: Iterable[Rows], moment: AsOf) -> Iterator[bytes]:
    """Rows of the same columns as one CSV file, a part for each; memory does not grow with their number."""
    first = True
    for rows in parts:
        yield to_csv(rows, moment, header=first)
        first = False


def to_csv(told: Rows, moment: AsOf, *, header: bool = True) -> bytes:
    """The rows as bytes of a CSV file, the header included even when there is no row.

    Each row says as of when: asked as of ``as_of`` (and ``published_by``, if not empty) again, the store gives the same
    rows for ever.
    """
    shown = [number for number, name in enumerate(told.columns) if name not in INTERNAL]
    recorded = f"{moment.recorded_by:%Y-%m-%dT%H:%M:%S.%fZ}" if moment.recorded_by else ""
    as_of = (recorded, _cell(moment.published_by))
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    if header:
        writer.writerow([*(told.columns[number] for number in shown), "as_of", "published_by"])
    writer.writerows([*(_cell(row[number]) for number in shown), *as_of] for row in told.rows)
    return written.getvalue().encode("utf-8-sig" if header else "utf-8")


@lru_cache(4_096, typed=True)
def _cell(value: Any) -> Any:
    if value is None or value != value:  # noqa: PLR0124 - NaN is the value that differs from itself
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
