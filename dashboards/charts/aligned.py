"""The aligned chart: displacement, crossings and access over one time axis, so that eyes can compare them.

It shows what happened at the same time; it does not say what caused what.
"""

from datetime import date, timedelta

import pandas as pd

from dashboards.charts import access, crossings, people
from dashboards.charts.marks import FONT, LAYOUT, ROW_HEIGHT, Figure, event_lines, row_axis, span, time_axis
from dashboards.theme import CHART_LINE
from tracker.vocabulary import Measure

PEOPLE_HEIGHT, GAP = 230, 46
LABELLED_DAYS = 120
"""In a longer view the values written beside points would lie on top of each other."""
TOP, BOTTOM = LAYOUT["margin"]["t"], LAYOUT["margin"]["b"]


def aligned(
    displacement: pd.DataFrame,
    borders: pd.DataFrame,
    constraints: pd.DataFrame,
    events: pd.DataFrame,
    first: date | None,
    last: date | None,
    today: date,
) -> Figure:
    """The figure; lanes without anything to show are left out, and their absence is said by the page.

    Args:
        displacement: Rows of one topic and place (`people.about`).
        borders: Statuses of the region's crossings.
        constraints: Access figures of the region.
        events: Dated events.
        first: First day shown; null for the first figure.
        last: Last day shown; null for the newest figure or status.
        today: Where open statuses end.
    """
    segments = crossings.segments(borders, today)
    marks = access.drawn(constraints)
    stocks = displacement[displacement["measure"] == Measure.STOCK]
    movements = displacement[displacement["measure"] != Measure.STOCK]
    begun, ended = _extent(displacement, borders, marks, today)
    first = first or begun
    last = max(last or ended, first) + timedelta(days=10)
    segments = [s for s in segments if s.until >= first and s.start <= last]
    marks = [m for m in marks if m["reference_period_end"] >= first]
    labels = (last - first).days <= LABELLED_DAYS
    lanes = [
        ("People at a date (stock)", PEOPLE_HEIGHT if len(stocks) else 0),
        ("Movements (flow and cumulative)", PEOPLE_HEIGHT if len(movements) else 0),
        ("Crossings", ROW_HEIGHT * len({s.row for s in segments})),
        ("Access constraints and incidents", ROW_HEIGHT * len({access.row_name(m) for m in marks})),
    ]
    shapes, notes = event_lines(events, first, last)
    figure: Figure = {
        "data": [
            *people.traces(stocks, "y", stock=True, labels=labels),
            *people.traces(movements, "y2", stock=False, labels=labels),
            *crossings.traces(segments, "y3"),
            *access.traces(marks, "y4"),
        ],
        "layout": {
            "height": TOP + BOTTOM + sum(height + GAP for _, height in lanes if height),
            **LAYOUT,
            "xaxis": {**time_axis(first, last), "anchor": "free", "position": 0, "side": "bottom"},
            "shapes": shapes,
            "annotations": notes,
        },
    }
    _place_lanes(figure, lanes)
    return figure


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
    }


def _extent(displacement: pd.DataFrame, borders: pd.DataFrame, marks: list[Figure], today: date) -> tuple[date, date]:
    dates = [d for frame in (displacement, borders) if len(frame) for d in frame["reference_period_end"]]
    return span([*dates, *(m["reference_period_end"] for m in marks)], today)


def _place_lanes(figure: Figure, lanes: list[tuple[str, int]]) -> None:
    """Stack the lanes from the top, each with its title; heights are in pixels, Plotly wants shares."""
    layout = figure["layout"]
    inner = sum(height + GAP for _, height in lanes if height) or 1
    top = 1.0
    for number, (title, height) in enumerate(lanes):
        if not height:
            continue
        bottom = top - (height + GAP) / inner
        axis = "yaxis" if number == 0 else f"yaxis{number + 1}"
        upper = top - GAP / inner
        layout[axis] = {**(_count_axis() if number < 2 else row_axis()), "domain": [max(bottom, 0.0), max(upper, 0.0)]}
        layout["annotations"].append(
            {
                "xref": "paper", "yref": "paper", "x": 0, "y": upper, "xanchor": "left", "yanchor": "bottom",
                "yshift": 4, "showarrow": False, "text": f"<b>{title}</b>", "font": {**FONT, "size": 13},
            }
        )  # fmt: skip
        top = bottom
