"""Merge figures one by one, beside a bulk if there is one: what is new, what changes, what is known already."""

from collections import defaultdict
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, insert, or_, select, update

from tracker.batch import Arrival, Loaded, one_of
from tracker.bulk import Bulk, Figures
from tracker.bulk_rows import cited, write
from tracker.doubts import Change, doubt
from tracker.held import Held
from tracker.late import last_said, late_vintages, said_later
from tracker.places import Placed
from tracker.pointers import point
from tracker.publications import ids_of, publication_ids
from tracker.records import Publication
from tracker.reference import identifiers, standing_ids
from tracker.retractions import Retractions
from tracker.rows import Columns, Family, chunks, common_columns, fact_of, standing_columns
from tracker.tables import IngestRun
from tracker.tables.observation import FACT
from tracker.vocabulary import RevisionReason, Trigger

Fact = tuple[Any, ...]


class Merge:
    """One family's batch on its way into one pair of tables."""

    def __init__(
        self,
        connection: Connection,
        run_id: int,
        family: Family,
        loaded: Loaded,
        only_own: bool,
        whole_of: int | None,
        publications: int,
    ) -> None:
        """Look at one family's tables.

        Args:
            connection: As `tracker.store.load` was told, and so are the run, ``only_own`` and ``whole_of``.
            run_id: The run.
            family: The kind of figure.
            loaded: Where it is counted.
            only_own: The seed's rule.
            whole_of: The source that has no more to say.
            publications: The id after which publications are this run's own.
        """
        self.connection, self.run_id, self.family, self.loaded = connection, run_id, family, loaded
        self.only_own, self.whole_of, self.publications = only_own, whole_of, publications
        self.last_vintage: dict[Fact, int] = defaultdict(int)
        self.republished: list[Columns] = []
        self.keys: set[str] = set()
        self.known: set[str] = set()
        self.series_ids: dict[str, int] = {}

    def run(self, batch: list[Arrival], columns: tuple[Figures, int] | None) -> None:
        """Write the batch, and the columns with the id of their payload, and count what became of them."""
        bulk = self._bulk(batch, columns[0]) if columns else None
        if bulk and columns:
            batch = batch + [one_of(columns[0], n, columns[1]) for n in bulk.singles]
        # Of two versions of one fact in a batch, the one published later is the later vintage.
        batch = sorted(batch, key=lambda a: a.placed.figure.published_on or date.min)
        series = self._series([a.placed for a in batch])
        if bulk and columns:
            cites, at = cited(columns[0])
            of_bulk = np.append(ids_of(self.connection, cites, self.publications), 0)[at]
        dated = {f.publication: f.published_on for f in (a.placed.figure for a in batch) if f.publication}
        publications = publication_ids(self.connection, dated, self.publications)
        templates = [placed.figure for placed in columns[0].templates] if columns else []
        self.standings = standing_ids(self.connection, [*templates, *(a.placed.figure for a in batch)])
        rows = [self._row(a, of["id"], publications) for a, of in zip(batch, series, strict=True)]
        open_rows = self._open_rows({of["id"] for of in series})
        contradicted = self._contradicted(rows)
        retractions = self._retractions(batch, rows)
        changes: list[Change] = []
        earlier: list[Columns] = []
        for arrival, row, of_series in zip(batch, rows, series, strict=True):
            before = open_rows.get(fact_of(row))
            if (fact_of(row), row["published_on"]) in contradicted:
                self.loaded.conflicts.append(arrival)
            elif before is not None and self._is_earlier(before, row):
                self.loaded.unchanged += 1
                earlier.append(row)
            elif self._is_news(before, row):
                moved = retractions.replace(row, of_series)
                self._follow(row, before, moved, retractions)
                changes.append(Change(row, of_series, arrival.placed, before))
                open_rows[fact_of(row)] = row
        judgement = doubt(changes, open_rows.values(), bulk)
        self.loaded.judged += judgement.judged
        self.loaded.doubts += judgement.doubts.values()
        pending = retractions.written + [change.row for change in changes] + self._late(earlier)
        self._write(retractions.closed, pending)
        if bulk and columns:
            standings = [self.standings[standing_columns(figure)["key"]] for figure in templates]
            write(self.connection, bulk, self.family, self.run_id, columns[1], standings, of_bulk)
            self.loaded.count(*bulk.counts())
        self.loaded.series, self.loaded.known = self.loaded.series + len(self.keys), self.loaded.known + len(self.known)
        point(self.connection, self.run_id, self.family, [a.placed.figure for a in batch], rows, pending)

    def _bulk(self, batch: list[Arrival], figures: Figures) -> Bulk:
        """The columns, without the facts that have to be taken one by one."""
        series = self._series(figures.templates)
        singles = self._series([a.placed for a in batch])
        known = {of["id"] for of in (*series, *singles) if of["key"] in self.known}
        bulk = Bulk(figures, self.family, series, Held.read(self.connection, known))
        bulk.leave_facts(
            (of["id"], period.end, period.start, a.placed.figure.external_id)
            for a, of in zip(batch, singles, strict=True)
            for period in (a.placed.figure.period,)
        )
        earlier = Retractions(self.connection, self.run_id, self.family)
        earlier.find_unresolved(figures.templates, self.ids, self.series_ids)
        bulk.leave_facts(earlier.unresolved)
        return bulk

    def _retractions(self, batch: list[Arrival], rows: list[Columns]) -> Retractions:
        """What earlier runs left open and this batch makes obsolete; what the source no longer says goes at once."""
        retractions = Retractions(self.connection, self.run_id, self.family)
        retractions.find_incidents(rows)
        retractions.find_unresolved((a.placed for a in batch), self.ids, self.series_ids)
        withdrawn = retractions.withdraw_unsaid(self.whole_of, rows) if self.whole_of else 0
        if withdrawn:
            self.loaded.warnings.append(f"{withdrawn} figures withdrawn: the source no longer gives them")
        return retractions

    def _is_news(self, before: Columns | None, row: Columns) -> bool:
        """Whether a row says what the store does not hold yet; counted, if it does not."""
        if before is None:
            return True
        if self.family.same(before, row) and before["run_id"] == self.run_id:
            self.loaded.duplicate += 1
        elif self.family.same(before, row) or self._is_newer_than_seed(before):
            self.loaded.unchanged += 1
            if self.family.same(before, row) and row["published_on"] and row["published_on"] != last_said(before):
                before["republished_on"] = row["published_on"]
                self.republished.append(before)
        else:
            return True
        return False

    def _follow(self, row: Columns, before: Columns | None, moved: bool, retractions: Retractions) -> None:
        """Put a row behind the vintage it replaces, if any, and count it."""
        row["vintage"] = self._next_vintage(fact_of(row))
        row["revision_reason"] = RevisionReason.SOURCE_REVISION.value if row["vintage"] > 1 else None
        row["said_order"] = before["said_order"] + 1 if before else 1
        if before is not None:
            if "id" in before:
                retractions.closed.add(before["id"])
                dated_before = before["published_on"] and before["trigger"] != Trigger.SEED
                self.loaded.undated += bool(dated_before and row["published_on"] is None)
            else:
                before["superseded_run_id"] = self.run_id
        if before is not None or moved:
            self.loaded.revised += 1
        else:
            self.loaded.new += 1

    def _late(self, earlier: list[Columns]) -> list[Columns]:
        """What was published before the last word, and that nobody had said by then: written, and never open."""
        late = late_vintages(self.connection, self.run_id, self.family, earlier, self._next_vintage)
        if late:
            self.loaded.warnings.append(
                f"{len(late):,} figures are earlier publications of what is known: kept as history, not shown as news"
            )
        return late

    def _next_vintage(self, fact: Fact) -> int:
        self.last_vintage[fact] += 1
        return self.last_vintage[fact]

    def _row(self, arrival: Arrival, series_id: int, publications: dict[Publication, int]) -> Columns:
        figure = arrival.placed.figure
        return {
            **common_columns(figure),
            **self.family.observation_columns(figure),
            "series_id": series_id,
            "publication_id": publications[figure.publication] if figure.publication else None,
            "payload_id": arrival.payload_id,
            "standing_id": self.standings[standing_columns(figure)["key"]],
            "run_id": self.run_id,
            "superseded_run_id": None,
            "republished_on": None,
            "doubt": None,
        }

    def _contradicted(self, rows: list[Columns]) -> set[tuple[Fact, date | None]]:
        """Facts for which the batch says different things on one day of publication; none can be preferred.

        Between versions without a day and any others there is no order, so all of them contradict each other.
        """
        first: dict[Fact, Columns] = {}
        differing = {
            fact for row in rows for fact in [fact_of(row)] if not self.family.same(first.setdefault(fact, row), row)
        }
        said: dict[tuple[Fact, date | None], set[Fact]] = defaultdict(set)
        for row in rows:
            if fact_of(row) in differing:
                said[fact_of(row), row["published_on"]].add(tuple(row[column] for column in self.family.asserted))
        return {(fact, day) for (fact, day), values in said.items() if len(values) > 1 or (fact, None) in said}

    def _is_newer_than_seed(self, before: Columns) -> bool:
        return self.only_own and before["run_id"] != self.run_id and before["trigger"] != Trigger.SEED.value

    def _is_earlier(self, before: Columns, row: Columns) -> bool:
        """Whether a row was published before the last word: history, not news."""
        return said_later(before, row) and not self._is_newer_than_seed(before)

    def _series(self, batch: list[Placed]) -> list[Columns]:
        """The series of every figure, with its id; series that are new are written."""
        self.ids = identifiers(self.connection, batch)
        wanted = [self.family.series_columns(placed, self.ids) for placed in batch]
        by_key = {columns["key"]: columns for columns in wanted}
        table = self.family.series
        known: dict[str, int] = {}
        for keys in chunks(by_key):
            known.update(self.connection.execute(select(table.key, table.id).where(table.key.in_(keys))).all())
        missing = [columns for key, columns in by_key.items() if key not in known]
        self.known |= known.keys() - self.keys
        self.keys |= by_key.keys()
        if missing:
            self.connection.execute(insert(table), missing)
            for keys in chunks([columns["key"] for columns in missing]):
                known.update(self.connection.execute(select(table.key, table.id).where(table.key.in_(keys))).all())
        self.series_ids |= known
        return [{**columns, "id": known[columns["key"]]} for columns in wanted]

    def _open_rows(self, series_ids: set[int]) -> dict[Fact, Columns]:
        table = self.family.observation
        columns = [table.id, table.vintage, table.said_order, table.run_id, IngestRun.trigger, table.superseded_run_id]
        columns += [
            table.published_on,
            table.republished_on,
            *(getattr(table, name) for name in (*FACT, *self.family.asserted)),
        ]
        # A vintage that came late has a higher number than the one that is open.
        late = table.superseded_run_id == table.run_id
        found: dict[Fact, Columns] = {}
        for ids in chunks(series_ids):
            query = (
                select(*columns)
                .join(IngestRun, IngestRun.id == table.run_id)
                .where(table.series_id.in_(ids), or_(table.superseded_run_id.is_(None), late))
            )
            for row in self.connection.execute(query).mappings():
                fact = fact_of(row)
                self.last_vintage[fact] = max(self.last_vintage[fact], row["vintage"])
                if row["superseded_run_id"] is None:
                    found[fact] = dict(row)
        return found

    def _write(self, closed: set[int], pending: list[Columns]) -> None:
        table = self.family.observation
        for ids in chunks(closed):
            self.connection.execute(update(table).where(table.id.in_(ids)).values(superseded_run_id=self.run_id))
        again = [{"of": row["id"], "day": row["republished_on"]} for row in self.republished if "id" in row]
        if again:
            statement = update(table).where(table.id == bindparam("of")).values(republished_on=bindparam("day"))
            self.connection.execute(statement.execution_options(synchronize_session=False), again)
        if pending:
            self.connection.execute(insert(table), pending)
