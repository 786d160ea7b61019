"""What a source no longer says: facts that a batch moves, resolves or leaves out, and their last vintage.

A retraction is a vintage like any other. The row before it stays, so what was known on a past day can be shown again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal, select
from sqlalchemy.orm import aliased

from tracker.places import Placed
from tracker.rows import Columns, Family, Identifiers, chunks, fact_of
from tracker.tables.observation import FACT
from tracker.vocabulary import ObservationStatus, RevisionReason

Fact = tuple[Any, ...]


class Retractions:
    """The open rows of earlier runs that one family's batch makes obsolete.

    Attributes:
        closed: Ids of the rows that are open no longer.
        written: Their last vintages.
    """

    def __init__(self, connection: Connection, run_id: int, family: Family) -> None:
        """Look at the tables of one family."""
        self.connection, self.run_id, self.family = connection, run_id, family
        self.closed: set[int] = set()
        self.written: list[Columns] = []
        self._incidents: dict[Fact, list[Columns]] = defaultdict(list)
        self._unresolved: dict[Fact, list[Columns]] = defaultdict(list)

    def find_incidents(self, rows: list[Columns]) -> None:
        """Look up the batch's incidents: the provider may have corrected the place or day of one."""
        table, series = self.family.observation, self.family.series
        indicator = series.__table__.columns.get("indicator", literal("").label("indicator"))
        for ids in chunks({row["external_id"] for row in rows if row["external_id"]}):
            query = self._open(series.source_id, indicator).where(table.external_id.in_(ids))
            for row in self.connection.execute(query.where(table.run_id != self.run_id)).mappings():
                self._incidents[_incident_of(row, row)].append(dict(row))

    def find_unresolved(self, batch: Iterable[Placed], ids: Identifiers, series_ids: Mapping[str, int]) -> None:
        """Look up facts that were loaded when the gazetteer did not know their place, or their origin.

        Left open, they would stand beside the same figure at its proper place.
        """
        series_of = {}
        for placed in batch:
            for location, origin in placed.before:
                before = self.family.series_columns(replace(placed, location=location, origin=origin), ids)
                series_of[before["key"]] = self.family.series_columns(placed, ids)["key"]
        series = self.family.series
        for keys in chunks(series_of):
            for row in self.connection.execute(self._open(series.key).where(series.key.in_(keys))).mappings():
                self._unresolved[(series_ids[series_of[row["key"]]], *fact_of(row)[1:])].append(dict(row))

    def withdraw_unsaid(self, source_id: int, rows: list[Columns]) -> int:
        """Retract what the source said of the batch's time and does not say in it; returns how many facts that is.

        Args:
            source_id: The source, of which the batch is all it says.
            rows: The batch's rows, the last published last.
        """
        table = self.family.observation
        ends = [row["reference_period_end"] for row in rows]
        said, published = {fact_of(row) for row in rows}, rows[-1]["published_on"]
        query = self._open().where(
            self.family.series.source_id == source_id, table.reference_period_end.between(min(ends), max(ends))
        )
        gone = [dict(row) for row in self.connection.execute(query).mappings() if fact_of(row) not in said]
        gone = [row for row in gone if not (published and row["published_on"] and row["published_on"] > published)]
        for row in gone:
            self._retract(row, RevisionReason.RETRACTION, published)
        return len(gone)

    @property
    def unresolved(self) -> list[Fact]:
        """The facts of the batch that stood at no known place until now."""
        return list(self._unresolved)

    def replace(self, row: Columns, series: Columns) -> bool:
        """Retract what a new row puts elsewhere; returns whether the figure stood at another place or day until now."""
        moved = [old for old in self._incidents.pop(_incident_of(series, row), []) if fact_of(old) != fact_of(row)]
        for old in moved:
            self._retract(old, RevisionReason.RETRACTION, row["published_on"])
        unresolved = self._unresolved.pop(fact_of(row), [])
        for old in unresolved:
            self._retract(old, RevisionReason.MAPPING_CHANGE, row["published_on"])
        return bool(moved or unresolved)

    def _open(self, *more: ColumnElement[Any] | Any) -> Select[Any]:
        table, series = self.family.observation, self.family.series
        other = aliased(table)
        same_fact = (getattr(other, column) == getattr(table, column) for column in FACT)
        last_vintage = select(func.max(other.vintage)).where(*same_fact).scalar_subquery().label("last_vintage")
        return (
            select(*table.__table__.columns, last_vintage, *more)
            .join(series, series.id == table.series_id)
            .where(
                table.superseded_run_id.is_(None),
                table.observation_status != ObservationStatus.WITHDRAWN.value,
            )
        )

    def _retract(self, old: Columns, reason: RevisionReason, published_on: date | None) -> None:
        """Write the last vintage of a fact, once; it was published with what took the fact's place, or nobody knows."""
        if old["id"] in self.closed:
            return
        # Pointers are filled once everything is written; rows of one insert must have the same columns.
        left_out = ("id", "primary_id", "subset_of_id")
        kept = {c.name: old[c.name] for c in self.family.observation.__table__.columns if c.name not in left_out}
        nothing: Columns = {name: None for name in ("value", "value_low", "value_high") if name in kept}
        self.closed.add(old["id"])
        self.written.append(
            {
                **kept,
                **nothing,
                "published_on": published_on,
                "observation_status": ObservationStatus.WITHDRAWN.value,
                "revision_reason": reason.value,
                "vintage": old["last_vintage"] + 1,
                "said_order": old["said_order"] + 1,
                "republished_on": None,
                "run_id": self.run_id,
                "doubt": None,
            }
        )


def _incident_of(series: Any, row: Any) -> Fact:
    """What makes an incident the same one, wherever and whenever its source says it happened."""
    return (series["source_id"], series.get("indicator") or "", row["external_id"])
