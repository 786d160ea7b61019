"""The door: payloads in good form that must not be loaded before a person has looked, and what a person then does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from ingest.contract import discover
from ingest.report import RunReport
from ingest.run import release_run, run_source
from tests.samples import payload
from tracker import ledger
from tracker.errors import UsageError
from tracker.tables import Displacement, IngestRun, SetAside
from tracker.vocabulary import RunStatus, Trigger

SHEET = discover()["displacement_sheet"]
HEADER = "indicator,measure,population_group,location_code,value,reference_period_end"
PLACES = [f"SY{number:02}" for number in range(1, 11)]

Load = Callable[..., RunReport]


def rows(day: str, values: list[str]) -> list[str]:
    return [f"population,stock,IDP,{place},{value},{day}" for place, value in zip(PLACES, values, strict=False)]


@pytest.fixture
def load(store_with_places: Engine, tmp_path: Path) -> Load:
    """Loads lines of the sheet; each call is a run of its own, as if the file had been fetched."""

    def run(*lines: str, extra: str = "", trigger: Trigger = Trigger.MANUAL) -> RunReport:
        content = "\n".join([HEADER + extra, *lines]) + "\n"
        archive = tmp_path / "archive"
        return run_source(store_with_places, archive, SHEET, [payload(content, "s.csv")], trigger, lambda _: None)

    return run


def stored(store: Engine) -> list[int]:
    with store.connect() as connection:
        query = select(Displacement.value).where(Displacement.superseded_run_id.is_(None)).order_by(Displacement.id)
        return list(connection.scalars(query))


CLEAN = rows("2024-01-31", [str(4000 + 10 * number) for number in range(10)])
VALUES = [4000 + 10 * number for number in range(10)]


def test_undated_figures_do_not_turn_dated_ones_back(store_with_places: Engine, load: Load) -> None:
    """A file of 2022 without a date, loaded after the release of 2025, would bring the numbers of 2022 back."""
    dated = [f"{line},2024-03-01" for line in CLEAN]
    load(*dated, extra=",published_on")
    assert load(*CLEAN).status == RunStatus.UNCHANGED.value
    older = rows("2024-01-31", ["3990", *(str(value) for value in VALUES[1:])])
    held = load(*older)
    assert held.status == RunStatus.HELD.value
    assert "1 of its figures have no day of publication" in str(held.error)
    assert stored(store_with_places) == VALUES
    newer = [f"{line},2024-04-01" for line in older]
    assert load(*newer, extra=",published_on").status == RunStatus.SUCCEEDED.value
    assert sorted(stored(store_with_places)) == sorted([3990, *VALUES[1:]])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (rows("2024-02-29", ["4100"] * 7 + ["many", "few", "none at all"]), "3 of 10 figures would be set aside"),
        (CLEAN[:6], "it holds 6 figures, and run 1 held 10"),
        (rows("2023-12-31", [str(4100 + n) for n in range(10)]), "its newest figure is of 2023-12-31, and run 1 had"),
        (rows("2024-01-31", ["0"] * 10), "all its 10 numbers are 0, and 10 of them were not before"),
        (rows("2024-02-29", [str(value * 1000) for value in VALUES]), "10 of 10 figures do not fit their own history"),
    ],
    ids=["set aside", "shrunk", "older", "zero", "thousandfold"],
)
def test_what_looks_wrong_as_a_whole_is_held(
    store_with_places: Engine, load: Load, lines: list[str], said: str
) -> None:
    """Half a list, an older list or another unit in every row is in perfect form, and wrong everywhere."""
    load(*CLEAN)
    report = load(*lines)
    assert (report.status, report.exit_code) == (RunStatus.HELD, 1)
    assert said in str(report.error)
    assert f"tracker release {report.run_id}" in str(report.error)
    assert stored(store_with_places) == VALUES
    with store_with_places.connect() as connection:
        assert connection.scalars(select(SetAside.id)).all() == []


def test_two_bad_rows_are_bad_rows(store_with_places: Engine, load: Load) -> None:
    """A short list with one misprint must not keep the rest from anybody."""
    report = load(*rows("2024-01-31", ["4000", "4010", "many", "few"]))
    assert (report.status, report.tally.set_aside) == (RunStatus.PARTIAL, 2)
    assert stored(store_with_places) == [4000, 4010]


def test_field_of_which_nothing_can_be_read_has_changed(load: Load) -> None:
    """A column that now holds words would leave every place without people."""
    report = load(*rows("2024-01-31", ["many"] * 10))
    assert report.status == RunStatus.FAILED
    assert "field 'value' has 10 values, and none can be read: value is 'many'" in str(report.error)


def test_new_field_is_told_and_nothing_more(store_with_places: Engine, load: Load) -> None:
    """A provider that adds a column keeps its promise; a person should know of it all the same."""
    report = load(*[f"{line},x" for line in CLEAN], extra=",brand_new")
    assert report.tally.warnings == ["new field 'brand_new': kept in the payload, not read"]
    assert stored(store_with_places) == VALUES


def test_shorter_list_of_another_country_is_no_half_list(load: Load) -> None:
    """Two countries' files may have one name; the second, which is smaller, is not the first cut short."""
    load(*CLEAN, trigger=Trigger.FILE)
    report = load("population,stock,IDP,LBN,7,2024-01-31", trigger=Trigger.FILE)
    assert report.status == RunStatus.SUCCEEDED


def test_held_run_is_released_from_the_archive(store_with_places: Engine, load: Load, tmp_path: Path) -> None:
    """A real fall to nearly nothing must be loadable, by somebody who has looked, without asking the provider again."""
    load(*CLEAN)
    held = load(*CLEAN[:6])
    released = release_run(store_with_places, tmp_path / "archive", SHEET, held.run_id, lambda _: None)
    assert (released.run_id, released.status, released.tally.unchanged) == (held.run_id, RunStatus.UNCHANGED, 6)
    with store_with_places.connect() as connection:
        run = connection.execute(select(IngestRun).where(IngestRun.id == held.run_id)).one()
    assert run.error is None
    assert run.recorded_at is not None
    assert "released by a person" in run.warnings
    assert "it holds 6 figures, and run 1 held 10" in run.warnings


def test_only_a_held_run_that_is_the_last_word_can_be_released(
    store_with_places: Engine, load: Load, tmp_path: Path
) -> None:
    """Releasing an old answer over a newer one would turn the newer figures back."""
    first = load(*CLEAN)
    held = load(*CLEAN[:6])
    load(*rows("2024-02-29", [str(value + 40) for value in VALUES]))
    for run_id, said in ((first.run_id, "it is not held but succeeded"), (held.run_id, "has loaded a later answer")):
        with pytest.raises(UsageError, match=said):
            release_run(store_with_places, tmp_path / "archive", SHEET, run_id, lambda _: None)
    with pytest.raises(UsageError, match="there is no such run"):
        release_run(store_with_places, tmp_path / "archive", SHEET, 999, lambda _: None)


def test_provider_of_a_held_answer_is_not_asked_every_hour(store_with_places: Engine, load: Load) -> None:
    """The same answer would be held again and again, and the one that matters lost among its copies."""
    load(*CLEAN)
    load(*CLEAN[:6])
    now = datetime.now(UTC)
    with store_with_places.connect() as connection:
        assert not ledger.is_due(connection, SHEET.SOURCE.code, 7, now + timedelta(days=6))
        assert ledger.is_due(connection, SHEET.SOURCE.code, 7, now + timedelta(days=8))
