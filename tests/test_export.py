"""Export: a CSV that Excel, R and another agency's pipeline all read the same way."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine, update

from tests.builders import NOW, access, border_status, displacement, load_run
from tracker import queries
from tracker.asof import PRESENT
from tracker.changes import latest
from tracker.database import writing
from tracker.errors import UsageError
from tracker.export import csv_parts, to_csv
from tracker.queries import answer
from tracker.records import Amount, Period, PlaceName, Publication
from tracker.regions import resolve
from tracker.series import KINDS, as_rows, rows_of
from tracker.tables import Displacement, Location, Source
from tracker.vocabulary import DisplacementIndicator as Indicator
from tracker.vocabulary import (
    Measure,
    OperationalStatus,
    PopulationGroup,
    Precision,
    Qualifier,
    Redistribution,
    Sensitivity,
)
from tracker.windows import Window

BOM = b"\xef\xbb\xbf"
PROVENANCE = (
    "reference_period_start,reference_period_end,start_precision,end_precision,published_on,recorded_at,vintage,"
    "revision_reason,role,coverage,attribution,relays,reliability,credibility,review_status,sensitivity,publisher,"
    "publication_title,publication_url,excerpt,note,doubt,locator,payload_sha256,run_id,licence,credit_line"
)
AS_OF = "as_of,published_by"
HEADERS = {
    "displacement": (
        "observation_id,source,source_name,indicator,measure,population_group,location_code,location_name,"
        "location_name_ar,origin_code,origin_name,point_of_entry,variant,cause,unit,sex,age,value,value_low,value_high,"
        f"qualifier,value_text,observation_status,{PROVENANCE},subset_of,provider_place,{AS_OF}"
    ),
    "border-status": (
        "observation_id,source,source_name,border,point_of_entry,point_of_entry_name,point_of_entry_name_ar,"
        "name_other_side,location_code,location_name,latitude,longitude,side,direction_into,traffic_class,variant,status,"
        f"evidence,reported_as,valid_until,disputed,observation_status,{PROVENANCE},{AS_OF}"
    ),
    "aid-access": (
        "observation_id,source,source_name,indicator,constraint_type,topic,location_code,location_name,"
        "location_name_ar,variant,unit,value,value_low,value_high,qualifier,value_text,scale,information_gap,trend,"
        f"observation_status,external_id,{PROVENANCE},provider_place,{AS_OF}"
    ),
}


def exported(store: Engine, kind: str = "displacement", region: str | None = None, **window: Any) -> bytes:
    """The file somebody would download."""
    with store.connect() as connection:
        place = resolve(connection, region) if region else None
        return to_csv(answer(connection, kind, Window(place, exportable_only=True, **window)), PRESENT)


def cells(content: bytes) -> list[dict[str, str]]:
    """The rows of a file, as text."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def column(content: bytes, name: str) -> list[str]:
    return [row[name] for row in cells(content)]


@pytest.mark.parametrize("kind", KINDS)
def test_header_is_a_promise(seeded_store: Engine, kind: str) -> None:
    """A column that moves or goes shifts somebody's whole import by one."""
    content = exported(seeded_store, kind)
    assert content.startswith(BOM + HEADERS[kind].encode() + b"\r\n")
    assert content.count(BOM) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_no_row_still_has_a_header(store_with_places: Engine, kind: str) -> None:
    """An empty file cannot be told from a failed download."""
    assert exported(store_with_places, kind) == BOM + HEADERS[kind].encode() + b"\r\n"


def test_one_figure_as_text(store_with_places: Engine) -> None:
    """The whole row as bytes: a thousands separator, a local date or a lost qualifier changes what it says."""
    run = load_run(
        store_with_places,
        displacement(
            1_100_000,
            amount=Amount.of(Qualifier.AT_LEAST, 1_100_000),
            indicator=Indicator.NEW_DISPLACEMENT,
            measure=Measure.CUMULATIVE,
            period=Period(date(2024, 11, 27), date(2024, 12, 12)),
            published_on=date(2024, 12, 13),
            publication=Publication("OCHA", 'Flash "Update", No. 8', "https://example.org/8"),
            excerpt="نزح 1,100,000 شخص",
            note="two\nlines",
            locator="items[0]/idps",
        ),
    )
    ((row,), content) = (cells(exported(store_with_places)), exported(store_with_places))
    digest = row.pop("payload_sha256")
    assert (len(digest), row.pop("source_name")) == (64, "OCHA")
    assert {name: value for name, value in row.items() if value} == {
        "observation_id": "D1", "source": "ocha", "indicator": "new_displacement", "measure": "cumulative",
        "population_group": "IDP", "location_code": "SYR", "location_name": "Syria", "location_name_ar": "سوريا",
        "cause": "conflict", "unit": "persons", "sex": "all", "age": "all", "value": "1100000",
        "value_low": "1100000", "qualifier": "at_least", "observation_status": "normal",
        "reference_period_start": "2024-11-27", "reference_period_end": "2024-12-12", "start_precision": "day",
        "end_precision": "day", "published_on": "2024-12-13", "recorded_at": "2025-01-01T12:00:00Z", "vintage": "1",
        "role": "recommended", "coverage": "unknown", "attribution": "direct", "reliability": "B",
        "review_status": "draft", "sensitivity": "0", "publisher": "OCHA",
        "publication_title": 'Flash "Update", No. 8', "publication_url": "https://example.org/8",
        "excerpt": "نزح 1,100,000 شخص", "note": "two\nlines", "locator": "items[0]/idps", "run_id": str(run.id),
        "licence": "single facts, cited",
        "credit_line": "United Nations Office for the Coordination of Humanitarian Affairs (OCHA)",
    }  # fmt: skip
    assert content.endswith(b"\r\n")
    assert content.replace(b"\r\n", b"").count(b"\n") == 1


def test_nothing_reported_is_an_empty_cell_and_zero_a_zero(store_with_places: Engine) -> None:
    """A 0 for "not reported" says that everybody has gone home."""
    words = Amount(None, None, None, Qualifier.ORDER_OF_MAGNITUDE)
    load_run(store_with_places, displacement(0), displacement(None, amount=words, value_text="some", variant="b"))
    rows = [(row["value"], row["value_low"], row["value_text"]) for row in cells(exported(store_with_places))]
    assert rows == [("0", "0", ""), ("", "", "some")]


def test_unknown_start_is_an_empty_cell(store_with_places: Engine) -> None:
    """The stored stand-in, the end, would read as a count that began and ended on one day."""
    day = date(2024, 12, 8)
    period = Period(day, day, Precision.UNKNOWN, Precision.WEEK)
    fields = {"indicator": Indicator.NEW_DISPLACEMENT, "measure": Measure.CUMULATIVE}
    load_run(store_with_places, displacement(370_000, period=period, **fields))
    (row,) = cells(exported(store_with_places))
    assert (row["reference_period_start"], row["reference_period_end"]) == ("", "2024-12-08")
    assert (row["start_precision"], row["end_precision"]) == ("unknown", "week")


def test_large_number_keeps_every_digit(store_with_places: Engine) -> None:
    """Through a float, 9,007,199,254,740,993 ends in 992, and one missing value beside it is enough for a float."""
    words = Amount(None, None, None, Qualifier.ORDER_OF_MAGNITUDE)
    load_run(
        store_with_places,
        displacement(9_007_199_254_740_993),
        displacement(None, amount=words, value_text="some", variant="b"),
    )
    assert column(exported(store_with_places), "value") == ["9007199254740993", ""]


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    '=HYPERLINK("x")',
]  # noqa: RUF001


def test_text_that_a_spreadsheet_would_run(store_with_places: Engine) -> None:
    """A provider's cell must not run a command on the machine of whoever opens the file."""
    figures = [access(1, external_id=str(n), note=text) for n, text in enumerate(FORMULAS)]
    load_run(store_with_places, *figures)
    assert column(exported(store_with_places, "aid-access"), "note") == [f"'{text}" for text in FORMULAS]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (-1, "-1"),
        (-70.25, "-70.25"),
        (0.0, "0"),
        (12.5, "12.5"),
        (3.0, "3"),
        (1e15, "1000000000000000"),
        (True, "true"),
        (False, "false"),
        (None, ""),
        (float("nan"), ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        ("NA", "NA"),
        ("O'Brien", "O'Brien"),
        ("a-b", "a-b"),
        ("1,5", '"1,5"'),
        (date(2024, 12, 8), "2024-12-08"),
        (datetime(2024, 12, 8, 5, 30, tzinfo=UTC), "2024-12-08T05:30:00Z"),
        (datetime(2024, 12, 8, 1, 30, tzinfo=timezone(timedelta(hours=3))), "2024-12-07T22:30:00Z"),
    ],
)
def test_one_cell(value: object, written: str) -> None:
    """An apostrophe before a number makes it text, and a sum over the column too small."""
    assert to_csv(as_rows(pd.DataFrame({"x": [value]}, dtype=object)), PRESENT) == (
        BOM + f"x,as_of,published_by\r\n{written},,\r\n".encode()
    )


def test_columns_that_mean_nothing_outside_stay_inside() -> None:
    """The number of a series differs from store to store; somebody would join on it."""
    frame = pd.DataFrame({"series_id": [1], "redistribute": ["yes"], "location_kind": ["adm1"], "value": [2]})
    assert to_csv(as_rows(frame), PRESENT) == BOM + b"value,as_of,published_by\r\n2,,\r\n"


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_in_parts_is_the_same_file(seeded_store: Engine, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A header in the middle, or a row lost between two parts, in a file that nobody reads to its end."""
    monkeypatch.setattr(queries, "PART", 7)
    with seeded_store.connect() as connection:
        whole = to_csv(as_rows(KINDS[kind](connection, Window())), PRESENT)
        read = list(csv_parts(queries.answer_in_parts(connection, kind, Window()), PRESENT))
    assert len(read) > 3
    assert b"".join(read) == whole


@pytest.mark.parametrize("kind", KINDS)
def test_reading_back_gives_the_same_rows(seeded_store: Engine, kind: str) -> None:
    """What somebody computes from the file has to be what the screen shows."""
    with seeded_store.connect() as connection:
        frame = KINDS[kind](connection, Window(exportable_only=True))
    back = pd.read_csv(io.BytesIO(to_csv(as_rows(frame), PRESENT)), keep_default_na=False, na_values=[""], dtype=object)
    back = back.drop(columns=AS_OF.split(","))
    shown = rows_of(frame[[str(name) for name in back.columns]])
    assert len(shown) > 50

    def text(value: Any) -> str | None:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, datetime):
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        if isinstance(value, float):
            return f"{value:.15g}"
        return None if value in (None, "") else str(value)

    assert [{name: text(value) for name, value in row.items()} for row in rows_of(back)] == [
        {name: text(value) for name, value in row.items()} for row in shown
    ]


def test_words_that_look_like_nothing_survive(store_with_places: Engine) -> None:
    """ "NA", "None" and "null" are also names of places."""
    names = ["NA", "None", "null", "NaN"]
    load_run(store_with_places, *(displacement(1, location=PlaceName(iso3="SYR", name=name)) for name in names))
    content = exported(store_with_places)
    assert column(content, "provider_place") == names
    back = pd.read_csv(io.BytesIO(content), keep_default_na=False, na_values=[""])
    assert back["provider_place"].tolist() == names


def test_source_that_may_not_be_passed_on(store_with_places: Engine) -> None:
    """Shown on our screen, but never in a file that leaves the house."""
    load_run(store_with_places, displacement(1), displacement(2, source="unhcr"))
    with writing(store_with_places) as connection:
        forbidden = update(Source).where(Source.code == "unhcr").values(redistribute=Redistribution.NO.value)
        connection.execute(forbidden)
    assert column(exported(store_with_places), "value") == ["1"]
    with store_with_places.connect() as connection:
        assert KINDS["displacement"](connection, Window())["value"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("sensitivity", "seen"),
    [(Sensitivity.LOW, True), (Sensitivity.MODERATE, True), (Sensitivity.HIGH, False), (Sensitivity.SEVERE, False)],
)
def test_sensitive_figures_stay_inside(store_with_places: Engine, sensitivity: Sensitivity, seen: bool) -> None:
    """A list of who shelters where, in the wrong hands, is a list of targets."""
    expected = ["1", "2"] if seen else ["1"]
    sources: dict[str, Callable[..., Any]] = {"displacement": displacement, "aid-access": access}
    for kind, figure in sources.items():
        load_run(store_with_places, figure(1), figure(2, location=PlaceName(code="SY02"), sensitivity=sensitivity))
        assert column(exported(store_with_places, kind), "value") == expected


def test_withdrawn_figure_and_old_vintage_are_not_exported(store_with_places: Engine) -> None:
    """A figure its source took back, or has corrected, must not go on travelling."""
    load_run(store_with_places, displacement(1), displacement(5, variant="b"))
    load_run(store_with_places, displacement(2))
    with writing(store_with_places) as connection:
        connection.execute(
            update(Displacement)
            .where(Displacement.value == 5)
            .values(observation_status="withdrawn", value=None, value_low=None, value_high=None)
        )
    rows = [(row["value"], row["vintage"], row["revision_reason"]) for row in cells(exported(store_with_places))]
    assert rows == [("2", "2", "source_revision")]


REFUGEES = {"indicator": Indicator.POPULATION, "population_group": PopulationGroup.REF}
PLACES = [
    displacement(1, location=PlaceName(code="SYR")),
    displacement(2, location=PlaceName(code="SY02")),
    displacement(3, location=PlaceName(code="SY07"), origin=PlaceName(code="SY02")),
    displacement(4, **REFUGEES, location=PlaceName(code="LBN"), origin=PlaceName(code="SYR")),
    displacement(5, **REFUGEES, location=PlaceName(code="DEU"), origin=PlaceName(code="SYR")),
    displacement(6, **REFUGEES, location=PlaceName(code="DEU"), origin=PlaceName(code="UKR")),
    displacement(7, location=PlaceName(iso3="SYR", name="Camp 17")),
    displacement(8, **REFUGEES, location=PlaceName(code="EGY"), origin=PlaceName(code="SDN")),
]


def test_region_of_people(store_with_places: Engine) -> None:
    """A filter that forgets where people came from hides every Syrian in Germany from Syria's page."""
    load_run(store_with_places, *PLACES)
    regions = "SYR", "syr", "SY02", "SY07", "LBN", "DEU", "syria-region", "syria-response", " SYR "
    assert {region: "".join(column(exported(store_with_places, region=region), "value")) for region in regions} == {
        "SYR": "123457", "syr": "123457", " SYR ": "123457", "SY02": "23", "SY07": "3", "LBN": "4", "DEU": "56",
        "syria-region": "123457", "syria-response": "1234578",
    }  # fmt: skip
    assert "".join(column(exported(store_with_places), "value")) == "12345678"


def test_region_of_borders_and_access(store_with_places: Engine) -> None:
    """Nasib belongs to Dar'a and to both countries; a whole border belongs to no governorate."""
    load_run(
        store_with_places,
        border_status(OperationalStatus.OPEN),
        border_status(OperationalStatus.CLOSED, border=("JOR", "SYR"), point_of_entry="nasib"),
    )
    regions = "SYR", "LBN", "JOR", "TUR", "SY12", "syria-region"
    found = {region: column(exported(store_with_places, "border-status", region), "status") for region in regions}
    assert found == {
        "SYR": ["open", "closed"], "LBN": ["open"], "JOR": ["closed"], "TUR": [], "SY12": ["closed"],
        "syria-region": ["open", "closed"],
    }  # fmt: skip
    load_run(store_with_places, access(1), access(2, location=PlaceName(code="SY02")))
    found = {region: column(exported(store_with_places, "aid-access", region), "value") for region in ("SYR", "SY02")}
    assert found == {"SYR": ["1", "2"], "SY02": ["2"]}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Syria and its neighbours", "syria-region"),
        ("  SYRIA AND  its neighbours ", "syria-region"),
        ("سوريا والدول المجاورة", "syria-region"),
        ("türkiye", "TUR"),
        ("TÜRKIYE", "TUR"),
        ("سوريا", "SYR"),
        ("aleppo", "SY02"),
        ("sy02", "SY02"),
    ],
)
def test_region_by_name(store_with_places: Engine, text: str, code: str) -> None:
    """Whoever knows no p-code would leave, or guess one and export another area."""
    with store_with_places.connect() as connection:
        assert resolve(connection, text).code == code


def test_name_of_two_regions(store_with_places: Engine) -> None:
    """The first of two areas of one name is as often the wrong one."""
    with writing(store_with_places) as connection:
        connection.execute(update(Location).where(Location.code == "SY07").values(name_en="ALEPPO"))
    with store_with_places.connect() as connection, pytest.raises(UsageError, match="several regions.* SY02, SY07"):
        resolve(connection, "Aleppo")


@pytest.mark.parametrize("region", ["ATLANTIS", "", "SYR-NWS", "WORLD", "World", "Syri", "%", "SYR'--"])
def test_unknown_region(store_with_places: Engine, region: str) -> None:
    """No region found must not mean "everything", nor "nothing"."""
    with store_with_places.connect() as connection, pytest.raises(UsageError, match="syria-region, syria-response"):
        resolve(connection, region)


def flow(people: int, start: date, end: date) -> Any:
    fields = {"indicator": Indicator.ARRIVAL, "measure": Measure.FLOW, "population_group": PopulationGroup.ALL}
    return displacement(people, period=Period(start, end), **fields)


def test_period(store_with_places: Engine) -> None:
    """Weeks that only touch the period belong to it; a bound too strict loses the first week of the crisis."""
    load_run(
        store_with_places,
        flow(1, date(2024, 11, 20), date(2024, 11, 26)),
        flow(2, date(2024, 11, 25), date(2024, 12, 1)),
        flow(3, date(2024, 12, 2), date(2024, 12, 8)),
        flow(4, date(2024, 12, 8), date(2024, 12, 15)),
        flow(5, date(2024, 12, 9), date(2024, 12, 15)),
    )
    windows: dict[str, dict[str, Any]] = {
        "12345": {},
        "2345": {"start": date(2024, 11, 27)},
        "1234": {"end": date(2024, 12, 8)},
        "234": {"start": date(2024, 11, 27), "end": date(2024, 12, 8)},
        "": {"start": date(2025, 1, 1)},
    }
    for expected, window in windows.items():
        assert "".join(column(exported(store_with_places, **window), "value")) == expected


def test_order_is_that_of_time(store_with_places: Engine) -> None:
    """Loaded in any order, a curve drawn through the file runs from left to right."""
    days = [date(2024, 12, day) for day in (15, 8, 12)]
    load_run(store_with_places, *(displacement(day.day, period=Period.on(day)) for day in days))
    assert column(exported(store_with_places), "value") == ["8", "12", "15"]


def learnt(connection: Connection) -> list[tuple[Any, ...]]:
    rows = latest(connection, Window(), 10)
    return [(row["value"], row["vintage"], row["previous"] and row["previous"]["value"]) for row in rows]


def test_changes_name_the_value_before(store_with_places: Engine) -> None:
    """Two facts of one day and series, each revised: one would be shown as a change of the other."""
    fields = {"indicator": Indicator.ARRIVAL, "measure": Measure.FLOW, "population_group": PopulationGroup.ALL}
    end = date(2024, 12, 8)
    week, month = Period(date(2024, 12, 2), end), Period(date(2024, 11, 9), end)
    for factor in (1, 10):
        batch = [displacement(n * factor, period=p, **fields) for n, p in ((1, week), (2, month))]
        load_run(store_with_places, *batch)
    with store_with_places.connect() as connection:
        assert sorted(learnt(connection)) == [(10, 2, 1), (20, 2, 2)]


def test_changes_name_the_value_before_of_the_same_run(store_with_places: Engine) -> None:
    """Of a file that holds both of two publications, "before" would be "not reported", though it was."""
    days = [date(2024, 12, 16), date(2024, 12, 23), date(2024, 12, 30)]
    load_run(store_with_places, *(displacement(n, published_on=day) for n, day in enumerate(days, 1)))
    with store_with_places.connect() as connection:
        assert learnt(connection) == [(3, 3, 2)]


def test_changes_do_not_name_a_value_that_is_too_sensitive(store_with_places: Engine) -> None:
    """Blurred after a complaint, the exact number would come back as "before"."""
    load_run(store_with_places, displacement(17, sensitivity=Sensitivity.HIGH))
    load_run(store_with_places, displacement(20))
    load_run(store_with_places, displacement(0, variant="b"), now=NOW + timedelta(days=1))
    with store_with_places.connect() as connection:
        assert learnt(connection) == [(20, 2, None), (0, 1, None)]
