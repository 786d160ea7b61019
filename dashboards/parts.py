"""The pieces pages are made of: filter form, key figures, sources under charts, tables, empty states."""

from collections.abc import Iterable, Sequence
from typing import Any

from dash import dcc, html

from dashboards.carried import figure_address
from dashboards.charts.marks import CONFIG, Figure
from dashboards.form import form
from dashboards.kinds import figure_words
from dashboards.language import apart, place_name, plural, say
from dashboards.reader import View
from dashboards.retold import retold
from dashboards.wording import MEASURE_WORDS, age, amount, as_of, counted, day, number, subject, unit_words, who
from tracker.asof import PRESENT, AsOf
from tracker.extent import Extent
from tracker.headline import Headline, State
from tracker.vocabulary import Role


def page(view: View, heading: str, lead: str, children: Iterable[Any], fields: Sequence[str]) -> Any:
    """A page's frame: heading, lead, filters, and what was wrong with the address, if anything."""
    notice = [html.P(view.problem, className="notice", role="status")] if view.problem else []
    choices = [form(view, fields)] if fields else []
    told = banner(view.moment, view.filters.but(as_of="", published_by="").query())
    return html.Div([html.H1(heading), html.P(lead, className="lead"), *told, *notice, *choices, *children])


def banner(moment: AsOf, now: str | None) -> list[Any]:
    """Says that a page shows the past, with the way back to the present if there is one; nothing for now."""
    if moment == PRESENT:
        return []
    told = []
    if moment.recorded_by:
        told.append(say("as known on {moment} UTC", moment=f"{moment.recorded_by:%Y-%m-%d %H:%M}"))
    if moment.published_by:
        told.append(say("as published by {day}", day=moment.published_by))
    said = say("Figures {moment}. What came later is not shown.", moment=", ".join(told))
    if moment.published_by:
        said += " " + say("A figure without a day of publication counts from the day on which this store learnt it.")
    link = [html.A(say("Show what is known now"), href=now)] if now else []
    return [html.P([f"{said} ", *link], className="notice moment", role="status")]


def headline_title(headline: Headline) -> str:
    """The question a headline answers."""
    row, question = headline.row, headline.question
    origin = place_name(row, "origin") if row["origin_name"] else ""
    return say(question.title, place=origin if question.abroad else place_name(row), origin=origin)


def rivals(headline: Headline) -> str:
    """What the other bodies answer: one number, or from the smallest to the largest; empty where there is no other."""
    if headline.low is None or headline.high is None:
        return ""
    low, high = number(headline.low), number(headline.high)
    return low if low == high else say("{low} to {high}", low=low, high=high)


def key_figure(headline: Headline, view: View) -> Any:
    """One answer with all that belongs to it: qualifier, unit, date, who says so, how far others differ."""
    row = headline.row
    others = []
    if span := rivals(headline):
        told = plural(
            headline.originators - 1, "{count} other source: {span}", "{count} other sources: {span}", span=span
        )
        if headline.differs:
            apart = f"{(headline.disagreement or 1) - 1:.0%}"
            told = say("{others}; the answers differ by {share}", others=told, share=apart)
        others = [html.P(told, className="rivals")]
    last_known = headline.state is State.LAST_KNOWN
    return html.Section(
        [
            html.H3(headline_title(headline)),
            *([html.P(say("Last known"), className="last-known")] if last_known else []),
            html.P(value_of(headline), className="value"),
            html.P(
                say("{unit}; {measure}", unit=unit_words(row), measure=say(MEASURE_WORDS[row["measure"]])),
                className="measure",
            ),
            html.P(
                [as_of(row), html.Span(f" ({age(row['reference_period_end'], view.today)})", className="age")],
                className="as-of",
            ),
            html.P(who(row), className="source"),
            *(
                [html.P(say("Check before quoting: {doubt}", doubt=retold(row["doubt"])), className="doubt")]
                if row["doubt"]
                else []
            ),
            *_by_area(headline),
            *others,
            html.P(
                [say("rule {version}, figure", version=headline.rule_version), *traces(headline)], className="source"
            ),
        ],
        className=f"key-figure {row['measure']} {headline.state}",
    )


def value_of(headline: Headline) -> Any:
    """The number; it leads to its figure, unless it is the sum of several."""
    told = html.Bdi(amount(headline.row))
    return told if headline.parts else html.A(told, href=figure_address(headline.row["observation_id"]))


def traces(headline: Headline) -> list[Any]:
    """Links to the figure of an answer, or to all that were added up."""
    ids = headline.parts or (headline.row["observation_id"],)
    return [part for one in ids for part in (" ", html.A(one, href=figure_address(one)))]


def _by_area(headline: Headline) -> list[Any]:
    """What of the number is told by area; nothing where the source tells nothing by area."""
    if headline.parts:
        said = plural(
            len(headline.parts),
            "the sum of {count} figure of its areas; nobody reports the whole",
            "the sum of {count} figures of its areas; nobody reports the whole",
        )
    elif headline.allocation:
        told = headline.allocation
        said = say(
            "{areas} of {all} areas: {allocated}; not allocated: {rest}",
            areas=told.areas,
            all=told.of,
            allocated=number(told.allocated),
            rest=number(told.not_allocated),
        )
    else:
        return []
    return [html.P(said, className="source")]


def graph(figure: Figure, name: str, summary: str, footer: Any) -> Any:
    """A chart with what it says in one sentence, its source line, and a CSV of the same rows."""
    chart = dcc.Graph(id=name, figure=figure, config=CONFIG, style={"height": f"{figure['layout']['height']}px"})
    picture = html.Button(say("Picture (PNG)"), type="button", className="tool")
    setattr(picture, "data-pictures", f"around-{name}")
    return html.Figure(
        [
            named(html.Div(chart, role="group", id=f"around-{name}"), summary),
            html.Figcaption([html.P(summary), footer, picture]),
        ],
        className="chart",
    )


def source_line(told: Extent, csv_address: str, label: str = "", lane: str = "") -> Any:
    """Below every chart and table: who, which days, when we learnt it, and the CSV of exactly these rows.

    Args:
        told: The extent of what is shown.
        csv_address: Where the same rows are as CSV.
        label: What the link is called; "CSV of this view" unless it is said.
        lane: Which part of a chart the line is about, where it has several.
    """
    link = file_links(label or say("CSV of this view"), csv_address)
    begin = [html.Strong(f"{lane}: ")] if lane else []
    if told.first is None or told.last is None or told.read is None:
        return html.P([*begin, say("no figure in this view."), " ", *link], className="source")
    names = told.sources
    listed = ", ".join(names[:4])
    if len(names) > 4:
        listed = say("{sources} and {number} more", sources=listed, number=len(names) - 4)
    first, last, read = day(told.first), day(told.last), day(told.read.date())
    if first == last:
        said = say("source {sources}; figures as of {day}; read {read}.", sources=listed, day=last, read=read)
    else:
        days = {"first": first, "last": last, "read": read}
        said = say("source {sources}; figures as of {first} to {last}; read {read}.", sources=listed, **days)
    without = plural(
        told.kept_back,
        "without {count} row that may not be passed on",
        "without {count} rows that may not be passed on",
    )
    return html.P([*begin, said, " ", *link, f" {without}" if told.kept_back else ""], className="source")


def file_links(label: str, csv_address: str) -> list[Any]:
    """The link to a file, and to what its columns mean."""
    described = csv_address.replace("?", "/datapackage.json?", 1)
    return [html.A(label, href=csv_address), " · ", html.A(say("its columns (JSON)"), href=described)]


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[Any]], numeric: Sequence[int] = ()) -> Any:
    """A table a screen reader can walk; ``numeric`` columns are set flush right.

    On a phone each row becomes a block of its own, each cell with its column's name before it; the roles keep it a
    table for those who listen to it.
    """

    def cell(number: int, content: Any) -> Any:
        found = html.Td(content, className="number" if number in numeric else "", role="cell")
        setattr(found, "data-label", head[number])
        return found

    body = [html.Tr([cell(n, content) for n, content in enumerate(row)], role="row") for row in rows]
    scrolling = html.Div(
        html.Table(
            [
                html.Caption(caption),
                html.Thead(
                    html.Tr([html.Th(text, scope="col", role="columnheader") for text in head], role="row"),
                    role="rowgroup",
                ),
                html.Tbody(body, role="rowgroup"),
            ],
            role="table",
        ),
        className="scroll",
        tabIndex="0",
        role="region",
    )
    return named(scrolling, caption)


def named(component: Any, label: str) -> Any:
    """The component with a name for screen readers."""
    setattr(component, "aria-label", label)
    return component


def figure_cell(kind: str, row: dict[str, Any]) -> Any:
    """What a row of a kind says, for a table's cell."""
    words = figure_words(kind, row)
    return html.Span(words, className=f"status {row['status']}") if kind == "border-status" else html.Bdi(words)


def figures_table(caption: str, rows: list[dict[str, Any]]) -> Any:
    """Displacement figures as a table: the twin of a chart for those who cannot see it."""
    return table(
        caption,
        (say("Figure"), say("What and where"), say("Period"), say("Who says so"), say("Trace")),
        (
            (
                html.Bdi(counted(r)),
                subject(r),
                as_of(r),
                [who(r), reserve(r)],
                html.A(r["observation_id"], href=figure_address(r["observation_id"])),
            )
            for r in rows
        ),
        numeric=(0,),
    )


def reserve(row: dict[str, Any]) -> Any:
    """What a reader should know before quoting the figure; nothing, for most."""
    reasons = [say("a relay")] if row["relays"] else []
    if row["role"] != Role.RECOMMENDED:
        reasons.append(say("not used for key figures"))
    if row["doubt"]:
        reasons.append(say("in doubt: {doubt}", doubt=retold(row["doubt"])))
    if row["note"]:
        reasons.append(apart(row["note"]))
    return html.Small(f" ({'; '.join(reasons)})") if reasons else ""


def empty(text: str, advice: str) -> Any:
    """An empty state that says why, and what to do."""
    return html.Div([html.P(text), html.P(advice, className="advice")], className="empty", role="status")
