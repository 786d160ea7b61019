"""Displacement in time: stocks as lines, movements as points and level strokes, ranges as bands; gaps stay gaps.

A series is never joined to another: OCHA's count of everybody displaced since 27 November 2024 and its later count of
those still displaced are two lines, and a point of one never continues the other.
"""

from datetime import date
from html import escape
from typing import Any

import pandas as pd

from dashboards.charts.marks import FONT, Figure, hover, runs
from dashboards.language import say, whole
from dashboards.wording import amount, day, short, sign, subject
from tracker.rule import RULE
from tracker.series import rows_of
from tracker.vocabulary import Measure
from tracker.wholes import undivided

SYMBOLS = ("circle", "diamond", "square", "triangle-up", "triangle-down", "cross", "hexagon")
"""For the series of a lane: those of one source share its colour, and those of two may lie on one point."""
STOCK_LABELS = ("top left", "bottom left", "top left")
MOVEMENT_LABELS = ("middle left", "middle right", "middle right")
"""Where the labels of the first, the second and all further series stand, so that few lie on each other."""
TOPIC_INDICATORS = {
    "displacement": {"new_displacement", "still_displaced", "population"},
    "refugees": {"population", "arrival"},
    "returns": {"return"},
}
TOPIC_GROUPS = {
    "displacement": {"IDP", "DISP"},
    "refugees": {"REF", "ASY", "ALL"},
    "returns": {"RET", "RDP", "RRI"},
}


def is_about(frame: pd.DataFrame, topic: str, places: set[str]) -> "pd.Series[bool]":
    """Which rows, or series, of a topic count persons of the places themselves, undivided by crossing, sex or age.

    Refugees from a place, and returns to it, are shown as totals over all other countries.
    """
    chosen = frame["indicator"].isin(TOPIC_INDICATORS[topic]) & frame["population_group"].isin(TOPIC_GROUPS[topic])
    here = frame["location_code"].isin(places)
    if topic == "refugees":
        here |= frame["origin_code"].isin(places) & (frame["location_kind"] == "world")
    if topic == "returns":
        told = rows_of(frame[["source", "variant"]])
        of_all = pd.Series([RULE.counts_all("returned_idps", row) for row in told], frame.index, dtype=bool)
        chosen &= frame["origin_code"].isna() & of_all
    found: pd.Series[bool] = chosen & here & undivided(frame)
    return found


def series_of(frame: pd.DataFrame) -> list[tuple[str, list[dict[str, Any]]]]:
    """Each series with its name and its rows, oldest first; the longest series first."""
    by_series: dict[int, list[dict[str, Any]]] = {}
    for row in rows_of(frame):
        by_series.setdefault(row["series_id"], []).append(row)
    found = [(_name(rows[0]), sorted(rows, key=lambda r: r["reference_period_end"])) for rows in by_series.values()]
    return sorted(found, key=lambda pair: (-len(pair[1]), pair[0]))


def _name(row: dict[str, Any]) -> str:
    start = row["reference_period_start"]
    about = f"{row['source_name']}: {subject(row)}"
    since = row["measure"] == Measure.CUMULATIVE and start
    return say("{what} since {day}", what=about, day=day(start)) if since else about


def traces(
    frame: pd.DataFrame,
    yaxis: str,
    measure: Measure,
    colours: dict[str, str],
    span: tuple[date, date],
    *,
    labels: bool,
) -> list[Figure]:
    """The traces of one lane, one measure.

    Args:
        frame: Rows of one topic and place.
        yaxis: The lane's axis.
        measure: Which of the rows belong to the lane.
        colours: The colour of each source.
        span: First and last day shown.
        labels: Whether points have their value and source beside them.
    """
    found: list[Figure] = []
    series = [
        (name, [row for row in rows if row["value"] is not None or row["value_high"] is not None])
        for name, rows in series_of(frame if frame.empty else frame[frame["measure"] == measure])
    ]
    stock = measure is Measure.STOCK
    for number, (name, rows) in enumerate((name, rows) for name, rows in series if rows):
        colour, symbol = colours[rows[0]["source"]], SYMBOLS[number % len(SYMBOLS)]
        if measure is Measure.FLOW:
            found.append(_strokes(name, rows, colour, symbol, yaxis, span))
            continue
        if stock:
            rows = _with_gaps(rows)
        line = _line(name, rows, colour, symbol, yaxis, stock)
        if labels:
            line |= _labels(rows, colour, stock, (STOCK_LABELS if stock else MOVEMENT_LABELS)[min(number, 2)])
        found.append(line)
        bands = [r for r in rows if r["value"] is None and r["value_high"] is not None]
        if bands:
            found.append(_bands(name, bands, colour, yaxis, labels))
    return found


def beyond(row: dict[str, Any], span: tuple[date, date]) -> bool:
    """Whether a count of movements also covers days that are not shown."""
    start = row["reference_period_start"] or row["reference_period_end"]
    return row["measure"] == Measure.FLOW and bool(start < span[0] or row["reference_period_end"] > span[1])


def _with_gaps(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with an empty one wherever the series skips a report, so that no line is drawn across."""
    stretches = runs(rows, lambda row: row["reference_period_end"])
    found = stretches[0]
    for stretch in stretches[1:]:
        found = [*found, {**stretch[0], **dict.fromkeys(("value", "value_low", "value_high"))}, *stretch]
    return found


def _line(name: str, rows: list[dict[str, Any]], colour: str, symbol: str, yaxis: str, stock: bool) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "xaxis": "x",
        "yaxis": yaxis,
        "name": name,
        "legendgroup": name,
        "x": [r["reference_period_end"].isoformat() for r in rows],
        "y": [r["value"] for r in rows],
        "connectgaps": False,
        "line": {"color": colour, "width": 2 if stock else 1, "dash": "solid" if stock else "dot"},
        "marker": {
            "color": colour,
            "symbol": symbol if stock else f"{symbol}-open",
            "size": 8,
            "line": {"width": 2, "color": colour},
        },
        "hovertext": [hover(r) for r in rows],
        "hoverinfo": "text",
        "customdata": [r["observation_id"] for r in rows],
    }


def _labels(rows: list[dict[str, Any]], colour: str, stock: bool, position: str) -> Figure:
    """Value and source beside each movement, and beside the newest stock of a series."""
    return {
        "mode": "lines+markers+text",
        "text": [escape(whole(f"{sign(r)} {short(r)}")) if r is rows[-1] or not stock else "" for r in rows],
        "textposition": position,
        "textfont": {**FONT, "color": colour},
        "cliponaxis": False,
    }


def _strokes(
    name: str, rows: list[dict[str, Any]], colour: str, symbol: str, yaxis: str, span: tuple[date, date]
) -> Figure:
    """A level stroke as long as each period, which cannot be taken for a part of another; an arrow where it goes on."""
    marks: list[tuple[date | None, int | None, str, str, str]] = []
    inset = (span[1] - span[0]) * 0.015
    for row in rows:
        if row["value"] is None:
            continue
        start, end = row["reference_period_start"] or row["reference_period_end"], row["reference_period_end"]
        left = (start, "line-ns") if start >= span[0] else (span[0] + inset, "triangle-left")
        right = (end, "line-ns") if end <= span[1] else (span[1] - inset, "triangle-right")
        told = hover(row) + (f"<br><i>{escape(say('reaches beyond the time shown'))}</i>" if beyond(row, span) else "")
        middle = (left[0] + (right[0] - left[0]) / 2, symbol)
        marks += [(at, row["value"], mark, told, row["observation_id"]) for at, mark in (left, middle, right)]
        marks.append((None, None, symbol, "", ""))
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "xaxis": "x",
        "yaxis": yaxis,
        "name": name,
        "legendgroup": name,
        "x": [at and at.isoformat() for at, *_ in marks],
        "y": [value for _, value, *_ in marks],
        "connectgaps": False,
        "line": {"color": colour, "width": 4},
        "marker": {
            "color": colour,
            "symbol": [mark for _, _, mark, *_ in marks],
            "size": 10,
            "opacity": 1,
            "line": {"width": 2, "color": colour},
        },
        "cliponaxis": False,
        "hovertext": [told for *_, told, _ in marks],
        "hoverinfo": "text",
        "customdata": [observation for *_, observation in marks],
    }


def _bands(name: str, rows: list[dict[str, Any]], colour: str, yaxis: str, labels: bool) -> Figure:
    """A range is drawn from its low to its high end; its middle is nobody's number."""
    days = [r["reference_period_end"].isoformat() for r in rows]
    return {
        "type": "scatter",
        "mode": "lines+text" if labels else "lines",
        "xaxis": "x",
        "yaxis": yaxis,
        "name": name,
        "legendgroup": name,
        "showlegend": False,
        "x": [x for d in days for x in (d, d, None)],
        "y": [y for r in rows for y in (r["value_low"], r["value_high"], None)],
        "line": {"color": colour, "width": 9},
        "marker": {"color": colour},
        "text": [t for r in rows for t in (escape(whole(f"{amount(r)} {short(r)}")), "", "")] if labels else None,
        "textposition": "bottom center",
        "textfont": {**FONT, "color": colour},
        "cliponaxis": False,
        "hovertext": [t for r in rows for t in (hover(r), hover(r), "")],
        "hoverinfo": "text",
        "customdata": [t for r in rows for t in (r["observation_id"], r["observation_id"], "")],
    }
