"""Somalia's recorded workbook, loaded into real stores: what the store holds is what its rows add up to."""

import io
from collections import Counter

import openpyxl
import pytest
from sqlalchemy import Engine

from tests.recordings import Load, held
from tests.samples import recorded

NAME = "unhcr-prmn/somalia_prmn_2023.xlsx"

pytestmark = pytest.mark.recorded


def test_flows_are_those_of_the_workbook(load: Load, store_with_places: Engine) -> None:
    """57,666 rows: a year or a reason that loses one of them shows in its sum."""
    sheet = openpyxl.load_workbook(io.BytesIO(recorded(NAME).content), read_only=True)["OutputsArrivals"]
    _, *rows = sheet.iter_rows(values_only=True)
    expected: Counter[tuple[int, str]] = Counter()
    for row in rows:
        expected[row[1] // 100, row[6]] += row[8]
    report = load("unhcr_prmn_somalia", NAME)
    assert (report.tally.rows_read, report.tally.set_aside, report.tally.duplicate) == (57_666, 0, 0)
    assert report.tally.new == len({(row[1], row[0], row[3], row[5], row[6]) for row in rows})
    found: Counter[tuple[int, str]] = Counter()
    for f in held(store_with_places):
        found[f.reference_period_end.year, f.variant] += f.value
    assert found == expected
