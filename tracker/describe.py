"""What a CSV holds, said for programs: a Data Package (https://datapackage.org) with the meaning of each column.

Types come from the store's own columns, meanings from `columns.toml`; what an empty cell means stands with each.
"""

import tomllib
from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from sqlalchemy import Connection, select

from tracker import vocabulary
from tracker.export import INTERNAL
from tracker.queries import QUERIES
from tracker.tables import Source
from tracker.windows import FAMILY, Window, rows

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", date: "date", datetime: "datetime"}
_MARKS = ("as_of", "published_by")
"""Columns that every file has after those of its rows."""


def data_package(
    connection: Connection, kind: str, columns: list[str], sources: Collection[str], name: str, address: str
) -> dict[str, Any]:
    """The description of a CSV.

    Args:
        connection: The store.
        kind: A kind of figure.
        columns: The columns of its rows.
        sources: Codes of the sources of its rows.
        name: What the file is called, without its ending.
        address: Where exactly these rows are, as of this moment.
    """
    query = select(Source.name, Source.homepage, Source.licence).where(Source.code.in_(sources)).order_by(Source.name)
    known = connection.execute(query).all()
    # The standard wants no empty lists.
    told = {
        "sources": [{"title": one.name, **({"path": one.homepage} if one.homepage else {})} for one in known],
        "licenses": [{"name": licence} for licence in sorted({one.licence for one in known})],
    }
    return {
        "$schema": PROFILE,
        "name": name.lower(),
        **{name: listed for name, listed in told.items() if listed},
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


def sources_of(connection: Connection, kind: str, window: Window) -> set[str]:
    """Codes of the sources with a row in a window."""
    ids = rows(kind, window, FAMILY[kind].series.source_id).distinct()
    return set(connection.scalars(select(Source.code).where(Source.id.in_(ids))))
