"""Recorded border payloads in real stores: each status at the crossing it is about, each policy once."""

import csv
import io
import json
from collections import Counter

import pytest
from sqlalchemy import Engine, func, select

from tests.recordings import Load, held_statuses
from tests.samples import recorded
from tracker.tables import PointOfEntry

SYRIA, COBAP = "border-syria/status_snapshots.json", "border-cobap/policy_list_2021-12-21.csv"
CROSSINGS = {
    "judaydat-yabus": "masnaa", "ash-shaykh-jabir": "arida", "riblah": "jousieh", "al-abbudiyah": "dabboussieh",
    "bab-al-hawa": "bab_al_hawa", "bab-al-salam": "bab_al_salama", "al-rai": "al_rai", "peshakapor": "semalka",
    "abu-kamal": "albukamal", "at-tanf": "al_tanf", "nasib": "nasib",
}  # fmt: skip
"""Open-Syria's names beside those of the seed, matched by hand; Sheikh Jaber is Arida there, and not Jaber of Nasib."""
STATUSES = {"active": "open", "limited": "partial", "closed": "closed", "inactive": "closed"}

pytestmark = pytest.mark.recorded


def test_statuses_of_four_days_are_at_the_crossings_of_the_seed(load: Load, store_with_places: Engine) -> None:
    """A second Masnaa beside the first would be open while the other is closed."""
    with store_with_places.connect() as connection:
        before = connection.scalar(select(func.count()).select_from(PointOfEntry))
    report = load("syria_crossings", SYRIA)
    assert (report.tally.rows_read, report.tally.new, report.tally.set_aside) == (28, 28, 0)
    expected = Counter()
    for record in json.loads(recorded(SYRIA).content):
        place = record["locationId"].removeprefix("sy-")
        crossing = CROSSINGS.get(place.removesuffix("-border-crossing"), "port or airport")
        expected[crossing, record["statusAsOf"], STATUSES[record["observedStatus"]]] += 1
    found: Counter[tuple[str, str, str]] = Counter()
    others = set()
    for s in held_statuses(store_with_places):
        if s.crossing in CROSSINGS.values():
            found[s.crossing, str(s.reference_period_end), s.status] += 1
        else:
            found["port or airport", str(s.reference_period_end), s.status] += 1
            others.add((s.crossing, s.kind))
    assert found == expected
    assert {day for _, day, _ in found} == {"2026-03-09", "2026-04-30", "2026-05-21", "2026-05-25"}
    assert Counter(kind for _, kind in others) == {"air": 4, "sea": 2}
    with store_with_places.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(PointOfEntry)) == before + len(others)
    assert load("syria_crossings", SYRIA).tally.unchanged == 28


def test_policies_are_those_of_the_file(load: Load, store_with_places: Engine) -> None:
    """A complete closure names no way of travel; read by the ways, 422 of them would close nothing."""
    report = load("cobap_border_policies", COBAP)
    assert (report.tally.rows_read, report.tally.new, report.tally.set_aside) == (1762, 2197, 130)
    rows = list(csv.DictReader(io.StringIO(recorded(COBAP).content.decode("utf-8-sig"))))
    usable = [row for row in rows if row["ISO3"] not in ("EUR", "SOL") and not _reversed(row)]
    complete = Counter(row["ISO3"] for row in usable if row["POLICY_TYPE"] == "COMPLETE")
    bans = Counter(row["ISO3"] for row in usable if _is_ban(row))
    statuses = list(held_statuses(store_with_places))
    assert Counter(s.side for s in statuses if s.external_id.endswith(" all")) == complete
    assert Counter(s.side for s in statuses if s.external_id.endswith(" entry")) == bans
    for mode, whom in (("AIR", "air_travel"), ("SEA", "sea_travel")):
        closed = [row for row in usable if row["POLICY_SUBTYPE"] == "BORDER_CLOSURE" and row[mode] == "1"]
        by_whom = [s for s in statuses if s.traffic_class == whom]
        assert Counter(s.side for s in by_whom) == Counter(row["ISO3"] for row in closed)
        assert sum(s.status == "closed" for s in by_whom) == sum(row[f"{mode}_TYPE"].lower() == "all" for row in closed)
    assert {s.direction_into == s.side for s in statuses} == {True}
    again = load("cobap_border_policies", COBAP)
    assert (again.tally.unchanged, again.tally.newly_set_aside) == (2197, 0)


def _is_ban(row: dict[str, str]) -> bool:
    return row["POLICY_TYPE"] == "PARTIAL" and row["POLICY_SUBTYPE"] != "BORDER_CLOSURE"


def _reversed(row: dict[str, str]) -> bool:
    """Whether a policy ends before it starts, both dates written month first."""
    start, end = ((d[6:], d[:5]) for d in (row["START_DATE"], row["END_DATE"]))
    return "NONE" not in (row["START_DATE"], row["END_DATE"]) and end < start
