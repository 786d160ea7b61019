"""What changed: between two moments, and what the store learnt last.

The difference of two as-of answers says what a reader of both would find: a figure that was revised and turned back in
between did not change. Old value, new value and reason stand in one row.
"""

from dataclasses import replace
from typing import Any

import pandas as pd
from sqlalchemy import Connection, and_, select
from sqlalchemy.orm import aliased

from tracker.asof import AsOf, known, same_fact, touched
from tracker.ids import OBSERVATION_PREFIX
from tracker.rows import FAMILIES, Family, fact_of
from tracker.series import CEILING, KINDS, Window, displacement, id_of, rows_of, visible
from tracker.tables import Displacement, IngestRun
from tracker.tables.observation import FACT
from tracker.vocabulary import LocationKind
from tracker.wholes import without_parts

Fact = tuple[Any, ...]
TOLD = ("observation_id", "value", "value_low", "value_high", "qualifier", "value_text", "status")
"""Columns of which the old one is shown beside the new."""


def changes(connection: Connection, kind: str, window: Window, since: AsOf) -> pd.DataFrame:
    """What a reader of the window as of ``since`` finds changed, the latest first.

    Args:
        connection: The store.
        kind: A kind of figure, of `tracker.series.KINDS`.
        window: The rows, as of the later moment.
        since: The earlier moment.

    Returns:
        ``change`` (new, revised or retracted), ``changed_at`` (when we learnt it) and ``reason``; the old row's
        ``previous_...``, null for what is new; then the columns of the kind, of a retracted figure those it had.
    """
    family = next(family for family in FAMILIES.values() if family.name == kind)
    then = replace(window, as_of=since)
    if since.published_by is None and window.as_of.published_by is None:
        then, window = (replace(one, touched_since=since.recorded_by) for one in (then, window))
    before, after = (_vintages(connection, family, one) for one in (then, window))
    old, new = (KINDS[kind](connection, one) for one in (then, window))
    was, now = _by_fact(old, before), _by_fact(new, after)
    rows = []
    for fact in {**now, **was}:
        if fact in was and fact in now and family.same(before[fact], after[fact]):
            continue
        said = "revised" if fact in was and fact in now else "new" if fact in now else "retracted"
        last = after.get(fact, {})
        told = {"change": said, "changed_at": last.get("recorded_at"), "reason": last.get("revision_reason")}
        previous = {f"previous_{name}": was[fact][name] if fact in was else None for name in TOLD if name in old}
        rows.append({**told, **previous, **now.get(fact, was.get(fact, {}))})
    columns = ["change", "changed_at", "reason", *(f"previous_{name}" for name in TOLD if name in old), *new.columns]
    frame = pd.DataFrame(rows, columns=columns, dtype=object)
    return frame.sort_values("changed_at", ascending=False, kind="stable").reset_index(drop=True)


def _vintages(connection: Connection, family: Family, window: Window) -> dict[Fact, dict[str, Any]]:
    """The last word on each fact as of the window's moment, withdrawals included."""
    table = family.observation
    columns = [table.id, table.revision_reason, IngestRun.recorded_at]
    columns += [getattr(table, name) for name in dict.fromkeys((*FACT, *family.asserted))]
    query = select(*columns).join(IngestRun, IngestRun.id == table.run_id).where(known(table, window.as_of))
    if window.touched_since:
        query = query.where(touched(table, window.touched_since))
    prefix = OBSERVATION_PREFIX[table]
    found = (dict(row) for row in connection.execute(query).mappings())
    return {fact_of(row): {**row, "observation_id": f"{prefix}{row['id']}"} for row in found}


def _by_fact(frame: pd.DataFrame, vintages: dict[Fact, dict[str, Any]]) -> dict[Fact, dict[str, Any]]:
    facts = {row["observation_id"]: fact for fact, row in vintages.items()}
    return {facts[row["observation_id"]]: row for row in rows_of(frame)}


def latest(connection: Connection, window: Window, limit: int) -> pd.DataFrame:
    """What the store learnt last about a region's displacement: revisions, then the newest periods.

    Columns are those of `displacement`, plus ``previous_value`` of the vintage before. Zeros and totals of people from
    the region in single other countries are left out: they are in the CSV.
    """
    frame = without_parts(displacement(connection, window))
    region = window.region
    if region and len(frame):
        here = frame["location_kind"] == LocationKind.WORLD
        frame = frame[(here | frame["location_id"].isin(region.location_ids)) & (frame["value"].fillna(1) != 0)]
    frame = frame.assign(revised=frame["vintage"] > 1)
    newest = ["revised", "reference_period_end", "run_id", "series_id"]
    frame = frame.sort_values(newest, ascending=False, na_position="last")
    frame = frame.head(limit).reset_index(drop=True)
    current, previous = Displacement, aliased(Displacement)
    replaced = and_(previous.superseded_run_id == current.run_id, previous.run_id != current.run_id)
    query = (
        select(id_of(current, current.id).label("observation_id"), previous.value)
        .join(previous, and_(same_fact(previous, current), replaced))
        .where(current.series_id.in_(frame["series_id"].tolist()), visible(current, window.as_of))
        .where(previous.sensitivity <= int(CEILING))
    )
    before = {row.observation_id: row.value for row in connection.execute(query)}
    frame["previous_value"] = [before.get(observation_id) for observation_id in frame["observation_id"]]
    return frame
