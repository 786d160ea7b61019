"""Load: the only writer of figures. New facts, new vintages of known facts, nothing twice, nothing overwritten.

One call is one run's batch inside the caller's transaction. Every figure ends in exactly one of four counts (new,
revised, unchanged, duplicate) or comes back as a fault, so the ledger always adds up.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, insert, select, update

from tracker.places import Placed
from tracker.records import DisplacementFigure, Figure, Publication
from tracker.reference import identifiers, publication_ids
from tracker.rows import FAMILIES, Columns, Family, common_columns
from tracker.tables import (
    IngestRun,
)
from tracker.tables.observation import FACT
from tracker.vocabulary import RevisionReason, Trigger

Item = TypeVar("Item")
Fact = tuple[Any, ...]
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Arrival:
    """A placed and checked figure, and the payload it was read from."""

    placed: Placed
    payload_id: int


@dataclass(slots=True)
class Loaded:
    """What became of a batch; ``conflicts`` are figures that contradict another one of the same batch."""

    new: int = 0
    revised: int = 0
    unchanged: int = 0
    duplicate: int = 0
    conflicts: list[Arrival] = field(default_factory=list)


def load(connection: Connection, run_id: int, arrivals: Sequence[Arrival], *, only_own: bool = False) -> Loaded:
    """Merge a batch into the store.

    Args:
        connection: A write transaction; the caller commits.
        run_id: The run everything is recorded under.
        arrivals: Figures in the order of their payload.
        only_own: The seed's rule: a fact some other run has revised since is left alone (counted unchanged), so
            that loading the seed again never turns a newer figure back.
    """
    loaded = Loaded()
    by_family: dict[type[Figure], list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        by_family[type(arrival.placed.figure)].append(arrival)
    for kind, batch in by_family.items():
        _Merge(connection, run_id, FAMILIES[kind], loaded, only_own).run(batch)
    return loaded


class _Merge:
    """One family's batch on its way into one pair of tables."""

    def __init__(self, connection: Connection, run_id: int, family: Family, loaded: Loaded, only_own: bool) -> None:
        self.connection, self.run_id, self.family, self.loaded = connection, run_id, family, loaded
        self.only_own = only_own

    def run(self, batch: list[Arrival]) -> None:
        # Of two versions of one fact in a batch, the one published later is the later vintage.
        batch = sorted(batch, key=lambda a: a.placed.figure.published_on or date.min)
        series_ids = self._series(batch)
        cited = (a.placed.figure for a in batch if a.placed.figure.publication)
        publications = publication_ids(self.connection, {f.publication: f.published_on for f in cited if f.publication})
        rows = [self._row(a, s, publications) for a, s in zip(batch, series_ids, strict=True)]
        open_rows = self._open_rows(set(series_ids))
        closed: list[int] = []
        pending: list[Columns] = []
        for arrival, row in zip(batch, rows, strict=True):
            before = open_rows.get(_fact(row))
            row["vintage"], row["revision_reason"] = 1, None
            if before is None:
                self.loaded.new += 1
            elif self._same(before, row):
                if before["run_id"] == self.run_id:
                    self.loaded.duplicate += 1
                else:
                    self.loaded.unchanged += 1
                continue
            elif before["run_id"] == self.run_id and not _published_later(row, before):
                self.loaded.conflicts.append(arrival)
                continue
            elif self.only_own and before["run_id"] != self.run_id and self._is_newer(before, row):
                self.loaded.unchanged += 1
                continue
            else:
                self.loaded.revised += 1
                row["vintage"] = before["vintage"] + 1
                row["revision_reason"] = RevisionReason.SOURCE_REVISION.value
                if "id" in before:
                    closed.append(before["id"])
                else:
                    before["superseded_run_id"] = self.run_id
            pending.append(row)
            open_rows[_fact(row)] = row
        self._write(closed, pending)
        self._point(batch, rows, pending)

    def _row(self, arrival: Arrival, series_id: int, publications: dict[Publication, int]) -> Columns:
        figure = arrival.placed.figure
        return {
            **common_columns(figure),
            **self.family.observation_columns(figure),
            "series_id": series_id,
            "publication_id": publications[figure.publication] if figure.publication else None,
            "payload_id": arrival.payload_id,
            "run_id": self.run_id,
            "superseded_run_id": None,
        }

    @staticmethod
    def _is_newer(before: Columns, row: Columns) -> bool:
        """Whether the stored vintage has overtaken the seed's row: by another run, or by a later publication."""
        return bool(before["trigger"] != Trigger.SEED or _published_later(before, row))

    def _same(self, before: Columns, row: Columns) -> bool:
        return all(before[column] == row[column] for column in self.family.asserted)

    def _series(self, batch: list[Arrival]) -> list[int]:
        """The series id of every figure; series that are new are written."""
        ids = identifiers(self.connection, (a.placed for a in batch))
        wanted = [self.family.series_columns(a.placed, ids) for a in batch]
        by_key = {columns["key"]: columns for columns in wanted}
        table = self.family.series
        known: dict[str, int] = {}
        for keys in _chunks(by_key):
            known.update(self.connection.execute(select(table.key, table.id).where(table.key.in_(keys))).all())
        missing = [columns for key, columns in by_key.items() if key not in known]
        if missing:
            self.connection.execute(insert(table), missing)
            for keys in _chunks([columns["key"] for columns in missing]):
                known.update(self.connection.execute(select(table.key, table.id).where(table.key.in_(keys))).all())
        return [known[columns["key"]] for columns in wanted]

    def _open_rows(self, series_ids: set[int]) -> dict[Fact, Columns]:
        table = self.family.observation
        columns = [table.id, table.vintage, table.run_id, IngestRun.trigger, table.published_on]
        columns += [getattr(table, name) for name in (*FACT, *self.family.asserted)]
        found: dict[Fact, Columns] = {}
        for ids in _chunks(series_ids):
            query = (
                select(*columns)
                .join(IngestRun, IngestRun.id == table.run_id)
                .where(table.series_id.in_(ids), table.superseded_run_id.is_(None))
            )
            for row in self.connection.execute(query).mappings():
                found[_fact(row)] = dict(row)
        return found

    def _write(self, closed: list[int], pending: list[Columns]) -> None:
        table = self.family.observation
        for ids in _chunks(closed):
            self.connection.execute(update(table).where(table.id.in_(ids)).values(superseded_run_id=self.run_id))
        if pending:
            self.connection.execute(insert(table), pending)

    def _point(self, batch: list[Arrival], rows: list[Columns], pending: list[Columns]) -> None:
        """Fill the pointers between figures of one batch, once all of them have ids."""
        facts: dict[str | None, Fact] = {
            a.placed.figure.label: _fact(row) for a, row in zip(batch, rows, strict=True) if a.placed.figure.label
        }
        written = {id(row) for row in pending}
        changes = []
        for arrival, row in zip(batch, rows, strict=True):
            figure = arrival.placed.figure
            subset_of = figure.subset_of if isinstance(figure, DisplacementFigure) else None
            if id(row) in written and (figure.primary or subset_of):
                changes.append((_fact(row), facts.get(figure.primary), facts.get(subset_of)))
        if not changes:
            return
        table = self.family.observation
        ids: dict[Fact | None, int] = {
            fact: row["id"] for fact, row in self._open_rows({row["series_id"] for row in rows}).items()
        }
        has_subset = hasattr(table, "subset_of_id")
        statement = update(table).where(table.id == bindparam("of")).values(primary_id=bindparam("primary"))
        if has_subset:
            statement = statement.values(subset_of_id=bindparam("subset"))
        self.connection.execute(
            statement.execution_options(synchronize_session=False),
            [{"of": ids[fact], "primary": ids.get(p), "subset": ids.get(s)} for fact, p, s in changes],
        )


def _fact(row: Any) -> Fact:
    return tuple(row[column] for column in FACT)


def _published_later(row: Columns, before: Columns) -> bool:
    return bool(row["published_on"] and before["published_on"] and row["published_on"] > before["published_on"])


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    listed = list(items)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]
