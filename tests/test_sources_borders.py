"""COBAP's policies and Open-Syria's crossing statuses: what is closed, to whom, on which day, and what nobody says."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from ingest.contract import Scope, discover
from ingest.http import Client
from ingest.run import run_source
from ingest.sources import cobap_border_policies as cobap
from ingest.sources import syria_crossings as syria
from tests.samples import faults, figures, own, parsed, payload
from tracker.errors import SourceChanged
from tracker.records import AnyEntry, AnyFigure, BorderStatusFigure, Payload, PointOfEntry
from tracker.vocabulary import Trigger

POLICY = {
    "ID": "MD09", "ISO3": "JOR", "POLICY_TYPE": "PARTIAL", "POLICY_SUBTYPE": "BORDER_CLOSURE", "START_DATE": "03_17_20",
    "END_DATE": "06_30_20", "AIR": "0", "AIR_TYPE": "NA", "LAND": "0", "LAND_TYPE": "NA", "TARGETS_LAND": "NA",
    "SEA": "0", "SEA_TYPE": "NA", "CITIZEN_EXCEP": "0", "SOURCE_QUALITY": "Sure",
}  # fmt: skip


def policy(**changed: str) -> Payload:
    """One policy that differs as given."""
    row = {**POLICY, **changed}
    return payload(",".join(row) + "\n" + ",".join(f'"{cell}"' for cell in row.values()) + "\n", "policies.csv")


def brief(figure: AnyFigure | AnyEntry) -> tuple[Any, ...]:
    """Which border, into which country, for whom, how, and from when to when."""
    assert isinstance(figure, BorderStatusFigure)
    return (
        "-".join(figure.border), figure.direction_into, figure.traffic_class.value, figure.status.value,
        str(figure.period.end), str(figure.valid_until) if figure.valid_until else None,
    )  # fmt: skip


FIRST, LAST = "2020-03-17", "2020-06-30"


def test_complete_closure_closes_everything_though_no_mode_is_named() -> None:
    """AIR, LAND and SEA are all 0 there; read by them, the strictest closure would close nothing."""
    for excepted, whom in (("1", "foreigners"), ("0", "persons")):
        found = figures(cobap, policy(POLICY_TYPE="COMPLETE", CITIZEN_EXCEP=excepted))
        assert [brief(figure) for figure in found] == [("JOR-WORLD", "JOR", whom, "closed", FIRST, LAST)]


def test_ban_on_some_is_no_closed_border() -> None:
    """A ban on those who were in one country shuts nobody else out."""
    for kind in ("HISTORY_BAN", "CITIZENSHIP_BAN", "VISA_BAN", "REFUGEE_BAN"):
        found = figures(cobap, policy(POLICY_SUBTYPE=kind, LAND="1", LAND_TYPE="All"))
        assert [brief(figure) for figure in found] == [("JOR-WORLD", "JOR", "foreigners", "partial", FIRST, LAST)]


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ("Syria, Iraq", [("JOR-Syria", "closed"), ("JOR-Iraq", "closed")]),
        ("Syria,Syria", [("JOR-Syria", "closed")]),
        ("NA", [("JOR-WORLD", "partial")]),
        (",".join(f"Country {n}" for n in range(11)), [("JOR-WORLD", "partial")]),
        ("Syria,,Iraq", [("JOR-WORLD", "partial")]),
    ],
    ids=["two", "twice", "none named", "a rule for the world", "a gap"],
)
def test_closed_land_borders_are_those_that_are_named(targets: str, expected: list[tuple[str, str]]) -> None:
    """A list of 200 countries is a rule with exceptions; taken at its word it closes borders that are none."""
    found = figures(cobap, policy(LAND="1", LAND_TYPE="Specific", TARGETS_LAND=targets))
    assert [(brief(f)[0], brief(f)[3]) for f in found] == expected
    assert len({f.external_id for f in found if isinstance(f, BorderStatusFigure)}) == len(expected)


def test_each_way_of_travel_is_closed_by_itself() -> None:
    """Airports that are shut say nothing of a road."""
    found = figures(cobap, policy(AIR="1", AIR_TYPE="All", SEA="1", SEA_TYPE="Specific"))
    assert [brief(f)[2:4] for f in found] == [("air_travel", "closed"), ("sea_travel", "partial")]


def test_month_stands_first_in_a_date() -> None:
    """The provider's notes say day first: 3 February would become 2 March."""
    (figure,) = figures(cobap, policy(POLICY_TYPE="COMPLETE", START_DATE="02_03_20"))
    assert brief(figure)[4] == "2020-02-03"
    for said in ("17_03_20", "NONE", "2020-03-17"):
        bad = policy(POLICY_TYPE="COMPLETE", START_DATE=said)
        assert faults(cobap, bad) == [("unreadable_date", "csv:2/POLICY_TYPE")]


def test_two_bad_dates_do_not_cost_the_other_policies(store_with_places: Engine, tmp_path: Path) -> None:
    """A research data set with two slips of the pen would not be loaded at all."""
    bad = policy(LAND="1", LAND_TYPE="All", START_DATE="17_03_20").content.decode()
    good = policy(LAND="1", LAND_TYPE="Specific", TARGETS_LAND="Syria, Iraq").content.decode()
    rows = [*(bad.splitlines()[1:] * 2), *(good.splitlines()[1:] * 9)]
    rows = [row.replace("MD09", f"MD{number}") for number, row in enumerate(rows)]
    saved = payload("\n".join([good.splitlines()[0], *rows]) + "\n", "policies.csv")
    module = discover()["cobap_border_policies"]
    report = run_source(store_with_places, tmp_path, module, [saved], Trigger.FILE, lambda _: None)
    assert (report.error, report.tally.new, report.tally.set_aside) == (None, 18, 2)


def test_end_that_is_not_given_is_not_known() -> None:
    """NONE means in force or unknown; it is no last day, and not "for ever"."""
    (figure,) = figures(cobap, policy(POLICY_TYPE="COMPLETE", END_DATE="NONE"))
    assert brief(figure)[5] is None


def test_country_without_a_policy_is_not_open() -> None:
    """No decree found is no news."""
    nothing = policy(POLICY_TYPE="NOPOLICYIMPLEMENTED", POLICY_SUBTYPE="NONE", START_DATE="NONE", END_DATE="NONE")
    assert (figures(cobap, nothing), faults(cobap, nothing)) == ([], [])
    assert faults(cobap, policy(POLICY_TYPE="SOME")) == [("unknown_word", "csv:2/POLICY_TYPE")]


SNAPSHOT = {
    "id": "made", "locationId": "sy-made-border-crossing", "observedStatus": "active", "statusAsOf": "2026-03-09",
    "countryPair": "Lebanon - Syria", "sourceNames": ["Made Gate"], "statusNote": "Open by day.",
}  # fmt: skip


def snapshot(**changed: Any) -> Payload:
    """One observation that differs as given."""
    return payload(json.dumps([{**SNAPSHOT, **changed}]))


def place(*found: AnyFigure | AnyEntry) -> PointOfEntry:
    """The place of the only figure."""
    (figure,) = found
    assert isinstance(figure, BorderStatusFigure)
    assert isinstance(figure.point_of_entry, PointOfEntry)
    return figure.point_of_entry


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("active", "open"),
        ("limited", "partial"),
        ("closed", "closed"),
        ("inactive", "closed"),
        ("unknown", "unknown"),
        (" Active ", "open"),
    ],
)
def test_status_holds_for_its_day(said: str, status: str) -> None:
    """An inactive crossing is not open; and what was seen in March says nothing of May."""
    (figure,) = figures(syria, snapshot(observedStatus=said))
    assert isinstance(figure, BorderStatusFigure)
    assert brief(figure) == ("SYR-LBN", "both", "unspecified", status, "2026-03-09", None)
    assert figure.period.start == figure.period.end
    assert figure.reported_as == f"{said}: Open by day."


def test_word_of_the_route_list_is_set_aside() -> None:
    """ "disrupted" is none of this list's words; guessed, it would be open or closed."""
    assert faults(syria, snapshot(observedStatus="disrupted")) == [("unknown_word", "[0]/observedStatus")]
    assert faults(syria, snapshot(statusAsOf="9 March 2026")) == [("unreadable_date", "[0]/observedStatus")]


@pytest.mark.parametrize(
    ("pair", "neighbour"),
    [("Turkey - Syria", "TUR"), ("Syria - Türkiye", "TUR"), ("Jordan - Syria", "JOR"), ("Iraq - Syria", "IRQ")],
)
def test_both_spellings_of_a_neighbour_are_one(pair: str, neighbour: str) -> None:
    """Two borders for one, each with half of the news."""
    assert place(*figures(syria, snapshot(countryPair=pair))).neighbour == neighbour
    assert faults(syria, snapshot(countryPair="Syria - Cyprus")) == [("unknown_place", "[0]/observedStatus")]


@pytest.mark.parametrize(
    ("identifier", "name", "kind"),
    [
        ("sy-al-ladhiqiyah", "Al Ladhiqiyah Port", "sea"),
        ("sy-qamishli-international-airport", "Qamishli International Airport", "air"),
    ],
)
def test_port_and_airport_have_no_neighbour(identifier: str, name: str, kind: str) -> None:
    """A port under a border's name would open that border; under the town's, it would be the town's airport."""
    record = {name: value for name, value in SNAPSHOT.items() if name != "countryPair"} | {"locationId": identifier}
    found = place(*figures(syria, payload(json.dumps([record]))))
    assert (found.neighbour, found.name, found.kind.value) == ("WORLD", name, kind)
    crossing = {**record, "locationId": "sy-made-border-crossing"}
    with pytest.raises(SourceChanged, match="'countryPair' is missing"):
        parsed(syria, payload(json.dumps([crossing])))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": "made", "indicativeLeadTime": "2 days"}, "the snapshots of routes"),
        ({"id": "made", "operationalStatus": "unknown"}, "the list of places"),
    ],
)
def test_other_lists_of_the_project_are_told_apart(row: dict[str, str], said: str) -> None:
    """In the list of places every status is "unknown", for ever."""
    with pytest.raises(SourceChanged, match=said):
        parsed(syria, payload(json.dumps([row])))


class Provider(Client):
    """Answers in place of Open-Syria."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:
        assert (params, headers) == (None, None)
        self.asked.append(url)
        return own("syria_crossings")[0]


def test_fetch_asks_for_the_statuses() -> None:
    """Its neighbour in the same folder lists routes."""
    provider = Provider()
    assert len(list(syria.fetch(provider, Scope(("SYR",), date(2024, 9, 1))))) == 1
    assert [url.rpartition("/")[2] for url in provider.asked] == ["status-snapshots.json"]
