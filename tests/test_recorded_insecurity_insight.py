"""Insecurity Insight's recorded lists, loaded into real stores: what the store holds is what the files say."""

import json
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.recordings import Load, held_access
from tests.samples import recorded

FOOD, WEAPONS, KIKA = (
    "insecurity_insight_food_security",
    "insecurity_insight_explosive_weapons",
    "insecurity_insight_aid_workers_overview",
)
FILES = {
    FOOD: "insecurity-insight/food_security_incidents.json",
    WEAPONS: "insecurity-insight/explosive_weapons_overview.json",
    KIKA: "insecurity-insight/aid_worker_kika_overview.json",
}

pytestmark = pytest.mark.recorded


def rows(code: str) -> list[dict[str, Any]]:
    """The rows of a source's recording."""
    found: list[dict[str, Any]] = json.loads(recorded(FILES[code]).content)
    return found


@pytest.mark.parametrize(("code", "read", "figures"), [(FOOD, 12, 12), (WEAPONS, 160, 1440), (KIKA, 165, 825)])
def test_recording_loads_once(load: Load, code: str, read: int, figures: int) -> None:
    """A figure loaded twice is an incident counted twice; one set aside in silence is an incident forgotten."""
    first = load(code, FILES[code])
    assert (first.tally.rows_read, first.tally.new, first.tally.set_aside) == (read, figures, 0)
    again = load(code, FILES[code])
    assert (again.tally.unchanged, again.tally.newly_set_aside) == (figures, 0)


def test_food_incidents_are_those_of_the_file(load: Load, store_with_places: Engine) -> None:
    """The provider's own overview has eight in Palestine in 2024, and one each in the four other country-years."""
    load(FOOD, FILES[FOOD])
    found = Counter((f.iso3, f.reference_period_end.year) for f in held_access(store_with_places))
    assert found == {("PSE", 2024): 8, ("PSE", 2023): 1, ("SSD", 2024): 1, ("SDN", 2024): 1, ("SYR", 2023): 1}


def test_explosive_weapons_are_those_of_the_file(load: Load, store_with_places: Engine) -> None:
    """A region's events put in the place of its country's show in the sum of the country."""
    load(WEAPONS, FILES[WEAPONS])
    expected: Counter[tuple[str, int]] = Counter()
    for row in rows(WEAPONS):
        expected[row["Country ISO"], int(row["Year"])] += int(row["Number Of Events"])
    found: Counter[tuple[str, int]] = Counter()
    for f in held_access(store_with_places):
        if f.role == "recommended":
            found[f.iso3, f.reference_period_end.year] += f.value
    assert found == expected
    russia = {
        f.provider_place: f.value
        for f in held_access(store_with_places)
        if (f.iso3, f.variant, f.reference_period_end.year) == ("RUS", "explosive weapons", 2024)
    }
    assert russia == {None: 12, "Chechnya": 7}


def test_overview_is_the_sum_of_the_incidents(load: Load, store_with_places: Engine) -> None:
    """The provider adds up its 1,299 incidents by country and year; what the store holds of it must be that sum."""
    load(KIKA, FILES[KIKA])
    expected: Counter[tuple[str, str, int]] = Counter()
    for incident in json.loads(recorded("insecurity-insight/aid_worker_kika_incidents.json").content):
        where = incident["Country ISO"], int(incident["Date"][:4])
        expected["security_incidents", *where] += 1
        for fate in ("Killed", "Injured", "Kidnapped", "Arrested"):
            expected[f"aid_workers_{fate.lower()}", *where] += int(incident[f"Aid Workers {fate}"])
    held = {(f.indicator, f.place, f.reference_period_end.year): f.value for f in held_access(store_with_places)}
    assert held == expected
    assert len(held) == 165 * 5
    assert sum(value for (indicator, *_), value in held.items() if indicator == "security_incidents") == 1299
