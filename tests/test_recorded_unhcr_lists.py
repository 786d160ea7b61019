"""UNHCR's recorded asylum list and demographics, loaded into real stores."""

import csv
import io
from collections import Counter

import pytest
from sqlalchemy import Engine

from tests.recordings import Load, held
from tests.samples import recorded

BULK = "unhcr-statistics/hdx_demographics.csv"

pytestmark = pytest.mark.recorded


def test_applications_in_egypt_2023(load: Load, store_with_places: Engine) -> None:
    """183,051 first applications and 998 appeals are not 184,049 people who applied."""
    name = "unhcr-statistics/asylum_applications_asylum_EGY_2023.json"
    assert load("unhcr_asylum", name).tally.new == 2
    assert {(f.place, f.unit, f.role, f.value) for f in held(store_with_places)} == {
        ("EGY", "persons", "recommended", 183_051),
        ("EGY", "persons", "context", 998),
    }
    assert load("unhcr_asylum", name).tally.unchanged == 2


def test_demographics_of_egypt(load: Load, store_with_places: Engine) -> None:
    """Women and men must each add up to what UNHCR says of all, here at least."""
    assert load("unhcr_demographics", "unhcr-statistics/demographics_asylum_EGY_latest.json").tally.set_aside == 0
    found = {(f.sex, f.age): f.value for f in held(store_with_places)}
    assert len(found) == 15
    assert found["all", "all"] == found["f", "all"] + found["m", "all"] == 1_098_306
    assert found["f", "all"] == sum(n for (sex, age), n in found.items() if sex == "f" and age != "all") == 595_655


def test_bulk_demographics_are_those_of_the_file(load: Load, store_with_places: Engine) -> None:
    """A column that slips by one gives girls' numbers to women."""
    report = load("unhcr_demographics", BULK)
    expected: Counter[tuple[str, ...]] = Counter()
    unknown = 0
    for row in csv.DictReader(io.StringIO(recorded(BULK).content.decode())):
        for column, said in list(row.items())[7:]:
            sex = {"F": "f", "M": "m", "T": "all"}[column[0]]
            age = column.partition("_")[2].replace("_", "-").replace("Unknown", "unknown").replace("total", "all")
            age = {"": "all", "60": "60+"}.get(age, age)
            if float(said) and row["ISO3CoO"] == "UKN":
                unknown += 1
            elif float(said):
                expected[row["PT"], row["Year"], row["ISO3CoA"], sex, age] += int(float(said))
    found: Counter[tuple[str, ...]] = Counter()
    for f in held(store_with_places):
        found[f.population_group, str(f.reference_period_end.year), f.place, f.sex, f.age] += f.value
    assert found == expected
    assert report.tally.set_aside == unknown > 0
    assert load("unhcr_demographics", BULK).tally.unchanged == report.tally.new
