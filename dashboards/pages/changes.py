"""Changes: what is new, revised or retracted since a day, with the old value beside the new one and the reason."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from dash import html

from dashboards.filters import KINDS
from dashboards.kinds import figure_words, subject_words
from dashboards.parts import empty, figure_address, figure_cell, page, source_line, table
from dashboards.reader import Reader, View
from dashboards.wording import as_of, day, plural, who
from tracker.asof import AsOf, parse_instant
from tracker.changes import count_changes, first_changes
from tracker.series import rows_of

PATH, TITLE, ORDER = "/changes", "Changes", 5
DAYS = 7
"""How far back the page looks when nobody says."""
MOST_ROWS = 200
REASON_WORDS = {
    "source_revision": "the source says something else",
    "our_error": "we had read it wrongly",
    "method_change": "counted in another way",
    "retraction": "the source no longer says it",
    "mapping_change": "it belongs to another place",
    "undo": "a run was taken back",
}


def layout(reader: Reader, /, **query: str) -> Any:
    """The page for the chosen region and kind of figure."""
    with reader.view(query) as view:
        since = parse_instant(view.filters.since or None) or _days_ago(view)
        view = replace(view, filters=view.filters.but(since=view.filters.since or str(since.date())))
        return page(
            view,
            f"What changed about {view.region.name_en}",
            f"Since {day(since.date())}, by what this store knew. Revisions and retractions come first.",
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
                f"No {KINDS[kind].lower()} figure about {view.region.name_en} has changed since {day(since.date())}.",
                "Choose an earlier day, or another kind of figure, above.",
            )
        ]
    counted = ", ".join(f"{number:,} {word}" for word, number in count.items())
    shown = f"; the first {MOST_ROWS} are shown" if told.count > MOST_ROWS else ""
    return [
        html.H2(KINDS[kind]),
        table(
            f"{plural(told.count, 'change')}: {counted}{shown}",
            ("Learnt", "Change", "Before", "Now", "What and where", "Period", "Who says so"),
            (_cells(kind, row) for row in rows_of(first_changes(view.connection, *asked, MOST_ROWS))),
            numeric=(2, 3),
        ),
        source_line(told, view.filters.csv(kind, since=since.date()), "CSV of all these changes"),
    ]


def _cells(kind: str, row: dict[str, Any]) -> tuple[Any, ...]:
    before = row | {name: row[f"previous_{name}"] for name in row if f"previous_{name}" in row}
    was = "" if row["change"] == "new" else html.Bdi(figure_words(kind, before))
    link = html.A(figure_cell(kind, row), href=figure_address(row["observation_id"]))
    why = REASON_WORDS.get(row["reason"], "") if row["change"] != "new" else ""
    return (
        f"{row['changed_at']:%d %b %Y}",
        [row["change"], html.Small(f" ({why})")] if why else row["change"],
        was,
        "no longer said" if row["change"] == "retracted" else link,
        subject_words(kind, row),
        as_of(row),
        who(row),
    )
