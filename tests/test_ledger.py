"""The ledger: what is due, who is at work, what each run did, and what was known when."""

import os
import socket
import subprocess
import sys
import threading
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, func, insert, or_, select

from ingest.contract import discover
from ingest.schedule import due
from tests.builders import NOW, displacement, load_run
from tracker import leases, ledger
from tracker.database import writing
from tracker.errors import AlreadyRunning
from tracker.records import Amount, DisplacementFigure, Fault, Period
from tracker.tables import Displacement, IngestRun, Lease, Payload, SetAside, Source
from tracker.vocabulary import Qualifier, RunStatus, Trigger
from tracker.vocabulary import SetAsideReason as Reason

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CODE, CADENCE = "unhcr_population", 30


def source_id(store: Engine) -> int:
    with store.connect() as connection:
        return connection.scalars(select(Source.id).where(Source.code == CODE)).one()


def ran(connection: Connection, ago: timedelta, status: RunStatus, trigger: Trigger = Trigger.SCHEDULE) -> None:
    """A run of the source that started some time ago."""
    source_id = connection.scalars(select(Source.id).where(Source.code == CODE)).one()
    columns = {"trigger": trigger.value, "status": status.value, "started_at": NOW - ago, "parser_version": 1}
    connection.execute(insert(IngestRun).values(source_id=source_id, **columns))


SUCCEEDED, UNCHANGED, PARTIAL = RunStatus.SUCCEEDED, RunStatus.UNCHANGED, RunStatus.PARTIAL
FAILED, RUNNING, ABANDONED = RunStatus.FAILED, RunStatus.RUNNING, RunStatus.ABANDONED
DUE: list[tuple[str, list[tuple[timedelta, RunStatus, Trigger]], bool]] = [
    ("never ran", [], True),
    ("ran now", [(0 * DAY, SUCCEEDED, Trigger.SCHEDULE)], False),
    ("ran now by hand", [(0 * DAY, SUCCEEDED, Trigger.MANUAL)], False),
    ("ran now, nothing new", [(0 * DAY, UNCHANGED, Trigger.SCHEDULE)], False),
    ("ran now, some set aside", [(0 * DAY, PARTIAL, Trigger.SCHEDULE)], False),
    ("cadence nearly passed", [(30 * DAY - MINUTE, SUCCEEDED, Trigger.SCHEDULE)], False),
    ("cadence passed", [(30 * DAY, SUCCEEDED, Trigger.SCHEDULE)], True),
    ("failed 10 minutes ago", [(10 * MINUTE, FAILED, Trigger.SCHEDULE)], False),
    ("failed 2 hours ago", [(2 * HOUR, FAILED, Trigger.SCHEDULE)], True),
    ("at work since 10 minutes", [(10 * MINUTE, RUNNING, Trigger.SCHEDULE)], False),
    ("left behind 2 hours ago", [(2 * HOUR, RUNNING, Trigger.SCHEDULE)], True),
    ("abandoned 2 hours ago", [(2 * HOUR, ABANDONED, Trigger.SCHEDULE)], True),
    ("only a saved file", [(0 * DAY, SUCCEEDED, Trigger.FILE)], True),
    ("failed on a saved file", [(10 * MINUTE, FAILED, Trigger.FILE)], True),
    ("cadence passed, then failed",
     [(40 * DAY, SUCCEEDED, Trigger.SCHEDULE), (10 * MINUTE, FAILED, Trigger.MANUAL)], False),
    ("cadence passed, failed 2 hours ago",
     [(40 * DAY, SUCCEEDED, Trigger.SCHEDULE), (2 * HOUR, FAILED, Trigger.MANUAL)], True),
    ("ran, then failed by hand", [(DAY, SUCCEEDED, Trigger.SCHEDULE), (2 * HOUR, FAILED, Trigger.MANUAL)], False),
]  # fmt: skip


def test_due(store_with_places: Engine) -> None:
    """Never asked again, a source grows old in silence; asked at every start, it shuts us out."""
    found = []
    with store_with_places.connect() as connection:
        for name, past, _ in DUE:
            for run in past:
                ran(connection, *run)
            found.append((name, past, ledger.is_due(connection, CODE, CADENCE, NOW)))
            connection.rollback()
    assert found == DUE


def test_one_source_is_due_without_the_others(store_with_places: Engine) -> None:
    """One source's run must not count as another's."""
    modules = discover()
    before = {module.SOURCE.code for module in due(store_with_places, modules.values(), NOW)}
    with writing(store_with_places) as connection:
        ran(connection, DAY, SUCCEEDED)
    after = {module.SOURCE.code for module in due(store_with_places, modules.values(), NOW)}
    assert before - after == {CODE}
    assert before == {code for code, module in modules.items() if module.SOURCE.cadence_days}


def lease(store: Engine, now: datetime) -> str:
    with writing(store) as connection:
        return leases.take(connection, CODE, now)


def test_lease_keeps_the_second_out(store: Engine) -> None:
    """Two runs of one source at once would each write what the other has just written."""
    lease(store, NOW)
    with pytest.raises(AlreadyRunning, match="until 12:15 UTC"):
        lease(store, NOW + 14 * MINUTE)


def test_lease_given_back_is_free(store: Engine) -> None:
    """Otherwise a second run by hand would have to wait a quarter of an hour."""
    owner = lease(store, NOW)
    with writing(store) as connection:
        leases.drop(connection, CODE, owner)
    assert lease(store, NOW) != owner


def test_expired_lease_is_taken_over_and_its_owner_cannot_give_it_back(store: Engine) -> None:
    """The late first owner would open the door behind the second."""
    first = lease(store, NOW)
    second = lease(store, NOW + leases.LEASE)
    with writing(store) as connection:
        leases.drop(connection, CODE, first)
        assert connection.scalars(select(Lease.owner)).all() == [second]


def test_two_that_look_at_once(store: Engine) -> None:
    """Both see no lease: the database decides, and the loser leaves as politely as any other."""
    said: list[str] = []

    def second() -> None:
        try:
            lease(store, NOW)
        except AlreadyRunning as error:
            said.append(str(error))

    thread = threading.Thread(target=second)
    with writing(store) as connection:
        leases.take(connection, CODE, NOW)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(20)
    (line,) = said
    assert line.startswith(f"{CODE}: another process")
    with store.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Lease)) == 1


def begin(store: Engine, code_id: int | None, now: datetime = NOW) -> int:
    with writing(store) as connection:
        return ledger.begin_run(connection, code_id, Trigger.MANUAL, 1, now)


def runs(store: Engine, *columns: Any) -> list[tuple[Any, ...]]:
    with store.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(IngestRun.id))]


def test_run_left_behind_is_abandoned(store_with_places: Engine) -> None:
    """A run that never ended would stand on the health page as at work, for ever; other sources' runs are theirs."""
    mine = source_id(store_with_places)
    with store_with_places.connect() as connection:
        other = connection.scalars(select(Source.id).where(Source.code == "ocha")).one()
    for code_id in (mine, other, None, mine, None):
        begin(store_with_places, code_id)
    assert runs(store_with_places, IngestRun.source_id, IngestRun.status, IngestRun.finished_at) == [
        (mine, "abandoned", NOW), (other, "running", None), (None, "abandoned", NOW), (mine, "running", None),
        (None, "running", None),
    ]  # fmt: skip
    errors = [error for (error,) in runs(store_with_places, IngestRun.error)]
    assert [error is not None for error in errors] == [True, False, True, False, False]


def test_recorded_at_never_goes_back(store: Engine) -> None:
    """A clock put back would let yesterday's dashboard change today."""
    clock = [NOW, NOW + HOUR, NOW - DAY, NOW - DAY, NOW + 2 * HOUR, NOW + 2 * HOUR]
    for now in clock:
        run_id = begin(store, None, now)
        with writing(store) as connection:
            ledger.finish_run(connection, run_id, ledger.Tally(), now)
    recorded = [moment for (moment,) in runs(store, IngestRun.recorded_at)]
    assert all(earlier < later for earlier, later in pairwise(recorded))
    assert [recorded[0], recorded[1], recorded[4]] == [NOW, NOW + HOUR, NOW + 2 * HOUR]
    assert recorded[3] - recorded[1] < timedelta(milliseconds=1)
    assert [moment for (moment,) in runs(store, IngestRun.finished_at)] == clock


def test_failed_run_has_recorded_nothing(store: Engine) -> None:
    """With a moment of its own it would count as "we knew something new then"."""
    run_id = begin(store, None)
    with writing(store) as connection:
        ledger.fail_run(connection, run_id, "no answer", NOW)
    columns = IngestRun.status, IngestRun.recorded_at, IngestRun.error, IngestRun.figures
    assert runs(store, *columns) == [("failed", None, "no answer", 0)]


@pytest.mark.parametrize(
    ("tally", "status"),
    [
        (ledger.Tally(), "unchanged"),
        (ledger.Tally(figures=1, unchanged=1), "unchanged"),
        (ledger.Tally(figures=1, duplicate=1), "unchanged"),
        (ledger.Tally(figures=1, new=1), "succeeded"),
        (ledger.Tally(figures=1, revised=1), "succeeded"),
        (ledger.Tally(figures=2, new=1, set_aside=1), "partial"),
        (ledger.Tally(figures=1, set_aside=1), "partial"),
    ],
)
def test_status_of_a_run(tally: ledger.Tally, status: str) -> None:
    """ "Succeeded" over rows that were left out hides them."""
    assert tally.status == status


def put_aside(store: Engine, run_id: int, *faults: tuple[str, Reason, dict[str, Any]]) -> int:
    with writing(store) as connection:
        payload_id = connection.scalar(select(Payload.id).limit(1))
        assert payload_id is not None
        listed = [(Fault(locator, reason, "why"), raw, payload_id) for locator, reason, raw in faults]
        return ledger.set_aside(connection, run_id, None, listed)


def aside(store: Engine) -> list[tuple[Any, ...]]:
    columns = SetAside.locator, SetAside.reason, SetAside.first_run_id, SetAside.last_run_id
    with store.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(SetAside.id))]


def test_row_set_aside_is_kept_once_however_often_it_comes(store_with_places: Engine) -> None:
    """A daily list of the same ten faults hides the eleventh; a row that merely moved is the same fault."""
    first, second = (load_run(store_with_places, displacement(n)).id for n in (1, 2))
    row, other = {"refugees": "many"}, {"refugees": "few"}
    assert put_aside(store_with_places, first, ("items[0]/refugees", Reason.UNREADABLE_NUMBER, row)) == 1
    assert put_aside(store_with_places, second, ("items[7]/refugees", Reason.UNREADABLE_NUMBER, row)) == 0
    assert put_aside(store_with_places, second, ("items[0]/refugees", Reason.UNREADABLE_NUMBER, other)) == 1
    assert put_aside(store_with_places, second, ("items[0]/idps", Reason.UNREADABLE_NUMBER, row)) == 1
    assert put_aside(store_with_places, second, ("items[0]/refugees", Reason.NEGATIVE, row)) == 1
    assert aside(store_with_places) == [
        ("items[0]/refugees", "unreadable_number", first, second),
        ("items[0]/refugees", "unreadable_number", second, second),
        ("items[0]/idps", "unreadable_number", second, second),
        ("items[0]/refugees", "negative", second, second),
    ]


def test_row_of_one_figure_that_moved_is_the_same_fault(store_with_places: Engine) -> None:
    """One crossing added at the top of a list would announce all known faults below it as new."""
    first, second = (load_run(store_with_places, displacement(n)).id for n in (1, 2))
    row = {"Status": "half open"}
    assert put_aside(store_with_places, first, ("features[3]", Reason.UNKNOWN_WORD, row)) == 1
    assert put_aside(store_with_places, second, ("features[4]", Reason.UNKNOWN_WORD, row)) == 0
    assert aside(store_with_places) == [("features[3]", "unknown_word", first, second)]


FIRST = date(2024, 1, 1)


def figure(variant: int, day: int, people: int, published: int | None) -> DisplacementFigure:
    return displacement(
        people,
        variant=str(variant),
        period=Period.on(FIRST + timedelta(days=day)),
        published_on=FIRST + timedelta(days=200 + published) if published is not None else None,
        amount=Amount.of(Qualifier.EXACT, people),
    )


figures = st.builds(figure, st.integers(0, 2), st.integers(0, 2), st.integers(0, 3), st.sampled_from([None, 0, 1]))
batches = st.lists(st.lists(figures, max_size=12), min_size=1, max_size=3)
slow_enough = settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def everything(store: Engine, run_id: int) -> list[tuple[Any, ...]]:
    """What the store said as of a run: rows it or an earlier run wrote, and none had yet replaced."""
    query = (
        select(Displacement.series_id, Displacement.reference_period_end, Displacement.vintage, Displacement.value)
        .where(Displacement.run_id <= run_id)
        .where(or_(Displacement.superseded_run_id.is_(None), Displacement.superseded_run_id > run_id))
        .order_by(Displacement.series_id, Displacement.reference_period_end)
    )
    with store.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


@slow_enough
@given(batches=batches)
def test_nothing_is_lost_and_nothing_invented(
    store_with_places: Engine, batches: list[list[DisplacementFigure]]
) -> None:
    """Whatever a provider sends: every figure has one fate, one version of a fact is open, and the past stays."""
    seen: dict[int, list[tuple[Any, ...]]] = {}
    for batch in batches:
        run = load_run(store_with_places, *batch)
        assert sum(run.counts.values()) == len(batch)
        with store_with_places.connect() as connection:
            written = connection.scalar(
                select(func.count())
                .select_from(Displacement)
                .where(Displacement.run_id == run.id, Displacement.revision_reason.is_distinct_from("late"))
            )
        assert written == run.counts.get("new", 0) + run.counts.get("revised", 0)
        seen[run.id] = everything(store_with_places, run.id)
        facts = [row[:2] for row in seen[run.id]]
        assert len(set(facts)) == len(facts)
        assert {run_id: everything(store_with_places, run_id) for run_id in seen} == seen
        again = load_run(store_with_places, *batch)
        assert set(again.counts) <= {"unchanged", "set_aside"}
        assert again.counts.get("set_aside", 0) == run.counts.get("set_aside", 0)


@slow_enough
@given(people=st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_sum_of_what_was_accepted_is_the_sum_in_the_batch(store_with_places: Engine, people: list[int]) -> None:
    """The check an auditor does first: the file's total and the store's total."""
    with store_with_places.connect() as connection:
        fresh = connection.scalar(select(func.count()).select_from(IngestRun))
    batch = [displacement(n, variant=f"{fresh}, site {site}") for site, n in enumerate(people)]
    loaded = load_run(store_with_places, *batch, *batch)
    assert loaded.counts == {"new": len(people), "duplicate": len(people)}
    with store_with_places.connect() as connection:
        query = select(func.sum(Displacement.value)).where(Displacement.run_id == loaded.id)
        assert connection.scalar(query) == sum(people)


def test_as_of_a_run(store_with_places: Engine) -> None:
    """What we believed on Monday must be on the screen for Monday, also after Tuesday's correction."""
    monday = load_run(store_with_places, displacement(882_000), now=NOW)
    tuesday = load_run(store_with_places, displacement(859_000), displacement(5, variant="b"), now=NOW + DAY)
    wednesday = load_run(store_with_places, displacement(859_000), now=NOW + 2 * DAY)
    known = {
        run.id: [value for *_, value in everything(store_with_places, run.id)] for run in (monday, tuesday, wednesday)
    }
    assert known == {monday.id: [882_000], tuesday.id: [859_000, 5], wednesday.id: [859_000, 5]}
    assert everything(store_with_places, monday.id - 1) == []
    assert runs(store_with_places, IngestRun.recorded_at) == [(NOW,), (NOW + DAY,), (NOW + 2 * DAY,)]


def test_a_killed_process_does_not_hold_its_source(store: Engine) -> None:
    """Stops a source from going unread for a quarter of an hour after a crash."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with writing(store) as connection:
        connection.execute(
            insert(Lease).values(
                source_code="a", owner=f"{socket.gethostname()}:{gone.pid}:beef", expires_at=NOW + timedelta(minutes=9)
            )
        )
    with writing(store) as connection:
        owner = leases.take(connection, "a", NOW)
    with writing(store) as connection, pytest.raises(AlreadyRunning, match="another process"):
        leases.take(connection, "a", NOW)
    assert f":{os.getpid()}:" in owner


def test_a_run_whose_lease_was_taken_over_writes_nothing_more(store: Engine) -> None:
    """Stops two processes from loading one source over each other."""
    with writing(store) as connection:
        owner = leases.take(connection, "a", NOW)
        leases.keep(connection, "a", owner, NOW + timedelta(minutes=1))
        leases.drop(connection, "a", owner)
        with pytest.raises(AlreadyRunning, match="taken over"):
            leases.keep(connection, "a", owner, NOW + timedelta(minutes=2))
