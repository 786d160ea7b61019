"""Access by place and month: how many kinds of constraint were reported, and where nobody reported any."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from dash import html

from dashboards.carried import figure_address
from dashboards.charts.access import row_name
from dashboards.language import place_name, plural, say, spoken

Month = tuple[int, int]
Kinds = dict[str, list[str]]
"""Kinds of constraint, each with the ids of the figures that say so."""
MOST_MONTHS = 12
STEPS = 3
"""Shades; from this many kinds on all look alike."""


def months_of(first: date, last: date) -> list[Month]:
    """The months from one day to another, the last `MOST_MONTHS` of them."""
    count = (last.year - first.year) * 12 + last.month - first.month
    found = [divmod(first.year * 12 + first.month - 1 + step, 12) for step in range(count + 1)]
    return [(year, month + 1) for year, month in found][-MOST_MONTHS:]


def by_place(rows: Iterable[dict[str, Any]], months: Sequence[Month]) -> dict[str, dict[Month, Kinds]]:
    """The kinds of constraint that were reported of each place in each month that their period touches."""
    found: dict[str, dict[Month, Kinds]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for row in rows:
        begun = row["reference_period_start"] or row["reference_period_end"]
        for month in months:
            ended = row["reference_period_end"]
            if (begun.year, begun.month) <= month <= (ended.year, ended.month):
                found[place_name(row)][month][row_name(row)].append(row["observation_id"])
    return found


def cell(kinds: Kinds) -> Any:
    """A month of a place: the number of kinds, and under it, once it is opened, each with its figures."""
    if not kinds:
        return html.Span("·", className="silent-month", title=say("no report"))
    said = plural(len(kinds), "{count} kind: {kinds}", "{count} kinds: {kinds}", kinds="; ".join(sorted(kinds)))
    count = html.Summary(str(len(kinds)), className=f"step-{min(len(kinds), STEPS)}", title=said)
    listed = [
        html.Li([kind, *(part for one in ids for part in (" ", html.A(one, href=figure_address(one))))])
        for kind, ids in sorted(kinds.items())
    ]
    return html.Details([count, html.Ul(listed)])


def month_name(month: Month) -> str:
    """A month as a column's head."""
    return f"{spoken().months[month[1] - 1]} {month[0]}"
