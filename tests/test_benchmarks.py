"""The made feed of the benchmarks: its answer key is right, or every comparison with it proves the wrong thing."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.places import write_places
from benchmarks.workload import make

ROWS = 5_000
REQUIRED = ("source", "publication_date", "country", "measure", "value", "period_start", "period_end")
DIMENSIONS = [
    "source",
    "country",
    "admin1",
    "admin2",
    "origin",
    "population_group",
    "measure",
    "unit",
    "cause",
    "sex",
    "age_group",
    "period_start",
    "period_end",
]

Row = dict[str, str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("workload")
    make(ROWS, made)
    return made


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[Row]:
    return read(folder / "observations.csv")


@pytest.fixture(scope="module")
def known(folder: Path) -> set[str]:
    return {""} | {row["P-Code"] for row in read(folder / "places.csv")}


@pytest.fixture(scope="module")
def good(rows: list[Row], known: set[str]) -> list[Row]:
    return [row for row in rows if not fault(row, known)]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def fault(row: Row, known: set[str]) -> str | None:
    """What a strict reader finds wrong with a row, in the words of the key."""
    if not all(row[name] for name in REQUIRED):
        return "missing_required"
    if not all(is_day(row[name]) for name in ("publication_date", "period_start", "period_end")):
        return "malformed_date"
    if row["admin1"] not in known or row["admin2"] not in known:
        return "unknown_pcode"
    if not row["value"].lstrip("-").isdecimal():
        return "text_number"
    return "negative_value" if row["value"].startswith("-") else None


def test_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Two runs on two feeds cannot be compared: the ratio between them would be a number of nothing."""
    make(ROWS, tmp_path / "again")
    make(ROWS, tmp_path / "other", seed=2)
    for name in ("observations.csv", "places.csv", "bad_rows.csv", "answer_key.json"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()
    assert (tmp_path / "other" / "observations.csv").read_bytes() != (folder / "observations.csv").read_bytes()


def test_answer_key_is_what_a_plain_reader_counts(folder: Path, rows: list[Row], known: set[str]) -> None:
    """A key that is off by one blames the store for a figure it did not lose, or hides one that it did."""
    bad: Counter[str] = Counter()
    seen: set[tuple[str, ...]] = set()
    vintages: dict[tuple[str, str], dict[str, int]] = {}
    duplicates = 0
    for row in rows:
        cells = tuple(row.values())
        if kind := fault(row, known):
            bad[kind] += 1
        elif cells in seen:
            duplicates += 1
        else:
            vintages.setdefault((row["source"], row["external_id"]), {})[row["publication_date"]] = int(row["value"])
        seen.add(cells)
    published = sum(len(values) for values in vintages.values())
    assert json.loads((folder / "answer_key.json").read_text()) == {
        "seed": 1,
        "rows": ROWS,
        "vintages": published,
        "observations": len(vintages),
        "revisions": published - len(vintages),
        "duplicate_rows": duplicates,
        "bad": sum(bad.values()),
        "bad_by_kind": dict(bad),
        "sum_value_all_vintages": sum(sum(values.values()) for values in vintages.values()),
        "sum_value_latest": sum(values[max(values)] for values in vintages.values()),
    }


def test_every_kind_of_bad_row_is_there_and_listed(folder: Path, rows: list[Row], known: set[str]) -> None:
    """A kind that is missing from the feed is a check that nobody sees fail."""
    found = [{"row": str(n), "kind": kind} for n, row in enumerate(rows) if (kind := fault(row, known))]
    assert read(folder / "bad_rows.csv") == found
    assert len({one["kind"] for one in found}) == 5


def test_dimensions_and_period_identify_an_observation(good: list[Row]) -> None:
    """Two figures under one identity become a false revision, and one of them is lost from the latest sum."""
    ids: dict[tuple[str, ...], set[Any]] = {}
    for row in good:
        ids.setdefault(tuple(row[name] for name in DIMENSIONS), set()).add((row["source"], row["external_id"]))
    assert {len(found) for found in ids.values()} == {1}
    assert len(ids) == len(set().union(*ids.values()))


def test_shares_and_order_are_those_of_a_real_feed(rows: list[Row], good: list[Row]) -> None:
    """Without revisions and repetitions in their places, the merge that the numbers are about is not at work."""
    days = [row["publication_date"] for row in rows if row["publication_date"]]
    assert days == sorted(days)
    vintages = {(row["source"], row["external_id"], row["publication_date"]) for row in good}
    observations = {key[:2] for key in vintages}
    assert 0.04 < (len(vintages) - len(observations)) / ROWS < 0.06
    assert 0.015 < (len(good) - len(vintages)) / ROWS < 0.025


def test_people_who_crossed_a_border_come_from_another_country(good: list[Row]) -> None:
    """The tracker sets refugees of their own country aside, and the key would count them as stored."""
    for row in good:
        abroad = row["population_group"] in ("REF", "ASY", "OIP")
        assert bool(row["origin"]) == abroad
        assert row["origin"] != row["country"]


def test_places_of_another_table_have_every_parent(tmp_path: Path) -> None:
    """A second-level area without its parent is refused, and its figures land on the whole country."""
    write_places(tmp_path / "places.csv", [("TCD", "TCD01", "TCD01001"), ("TCD", "TCD01", "TCD01002")])
    named = ("Location", "Admin Level", "P-Code", "Parent P-Code")
    assert [tuple(row[name] for name in named) for row in read(tmp_path / "places.csv")] == [
        ("TCD", "1", "TCD01", "TCD"),
        ("TCD", "2", "TCD01001", "TCD01"),
        ("TCD", "2", "TCD01002", "TCD01"),
    ]
