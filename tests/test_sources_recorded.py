"""Real recorded payloads, loaded into real stores: what the store holds is what the raw files say, added up here."""

import csv
import io
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, func, select

from tests.recordings import Load
from tests.samples import recorded
from tracker.tables import (
    Access,
    AccessSeries,
    BorderSeries,
    BorderStatus,
    Displacement,
    DisplacementSeries,
    Location,
    PointOfEntry,
    SetAside,
    Source,
)

UKRAINE, KIKA, UNHCR = "ocha_ukraine_border_crossings", "insecurity_insight_aid_workers", "unhcr_population"
RELEASES = ("2022-03-08.geojson", "2022-06-09.geojson", "2022-06-09.xlsx", "2023-05-30_status.geojson")
TOTALS = "unhcr-statistics/hdx_end_year_population_totals.csv"
INCIDENTS, BOOK = (
    "insecurity-insight/aid_worker_kika_incidents.json",
    "insecurity-insight/aid_worker_kika_2020-2023.xlsx",
)
RECORDINGS = [
    (UNHCR, "unhcr-statistics/population_origin_SYR_2023.json"),
    (UNHCR, TOTALS),
    *((UKRAINE, f"border-ukraine/ukr_border_crossings_{release}") for release in RELEASES),
    (KIKA, INCIDENTS),
    (KIKA, BOOK),
]

pytestmark = pytest.mark.recorded


@pytest.mark.parametrize(("code", "name"), RECORDINGS, ids=[name.rpartition("/")[2] for _, name in RECORDINGS])
def test_every_recording_loads_once(load: Load, code: str, name: str) -> None:
    """A figure loaded twice is people counted twice; one set aside in silence is people forgotten."""
    first = load(code, name)
    assert first.tally.new > 0
    assert (first.tally.revised, first.tally.duplicate) == (0, 0)
    again = load(code, name)
    assert (again.tally.new, again.tally.revised, again.tally.duplicate) == (0, 0, 0)
    assert (again.tally.unchanged, again.tally.set_aside, again.tally.newly_set_aside) == (
        first.tally.new,
        first.tally.set_aside,
        0,
    )


def test_syria_2023_is_what_unhcr_says(load: Load, store_with_places: Engine) -> None:
    """The world's best-known displacement figures, each with its group, and none of them in the wrong place."""
    load(UNHCR, "unhcr-statistics/population_origin_SYR_2023.json")
    table, series = Displacement, DisplacementSeries
    query = (
        select(series.population_group, Location.code, series.measure, table.value)
        .join(series, series.id == table.series_id)
        .join(Location, Location.id == series.location_id)
    )
    with store_with_places.connect() as connection:
        assert {(r[0], r[1], r[2]): r[3] for r in connection.execute(query)} == {
            ("REF", "WORLD", "stock"): 6355788,
            ("ASY", "WORLD", "stock"): 182954,
            ("RET", "SYR", "flow"): 37552,
            ("IDP", "SYR", "stock"): 7248188,
            ("RDP", "SYR", "flow"): 155325,
            ("STA", "WORLD", "stock"): 0,
            ("OOC", "WORLD", "stock"): 6626,
            ("HST", "SYR", "stock"): 16041461,
        }


def test_bulk_totals_are_those_of_the_file(load: Load, store_with_places: Engine) -> None:
    """1e+05 read as 1, or people of unknown origin given to a country, shows in the sum of a year and group."""
    report = load(UNHCR, TOTALS)
    expected: Counter[tuple[int, str, str]] = Counter()
    left_out = []
    for row in csv.DictReader(io.StringIO(recorded(TOTALS).content.decode())):
        for name in ("REF", "IDP", "ASY", "OOC", "STA", "VDA"):
            if float(row[name]) and row["ISO3CoO"] in ("UKN", "STA"):
                left_out.append(row["ISO3CoO"])
            elif float(row[name]):
                expected[int(row["Year"]), name.replace("VDA", "OIP"), row["ISO3CoA"]] += int(float(row[name]))
    table, series = Displacement, DisplacementSeries
    with store_with_places.connect() as connection:
        held = connection.execute(
            select(table.reference_period_end, series.population_group, Location.code, func.sum(table.value))
            .join(series, series.id == table.series_id)
            .join(Location, Location.id == series.location_id)
            .group_by(table.reference_period_end, series.population_group, Location.code)
        )
        assert {(day.year, group, code): int(value) for day, group, code, value in held} == expected
        assert set(connection.scalars(select(SetAside.reason))) == {"unknown_place"}
    assert report.tally.set_aside == len(left_out) == 24


def test_aid_workers_are_those_of_the_providers_own_overview(load: Load, store_with_places: Engine) -> None:
    """The provider adds up its incidents by country and year; another sum here means that some were lost or doubled."""
    load(KIKA, INCIDENTS)
    overview = json.loads(recorded("insecurity-insight/aid_worker_kika_overview.json").content)
    killed = {(row["Country ISO"], int(row["Year"])): int(row["Total Aid Workers Killed"]) for row in overview}
    assert len(killed) == len(overview) == 165
    expected: dict[str, Counter[tuple[str, int]]] = defaultdict(Counter)
    for incident in json.loads(recorded(INCIDENTS).content):
        for fate in ("Killed", "Injured", "Kidnapped", "Arrested"):
            where = (incident["Country ISO"], int(incident["Date"][:4]))
            expected[fate][where] += int(incident[f"Aid Workers {fate}"])
    held = _aid_workers(store_with_places)
    assert held["Killed"] == killed
    assert held == {fate: dict(counts) for fate, counts in expected.items()}


def _aid_workers(store: Engine) -> dict[str, dict[tuple[str, int], int]]:
    table, series = Access, AccessSeries
    query = (
        select(series.indicator, Location.iso3, table.reference_period_end, table.value)
        .join(series, series.id == table.series_id)
        .join(Location, Location.id == series.location_id)
        .where(table.superseded_run_id.is_(None))
    )
    held: dict[str, dict[tuple[str, int], int]] = defaultdict(lambda: defaultdict(int))
    with store.connect() as connection:
        for indicator, iso3, day, value in connection.execute(query):
            held[indicator.removeprefix("aid_workers_").capitalize()][iso3, day.year] += int(value)
    return {fate: dict(counts) for fate, counts in held.items()}


def _book() -> dict[int, dict[str, Any]]:
    """The workbook's incidents by id, read without the source's reader; of a repeated header, the first."""
    sheet = openpyxl.load_workbook(io.BytesIO(recorded(BOOK).content), data_only=True).worksheets[0]
    header, *rows = list(sheet.iter_rows(values_only=True))
    records = [dict(reversed(list(zip(header, row, strict=True)))) for row in rows]
    return {r["SiND Event ID"]: r for r in records if isinstance(r["SiND Event ID"], int)}


def test_workbook_totals_are_those_of_the_file(load: Load, store_with_places: Engine) -> None:
    """Two rows of tags, one of them the last, and three columns that stand twice: 927 incidents, each once."""
    report = load(KIKA, BOOK)
    book = _book()
    assert (report.tally.rows_read, len(book)) == (927, 927)
    expected: dict[str, Counter[tuple[str, int]]] = defaultdict(Counter)
    for row in book.values():
        for fate in ("Killed", "Injured", "Kidnapped", "Arrested"):
            expected[fate][row["Country ISO"], row["Date"].year] += row[f"Aid Workers {fate}"]
    assert _aid_workers(store_with_places) == {fate: dict(counts) for fate, counts in expected.items()}


def _moved() -> tuple[set[int], set[int]]:
    """Incidents in both files: those with one date and area, and those the provider has moved since."""
    book, listed = _book(), {r["SiND Event ID"]: r for r in json.loads(recorded(INCIDENTS).content)}
    same, moved = set(), set()
    for event in book.keys() & listed.keys():
        area = str(book[event]["Admin 1"] or "")
        with_accents = area.encode("latin-1").decode() if "Ã" in area else area
        before = (str(book[event]["Date"])[:10], with_accents.replace("No Information", ""))
        after = (listed[event]["Date"], str(listed[event]["Admin 1"] or "").replace("No Information", ""))
        (same if before == after else moved).add(event)
    return same, moved


def test_one_incident_in_both_forms_is_one_fact(load: Load, store_with_places: Engine) -> None:
    """The list and the workbook share 838 incidents; those that say the same of place and day are not counted again."""
    load(KIKA, BOOK)
    load(KIKA, INCIDENTS)
    same, moved = _moved()
    assert len(same) > 700
    assert len(same) + len(moved) == 838
    events = func.count(func.distinct(Access.series_id))
    query = select(Access.external_id, events).group_by(Access.external_id).having(events > 4)
    with store_with_places.connect() as connection:
        twice = {int(event) for event, _ in connection.execute(query)}
    assert twice & same == set()


def test_both_forms_may_be_loaded_again_and_again(load: Load) -> None:
    """A correction must not end the run that brings it, nor may an old file turn it back when it is loaded again."""
    first = [load(KIKA, name) for name in (BOOK, INCIDENTS)]
    again = [load(KIKA, name) for name in (BOOK, INCIDENTS)]
    assert [report.error for report in first + again] == [None] * 4
    assert first[1].tally.revised > 0
    assert [(r.tally.figures, r.tally.unchanged) for r in again] == [(r.tally.figures, r.tally.figures) for r in first]


def test_moved_incident_is_counted_once(load: Load, store_with_places: Engine) -> None:
    """Of 838 incidents in both forms the provider moved about a hundred; each must stay one incident."""
    load(KIKA, BOOK)
    load(KIKA, INCIDENTS)
    open_and_standing = (Access.superseded_run_id.is_(None), Access.observation_status != "withdrawn")
    listed = {r["SiND Event ID"] for r in json.loads(recorded(INCIDENTS).content)}
    with store_with_places.connect() as connection:
        held = connection.scalar(select(func.count()).select_from(Access).where(*open_and_standing))
    assert held == 4 * len(listed | _book().keys())


def _releases() -> Iterator[list[dict[str, Any]]]:
    """Each GeoJSON release as name, country and point."""
    for release in (RELEASES[0], RELEASES[1], RELEASES[3]):
        features = json.loads(recorded(f"border-ukraine/ukr_border_crossings_{release}").content)["features"]
        yield [
            {
                "name": next(v for k, v in f["properties"].items() if "eng" in k.lower()),
                "country": f["properties"]["Country"].strip(),
                "status": f["properties"].get("Status"),
                "at": f["geometry"]["coordinates"],
            }
            for f in features
        ]


def _apart(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Kilometres on a plane, which is near enough at a border crossing's size."""
    (x1, y1), (x2, y2) = one["at"], other["at"]
    return math.hypot((x1 - x2) * 111.3 * math.cos(math.radians((y1 + y2) / 2)), (y1 - y2) * 111.3)


def test_crossings_of_three_releases_are_128(load: Load, store_with_places: Engine) -> None:
    """Spellings and points move between releases: a crossing taken for a new one would be open and closed at once.

    Matched here by nothing but the nearest point of the same border in the last release.
    """
    first, second, last = _releases()
    for earlier in (first, second):
        nearest = []
        for one in earlier:
            near = sorted((_apart(one, other), n) for n, other in enumerate(last) if other["country"] == one["country"])
            nearest.append(near[0][1])
            assert near[0][0] * 2 < near[1][0]
        assert len(set(nearest)) == len(earlier)
    reports = [load(UKRAINE, f"border-ukraine/ukr_border_crossings_{release}") for release in RELEASES]
    assert [(r.tally.rows_read, r.tally.new, r.tally.unchanged, r.tally.set_aside) for r in reports] == [
        (30, 30, 0, 0),
        (80, 80, 0, 0),
        (80, 0, 80, 0),  # the workbook of the second release says what its GeoJSON said
        (128, 128, 0, 0),
    ]
    with store_with_places.connect() as connection:
        held = connection.scalars(select(PointOfEntry.id).where(PointOfEntry.home == "UKR")).all()
        statuses = connection.execute(
            select(BorderStatus.reference_period_end, BorderStatus.status, func.count())
            .join(BorderSeries, BorderSeries.id == BorderStatus.series_id)
            .join(Source, Source.id == BorderSeries.source_id)
            .where(Source.code == UKRAINE)
            .group_by(BorderStatus.reference_period_end, BorderStatus.status)
        )
        counted = {(str(day), status): number for day, status, number in statuses}
    assert len(held) == 128
    assert Counter(crossing["status"] for crossing in last) == {"Operational": 46, "Closed": 82}
    assert counted == {
        ("2022-03-08", "unknown"): 30,
        ("2022-06-09", "unknown"): 80,
        ("2023-05-30", "open"): 46,
        ("2023-05-30", "closed"): 82,
    }
