"""A region's key figures: what each question is answered with, by the rule, and what was said last where nothing is."""

from typing import Any

import pandas as pd
from dash import html

from dashboards.language import place_name, say
from dashboards.parts import empty, file_links, headline_title, key_figure, table, value_of
from dashboards.reader import View
from dashboards.wording import age, as_of, region_name, who
from tracker.candidates import candidates
from tracker.headline import Headline, State, headlines
from tracker.regions import Area, area
from tracker.rule import RULE
from tracker.series import rows_of


def answers_by_place(view: View, series: pd.DataFrame) -> list[tuple[Area, list[Headline]]]:
    """The answers about a region; of a group, those about each of its countries, since these are not added up here.

    Args:
        view: What is asked for.
        series: The region's series, as `tracker.outline.dimensions` tells them.
    """
    places = list(view.region.countries) if view.region.whole else [view.region.code]
    listed = rows_of(series)
    found = []
    for place in (area(view.connection, code) for code in places):
        rows = candidates(view.connection, view.ever(), listed, place, view.today)
        found.append((place, headlines(rows, place, view.today)))
    return found


def answers_of(view: View, series: pd.DataFrame) -> list[Headline]:
    """All answers about a region."""
    return [one for _, found in answers_by_place(view, series) for one in found]


def key_figures(view: View, series: pd.DataFrame) -> list[Any]:
    """The answers as a page shows them."""
    told = answers_by_place(view, series)
    sections: list[Any] = []
    for place, found in told:
        if found and len(told) > 1:
            sections.append(html.H2(place_name({"location_name": place.name, "location_name_ar": place.name_ar})))
        current = [one for one in found if one.state is not State.LAPSED]
        lapsed = [one for one in found if one.state is State.LAPSED]
        if current:
            sections.append(html.Div([key_figure(one, view) for one in current], className="key-figures"))
        if lapsed:
            sections.append(_lapsed(lapsed, view))
    if not sections:
        sections.append(
            empty(
                say("No displacement figure about {place} as a whole is in the store.", place=region_name(view.region)),
                say("Choose its country above, or look at the Data page for figures about parts of it."),
            )
        )
    return [html.H2(say("Key figures"), className="visually-hidden"), *sections, _rule(view)]


def _rule(view: View) -> Any:
    chosen = say(
        "Where several bodies answer, one is shown by rule {version}: who is asked first for such a figure, then "
        "the fresher, fuller, more reliable, more credible, newer one. The others of about the same date stand beside "
        "it. Nothing is averaged or filled in; what is too old to speak for this day is told as what it was.",
        version=RULE.version,
    )
    address = view.filters.but(period="all").csv("headline")
    return html.P([f"{chosen} ", *file_links(say("CSV of these answers"), address)], className="source")


def _lapsed(found: list[Headline], view: View) -> Any:
    """Questions that nobody answers for this day, with what was said last."""
    rows = [
        (
            headline_title(one),
            value_of(one),
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
