"""CSV of exactly what a page shows: the address of the view with /csv/ in front, the same frame as the chart."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from flask import Flask, Response, request
from sqlalchemy import Connection

from dashboards.filters import NARROWED, TOPICS
from dashboards.reader import Reader
from dashboards.topics import people_about
from tracker.asof import AsOf, as_of, latest, parse_day, parse_instant
from tracker.changes import changes
from tracker.describe import data_package, sources_of
from tracker.errors import UsageError
from tracker.export import csv_parts
from tracker.headline_table import headline_table
from tracker.queries import PART, Rows, answer_in_parts
from tracker.regions import Region, resolve
from tracker.series import KINDS, as_rows
from tracker.windows import Window

HEADLINE = "headline"


def add_downloads(server: Flask, reader: Reader) -> None:
    """Serve ``/csv/<kind>?region=&topic=&start=&end=&source=&indicator=&group=&as_of=&published_by=``.

    With ``since=`` it is what changed since.

    ``/csv/headline?region=&on=&as_of=&published_by=`` is the key figures of a region on a day, if none is given on that
    of the moment.
    ``/csv/<kind>/datapackage.json?...`` says what the columns of the same file mean, and where it is for ever.
    """

    @server.get("/csv/<kind>")
    def csv(kind: str) -> Response:
        try:
            asked = Asked.read(reader, kind)
        except UsageError as error:
            return _refuse(kind, error)

        def parts() -> Iterator[Rows]:
            with reader.store.connect() as connection:
                yield from asked.rows(connection)

        return Response(
            csv_parts(parts(), asked.window.as_of),
            mimetype="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{asked.name}.csv"', "Cache-Control": "no-store"},
        )

    @server.get("/csv/<kind>/datapackage.json")
    def datapackage(kind: str) -> Response:
        try:
            asked = Asked.read(reader, kind)
        except UsageError as error:
            return _refuse(kind, error)
        counted = "displacement" if kind == HEADLINE else kind
        with reader.store.connect() as connection:
            first = next(asked.rows(connection))
            sources = asked.sources(connection, first)
            told = data_package(connection, counted, first.columns, sources, asked.name, asked.address())
        told["created"] = f"{asked.window.as_of.recorded_by or datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        return Response(text, mimetype="application/json", headers={"Cache-Control": "no-store"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a file asks for.

    Attributes:
        moment: As the address says it; the window's is the moment that this is now.
        since: The moment since which changes are asked for; null for the figures themselves.
        topic: A key of `TOPICS`, for the rows about the region itself; empty for all.
        on: The day key figures are asked of.
    """

    kind: str
    region: Region | None
    topic: str
    window: Window
    moment: AsOf
    since: datetime | None
    on: date

    @classmethod
    def read(cls, reader: Reader, kind: str) -> "Asked":
        """The choices of the address that is being answered.

        Raises:
            UsageError: It asks for a kind, region or day that there is none of.
        """
        if kind not in (*KINDS, HEADLINE):
            raise UsageError(f"there is no {kind!r}: {', '.join((*KINDS, HEADLINE))}")
        start, end = (parse_day(request.args.get(name)) for name in ("start", "end"))
        moment = as_of(request.args.get("as_of"), request.args.get("published_by"))
        with reader.store.connect() as connection:
            named = request.args.get("region")
            region = resolve(connection, named) if named else None
            source, indicator, group = (request.args.get(name) or None for name in NARROWED)
            window = Window(
                region,
                start,
                end,
                exportable_only=True,
                source=source,
                indicator=indicator,
                population_group=group,
                as_of=latest(connection, moment),
            )
        if kind == HEADLINE and region is None:
            raise UsageError("give a region: key figures are of one place")
        since = parse_instant(request.args.get("since"))
        on = parse_day(request.args.get("on")) or moment.day or datetime.now(UTC).date()
        return cls(kind, region, request.args.get("topic", ""), window, moment, since, on)

    @property
    def name(self) -> str:
        """What the file is called, without its ending: what it is about, where, and as of when."""
        window, moment = self.window, self.moment
        code = self.region.code if self.region else ""
        since = self.since and self.since.date()
        days = ("since", since), ("as-of", moment.recorded_by), ("published-by", moment.published_by)
        words = [word for word in (window.source, window.indicator, window.population_group) if word]
        words += [f"{word}-{day:%Y-%m-%d}" for word, day in days if day]
        told = (self.kind, self.topic, code, str(window.start or ""), str(window.end or ""), *words)
        joined = "_".join(part for part in told if part)
        return "".join(c for c in joined if c.isascii() and (c.isalnum() or c in "-_"))

    def address(self) -> str:
        """Where the same rows are for ever: as of this moment, whatever is learnt later."""
        choices = {name: values[-1] for name, values in request.args.lists()}
        if known := self.window.as_of.recorded_by:
            choices["as_of"] = f"{known:%Y-%m-%dT%H:%M:%S.%fZ}"
        if self.kind == HEADLINE:
            choices["on"] = str(self.on)
        return f"{request.host_url}csv/{self.kind}?{urlencode(choices)}"

    def sources(self, connection: Connection, first: Rows) -> set[str]:
        """Codes of the sources of the rows: of those that come in parts the store tells, of others the first is all."""
        if len(first.rows) == PART:
            return sources_of(connection, self.kind, self.window)
        at = first.columns.index("source")
        return {row[at] for row in first.rows}

    def rows(self, connection: Connection) -> Iterator[Rows]:
        """The rows, some thousands at a time; one part at least."""
        window = self.window
        if self.kind == HEADLINE and self.region:
            window = replace(window, exportable_only=False)
            yield as_rows(headline_table(connection, self.region.code, window, self.on))
        elif self.since:
            yield as_rows(changes(connection, self.kind, window, AsOf(self.since)))
        elif self.region and self.topic in TOPICS and self.kind == "displacement":
            yield as_rows(people_about(connection, window, self.topic, self.region.own_codes))
        else:
            yield from answer_in_parts(connection, self.kind, window)


def _refuse(kind: str, error: UsageError) -> Response:
    status = 400 if kind in (*KINDS, HEADLINE) else 404
    return Response(f"{error}\n", status=status, mimetype="text/plain")
