"""Map: where people are, which crossings are open, and where nobody reported anything."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dash import html

from dashboards.boundaries import Box
from dashboards.charts import crossings
from dashboards.charts.map import Circle, Mark, drawing, mark_sign
from dashboards.filters import TOPICS
from dashboards.language import place_name, say, term
from dashboards.parts import empty, figure_address, page, source_line, table
from dashboards.reader import Reader, View
from dashboards.theme import STATUS_WORDS
from dashboards.wording import age, amount, as_of, counted, region_name, who
from tracker import series
from tracker.candidates import candidates
from tracker.extent import Extent
from tracker.headline import Headline, State, headlines
from tracker.regions import Place, area, followed, places, resolve
from tracker.series import dimensions, rows_of
from tracker.vocabulary import LocationKind, Measure, OperationalStatus

PATH, TITLE, ORDER = "/map", term("Map"), 3
ANSWERS = {
    "displacement": ("idps", "still", "new"),
    "refugees": ("refugees_in",),
    "returns": ("returned_refugees", "returned_idps"),
}
"""The questions each topic asks of a place, in the order of preference."""
EXPLAINED = {
    "displacement": term("Circles: people displaced within their country, where they are now."),
    "refugees": term("Circles: refugees, where they are now."),
    "returns": term("Circles: people who returned, counted since the source began; one person may count twice."),
}


def layout(reader: Reader, /, **query: str) -> Any:
    """The page for the chosen region."""
    with reader.view(query) as view:
        found = _answers(view)
        return page(
            view,
            say("Map of {place}", place=region_name(view.region)),
            say(EXPLAINED[view.filters.topic])
            + " "
            + say("Marks: crossings by their last known status. Hatched: no figure of this kind, which is not zero."),
            _content(view, reader, found),
            ("region", "topic"),
        )


def _answers(view: View) -> list[tuple[Place, Headline | None]]:
    """The places of the page with what is answered about each: areas where there are any figures, else countries."""
    countries = list(view.region.countries)
    if view.filters.topic == "refugees":
        # Who fled a country is elsewhere: all countries that are followed are asked.
        countries = sorted({*countries, *followed(view.connection)})
    told = places(view.connection, countries)
    series_of = {code: rows_of(dimensions(view.connection, _of(view, code))) for code in countries}
    found: list[tuple[Place, Headline | None]] = []
    for code in countries:
        answered = {place: _answer(view, code, series_of[code], place) for place in told if place.country == code}
        areas = {place: one for place, one in answered.items() if place.kind == LocationKind.ADM1}
        whole = {place: one for place, one in answered.items() if place.kind == LocationKind.COUNTRY}
        found += (areas if any(areas.values()) else whole).items()
    return found


def _of(view: View, code: str) -> Any:
    return view.ever(resolve(view.connection, code))


def _answer(view: View, country: str, listed: list[dict[str, Any]], place: Place) -> Headline | None:
    """What is said of a place on the page's topic; of people who fled, those of the page's own countries."""
    about = area(view.connection, place.code)
    answers = headlines(candidates(view.connection, _of(view, country), listed, about, view.today), about, view.today)
    own = view.region.own_codes
    for code in ANSWERS[view.filters.topic]:
        for one in answers:
            origin = one.row["origin_code"]
            if one.question.code == code and (origin is None or origin in own or place.code in own):
                return one
    return None


def _content(view: View, reader: Reader, found: list[tuple[Place, Headline | None]]) -> list[Any]:
    about = {place.code for place, _ in found} | {view.region.code}
    silent = {place.code for place, answer in found if answer is None}
    for place in places(view.connection, about):
        # The areas of a country that is told as a whole are as it is.
        about.add(place.code)
        silent |= {place.code} if place.country in silent else set()
    circles = [_circle(view, place, answer) for place, answer in found if answer and place.latitude is not None]
    frame = series.border_status(view.connection, view.ever())
    marks = [mark for mark in (_mark(segment) for segment in _current(view, frame)) if mark]
    box = _seen(reader.boundaries.box({*view.region.countries, view.region.code}), circles)
    if box is None:
        return [
            empty(
                say("No outline of {place} is at hand.", place=region_name(view.region)),
                say("Give one to the tracker: tracker geo import FILE. The table below has the figures."),
            ),
            *_twin(view, found),
        ]
    return [
        html.Figure(
            [
                html.Div(drawing(reader.boundaries, box, about, silent, circles, marks), className="map-frame"),
                html.Figcaption([_legend(), _boundary_note(reader.boundaries.source)]),
            ],
            className="chart mapped",
        ),
        *_twin(view, found),
        html.P(
            html.A(say("CSV of every report on crossings"), href=view.filters.but(period="all").csv("border-status"))
        ),
    ]


def _circle(view: View, place: Place, answer: Headline) -> Circle:
    row = answer.row
    name = place_name({"location_name": place.name_en, "location_name_ar": place.name_ar})
    return Circle(
        code=place.code,
        latitude=float(place.latitude or 0),
        longitude=float(place.longitude or 0),
        value=float(row["value"] if row["value"] is not None else row["value_low"] or 0),
        label=f"{name} {amount(row)}",
        said=f"{name}: {counted(row)}, {as_of(row)}; {who(row)}",
        href=figure_address(row["observation_id"]),
        is_movement=row["measure"] != Measure.STOCK,
    )


def _seen(outline: Box | None, circles: Iterable[Circle]) -> Box | None:
    """The region itself, with every count about it."""
    boxes = [outline] if outline else []
    boxes += [(one.longitude, one.latitude, one.longitude, one.latitude) for one in circles] if outline else []
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _current(view: View, frame: Any) -> list[crossings.Segment]:
    """The last known status of each crossing on the day of the page; unknown where the last report is too old."""
    last = {one.row: one for one in crossings.segments(frame, view.today) if one.start <= view.today}
    unknown = OperationalStatus.UNKNOWN.value
    return [one if view.today < one.until else replace(one, status=unknown, confirmed=False) for one in last.values()]


def _mark(segment: crossings.Segment) -> Mark | None:
    report = segment.reports[0]
    if report["latitude"] is None or report["longitude"] is None:
        return None
    return Mark(
        latitude=float(report["latitude"]),
        longitude=float(report["longitude"]),
        status=segment.status,
        confirmed=segment.confirmed,
        said=say("{crossing}; last report: {report}", crossing=segment.row, report=crossings.report_words(report)),
        href=figure_address(report["observation_id"]),
    )


def _legend() -> Any:
    signs = [html.Li([mark_sign(status), say(words)]) for status, words in STATUS_WORDS.items()]
    faint = html.Li(say("faint: last known, not confirmed for a month"))
    dotted = html.Li(say("dotted edge: movements since a count began; one person may count twice"))
    return html.Ul([*signs, faint, dotted], className="legend")


def _boundary_note(source: str) -> Any:
    said = say(
        "The boundaries and names shown and the designations used on this map do not imply official endorsement or "
        "acceptance by anybody. Outlines: {source}.",
        source=source,
    )
    return html.P(said, className="source")


def _twin(view: View, found: list[tuple[Place, Headline | None]]) -> list[Any]:
    """The same figures as a table, those that are not on the map among them."""
    rows = sorted(found, key=lambda pair: -float((pair[1].row["value"] or 0) if pair[1] else -1))
    return [
        html.H2(say(TOPICS[view.filters.topic])),
        table(
            say("The figures of the map, the largest first"),
            (say("Place"), say("Figure"), say("Period"), say("Who says so"), say("Trace")),
            [_line(view, place, answer) for place, answer in rows],
            numeric=(1,),
        ),
        source_line(
            Extent.of(answer.row for _, answer in found if answer),
            view.filters.but(period="all").csv("displacement"),
            say("CSV of every displacement figure"),
        ),
    ]


def _line(view: View, place: Place, answer: Headline | None) -> tuple[Any, ...]:
    name = place_name({"location_name": place.name_en, "location_name_ar": place.name_ar})
    if answer is None:
        return name, say("not reported"), "", "", ""
    row = answer.row
    old = say("no current figure; this was reported last") if answer.state is State.LAPSED else ""
    period = f"{as_of(row)} ({age(row['reference_period_end'], view.today)})"
    link = html.A(row["observation_id"], href=figure_address(row["observation_id"]))
    return name, html.Bdi(counted(row)), f"{period}; {old}" if old else period, who(row), link
