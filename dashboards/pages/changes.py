"""Changes: what is new, revised or retracted since a day, with the old value beside the new one and the reason."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from dash import html

from dashboards.carried import figure_address
from dashboards.filters import KINDS
from dashboards.kinds import figure_words, subject_words
from dashboards.language import forms, plural, say, term
from dashboards.parts import empty, figure_cell, page, source_line, table
from dashboards.reader import Reader, View
from dashboards.wording import REASON_WORDS, as_of, day, region_name, who
from tracker.asof import AsOf, parse_instant
from tracker.changes import count_changes, first_changes
from tracker.series import rows_of

PATH, TITLE, ORDER = "/changes", term("Changes"), 8
DAYS = 7
"""How far back the page looks when nobody says."""
MOST_ROWS = 200
CHANGE_WORDS = {"new": term("new"), "revised": term("revised"), "retracted": term("retracted")}
COUNTED_CHANGES = {
    "new": forms("{count} new", "{count} new"),
    "revised": forms("{count} revised", "{count} revised"),
    "retracted": forms("{count} retracted", "{count} retracted"),
}


def layout(reader: Reader, /, **query: str) -> Any:
    """The page for the chosen region and kind of figure."""
    with reader.view(query) as view:
        since = parse_instant(view.filters.since or None) or _days_ago(view)
        view = replace(view, filters=view.filters.but(since=view.filters.since or str(since.date())))
        return page(
            view,
            say("What changed about {place}", place=region_name(view.region)),
            say("Since {day}, by what this store knew. Revisions and retractions come first.", day=day(since.date())),
            _changes(view, since),
            ("region", "kind", "since"),
        )


def _days_ago(view: View) -> datetime:
    return datetime.combine(view.today - timedelta(days=DAYS), time.max, UTC)


def _changes(view: View, since: datetime) -> list[Any]:
    kind, asked = view.filters.kind, (view.filters.kind, view.ever(), AsOf(since))
    count, told = count_changes(view.connection, *asked)
    if not told.count:
        return [
            empty(
                say(
                    "{kind}: no figure about {place} has changed since {day}.",
                    kind=say(KINDS[kind]),
                    place=region_name(view.region),
                    day=day(since.date()),
                ),
                say("Choose an earlier day, or another kind of figure, above."),
            )
        ]
    counted = ", ".join(plural(many, *COUNTED_CHANGES[word]) for word, many in count.items())
    caption = plural(told.count, "{count} change: {kinds}", "{count} changes: {kinds}", kinds=counted)
    if told.count > MOST_ROWS:
        caption = say("{changes}; the first {number} are shown", changes=caption, number=MOST_ROWS)
    return [
        html.H2(say(KINDS[kind])),
        table(
            caption,
            (
                say("Learnt"),
                say("Change"),
                say("Before"),
                say("Now"),
                say("What and where"),
                say("Period"),
                say("Who says so"),
            ),
            (_cells(kind, row) for row in rows_of(first_changes(view.connection, *asked, MOST_ROWS))),
            numeric=(2, 3),
        ),
        source_line(told, view.filters.csv(kind, since=since.date()), say("CSV of all these changes")),
    ]


def _cells(kind: str, row: dict[str, Any]) -> tuple[Any, ...]:
    before = row | {name: row[f"previous_{name}"] for name in row if f"previous_{name}" in row}
    was = "" if row["change"] == "new" else html.Bdi(figure_words(kind, before))
    link = html.A(figure_cell(kind, row), href=figure_address(row["observation_id"]))
    why = say(REASON_WORDS.get(row["reason"], "")) if row["change"] != "new" else ""
    change = say(CHANGE_WORDS[row["change"]])
    return (
        day(row["changed_at"].date()),
        [change, html.Small(f" ({why})")] if why else change,
        was,
        say("no longer said") if row["change"] == "retracted" else link,
        subject_words(kind, row),
        as_of(row),
        who(row),
    )
