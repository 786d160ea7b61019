"""What several charts draw alike: hover texts, axes, event lines."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from html import escape
from itertools import pairwise
from typing import Any, TypeVar

import pandas as pd

from dashboards.language import say, spoken, whole
from dashboards.retold import retold
from dashboards.theme import CHART_INK, CHART_LINE
from dashboards.wording import as_of, counted, day, event_title, subject, who
from tracker.series import rows_of

Figure = dict[str, Any]
MOST_TICKS, LONG_NAME = 6, 8
"""More labels would touch each other on a phone; fewer fit of months with names as long as this."""
MOST_EVENTS = 5
NUMBER_SPACE = 0.08
"""Share of the time axis that the number of an event needs on a phone."""
Item = TypeVar("Item")
USUAL_STEPS = 1.6
DAY_MS = 24 * 3600 * 1000
FONT = {"family": "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans Arabic', sans-serif", "size": 12, "color": CHART_INK}
CONFIG: Any = {"displaylogo": False, "showSendToCloud": False, "displayModeBar": False, "responsive": True}
"""Plotly's own "Share chart" button uploads the figure to its vendor; it stays off."""


ROW_HEIGHT = 36
LAYOUT: Figure = {
    "margin": {"l": 8, "r": 12, "t": 66, "b": 40, "pad": 2},
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "font": FONT,
    "showlegend": False,
    "hovermode": "closest",
    "barmode": "overlay",
    "dragmode": False,
}


def hover(row: Any) -> str:
    """One displacement figure, complete: value, subject, period, source. Upstream text is escaped."""
    lines = [
        f"<b>{escape(counted(row))}</b>",
        *(escape(text) for text in (subject(row), as_of(row), who(row), row["observation_id"])),
    ]
    if row["doubt"]:
        lines.append(f"<i>{escape(say('in doubt: {doubt}', doubt=retold(row['doubt'])))}</i>")
    return "<br>".join(map(whole, lines))


def row_axis(names: int) -> Figure:
    """A lane of named rows; `row_names` stand inside it, not beside it, so that a phone keeps its width."""
    return {
        "type": "category",
        # From the top down, with room above the first row for its name.
        "range": [names - 0.5, -0.95],
        "showticklabels": False,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def row_names(names: Iterable[str], yaxis: str) -> list[Figure]:
    """Each row's name above its bars. Labels of the axis would do, but Plotly drops every date that is below one."""
    return [
        {
            "xref": "paper", "yref": yaxis, **beginning(), "y": name, "yanchor": "middle", "yshift": 16,
            "showarrow": False, "text": escape(whole(name)), "font": FONT,
        }
        for name in names
    ]  # fmt: skip


def beginning() -> Figure:
    """Where a line of text begins: at the left, or in a language that is written from right to left at the right."""
    return {"x": 1, "xanchor": "right"} if spoken().is_rtl else {"x": 0, "xanchor": "left"}


def row_chart(traces: list[Figure], names: list[str], first: date, last: date, events: pd.DataFrame) -> Figure:
    """A figure of one lane of named rows over time."""
    shapes, notes = event_lines(events, first, last)
    return {
        "data": [*traces, upper_axis(first, last, "y")],
        "layout": {
            **LAYOUT,
            "height": 116 + ROW_HEIGHT * len(names),
            **time_axes(first, last),
            "yaxis": row_axis(len(names)),
            "shapes": shapes,
            "annotations": [*notes, *row_names(names, "y")],
        },
    }


def milliseconds(start: date, end: date) -> int:
    """Width of a bar on a date axis; the last day is included."""
    return ((end - start).days + 1) * DAY_MS


def time_axes(first: date, last: date) -> dict[str, Any]:
    """The one time axis every lane shares, labelled at both ends: a chart may be taller than a screen.

    The ticks are ours: Plotly labels the second of two matching date axes with dates that are not its ticks'.
    """
    days = ticks(first, last)
    axis = {
        "type": "date",
        "range": [first.isoformat(), last.isoformat()],
        "tickmode": "array",
        "tickvals": [day.isoformat() for day, _ in days],
        "ticktext": [text for _, text in days],
        "gridcolor": CHART_LINE,
        "linecolor": CHART_LINE,
        "tickfont": FONT,
        "tickangle": 0,
        "fixedrange": True,
        "anchor": "free",
    }
    upper = {"overlaying": "x", "side": "top", "position": 1, "showgrid": False}
    return {"xaxis": {**axis, "side": "bottom", "position": 0}, "xaxis2": {**axis, **upper}}


def ticks(first: date, last: date) -> list[tuple[date, str]]:
    """As many round dates as fit between first and last, with their labels."""
    span = (last - first).days
    most = MOST_TICKS if max(map(len, spoken().months)) < LONG_NAME else MOST_TICKS - 2
    if span <= 14 * most:
        step = 7 if span <= 7 * most else 14
        monday = first + timedelta(days=-first.weekday() % 7)
        found = [monday + timedelta(days=n) for n in range(0, span + 1, step)]
        return [(d, f"{whole(f'{d.day} {spoken().months[d.month - 1]}')}<br>{d.year}") for d in found if d <= last]
    months = next((m for m in (1, 2, 3, 6, 12, 24, 60) if span / 30.4 <= m * most), 120)
    starts = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    found = [d for d in starts if (d.year * 12 + d.month - 1) % months == 0 and first <= d <= last]
    return [(d, str(d.year) if months >= 12 else f"{whole(spoken().months[d.month - 1])}<br>{d.year}") for d in found]


def upper_axis(first: date, last: date, yaxis: str) -> Figure:
    """Plotly draws an axis only if a trace is on it; this one has no mark."""
    return {
        "type": "scatter",
        "x": [first.isoformat(), last.isoformat()],
        "y": [None, None],
        "xaxis": "x2",
        "yaxis": yaxis,
        "hoverinfo": "skip",
    }


def marked(events: pd.DataFrame, first: date, last: date) -> list[dict[str, Any]]:
    """The events a chart marks, in the order of their numbers; never more than a reader can tell apart."""
    return [e for e in rows_of(events) if e["annotate"] and first <= e["date_start"] <= last][:MOST_EVENTS]


def event_lines(events: pd.DataFrame, first: date, last: date) -> tuple[list[Figure], list[Figure]]:
    """Dotted lines through all lanes and their numbers above; numbers that would touch are written as one, "1–3"."""
    shown = marked(events, first, last)
    shapes = [
        {
            "type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1,
            "line": {"color": CHART_INK, "width": 1, "dash": "dot"}, "layer": "below",
        }
        for at in (event["date_start"].isoformat() for event in shown)
    ]  # fmt: skip
    groups: list[list[tuple[int, dict[str, Any]]]] = []
    for number, event in enumerate(shown, start=1):
        if groups and event["date_start"] - groups[-1][0][1]["date_start"] < (last - first) * NUMBER_SPACE:
            groups[-1].append((number, event))
        else:
            groups.append([(number, event)])
    notes = [
        {
            "xref": "x", "yref": "paper", "x": group[0][1]["date_start"].isoformat(), "y": 1, "yanchor": "bottom",
            "xanchor": "center", "yshift": 32, "showarrow": False, "font": FONT,
            "text": f"<b>{'–'.join(dict.fromkeys(str(number) for number, _ in (group[0], group[-1])))}</b>",
            "hovertext": "<br>".join(escape(whole(f"{day(e['date_start'])}: {event_title(e)}")) for _, e in group),
        }
        for group in groups
    ]  # fmt: skip
    return shapes, notes


def span(dates: Iterable[date | None], today: date) -> tuple[date, date]:
    """First and last of the dates, with today where there are none."""
    known = [d for d in dates if d is not None]
    return (min(known), max(known)) if known else (today, today)


def runs(points: list[Item], day_of: Callable[[Item], date]) -> list[list[Item]]:
    """Stretches of a series without a gap: a step much longer than the usual one is where somebody did not report."""
    if not points:
        return []
    steps = sorted((day_of(other) - day_of(one)).days for one, other in pairwise(points))
    found = [[points[0]]]
    for one, other in pairwise(points):
        if (day_of(other) - day_of(one)).days > steps[len(steps) // 2] * USUAL_STEPS:
            found.append([])
        found[-1].append(other)
    return found
