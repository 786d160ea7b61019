"""IDMC's recorded answers, loaded into real stores: what the store holds is what the raw files say, added up here."""

import json
from collections import Counter

import pytest
from sqlalchemy import Engine

from tests.recordings import Load, held
from tests.samples import recorded

pytestmark = pytest.mark.recorded


@pytest.mark.parametrize("name", ["idu_india_2023_old_schema.json", "idu_mixed_2025_current_schema.json"])
def test_updates_by_role_are_those_of_the_file(load: Load, store_with_places: Engine, name: str) -> None:
    """A triangulation added to the recommended figure counts the same people twice."""
    records = json.loads(recorded(f"idmc-idu/{name}").content)
    roles = {None: "context", "Recommended figure": "recommended", "Triangulation": "triangulation"}
    expected: Counter[tuple[str, str]] = Counter()
    for record in records:
        expected[record["iso3"], roles[record.get("role")]] += record["figure"]
    report = load("idmc_idu", f"idmc-idu/{name}")
    assert (report.tally.new, report.tally.set_aside) == (len(records), 0)
    found: Counter[tuple[str, str]] = Counter()
    for f in held(store_with_places):
        found[f.place[:3], f.role] += f.value
    assert found == expected
    assert load("idmc_idu", f"idmc-idu/{name}").tally.unchanged == len(records)


def test_days_of_2023_are_those_of_the_text(load: Load, store_with_places: Engine) -> None:
    """Read as days of Greenwich, all 113 figures would stand a day early."""
    load("idmc_idu", "idmc-idu/idu_india_2023_old_schema.json")
    records = json.loads(recorded("idmc-idu/idu_india_2023_old_schema.json").content)
    stated = {str(r["id"]): r["standard_info_text"].rpartition(",")[2].split()[:2] for r in records}
    found = {f.external_id: [f"{f.reference_period_start:%d}", f"{f.reference_period_start:%B}"] for f in
             held(store_with_places)}  # fmt: skip
    assert found == stated


RELEASE_2025 = [f"idmc-gidd/conflicts_release2025_page{page}.json" for page in range(10)]
RELEASE_2023 = [f"idmc-gidd/conflicts_release2023_page{page}.json" for page in (0, 8)]
CSV_2022, CSV_NEW = "idmc-gidd/hdx_displacement_data_2022.csv", "idmc-gidd/hdx_idps_global.csv"
DISASTERS = [f"idmc-gidd/disasters_release2025_page{page}.json" for page in (0, 120, 221)]
Years = dict[tuple[str, str, str], int]


def conflicts(names: list[str]) -> Years:
    """Country, year and column of the pages, with the number; zeros that are not rounded to zero are left out."""
    rows = [row for name in names for row in json.loads(recorded(name).content)["results"]]
    return {
        (row["iso3"], str(row["year"]), column): row[column]
        for row in rows
        for column in ("new_displacement", "total_displacement")
        if row[f"{column}_rounded"] is not None and row["iso3"] != "AB9"
    }


def stored(store: Engine) -> Years:
    """The same of the store."""
    columns = {"flow": "new_displacement", "stock": "total_displacement"}
    return {(f.place, str(f.reference_period_end.year), columns[f.measure]): f.value for f in held(store)}


def test_later_release_revises_and_withdraws(load: Load, store_with_places: Engine) -> None:
    """Of two pages of 2023, nine country-years changed, of these one to nothing, and two are gone altogether."""
    before, after = conflicts(RELEASE_2023), conflicts(RELEASE_2025)
    assert load("idmc_gidd", *RELEASE_2023).tally.new == len(before)
    report = load("idmc_gidd", *RELEASE_2025)
    changed = {key for key in before if key in after and before[key] != after[key]}
    gone = {key for key in before if key not in after}
    assert {key[:2] for key in gone} == {("THA", "2022"), ("TUR", "2022"), ("SLE", "2022")}
    assert report.tally.revised == len(changed)
    assert report.tally.warnings == [f"{len(gone)} figures withdrawn: the source no longer gives them"]
    assert report.tally.set_aside == 17  # of Abyei, which has no ISO3 code
    assert stored(store_with_places) == after
    country_years = {f.place + str(f.reference_period_end.year) for f in held(store_with_places) if f.vintage == 2}
    assert country_years == {country + year for country, year, _ in changed}
    assert len(country_years | {"SLE2022"}) == 9
    assert load("idmc_gidd", *RELEASE_2025).tally.unchanged == len(after)


def test_turkey_2016_has_two_vintages(load: Load, store_with_places: Engine) -> None:
    """The largest correction of a stock in GIDD: 1.1 million people became 154,000."""
    load("idmc_gidd", CSV_2022)
    assert stored(store_with_places)["TUR", "2016", "total_displacement"] == 1_108_000
    load("idmc_gidd", *RELEASE_2025)
    assert stored(store_with_places)["TUR", "2016", "total_displacement"] == 154_000
    (turkey,) = [
        f.vintage
        for f in held(store_with_places)
        if (f.place, str(f.reference_period_end), f.measure) == ("TUR", "2016-12-31", "stock")
    ]
    assert turkey == 2
    assert stored(store_with_places) == conflicts(RELEASE_2025)
    file = load("idmc_gidd", CSV_NEW)
    assert (file.tally.new, file.tally.revised, file.tally.unchanged) == (0, 0, len(conflicts(RELEASE_2025)))


def test_disasters_are_those_of_the_pages(load: Load, store_with_places: Engine) -> None:
    """Events that end before they start are set aside, all others are there, each once."""
    rows = [row for name in DISASTERS for row in json.loads(recorded(name).content)["results"]]
    reversed_rows = [row for row in rows if row["end_date"] < row["start_date"]]
    report = load("idmc_gidd_disasters", *DISASTERS)
    assert (report.tally.rows_read, report.tally.set_aside) == (219, len(reversed_rows))
    expected: Counter[tuple[str, str]] = Counter()
    for row in rows:
        expected[row["iso3"], "stock"] += row["total_displacement"] or 0
        expected[row["iso3"], "flow"] += row["new_displacement"] if row not in reversed_rows else 0
    found: Counter[tuple[str, str]] = Counter()
    for f in held(store_with_places):
        found[f.place, f.measure] += f.value
    assert +found == +expected
    assert load("idmc_gidd_disasters", *DISASTERS).tally.unchanged == report.tally.new
    assert load("idmc_gidd_disasters", CSV_2022).tally.new > 1700


def test_parts_are_those_of_the_file(load: Load, store_with_places: Engine) -> None:
    """Reported households are not people; the parts of a total are no second total."""
    name = "idmc-gidd/disaggregation_sample.geojson"
    parts = [feature["properties"] for feature in json.loads(recorded(name).content)["features"]]
    assert load("idmc_gidd_disaggregation", name).tally.new == len(parts) == 100
    measures = {"Internal Displacements": "flow", "IDPs": "stock"}
    expected: Counter[tuple[str, str, str]] = Counter()
    for part in parts:
        expected[part["ISO3"], measures[part["Figure category"]], part["Figure cause"].lower()] += part["Total figures"]
    found: Counter[tuple[str, str, str]] = Counter()
    for f in held(store_with_places):
        assert (f.role, str(f.published_on)) == ("context", "2024-05-13")
        found[f.place[:3], f.measure, f.cause] += f.value
    assert found == expected
