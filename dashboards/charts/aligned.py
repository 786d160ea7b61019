"""The aligned chart: displacement, crossings and access over one time axis, so that eyes can compare them.

It shows what happened at the same time; it does not say what caused what.
"""

from datetime import date

import pandas as pd

from dashboards.charts import access, crossings, people
from dashboards.charts.marks import (
    FONT,
    LAYOUT,
    ROW_HEIGHT,
    Figure,
    beginning,
    event_lines,
    row_axis,
    row_names,
    span,
    time_axes,
    upper_axis,
)
from dashboards.language import say, spoken, term, whole
from dashboards.theme import CHART_LINE
from tracker.vocabulary import Measure

PEOPLE_HEIGHT, GAP = 230, 46
LABELLED_DAYS = 120
"""In a longer view the values written beside points would lie on top of each other."""
HEADROOM = 1.08
LANE_TITLES = {
    Measure.STOCK: term("People at a date (stock)"),
    Measure.FLOW: term("Movements within a period (flow)"),
    Measure.CUMULATIVE: term("Movements since a start (cumulative)"),
}
MARGIN = 0.02
TOP, BOTTOM = LAYOUT["margin"]["t"], LAYOUT["margin"]["b"]


def aligned(
    displacement: pd.DataFrame,
    borders: pd.DataFrame,
    constraints: pd.DataFrame,
    events: pd.DataFrame,
    first: date,
    last: date,
    today: date,
    colours: dict[str, str],
) -> Figure:
    """The figure; lanes without anything to show are left out, and their absence is said by the page.

    Args:
        displacement: Rows of one topic and place (`people.about`).
        borders: Statuses of the region's crossings, from the first report on.
        constraints: Access figures of the region.
        events: Dated events.
        first: First day shown.
        last: Last day shown.
        today: Where statuses that still hold end.
        colours: The colour of each source of displacement.
    """
    segments = [s for s in crossings.segments(borders, today) if s.until >= first and s.start <= last]
    marks = [m for m in access.drawn(constraints) if m["reference_period_end"] >= first]
    crossing_rows = list(dict.fromkeys(s.row for s in segments))
    access_rows = list(dict.fromkeys(access.row_name(m) for m in marks))
    labels = (last - first).days <= LABELLED_DAYS
    lanes: list[tuple[str, Figure, int, list[Figure]]] = []
    for number, measure in enumerate(LANE_TITLES, start=1):
        drawn = people.traces(displacement, f"y{number}", measure, colours, (first, last), labels=labels)
        lanes.append((LANE_TITLES[measure], _count_axis(), PEOPLE_HEIGHT if drawn else 0, drawn))
    lanes.append(
        (
            term("Crossings"),
            row_axis(len(crossing_rows)),
            ROW_HEIGHT * len(crossing_rows),
            crossings.traces(segments, "y4"),
        )
    )
    lanes.append(
        (
            term("Access constraints and incidents"),
            row_axis(len(access_rows)),
            ROW_HEIGHT * len(access_rows),
            access.traces(marks, "y5"),
        )
    )
    shapes, notes = event_lines(events, first, last)
    shown = [f"y{number}" for number, lane in enumerate(lanes, start=1) if lane[2]]
    upper = [upper_axis(first, last, shown[0])] if shown else []
    figure: Figure = {
        "data": [*(trace for lane in lanes for trace in lane[3]), *upper],
        "layout": {
            "height": TOP + BOTTOM + sum(height + GAP for _, _, height, _ in lanes if height),
            **LAYOUT,
            **({"margin": {**LAYOUT["margin"], "r": 44}} if spoken().is_rtl else {}),
            **time_axes(first, last),
            "shapes": shapes,
            "annotations": [*notes, *row_names(crossing_rows, "y4"), *row_names(access_rows, "y5")],
        },
    }
    _place_lanes(figure, [(title, look, height) for title, look, height, _ in lanes])
    return figure


def first_day(frames: list[pd.DataFrame], today: date) -> date:
    """First day that any of the frames speaks of, with a margin, so that no mark is cut."""
    dates = [day for frame in frames if len(frame) for day in frame["reference_period_end"]]
    first, _ = span(dates, today)
    return first - (today - first) * MARGIN


def same_scale(figures: list[Figure]) -> None:
    """Give the lanes of people in figures side by side one range of values, so that equal heights are equal numbers."""
    for number in range(1, len(LANE_TITLES) + 1):
        drawn = [t for figure in figures for t in figure["data"] if t["yaxis"] == f"y{number}"]
        top = max((y for trace in drawn for y in trace["y"] if y is not None), default=None)
        for figure in figures:
            if top and f"yaxis{number}" in figure["layout"]:
                figure["layout"][f"yaxis{number}"]["range"] = [0, top * HEADROOM]


def _count_axis() -> Figure:
    """People from zero; each lane on its own scale, since stocks and movements are different things."""
    return {
        "rangemode": "tozero",
        "tickformat": "~s",
        "automargin": True,
        "gridcolor": CHART_LINE,
        "zerolinecolor": CHART_LINE,
        "tickfont": FONT,
        "fixedrange": True,
        "side": "right" if spoken().is_rtl else "left",
    }


def _place_lanes(figure: Figure, lanes: list[tuple[str, Figure, int]]) -> None:
    """Stack the lanes from the top, each with its title; heights are in pixels, Plotly wants shares."""
    layout = figure["layout"]
    inner = sum(height + GAP for _, _, height in lanes if height) or 1
    top = 1.0
    for number, (title, look, height) in enumerate(lanes):
        if not height:
            continue
        bottom = top - (height + GAP) / inner
        axis = f"yaxis{number + 1}"
        upper = top - GAP / inner
        layout[axis] = {**look, "domain": [max(bottom, 0.0), max(upper, 0.0)]}
        layout["annotations"].append(
            {
                "xref": "paper", "yref": "paper", **beginning(), "y": upper, "yanchor": "bottom",
                "yshift": 4, "showarrow": False, "text": f"<b>{whole(say(title))}</b>", "font": {**FONT, "size": 13},
            }
        )  # fmt: skip
        top = bottom
