"""Access constraints, shortages and incidents in time: bars for periods, points for single days, by kind."""

from datetime import timedelta
from html import escape
from typing import Any

import pandas as pd

from dashboards.charts.marks import Figure, milliseconds
from dashboards.language import place_name, say, term, whole
from dashboards.theme import SERIES_COLOURS
from dashboards.wording import amount, as_of, in_words, unit_words, who
from tracker.series import rows_of
from tracker.vocabulary import ACCESS_LABELS, CONSTRAINT_LABELS, AccessIndicator, ConstraintType

WORKERS = {
    AccessIndicator.AID_WORKERS_KILLED: (SERIES_COLOURS[5], "circle"),
    AccessIndicator.AID_WORKERS_INJURED: (SERIES_COLOURS[1], "diamond"),
    AccessIndicator.AID_WORKERS_KIDNAPPED: (SERIES_COLOURS[2], "square"),
    AccessIndicator.AID_WORKERS_ARRESTED: (SERIES_COLOURS[0], "triangle-up"),
}
CONSTRAINT = SERIES_COLOURS[1]
MONTH = 31
TOPIC_WORDS = {
    "food": term("food"),
    "water": term("water"),
    "medical_supplies": term("medical supplies"),
    "health": term("health"),
    "nutrition": term("nutrition"),
    "protection": term("protection"),
    "education": term("education"),
    "shelter": term("shelter"),
    "fuel": term("fuel"),
    "electricity": term("electricity"),
    "internet": term("internet"),
    "cash": term("cash"),
}
COUNTED = frozenset(
    {
        AccessIndicator.AID_TRUCKS, AccessIndicator.AID_MISSIONS, AccessIndicator.PEOPLE_REACHED,
        AccessIndicator.PEOPLE_IN_NEED, AccessIndicator.FUNDING_SHARE, AccessIndicator.FUNDING_RECEIVED,
        AccessIndicator.FACILITIES_FUNCTIONAL, AccessIndicator.ACCESS_INDEX, AccessIndicator.ACCESS_PILLAR,
        AccessIndicator.INFORMATION_GAP, AccessIndicator.SEVERITY_INDEX, AccessIndicator.VISAS_DENIED,
        AccessIndicator.MOVEMENTS_DENIED, AccessIndicator.PROJECTS_AFFECTED, AccessIndicator.CONFLICT_EVENTS,
        AccessIndicator.FATALITIES,
    }
)  # fmt: skip
"""Figures that describe the response, score a country as a whole or count events by the thousand; they are listed in
the table, not drawn in this lane."""


def row_name(row: dict[str, Any]) -> str:
    """The line of the chart a figure belongs to."""
    indicator = AccessIndicator(row["indicator"])
    if indicator is AccessIndicator.ACCESS_CONSTRAINT and row["constraint_type"]:
        return say(CONSTRAINT_LABELS[ConstraintType(row["constraint_type"])])
    if row["topic"] and indicator in (AccessIndicator.SERVICE_SHORTAGE, AccessIndicator.SERVICE_OUTAGE):
        return f"{say(ACCESS_LABELS[indicator])}: {say(TOPIC_WORDS[row['topic']])}"
    return say(ACCESS_LABELS[indicator])


def words(row: dict[str, Any]) -> str:
    """The figure in words: what, how much, where, when, who says so."""
    value = amount(row) if row["qualifier"] else in_words(row) or say("reported")
    unit = f" {unit_words(row)}" if row["unit"] and row["qualifier"] else ""
    extra = f" ({in_words(row)})" if row["value_text"] and row["qualifier"] else ""
    return say(
        "{what}: {value}; {place}, {period}; {source}",
        what=row_name(row),
        value=f"{value}{unit}{extra}",
        place=place_name(row),
        period=as_of(row),
        source=who(row),
    )


def drawn(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows a chart shows: constraints, shortages, and incidents that happened to somebody.

    A count of aid workers or incidents over more than a month is a total of such; it stands in the table only.

    A zero within an incident (nobody killed, two injured) is a fact for the table, not a mark.
    """
    rows = [r for r in rows_of(frame) if AccessIndicator(r["indicator"]) not in COUNTED and r["value"] != 0]
    happened = (*WORKERS, AccessIndicator.SECURITY_INCIDENTS)
    return [r for r in rows if r["indicator"] not in happened or _days(r) <= MONTH]


def traces(rows: list[dict[str, Any]], yaxis: str) -> list[Figure]:
    """Bars for constraints and shortages, points for aid workers hurt."""
    incidents = {i: [r for r in rows if r["indicator"] == i] for i in WORKERS}
    marked = {id(r) for part in incidents.values() for r in part}
    others = [r for r in rows if id(r) not in marked]
    found = [_bars(others, yaxis)] if others else []
    return found + [_points(indicator, part, yaxis) for indicator, part in incidents.items() if part]


def _days(row: dict[str, Any]) -> int:
    start = row["reference_period_start"] or row["reference_period_end"]
    return int((row["reference_period_end"] - start).days)


def _bars(rows: list[dict[str, Any]], yaxis: str) -> Figure:
    starts = [r["reference_period_start"] or r["reference_period_end"] for r in rows]
    shortest = timedelta(days=2)
    return {
        "type": "bar",
        "orientation": "h",
        "xaxis": "x",
        "yaxis": yaxis,
        "name": "constraint or shortage",
        "base": [s.isoformat() for s in starts],
        "x": [
            max(milliseconds(s, r["reference_period_end"]), int(shortest.total_seconds() * 1000))
            for s, r in zip(starts, rows, strict=True)
        ],
        "y": [row_name(r) for r in rows],
        "width": 0.4,
        "opacity": 0.75,
        "marker": {"color": CONSTRAINT, "line": {"width": 0}},
        "hovertext": [escape(whole(words(r))) for r in rows],
        "hoverinfo": "text",
        "customdata": [r["observation_id"] for r in rows],
    }


def _points(indicator: AccessIndicator, rows: list[dict[str, Any]], yaxis: str) -> Figure:
    colour, symbol = WORKERS[indicator]
    return {
        "type": "scatter",
        "mode": "markers",
        "xaxis": "x",
        "yaxis": yaxis,
        "name": ACCESS_LABELS[indicator].lower(),
        "x": [r["reference_period_end"].isoformat() for r in rows],
        "y": [row_name(r) for r in rows],
        "marker": {
            "color": colour,
            "symbol": symbol,
            "size": [min(6 + 2.5 * float(r["value"] or 0) ** 0.5, 22) for r in rows],
            "opacity": 0.8,
        },
        "hovertext": [escape(whole(words(r))) for r in rows],
        "hoverinfo": "text",
        "customdata": [r["observation_id"] for r in rows],
    }
