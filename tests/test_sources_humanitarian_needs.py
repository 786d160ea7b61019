"""HDX HAPI's humanitarian needs: which number is the people in need, and which are parts of it."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from ingest.contract import Scope
from ingest.http import Client
from ingest.sources import hdx_hapi_humanitarian_needs as needs
from tests.samples import faults, figures, own, parsed, payload, recorded
from tracker.errors import SourceChanged
from tracker.records import AccessFigure, Payload


def told(*payloads: Payload) -> list[tuple[Any, ...]]:
    """What each figure counts, of whom, where and when, and what it may be used for."""
    return [
        (
            f.indicator.value, f.topic.value if f.topic else None, f.variant, str(f.location), f.amount.value,
            str(f.period.end), f.period.end_precision.value, f.role.value,
        )
        for f in figures(needs, *payloads)
        if isinstance(f, AccessFigure) and f.amount is not None
    ]  # fmt: skip


def one(**changed: Any) -> Payload:
    """The first row of the sample page, changed, alone."""
    row = json.loads(own("hdx_hapi_humanitarian_needs")[0].content)["data"][0]
    return payload(json.dumps({"data": [{**row, **changed}]}))


def test_only_the_total_over_sectors_and_categories_is_a_headline() -> None:
    """A child in need of water is in the total already; everybody who lives there is in need of nothing said here."""
    gbv, water, start = "Gender Based Violence; targeted", "Water Sanitation Hygiene; Children", "2024-01-05"
    district = "Jebel Awlia, Khartoum, SD01001"
    assert told(*own("hdx_hapi_humanitarian_needs")) == [
        ("people_in_need", None, "", "AFG", 9100, start, "year", "recommended"),
        ("people_in_need", "protection", gbv, "Kabul, AF01", 310, start, "year", "context"),
        ("people_reached", None, "", "SDN", 1400, start, "year", "recommended"),
        ("people_in_need", "water", water, district, 120, start, "year", "context"),
        ("people_affected", None, "", district, 800, start, "year", "recommended"),
    ]


def test_people_targeted_are_not_those_in_need() -> None:
    """Without its word the smaller number would contradict the larger, and both be set aside."""
    assert told(one(population_status="TGT")) == [
        ("people_in_need", None, "targeted", "AFG", 9100, "2024-01-05", "year", "context")
    ]


def test_plan_of_the_running_year_is_no_forecast() -> None:
    """A plan runs to December; held against its last day, its needs would be unknown until then."""
    (figure,) = figures(needs, one(warning="Rounded value"))
    assert isinstance(figure, AccessFigure)
    assert figure.period.start == figure.period.end == date(2024, 1, 5)
    assert figure.note == "plan of 2024-01-05 to 2024-12-24; HDX: Rounded value"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"error": "No cluster for entity 7454"}, "provider_error"),
        ({"population_status": "PIN"}, "unknown_word"),
        ({"sector_code": ""}, "missing_field"),
        ({"category": "Total Households"}, "unknown_word"),
        ({"population": "many"}, "unreadable_number"),
        ({"admin_level": 3}, "unknown_word"),
        ({"admin_level": 1}, "unknown_place"),
    ],
)
def test_what_is_not_understood_is_set_aside(changed: dict[str, Any], reason: str) -> None:
    """484,749 households in the column of people are a seventh of those in need."""
    assert faults(needs, one(**changed)) == [(reason, "data[0]/population")]


class Provider(Client):
    """Answers in place of HAPI: a page without rows to every question."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def credential(self, variable: str) -> str:
        return variable

    def get(
        self, url: str, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> Payload:
        self.asked.append((url, dict(params or {})))
        return payload('{"data": []}')


def test_fetch_asks_for_countries_and_provinces() -> None:
    """Asked for all levels, one country is hundreds of pages."""
    provider = Provider()
    assert len(list(needs.fetch(provider, Scope(("SYR", "LBN"), date(2024, 9, 1))))) == 4
    assert [(p["location_code"], p["admin_level"]) for _, p in provider.asked] == [
        ("SYR", "0"), ("SYR", "1"), ("LBN", "0"), ("LBN", "1"),
    ]  # fmt: skip
    assert {url.rpartition("/")[2] for url, _ in provider.asked} == {"humanitarian-needs"}


@pytest.mark.recorded
@pytest.mark.parametrize(
    ("name", "said"),
    [("hapi_conflict_events_2025", "conflict events"), ("hapi_idps_afg_hti_tcd", "internally displaced"),
     ("hapi_returnees_global", "refugees or returnees")],
)  # fmt: skip
def test_other_themes_are_told_apart(name: str, said: str) -> None:
    """Displaced people are not all the people in need."""
    with pytest.raises(SourceChanged, match=said):
        parsed(needs, recorded(f"hdx-hapi/{name}.csv"))
