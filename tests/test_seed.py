"""The seed: every statement of the article it starts from, read back out of the store."""

import csv
import io
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from tests.builders import displacement, load_run
from tests.stores import seed_tables
from tracker import series
from tracker.database import open_store, upgrade
from tracker.errors import StoreError
from tracker.records import Amount, Period, PlaceName
from tracker.seed import load as seed_load
from tracker.seed.load import FILES, seed
from tracker.tables import Base, IngestRun
from tracker.vocabulary import (
    AccessIndicator,
    AccessUnit,
    Attribution,
    Cause,
    ConstraintType,
    Coverage,
    DisplacementIndicator,
    EventType,
    Evidence,
    LocationKind,
    Measure,
    ObservationStatus,
    OperationalStatus,
    PointOfEntryKind,
    PopulationGroup,
    Precision,
    Qualifier,
    Redistribution,
    Reliability,
    Role,
    SourceKind,
    Topic,
    TrafficClass,
    Trend,
    Unit,
)
from tracker.windows import Window

EVERYWHERE = Window()


def read(store: Engine, question: Any, window: Window = EVERYWHERE) -> list[dict[str, Any]]:
    """Every row the dashboard would be given."""
    with store.connect() as connection:
        return series.rows_of(question(connection, window))


def article_rows(store: Engine, question: Any, *columns: str) -> list[tuple[Any, ...]]:
    """What the article says, in the order of the seed file."""
    rows = [row for row in read(store, question) if row["source"] == "seed_article"]
    rows.sort(key=lambda row: int(row["observation_id"][1:]))
    return [tuple(row[column] for column in columns) for row in rows]


def row_counts(store: Engine) -> dict[str, int]:
    with store.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_loads_whole_on_an_empty_store(database_url: str, tmp_path: Path) -> None:
    """A seed row set aside or lost would leave a hole in the curve everything else is compared with."""
    engine = open_store(database_url)
    upgrade(engine)
    tally = seed(engine, tmp_path / "archive")
    in_files = sum(len(seed_tables()[name]) for name in ("displacement.csv", "border_status.csv", "access.csv"))
    assert tally is not None
    assert (tally.rows_read, tally.figures, tally.set_aside) == (in_files, in_files, 0)
    assert tally.new + tally.revised + tally.duplicate == in_files
    assert tally.unchanged == 0
    counts = row_counts(engine)
    engine.dispose()
    assert counts["displacement"] + counts["border_status"] + counts["access"] == tally.new + tally.revised
    assert counts["set_aside"] == 0


def test_loading_again_writes_nothing(seeded_store: Engine, seeded_archive: Path) -> None:
    """A restart that adds rows would show every figure of the article twice."""
    before = row_counts(seeded_store)
    assert before["ingest_run"] == 1
    assert seed(seeded_store, seeded_archive) is None
    assert row_counts(seeded_store) == before


def test_people_displaced(seeded_store: Engine) -> None:
    """ "Over 370,000" stored as exactly 370,000, or the thousands of Damascus as a number, would be an invention."""
    assert article_rows(
        seeded_store,
        series.displacement,
        "indicator", "measure", "location_code", "origin_code", "value", "value_low", "value_high", "qualifier",
        "value_text", "reference_period_start", "reference_period_end", "end_precision", "attribution", "role",
    ) == [
        ("new_displacement", "cumulative", "SYR", None, 370_000, 370_000, None, "more_than",
         "in recent weeks", None, date(2024, 12, 8), "week", "relayed", "triangulation"),
        ("new_displacement", "flow", "SYR", "SY01", None, None, None, "order_of_magnitude",
         "thousands", None, date(2024, 12, 8), "week", "unattributed", "context"),
    ]  # fmt: skip


def test_article_relays_the_figure_of_the_united_nations(seeded_store: Engine) -> None:
    """Without the pointer the article would count as a second source that confirms the first."""
    rows = {row["observation_id"]: row for row in read(seeded_store, series.displacement)}
    (article,) = [r for r in rows.values() if r["excerpt"] == "Over 370,000 people have been displaced in recent weeks"]
    primary = rows[article["relays"]]
    assert (
        primary["source"], primary["value"], primary["value_low"], primary["value_high"], primary["qualifier"],
        primary["role"], primary["reference_period_start"], primary["reference_period_end"], primary["published_on"],
    ) == (
        "ocha", 370_000, 370_000, None, "at_least",
        "recommended", date(2024, 11, 27), date(2024, 12, 6), date(2024, 12, 6),
    )  # fmt: skip


def test_people_displaced_twice_are_part_of_the_370_000(seeded_store: Engine) -> None:
    """The 100,000 added to the 370,000 they are part of would make 470,000 of the same people."""
    rows = {row["observation_id"]: row for row in read(seeded_store, series.displacement)}
    (repeat,) = [
        row
        for row in rows.values()
        if row["indicator"] == "repeat_displacement" and row["reference_period_end"] == date(2024, 12, 6)
    ]
    whole = rows[repeat["subset_of"]]
    assert (repeat["value"], repeat["qualifier"]) == (100_000, "approx")
    assert (whole["value"], whole["qualifier"], whole["source"]) == (370_000, "at_least", "ocha")


def test_closed_borders(seeded_store: Engine) -> None:
    """A status for a neighbour the article does not name, or for one crossing, would be an invented closure."""
    assert article_rows(
        seeded_store,
        series.border_status,
        "border", "point_of_entry", "side", "direction_into", "traffic_class", "status", "evidence",
        "reference_period_end",
    ) == [
        ("LBN-SYR", None, "LBN", "unspecified", "unspecified", "closed", "reported", date(2024, 12, 8)),
        ("JOR-SYR", None, "JOR", "unspecified", "unspecified", "closed", "reported", date(2024, 12, 8)),
    ]  # fmt: skip


def test_crossings_that_disagree_are_kept_beside_the_article(seeded_store: Engine) -> None:
    """Dropping either side would say that nobody could leave, or that everybody could."""
    assert sorted(
        (row["point_of_entry"], row["side"], row["direction_into"], row["traffic_class"], row["status"])
        for row in read(seeded_store, series.border_status)
        if row["reference_period_end"] == date(2024, 12, 6) and row["point_of_entry"] in ("masnaa", "nasib")
    ) == [
        ("masnaa", "LBN", "both", "all", "open"),
        ("nasib", "JOR", "JOR", "commercial_cargo", "partial"),
        ("nasib", "JOR", "JOR", "nationals_returning", "open"),
        ("nasib", "JOR", "SYR", "persons", "closed"),
        ("nasib", "SYR", "both", "all", "closed"),
    ]


def test_shortages_outages_and_hostilities(seeded_store: Engine) -> None:
    """A score nobody gave, or an outline for "rebel-held areas", would be our invention."""
    assert article_rows(
        seeded_store,
        series.aid_access,
        "indicator", "constraint_type", "topic", "location_code", "value", "qualifier", "value_text", "scale", "trend",
    ) == [
        ("service_shortage", None, "food", "SYR-OPPOSITION-2024", None, None,
         "shortages of food continue", None, "same"),
        ("service_shortage", None, "water", "SYR-OPPOSITION-2024", None, None,
         "shortages of water continue", None, "same"),
        ("service_shortage", None, "medical_supplies", "SYR-OPPOSITION-2024", None, None,
         "shortages of medical supplies continue", None, "same"),
        ("service_outage", None, "electricity", "SYR", None, None, "outages", None, "unknown"),
        ("service_outage", None, "internet", "SYR", None, None, "limited access", None, "unknown"),
        ("access_constraint", "insecurity_hostilities", None, "SYR", None, None, "nearly impossible", None, "unknown"),
    ]  # fmt: skip


def test_area_of_the_shortages_has_no_p_code() -> None:
    """With a p-code the map would paint one side's territory."""
    (area,) = [row for row in seed_tables()["locations.csv"] if row["code"] == "SYR-OPPOSITION-2024"]
    assert (area["kind"], area["pcode"], area["latitude"], area["longitude"]) == ("area", "", "", "")


@pytest.mark.parametrize(
    ("day", "event_type", "location", "title"),
    [
        (date(2024, 11, 27), "conflict", "SY02", "HTS-led offensive begins in western Aleppo"),
        (date(2024, 12, 8), "control_change", "SY01", "Damascus falls; Assad leaves Syria"),
    ],
)
def test_events(seeded_store: Engine, day: date, event_type: str, location: str, title: str) -> None:
    """An event a day off would explain a curve that rises before its cause."""
    found = [
        (row["date_start"], row["event_type"], row["location_code"], row["title_en"])
        for row in read(seeded_store, series.events, Window(start=day, end=day))
    ]
    assert (day, event_type, location, title) in found


def test_first_figure_is_the_370_000() -> None:
    """The first observation of the tracker is the one its first use began with, and `D1` in every manual."""
    first = seed_tables()["displacement.csv"][0]
    assert (first["value"], first["qualifier"], first["excerpt"]) == (
        "370000",
        "more_than",
        "Over 370,000 people have been displaced in recent weeks",
    )


def test_no_row_of_the_logistics_cluster() -> None:
    """Its licence forbids commercial use, so one row would bind everybody who passes our CSV on."""
    text = "\n".join(",".join(row.values()) for rows in seed_tables().values() for row in rows).casefold()
    assert "ocha" in text
    assert "logistics cluster" not in text
    assert "logcluster" not in text


def test_curve_changes_meaning_on_12_december(seeded_store: Engine) -> None:
    """One line through "displaced since" and "still displaced" would show 218,000 people going home in a day."""
    assert {
        (row["indicator"], row["measure"], row["value"])
        for row in read(seeded_store, series.displacement)
        if row["source"] == "ocha" and row["value"] in (1_100_000, 882_000, 664_000, 627_000)
    } == {
        ("new_displacement", "cumulative", 1_100_000),
        ("still_displaced", "stock", 882_000),
        ("still_displaced", "stock", 664_000),
        ("still_displaced", "stock", 627_000),
    }


WORDS: dict[str, dict[str, type[Enum]]] = {
    "sources.csv": {"kind": SourceKind, "reliability": Reliability, "redistribute": Redistribution},
    "locations.csv": {"kind": LocationKind},
    "points_of_entry.csv": {"kind": PointOfEntryKind},
    "events.csv": {"precision": Precision, "event_type": EventType},
    "displacement.csv": {
        "indicator": DisplacementIndicator, "measure": Measure, "population_group": PopulationGroup, "cause": Cause,
        "unit": Unit, "qualifier": Qualifier, "start_precision": Precision, "end_precision": Precision,
        "attribution": Attribution, "role": Role, "coverage": Coverage, "observation_status": ObservationStatus,
    },
    "border_status.csv": {
        "traffic_class": TrafficClass, "status": OperationalStatus, "evidence": Evidence,
        "start_precision": Precision, "end_precision": Precision, "attribution": Attribution, "role": Role,
    },
    "access.csv": {
        "indicator": AccessIndicator, "constraint_type": ConstraintType, "topic": Topic, "unit": AccessUnit,
        "qualifier": Qualifier, "trend": Trend, "start_precision": Precision, "end_precision": Precision,
        "attribution": Attribution, "role": Role, "coverage": Coverage,
    },
}  # fmt: skip


@pytest.mark.parametrize(("name", "column"), [(name, column) for name, words in WORDS.items() for column in words])
def test_every_word_is_one_of_ours(name: str, column: str) -> None:
    """A word outside the vocabulary would be a category no filter shows."""
    used = {row[column] for row in seed_tables()[name]} - {""}
    assert used
    assert used - {str(word.value) for word in WORDS[name][column]} == set()


def test_every_row_names_who_says_so_and_has_an_id_of_its_own() -> None:
    """A figure without its source, or two under one id, cannot be defended."""
    tables = seed_tables()
    sources = {row["code"] for row in tables["sources.csv"]}
    figures = [row for name in ("displacement.csv", "border_status.csv", "access.csv") for row in tables[name]]
    assert {row["source"] for row in figures} <= sources
    assert [row["id"] for row in figures if not row["publisher"] or not row["publication_title"]] == []
    ids = [row["id"] for row in figures]
    assert sorted(set(ids)) == sorted(ids)


@pytest.fixture
def next_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The seed files of a later release, in a folder where a test can change them."""
    folder = tmp_path / "next_release"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_bytes((Path(seed_load.__file__).parent / name).read_bytes())

    class Release:
        @staticmethod
        def files(_package: str) -> Path:
            return folder

    monkeypatch.setattr(seed_load, "resources", Release)
    return folder


def change_row(path: Path, row_id: str, **changes: str) -> None:
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    (row,) = [row for row in rows if row["id"] == row_id]
    row.update(changes)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue())


def values_of(store: Engine, end: date, **wanted: str) -> list[tuple[int, int, str | None]]:
    """Value, vintage and revision reason of the open figures of a day with these columns."""
    return [
        (row["value"], row["vintage"], row["revision_reason"])
        for row in read(store, series.displacement)
        if row["reference_period_end"] == end and wanted.items() <= row.items()
    ]


def test_corrected_row_of_a_later_release_becomes_a_vintage(
    seeded_store: Engine, seeded_archive: Path, next_release: Path
) -> None:
    """A correction that does not arrive keeps a known error on every screen; one that overwrites hides it."""
    change_row(next_release / "displacement.csv", "D002", value="110000")
    tally = seed(seeded_store, seeded_archive)
    assert tally is not None
    assert (tally.new, tally.revised, tally.set_aside) == (0, 1, 0)
    assert tally.unchanged + tally.duplicate == tally.figures - 1
    assert values_of(seeded_store, date(2024, 12, 6), indicator="repeat_displacement") == [
        (110_000, 2, "source_revision")
    ]


def test_seed_does_not_turn_back_what_a_source_has_revised(
    seeded_store: Engine, seeded_archive: Path, next_release: Path
) -> None:
    """After an update of the program, last year's seed would replace this year's figure of UNHCR."""
    revised = displacement(
        source="unhcr_population",
        indicator=DisplacementIndicator.POPULATION,
        measure=Measure.STOCK,
        population_group=PopulationGroup.REF,
        location=PlaceName(iso3="TUR"),
        origin=PlaceName(iso3="SYR"),
        cause=Cause.UNKNOWN,
        period=Period.on(date(2011, 12, 31)),
        amount=Amount.exact(21),
    )
    day, where = date(2011, 12, 31), {"source": "unhcr_population", "location_code": "TUR", "population_group": "REF"}
    assert values_of(seeded_store, day, **where) == [(19, 1, None)]
    assert load_run(seeded_store, revised, now=datetime(2026, 1, 1, tzinfo=UTC)).counts == {"revised": 1}
    change_row(next_release / "displacement.csv", "D002", note="changed, so that the seed is loaded again")
    tally = seed(seeded_store, seeded_archive)
    assert tally is not None
    assert (tally.new, tally.revised) == (0, 0)
    assert values_of(seeded_store, day, **where) == [(21, 2, "source_revision")]


def test_contradiction_within_the_seed_is_refused(
    seeded_store: Engine, seeded_archive: Path, next_release: Path
) -> None:
    """Two values for one fact in one release: loading either would be a guess."""
    path = next_release / "displacement.csv"
    (row,) = [row for row in csv.DictReader(io.StringIO(path.read_text())) if row["id"] == "D002"]
    text = io.StringIO()
    csv.DictWriter(text, list(row), lineterminator="\n").writerow({**row, "id": "X1", "value": "1"})
    with path.open("a") as file:
        file.write(text.getvalue())
    before = row_counts(seeded_store)
    with pytest.raises(StoreError, match=r"contradict.*\(D002\).*\(X1\)"):
        seed(seeded_store, seeded_archive)
    assert row_counts(seeded_store) == before


def test_row_that_breaks_a_rule_is_named(seeded_store: Engine, seeded_archive: Path, next_release: Path) -> None:
    """A release with a wrong row must say which, and load nothing of itself."""
    change_row(next_release / "displacement.csv", "D003", value="-14000", value_low="-14000")
    before = row_counts(seeded_store)
    with pytest.raises(StoreError, match=r"displacement\.csv:6 \(D003\) breaks a rule: .*negative"):
        seed(seeded_store, seeded_archive)
    assert row_counts(seeded_store) == before


def test_ledger_of_the_seed_has_one_closed_run(seeded_store: Engine) -> None:
    """A run left open would be abandoned by the next one, and its figures with it."""
    with seeded_store.connect() as connection:
        (run,) = connection.execute(select(IngestRun.trigger, IngestRun.status, IngestRun.source_id)).all()
    assert tuple(run) == ("seed", "succeeded", None)
