"""The portal's recorded answers, loaded into real stores: what the store holds is what they say, added up here."""

import csv
import io
import json
from collections import Counter

import pytest
from sqlalchemy import Engine

from ingest.contract import discover
from tests.recordings import Load, held
from tests.samples import figures, recorded

SOURCE, FOLDER = "unhcr_situations", "unhcr-odp"

pytestmark = pytest.mark.recorded


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("population_c4_geo71_lebanon_refugees", ("LBN", "REF", "stock", 839_086)),
        ("population_c4_geo36_jordan_refugees", ("JOR", "REF", "stock", 674_458)),
        ("population_c4_geo5_iraq_refugees", ("IRQ", "REF", "stock", 258_965)),
        ("population_c4_geo1_egypt_refugees", ("EGY", "REF", "stock", 148_138)),
        ("population_c4_geo295_sudan_refugees", ("SDN", "REF", "stock", 803_634)),
        ("population_c71_geo295_sudan_refugees_and_asylum_seekers", ("SDN", "DISP", "stock", 332_177)),
        ("population_geo693_myanmar_idps_2021-12", ("MMR", "IDP", "stock", 671_011)),
    ],
)
def test_country_is_what_the_portal_says(
    load: Load, store_with_places: Engine, name: str, people: tuple[str, str, str, int]
) -> None:
    """Read under another group, the people of collection 71 would stand a second time in those of 4."""
    load(SOURCE, f"{FOLDER}/{name}.json")
    (f,) = held(store_with_places)
    assert (f.place, f.population_group, f.measure, f.value) == people


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("origin_geo259_south_sudan", {"South Sudan"}),
        ("origin_geo295_sudan", {"Sudan"}),
        ("sublocation_sv48_west_central_africa", set()),
        ("sublocation_sv54_ukraine", set()),
    ],
)
def test_rows_are_those_of_the_file(load: Load, store_with_places: Engine, name: str, left_out: set[str]) -> None:
    """What cannot be (refugees at home) is set aside; everybody else is there, in a country the gazetteer knows."""
    rows = json.loads(recorded(f"{FOLDER}/{name}.json").content)["data"]
    out = [r for r in rows if (r.get("pop_origin_name") or r["geomaster_name"]) in left_out]
    report = load(SOURCE, f"{FOLDER}/{name}.json")
    assert report.tally.set_aside == len(out) == len(left_out)
    total = sum(int(r["individuals"]) for r in rows) - sum(int(r["individuals"]) for r in out)
    assert sum(f.value for f in held(store_with_places)) == total
    assert {f.measure for f in held(store_with_places)} == {"cumulative" if "ukraine" in name else "stock"}
    assert load(SOURCE, f"{FOLDER}/{name}.json").tally.unchanged == report.tally.new


def test_series_is_that_of_the_file(load: Load, store_with_places: Engine) -> None:
    """69 days, the last of them with 6.3 million people since the start."""
    name = f"{FOLDER}/timeseries_sv54_ukraine_5478.json"
    assert load(SOURCE, name).tally.new == 69
    points = json.loads(recorded(name).content)["data"]["timeseries"]
    found = {str(f.reference_period_end): f.value for f in held(store_with_places)}
    assert found == {point["data_date"]: point["individuals"] for point in points}
    assert found["2022-08-03"] == 6_307_137


def test_hdx_copy_is_that_of_the_file(load: Load, store_with_places: Engine) -> None:
    """Two rows are of people in their own country; all others add up by country."""
    name = f"{FOLDER}/hdx_unhcr_situations.csv"
    assert load(SOURCE, name).tally.set_aside == 2
    expected: Counter[str] = Counter()
    for row in csv.DictReader(io.StringIO(recorded(name).content.decode("utf-8-sig"))):
        expected[row["ISO3"]] += int(row["Individuals"]) if row["ISO3"] != row["ISO3 of Origin"] else 0
    found: Counter[str] = Counter()
    for f in held(store_with_places):
        found[f.place] += f.value
    assert found == expected


def test_row_of_nulls_is_no_figure() -> None:
    """Syria in collection 4 is unknown to the portal, not empty."""
    assert figures(discover()[SOURCE], recorded(f"{FOLDER}/population_c4_geo112_syria_empty_row.json")) == []
