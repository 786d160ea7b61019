"""Access: where can aid not go, what keeps it out, who was hurt."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from dash import html

from dashboards.carried import figure_address
from dashboards.charts import access
from dashboards.charts.marks import row_chart, span
from dashboards.charts.months import by_place, cell, month_name, months_of
from dashboards.language import place_name, plural, say, term
from dashboards.parts import empty, graph, page, source_line, table
from dashboards.reader import Reader, View
from dashboards.wording import age, amount, as_of, counted, day, in_words, number, region_name, who
from tracker import series
from tracker.extent import Extent
from tracker.series import rows_of
from tracker.vocabulary import ACCESS_LABELS, AccessIndicator

PATH, TITLE, ORDER = "/access", term("Access"), 5
MOST_ROWS = 60


def layout(reader: Reader, /, **query: str) -> Any:
    """The page for the chosen region."""
    with reader.view(query) as view:
        frame = series.aid_access(view.connection, view.window())
        return page(
            view,
            say("Aid access in {place}", place=region_name(view.region)),
            say("Constraints, shortages and incidents as sources report them. No report is not good access."),
            _content(view, frame),
            ("region", "period"),
        )


def _content(view: View, frame: Any) -> list[Any]:
    if frame.empty:
        return [
            empty(
                say("No access figure about {place} in this period is in the store.", place=region_name(view.region)),
                say("That says nothing of the access itself. Choose a longer period above."),
            )
        ]
    rows = rows_of(frame)
    return [*_workers(view, rows), *_months(view, frame), *_timeline(view, frame, rows), *_list(view, rows)]


def _workers(view: View, rows: list[dict[str, Any]]) -> list[Any]:
    """Aid workers hurt in the period: what is counted within it, and apart from that what reaches beyond it."""
    hurt = [row for row in rows if row["indicator"] in access.WORKERS and row["value"] is not None]
    inside = [row for row in hurt if _within(row, view.filters.start, view.filters.end)]
    across = [row for row in hurt if row not in inside]
    found: list[Any] = [html.H2(say("Aid workers hurt in this period"))]
    if inside:
        found.append(
            table(
                say(
                    "By source; lines overlap and are never added together. Outside the days named, nobody has counted"
                ),
                (
                    say("What happened"),
                    say("Where"),
                    say("People"),
                    say("Counted from"),
                    say("First day"),
                    say("Last day"),
                    say("Source"),
                ),
                [_line(part) for part in countable(inside)],
                numeric=(2,),
            )
        )
    else:
        found.append(
            empty(say("No source in the store counts aid workers within this period."), say("That is not a zero."))
        )
    if across:
        told = [
            html.Li([access.words(r), " (", html.A(r["observation_id"], href=figure_address(r["observation_id"])), ")"])
            for r in across
        ]
        found += [
            html.P(say("Not counted above, because the figure covers days outside this period, too:")),
            html.Ul(told),
        ]
    return found


def _within(row: dict[str, Any], start: date | None, end: date | None) -> bool:
    """Whether the whole period of a figure lies between two days; of one that does not say its start, nobody knows."""
    begun = start is None or (row["reference_period_start"] is not None and row["reference_period_start"] >= start)
    return begun and (end is None or row["reference_period_end"] <= end)


def countable(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Rows in parts that may be added up: incidents of one source, or its totals of one place over separate periods."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        total = () if row["external_id"] else (row["location_name"], row["variant"])
        groups.setdefault((row["indicator"], row["source_name"], row["role"], *total), []).append(row)
    found: list[list[dict[str, Any]]] = []
    for _, part in sorted(groups.items()):
        apart = all(_first_day(other) > one["reference_period_end"] for one, other in pairwise(part))
        found += [part] if part[0]["external_id"] or apart else [[row] for row in part]
    return found


def _line(part: list[dict[str, Any]]) -> tuple[Any, ...]:
    row = part[0]
    places = sorted({place_name(r) for r in part})
    counted_from = (
        plural(len(part), "{count} single incident", "{count} single incidents")
        if row["external_id"]
        else plural(len(part), "{count} figure", "{count} figures")
    )
    return (
        say(ACCESS_LABELS[AccessIndicator(row["indicator"])]),
        places[0] if len(places) == 1 else plural(len(places), "{count} place", "{count} places"),
        amount(row) if len(part) == 1 else number(sum(r["value"] for r in part)),
        counted_from + (f" ({row['variant']})" if row["variant"] else ""),
        day(min(_first_day(r) for r in part)),
        day(max(r["reference_period_end"] for r in part)),
        row["source_name"],
    )


def _first_day(row: dict[str, Any]) -> date:
    found: date = row["reference_period_start"] or row["reference_period_end"]
    return found


def _timeline(view: View, frame: Any, rows: list[dict[str, Any]]) -> list[Any]:
    marks = access.drawn(frame)
    if not marks:
        return []
    begun, _ = span([_first_day(r) for r in marks], view.today)
    first, last = view.filters.start or begun - timedelta(days=30), view.filters.end or view.today
    names = list(dict.fromkeys(access.row_name(r) for r in marks))
    events = series.events(view.connection, view.ever())
    figure = row_chart(access.traces(marks, "y"), names, first, last, events)
    summary = plural(
        len(marks),
        "{count} constraint, shortage or incident in time.",
        "{count} constraints, shortages and incidents in time.",
    )
    return [
        html.H2(say("In time")),
        graph(figure, "constraints", summary, source_line(Extent.of(rows), view.filters.csv("aid-access"))),
    ]


def _months(view: View, frame: Any) -> list[Any]:
    """Place by month: where something kept aid out, and of which months nobody tells."""
    marks = access.drawn(frame)
    if not marks:
        return []
    last = view.filters.end or view.today
    begun = view.filters.start or min(_first_day(row) for row in marks)
    # The months that are shown are those up to the last one somebody speaks of.
    months = months_of(begun, min(last, max(row["reference_period_end"] for row in marks)))
    found = by_place(marks, months)
    ranked = sorted(found.items(), key=lambda item: (-sum(map(len, item[1].values())), item[0]))
    return [
        html.H2(say("By place and month")),
        table(
            say("Kinds of constraint, shortage or incident that were reported; a dot: no report, not good access"),
            (say("Place"), *map(month_name, months)),
            [(place, *(cell(told.get(month, {})) for month in months)) for place, told in ranked],
        ),
    ]


def _list(view: View, rows: list[dict[str, Any]]) -> list[Any]:
    """What was reported, newest first; incidents in which nobody was hurt in that way are left to the CSV."""
    shown = [r for r in rows if r["value"] != 0]
    newest = sorted(shown, key=lambda r: r["reference_period_end"], reverse=True)[:MOST_ROWS]
    return [
        html.H2(say("What was reported")),
        table(
            say(
                "The newest {shown} of {all} access figures; all of them are in the CSV",
                shown=len(newest),
                all=number(len(rows)),
            ),
            (say("What"), say("Figure or words"), say("Where"), say("Period"), say("Who says so"), say("Trace")),
            (
                (
                    access.row_name(r),
                    _said(r),
                    r["provider_place"] or place_name(r),
                    say("{period}, {age}", period=as_of(r), age=age(r["reference_period_end"], view.today)),
                    who(r),
                    html.A(r["observation_id"], href=figure_address(r["observation_id"])),
                )
                for r in newest
            ),
        ),
    ]


def _said(row: dict[str, Any]) -> str:
    if not row["qualifier"]:
        return in_words(row) or say("reported")
    extra = f" ({in_words(row)})" if row["value_text"] else ""
    return counted(row) + extra
