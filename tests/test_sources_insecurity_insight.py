"""Insecurity Insight's other lists: incidents that hit food, and overviews by country and year."""

import json
from types import ModuleType
from typing import Any

import pytest

from ingest.contract import SourceModule
from ingest.sources import insecurity_insight_aid_workers_overview as kika
from ingest.sources import insecurity_insight_explosive_weapons as weapons
from ingest.sources import insecurity_insight_food_security as food
from tests.samples import faults, figures, own, parsed, payload, recorded
from tracker.errors import SourceChanged
from tracker.records import AccessFigure, Payload


def told(module: SourceModule, *payloads: Payload) -> list[tuple[Any, ...]]:
    """What each figure counts, where and when, and what it may be used for."""
    return [
        (f.indicator.value, f.variant, str(f.location), f.amount.value, str(f.period.end), f.role.value)
        for f in figures(module, *payloads)
        if isinstance(f, AccessFigure) and f.amount is not None
    ]


def one(module: ModuleType, **changes: Any) -> Payload:
    """The first record of a source's sample, changed, alone."""
    record = json.loads(own(module.SOURCE.code)[0].content)[0]
    return payload(json.dumps([{**record, **{key.replace("_", " "): value for key, value in changes.items()}}]))


def test_food_incident_is_one_incident() -> None:
    """What the provider marks "NotApplicable" it counts all the same; left out, a country loses incidents."""
    assert told(food, *own("insecurity_insight_food_security")) == [
        ("security_incidents", "", "Idlib Governorate, SYR", 1, "2023-05-14", "recommended"),
        ("security_incidents", "", "PSE", 1, "2023-07-02", "recommended"),
    ]
    found = figures(food, *own("insecurity_insight_food_security"))
    assert [(f.external_id, f.topic, f.unit, f.sensitivity) for f in found if isinstance(f, AccessFigure)] == [
        ("911", "food", "incidents", 1),
        ("912", "food", "incidents", 1),
    ]


def test_nothing_of_the_incident_but_place_and_day_is_taken_over() -> None:
    """A description names a place that was hit, and with it who survived there."""
    (first, _) = figures(food, *own("insecurity_insight_food_security"))
    assert "bakery" not in repr(first).lower()


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"SiND_Event_ID": None}, "missing_field"), ({"Country_ISO": ""}, "unknown_place"),
     ({"Date": "14/05/2023"}, "unreadable_date"), ({"FoodSecurity": "Education"}, "unknown_word")],
)  # fmt: skip
def test_incident_that_is_not_understood_is_set_aside(change: dict[str, Any], reason: str) -> None:
    """Incidents without an id merge into one."""
    assert faults(food, one(food, **change)) == [(reason, "[0]/FoodSecurity")]


def test_parts_of_the_events_are_no_totals() -> None:
    """Sectors overlap: five of twelve hit health care, eight a school, and together they are not thirteen."""
    words = "explosive weapons"
    assert told(weapons, one(weapons)) == [
        ("conflict_events", words, "RUS", 12, "2022-12-31", "recommended"),
        ("conflict_events", f"{words}: health care affected", "RUS", 5, "2022-12-31", "context"),
        ("conflict_events", f"{words}: education affected", "RUS", 8, "2022-12-31", "context"),
        ("conflict_events", f"{words}: aid operations affected", "RUS", 0, "2022-12-31", "context"),
        ("conflict_events", f"{words}: food security affected", "RUS", 0, "2022-12-31", "context"),
        ("conflict_events", f"{words}: launched from the air", "RUS", 7, "2022-12-31", "context"),
        ("conflict_events", f"{words}: launched from the ground", "RUS", 2, "2022-12-31", "context"),
        ("conflict_events", f"{words}: emplaced", "RUS", 1, "2022-12-31", "context"),
    ]


def test_region_listed_beside_its_country_is_no_second_country() -> None:
    """Two rows under one code contradict each other, or one region's events become the country's."""
    found = [place for _, variant, place, *_ in told(weapons, *own(weapons.SOURCE.code)) if ":" not in variant]
    assert found == ["RUS", "Chechnya, RUS", "PSE"]


@pytest.mark.parametrize("module", [weapons, kika])
def test_year_that_runs_ends_when_it_was_looked_at(module: ModuleType) -> None:
    """Eight months of a year, shown as a year, look like a fall."""
    assert {end for *_, end, _ in told(module, *own(module.SOURCE.code))} == {"2022-12-31", "2024-09-01"}


def test_overview_of_aid_workers_is_context() -> None:
    """It repeats the incidents: beside them every killed aid worker would be there twice."""
    assert told(kika, one(kika)) == [
        ("security_incidents", "", "PSE", 6, "2022-12-31", "context"),
        ("aid_workers_killed", "", "PSE", 1, "2022-12-31", "context"),
        ("aid_workers_injured", "", "PSE", 2, "2022-12-31", "context"),
        ("aid_workers_arrested", "", "PSE", 7, "2022-12-31", "context"),
    ]
    assert faults(kika, one(kika, Year="22")) == [("unreadable_date", f"[0]/{column}") for column in kika.COLUMNS
                                                  if column != "Total Aid Workers Kidnapped"]  # fmt: skip


@pytest.mark.recorded
@pytest.mark.parametrize(
    ("module", "name", "said"),
    [
        (food, "aid_worker_kika_incidents", "'FoodSecurity' is missing .* another of Insecurity Insight's lists"),
        (food, "explosive_weapons_overview", "'FoodSecurity' is missing .* overview"),
        (weapons, "aid_worker_kika_overview", "'Health Affected' is missing .* the overview of aid workers"),
        (weapons, "food_security_incidents", "'Number Of Events' is missing .* a list of incidents"),
        (kika, "explosive_weapons_overview", "'Total Aid Workers Killed' is missing .* another of"),
        (kika, "aid_worker_kika_incidents", "'Number Of Events' is missing .* a list of incidents"),
    ],
)
def test_lists_are_told_apart(module: ModuleType, name: str, said: str) -> None:
    """One list read as another puts its incidents under that one's heading."""
    with pytest.raises(SourceChanged, match=said):
        parsed(module, recorded(f"insecurity-insight/{name}.json"))  # type: ignore[arg-type]
