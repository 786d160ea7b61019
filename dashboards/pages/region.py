"""Region: displacement, crossings and access over one time axis; two regions side by side."""

from typing import Any

from dash import html

from dashboards.charts.aligned import aligned
from dashboards.charts.people import about
from dashboards.filters import TOPICS
from dashboards.parts import empty, figures_table, graph, page, source_line
from dashboards.reader import Reader, View
from dashboards.wording import as_of, counted, day, plural, subject, who
from tracker import series
from tracker.regions import Region
from tracker.series import rows_of

PATH, TITLE, ORDER = "/region", "Region", 2


def layout(reader: Reader, **query: str) -> Any:
    """The page for the chosen region, and the one beside it; it opens on the weeks in which most happened."""
    query.setdefault("period", "weeks")
    with reader.view(query) as view:
        regions = [view.region] + ([view.beside] if view.beside else [])
        charts = html.Div(
            [_region(view, region, number) for number, region in enumerate(regions)],
            className="side-by-side" if view.beside else "",
        )
        return page(
            view,
            view.region.name_en + (f" and {view.beside.name_en}" if view.beside else ""),
            "Displacement, crossings and aid access on one time axis. They are shown together because they happened "
            "together; the chart does not say what caused what.",
            [charts],
            ("region", "beside", "topic", "period"),
        )


def _region(view: View, region: Region, number: int) -> Any:
    window = view.window(region)
    places = set(region.countries) if region.whole else {region.code}
    people = about(series.displacement(view.connection, window), view.filters.topic, places)
    borders = series.border_status(view.connection, window)
    constraints = series.aid_access(view.connection, window)
    events = series.events(view.connection, series.Window(region, window.start, window.end))
    rows = rows_of(people)
    heading = html.H2(f"{region.name_en}: {TOPICS[view.filters.topic].lower()}")
    if not rows and borders.empty and constraints.empty:
        return html.Section(
            [
                heading,
                empty(
                    f"Nothing about {region.name_en} in this period is in the store.",
                    "Choose a longer period above, or the whole country.",
                ),
            ]
        )
    figure = aligned(people, borders, constraints, events, view.filters.start, view.filters.end, view.today)
    filters = view.filters.but(region=region.code)
    return html.Section(
        [
            heading,
            graph(
                figure,
                f"aligned-{number}",
                _summary(region, rows, len(borders), len(constraints)),
                source_line([*rows, *rows_of(borders), *rows_of(constraints)], filters.csv("displacement")),
            ),
            _legend(events, view),
            html.P(
                [
                    "Other CSV of this view: ",
                    html.A("border status", href=filters.csv("border-status")),
                    ", ",
                    html.A("aid access", href=filters.csv("aid-access")),
                ],
                className="source",
            ),
            *_figures(region, rows),
        ]
    )


def _figures(region: Region, rows: list[dict[str, Any]]) -> list[Any]:
    if not rows:
        return [
            empty(
                f"No figure of this kind about {region.name_en} itself in this period.",
                "Choose another subject or a longer period above.",
            )
        ]
    newest_first = sorted(rows, key=lambda r: r["reference_period_end"], reverse=True)
    return [
        html.H3("The figures on the chart"),
        figures_table(f"Every figure drawn above for {region.name_en}, newest first", newest_first),
    ]


def _summary(region: Region, rows: list[dict[str, Any]], borders: int, constraints: int) -> str:
    """The chart in a sentence, for those who cannot see it."""
    counts = f"{plural(borders, 'border report')} and {plural(constraints, 'access figure')}"
    if not rows:
        return f"{region.name_en}: no displacement figure of this kind in this period; {counts}."
    newest = max(rows, key=lambda r: r["reference_period_end"])
    return (
        f"{region.name_en}: {plural(len(rows), 'displacement figure')}, the newest {subject(newest)}, "
        f"{counted(newest)}, {as_of(newest)}, {who(newest)}; {counts}."
    )


def _legend(events: Any, view: View) -> Any:
    """The numbered event lines, and how to read the marks."""
    first = view.filters.start
    shown = [e for e in rows_of(events) if e["annotate"] and (first is None or e["date_start"] >= first)][:5]
    marks = (
        "Solid line: people at a date. Dotted line with open marks: movements since a start. Bars: movements within a "
        "period. Thick stroke: a range. Faint crossing bars: last known status, not confirmed for a month."
    )
    return html.Div(
        [
            html.P(marks, className="source"),
            html.Ol([html.Li(f"{day(e['date_start'])}: {e['title_en']}") for e in shown], className="events"),
        ]
    )
