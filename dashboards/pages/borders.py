"""Borders: which crossings are open to whom, in which direction, who says so, how old that is."""

from datetime import date, timedelta
from typing import Any

from dash import html

from dashboards.carried import figure_address
from dashboards.charts import crossings
from dashboards.charts.marks import row_chart, span
from dashboards.language import plural, say, term
from dashboards.legends import status_legend
from dashboards.parts import empty, graph, page, source_line, table
from dashboards.reader import Reader, View
from dashboards.theme import STATUS_WORDS
from dashboards.wording import age, day, region_name
from tracker import series
from tracker.extent import Extent
from tracker.series import rows_of
from tracker.vocabulary import OperationalStatus
from tracker.windows import Window

PATH, TITLE, ORDER = "/borders", term("Borders"), 4


def layout(reader: Reader, /, **query: str) -> Any:
    """The page for the chosen region."""
    with reader.view(query) as view:
        shown = series.border_status(view.connection, view.until())
        return page(
            view,
            say("Borders of {place}", place=region_name(view.region)),
            say(
                "A status holds for the traffic and direction it names. Silence is not “open”: every status shows its "
                "age."
            ),
            [*_last_known(view, rows_of(shown)), *_timeline(view, shown)],
            ("region", "period"),
        )


def _last_known(view: View, rows: list[dict[str, Any]]) -> list[Any]:
    """One line a crossing, at the end of the period: its last report, and earlier ones on other traffic and ways."""
    by_crossing: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in reversed(rows):
        by_crossing.setdefault((row["border"], crossings.row_name(row)), []).append(row)
    if not by_crossing:
        return [
            empty(
                say(
                    "Nobody has reported on a crossing of {place} up to {day}.",
                    place=region_name(view.region),
                    day=day(_end(view)),
                ),
                say("That does not mean that they are open."),
            )
        ]
    return [
        html.H2(say("Last known status on {day}", day=day(_end(view)))),
        table(
            say("One line a crossing: its last report; permissions for aid stand on a line of their own"),
            (
                say("Border"),
                say("Crossing"),
                say("Status"),
                say("Last report"),
                say("As of"),
                say("Age that day"),
                say("Trace"),
            ),
            [_crossing(view, *item) for item in sorted(by_crossing.items())],
        ),
        source_line(Extent.of(rows), *_csv(view)),
    ]


def _end(view: View) -> date:
    """The last day of the period, or today."""
    return view.filters.end or view.today


def _csv(view: View) -> tuple[str, str]:
    """Address and name of the CSV behind both the table and the chart: an older report may hold in the period."""
    return view.filters.csv("border-status", from_first=True), say(
        "CSV of every report up to {day}", day=day(_end(view))
    )


def _crossing(view: View, names: tuple[str, str], reports: list[dict[str, Any]]) -> tuple[Any, ...]:
    newest = [r for r in reports if r["reference_period_end"] == reports[0]["reference_period_end"]]
    seen = {(r["traffic_class"], r["direction_into"]) for r in newest}
    earlier = []
    for report in reports[len(newest) :]:
        if (report["traffic_class"], report["direction_into"]) not in seen:
            seen.add((report["traffic_class"], report["direction_into"]))
            earlier.append(html.Li(crossings.report_words(report)))
    status = crossings.combined({str(r["status"]) for r in newest})
    as_of = newest[0]["reference_period_end"]
    if _end(view) - as_of > crossings.LAST_KNOWN:
        status = OperationalStatus.UNKNOWN.value
    said: list[Any] = [html.Div(crossings.report_words(r)) for r in newest]
    if earlier:
        said += [html.Div(say("Before that, on other traffic or directions:"), className="source"), html.Ul(earlier)]
    lapsed = [r["valid_until"] for r in newest if r["valid_until"] and r["valid_until"] < _end(view)]
    unconfirmed = bool(lapsed) or _end(view) - as_of > crossings.CONFIRMED
    told = age(as_of, _end(view)) if as_of < _end(view) else say("new")
    if unconfirmed:
        ran_out = lapsed and say("{age}, ran out on {day}", age=told, day=day(max(lapsed)))
        told = ran_out or say("{age}, not confirmed since", age=told)
    return (
        names[0].replace("-", "–"),
        names[1],
        html.Span(_to_whom(status, newest), className=f"status {status}" + (" unconfirmed" if unconfirmed else "")),
        said,
        day(as_of, newest[0]["end_precision"]),
        told,
        [html.Div(html.A(r["observation_id"], href=figure_address(r["observation_id"]))) for r in newest],
    )


def _to_whom(status: str, newest: list[dict[str, Any]]) -> str:
    """The status with whom it is for, unless it is for everybody both ways: "open: people, into SYR"."""
    classes = {str(r["traffic_class"]) for r in newest}
    ways = {str(r["direction_into"]) for r in newest}
    if len(newest) > 1 or (classes == {"all"} and ways == {"both"}):
        return say(STATUS_WORDS[status])
    way = next(iter(ways))
    told = f"{say(STATUS_WORDS[status])}: {crossings.traffic_words(next(iter(classes)))}"
    return f"{told}, {say('into {country}', country=way)}" if len(way) == 3 else told


def _timeline(view: View, frame: Any) -> list[Any]:
    begin = view.filters.start
    found = [s for s in crossings.segments(frame, view.today) if begin is None or s.until >= begin]
    if not found:
        return [
            html.H2(say("In time")),
            empty(say("No report on a crossing in this period."), say("Choose a longer period above.")),
        ]
    rows = rows_of(frame)
    first, _ = span([begin or min(s.start for s in found)], view.today)
    last = _end(view)
    events = series.events(view.connection, Window(view.region, first, last))
    names = list(dict.fromkeys(s.row for s in found))
    figure = row_chart(crossings.traces(found, "y"), names, first, last + timedelta(days=10), events)
    summary = say(
        "{reports} on {crossings}.",
        reports=plural(len(rows), "{count} report", "{count} reports"),
        crossings=plural(len(names), "{count} crossing or border", "{count} crossings and borders"),
    )
    return [
        html.H2(say("In time")),
        status_legend(),
        graph(figure, "crossings", summary, source_line(Extent.of(rows), *_csv(view))),
    ]
