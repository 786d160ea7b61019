"""Access: where can aid not go, what keeps it out, who was hurt."""

from datetime import timedelta
from typing import Any

from dash import html

from dashboards.charts import access
from dashboards.charts.marks import row_chart, span
from dashboards.parts import empty, figure_address, graph, page, source_line, table
from dashboards.reader import Reader, View
from dashboards.wording import age, as_of, counted, day, number, plural, who
from tracker import series
from tracker.series import rows_of
from tracker.vocabulary import ACCESS_LABELS, AccessIndicator, Role

PATH, TITLE, ORDER = "/access", "Access", 4
MOST_ROWS = 60


def layout(reader: Reader, /, **query: str) -> Any:
    """The page for the chosen region."""
    with reader.view(query) as view:
        frame = series.aid_access(view.connection, view.window())
        return page(
            view,
            f"Aid access in {view.region.name_en}",
            "Constraints, shortages and incidents as sources report them. No report is not good access.",
            _content(view, frame),
            ("region", "period"),
        )


def _content(view: View, frame: Any) -> list[Any]:
    if frame.empty:
        return [
            empty(
                f"No access figure about {view.region.name_en} in this period is in the store.",
                "That says nothing of the access itself. Choose a longer period above.",
            )
        ]
    rows = rows_of(frame)
    return [*_workers(rows), *_timeline(view, frame, rows), *_list(view, rows)]


def _workers(rows: list[dict[str, Any]]) -> list[Any]:
    """Aid workers hurt in the period, by source.

    Incidents of one source may be added up, and so may its totals of whole years; incidents and totals, or two
    sources, may not.
    """
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if row["indicator"] in access.WORKERS and row["value"] is not None and row["role"] == Role.RECOMMENDED:
            counting = "single incidents" if row["external_id"] else row["variant"] or "reports"
            groups.setdefault((row["indicator"], row["source_name"], counting), []).append(row)
    if not groups:
        return [
            html.H2("Aid workers hurt in this period"),
            empty("No source in the store reports on aid workers here in this period.", "That is not a zero."),
        ]
    return [
        html.H2("Aid workers hurt in this period"),
        table(
            "By source; sources overlap and are never added together. Outside the days named, nobody has counted",
            ("What happened", "People", "Counted from", "First day", "Last day", "Source"),
            (
                (
                    ACCESS_LABELS[AccessIndicator(kind)],
                    number(sum(r["value"] for r in found)),
                    f"{len(found):,} {counting}" if counting == "single incidents" else f"{counting}: {len(found)}",
                    day(min(r["reference_period_start"] or r["reference_period_end"] for r in found)),
                    day(max(r["reference_period_end"] for r in found)),
                    source,
                )
                for (kind, source, counting), found in sorted(groups.items())
            ),
            numeric=(1,),
        ),
    ]


def _timeline(view: View, frame: Any, rows: list[dict[str, Any]]) -> list[Any]:
    marks = access.drawn(frame)
    if not marks:
        return []
    begun, _ = span([r["reference_period_start"] or r["reference_period_end"] for r in marks], view.today)
    first, last = view.filters.start or begun - timedelta(days=30), view.filters.end or view.today
    names = list(dict.fromkeys(access.row_name(r) for r in marks))
    events = series.events(view.connection, view.ever())
    figure = row_chart(access.traces(marks, "y"), names, first, last, events)
    summary = (
        f"{plural(len(marks), 'constraint, shortage or incident', 'constraints, shortages and incidents')} in time."
    )
    return [
        html.H2("In time"),
        graph(figure, "constraints", summary, source_line(rows, view.filters.csv("aid-access"))),
    ]


def _list(view: View, rows: list[dict[str, Any]]) -> list[Any]:
    """What was reported, newest first; incidents in which nobody was hurt in that way are left to the CSV."""
    shown = [r for r in rows if r["value"] != 0]
    newest = sorted(shown, key=lambda r: r["reference_period_end"], reverse=True)[:MOST_ROWS]
    return [
        html.H2("What was reported"),
        table(
            f"The newest {len(newest)} of {len(rows):,} access figures; all of them are in the CSV",
            ("What", "Figure or words", "Where", "Period", "Who says so", "Trace"),
            (
                (
                    access.row_name(r),
                    _said(r),
                    r["provider_place"] or r["location_name"],
                    f"{as_of(r)}, {age(r['reference_period_end'], view.today)}",
                    who(r),
                    html.A(r["observation_id"], href=figure_address(r["observation_id"])),
                )
                for r in newest
            ),
        ),
    ]


def _said(row: dict[str, Any]) -> str:
    if not row["qualifier"]:
        return row["value_text"] or "reported"
    extra = f" ({row['value_text']})" if row["value_text"] else ""
    return counted(row) + extra
