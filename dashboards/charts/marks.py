"""What several charts draw alike: hover texts, axes, event lines."""

from collections.abc import Iterable
from datetime import date
from html import escape
from typing import Any

import pandas as pd

from dashboards.theme import CHART_INK, CHART_LINE
from dashboards.wording import as_of, counted, day, subject, who
from tracker.series import rows_of

Figure = dict[str, Any]
DAY_MS = 24 * 3600 * 1000
FONT = {"family": "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans Arabic', sans-serif", "size": 12, "color": CHART_INK}
CONFIG: Any = {"displaylogo": False, "showSendToCloud": False, "displayModeBar": False, "responsive": True}
"""Plotly's own "Share chart" button uploads the figure to its vendor; it stays off."""


ROW_HEIGHT = 36
LAYOUT: Figure = {
    "margin": {"l": 8, "r": 12, "t": 30, "b": 40, "pad": 2},
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
    return "<br>".join(lines)


def row_axis(names: int) -> Figure:
    """A lane of named rows: each name stands inside the lane, above its bar, so that a phone keeps its width."""
    return {
        "type": "category",
        # From the top down, with room above the first row for its name.
        "range": [names - 0.5, -0.95],
        "ticklabelposition": "inside",
        "ticklabelshift": 14,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": FONT,
    }


def row_chart(traces: list[Figure], names: int, first: date, last: date, events: pd.DataFrame) -> Figure:
    """A figure of one lane of named rows over time."""
    shapes, notes = event_lines(events, first, last)
    return {
        "data": traces,
        "layout": {
            **LAYOUT,
            "height": 80 + ROW_HEIGHT * names,
            "xaxis": time_axis(first, last),
            "yaxis": row_axis(names),
            "shapes": shapes,
            "annotations": notes,
        },
    }


def milliseconds(start: date, end: date) -> int:
    """Width of a bar on a date axis; the last day is included."""
    return ((end - start).days + 1) * DAY_MS


def time_axis(first: date, last: date) -> dict[str, Any]:
    """The one time axis every lane shares."""
    return {
        "type": "date",
        "range": [first.isoformat(), last.isoformat()],
        "showgrid": True,
        "gridcolor": CHART_LINE,
        "linecolor": CHART_LINE,
        "tickfont": FONT,
        "fixedrange": False,
    }


def event_lines(events: pd.DataFrame, first: date, last: date, limit: int = 5) -> tuple[list[Figure], list[Figure]]:
    """Dotted lines through all lanes and their labels above; never more than a reader can tell apart."""
    shapes, notes = [], []
    shown = [e for e in rows_of(events) if e["annotate"] and first <= e["date_start"] <= last][:limit]
    for number, event in enumerate(shown):
        at = event["date_start"].isoformat()
        shapes.append(
            {
                "type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1,
                "line": {"color": CHART_INK, "width": 1, "dash": "dot"}, "layer": "below",
            }
        )  # fmt: skip
        notes.append(
            {
                "xref": "x", "yref": "paper", "x": at, "y": 1, "yanchor": "bottom", "xanchor": "left",
                "showarrow": False, "text": f"<b>{number + 1}</b>", "font": FONT,
                "hovertext": escape(f"{day(event['date_start'])}: {event['title_en']}"),
            }
        )  # fmt: skip
    return shapes, notes


def span(dates: Iterable[date | None], today: date) -> tuple[date, date]:
    """First and last of the dates, with today where there are none."""
    known = [d for d in dates if d is not None]
    return (min(known), max(known)) if known else (today, today)
