"""The publications that figures cite: written once, and found again by publisher, title and address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Column as TableColumn
from sqlalchemy import Connection, Date, Integer, MetaData, Table, Text, and_, func, or_, select, update

from tracker.records import Publication
from tracker.tables import Publication as PublicationRow
from tracker.writing import Array, Column, new_ids, objects, slices, write_columns

_NAMES = ("publisher", "title", "url")

_WANTED = Table(
    "wanted_publication",
    MetaData(),
    TableColumn("n", Integer, primary_key=True, autoincrement=False),
    *(TableColumn(name, Text) for name in _NAMES),
    TableColumn("published_on", Date),
    prefixes=["TEMPORARY"],
)
_SAME = and_(*(getattr(PublicationRow, name) == _WANTED.c[name] for name in _NAMES))


@dataclass(frozen=True, slots=True)
class Cited:
    """Different publications as columns: arrays of objects, one entry a publication.

    Attributes:
        last: The last day each is cited for, as a proleptic ordinal; 0 for none.
    """

    publisher: Array
    title: Array
    url: Array
    last: Array


def publication_ids(
    connection: Connection, wanted: Mapping[Publication, date | None], own: int | None = None
) -> dict[Publication, int]:
    """Ids of publications (each with the date it appeared); those not known yet are written.

    Args:
        connection: A write transaction.
        wanted: The publications, with days of appearance; null where nobody knows.
        own: As of `ids_of`; null where no publication is of this run.
    """
    days = np.asarray([day.toordinal() if day else 0 for day in wanted.values()], np.int64)
    publisher, title, url = (objects([getattr(one, name) for one in wanted]) for name in _NAMES)
    ids = ids_of(connection, Cited(publisher, title, url, days), own)
    return dict(zip(wanted, ids.tolist(), strict=True))


def last_id(connection: Connection) -> int:
    """The id of the publication that was written last; 0 when there is none."""
    return connection.scalar(select(func.coalesce(func.max(PublicationRow.id), 0))) or 0


def ids_of(connection: Connection, cited: Cited, own: int | None) -> Array:
    """The same for many.

    Args:
        connection: A write transaction.
        cited: The publications.
        own: The id after which publications are those of this run: those may turn out to be cited for a later day
            still, and any other keeps the day it has.
    """
    many = len(cited.last)
    ids = np.zeros(many, np.int64)
    if not many:
        return ids
    _stage(connection, cited)
    for n, found in connection.execute(select(_WANTED.c.n, PublicationRow.id).join(PublicationRow, _SAME)):
        ids[n] = found
    if own is not None and (ids > own).any():
        later = or_(PublicationRow.published_on.is_(None), PublicationRow.published_on < _WANTED.c.published_on)
        last = update(PublicationRow).where(_SAME, PublicationRow.id > own, later)
        last = last.values(published_on=_WANTED.c.published_on)
        connection.execute(last.execution_options(synchronize_session=False))
    missing = np.flatnonzero(ids == 0)
    ids[missing] = new_ids(connection, PublicationRow.__table__, len(missing))
    for part in slices(len(missing)):
        _write(connection, PublicationRow.__table__, "id", ids[missing[part]], cited, missing[part])
    _WANTED.drop(connection)
    return ids


def _stage(connection: Connection, cited: Cited) -> None:
    """Put them into a table that only this transaction sees."""
    _WANTED.create(connection)
    for part in slices(len(cited.last)):
        numbers = np.arange(part.start, part.stop)
        _write(connection, _WANTED, "n", numbers, cited, numbers)


def _write(connection: Connection, table: Any, key: str, keys: Array, cited: Cited, at: Array) -> None:
    columns: dict[str, Column] = {
        key: keys,
        **{name: getattr(cited, name)[at].tolist() for name in _NAMES},
        "published_on": cited.last[at],
    }
    write_columns(connection, table, len(at), columns)
