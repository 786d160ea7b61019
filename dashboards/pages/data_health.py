"""Health: what waits for a person, what was set aside and why, which figures are in doubt, how the last runs went."""

from typing import Any

from dash import html

from dashboards.carried import figure_address
from dashboards.charts.access import words
from dashboards.language import plural, say, term
from dashboards.parts import empty, page, table
from dashboards.reader import Reader, View
from dashboards.retold import retold
from dashboards.wording import age, as_of, counted, day, number, subject, who
from tracker import attention
from tracker.freshness import fares, is_late
from tracker.series import figures, rows_of
from tracker.vocabulary import RunStatus
from tracker.windows import Window

PATH, TITLE, ORDER = "/data-health", term("Health"), 11
MOST_RUNS, MOST_DOUBTS = 40, 100
STATUS_WORDS = {
    "succeeded": term("loaded"),
    "partial": term("loaded, some set aside"),
    "unchanged": term("nothing new"),
    "held": term("held for a person"),
    "failed": term("failed"),
    "abandoned": term("broken off"),
    "running": term("at work"),
}


def layout(reader: Reader, /, **query: str) -> Any:
    """The page; it is about the whole store, whatever region is chosen elsewhere."""
    with reader.view(query) as view:
        doubted = Window(doubted_only=True, as_of=view.moment)
        doubtful = [(row, subject(row)) for row in figures(view.connection, "displacement", doubted)]
        doubtful += [(row, words(row)) for row in figures(view.connection, "aid-access", doubted)]
        return page(
            view,
            say("Health of the data"),
            say("What the tracker did not take for granted, and what it needs a person for."),
            [
                html.H2(say("Feeds")),
                _feeds(rows_of(fares(view.connection)), view),
                html.H2(say("Held runs")),
                _held(rows_of(attention.held(view.connection))),
                html.H2(say("Figures in doubt")),
                _doubtful(doubtful),
                html.H2(say("Set aside")),
                _set_aside(rows_of(attention.set_aside(view.connection))),
                html.H2(say("Latest runs")),
                _runs(rows_of(attention.runs(view.connection, MOST_RUNS))),
            ],
            (),
        )


def _feeds(rows: list[dict[str, Any]], view: View) -> Any:
    """Every source that is read by itself, those that fail or are late first."""
    feeds = [row for row in rows if row["cadence_days"]]
    if not feeds:
        return empty(say("No source has been asked yet."), say("Sources are asked by tracker up and tracker ingest."))

    def state(row: dict[str, Any]) -> str:
        if row["last_status"] == RunStatus.HELD:
            return say(STATUS_WORDS[RunStatus.HELD])
        if row["last_error"]:
            return say("failing")
        return say("late") if is_late(row, view.now) else say("answers")

    feeds.sort(key=lambda row: (not row["last_error"], not is_late(row, view.now), row["name"]))
    return table(
        say("Sources that are read by themselves, those that fail or are late first"),
        (say("Source"), say("State"), say("Asked every"), say("Last answer"), say("Set aside"), say("Last error")),
        (
            (
                row["name"],
                state(row),
                plural(row["cadence_days"], "{count} day", "{count} days"),
                age(row["last_answered_at"].date(), view.now) if row["last_answered_at"] else say("never"),
                number(row["set_aside"]),
                html.Bdi(row["last_error"] or ""),
            )
            for row in feeds
        ),
        numeric=(4,),
    )


def _held(rows: list[dict[str, Any]]) -> Any:
    if not rows:
        return empty(say("No run is held."), say("A run is held when it can be read and looks wrong as a whole."))
    return table(
        say("Read and archived, and not loaded; what was known before is still shown"),
        (say("Source"), say("Read on"), say("Why"), say("To load it after all")),
        (
            (
                row["source_name"],
                day(row["started_at"].date()),
                html.Bdi(row["error"].rpartition("; look at it")[0] or row["error"]),
                html.Code(f"tracker release {row['id']}"),
            )
            for row in rows
        ),
    )


def _doubtful(rows: list[tuple[dict[str, Any], str]]) -> Any:
    if not rows:
        return empty(
            say("No figure is in doubt."), say("A figure is doubted when it does not fit the history of its series.")
        )
    shown = sorted(rows, key=lambda found: found[0]["recorded_at"], reverse=True)[:MOST_DOUBTS]
    caption = say("Shown and exported like any other, with the doubt beside them")
    if len(rows) > len(shown):
        more = say("the {shown} newest of {all}", shown=len(shown), all=number(len(rows)))
        caption = f"{caption}; {more}"
    return table(
        caption,
        (say("Figure"), say("What and where"), say("Period"), say("Who says so"), say("Doubt"), say("Trace")),
        (
            (
                html.Bdi(counted(row)),
                about,
                as_of(row),
                who(row),
                html.Bdi(retold(row["doubt"])),
                html.A(row["observation_id"], href=figure_address(row["observation_id"])),
            )
            for row, about in shown
        ),
    )


def _set_aside(rows: list[dict[str, Any]]) -> Any:
    if not rows:
        return empty(say("Nothing is set aside."), say("A figure that cannot be accepted is kept with the reason."))
    return table(
        say("Kept with their rows, and not loaded; tracker status SOURCE lists them one by one"),
        (say("Source"), say("Reason"), say("Figures"), say("One of them"), say("Last met in run")),
        (
            (
                row["source_name"] or say("seed"),
                html.Bdi(str(row["reason"]).replace("_", " ")),
                number(row["count"]),
                html.Bdi(f"{row['locator']}: {row['detail']}"),
                row["last_run_id"],
            )
            for row in rows
        ),
        numeric=(2,),
    )


def _outcome(row: dict[str, Any]) -> str:
    if row["undone_by_id"]:
        return say("undone by run {number}", number=row["undone_by_id"])
    return say(STATUS_WORDS[row["status"]])


def _runs(rows: list[dict[str, Any]]) -> Any:
    if not rows:
        return empty(say("Nothing has run yet."), say("Start the tracker with ./run."))
    return table(
        say("Figures in = new + revised + unchanged + duplicate + set aside"),
        (
            say("Run"),
            say("Source"),
            say("Started"),
            say("Outcome"),
            say("Figures"),
            say("New"),
            say("Revised"),
            say("Unchanged"),
            say("Duplicate"),
            say("Set aside"),
            say("What it said"),
        ),
        (
            (
                row["id"],
                row["source_name"] or say("seed"),
                f"{row['started_at']:%Y-%m-%d %H:%M}",
                _outcome(row),
                number(row["figures"]),
                number(row["figures_new"]),
                number(row["figures_revised"]),
                number(row["figures_unchanged"]),
                number(row["figures_duplicate"]),
                number(row["figures_set_aside"]),
                html.Bdi(row["error"] or row["warnings"] or ""),
            )
            for row in rows
        ),
        numeric=(4, 5, 6, 7, 8, 9),
    )
