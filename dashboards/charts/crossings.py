"""Crossing statuses as bars: who was open when, as far as anybody said.

A status holds from its day until the next report on the same crossing, but silence is no confirmation: it is drawn
solid for `CONFIRMED`, faint until `LAST_KNOWN`, and then not at all. No report is no bar, never "open".
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape
from typing import Any

import pandas as pd

from dashboards.charts.marks import DAY_MS, Figure
from dashboards.language import apart, place_name, say, term, whole
from dashboards.theme import STATUS_COLOURS, STATUS_PATTERNS, STATUS_WORDS
from dashboards.wording import day, who
from tracker.series import rows_of
from tracker.vocabulary import BOTH, EVERYWHERE, OperationalStatus, TrafficClass

CONFIRMED = timedelta(days=30)
LAST_KNOWN = timedelta(days=365)

AID = frozenset({TrafficClass.HUMANITARIAN_CARGO, TrafficClass.HUMANITARIAN_STAFF, TrafficClass.MEDICAL})
"""Traffic that runs by permissions of its own, beside the status for everybody else."""

CLASS_WORDS = {
    "all": term("all traffic"),
    "unspecified": term("traffic not named"),
    "persons": term("people"),
    "nationals_returning": term("nationals going home"),
    "commercial_cargo": term("trade trucks"),
    "humanitarian_cargo": term("aid trucks"),
    "humanitarian_staff": term("aid and UN staff"),
    "pedestrians": term("people on foot"),
    "vehicles": term("vehicles"),
    "foreigners": term("foreigners"),
    "refugees": term("refugees"),
    "medical": term("medical evacuations and supplies"),
    "air_travel": term("travel by air"),
    "sea_travel": term("travel by sea"),
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
    sides = report["border"].split("-")
    if not report["point_of_entry_name"] and EVERYWHERE in sides:
        return say("all borders of {country}", country=sides[sides[0] == EVERYWHERE])
    if not report["point_of_entry_name"]:
        return say("{border} border as a whole", border=report["border"].replace("-", "–"))
    name, other = place_name(report, "point_of_entry"), say(report["name_other_side"] or "")
    if other and other != name:
        name = f"{apart(name)} – {apart(other)}"
    return say("{crossing} · aid", crossing=name) if report["traffic_class"] in AID else name


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


def last_known(frame: pd.DataFrame, today: date) -> list[Segment]:
    """The last status of each row on a day; unknown where nobody has reported for `LAST_KNOWN`."""
    last = {one.row: one for one in segments(frame, today) if one.start <= today}
    unknown = OperationalStatus.UNKNOWN.value
    return [one if today < one.until else replace(one, status=unknown, confirmed=False) for one in last.values()]


def traffic_words(traffic_class: str) -> str:
    """A class of traffic as a person would say it."""
    return say(CLASS_WORDS[traffic_class])


def report_words(report: dict[str, Any]) -> str:
    """One report in words: status, for whom, which way, who says so, when."""
    into = report["direction_into"]
    named = say("into {country}", country=into) if len(into) == 3 else say("direction not named")
    said = say(
        "{status} for {traffic}, {way}; {source}, {day}",
        status=say(STATUS_WORDS[report["status"]]),
        traffic=traffic_words(str(report["traffic_class"])),
        way=say("both ways") if into == BOTH else named,
        source=who(report),
        day=day(report["reference_period_end"], report["end_precision"]),
    )
    return f"{said}; {say('disputed')}" if report["disputed"] else said


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
    note = "" if confirmed else f"<i>{escape(say('last known; not confirmed since'))}</i><br>"
    return {
        "type": "bar",
        "orientation": "h",
        "xaxis": "x",
        "yaxis": yaxis,
        "name": say(STATUS_WORDS[status]) if confirmed else say("last known; not confirmed since"),
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
            note + f"<b>{escape(whole(s.row))}</b><br>" + "<br>".join(escape(whole(report_words(r))) for r in s.reports)
            for s in part
        ],
        "hoverinfo": "text",
        "customdata": [s.reports[0]["observation_id"] for s in part],
    }
