"""Data: the rows themselves, the CSV of exactly this view, and every source with its freshness."""

from math import ceil
from typing import Any

from dash import html

from dashboards.carried import figure_address
from dashboards.filters import KINDS, NARROWED
from dashboards.kinds import subject_words
from dashboards.language import plural, say, term
from dashboards.parts import empty, figure_cell, named, page, reserve, source_line, table
from dashboards.reader import Reader, View
from dashboards.wording import age, as_of, day, number, region_name, who
from tracker.extent import extent, newest
from tracker.freshness import sources
from tracker.series import rows_of
from tracker.vocabulary import RELIABILITY_LABELS, SOURCE_KIND_LABELS

PATH, TITLE, ORDER = "/data", term("Data"), 10
PAGE_ROWS = 50


def layout(reader: Reader, /, **query: str) -> Any:
    """The page for the chosen region and kind of figure."""
    with reader.view(query) as view:
        return page(
            view,
            say("Data about {place}", place=region_name(view.region)),
            say("Every row with its period, its source and a link to its whole history."),
            [*_rows(view), *_sources(view, reader)],
            ("region", "kind", "period", *NARROWED),
        )


def _rows(view: View) -> list[Any]:
    kind = view.filters.kind
    told = extent(view.connection, kind, view.narrowed())
    if not told.count:
        return [
            empty(
                say(
                    "{kind}: no figure about {place} in this period.",
                    kind=say(KINDS[kind]),
                    place=region_name(view.region),
                ),
                say("Choose a longer period, another kind of figure, or fewer words above."),
            )
        ]
    pages = ceil(told.count / PAGE_ROWS)
    number_of = min(view.filters.page, pages)
    part = newest(view.connection, kind, view.narrowed(), PAGE_ROWS, number_of)
    return [
        html.H2(say(KINDS[kind])),
        table(
            plural(
                told.count,
                "{count} row, newest reference period first; page {page} of {pages}",
                "{count} rows, newest reference period first; page {page} of {pages}",
                page=number_of,
                pages=pages,
            ),
            (
                say("Figure"),
                say("What and where"),
                say("Period"),
                say("Who says so"),
                say("Published"),
                say("Vintage"),
                say("Trace"),
            ),
            (_cells(kind, row) for row in part),
        ),
        _paging(view, number_of, pages),
        source_line(told, view.filters.csv(kind, narrowed=True)),
    ]


def _cells(kind: str, row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        figure_cell(kind, row),
        subject_words(kind, row),
        as_of(row),
        [who(row), reserve(row)],
        day(row["published_on"]) if row["published_on"] else say("not given"),
        row["vintage"],
        html.A(row["observation_id"], href=figure_address(row["observation_id"])),
    )


def _paging(view: View, number_of: int, pages: int) -> Any:
    links = []
    if number_of > 1:
        links.append(html.A(say("Newer rows"), href=PATH + view.filters.but(page=number_of - 1).query(), rel="prev"))
    if number_of < pages:
        links.append(html.A(say("Older rows"), href=PATH + view.filters.but(page=number_of + 1).query(), rel="next"))
    return named(html.Nav(links, className="paging"), say("Pages of the table")) if links else html.Div()


def _sources(view: View, reader: Reader) -> list[Any]:
    # They are the same for every region, and counting all figures of a large store takes seconds.
    key = ("sources", view.moment, reader.state())
    told = reader.kept.page(key, lambda: rows_of(sources(view.connection, view.moment)))
    rows = [row for row in told if row["figures"] or row["cadence_days"]]
    return [
        html.H2(say("Sources"), id="sources"),
        table(
            say("Who the figures come from; a source is as old as the newest day it speaks of"),
            (
                say("Source"),
                say("Kind"),
                say("Reliability"),
                say("Figures"),
                say("Newest figure"),
                say("Last answer"),
                say("Set aside"),
                say("Licence"),
                say("Credit"),
            ),
            (
                (
                    html.A(row["name"], href=row["homepage"], rel="noreferrer") if row["homepage"] else row["name"],
                    say(SOURCE_KIND_LABELS[row["kind"]]),
                    f"{row['reliability']}: {say(RELIABILITY_LABELS[row['reliability']])}",
                    number(row["figures"]),
                    say(
                        "{period}, {age}",
                        period=day(row["last_reference_on"]),
                        age=age(row["last_reference_on"], view.today),
                    )
                    if row["last_reference_on"]
                    else say("none"),
                    _answer(row, view),
                    number(row["set_aside"]),
                    row["licence"],
                    row["credit_line"],
                )
                for row in rows
            ),
            numeric=(3, 6),
        ),
    ]


def _answer(row: dict[str, Any], view: View) -> str:
    if not row["cadence_days"]:
        return say("entered by hand")
    if row["last_answered_at"] is None:
        return say("never")
    return age(row["last_answered_at"].date(), view.now)
