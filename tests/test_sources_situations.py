"""UNHCR's data portal: which sum of groups becomes which figure, in whose country, and what it counts."""

import json
from datetime import date
from typing import Any

import pytest

from ingest.contract import Scope
from ingest.http import Client
from ingest.sources import unhcr_situations as situations
from tests.samples import faults, figures, own, parsed, payload
from tracker.errors import SourceChanged
from tracker.records import AnyEntry, AnyFigure, DisplacementFigure, Payload


def brief(figure: AnyFigure | AnyEntry) -> tuple[Any, ...]:
    """What a figure says."""
    assert isinstance(figure, DisplacementFigure)
    return (
        figure.measure.value, figure.population_group.value, str(figure.location),
        str(figure.origin) if figure.origin else None, figure.variant, figure.amount.value, str(figure.period.end),
    )  # fmt: skip


def sample(number: int, **changed: Any) -> Payload:
    """The first row of a sample, changed, alone."""
    body = json.loads(own("unhcr_situations")[number].content)
    return payload(json.dumps({**body, "data": [{**body["data"][0], **changed}]}))


def test_origins_become_these_figures() -> None:
    """A merged row bears its first group's type: asylum seekers in it would all be refugees."""
    assert [brief(figure) for figure in figures(situations, own("unhcr_situations")[0])] == [
        ("stock", "REF", "Lebanon", "SYR", "groups 4685, 4774", 812_000, "2024-06-30"),
        ("stock", "DISP", "Lebanon", "SDN", "groups 4704, 4739", 4100, "2024-05-31"),
        ("stock", "ASY", "Lebanon", None, "groups 4952, from Various", 35, "2024-05-31"),
    ]


def test_countries_become_these_figures() -> None:
    """Syrians and Somalis together must not be Syrians; a row of nulls is no country without refugees."""
    assert [brief(figure) for figure in figures(situations, own("unhcr_situations")[1])] == [
        ("stock", "REF", "Lebanon", "SYR", "groups 4685, 4774", 830_000, "2022-03-31"),
        ("stock", "REF", "Jordan", None, "groups 4684, 4765, from several countries", 52_000, "2022-04-30"),
        ("stock", "DISP", "Sudan", "ERI", "groups 5189", 90, "2022-04-30"),
    ]
    assert faults(situations, own("unhcr_situations")[1]) == []


def test_some_groups_are_movements() -> None:
    """A day's crossings and all since the start look alike; read as people, they would be added or compared."""
    assert [brief(figure) for figure in figures(situations, *own("unhcr_situations")[2:4])] == [
        ("cumulative", "REF", "Poland", "UKR", "groups 5478", 1_250_000, "2022-08-01"),
        ("flow", "REF", "Republic of Moldova", "UKR", "groups 5457", 3100, "2022-08-01"),
        ("cumulative", "REF", "WORLD", "UKR", "groups 5478, all countries of the situation", 85_100, "2022-04-25"),
        ("cumulative", "REF", "WORLD", "UKR", "groups 5478, all countries of the situation", 128_200, "2022-04-27"),
    ]
    for figure in figures(situations, own("unhcr_situations")[3]):
        assert isinstance(figure, DisplacementFigure)
        assert (figure.since, figure.role.value) == (None, "context")


@pytest.mark.parametrize("name", ["series.json", "series_sv54_9999.json", "5457_and_5478.json"])
def test_series_of_unknown_group_is_refused(name: str) -> None:
    """79,982 crossings of a day and 100,968 people since the start stand in answers of the same shape."""
    with pytest.raises(SourceChanged, match="5457, 5478"):
        parsed(situations, payload(own("unhcr_situations")[3].content, name))


def test_hdx_rows_become_these_figures() -> None:
    """The type HDX repeats is that of the first group: 526,062 "asylum seekers" in Uganda are refugees."""
    variant = "refugees and asylum seekers (HDX: Refugees)"
    assert [brief(figure) for figure in figures(situations, own("unhcr_situations")[4])] == [
        ("stock", "DISP", "SDN", None, f"{variant}, from Others", 36, "2024-03-31"),
        ("stock", "DISP", "SDN", "SSD", variant, 663_000, "2024-03-31"),
    ]
    at_home = own("unhcr_situations")[4].content.decode().replace("South Sudan,SSD", "Sudan,SDN")
    assert faults(situations, payload(at_home)) == [("origin_mismatch", "csv:3/Individuals")]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"population_group_id": "4774, 5478"}, "measure_mismatch"),
        ({"population_group_id": None}, "missing_field"),
        ({"individuals": "1,000"}, "unreadable_number"),
        ({"date": "31/03/2022"}, "unreadable_date"),
    ],
)
def test_unreadable_rows_are_set_aside(changed: dict[str, Any], reason: str) -> None:
    """Movements added to people are neither."""
    assert faults(situations, sample(1, **changed)) == [(reason, "data[0]/individuals")]


def test_displaced_people_at_home_have_no_other_country() -> None:
    """UNHCR's own code of the country is an origin there, and MYA no ISO3 code."""
    group = {"pop_type_code": "IDP", "pop_origin_code": "MYA", "pop_origin_name": "Myanmar"}
    (figure,) = figures(situations, sample(1, geomaster_name="Myanmar", population_groups=[group]))
    assert brief(figure)[1:5] == ("IDP", "Myanmar", None, "groups 4685, 4774")


class Provider(Client):
    """Answers in place of the portal."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:  # noqa: ARG002
        self.asked.append((url, params))
        return own("unhcr_situations")[0]


def test_fetch_asks_for_countries_with_a_number() -> None:
    """Another country's number would put its refugees here."""
    provider = Provider()
    list(situations.fetch(provider, Scope(("LBN", "NRU", "SYR"), date(2024, 9, 1))))
    address = "https://data.unhcr.org/population/get/origin"
    assert provider.asked == [
        (address, {"geo_id": 71, "population_collection": "4,29"}),
        (address, {"geo_id": 112, "population_collection": "4,29"}),
    ]
