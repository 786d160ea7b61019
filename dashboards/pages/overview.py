"""Overview: how many, who says so, as of when, and what changed."""

from typing import Any

from dash import html

from dashboards.answers import key_figures
from dashboards.carried import figure_address
from dashboards.charts.multiples import panel
from dashboards.language import say, term
from dashboards.legends import source_legend
from dashboards.parts import page, source_line, table
from dashboards.reader import Reader, View
from dashboards.trends import trends
from dashboards.wording import age, as_of, before, counted, day, region_name, subject, who
from tracker.changes import latest
from tracker.extent import Extent
from tracker.freshness import fares, is_late
from tracker.outline import dimensions
from tracker.series import rows_of
from tracker.vocabulary import PopulationGroup

PATH, TITLE, ORDER = "/", term("Overview"), 1
MOST_PANELS = 12


def layout(reader: Reader, /, **query: str) -> Any:
    """The page for the chosen region."""
    with reader.view(query) as view:
        series = dimensions(view.connection, view.ever())
        return page(
            view,
            region_name(view.region),
            say("What is known, who says so and as of when. Click a number for its source."),
            [*key_figures(view, series), *_trends(view, series), *_changes(view), *_stale(view)],
            ("region",),
        )


def _trends(view: View, series: Any) -> list[Any]:
    """Small multiples of the region's stocks, place by place."""
    shown, thinning = trends(view, series, MOST_PANELS)
    if not shown:
        return []
    rows = [row for one in shown for line in one.lines for row in line]
    first, last = (f(row["reference_period_end"] for row in rows) for f in (min, max))
    panels, colours = [], view.colours(rows)
    for one in shown:
        newest = one.lines[0][-1]
        topic = "displacement" if newest["population_group"] == PopulationGroup.IDP else "refugees"
        href = "/region" + view.filters.but(region=newest["location_code"], topic=topic, period="all").query()
        panels.append(panel(one.title, href, one.lines, first, last, colours))
    return [
        html.H2(say("Trends by country")),
        html.P(
            say(
                "People at a date, each panel on its own scale from zero. A line is a source; a gap in it is a gap in "
                "reporting."
            )
            + f" {thinning}".rstrip(),
            className="lead",
        ),
        source_legend({row["source_name"]: colours[row["source"]] for row in rows}),
        html.Div(panels, className="multiples"),
        source_line(
            Extent.of(rows), view.filters.but(period="all").csv("displacement"), say("CSV of every displacement figure")
        ),
    ]


def _changes(view: View) -> list[Any]:
    """What the store learnt last."""
    rows = latest(view.connection, view.ever(), 8)
    if not rows:
        return []
    return [
        html.H2(say("What changed")),
        table(
            say("The newest figures in the store, the latest first"),
            (say("Learnt"), say("Figure"), say("Before"), say("What and where"), say("Period"), say("Who says so")),
            (
                (
                    day(row["recorded_at"].date()),
                    html.A(html.Bdi(counted(row)), href=figure_address(row["observation_id"])),
                    before(row),
                    subject(row),
                    as_of(row),
                    who(row),
                )
                for row in rows
            ),
            numeric=(1, 2),
        ),
    ]


def _stale(view: View) -> list[Any]:
    """Sources that are read by themselves and have not answered, or only long ago."""
    late = [row for row in rows_of(fares(view.connection)) if is_late(row, view.now)]
    if not late:
        return []
    return [
        html.H2(say("Sources that have not answered lately")),
        html.Ul(
            [
                html.Li(
                    [
                        html.Strong(f"{row['name']}: "),
                        say("has not answered yet")
                        if row["last_answered_at"] is None
                        else say("last answer {age}", age=age(row["last_answered_at"].date(), view.now)),
                        f" ({row['last_error']})" if row["last_error"] else "",
                    ]
                )
                for row in late
            ]
        ),
    ]
