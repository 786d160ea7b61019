"""Recorded access payloads in real stores: what the store holds is what the raw files say, added up here."""

import csv
import io
import json
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.recordings import Load, held_access
from tests.samples import recorded

AWSD, OCHA = "awsd/awsd_afghanistan.csv", "ocha-access/gho_access_indicators.csv"
PARTS = {"P1": range(1, 3), "P2": range(3, 7), "P3": range(7, 10)}
PILLARS = {
    "P1": "access of people in need to aid",
    "P2": "access of humanitarians to affected areas",
    "P3": "security and physical constraints",
}
CONSTRAINTS = (
    "denial_of_needs", "restriction_of_services", "entry_impediments", "restriction_of_movement", "interference",
    "violence_against_personnel", "insecurity_hostilities", "mines_uxo", "physical_constraints",
)  # fmt: skip

pytestmark = pytest.mark.recorded


def crises(product: str, month: str) -> list[dict[str, Any]]:
    """The rows of a recorded month."""
    found: list[dict[str, Any]] = json.loads(recorded(f"acaps/{product}_{month}.json").content)["results"]
    return found


def lines(name: str) -> list[dict[str, str]]:
    """The rows of a recorded CSV."""
    return list(csv.DictReader(io.StringIO(recorded(name).content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("month", "rows", "regional"), [("May2020", 115, 9), ("Jan2021", 142, 10), ("Nov2021", 129, 10)]
)
def test_access_of_a_month_is_what_acaps_says(
    load: Load, store_with_places: Engine, month: str, rows: int, regional: int
) -> None:
    """One column taken for its neighbour shows in a score; a score read on the wrong scale, in its scale."""
    name = f"acaps/humanitarian_access_{month}.json"
    report = load("acaps_humanitarian_access", name)
    assert (report.tally.rows_read, report.tally.set_aside) == (rows, 14 * regional)
    expected: dict[tuple[str, ...], float] = {}
    for row in crises("humanitarian_access", month):
        crisis = row["crisis_id"]
        if not crisis.startswith("REG"):
            told = [(c, crisis, row[f"I{n}"], "0-3") for n, c in enumerate(CONSTRAINTS, 1)]
            told += [("access_pillar", f"{crisis}: {words}", row[p], "0-5") for p, words in PILLARS.items()]
            told += [("access_index", crisis, row["ACCESS"], "0-5"), ("information_gap", crisis, row["Infogap"], "0-1")]
            expected |= {(crisis[:3], what, variant, scale): value for what, variant, value, scale in told}
    found = {
        (f.place, f.constraint_type or f.indicator, f.variant, f.scale): f.value for f in held_access(store_with_places)
    }
    assert found == expected
    again = load("acaps_humanitarian_access", name)
    assert (again.tally.unchanged, again.tally.newly_set_aside) == (14 * (rows - regional), 0)


def test_pillars_are_those_of_their_indicators(load: Load, store_with_places: Engine) -> None:
    """Which indicator belongs to which pillar is told nowhere; a pillar is 0 exactly when all of its own are."""
    for month in ("May2020", "Jan2021", "Nov2021"):
        load("acaps_humanitarian_access", f"acaps/humanitarian_access_{month}.json")
    scores: dict[tuple[Any, ...], float] = {}
    for f in held_access(store_with_places):
        crisis, _, pillar = f.variant.partition(": ")
        scores[f.reference_period_end, crisis, f.constraint_type or pillar or f.indicator] = f.value
    held = 0
    for (end, crisis, what), score in scores.items():
        if what in PILLARS.values():
            (pillar,) = (name for name, words in PILLARS.items() if words == what)
            own = [scores[end, crisis, CONSTRAINTS[number - 1]] for number in PARTS[pillar]]
            held += (score == 0) == (not any(own))
    assert held == 3 * (115 + 142 + 129 - 9 - 10 - 10)


def test_every_recorded_pillar_holds_before_a_place_is_found_for_it() -> None:
    """The same of the raw rows, with those of regional crises, which have no place: 1,158 of 1,158."""
    rows = [row for month in ("May2020", "Jan2021", "Nov2021") for row in crises("humanitarian_access", month)]
    holds = [(row[p] == 0) == (not any(row[f"I{n}"] for n in part)) for row in rows for p, part in PARTS.items()]
    assert (len(holds), all(holds)) == (1158, True)


def test_syrias_score_of_may_2020_is_one_that_nobody_judged(load: Load, store_with_places: Engine) -> None:
    """1 in May, with 97 % unjudged, and 5 later: without the mark that is the worst year of the war."""
    for month in ("May2020", "Nov2021"):
        load("acaps_humanitarian_access", f"acaps/humanitarian_access_{month}.json")
    assert {
        (str(f.reference_period_end), f.value, f.information_gap)
        for f in held_access(store_with_places)
        if (f.indicator, f.place, f.variant) == ("access_index", "SYR", "SYR001")
    } == {("2020-05-31", 1, True), ("2021-11-30", 5, False)}


def test_month_without_data_adds_nothing(load: Load, store_with_places: Engine) -> None:
    """April 2020 was never published."""
    report = load("acaps_humanitarian_access", "acaps/humanitarian_access_Apr2020.json")
    assert (report.status, report.tally.figures) == ("unchanged", 0)
    assert report.tally.warnings == ["the provider reports nothing (0 rows without a figure)"]
    assert list(held_access(store_with_places)) == []


@pytest.mark.parametrize(
    ("month", "aside", "countries", "twice"), [("Jan2021", 5, 65, {"MOZ"}), ("Nov2021", 6, 64, set())]
)
def test_severity_of_a_month_is_what_acaps_says(
    load: Load, store_with_places: Engine, month: str, aside: int, countries: int, twice: set[str]
) -> None:
    """A crisis counted as its country, or a region's score as a country's, moves a number here."""
    name = f"acaps/inform_severity_{month}.json"
    report = load("acaps_inform_severity", name)
    scored = [row for row in crises("inform_severity", month) if row["INFORM Severity Index"] is not None]
    expected = {
        (row["iso3"][0], row["crisis_id"]): (row["INFORM Severity Index"], row["country_level"] == "Yes")
        for row in scored
        if len(row["iso3"]) == 1
    }
    found = {(f.place, f.variant): (f.value, f.role == "recommended") for f in held_access(store_with_places)}
    assert found == expected
    assert report.tally.set_aside == len(scored) - len(expected) == aside
    key = Counter(place for (place, _), (_, recommended) in found.items() if recommended)
    assert (len(key), {place for place, rows in key.items() if rows > 1}) == (countries, twice)
    again = load("acaps_inform_severity", name)
    assert (again.tally.unchanged, again.tally.newly_set_aside) == (len(expected), 0)


def test_attacks_on_aid_workers_add_up_to_the_file(load: Load, store_with_places: Engine) -> None:
    """617 attacks in Afghanistan: one lost in a description of several lines shows in a year's sum."""
    report = load("aid_worker_security_database", AWSD)
    assert (report.tally.rows_read, report.tally.new, report.tally.set_aside) == (617, 2468, 0)
    columns = {"killed": "killed", "wounded": "injured", "kidnapped": "kidnapped", "detained": "arrested"}
    expected: Counter[tuple[str, int]] = Counter()
    for row in lines(AWSD):
        for column, fate in columns.items():
            expected[f"aid_workers_{fate}", int(row["Year"])] += int(row[f"Total {column}"])
    found: Counter[tuple[str, int]] = Counter()
    precision: Counter[str] = Counter()
    for f in held_access(store_with_places):
        assert f.iso3 == "AFG"
        found[f.indicator, f.reference_period_end.year] += f.value
        precision[f.end_precision] += 1
    assert found == expected
    totals = {fate: sum(n for (what, _), n in found.items() if what.endswith(fate)) for fate in columns.values()}
    assert totals == {"killed": 490, "injured": 400, "kidnapped": 471, "arrested": 20}
    assert precision == {"day": 4 * 581, "month": 4 * 36}
    assert load("aid_worker_security_database", AWSD).tally.unchanged == 2468


def test_shares_and_incidents_of_the_overview_are_those_of_the_sheet(load: Load, store_with_places: Engine) -> None:
    """62 countries; Chad's "1" is the only cell that cannot be read, and a blank is not 0."""
    report = load("ocha_access_indicators", OCHA)
    assert (report.tally.rows_read, report.tally.new, report.tally.set_aside) == (62, 141, 1)
    shares = {
        "% of visas pending or denied": ("visas_denied", ""),
        "% of travel authorizations or movements denied": ("movements_denied", ""),
        "% of CERF projects affected by insecurity and inaccessibility": ("projects_affected", "CERF"),
        "% of CBPF projects affected by insecurity and inaccessibility": ("projects_affected", "CBPF"),
        "Number of incidents reported in previous year": ("security_incidents", "previous year"),
        "Number of incidents reported since start of year": ("security_incidents", "since start of year"),
    }
    expected = {
        (row["ISO Code"], *meaning): float(row[column].rstrip("%"))
        for row in lines(OCHA)[1:]
        for column, meaning in shares.items()
        if row[column] not in ("", "N/A") and (row["ISO Code"], meaning) != ("TCD", ("visas_denied", ""))
    }
    found = {(f.place, f.indicator, f.variant): f.value for f in held_access(store_with_places)}
    assert found == expected
    assert found["SYR", "movements_denied", ""] == 48
    again = load("ocha_access_indicators", OCHA)
    assert (again.tally.unchanged, again.tally.newly_set_aside) == (141, 0)
