"""Crossing statuses as bars: who was open when, as far as anybody said.

A status holds from its day until the next report on the same crossing, but silence is no confirmation: it is drawn
solid for `CONFIRMED`, faint until `LAST_KNOWN`, and then not at all. No report is no bar, never "open".
"""

from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any

import pandas as pd

from dashboards.charts.marks import DAY_MS, Figure
from dashboards.theme import STATUS_COLOURS, STATUS_PATTERNS, STATUS_WORDS
from dashboards.wording import day, who
from tracker.series import rows_of
from tracker.vocabulary import BOTH, EVERYWHERE, OperationalStatus, TrafficClass

CONFIRMED = timedelta(days=30)
LAST_KNOWN = timedelta(days=365)

AID = frozenset({TrafficClass.HUMANITARIAN_CARGO, TrafficClass.HUMANITARIAN_STAFF, TrafficClass.MEDICAL})
"""Traffic that runs by permissions of its own, beside the status for everybody else."""

CLASS_WORDS = {
    "all": "all traffic",
    "unspecified": "traffic not named",
    "persons": "people",
    "nationals_returning": "nationals going home",
    "commercial_cargo": "trade trucks",
    "humanitarian_cargo": "aid trucks",
    "humanitarian_staff": "aid and UN staff",
    "air_travel": "travel by air",
    "sea_travel": "travel by sea",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one status at one crossing (or whole border), for general or for aid traffic.

    Attributes:
        until: First day the status no longer holds, or the drawing ends.
        confirmed: Whether the stretch lies within `CONFIRMED` of a report.
        reports: The observations of the day the stretch begins.
    """

    row: str
    status: str
    start: date
    until: date
    confirmed: bool
    reports: tuple[dict[str, Any], ...]


def row_name(report: dict[str, Any]) -> str:
    """The line of the chart a report belongs to."""
    name = report["point_of_entry_name"]
    sides = report["border"].split("-")
    if not name and EVERYWHERE in sides:
        return f"all borders of {sides[sides[0] == EVERYWHERE]}"
    if not name:
        return f"{report['border'].replace('-', '–')} border as a whole"
    if report["name_other_side"] and report["name_other_side"] != name:
        name = f"{name} – {report['name_other_side']}"
    return f"{name} · aid" if report["traffic_class"] in AID else str(name)


def combined(statuses: set[str]) -> str:
    """The status of a day with several reports: what differs by class, direction or source is partly open."""
    known = statuses - {OperationalStatus.UNKNOWN.value}
    if not known:
        return OperationalStatus.UNKNOWN.value
    return known.pop() if len(known) == 1 else OperationalStatus.PARTIAL.value


def segments(frame: pd.DataFrame, today: date) -> list[Segment]:
    """Every stretch of every row, oldest first within a row."""
    found: list[Segment] = []
    if frame.empty:
        return found
    by_row: dict[str, dict[date, list[dict[str, Any]]]] = {}
    for report in rows_of(frame):
        by_row.setdefault(row_name(report), {}).setdefault(report["reference_period_end"], []).append(report)
    for row, days in by_row.items():
        dates = sorted(days)
        for number, start in enumerate(dates):
            said = tuple(days[start])
            limits = [dates[number + 1] if number + 1 < len(dates) else today + timedelta(days=1)]
            limits += [r["valid_until"] + timedelta(days=1) for r in said if r["valid_until"]]
            end = max(min(*limits, start + LAST_KNOWN), start + timedelta(days=1))
            fresh = min(end, start + CONFIRMED)
            status = combined({str(r["status"]) for r in said})
            found.append(Segment(row, status, start, fresh, True, said))
            if fresh < end:
                found.append(Segment(row, status, fresh, end, False, said))
    return found


def traffic_words(traffic_class: str) -> str:
    """A class of traffic as a person would say it."""
    return CLASS_WORDS.get(traffic_class, traffic_class.replace("_", " "))


def report_words(report: dict[str, Any]) -> str:
    """One report in words: status, for whom, which way, who says so, when."""
    into = report["direction_into"]
    way = "both ways" if into == BOTH else ("direction not named" if len(into) != 3 else f"into {into}")
    traffic = traffic_words(str(report["traffic_class"]))
    said = f"{STATUS_WORDS[report['status']]} for {traffic}, {way}; {who(report)}"
    said += f", {day(report['reference_period_end'], report['end_precision'])}"
    return said + ("; disputed" if report["disputed"] else "")


def traces(found: list[Segment], yaxis: str) -> list[Figure]:
    """One bar trace a status and certainty; colour and pattern both carry the status."""
    drawn = []
    for status in STATUS_COLOURS:
        for confirmed in (True, False):
            part = [s for s in found if s.status == status and s.confirmed is confirmed]
            if part:
                drawn.append(_trace(part, status, confirmed, yaxis))
    return drawn


def _trace(part: list[Segment], status: str, confirmed: bool, yaxis: str) -> Figure:
    note = "" if confirmed else "<i>last known; not confirmed since</i><br>"
    return {
        "type": "bar",
        "orientation": "h",
        "xaxis": "x",
        "yaxis": yaxis,
        "name": STATUS_WORDS[status] + ("" if confirmed else ", not confirmed since"),
        "legendgroup": f"{status}{confirmed}",
        "base": [s.start.isoformat() for s in part],
        "x": [(s.until - s.start).days * DAY_MS for s in part],
        "y": [s.row for s in part],
        "width": 0.42,
        "opacity": 1 if confirmed else 0.35,
        "marker": {
            "color": STATUS_COLOURS[status],
            "line": {"width": 0},
            # The default mode would replace the fill: closed crossings would be drawn white, that is, invisible.
            "pattern": {"shape": STATUS_PATTERNS[status], "fillmode": "overlay", "fgcolor": "#ffffff", "size": 6},
        },
        "hovertext": [
            note + f"<b>{escape(s.row)}</b><br>" + "<br>".join(escape(report_words(r)) for r in s.reports) for s in part
        ],
        "hoverinfo": "text",
    }
