"""Compare: what each source says of the same people at the same place, side by side, and how far they are apart."""

from collections import defaultdict
from datetime import date
from typing import Any

from dash import html

from dashboards.carried import figure_address
from dashboards.charts.multiples import panel
from dashboards.language import apart, say, term
from dashboards.legends import source_legend
from dashboards.parts import empty, page, source_line, table
from dashboards.reader import Reader, View
from dashboards.trends import Trend, trends
from dashboards.wording import REASON_WORDS, age, amount, as_of, before, counted, day, number, region_name, subject, who
from tracker.changes import revisions
from tracker.extent import Extent
from tracker.outline import dimensions

PATH, TITLE, ORDER = "/compare", term("Compare"), 6
MOST_SUBJECTS, MOST_DATES, MOST_REVISIONS = 40, 60, 60


def layout(reader: Reader, /, **query: str) -> Any:
    """The page for the chosen region."""
    with reader.view(query) as view:
        found, thinning = trends(view, dimensions(view.connection, view.ever()), MOST_SUBJECTS)
        return page(
            view,
            say("Sources compared: {place}", place=region_name(view.region)),
            say(
                "People at a date, by everybody who counts them. Sources differ in whom they count and how; a gap "
                "between them is no error of either."
            )
            + f" {thinning}".rstrip(),
            [
                *([part for one in found if len(one.lines) > 1 for part in _subject(view, one)] or _nothing(view)),
                *_revisions(view),
            ],
            ("region",),
        )


def _nothing(view: View) -> list[Any]:
    return [
        empty(
            say("No two series in the store count the same people about {place}.", place=region_name(view.region)),
            say("Choose its country above, or look at the Data page for single figures."),
        )
    ]


def _revisions(view: View) -> list[Any]:
    """What sources have said otherwise before: the history of all figures about the place."""
    rows = revisions(view.connection, view.ever(), MOST_REVISIONS)
    if not rows:
        told = say(
            "No figure about {place} has been revised since this store first learnt it.", place=region_name(view.region)
        )
        return [html.H2(say("Revisions")), html.P(told, className="advice")]
    return [
        html.H2(say("Revisions")),
        table(
            say("Figures that replaced an earlier one, those learnt last first; all versions stand in the evidence"),
            (
                say("Learnt"), say("Before"), say("Now"), say("What and where"), say("Period"), say("Who says so"),
                say("Why"),
            ),
            [
                (
                    day(row["recorded_at"].date()),
                    html.Bdi(before(row)),
                    html.A(html.Bdi(counted(row)), href=figure_address(row["observation_id"])),
                    subject(row),
                    as_of(row),
                    who(row),
                    say(REASON_WORDS.get(row["revision_reason"], "")),
                )
                for row in rows
            ],
            numeric=(1, 2),
        ),
    ]  # fmt: skip


def _subject(view: View, subject: Trend) -> list[Any]:
    rows = [row for line in subject.lines for row in line]
    days = [row["reference_period_end"] for row in rows]
    colours = view.colours(rows)
    drawn = panel("", None, subject.lines, min(days), max(days), colours, size=(760, 220))
    return [
        html.H2(subject.title),
        html.Div(drawn, className="wide"),
        source_legend({row["source_name"]: colours[row["source"]] for row in rows}),
        _newest(view, subject),
        *_common_dates(subject),
        source_line(
            Extent.of(rows), view.filters.but(period="all").csv("displacement"), say("CSV of every displacement figure")
        ),
    ]


def _newest(view: View, subject: Trend) -> Any:
    """Each series' newest figure beside the one that the rule prefers."""
    first = subject.lines[0][-1]
    return table(
        say("What each says last; the first is the one the rule prefers"),
        (say("Who says so"), say("Figure"), say("Period"), say("Against the first"), say("Published"), say("Trace")),
        [
            (
                who(row),
                html.Bdi(amount(row)),
                say("{period}, {age}", period=as_of(row), age=age(row["reference_period_end"], view.today)),
                _against(row, first),
                day(row["published_on"]) if row["published_on"] else say("not given"),
                html.A(row["observation_id"], href=figure_address(row["observation_id"])),
            )
            for row in (line[-1] for line in subject.lines)
        ],
        numeric=(1, 3),
    )


def _against(row: dict[str, Any], first: dict[str, Any]) -> str:
    """How far a figure is from the preferred one; of another date nothing is said, since people move meanwhile."""
    if row is first:
        return ""
    if row["reference_period_end"] != first["reference_period_end"]:
        return say("another date")
    if not first["value"] or row["value"] is None:
        return ""
    return apart(f"{row['value'] / first['value'] - 1:+.0%}")


def _common_dates(subject: Trend) -> list[Any]:
    """Dates about which several speak, with how far the largest is above the smallest."""
    by_day: dict[date, dict[int, dict[str, Any]]] = defaultdict(dict)
    for number_of, line in enumerate(subject.lines):
        for row in line:
            if row["value"] is not None:
                by_day[row["reference_period_end"]][number_of] = row
    common = sorted((when for when, told in by_day.items() if len(told) > 1), reverse=True)[:MOST_DATES]
    if not common:
        return []
    columns = [index for index in range(len(subject.lines)) if any(index in by_day[when] for when in common)]
    return [
        table(
            say("The same dates by several sources, the newest first"),
            (say("Date"), *(_column(subject.lines[index][-1]) for index in columns), say("Largest over smallest")),
            [_date_line(when, by_day[when], columns) for when in common],
            numeric=range(1, len(columns) + 2),
        )
    ]


def _column(row: dict[str, Any]) -> str:
    return f"{row['source_name']} ({row['variant']})" if row["variant"] else str(row["source_name"])


def _date_line(when: date, told: dict[int, dict[str, Any]], columns: list[int]) -> tuple[Any, ...]:
    values = [row["value"] for row in told.values()]
    cells = [
        html.A(number(told[index]["value"]), href=figure_address(told[index]["observation_id"]))
        if index in told
        else ""
        for index in columns
    ]
    return day(when), *cells, f"{max(values) / min(values):.2f}" if min(values) else ""
