"""Read: the only module that answers questions from the store, as tidy frames.

Every frame has one row an observation and carries its provenance; charts, tables and CSV are made from the same frame,
so they cannot disagree. Which rows a frame has is said by `tracker.windows`, in the query. A null is "not reported";
nothing here fills one in. Dates are ``datetime.date``; people are nullable whole numbers.
"""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, func, select

from tracker.queries import Rows, answer
from tracker.tables import Event, Location, Publication
from tracker.windows import Window


def displacement(connection: Connection, window: Window) -> pd.DataFrame:
    """Displacement observations of a region, the last word on each as of the window's moment, oldest period first.

    A row belongs to a region when its people are in it or came from it. ``value``, ``value_low`` and ``value_high``
    count ``unit``; ``reference_period_start`` is null where the source does not say when its count began.
    """
    return _frame(connection, "displacement", window)


def border_status(connection: Connection, window: Window) -> pd.DataFrame:
    """Border and crossing statuses of a region, oldest first. ``point_of_entry`` is null for a whole border.

    ``status`` is as of ``reference_period_end``; it says nothing of any later day.
    """
    return _frame(connection, "border-status", window)


def aid_access(connection: Connection, window: Window) -> pd.DataFrame:
    """Constraints, incidents, scores and shortages of a region, oldest first. ``value`` counts ``unit``."""
    return _frame(connection, "aid-access", window)


KINDS: dict[str, Callable[[Connection, Window], pd.DataFrame]] = {
    "displacement": displacement,
    "border-status": border_status,
    "aid-access": aid_access,
}
"""The kinds of figure, and the question each one answers."""


def events(connection: Connection, window: Window) -> pd.DataFrame:
    """Dated events of a region, oldest first.

    Events have no vintages: as of a past day, those up to that day are shown as they are known now.
    """
    query = (
        select(
            Event.code, Event.date_start, Event.date_end, Event.precision, Event.event_type, Event.title_en,
            Event.title_ar, Location.code.label("location_code"), Event.disputed, Event.annotate, Event.note,
            Publication.publisher, Publication.title.label("publication_title"),
            Publication.url.label("publication_url"),
        )
        .join(Location, Location.id == Event.location_id)
        .outerjoin(Publication, Publication.id == Event.publication_id)
        .order_by(Event.date_start, Event.id)
    )  # fmt: skip
    if window.region:
        query = query.where(Location.id.in_(window.region.location_ids))
    if window.start:
        query = query.where(func.coalesce(Event.date_end, Event.date_start) >= window.start)
    last = min((day for day in (window.end, window.as_of.day) if day), default=None)
    if last:
        query = query.where(Event.date_start <= last)
    return frame_of(connection, query)


def _frame(connection: Connection, kind: str, window: Window) -> pd.DataFrame:
    """Rows as a frame: nulls stay null, people are whole."""
    told = answer(connection, kind, window)
    frame = _as_frame(told.rows, told.columns)
    for column in ("value", "value_low", "value_high") if kind == "displacement" else ():
        frame[column] = frame[column].astype("Int64")
    return frame


def frame_of(connection: Connection, query: Select[*tuple[Any, ...]]) -> pd.DataFrame:
    """The rows of a query; nulls stay null."""
    result = connection.execute(query)
    return _as_frame(result.all(), list(result.keys()))


def _as_frame(found: Sequence[Any], columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(found, columns=columns, dtype=object)
    return frame.where(frame.notna(), None)


def figures(connection: Connection, kind: str, window: Window) -> list[dict[str, Any]]:
    """The rows of a kind's frame as plain dicts, for whoever needs no frame: it takes half of the time of a page."""
    found = answer(connection, kind, window)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The frame's rows as plain dicts; every kind of missing is ``None``."""
    if frame.empty:
        return []
    columns = [str(column) for column in frame.columns]
    values = frame.astype(object).where(frame.notna(), None)
    return [dict(zip(columns, row, strict=True)) for row in values.itertuples(index=False, name=None)]


def as_rows(frame: pd.DataFrame) -> Rows:
    """A frame as it is written to a file; every kind of missing is ``None``."""
    values = frame.astype(object).where(frame.notna(), None)
    return Rows([str(name) for name in frame.columns], list(values.itertuples(index=False, name=None)))
