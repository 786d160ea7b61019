"""Displacement in time: stocks as lines, movements as points and bars, ranges as bands; gaps stay gaps.

A series is never joined to another: OCHA's count of everybody displaced since 27 November 2024 and its later count of
those still displaced are two lines, and a point of one never continues the other.
"""

from datetime import date
from html import escape
from itertools import cycle
from typing import Any

import pandas as pd

from dashboards.charts.marks import FONT, Figure, hover, milliseconds
from dashboards.theme import SERIES_COLOURS
from dashboards.wording import short, sign, subject
from tracker.series import rows_of
from tracker.vocabulary import Measure

SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "x", "triangle-down", "star")
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


def about(frame: pd.DataFrame, topic: str, places: set[str]) -> pd.DataFrame:
    """The rows of a topic that are about the places themselves, undivided by crossing, sex or age.

    Refugees from a place are counted over the whole world, so that parts and totals do not stand side by side.
    """
    if frame.empty:
        return frame
    chosen = frame["indicator"].isin(TOPIC_INDICATORS[topic]) & frame["population_group"].isin(TOPIC_GROUPS[topic])
    here = frame["location_code"].isin(places)
    if topic == "refugees":
        here |= frame["origin_code"].isin(places) & (frame["location_kind"] == "world")
    whole = frame["point_of_entry"].isna() & (frame["sex"] == "all") & (frame["age"] == "all")
    return frame[chosen & here & whole]


def series_of(frame: pd.DataFrame) -> list[tuple[str, list[dict[str, Any]]]]:
    """Each series with its name and its rows, oldest first; the longest series first."""
    if frame.empty:
        return []
    found = [
        (_name(rows[0]), rows)
        for _, part in frame.groupby("series_id", sort=False)
        for rows in [sorted(rows_of(part), key=lambda r: r["reference_period_end"])]
    ]
    return sorted(found, key=lambda pair: (-len(pair[1]), pair[0]))


def _name(row: dict[str, Any]) -> str:
    start = row["reference_period_start"]
    since = f" since {start:%d %b %Y}" if row["measure"] == Measure.CUMULATIVE and start else ""
    return f"{row['source_name']}: {subject(row)}{since}"


def traces(frame: pd.DataFrame, yaxis: str, *, stock: bool, labels: bool) -> list[Figure]:
    """The traces of one lane, stocks or movements; with ``labels`` each point has its value and source beside it."""
    found: list[Figure] = []
    looks = zip(cycle(SERIES_COLOURS), cycle(SYMBOLS), strict=False)
    for number, ((name, rows), (colour, symbol)) in enumerate(zip(series_of(frame), looks, strict=False)):
        if rows[0]["measure"] == Measure.FLOW:
            found.append(_bars(name, rows, colour, yaxis))
        else:
            line = _line(name, rows, colour, symbol, yaxis, stock)
            if labels:
                line |= _labels(rows, colour, number)
            found.append(line)
        bands = [r for r in rows if r["value"] is None and r["value_low"] is not None and r["value_high"] is not None]
        if bands:
            found.append(_bands(name, bands, colour, yaxis))
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
        "marker": {"color": colour, "symbol": symbol if stock else f"{symbol}-open", "size": 8, "line": {"width": 2}},
        "hovertext": [hover(r) for r in rows],
        "hoverinfo": "text",
    }


def _labels(rows: list[dict[str, Any]], colour: str, number: int) -> Figure:
    """Value and source beside each point: the first series to the left, the others to the right, so fewer collide."""
    return {
        "mode": "lines+markers+text",
        "text": [escape(f"{sign(r)} {short(r)}") for r in rows],
        "textposition": "middle left" if number == 0 else "middle right",
        "textfont": {**FONT, "color": colour},
        "cliponaxis": False,
    }


def _bars(name: str, rows: list[dict[str, Any]], colour: str, yaxis: str) -> Figure:
    known = [r for r in rows if r["value"] is not None]
    starts: list[date] = [r["reference_period_start"] or r["reference_period_end"] for r in known]
    return {
        "type": "bar",
        "xaxis": "x",
        "yaxis": yaxis,
        "name": name,
        "legendgroup": name,
        "x": [s.isoformat() for s in starts],
        "y": [r["value"] for r in known],
        "width": [milliseconds(s, r["reference_period_end"]) for s, r in zip(starts, known, strict=True)],
        "offset": 0,
        "opacity": 0.6,
        "marker": {"color": colour, "line": {"color": colour, "width": 1}},
        "hovertext": [hover(r) for r in known],
        "hoverinfo": "text",
    }


def _bands(name: str, rows: list[dict[str, Any]], colour: str, yaxis: str) -> Figure:
    """A range is drawn from its low to its high end; its middle is nobody's number."""
    days = [r["reference_period_end"].isoformat() for r in rows]
    return {
        "type": "scatter",
        "mode": "lines",
        "xaxis": "x",
        "yaxis": yaxis,
        "name": name,
        "legendgroup": name,
        "showlegend": False,
        "x": [x for d in days for x in (d, d, None)],
        "y": [y for r in rows for y in (r["value_low"], r["value_high"], None)],
        "line": {"color": colour, "width": 9},
        "opacity": 0.55,
        "hovertext": [t for r in rows for t in (hover(r), hover(r), "")],
        "hoverinfo": "text",
    }
