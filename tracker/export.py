"""Write a frame as CSV that Excel, R and another agency's pipeline all read the same way.

UTF-8 with BOM (Arabic in Excel), ISO dates, UTC instants, empty for null, no thousands separators, a fixed column
order. A text cell that a spreadsheet would run as a formula gets an apostrophe in front; numbers never do.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from tracker import series

KINDS: dict[str, Callable[[Connection, series.Window], pd.DataFrame]] = {
    "displacement": series.displacement,
    "border-status": series.border_status,
    "aid-access": series.aid_access,
}
"""What can be exported, and which question each export asks."""

INTERNAL = ("series_id", "location_id", "redistribute", "location_kind", "official")
"""Columns of the frames that mean nothing outside the store."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def to_csv(frame: pd.DataFrame) -> bytes:
    """The frame as bytes of a CSV file, header included even when there is no row."""
    shown = frame.drop(columns=[column for column in INTERNAL if column in frame.columns])
    return shown.map(_cell).to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


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
