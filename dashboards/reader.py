"""What pages need to ask of the store, with the choices of the address resolved."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from dashboards.boundaries import Boundaries
from dashboards.filters import Filters
from dashboards.kept_pages import KeptPages
from dashboards.theme import source_colours
from tracker.asof import AsOf, as_of, version
from tracker.outline import sources_of_people
from tracker.regions import Region, resolve
from tracker.windows import Window


@dataclass(frozen=True, slots=True)
class View:
    """One request's view: an open connection and the regions asked for.

    Attributes:
        problem: What was wrong with the address, said to the reader; empty when nothing was.
        moment: As of when.
        now: Today, whatever moment is shown.
    """

    connection: Connection
    filters: Filters
    region: Region
    beside: Region | None
    problem: str
    moment: AsOf
    now: date

    @property
    def today(self) -> date:
        """The day from which ages are told: that of the moment that is shown."""
        return self.moment.day or self.now

    def window(self, region: Region | None = None) -> Window:
        """The rows of this view, or of the region beside it."""
        return Window(region or self.region, self.filters.start, self.filters.end, as_of=self.moment)

    def narrowed(self) -> Window:
        """The rows of this view that are of the chosen source, indicator and group."""
        chosen = self.filters
        return replace(
            self.window(),
            source=chosen.source or None,
            indicator=chosen.indicator or None,
            population_group=chosen.group or None,
        )

    def until(self, region: Region | None = None) -> Window:
        """The region's rows up to the end of the view: a status from before it may still hold when it begins."""
        return Window(region or self.region, None, self.filters.end, as_of=self.moment)

    def colours(self, rows: Iterable[dict[str, Any]]) -> dict[str, str]:
        """The colour of each source of these displacement rows, shown together."""
        return source_colours(sources_of_people(self.connection), {str(row["source"]) for row in rows})

    def ever(self, region: Region | None = None) -> Window:
        """The region's rows of all time."""
        return Window(region or self.region, as_of=self.moment)


@dataclass(frozen=True, slots=True)
class Reader:
    """The store as the pages see it: to be read, never written."""

    store: Engine
    archive: Path
    boundaries: Boundaries
    kept: KeptPages = field(default_factory=KeptPages)

    def state(self) -> tuple[Any, ...]:
        """What differs when a page of the same address may say something else: the store, or the day."""
        with self.store.connect() as connection:
            return *version(connection), datetime.now(UTC).date()

    @contextmanager
    def view(self, query: dict[str, str]) -> Iterator[View]:
        """Open the view an address asks for.

        Raises:
            UsageError: It asks for a region or day that there is none of; another one's numbers would mislead.
        """
        filters = Filters.read(query)
        moment = as_of(filters.as_of or None, filters.published_by or None)
        with self.store.connect() as connection:
            region = resolve(connection, filters.region)
            beside = resolve(connection, filters.beside) if filters.beside else None
            if beside and beside.code == region.code:
                beside = None
            filters = filters.but(region=region.code, beside=beside.code if beside else "")
            yield View(connection, filters, region, beside, filters.problem, moment, datetime.now(UTC).date())
