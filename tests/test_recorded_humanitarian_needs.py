"""HAPI's recorded humanitarian needs, loaded into real stores: what the store holds is what the file says."""

import csv
import io
from collections import Counter

import pytest
from sqlalchemy import Engine

from tests.recordings import Load, held_access
from tests.samples import recorded

CODE, NEEDS = "hdx_hapi_humanitarian_needs", "hdx-hapi/hapi_humanitarian_needs_2024.csv"
STATUSES = {"INN": "people_in_need", "TGT": "people_in_need", "REA": "people_reached", "AFF": "people_affected"}

pytestmark = pytest.mark.recorded


def test_needs_are_those_of_the_file(load: Load, store_with_places: Engine) -> None:
    """1,942 rows: 14 of everybody, 18 that HDX calls wrong, 72 of households, and the rest in some sum here."""
    report = load(CODE, NEEDS)
    assert (report.tally.rows_read, report.tally.new, report.tally.set_aside) == (1942, 1942 - 14 - 18 - 72, 18 + 72)
    expected: Counter[tuple[str, str, str]] = Counter()
    for row in csv.DictReader(io.StringIO(recorded(NEEDS).content.decode())):
        if row["population_status"] in STATUSES and not row["error"] and "Households" not in row["category"]:
            whole = (row["sector_code"], row["category"] in ("", "total")) == ("Intersectoral", True)
            role = "recommended" if whole and row["population_status"] != "TGT" else "context"
            expected[row["location_code"], STATUSES[row["population_status"]], role] += int(row["population"])
    found: Counter[tuple[str, str, str]] = Counter()
    for f in held_access(store_with_places):
        found[f.iso3, f.indicator, f.role] += f.value
    assert found == expected
    countries = {f.place: f.value for f in held_access(store_with_places)
                 if (f.indicator, f.role) == ("people_in_need", "recommended") and f.place == f.iso3}  # fmt: skip
    assert countries == {"AFG": 23666389, "SDN": 24786370}
    again = load(CODE, NEEDS)
    assert (again.tally.unchanged, again.tally.newly_set_aside) == (report.tally.new, 0)
