"""The pieces pages are made of: filter form, key figures, sources under charts, tables, empty states."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from dash import dcc, html

from dashboards.charts.marks import CONFIG, Figure
from dashboards.filters import KINDS, PERIODS, TOPICS
from dashboards.kinds import figure_words
from dashboards.reader import View
from dashboards.wording import MEASURE_WORDS, age, amount, as_of, counted, day, number, plural, subject, who
from tracker.asof import PRESENT, AsOf
from tracker.extent import Extent
from tracker.headline import Headline, State
from tracker.regions import Choice, choices
from tracker.vocabulary import Role

FIELDS = ("region", "beside", "topic", "period", "kind", "published_by")
DAYS = {"since": "Changes since (year-month-day)", "as_of": "As known on (year-month-day)"}
"""The choices that are a day; as of when is asked on every page."""


def page(view: View, heading: str, lead: str, children: Iterable[Any], fields: Sequence[str]) -> Any:
    """A page's frame: heading, lead, filters, and what was wrong with the address, if anything."""
    notice = [html.P(view.problem, className="notice", role="status")] if view.problem else []
    form = [_form(view, fields)] if fields else []
    told = banner(view.moment, view.filters.but(as_of="", published_by="").query())
    return html.Div([html.H1(heading), html.P(lead, className="lead"), *told, *notice, *form, *children])


def banner(moment: AsOf, now: str) -> list[Any]:
    """Says that a page shows the past, with the way back to the present; nothing for now."""
    if moment == PRESENT:
        return []
    said = f"Figures {moment}. What came later is not shown. "
    return [html.P([said, html.A("Show what is known now", href=now)], className="notice moment", role="status")]


def _form(view: View, fields: Sequence[str]) -> Any:
    """An ordinary form: it works by keyboard, without scripts, and puts the choices into the address."""
    chosen = view.filters
    labels = {"region": "Country or region", "beside": "Compare with"}
    words = {"topic": ("About", TOPICS), "period": ("Period", PERIODS), "kind": ("Figures", KINDS)}
    listed = choices(view.connection)
    days = {name: label for name, label in DAYS.items() if name in fields or name != "since"}
    controls = []
    for name in (name for name in fields if name not in DAYS):
        value = str(getattr(chosen, name))
        if name in labels:
            label, options = labels[name], _regions(listed, value, none=name == "beside")
        else:
            label, options = words[name][0], [_option(*item, value) for item in words[name][1].items()]
        select = html.Select(options, name=name, id=f"choose-{name}")
        controls.append(html.Label([label, select], className="control"))
    controls += [_day_control(name, label, getattr(chosen, name)) for name, label in days.items()]
    kept = [name for name in FIELDS if name not in (*fields, *days) and getattr(chosen, name)]
    hidden = [dcc.Input(type="hidden", name=name, value=str(getattr(chosen, name)), id=f"kept-{name}") for name in kept]
    return html.Form([*controls, *hidden, html.Button("Show", type="submit")], method="get", className="filters")


def _day_control(name: str, label: str, value: str) -> Any:
    field = dcc.Input(type="text", name=name, value=value, id=f"choose-{name}", placeholder="now")
    return html.Label([label, field], className="control")


def _option(value: str, text: str, chosen: str) -> Any:
    return html.Option(text, value=value, selected=value == chosen)


def _regions(listed: list[Choice], chosen: str, *, none: bool) -> list[Any]:
    """The regions under their headings; one that was asked for by its code alone stands first."""
    options = [_option("", "nothing", chosen)] if none else []
    if chosen and chosen not in {choice.code for choice in listed}:
        options.append(_option(chosen, chosen, chosen))
    for heading, part in groupby(listed, key=lambda choice: choice.heading):
        options.append(html.Optgroup([_option(c.code, c.name, chosen) for c in part], label=heading))
    return options


def key_figure(headline: Headline, view: View) -> Any:
    """One answer with all that belongs to it: qualifier, unit, date, who says so, how far others differ."""
    row = headline.row
    others = []
    if headline.low is not None and headline.high is not None:
        span = (
            number(headline.low)
            if headline.low == headline.high
            else f"{number(headline.low)} to {number(headline.high)}"
        )
        apart = f"; the answers differ by {(headline.disagreement or 1) - 1:.0%}" if headline.differs else ""
        others = [html.P(f"{plural(headline.originators - 1, 'other source')}: {span}{apart}", className="rivals")]
    last_known = headline.state is State.LAST_KNOWN
    return html.Section(
        [
            html.H3(headline.title),
            *([html.P("Last known", className="last-known")] if last_known else []),
            html.P(html.A(html.Bdi(amount(row)), href=figure_address(row["observation_id"])), className="value"),
            html.P(f"{row['unit']}; {MEASURE_WORDS[row['measure']]}", className="measure"),
            html.P(
                [as_of(row), html.Span(f" ({age(row['reference_period_end'], view.today)})", className="age")],
                className="as-of",
            ),
            html.P(who(row), className="source"),
            *([html.P(f"Check before quoting: {row['doubt']}", className="doubt")] if row["doubt"] else []),
            *_by_area(headline),
            *others,
            html.P(f"rule {headline.rule_version}, figure {row['observation_id']}", className="source"),
        ],
        className=f"key-figure {row['measure']} {headline.state}",
    )


def _by_area(headline: Headline) -> list[Any]:
    """What of the number is told by area; nothing where the source tells nothing by area."""
    if headline.parts:
        said = f"the sum of {plural(len(headline.parts), 'figure')} of its areas; nobody reports the whole"
    elif headline.allocation:
        told = headline.allocation
        said = f"{told.areas} of {told.of} areas: {number(told.allocated)}; not allocated: {number(told.not_allocated)}"
    else:
        return []
    return [html.P(said, className="source")]


def graph(figure: Figure, name: str, summary: str, footer: Any) -> Any:
    """A chart with what it says in one sentence, its source line, and a CSV of the same rows."""
    chart = dcc.Graph(id=name, figure=figure, config=CONFIG, style={"height": f"{figure['layout']['height']}px"})
    return html.Figure(
        [named(html.Div(chart, role="group"), summary), html.Figcaption([html.P(summary), footer])],
        className="chart",
    )


def source_line(told: Extent, csv_address: str, label: str = "CSV of this view", lane: str = "") -> Any:
    """Below every chart and table: who, which days, when we learnt it, and the CSV of exactly these rows.

    Args:
        told: The extent of what is shown.
        csv_address: Where the same rows are as CSV.
        label: What the link is called.
        lane: Which part of a chart the line is about, where it has several.
    """
    begin = f"{lane}: " if lane else ""
    if told.first is None or told.last is None or told.read is None:
        return html.P([f"{begin}no figure in this view. ", html.A(label, href=csv_address)], className="source")
    names = told.sources
    listed = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    kept_back = told.kept_back
    without = f" without {plural(kept_back, 'row')} that may not be passed on" if kept_back else ""
    return html.P(
        [
            f"{begin}source {listed}; figures as of {day(told.first)} to {day(told.last)}; "
            f"read {day(told.read.date())}. ",
            html.A(label, href=csv_address),
            without,
        ],
        className="source",
    )


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


def figure_address(observation_id: str) -> str:
    """Where a figure's whole life is told."""
    return f"/figure/{observation_id}"


def figure_cell(kind: str, row: dict[str, Any]) -> Any:
    """What a row of a kind says, for a table's cell."""
    words = figure_words(kind, row)
    return html.Span(words, className=f"status {row['status']}") if kind == "border-status" else html.Bdi(words)


def figures_table(caption: str, rows: list[dict[str, Any]]) -> Any:
    """Displacement figures as a table: the twin of a chart for those who cannot see it."""
    return table(
        caption,
        ("Figure", "What and where", "Period", "Who says so", "Trace"),
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
    reasons = ["a relay"] if row["relays"] else []
    if row["role"] != Role.RECOMMENDED:
        reasons.append("not used for key figures")
    if row["doubt"]:
        reasons.append(f"in doubt: {row['doubt']}")
    if row["note"]:
        reasons.append(str(row["note"]))
    return html.Small(f" ({'; '.join(reasons)})") if reasons else ""


def empty(text: str, advice: str) -> Any:
    """An empty state that says why, and what to do."""
    return html.Div([html.P(text), html.P(advice, className="advice")], className="empty", role="status")
