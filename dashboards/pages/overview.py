"""Overview: how many, who says so, as of when, and what changed."""

from typing import Any

from dash import html

from dashboards.charts.multiples import panel
from dashboards.language import place_name, say, term
from dashboards.legends import source_legend
from dashboards.parts import (
    empty,
    figure_address,
    headline_title,
    key_figure,
    page,
    region_name,
    source_line,
    table,
)
from dashboards.reader import Reader, View
from dashboards.trends import trends
from dashboards.wording import age, amount, as_of, counted, day, number, subject, who
from tracker.candidates import candidates
from tracker.changes import latest
from tracker.extent import Extent
from tracker.freshness import fares
from tracker.headline import Headline, State, headlines
from tracker.regions import area
from tracker.rule import RULE
from tracker.series import dimensions, rows_of
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
            [*_key_figures(view, series), *_trends(view, series), *_changes(view), *_stale(view)],
            ("region",),
        )


def _key_figures(view: View, series: Any) -> list[Any]:
    """The region's answers; of a group, those of each country, since countries are not added up here."""
    places = list(view.region.countries) if view.region.whole else [view.region.code]
    sections: list[Any] = []
    listed = rows_of(series)
    for place in (area(view.connection, code) for code in places):
        frame = candidates(view.connection, view.ever(), listed, place, view.today)
        found = headlines(frame, place, view.today)
        told = [one for one in found if one.state is not State.LAPSED]
        lapsed = [one for one in found if one.state is State.LAPSED]
        if found and len(places) > 1:
            sections.append(html.H2(place_name({"location_name": place.name, "location_name_ar": place.name_ar})))
        if told:
            sections.append(html.Div([key_figure(one, view) for one in told], className="key-figures"))
        if lapsed:
            sections.append(_lapsed(lapsed, view))
    if not sections:
        sections.append(
            empty(
                say("No displacement figure about {place} as a whole is in the store.", place=region_name(view.region)),
                say("Choose its country above, or look at the Data page for figures about parts of it."),
            )
        )
    chosen = say(
        "Where several bodies answer, one is shown by rule {version}: who is asked first for such a figure, then "
        "the fresher, fuller, more reliable, more credible, newer one. The others of about the same date stand beside "
        "it. Nothing is averaged or filled in; what is too old to speak for this day is told as what it was.",
        version=RULE.version,
    )
    address = view.filters.but(period="all").csv("headline")
    said = html.P([f"{chosen} ", html.A(say("CSV of these answers"), href=address)], className="source")
    return [html.H2(say("Key figures"), className="visually-hidden"), *sections, said]


def _lapsed(found: list[Headline], view: View) -> Any:
    """Questions that nobody answers for this day, with what was said last."""
    rows = [
        (
            headline_title(one),
            html.A(html.Bdi(amount(one.row)), href=figure_address(one.row["observation_id"])),
            say("{period}, {age}", period=as_of(one.row), age=age(one.row["reference_period_end"], view.today)),
            who(one.row),
        )
        for one in found
    ]
    return table(
        say("No current figure; what was reported last"),
        (say("Question"), say("Last figure"), say("Period"), say("Who said so")),
        rows,
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
    rows = rows_of(latest(view.connection, view.ever(), 8))
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
                    number(row["previous_value"]) if row["vintage"] > 1 else say("new"),
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
    late = [
        row
        for row in rows_of(fares(view.connection))
        if row["cadence_days"]
        and (
            row["last_answered_at"] is None
            or (view.now - row["last_answered_at"].date()).days > 2 * row["cadence_days"]
        )
    ]
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
