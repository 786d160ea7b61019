"""The feed's records as text: what a publisher would have written, and what goes wrong in doing so."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from benchmarks.places import Areas
from benchmarks.series import AGES, CAUSES, FIRST_MONTH, FIRST_WEEK, GROUPS, MEASURES, SEXES, SOURCES, UNITS, Series

EVENT = np.dtype(
    [
        ("series", "i4"),
        ("step", "i4"),
        ("published", "i4"),
        ("value", "i8"),
        ("before", "i8"),
        ("percent", "i1"),
        ("qualifier", "i1"),
        ("fate", "i1"),
        ("bad", "i1"),
    ]
)
"""One publication of one figure. ``step`` counts weeks or months, ``published`` days since 1970; ``before`` is the
value that it replaces, if any; ``percent`` is half the width of its bounds, 0 for none; ``bad`` is -1 for a good one,
or a position in `BAD`."""
Events = NDArray[np.void]

FIRST, REVISION, DUPLICATE = range(3)
"""Fates of an event."""

QUALIFIERS = ["", "estimated", "provisional", "verified", "at_least"]

Texts = dict[str, Any]
"""Columns of the feed in their order, each an Arrow array of strings."""


def periods(series: Series, step: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last day of periods, in days since 1970."""
    week = FIRST_WEEK.astype(np.int64) + 7 * step
    month = FIRST_MONTH + step
    start, end = (days.astype("M8[D]").astype(np.int64) for days in (month, month + 1))
    return np.where(series["weekly"], week, start), np.where(series["weekly"], week + 6, end - 1)


def texts(events: Events, series: Series, areas: Areas) -> Texts:
    """The events' records, good and bad.

    Args:
        events: Shape (n,) of `EVENT`.
        series: The series of each event, shape (n,).
        areas: Where the series are.
    """
    start, end = periods(series, events["step"])
    value, half = events["value"], events["value"] * events["percent"] // 100
    source, country = _words([source.name for source in SOURCES], series["source"]), areas.countries
    known = events["percent"] > 0
    columns = {
        "source": source,
        "publication_date": _days(events["published"]),
        "country": _words(country, series["country"]),
        "admin1": _words(areas.admin1, series["admin1"]),
        "admin2": _words(areas.admin2, series["admin2"]),
        "origin": _words(country, series["origin"]),
        "population_group": _words(GROUPS, series["group"]),
        "measure": _words(MEASURES, series["measure"]),
        "unit": _words(UNITS, series["unit"]),
        "value": _text(value),
        "value_low": pc.if_else(pa.array(known), _text(value - half), ""),
        "value_high": pc.if_else(pa.array(known), _text(value + half), ""),
        "qualifier": _words(QUALIFIERS, events["qualifier"]),
        "period_start": _days(start),
        "period_end": _days(end),
        "cause": _words(CAUSES, series["cause"]),
        "sex": _words(SEXES, series["sex"]),
        "age_group": _words(AGES, series["age"]),
    }
    year = pc.utf8_slice_codeunits(columns["publication_date"], 0, 4)
    columns["source_url"] = _joined("https://figures.example/", source, "/", columns["country"], "/", year)
    columns["external_id"] = _joined("F", _text(events["series"]), "-", columns["period_start"])
    for kind, spoil in enumerate(BAD.values()):
        rows = np.flatnonzero(events["bad"] == kind)
        if len(rows):
            spoil(columns, rows, value[rows])
    return columns


def lines(columns: Texts) -> bytes:
    """Records as lines of CSV; a cell with a comma stands in quotes, and no cell has quotes of its own."""
    value = columns["value"]
    quoted = pc.if_else(pc.match_substring(value, ","), _joined('"', value, '"'), value)
    cells = {**columns, "value": quoted}.values()
    return "".join(_joined(pc.binary_join_element_wise(*cells, ","), "\n").to_pylist()).encode()


def _words(words: Sequence[str], codes: NDArray[np.int32]) -> Any:
    """The words at these positions; -1 is empty."""
    return pa.array([*words, ""]).take(pa.array(codes % (len(words) + 1)))


def _text(numbers: NDArray[Any]) -> Any:
    return pc.cast(pa.array(numbers), pa.string())


def _days(days: NDArray[Any]) -> Any:
    return pc.cast(pa.array(days.astype(np.int32)).view(pa.date32()), pa.string())


def _joined(*parts: Any) -> Any:
    return pc.binary_join_element_wise(*parts, "")


Spoil = Callable[[Texts, NDArray[np.int64], NDArray[np.int64]], None]
"""Makes some records bad: columns, positions of the records, and their values, which are as good as chance."""


def _put(columns: Texts, name: str, rows: NDArray[np.int64], words: Sequence[str]) -> None:
    """Write words into the given rows of a column."""
    mask = np.zeros(len(columns[name]), bool)
    mask[rows] = True
    columns[name] = pc.replace_with_mask(columns[name], mask, pa.array(words, pa.string()))


def _malformed_date(columns: Texts, rows: NDArray[np.int64], values: NDArray[np.int64]) -> None:
    forms = ("2019-02-30", "31/12/2019", "2019-13-01", "last week")
    _put(columns, "period_start", rows, [forms[value % len(forms)] for value in values])


def _negative_value(columns: Texts, rows: NDArray[np.int64], values: NDArray[np.int64]) -> None:
    _put(columns, "value", rows, [str(-1 - value) for value in values])


def _unknown_pcode(columns: Texts, rows: NDArray[np.int64], values: NDArray[np.int64]) -> None:
    _put(columns, "admin1", rows, ["QQQ77" for _ in values])


def _text_number(columns: Texts, rows: NDArray[np.int64], values: NDArray[np.int64]) -> None:
    forms = ("{:,}", "about {}")
    _put(columns, "value", rows, [forms[value % 2].format(1000 + value) for value in values])


def _missing_required(columns: Texts, rows: NDArray[np.int64], values: NDArray[np.int64]) -> None:
    for n, name in enumerate(("value", "country", "publication_date")):
        chosen = rows[values % 3 == n]
        _put(columns, name, chosen, [""] * len(chosen))


BAD: dict[str, Spoil] = {
    "malformed_date": _malformed_date,
    "negative_value": _negative_value,
    "unknown_pcode": _unknown_pcode,
    "text_number": _text_number,
    "missing_required": _missing_required,
}
"""Kinds of bad rows, and how a good one is made into each."""
