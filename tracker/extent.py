"""How much there is: the size, sources and days of an answer, and a page of it, without reading the rest."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from tracker.series import KINDS, rows_of
from tracker.tables import IngestRun, Source
from tracker.vocabulary import Redistribution
from tracker.windows import FAMILY, Window, rows


@dataclass(frozen=True, slots=True)
class Extent:
    """What is said of many rows at once.

    Attributes:
        count: How many rows.
        sources: Names of their sources, in alphabetical order.
        first: Earliest day a reference period ends; null where there is no row, like all that follow.
        last: Latest such day.
        read: When the newest of them was recorded.
        kept_back: How many may not be passed on.
    """

    count: int = 0
    sources: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    read: datetime | None = None
    kept_back: int = 0

    @classmethod
    def of(cls, rows: Iterable[Any]) -> "Extent":
        """The extent of rows, or of parts that count ``rows`` each, with the extremes of their days.

        A part has ``source_name``, ``redistribute``, ``recorded_at``, ``reference_period_end`` and, if it is more than
        one row, ``rows`` and ``first``.
        """
        told = list(rows)
        if not told:
            return cls()
        count = [row.get("rows", 1) for row in told]
        no = Redistribution.NO.value
        return cls(
            count=sum(count),
            sources=tuple(sorted({str(row["source_name"]) for row in told})),
            first=min(row.get("first", row["reference_period_end"]) for row in told),
            last=max(row["reference_period_end"] for row in told),
            read=max(row["recorded_at"] for row in told),
            kept_back=sum(n for n, row in zip(count, told, strict=True) if row["redistribute"] == no),
        )


def extent(connection: Connection, kind: str, window: Window) -> Extent:
    """The extent of all rows of a window."""
    series, observation = FAMILY[kind].series, FAMILY[kind].observation
    day = observation.reference_period_end
    parts = rows(
        kind, window, series.source_id, observation.run_id, func.count().label("rows"), func.min(day).label("first"),
        func.max(day).label("reference_period_end"),
    ).group_by(series.source_id, observation.run_id).subquery()  # fmt: skip
    query = (
        select(parts, Source.name.label("source_name"), Source.redistribute, IngestRun.recorded_at)
        .join(Source, Source.id == parts.c.source_id)
        .join(IngestRun, IngestRun.id == parts.c.run_id)
    )
    return Extent.of(connection.execute(query).mappings())


def newest(connection: Connection, kind: str, window: Window, size: int, number: int) -> list[dict[str, Any]]:
    """One page of a window's rows, the newest reference period first; ``number`` counts pages of ``size`` from 1."""
    observation = FAMILY[kind].observation
    query = rows(kind, window, observation.id).order_by(observation.reference_period_end.desc(), observation.id.desc())
    page = connection.scalars(query.limit(size).offset((number - 1) * size)).all()
    return rows_of(KINDS[kind](connection, replace(window, observations=page)))[::-1]
