"""CSV of exactly what a page shows: the address of the view with /csv/ in front, the same frame as the chart."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask, Response, request

from dashboards.filters import NARROWED, TOPICS
from dashboards.reader import Reader
from dashboards.topics import people_about
from tracker.asof import AsOf, as_of, latest, parse_day, parse_instant
from tracker.changes import changes
from tracker.errors import UsageError
from tracker.export import csv_parts
from tracker.headline_table import headline_table
from tracker.queries import Rows, answer_in_parts
from tracker.regions import resolve
from tracker.series import KINDS, as_rows
from tracker.windows import Window

HEADLINE = "headline"


def add_downloads(server: Flask, reader: Reader) -> None:
    """Serve ``/csv/<kind>?region=&topic=&start=&end=&source=&indicator=&group=&as_of=&published_by=``.

    With ``since=`` it is what changed since.

    ``/csv/headline?region=&as_of=&published_by=`` is the key figures of a region, as of the day of the moment.
    """

    @server.get("/csv/<kind>")
    def csv(kind: str) -> Response:
        if kind not in (*KINDS, HEADLINE):
            return _refuse(f"there is no {kind!r}: {', '.join((*KINDS, HEADLINE))}", 404)
        try:
            start, end = (parse_day(request.args.get(name)) for name in ("start", "end"))
            moment = as_of(request.args.get("as_of"), request.args.get("published_by"))
            since = parse_instant(request.args.get("since"))
            topic = request.args.get("topic", "")
            with reader.store.connect() as connection:
                asked = request.args.get("region")
                region = resolve(connection, asked) if asked else None
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
        except UsageError as error:
            return _refuse(str(error), 400)
        if kind == HEADLINE and region is None:
            return _refuse("give a region: key figures are of one place", 400)
        code = region.code if region else ""
        days = ("since", since and since.date()), ("as-of", moment.recorded_by), ("published-by", moment.published_by)
        words = [word for word in (source, indicator, group) if word]
        words += [f"{word}-{day:%Y-%m-%d}" for word, day in days if day]
        name = "_".join(part for part in (kind, topic, code, str(start or ""), str(end or ""), *words) if part)

        def told() -> Iterator[Rows]:
            with reader.store.connect() as connection:
                if kind == HEADLINE and region:
                    on = moment.day or datetime.now(UTC).date()
                    yield as_rows(headline_table(connection, region.code, replace(window, exportable_only=False), on))
                elif since:
                    yield as_rows(changes(connection, kind, window, AsOf(since)))
                elif region and topic in TOPICS and kind == "displacement":
                    yield as_rows(people_about(connection, window, topic, region.own_codes))
                else:
                    yield from answer_in_parts(connection, kind, window)

        return Response(
            csv_parts(told(), window.as_of),
            mimetype="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{_safe(name)}.csv"', "Cache-Control": "no-store"},
        )


def _safe(name: str) -> str:
    return "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-_"))


def _refuse(message: str, status: int) -> Response:
    return Response(message + "\n", status=status, mimetype="text/plain")
