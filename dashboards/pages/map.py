"""Map: where people are, which crossings are open, and where nobody reported anything."""

from collections.abc import Iterable
from typing import Any

from dash import html

from dashboards.boundaries import Box
from dashboards.carried import figure_address
from dashboards.charts import crossings
from dashboards.charts.map import Circle, Mark, drawing, mark_sign
from dashboards.filters import TOPICS
from dashboards.language import say, term
from dashboards.parts import empty, page, source_line, table
from dashboards.reader import Reader, View
from dashboards.theme import STATUS_WORDS
from dashboards.wording import age, amount, as_of, counted, region_name, who
from tracker import series
from tracker.candidates import candidates
from tracker.extent import Extent
from tracker.headline import QUESTIONS, Headline, State, answers, headlines
from tracker.outline import dimensions
from tracker.regions import Place, area, followed, places, resolve
from tracker.series import rows_of
from tracker.vocabulary import LocationKind, Measure

PATH, TITLE, ORDER = "/map", term("Map"), 3
ANSWERS = {
    "displacement": ("idps", "still", "new"),
    "refugees": ("refugees_in",),
    "returns": ("returned_refugees", "returned_idps"),
}
"""The questions each topic asks of a place, in the order of preference."""
EXPLAINED = {
    "idps": term("Circles: people displaced within their country, where they are now."),
    "still": term("Circles: people newly displaced who are still displaced, where they are now."),
    "new": term("Circles: movements of newly displaced people since a count began; one person may count twice."),
    "refugees_in": term("Circles: refugees, where they are now."),
    "returned_refugees": term("Circles: refugees who returned since a count began; one person may count twice."),
    "returned_idps": term("Circles: displaced people who returned since a count began; one person may count twice."),
}
Answers = dict[Place, Headline | None]


def layout(reader: Reader, /, **query: str) -> Any:
    """The page for the chosen region."""
    with reader.view(query) as view:
        question, found = _answers(view)
        return page(
            view,
            say("Map of {place}", place=region_name(view.region)),
            say(EXPLAINED[question])
            + " "
            + say("Marks: crossings by their last known status. Hatched: no current figure, which is not zero."),
            _content(view, reader, found),
            ("region", "topic"),
        )


def _answers(view: View) -> tuple[str, Answers]:
    """One question of the topic, and its answer for each place: areas where these are told, else countries.

    All circles answer the same question, the first that has a current answer anywhere; numbers of two are not compared.
    """
    countries = list(view.region.countries)
    if view.filters.topic == "refugees":
        # Who fled a country is elsewhere: all countries that are followed are asked.
        countries = sorted({*countries, *followed(view.connection)})
    told = {place: found for code in countries for place, found in _of_country(view, code).items()}
    asked = ANSWERS[view.filters.topic]
    by_question = {code: {place: _to(view, code, place, found) for place, found in told.items()} for code in asked}
    question = next((code for code in asked if any(map(_is_current, by_question[code].values()))), asked[0])
    shown: Answers = {}
    for code in countries:
        own = {place: one for place, one in by_question[question].items() if place.country == code}
        areas = {place: one for place, one in own.items() if place.kind == LocationKind.ADM1}
        whole = {place: one for place, one in own.items() if place.kind == LocationKind.COUNTRY}
        shown |= areas if any(map(_is_current, areas.values())) else whole
    return question, shown


def _of_country(view: View, code: str) -> dict[Place, list[Headline]]:
    """All answers about a country and its areas; a place that no series of the topic is about is not asked."""
    window = view.ever(resolve(view.connection, code))
    listed = rows_of(dimensions(view.connection, window))
    asked = [one for one in QUESTIONS if one.code in ANSWERS[view.filters.topic]]
    spoken_of = {row["location_code"] for row in listed for one in asked if answers(row, one, {row["location_code"]})}
    found: dict[Place, list[Headline]] = {}
    for place in places(view.connection, [code]):
        about = area(view.connection, place.code)
        rows = []
        if spoken_of & {place.code, *about.parts, *about.unplaced}:
            rows = candidates(view.connection, window, listed, about, view.today)
        found[place] = headlines(rows, about, view.today)
    return found


def _to(view: View, code: str, place: Place, found: list[Headline]) -> Headline | None:
    """The answer to a question; of people who fled, to where those of the page's own countries are."""
    own = view.region.own_codes
    for one in found:
        origin = one.row["origin_code"]
        if one.question.code == code and (origin is None or origin in own or place.code in own):
            return one
    return None


def _is_current(answer: Headline | None) -> bool:
    return answer is not None and answer.state is not State.LAPSED


def _content(view: View, reader: Reader, found: Answers) -> list[Any]:
    about = {place.code for place in found} | {view.region.code}
    silent = {place.code for place, answer in found.items() if not _is_current(answer)}
    for place in places(view.connection, about):
        # The areas of a country that is told as a whole are as it is.
        about.add(place.code)
        silent |= {place.code} if place.country in silent else set()
    circles = [
        _circle(place, one)
        for place, one in found.items()
        if one and place.code not in silent and place.latitude is not None
    ]
    frame = series.border_status(view.connection, view.ever())
    marks = [mark for mark in (_mark(segment) for segment in crossings.last_known(frame, view.today)) if mark]
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
                drawing(reader.boundaries, box, about, silent, circles, marks),
                html.Figcaption([_legend(), _boundary_note(reader.boundaries.source)]),
            ],
            className="chart mapped",
        ),
        *_twin(view, found),
        html.P(
            html.A(say("CSV of every report on crossings"), href=view.filters.but(period="all").csv("border-status"))
        ),
    ]


def _circle(place: Place, answer: Headline) -> Circle:
    row = answer.row
    name = region_name(place)
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


def _twin(view: View, found: Answers) -> list[Any]:
    """The same figures as a table, those that are not on the map among them."""
    rows = sorted(found.items(), key=lambda pair: -float((pair[1].row["value"] or 0) if pair[1] else -1))
    return [
        html.H2(say(TOPICS[view.filters.topic])),
        table(
            say("The figures of the map, the largest first"),
            (say("Place"), say("Figure"), say("Period"), say("Who says so"), say("Trace")),
            [_line(view, place, answer) for place, answer in rows],
            numeric=(1,),
        ),
        source_line(
            Extent.of(answer.row for answer in found.values() if answer),
            view.filters.but(period="all").csv("displacement"),
            say("CSV of every displacement figure"),
        ),
    ]


def _line(view: View, place: Place, answer: Headline | None) -> tuple[Any, ...]:
    name = region_name(place)
    if answer is None:
        return name, say("not reported"), "", "", ""
    row = answer.row
    old = say("no current figure; this was reported last") if answer.state is State.LAPSED else ""
    period = f"{as_of(row)} ({age(row['reference_period_end'], view.today)})"
    link = html.A(row["observation_id"], href=figure_address(row["observation_id"]))
    return name, html.Bdi(counted(row)), f"{period}; {old}" if old else period, who(row), link
