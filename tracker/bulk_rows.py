"""What a bulk writes: its rows as columns, the publications they cite, and what becomes of the rows they replace."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection

from tracker.bulk import Array, Bulk, Figures, codes
from tracker.held import QUALIFIERS, STATUSES
from tracker.publications import Cited
from tracker.rows import Family, common_columns
from tracker.tables import Displacement
from tracker.vocabulary import RevisionReason
from tracker.writing import Coded, Column, objects, set_by_id, slices, write_columns

_SHARED = ("sensitivity", "note", "value_text", "household_size", "household_size_source")
"""What all figures of a template have in their rows."""


def cited(figures: Figures) -> tuple[Cited, Array]:
    """What the figures cite, and for each figure its position in that; -1 where it cites nothing."""
    publications = [placed.figure.publication for placed in figures.templates]
    titles = [(one.publisher, one.title) if one else ("", "") for one in publications]
    title = codes(titles)
    cites = figures.url >= 0
    many = max(len(figures.urls), 1)
    pairs, inverse = np.unique((title[figures.template] * many + figures.url)[cites], return_inverse=True)
    last = np.zeros(len(pairs), np.int64)
    np.maximum.at(last, inverse, figures.published[cites])
    at = np.full(len(cites), -1)
    at[cites] = inverse
    of_title, of_url = pairs // many, pairs % many
    first = np.unique(title, return_index=True)[1][of_title]
    publisher, name = (objects(column)[first] for column in zip(*titles, strict=True))
    return Cited(publisher, name, objects(figures.urls)[of_url], last), at


def write(
    connection: Connection,
    bulk: Bulk,
    family: Family,
    run_id: int,
    payload_id: int,
    standings: Sequence[int],
    publications: Array,
) -> None:
    """Write what a bulk has that is news, and note what it closes and what it says again.

    Args:
        connection: A write transaction.
        bulk: The figures.
        family: Their kind.
        run_id: The run.
        payload_id: The payload they were read from.
        standings: Id of the standing of each template.
        publications: Id of the publication of each figure, in the order of the columns; 0 where it cites nothing.
    """
    table = Displacement.__table__
    set_by_id(connection, table, "superseded_run_id", bulk.closed(), run_id)
    set_by_id(connection, table, "republished_on", *bulk.said_again())
    told = [{**common_columns(one.figure), **family.observation_columns(one.figure)} for one in bulk.figures.templates]
    at = bulk.written
    replaced = np.append(bulk.fact[at][1:] == bulk.fact[at][:-1], False)
    vintage, order = bulk.vintages()
    lines = bulk.figures.line[bulk.order]
    cites = publications[bulk.order]
    for part in slices(len(at)):
        n = at[part]
        rows, template = bulk.told.take(n), bulk.template[n]
        columns: dict[str, Column] = {
            "series_id": rows.series,
            "reference_period_start": rows.start,
            "reference_period_end": rows.end,
            "external_id": "",
            "vintage": vintage[part],
            "said_order": order[part],
            "published_on": rows.published,
            "locator": [f"csv:{line}/value" for line in lines[n].tolist()],
            "publication_id": _or_null(cites[n]),
            "payload_id": payload_id,
            "run_id": run_id,
            "superseded_run_id": Coded(replaced[part].astype(np.int8), [None, run_id]),
            "value": rows.value,
            "value_low": rows.low,
            "value_high": rows.high,
            "qualifier": Coded(rows.qualifier, [word.value for word in QUALIFIERS]),
            "observation_status": Coded(rows.status, [word.value for word in STATUSES]),
            "revision_reason": Coded((vintage[part] > 1).astype(np.int8), [None, RevisionReason.SOURCE_REVISION.value]),
            "doubt": _doubts(bulk, n),
            "standing_id": np.asarray(standings, np.int64)[template],
        }
        columns |= {name: _shared([one[name] for one in told], template) for name in _SHARED}
        write_columns(connection, table, len(n), columns)


def _or_null(ids: Array) -> Column:
    return ids if ids.all() else [one or None for one in ids.tolist()]


def _doubts(bulk: Bulk, positions: Array) -> Column:
    told = [bulk.doubts.get(position) for position in positions.tolist()] if bulk.doubts else []
    return told if any(told) else None


def _shared(of_template: list[Any], template: Array) -> Column:
    return of_template[0] if len(set(of_template)) == 1 else Coded(template, of_template)
