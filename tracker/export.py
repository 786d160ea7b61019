"""Write a frame as CSV that Excel, R and another agency's pipeline all read the same way.

UTF-8 with BOM (Arabic in Excel), ISO dates, UTC instants, empty for null, no thousands separators, a fixed column
order. A text cell that a spreadsheet would run as a formula gets an apostrophe in front; numbers never do.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import pandas as pd

from tracker.asof import AsOf

INTERNAL = ("series_id", "location_id", "redistribute", "location_kind", "official", "origin_name_ar")
"""Columns of the frames that mean nothing outside the store."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_parts(frames: Iterable[pd.DataFrame], moment: AsOf) -> Iterator[bytes]:
    """Frames of the same columns as one CSV file, a part for each; memory does not grow with their number."""
    first = True
    for frame in frames:
        part = to_csv(frame, moment)
        yield part if first else part.partition(b"\r\n")[2]
        first = False


def to_csv(frame: pd.DataFrame, moment: AsOf) -> bytes:
    """The frame as bytes of a CSV file, header included even when there is no row.

    Each row says as of when: asked as of ``as_of`` (and ``published_by``, if not empty) again, the store gives the same
    rows for ever.
    """
    shown = frame.drop(columns=[column for column in INTERNAL if column in frame.columns])
    shown = shown.assign(
        as_of=f"{moment.recorded_by:%Y-%m-%dT%H:%M:%S.%fZ}" if moment.recorded_by else None,
        published_by=moment.published_by,
    )
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(shown.columns)
    writer.writerows(zip(*(map(_cell, shown[column].tolist()) for column in shown.columns), strict=True))
    return written.getvalue().encode("utf-8-sig")


@lru_cache(50_000, typed=True)
def _cell(value: Any) -> Any:
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN is the value that differs from itself
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
