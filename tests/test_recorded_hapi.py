"""HAPI's recorded files, loaded into real stores: what the store holds is what the files say, added up here."""

import csv
import io
from collections import Counter

import pytest
from sqlalchemy import Engine

from tests.recordings import Load, held
from tests.samples import recorded

IDPS, RETURNEES = "hdx-hapi/hapi_idps_afg_hti_tcd.csv", "hdx-hapi/hapi_returnees_global.csv"

pytestmark = pytest.mark.recorded


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a recorded file."""
    return list(csv.DictReader(io.StringIO(recorded(name).content.decode("utf-8-sig"))))


def test_idps_of_three_countries_are_those_of_the_file(load: Load, store_with_places: Engine) -> None:
    """A level, an operation or a kind of assessment taken for another one shows in some sum of people."""
    report = load("hdx_hapi_idps", IDPS)
    assert (report.tally.rows_read, report.tally.new, report.tally.set_aside) == (6854, 6854, 0)
    expected: Counter[tuple[str, str, str, bool]] = Counter()
    for row in rows(IDPS):
        variant = f"{row['operation']} ({row['assessment_type']})"
        at_country = row["admin_level"] == "0"
        expected[row["location_code"], variant, row["reference_period_end"], at_country] += int(row["population"])
    found: Counter[tuple[str, str, str, bool]] = Counter()
    for f in held(store_with_places):
        found[f.place[:3], f.variant, str(f.reference_period_end), f.place in ("AFG", "HTI", "TCD")] += f.value
    assert found == expected
    chad = {f.variant[-3:-1]: f.value for f in held(store_with_places) if f.place == "TCD" and f.note == "round 1"}
    assert chad == {"BA": 147_032, "SA": 147_032}
    again = load("hdx_hapi_idps", IDPS)
    assert (again.tally.unchanged, again.tally.figures) == (6854, 6854)


def test_returnees_are_those_of_the_file(load: Load, store_with_places: Engine) -> None:
    """Ages and sexes among the totals treble the returns; HDX's own errors must be visible, not loaded."""
    report = load("hdx_hapi_returnees", RETURNEES)
    assert (report.tally.rows_read, report.tally.new, report.tally.set_aside) == (2301, 2288, 13)
    expected: Counter[tuple[str, ...]] = Counter()
    for row in rows(RETURNEES):
        if not row["error"]:
            role = "recommended" if (row["gender"], row["age_range"]) == ("all", "all") else "context"
            end = row["reference_period_end"]
            expected[row["population_group"], row["origin_location_code"], end, role] += int(row["population"])
    found: Counter[tuple[str, ...]] = Counter()
    for f in held(store_with_places):
        found[f.population_group, f.place, str(f.reference_period_end), f.role] += f.value
    assert found == expected
    again = load("hdx_hapi_returnees", RETURNEES)
    assert (again.tally.unchanged, again.tally.set_aside, again.tally.newly_set_aside) == (2288, 13, 0)
