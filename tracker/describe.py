"""What a CSV holds, said for programs: a Data Package (https://datapackage.org) with the meaning of each column.

Types come from the store's own columns, meanings from `columns.toml`; what an empty cell means stands with each.
"""

import tomllib
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any

from sqlalchemy import Connection, select

from tracker import vocabulary
from tracker.asof import AsOf
from tracker.export import INTERNAL
from tracker.queries import QUERIES
from tracker.tables import Source
from tracker.windows import FAMILY, Window, series_within

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", date: "date", datetime: "datetime"}
_MARKS = ("as_of", "published_by")
"""Columns that every file has after those of its rows."""


def data_package(
    connection: Connection, kind: str, columns: list[str], window: Window, name: str, address: str
) -> dict[str, Any]:
    """The description of a CSV.

    Args:
        connection: The store.
        kind: A kind of figure.
        columns: The columns of its rows.
        window: What is asked for.
        name: What the file is called, without its ending.
        address: Where exactly these rows are, as of this moment.
    """
    sources = _sources(connection, kind, window)
    return {
        "$schema": PROFILE,
        "name": name.lower(),
        "created": _instant(window.as_of),
        "sources": [
            {"title": source.name, **({"path": source.homepage} if source.homepage else {})} for source in sources
        ],
        "licenses": [{"name": licence} for licence in sorted({source.licence for source in sources})],
        "resources": [
            {
                "name": name.lower(),
                "path": address,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True},
                "schema": {
                    "fields": [_field(kind, column) for column in (*columns, *_MARKS) if column not in INTERNAL],
                    "missingValues": [""],
                },
            }
        ],
    }


def _field(kind: str, column: str) -> dict[str, Any]:
    told = _meanings()[column]
    words = [word for each in told.get("words", ()) for word in getattr(vocabulary, each)]
    return {
        "name": column,
        "type": told.get("type") or _TYPES[_python_types(kind)[column]],
        "description": told["says"],
        **({"constraints": {"enum": [str(word) for word in words]}} if words else {}),
    }


@cache
def _meanings() -> dict[str, dict[str, Any]]:
    return tomllib.loads((resources.files("tracker") / "columns.toml").read_text(encoding="utf-8"))


@cache
def _python_types(kind: str) -> dict[str, Any]:
    columns = QUERIES[kind](Window()).selected_columns
    return {column.name: getattr(column.type, "impl_instance", column.type).python_type for column in columns}


def _sources(connection: Connection, kind: str, window: Window) -> list[Any]:
    """The sources with a series in the window, by name."""
    series = FAMILY[kind].series
    query = select(Source.name, Source.homepage, Source.licence).join(series, series.source_id == Source.id)
    return sorted(connection.execute(query.where(*series_within(window, series)).distinct()).all())


def _instant(moment: AsOf) -> str:
    return f"{moment.recorded_by or datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
