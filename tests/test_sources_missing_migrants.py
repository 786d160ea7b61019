"""IOM's Missing Migrants: parts of an incident are added, and incidents are counted once."""

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from ingest.contract import Scope
from ingest.http import Client
from ingest.sources import iom_missing_migrants as migrants
from tests.recordings import Load, held_access
from tests.samples import faults, figures, own, parsed, payload, recorded
from tracker.errors import SourceChanged
from tracker.records import AccessFigure, Payload

RECORDED = "iom-missing-migrants/missing_migrants_2024.json"


def told(*payloads: Payload) -> list[tuple[Any, ...]]:
    """Which incident, how many, where, when, and how sure."""
    return [
        (f.external_id, f.amount.value, str(f.location), str(f.period.end), f.credibility, f.role.value, f.locator)
        for f in figures(migrants, *payloads)
        if isinstance(f, AccessFigure) and f.amount is not None
    ]


def one(**changed: Any) -> Payload:
    """The sample's first part, changed, alone."""
    part = json.loads(own("iom_missing_migrants")[0].content)[0]
    return payload(json.dumps([{**part, **changed}]))


def test_parts_of_an_incident_are_one_figure() -> None:
    """Two bodies found on one day look alike and are two people; taken for duplicates, one of them is nobody."""
    assert told(*own("iom_missing_migrants")) == [
        ("2024.MMP9003", 34, "Libya", "2024-03-07", 1, "context", "[0]/total_dead_and_missing (sum of 3 rows)")
    ]
    assert len(parsed(migrants, *own("iom_missing_migrants"))) == 4


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"web_id": ""}, "missing_field"),
        ({"country_of_incident": "Mixed/Unknown"}, "unknown_place"),
        ({"country_of_incident": ""}, "unknown_place"),
        ({"reported_date": "March 2024"}, "unreadable_date"),
        ({"total_dead_and_missing": "some"}, "unreadable_number"),
    ],
)
def test_what_is_not_understood_is_set_aside(changed: dict[str, Any], reason: str) -> None:
    """Incidents without an id merge into one."""
    assert faults(migrants, one(**changed)) == [(reason, "[0]/total_dead_and_missing")]


@pytest.mark.parametrize(("quality", "credibility"), [("5", 1), ("1", 5), ("", 6), ("9", 6)])
def test_quality_of_the_evidence_is_turned_round(quality: str, credibility: int) -> None:
    """Their best is 5, ours is 1: the surest deaths would rank as the least likely."""
    assert [row[4] for row in told(one(source_quality=quality))] == [credibility]


def test_object_in_place_of_the_list_is_refused() -> None:
    """A refusal read as an empty year says that nobody died."""
    with pytest.raises(SourceChanged, match="expected a list"):
        parsed(migrants, payload('{"message": "no"}'))


class Provider(Client):
    """Answers in place of IOM: the same year to every question."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:  # noqa: ARG002
        self.asked.append(url)
        return one()


def test_fetch_asks_for_two_years() -> None:
    """In January the bodies of December are still being found."""
    provider = Provider()
    list(migrants.fetch(provider, Scope(("SYR",), date(2024, 1, 3))))
    assert [url.split("/")[-2:] for url in provider.asked] == [["2023", "json"], ["2024", "json"]]


@pytest.mark.recorded
def test_year_is_what_the_file_says(load: Load, store_with_places: Engine) -> None:
    """1,034 rows are 981 incidents and 4,107 people; 36 incidents have several rows."""
    report = load("iom_missing_migrants", RECORDED)
    listed = json.loads(recorded(RECORDED).content)
    lost = [row for row in listed if row["country_of_incident"] == "Mixed/Unknown"]
    assert (report.tally.rows_read, report.tally.new, report.tally.set_aside) == (1034, 980, len(lost))
    expected: Counter[str] = Counter()
    for row in listed:
        if row not in lost:
            expected[row["web_id"]] += int(row["total_dead_and_missing"])
    assert {f.external_id: f.value for f in held_access(store_with_places)} == expected
    assert sum(expected.values()) + sum(int(row["total_dead_and_missing"]) for row in lost) == 4107
    again = load("iom_missing_migrants", RECORDED)
    assert (again.tally.unchanged, again.tally.newly_set_aside) == (980, 0)
