"""Region: displacement, crossings and access over one time axis; two regions side by side."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
from dash import html

from dashboards.charts.aligned import aligned, first_day, same_scale
from dashboards.charts.marks import Figure, marked
from dashboards.charts.people import beyond, is_about
from dashboards.filters import TOPICS
from dashboards.language import plural, say, term
from dashboards.legends import series_legend, status_legend
from dashboards.parts import empty, figures_table, graph, page, source_line
from dashboards.reader import Reader, View
from dashboards.thinning import thinned
from dashboards.topics import people_about
from dashboards.wording import as_of, counted, day, event_title, number, region_name, subject, who
from tracker import series
from tracker.extent import Extent
from tracker.outline import dimensions, points
from tracker.regions import Region
from tracker.series import rows_of
from tracker.vocabulary import Measure, Role

PATH, TITLE, ORDER = "/region", term("Region"), 2
MOST_ROWS = 300
OPENED = ("weeks", "crisis", "all")
"""Periods, in the order in which the page looks where to open."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the store holds on one region of the view.

    Attributes:
        drawn: Those of ``people`` that the chart shows.
        thinning: What it leaves out, in words.
    """

    region: Region
    people: pd.DataFrame
    drawn: pd.DataFrame
    thinning: str
    borders: pd.DataFrame
    constraints: pd.DataFrame
    events: pd.DataFrame


def layout(reader: Reader, /, **query: str) -> Any:
    """The page for the chosen region, and the one beside it; it opens where there is something to see."""
    with reader.view(query) as asked:
        view = _opened(asked, query)
        found = [_find(view, region) for region in (view.region, view.beside) if region]
        # Regions side by side share one time axis, and it runs to today: silence since the last report is news too.
        begun = first_day([frame for f in found for frame in (f.people, f.constraints)], view.today)
        span = (view.filters.start or begun, view.filters.end or view.today)
        colours = view.colours([row for f in found for row in rows_of(f.people)])
        # What happened in one of them is marked in both: it is why they are looked at together.
        events = pd.concat([f.events for f in found]).drop_duplicates("code").sort_values("date_start")
        figures = [aligned(f.drawn, f.borders, f.constraints, events, *span, view.today, colours) for f in found]
        same_scale(figures)
        charts = html.Div(
            [_region(view, f, figure, span, events) for f, figure in zip(found, figures, strict=True)],
            className="side-by-side" if view.beside else "",
        )
        return page(
            view,
            _heading(view),
            say(
                "Displacement, crossings and aid access on one time axis. They are shown together because they "
                "happened together; the chart does not say what caused what."
            )
            + (" " + say("Both sides have the same time axis and the same scales.") if view.beside else ""),
            [charts],
            ("region", "beside", "topic", "period"),
        )


def _opened(view: View, query: dict[str, str]) -> View:
    """The view; of subject and period, what the address leaves open is the first under which a figure stands.

    The first weeks of the crisis come first: they are what most is known of. Where nobody reported anything of a region
    in them, a page that opened there would read as "nothing happened".
    """
    told = dimensions(view.connection, view.ever())
    first = None
    for topic in [view.filters.topic] if query.get("topic") else TOPICS:
        series = told[is_about(told, topic, view.region.own_codes)]["series_id"].tolist()
        found = points(view.connection, replace(view.ever(), series=series)) if series else {}
        days = [day for one in found.values() for day, _ in one]
        for period in [view.filters.period] if query.get("period") else OPENED:
            filters = view.filters.but(topic=topic, period=period)
            first = first or filters
            if any((filters.start or day) <= day <= (filters.end or day) for day in days):
                return replace(view, filters=filters)
    return replace(view, filters=first or view.filters)


def _heading(view: View) -> str:
    name = region_name(view.region)
    return say("{one} and {other}", one=name, other=region_name(view.beside)) if view.beside else name


def _find(view: View, region: Region) -> Found:
    window = view.window(region)
    people = people_about(view.connection, window, view.filters.topic, region.own_codes)
    return Found(
        region,
        people,
        *_drawn(people),
        series.border_status(view.connection, view.until(region)),
        series.aid_access(view.connection, window),
        series.events(view.connection, window),
    )


def _drawn(people: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The rows of a chart, and what is left out of them."""
    lines = people[people["measure"] != Measure.FLOW]
    by_series = [list(part.items()) for _, part in lines["reference_period_end"].groupby(lines["series_id"])]
    kept, said = thinned(by_series, lambda point: point[1])
    return people.drop(lines.index.difference([at for line in kept for at, _ in line])), said


def _region(view: View, found: Found, figure: Figure, span: tuple[date, date], events: pd.DataFrame) -> Any:
    region, rows = found.region, rows_of(found.people)
    name, longer = region_name(region), say("Choose a longer period above.")
    heading = html.H2(f"{name}: {say(TOPICS[view.filters.topic])}")
    if not rows and found.borders.empty and found.constraints.empty:
        return html.Section(
            [
                heading,
                empty(
                    say("Nothing about {place} in this period is in the store.", place=name),
                    say("Choose a longer period above, or the whole country."),
                ),
            ]
        )
    if not figure["data"]:
        return html.Section(
            [
                heading,
                empty(say("Nothing about {place} falls into this period.", place=name), longer),
            ]
        )
    filters = view.filters.but(region=region.code)
    lanes = (
        (say("Displacement"), rows, filters.csv("displacement", topic=True)),
        (say("Crossings"), rows_of(found.borders), filters.csv("border-status", from_first=True)),
        (say("Access"), rows_of(found.constraints), filters.csv("aid-access")),
    )
    return html.Section(
        [
            heading,
            graph(
                figure,
                f"aligned-{region.code}",
                _summary(region, rows, len(found.borders), len(found.constraints)) + _reaching(rows, span),
                html.Div(
                    [
                        source_line(Extent.of(part), address, say("CSV: {lane}", lane=lane), lane)
                        for lane, part, address in lanes
                    ]
                ),
            ),
            _legend(figure, marked(events, *span)),
            *_figures(region, rows),
        ]
    )


def _figures(region: Region, rows: list[dict[str, Any]]) -> list[Any]:
    if not rows:
        return [
            empty(
                say("No figure of this kind about {place} itself in this period.", place=region_name(region)),
                say("Choose another subject or a longer period above."),
            )
        ]
    newest_first = sorted(rows, key=lambda r: r["reference_period_end"], reverse=True)
    told = say("Every figure behind the chart of {place}, newest first", place=region_name(region))
    if len(rows) > MOST_ROWS:
        told = say(
            "The newest {shown} of {all} figures about {place}; all of them are in the CSV",
            shown=MOST_ROWS,
            all=number(len(rows)),
            place=region_name(region),
        )
    return [html.H3(say("The figures behind the chart")), figures_table(told, newest_first[:MOST_ROWS])]


def _summary(region: Region, rows: list[dict[str, Any]], borders: int, constraints: int) -> str:
    """The chart in a sentence, for those who cannot see it."""
    told = {
        "place": region_name(region),
        "figures": plural(len(rows), "{count} displacement figure", "{count} displacement figures"),
        "borders": plural(borders, "{count} border report", "{count} border reports"),
        "access": plural(constraints, "{count} access figure", "{count} access figures"),
    }
    quotable = [row for row in rows if row["role"] == Role.RECOMMENDED]
    if not quotable:
        return say("{place}: {figures} of this kind in this period; {borders} and {access}.", **told)
    newest = max(quotable, key=lambda r: r["reference_period_end"])
    told["newest"] = ", ".join((subject(newest), counted(newest), as_of(newest), who(newest)))
    return say("{place}: {figures}, the newest that may be a key figure: {newest}; {borders} and {access}.", **told)


def _reaching(rows: list[dict[str, Any]], span: tuple[date, date]) -> str:
    """What is told of counts that the period of the view cuts; nothing where it cuts none."""
    cut = sum(beyond(row, span) for row in rows)
    said = plural(
        cut,
        "{count} figure of movements also covers days that are not shown.",
        "{count} figures of movements also cover days that are not shown.",
    )
    return f" {said}" if cut else ""


def _legend(figure: Figure, events: list[dict[str, Any]]) -> Any:
    """Which line is whose, how to read the marks, and the numbered event lines."""
    marks = say(
        "Solid line: people at a date. Dotted line with open marks: movements since a start. Level stroke: movements "
        "in the days it spans; an arrow at its end: it counts days beyond those shown, too. Upright stroke: a range."
    )
    return html.Div(
        [
            series_legend(figure),
            status_legend(),
            html.P(marks, className="source marks"),
            html.Ol([html.Li(f"{day(e['date_start'])}: {event_title(e)}") for e in events], className="events"),
        ]
    )
