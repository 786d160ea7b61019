"""A region on one plain page: no script, no file beside it, fit for the slowest line, for e-mail and for paper.

``/lite?region=...`` is the page, `tracker report` the same as a file of its own.
"""

import re
from html import escape
from typing import Any

from dash import html
from flask import Flask, Response, request

from dashboards.answers import answers_by_place
from dashboards.carried import carrying
from dashboards.charts import access, crossings
from dashboards.frame import FOOTER, NAME
from dashboards.index import ASSETS
from dashboards.language import ENGLISH, place_name, say, speaking, spoken
from dashboards.markup import markup
from dashboards.parts import banner, headline_title, rivals, table, traces
from dashboards.reader import Reader, View
from dashboards.retold import retold
from dashboards.theme import STATUS_WORDS, css_variables
from dashboards.wording import age, as_of, before, counted, day, region_name, subject, who
from tracker import series
from tracker.changes import latest
from tracker.errors import UsageError
from tracker.headline import State
from tracker.outline import dimensions

MOST_ACCESS, MOST_CHANGES = 12, 8
_LINK = re.compile(r"<a [^>]*>(.*?)</a>")


def add_lite(server: Flask, reader: Reader) -> None:
    """Serve ``/lite?region=&as_of=&published_by=&lang=``."""

    @server.get("/lite")
    def lite() -> Response:
        with speaking(request.args.get("lang", ENGLISH)):
            try:
                return Response(document(reader, request.args.to_dict()), mimetype="text/html")
            except UsageError as error:
                return Response(f"{retold(str(error))}\n", status=400, mimetype="text/plain")


def document(reader: Reader, query: dict[str, str], address: str | None = "") -> str:
    """A region as a whole HTML document, in the language that is spoken.

    Args:
        reader: The store.
        query: The choices, as in an address.
        address: Where the dashboard is that links lead to; empty where the document is a page of it, null where its
            readers cannot reach one: then it has no links.

    Raises:
        UsageError: It asks for a region or day that there is none of.
    """
    with reader.view(query) as view, carrying(query):
        now = "/lite" + view.filters.but(as_of="", published_by="").query()
        parts = [
            html.H1(region_name(view.region)),
            html.P(say("{program}, {day}", program=say(NAME), day=day(view.today)), className="source"),
            *banner(view.moment, None if address is None else now),
            *_answers(view),
            *_crossings(view),
            *_access(view),
            *_changes(view),
            *(html.P(say(text), className="source") for text in FOOTER),
            *([] if address is None else [html.P(html.A(say("The whole dashboard"), href="/" + view.filters.query()))]),
        ]
        title = escape(f"{region_name(view.region)} · {say(NAME)}")
    language = spoken()
    body = markup(html.Main(parts))
    body = _LINK.sub(r"\1", body) if address is None else body.replace('href="/', f'href="{escape(address)}/')
    style = css_variables() + (ASSETS / "lite.css").read_text(encoding="utf-8")
    return (
        f'<!DOCTYPE html><html lang="{language.code}" dir="{language.direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{style}</style></head><body>{body}</body></html>\n"
    )


def _answers(view: View) -> list[Any]:
    rows = []
    for _, found in answers_by_place(view, dimensions(view.connection, view.ever())):
        for one in found:
            row, lapsed = one.row, one.state is State.LAPSED
            said = say("last reported, no current figure") if lapsed else ""
            period = say("{period}, {age}", period=as_of(row), age=age(row["reference_period_end"], view.today))
            told = [period, f" ({said})" if said else ""]
            rows.append((headline_title(one), counted(row), told, who(row), rivals(one), traces(one)))
    if not rows:
        return [
            html.P(
                say("No displacement figure about {place} as a whole is in the store.", place=region_name(view.region))
            )
        ]
    heads = (say("Question"), say("Figure"), say("Period"), say("Who says so"), say("Others"), say("Trace"))
    return [html.H2(say("Key figures")), table(say("How many, who says so, as of when"), heads, rows, numeric=(1,))]


def _crossings(view: View) -> list[Any]:
    """The last report on each crossing."""
    frame = series.border_status(view.connection, view.until())
    last = sorted(crossings.last_known(frame, view.today), key=lambda segment: segment.row)
    rows = [
        (
            segment.row,
            say(STATUS_WORDS[segment.status]),
            age(segment.reports[0]["reference_period_end"], view.today),
            crossings.report_words(segment.reports[0]),
        )
        for segment in last
    ]
    heads = (say("Crossing"), say("Status"), say("Age that day"), say("Last report"))
    return (
        [html.H2(say("Crossings")), table(say("The last report on each; silence is not “open”"), heads, rows)]
        if rows
        else []
    )


def _access(view: View) -> list[Any]:
    marks = access.drawn(series.aid_access(view.connection, view.ever()))
    newest = sorted(marks, key=lambda row: row["reference_period_end"], reverse=True)[:MOST_ACCESS]
    rows = [(access.row_name(r), r["provider_place"] or place_name(r), as_of(r), who(r)) for r in newest]
    heads = (say("What"), say("Where"), say("Period"), say("Who says so"))
    return (
        [html.H2(say("Access")), table(say("The newest constraints, shortages and incidents"), heads, rows)]
        if rows
        else []
    )


def _changes(view: View) -> list[Any]:
    rows = [
        (
            day(r["recorded_at"].date()),
            counted(r),
            before(r),
            subject(r),
            as_of(r),
        )
        for r in latest(view.connection, view.ever(), MOST_CHANGES)
    ]
    heads = (say("Learnt"), say("Figure"), say("Before"), say("What and where"), say("Period"))
    return (
        [html.H2(say("What changed")), table(say("The newest figures in the store, the latest first"), heads, rows)]
        if rows
        else []
    )
