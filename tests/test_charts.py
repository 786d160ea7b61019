"""Charts as data: what a mark stands for, and what is never drawn."""

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest

from dashboards.charts import access, crossings, people
from dashboards.charts.aligned import aligned, same_scale
from dashboards.charts.marks import event_lines, row_chart, ticks
from dashboards.legends import SHAPES
from dashboards.parts import source_line
from dashboards.theme import DARK, LIGHT, SERIES_COLOURS, STATUS_COLOURS, source_colours
from dashboards.wording import amount, as_of, counted, subject
from tracker.extent import Extent
from tracker.vocabulary import Measure
from tracker.wholes import undivided, without_parts

TODAY = date(2026, 11, 23)
COLOURS = {"ocha": "#1f77b4"}
SPAN = (date(2011, 1, 1), TODAY)


def person_row(**changes: Any) -> dict[str, Any]:
    row = {
        "observation_id": "D1", "source": "ocha", "source_name": "OCHA", "indicator": "new_displacement",
        "measure": "cumulative", "population_group": "IDP", "location_code": "SYR", "location_name": "Syria",
        "location_kind": "country", "origin_code": None, "origin_name": None, "point_of_entry": None, "variant": "",
        "unit": "persons", "sex": "all", "age": "all", "value": 370_000, "value_low": 370_000, "value_high": None,
        "qualifier": "at_least", "value_text": None, "reference_period_start": date(2024, 11, 27),
        "reference_period_end": date(2024, 12, 6), "start_precision": "day", "end_precision": "day",
        "attribution": "direct", "publisher": None, "relays": None, "doubt": None, "series_id": 1,
        "role": "recommended",
    }  # fmt: skip
    return row | changes


def people_frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), dtype=object)


def status_row(**changes: Any) -> dict[str, Any]:
    row = {
        "observation_id": "B1", "source_name": "OCHA", "border": "JOR-SYR", "point_of_entry": "nasib",
        "point_of_entry_name": "Nasib", "name_other_side": "Jaber", "traffic_class": "all", "direction_into": "both",
        "status": "closed", "reference_period_end": date(2024, 12, 6), "end_precision": "day", "valid_until": None,
        "attribution": "direct", "publisher": None, "disputed": False,
    }  # fmt: skip
    return row | changes


def status_frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), dtype=object)


def access_row(**changes: Any) -> dict[str, Any]:
    row = {
        "observation_id": "A1", "source_name": "Insecurity Insight", "indicator": "aid_workers_killed",
        "constraint_type": "violence_against_personnel", "topic": None, "location_name": "Idleb", "unit": "people",
        "value": 2.0, "value_low": 2.0, "value_high": 2.0, "qualifier": "exact", "value_text": None,
        "reference_period_start": date(2024, 12, 2), "reference_period_end": date(2024, 12, 2),
        "start_precision": "day", "end_precision": "day", "attribution": "direct", "publisher": None,
    }  # fmt: skip
    return row | changes


def about(frame: pd.DataFrame, topic: str) -> pd.DataFrame:
    return without_parts(frame[people.is_about(frame, topic, {"SYR"})])


def test_a_cumulative_point_is_dated_and_never_a_stock() -> None:
    """Stops 370,000 movements since 27 November from being drawn as 370,000 people displaced now."""
    frame = people_frame(person_row())
    assert people.traces(frame, "y1", Measure.STOCK, COLOURS, SPAN, labels=True) == []
    assert people.traces(frame, "y2", Measure.FLOW, COLOURS, SPAN, labels=True) == []
    [trace] = people.traces(frame, "y3", Measure.CUMULATIVE, COLOURS, SPAN, labels=True)
    assert (trace["x"], trace["y"], trace["text"]) == (["2024-12-06"], [370_000], ["≥370,000 OCHA"])


def test_two_series_are_never_one_line() -> None:
    """Stops 1.1 million displaced and 882,000 still displaced from being joined into a fall of 218,000."""
    displaced = person_row(series_id=1, value=1_100_000, reference_period_end=date(2024, 12, 12))
    still = person_row(
        series_id=2, indicator="still_displaced", measure="stock", value=882_000,
        reference_period_start=date(2024, 12, 15), reference_period_end=date(2024, 12, 15),
    )  # fmt: skip
    frame = people_frame(displaced, still)
    [cumulative] = people.traces(frame, "y3", Measure.CUMULATIVE, COLOURS, SPAN, labels=False)
    [stock] = people.traces(frame, "y1", Measure.STOCK, COLOURS, SPAN, labels=False)
    assert (cumulative["y"], stock["y"]) == ([1_100_000], [882_000])


def test_a_range_is_drawn_from_end_to_end_and_has_no_middle() -> None:
    """Stops "800,000 to 1,000,000" from becoming 900,000."""
    row = person_row(value=None, value_low=800_000, value_high=1_000_000, qualifier="range")
    line, band = people.traces(people_frame(row), "y3", Measure.CUMULATIVE, COLOURS, SPAN, labels=True)
    assert line["y"] == [None]
    assert band["y"] == [800_000, 1_000_000, None]
    assert (band["text"], band["textposition"]) == (["800,000 to 1,000,000 OCHA", "", ""], "bottom center")


def test_words_without_a_number_are_not_drawn() -> None:
    """Stops "thousands fleeing" from being drawn as a thousand."""
    row = person_row(
        measure="flow",
        value=None,
        value_low=1_000,
        value_high=None,
        qualifier="order_of_magnitude",
        value_text="thousands",
    )
    assert people.traces(people_frame(row), "y2", Measure.FLOW, COLOURS, SPAN, labels=False) == []
    assert counted(row) == "thousands of persons"


def test_a_gap_is_a_gap() -> None:
    """Stops a line through a period nobody reported on."""
    rows = [
        person_row(measure="stock", value=v, reference_period_start=d, reference_period_end=d)
        for v, d in ((100, date(2024, 1, 1)), (None, date(2024, 2, 1)), (90, date(2024, 3, 1)))
    ]
    rows[1] |= {"value_low": 1, "value_high": 2, "qualifier": "range"}
    trace = people.traces(people_frame(*rows), "y1", Measure.STOCK, COLOURS, SPAN, labels=False)[0]
    assert trace["y"] == [100, None, 90]
    assert trace["connectgaps"] is False


def test_a_missing_year_breaks_the_line() -> None:
    """Stops a line from 2013 to 2020 through years nobody counted."""
    years = (2011, 2012, 2013, 2020, 2021)
    rows = [
        person_row(
            measure="stock", value=y, reference_period_start=date(y, 12, 31), reference_period_end=date(y, 12, 31)
        )
        for y in years
    ]
    trace = people.traces(people_frame(*rows), "y1", Measure.STOCK, COLOURS, SPAN, labels=False)[0]
    assert trace["y"] == [2011, 2012, 2013, None, 2020, 2021]


def flow_row(start: date, end: date, **changes: Any) -> dict[str, Any]:
    return person_row(measure="flow", reference_period_start=start, reference_period_end=end, **changes)


def test_movements_of_one_period_are_no_stack() -> None:
    """Stops two counts of one year, drawn as bars over each other, from being read as parts of one total."""
    year = (date(2025, 1, 1), date(2025, 12, 31))
    frame = people_frame(flow_row(*year, value=513_896), flow_row(*year, value=1_964_201, series_id=2))
    drawn = people.traces(frame, "y2", Measure.FLOW, COLOURS, SPAN, labels=False)
    assert [trace["type"] for trace in drawn] == ["scatter", "scatter"]
    assert [trace["y"] for trace in drawn] == [[513_896] * 3 + [None], [1_964_201] * 3 + [None]]
    assert [(trace["x"][0], trace["x"][2]) for trace in drawn] == [("2025-01-01", "2025-12-31")] * 2
    assert {trace["marker"]["symbol"][0] for trace in drawn} == {"line-ns"}
    assert len({trace["marker"]["symbol"][1] for trace in drawn}) == 2


def test_movements_before_the_time_shown_are_marked() -> None:
    """Stops all returns of 2024 from being read as those of its last two months."""
    row = flow_row(date(2024, 1, 1), date(2024, 12, 31), value=512_718)
    span = (date(2024, 11, 1), date(2026, 11, 1))
    [trace] = people.traces(people_frame(row), "y2", Measure.FLOW, COLOURS, span, labels=False)
    assert (trace["marker"]["symbol"][0], trace["marker"]["symbol"][2]) == ("triangle-left", "line-ns")
    assert "2024-11-01" < trace["x"][0] < trace["x"][2] == "2024-12-31"
    assert "reaches beyond the time shown" in trace["hovertext"][1]
    [whole] = people.traces(people_frame(row), "y2", Measure.FLOW, COLOURS, SPAN, labels=False)
    assert "reaches beyond" not in whole["hovertext"][1]


def test_a_source_keeps_its_colour_and_shares_it_with_none_beside_it() -> None:
    """Stops the line of one body from being read as another's, on this page or on the next."""
    ranked = [f"source{number}" for number in range(30)]
    alone = source_colours(ranked, {"source3"})
    together = source_colours(ranked, set(ranked[:12]))
    assert together["source3"] == alone["source3"]
    assert len(set(together.values())) == 12
    assert len(set(source_colours(ranked, {"source3", "source15", "source27"}).values())) == 3
    assert source_colours([*ranked, "new"], {"source3"}) == alone


def test_series_differ_by_their_marks() -> None:
    """Stops two series of one body, which share its colour, or two points on one place from being one to the eye."""
    rows = [person_row(series_id=number, variant=f"count {number}") for number in (1, 2)]
    drawn = people.traces(people_frame(*rows), "y3", Measure.CUMULATIVE, COLOURS, SPAN, labels=False)
    assert {trace["line"]["color"] for trace in drawn} == {COLOURS["ocha"]}
    assert {trace["marker"]["symbol"] for trace in drawn} == {"circle-open", "diamond-open"}


def test_every_mark_has_its_shape_in_the_legend() -> None:
    """Stops a page that cannot be drawn as soon as one more source reports on a place."""
    assert set(people.SYMBOLS) < set(SHAPES)


def test_equal_heights_side_by_side_are_equal_numbers() -> None:
    """Stops 420,000 from standing as high as 1.1 million in the chart beside it."""
    empty = pd.DataFrame(columns=["annotate", "date_start", "title_en"])
    figures = [
        aligned(people_frame(person_row(value=value)), status_frame(), pd.DataFrame(), empty, *SPAN, TODAY, COLOURS)
        for value in (1_147_494, 420_835)
    ]
    same_scale(figures)
    ranges = [figure["layout"]["yaxis3"]["range"] for figure in figures]
    assert ranges[0] == ranges[1]
    assert ranges[0][0] == 0
    assert 1_147_494 < ranges[0][1] < 1_300_000


def test_returns_show_totals_without_their_parts() -> None:
    """Stops returns from Türkiye from standing beside the total they are in."""
    total = person_row(indicator="return", population_group="RET", value=1_000_000)
    part = person_row(indicator="return", population_group="RET", value=500_000, origin_code="TUR", series_id=2)
    shown = about(people_frame(total, part), "returns")
    assert shown["value"].tolist() == [1_000_000]


def test_a_status_fades_and_ends_without_confirmation() -> None:
    """Stops a closure of two years ago from being drawn as today's."""
    solid, faint = crossings.segments(status_frame(status_row()), TODAY)
    assert (solid.start, solid.until, solid.confirmed) == (date(2024, 12, 6), date(2025, 1, 5), True)
    assert (faint.start, faint.until, faint.confirmed) == (date(2025, 1, 5), date(2025, 12, 6), False)


def test_a_status_ends_when_its_term_does() -> None:
    """Stops a permission that ran out from being drawn on."""
    row = status_row(status="open", valid_until=date(2024, 12, 10), traffic_class="humanitarian_cargo")
    [segment] = crossings.segments(status_frame(row), TODAY)
    assert (segment.row, segment.until) == ("Nasib – Jaber · aid", date(2024, 12, 11))


def test_the_next_report_ends_a_status() -> None:
    """Stops two statuses of one crossing from lying over each other."""
    rows = status_frame(status_row(), status_row(status="open", reference_period_end=date(2024, 12, 20)))
    found = crossings.segments(rows, date(2024, 12, 22))
    assert [(s.status, s.start, s.until) for s in found] == [
        ("closed", date(2024, 12, 6), date(2024, 12, 20)),
        ("open", date(2024, 12, 20), date(2024, 12, 23)),
    ]


@pytest.mark.parametrize(
    ("statuses", "shown"),
    [
        ({"closed"}, "closed"),
        ({"open", "closed"}, "partial"),
        ({"unknown"}, "unknown"),
        ({"unknown", "closed"}, "closed"),
        ({"open", "partial"}, "partial"),
    ],
)
def test_what_differs_by_direction_is_partly_open(statuses: set[str], shown: str) -> None:
    """Stops "closed outbound, open to returning nationals" from being drawn as open, and unknown as open."""
    assert crossings.combined(statuses) == shown


def test_nobody_hurt_is_no_mark_and_a_yearly_total_is_no_incident() -> None:
    """Stops a zero from being drawn as an incident, and a year's total from being drawn beside its incidents."""
    year = {"reference_period_start": date(2024, 1, 1), "reference_period_end": date(2024, 12, 31), "value": 14.0}
    frame = pd.DataFrame([access_row(), access_row(value=0.0), access_row(**year)], dtype=object)
    assert [row["value"] for row in access.drawn(frame)] == [2.0]


def test_every_lane_stands_on_one_time_axis() -> None:
    """Stops lanes that cannot be compared because each has a time of its own."""
    stock = person_row(measure="stock", indicator="population", series_id=9)
    figure = aligned(
        people_frame(person_row(), stock),
        status_frame(status_row()),
        pd.DataFrame([access_row()], dtype=object),
        pd.DataFrame(columns=["annotate", "date_start", "title_en"]),
        date(2024, 11, 1),
        date(2025, 1, 31),
        TODAY,
        COLOURS,
    )
    assert {trace["xaxis"] for trace in figure["data"] if trace["hoverinfo"] != "skip"} == {"x"}
    domains = [figure["layout"][name]["domain"] for name in ("yaxis1", "yaxis3", "yaxis4", "yaxis5")]
    assert all(lower[1] <= upper[0] for upper, lower in zip(domains, domains[1:], strict=False))
    assert figure["layout"]["xaxis"]["range"] == ["2024-11-01", "2025-01-31"]


def test_numbers_of_events_that_would_touch_are_one() -> None:
    """Stops the events 1 and 2 from being read as the event 12, and one from being left out of the list."""
    days = [date(2024, 11, 27), date(2024, 12, 8), date(2025, 3, 6), date(2025, 7, 13)]
    rows = [{"annotate": True, "date_start": d, "title_en": f"event {n}"} for n, d in enumerate(days, start=1)]
    shapes, notes = event_lines(pd.DataFrame(rows, dtype=object), date(2024, 11, 1), date(2026, 11, 1))
    assert [shape["x0"] for shape in shapes] == [d.isoformat() for d in days]
    assert [note["text"] for note in notes] == ["<b>1–2</b>", "<b>3</b>", "<b>4</b>"]
    assert "event 1" in notes[0]["hovertext"]
    assert "event 2" in notes[0]["hovertext"]


def test_a_long_row_name_is_not_an_axis_label() -> None:
    """Stops Plotly from taking away every date that a row's name stands above: a phone was left with one."""
    figure = row_chart([], ["Nasib – Jaber"], date(2024, 11, 1), date(2025, 1, 1), pd.DataFrame(columns=["annotate"]))
    assert figure["layout"]["yaxis"]["showticklabels"] is False
    assert [(a["text"], a["y"]) for a in figure["layout"]["annotations"]] == [("Nasib – Jaber", "Nasib – Jaber")]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2024, 11, 10), date(2025, 1, 15), ["11 Nov<br>2024", "25 Nov<br>2024", "9 Dec<br>2024"]),
        (date(2020, 1, 10), date(2025, 8, 1), ["2021", "2022", "2023"]),
        (date(2024, 11, 1), date(2026, 3, 1), ["Jan<br>2025", "Apr<br>2025", "Jul<br>2025"]),
    ],
)
def test_ticks_say_the_date_they_stand_at(first: date, last: date, expected: list[str]) -> None:
    """Stops an axis that labels 2021 as 2022."""
    found = ticks(first, last)
    assert [text for _, text in found][:3] == expected
    assert len(found) <= 6
    for day, text in found:
        assert str(day.year) in text
        assert first <= day <= last


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (person_row(), "at least 370,000"),
        (person_row(qualifier="exact"), "370,000"),
        (person_row(qualifier="approx"), "about 370,000"),
        (person_row(qualifier="range", value=None, value_low=1, value_high=2), "1 to 2"),
        (person_row(value=0, qualifier="exact"), "0"),
        (person_row(value=None, qualifier="exact"), "not reported"),
    ],
)
def test_a_number_keeps_its_qualifier(row: dict[str, Any], words: str) -> None:
    """Stops "at least" from being lost on the way to a donor, and "not reported" from becoming 0."""
    assert amount(row) == words


def test_a_period_is_said_as_exactly_as_it_is_known() -> None:
    """Stops "in recent weeks" from gaining a first day."""
    assert as_of(person_row()) == "27 Nov 2024 to 6 Dec 2024"
    assert (
        as_of(person_row(reference_period_start=None, end_precision="week")) == "up to about 6 Dec 2024, start not said"
    )
    assert as_of(person_row(measure="stock", end_precision="month")) == "as of Dec 2024"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"indicator": "population", "population_group": "REF", "location_name": "World", "location_kind": "world",
          "origin_name": "Syria"}, "Refugees from Syria, worldwide"),
        ({"indicator": "population", "population_group": "REF", "location_name": "Lebanon", "origin_name": "Syria"},
         "Refugees in Lebanon from Syria"),
        ({"indicator": "return", "population_group": "RDP"}, "Returned internally displaced people in Syria"),
        ({"indicator": "return", "population_group": "RET", "origin_name": "Jordan"},
         "Returned refugees to Syria from Jordan"),
        ({}, "New displacement in Syria"),
    ],
)  # fmt: skip
def test_a_subject_says_who_is_where(changes: dict[str, Any], words: str) -> None:
    """Stops people who never left their country from being read as returned to it."""
    assert subject(person_row(**changes)) == words


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_text_and_marks_stand_out_from_their_ground(tokens: dict[str, str]) -> None:
    """Stops colours that part of the readers cannot see: 4.5:1 for text, 3:1 for marks."""
    for name in ("ink", "muted", "link", "rival"):
        assert contrast(tokens[name], tokens["ground"]) >= 4.5, name
        assert contrast(tokens[name], tokens["raised"]) >= 4.5, name
    assert contrast(tokens["warn-ink"], tokens["warn-ground"]) >= 4.5
    for name in ("stock", "flow"):
        assert contrast(tokens[name], tokens["ground"]) >= 3, name


def test_marks_of_charts_are_seen_on_both_grounds() -> None:
    """Stops a line that disappears when the reader's system is dark."""
    for colour in SERIES_COLOURS:
        assert contrast(colour, LIGHT["ground"]) >= 3, colour
        assert contrast(colour, DARK["ground"]) >= 3, colour
    assert len(set(STATUS_COLOURS.values())) == 4


def test_what_may_not_be_passed_on_is_told_beside_the_csv() -> None:
    """Rows that are on the screen and not in the file look like rows that were lost."""
    kept = {"source_name": "DTM", "recorded_at": datetime(2025, 1, 1, tzinfo=UTC), "redistribute": "no"}
    rows = [person_row(**kept), person_row(**{**kept, "redistribute": "attribution"})]
    assert "without 1 row that may not be passed on" in str(source_line(Extent.of(rows), "/csv/displacement"))
    assert "passed on" not in str(source_line(Extent.of(rows[1:]), "/csv/displacement"))


def test_households_never_share_an_axis_with_persons() -> None:
    """A line from 1,189,581 persons to 204,344 households shows five of six people gone within a day."""
    row = {"indicator": "population", "measure": "stock", "reference_period_end": date(2021, 9, 30)}
    frame = people_frame(person_row(**row), person_row(**row, unit="households", series_id=2))
    assert about(frame, "displacement")["unit"].tolist() == ["persons"]
    assert undivided(frame).tolist() == [True, False]
