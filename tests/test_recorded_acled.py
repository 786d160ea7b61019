"""ACLED's recordings, loaded into real stores: what the store holds is what the files say, added up here."""

import csv
import io
from collections import Counter

import openpyxl
import pytest
from sqlalchemy import Engine

from tests.recordings import Load, held_access
from tests.samples import recorded

CODE = "acled_conflict_events"
API = "acled/acled_read_iso231_2022_trimmed.csv"
BOOK = "acled/hdx_civilian_targeting_as_of_2025-01-10.xlsx"
HAPI = "hdx-hapi/hapi_conflict_events_2025.csv"

pytestmark = pytest.mark.recorded

Sums = Counter[tuple[str, ...]]


def sums(store: Engine) -> Sums:
    """Totals of the store by country, type of event, month and indicator."""
    found: Sums = Counter()
    for f in held_access(store):
        found[f.iso3, f.variant, f"{f.reference_period_start:%Y-%m}", f.indicator] += f.value
    return found


def test_events_of_the_api_are_those_of_the_file(load: Load, store_with_places: Engine) -> None:
    """Seven events, eleven dead in one of them."""
    report = load(CODE, API)
    assert (report.tally.rows_read, report.tally.new, report.tally.set_aside) == (7, 14, 0)
    held = [f for f in held_access(store_with_places) if f.indicator == "fatalities"]
    assert {f.external_id: f.value for f in held if f.value} == {"ETH9226": 11}
    assert {f.iso3 for f in held} == {"ETH"}
    assert load(CODE, API).tally.unchanged == 14


def test_workbook_totals_are_those_of_the_file(load: Load, store_with_places: Engine) -> None:
    """6,791 rows in three sheets; a sheet left out, or a code two districts share, shows in a country's sum."""
    report = load(CODE, BOOK)
    assert (report.tally.rows_read, report.tally.new, report.tally.set_aside) == (6791, 13582, 0)
    expected: Sums = Counter()
    totals: Counter[str] = Counter()
    book = openpyxl.load_workbook(io.BytesIO(recorded(BOOK).content), read_only=True, data_only=True)
    for title in ("Non_HRP", "HRP_1", "HRP_2"):
        header, *rows = book[title].iter_rows(values_only=True)
        for cells in rows:
            row = dict(zip(header, cells, strict=True))
            assert row["Month"] == "January"
            for column, indicator in (("Events", "conflict_events"), ("Fatalities", "fatalities")):
                totals[indicator] += row[column]
                if "ISO3" in row:
                    expected[row["ISO3"], "civilians targeted", f"{row['Year']}-01", indicator] += row[column]
    found = sums(store_with_places)
    assert {key: value for key, value in found.items() if key in expected} == expected
    assert totals == {"conflict_events": 1260, "fatalities": 3085}
    for indicator, total in totals.items():
        assert sum(value for key, value in found.items() if key[3] == indicator) == total
    assert load(CODE, BOOK).tally.unchanged == 13582


def test_hapi_totals_are_those_of_the_file(load: Load, store_with_places: Engine) -> None:
    """14,373 rows; three of them HDX calls wrong, and deaths in demonstrations are nowhere counted."""
    report = load(CODE, HAPI)
    assert (report.tally.rows_read, report.tally.set_aside) == (14373, 5)
    kinds = {"political_violence": "political violence", "civilian_targeting": "civilians targeted"}
    expected: Sums = Counter()
    for row in csv.DictReader(io.StringIO(recorded(HAPI).content.decode("utf-8-sig"))):
        key = (row["location_code"], kinds.get(row["event_type"], "demonstrations"), row["reference_period_start"][:7])
        if not row["error"]:
            expected[*key, "conflict_events"] += int(row["events"])
            if row["fatalities"]:
                expected[*key, "fatalities"] += int(row["fatalities"])
    assert sums(store_with_places) == expected
    assert len({key[0] for key in expected}) == 242
    again = load(CODE, HAPI)
    assert (again.tally.unchanged, again.tally.newly_set_aside) == (report.tally.new, 0)
    assert report.tally.new == 14373 * 2 - 4791 - 5
