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
