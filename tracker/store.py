"""Load: the only writer of figures. New facts, new vintages of known facts, nothing twice, nothing overwritten.

One call is one run's batch inside the caller's transaction. Every figure ends in exactly one of four counts (new,
revised, unchanged, duplicate) or comes back as a fault, so the ledger always adds up.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from tracker.places import Placed
from tracker.records import DisplacementFigure, Figure, Publication
from tracker.reference import identifiers, publication_ids
from tracker.rows import FAMILIES, Columns, Family, common_columns
from tracker.tables import (
    IngestRun,
)
from tracker.tables.observation import FACT
from tracker.vocabulary import ObservationStatus, RevisionReason, Trigger

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
    """What became of a batch.

    Attributes:
        unchanged: What the store holds already, or holds in a version that was published later.
        conflicts: Every figure that contradicts another one of the same batch; the first is no truer than the rest.
    """

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
        series = self._series(batch)
        series_ids = [columns["id"] for columns in series]
        cited = (a.placed.figure for a in batch if a.placed.figure.publication)
        publications = publication_ids(self.connection, {f.publication: f.published_on for f in cited if f.publication})
        rows = [self._row(a, s, publications) for a, s in zip(batch, series_ids, strict=True)]
        open_rows = self._open_rows(set(series_ids))
        contradicted = self._contradicted(rows)
        incidents = self._open_incidents(rows)
        closed: list[int] = []
        pending: list[Columns] = []
        for arrival, row, of_series in zip(batch, rows, series, strict=True):
            before = open_rows.get(_fact(row))
            row["vintage"], row["revision_reason"] = 1, None
            if (_fact(row), row["published_on"]) in contradicted:
                self.loaded.conflicts.append(arrival)
                continue
            if before is None:
                self.loaded.new += 1
            elif self._same(before, row):
                if before["run_id"] == self.run_id:
                    self.loaded.duplicate += 1
                else:
                    self.loaded.unchanged += 1
                continue
            elif self._is_overtaken(before, row):
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
            moved = [old for old in incidents.pop(_incident(of_series, row), []) if _fact(old) != _fact(row)]
            if moved and before is None:
                self.loaded.new -= 1
                self.loaded.revised += 1
            pending += (self._retraction(old) for old in moved)
            closed += (old["id"] for old in moved)
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

    def _contradicted(self, rows: list[Columns]) -> set[tuple[Fact, date | None]]:
        """Facts for which the batch says different things on one day of publication; none can be preferred.

        Between versions without a day and any others there is no order, so all of them contradict each other.
        """
        first: dict[Fact, Columns] = {}
        differing = {fact for row in rows for fact in [_fact(row)] if not self._same(first.setdefault(fact, row), row)}
        said: dict[tuple[Fact, date | None], set[Fact]] = defaultdict(set)
        for row in rows:
            if _fact(row) in differing:
                said[_fact(row), row["published_on"]].add(tuple(row[column] for column in self.family.asserted))
        return {(fact, day) for (fact, day), values in said.items() if len(values) > 1 or (fact, None) in said}

    def _is_overtaken(self, before: Columns, row: Columns) -> bool:
        """Whether the stored vintage is the later word: published later or, for the seed, said by another run."""
        live = self.only_own and before["run_id"] != self.run_id and before["trigger"] != Trigger.SEED
        return live or _published_later(before, row)

    def _same(self, before: Columns, row: Columns) -> bool:
        return all(before[column] == row[column] for column in self.family.asserted)

    def _series(self, batch: list[Arrival]) -> list[Columns]:
        """The series of every figure, with its id; series that are new are written."""
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
        return [{**columns, "id": known[columns["key"]]} for columns in wanted]

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

    def _open_incidents(self, rows: list[Columns]) -> dict[Fact, list[Columns]]:
        """Earlier runs' open rows of the batch's incidents; the provider may have corrected their place or day."""
        table, series = self.family.observation, self.family.series
        named = {row["external_id"] for row in rows if row["external_id"]}
        found: dict[Fact, list[Columns]] = defaultdict(list)
        if not named:
            return found
        of_series = [series.source_id, series.__table__.columns["indicator"]]
        for ids in _chunks(named):
            query = (
                select(*table.__table__.columns, *of_series)
                .join(series, series.id == table.series_id)
                .where(
                    table.external_id.in_(ids),
                    table.superseded_run_id.is_(None),
                    table.run_id != self.run_id,
                    table.observation_status != ObservationStatus.WITHDRAWN.value,
                )
            )
            for row in self.connection.execute(query).mappings():
                found[_incident(row, row)].append(dict(row))
        return found

    def _retraction(self, old: Columns) -> Columns:
        """The last vintage of a fact whose source has since told it of another place or day."""
        kept = {name: value for name, value in old.items() if name in self.family.observation.__table__.columns}
        nothing: Columns = {name: None for name in ("value", "value_low", "value_high") if name in kept}
        # Pointers are filled by `_point` once everything is written; rows of one insert must have the same columns.
        left_out = ("id", "primary_id", "subset_of_id")
        return {
            **{name: value for name, value in kept.items() if name not in left_out},
            **nothing,
            "observation_status": ObservationStatus.WITHDRAWN.value,
            "revision_reason": RevisionReason.RETRACTION.value,
            "vintage": old["vintage"] + 1,
            "run_id": self.run_id,
        }

    def _write(self, closed: list[int], pending: list[Columns]) -> None:
        table = self.family.observation
        for ids in _chunks(closed):
            self.connection.execute(update(table).where(table.id.in_(ids)).values(superseded_run_id=self.run_id))
        if pending:
            self.connection.execute(insert(table), pending)

    def _point(self, batch: list[Arrival], rows: list[Columns], pending: list[Columns]) -> None:
        """Fill the pointers between figures of one batch, once all of them have ids."""
        figures = [arrival.placed.figure for arrival in batch]
        written = {id(row) for row in pending}
        pointing = [
            (row, figure.primary, figure.subset_of if isinstance(figure, DisplacementFigure) else None)
            for figure, row in zip(figures, rows, strict=True)
            if id(row) in written
        ]
        pointing = [(row, primary, subset_of) for row, primary, subset_of in pointing if primary or subset_of]
        if not pointing:
            return
        ids = self._ids({row["series_id"] for row in rows})
        by_label = {figure.label: row for figure, row in zip(figures, rows, strict=True) if figure.label}

        def pointer(label: str | None) -> int | None:
            target = by_label.get(label or "")
            if target is None:
                return None
            return ids.get((_fact(target), target["vintage"] if id(target) in written else None))

        table = self.family.observation
        statement = update(table).where(table.id == bindparam("of")).values(primary_id=bindparam("primary"))
        if hasattr(table, "subset_of_id"):
            statement = statement.values(subset_of_id=bindparam("subset"))
        self.connection.execute(
            statement.execution_options(synchronize_session=False),
            [
                {"of": ids[_fact(row), row["vintage"]], "primary": pointer(primary), "subset": pointer(subset_of)}
                for row, primary, subset_of in pointing
            ],
        )

    def _ids(self, series_ids: set[int]) -> dict[tuple[Fact, int | None], int]:
        """Ids of this run's rows by fact and vintage, and of every open row by fact and None."""
        table = self.family.observation
        columns = [table.id, table.vintage, table.run_id, table.superseded_run_id]
        found: dict[tuple[Fact, int | None], int] = {}
        for ids in _chunks(series_ids):
            wanted = or_(table.run_id == self.run_id, table.superseded_run_id.is_(None))
            query = select(*columns, *(getattr(table, name) for name in FACT)).where(table.series_id.in_(ids), wanted)
            for row in self.connection.execute(query).mappings():
                if row["run_id"] == self.run_id:
                    found[_fact(row), row["vintage"]] = row["id"]
                if row["superseded_run_id"] is None:
                    found[_fact(row), None] = row["id"]
        return found


def _incident(series: Any, row: Any) -> Fact:
    """What makes an incident the same one, wherever and whenever its source says it happened."""
    return (series["source_id"], series.get("indicator"), row["external_id"])


def _fact(row: Any) -> Fact:
    return tuple(row[column] for column in FACT)


def _published_later(row: Columns, before: Columns) -> bool:
    return bool(row["published_on"] and before["published_on"] and row["published_on"] > before["published_on"])


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    listed = list(items)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]
