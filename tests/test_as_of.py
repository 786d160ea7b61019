"""As of when: what was known on a past day, what the world had said by then, and taking a run back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from tests.builders import NOW, access, border_status, displacement, load_run
from tracker.asof import AsOf, as_of, parse_instant
from tracker.database import writing
from tracker.errors import UsageError
from tracker.health import problems
from tracker.records import DisplacementFigure, Period
from tracker.series import KINDS
from tracker.tables import IngestRun
from tracker.undo import undo
from tracker.vocabulary import OperationalStatus, Trigger
from tracker.windows import Window

FIRST = date(2024, 5, 20)
JUNE, JULY, AUGUST = (date(2024, month, 1) for month in (6, 7, 8))


def values(store: Engine, kind: str = "displacement", **moment: Any) -> list[Any]:
    """Values (or statuses) in the order of their periods, as of a moment."""
    with store.connect() as connection:
        frame = KINDS[kind](connection, Window(as_of=AsOf(**moment)))
    return list(frame["status" if kind == "border-status" else "value"])


def recorded_at(store: Engine, run_id: int) -> datetime:
    with store.connect() as connection:
        return connection.scalars(select(IngestRun.recorded_at).where(IngestRun.id == run_id)).one()


def take_back(store: Engine, run_id: int) -> int:
    with writing(store) as connection:
        return undo(connection, run_id, NOW)[0]


def on(day: date, people: int, published: date | None = None) -> DisplacementFigure:
    return displacement(people, period=Period.on(day), published_on=published)


def test_a_past_moment_shows_what_was_known_then(store_with_places: Engine) -> None:
    """Asked why last week's report said 882,000, nobody could show that it was right by what was known."""
    first = recorded_at(store_with_places, load_run(store_with_places, displacement(882_000)).id)
    second = recorded_at(store_with_places, load_run(store_with_places, displacement(859_000)).id)
    assert values(store_with_places, recorded_by=first - timedelta(microseconds=1)) == []
    assert values(store_with_places, recorded_by=first) == [882_000]
    assert values(store_with_places, recorded_by=second) == [859_000] == values(store_with_places)


@pytest.mark.parametrize(
    ("kind", "figures"),
    [
        ("border-status", [border_status(OperationalStatus.CLOSED), border_status(OperationalStatus.OPEN)]),
        ("aid-access", [access(3), access(4)]),
    ],
)
def test_every_kind_of_figure_has_a_past(store_with_places: Engine, kind: str, figures: list[Any]) -> None:
    """A page as of last week with today's crossings on it would send a convoy to a border that was closed."""
    before = recorded_at(store_with_places, load_run(store_with_places, figures[0]).id)
    old = values(store_with_places, kind)
    load_run(store_with_places, figures[1])
    assert values(store_with_places, kind, recorded_by=before) == old != values(store_with_places, kind)


def test_what_the_world_had_said_does_not_depend_on_when_we_read_it(store_with_places: Engine) -> None:
    """A file of June loaded in August would make June's number appear to have been unknown in July."""
    for published, people in ((AUGUST, 3), (JUNE, 1), (JULY, 2)):
        load_run(store_with_places, on(FIRST, people, published))
    assert values(store_with_places) == [3]
    said = [values(store_with_places, published_by=day) for day in (date(2024, 5, 31), JUNE, JULY, AUGUST)]
    assert said == [[], [1], [2], [3]]


def test_the_two_axes_are_independent(store_with_places: Engine) -> None:
    """What we knew by then of what was published by then: a file that came later is no part of the answer."""
    known = recorded_at(store_with_places, load_run(store_with_places, on(FIRST, 3, AUGUST)).id)
    load_run(store_with_places, on(FIRST, 1, JUNE))
    assert values(store_with_places, recorded_by=known, published_by=JULY) == []
    assert values(store_with_places, recorded_by=known, published_by=AUGUST) == [3]
    assert values(store_with_places, published_by=JULY) == [1]


def test_undated_figure_counts_from_the_day_it_was_learnt(store_with_places: Engine) -> None:
    """A figure of unknown age would otherwise be shown as what the world knew at any time, or never."""
    load_run(store_with_places, on(FIRST, 5))
    assert values(store_with_places, published_by=NOW.date() - timedelta(days=1)) == []
    assert values(store_with_places, published_by=NOW.date()) == [5]


def test_an_older_list_does_not_win_over_one_that_was_confirmed(store_with_places: Engine) -> None:
    """Said in June and again in August, a number would be turned back by July's list, loaded last."""
    for published, people in ((JUNE, 1), (AUGUST, 1), (JULY, 2)):
        load_run(store_with_places, on(FIRST, people, published))
    assert values(store_with_places) == [1] == values(store_with_places, published_by=AUGUST)


def test_withdrawal_counts_from_the_day_of_the_list_that_left_it_out(store_with_places: Engine) -> None:
    """A figure withdrawn in August would vanish from what the world had said in July."""
    load_run(store_with_places, on(FIRST, 1, JUNE), on(FIRST + timedelta(1), 2, JUNE), whole=True)
    load_run(
        store_with_places, on(FIRST, 1, AUGUST), on(FIRST + timedelta(2), 3, AUGUST),
        on(FIRST - timedelta(1), 4, AUGUST), whole=True,
    )  # fmt: skip
    assert values(store_with_places, published_by=JULY) == [1, 2]
    assert values(store_with_places, published_by=AUGUST) == [4, 1, 3] == values(store_with_places)


def test_undo_shows_again_what_was_visible_before(store_with_places: Engine) -> None:
    """A wrong file, loaded and believed: without a way back people correct the database by hand."""
    load_run(store_with_places, on(FIRST, 882), on(FIRST + timedelta(1), 859))
    wrong = load_run(store_with_places, on(FIRST, 882_000), on(FIRST + timedelta(2), 7)).id
    during = recorded_at(store_with_places, wrong)
    undone = take_back(store_with_places, wrong)
    assert values(store_with_places) == [882, 859]
    assert values(store_with_places, recorded_by=during) == [882_000, 859, 7]
    assert values(store_with_places, published_by=NOW.date()) == [882, 859]
    with store_with_places.connect() as connection:
        run = connection.execute(select(IngestRun).where(IngestRun.id == undone)).mappings().one()
    assert (run["trigger"], run["figures_revised"], run["warnings"]) == ("undo", 2, f"took back run {wrong}")


def test_undo_gives_back_what_a_whole_list_left_out(store_with_places: Engine) -> None:
    """Half a list that was released by mistake would leave its withdrawals behind."""
    load_run(store_with_places, *(on(FIRST + timedelta(n), n, JUNE) for n in range(3)), whole=True)
    half = load_run(store_with_places, on(FIRST, 0, JULY), on(FIRST + timedelta(2), 2, JULY), whole=True).id
    assert values(store_with_places) == [0, 2]
    take_back(store_with_places, half)
    assert values(store_with_places) == [0, 1, 2]


def test_undo_leaves_what_a_later_run_has_said(store_with_places: Engine) -> None:
    """Taking back last week's mistake would take this week's correction with it."""
    load_run(store_with_places, displacement(1))
    wrong = load_run(store_with_places, displacement(2)).id
    later = load_run(store_with_places, displacement(3)).id
    take_back(store_with_places, wrong)
    assert values(store_with_places) == [3]
    take_back(store_with_places, later)
    assert values(store_with_places) == [1]


def test_undo_brings_forward_what_had_come_late(store_with_places: Engine) -> None:
    """July's list came after a wrong one of August; with that one gone, July's is the last word, not June's."""
    runs = [load_run(store_with_places, on(FIRST, n, day)).id for n, day in ((1, JUNE), (3, AUGUST), (2, JULY))]
    take_back(store_with_places, runs[1])
    assert values(store_with_places) == [2]


def test_figures_of_an_undone_run_can_be_loaded_again(store_with_places: Engine) -> None:
    """An undo by mistake would be for ever."""
    take_back(store_with_places, load_run(store_with_places, displacement(2)).id)
    assert values(store_with_places) == []
    assert load_run(store_with_places, displacement(2)).counts == {"revised": 1}
    assert values(store_with_places) == [2]


def test_what_cannot_be_undone_says_why(store_with_places: Engine) -> None:
    """A silent "done" would leave a wrong number standing."""
    seed = load_run(store_with_places, displacement(1), trigger=Trigger.SEED).id
    run = load_run(store_with_places, displacement(2)).id
    undone = take_back(store_with_places, run)
    for number, why in ((seed, "the seed"), (run, f"run {undone} has undone it"), (undone, "an undo"), (99, "no such")):
        with pytest.raises(UsageError, match=f"run {number} cannot be undone: .*{why}"):
            take_back(store_with_places, number)


@pytest.mark.parametrize("text", ["yesterday", "2024-13-01", "2024-12-08T25:00", "2999-01-01"])
def test_moment_that_is_none_is_refused(text: str) -> None:
    """Read as "now", a mistyped day would show today's numbers under yesterday's date."""
    with pytest.raises(UsageError, match=text):
        parse_instant(text)


def test_a_day_means_its_end_and_a_moment_its_zone() -> None:
    """Midnight at its start would leave out all that was learnt on the day asked for."""
    assert parse_instant("2024-12-08") == datetime(2024, 12, 8, 23, 59, 59, 999999, UTC)
    assert parse_instant("2024-12-08T20:00+03:00") == datetime(2024, 12, 8, 17, tzinfo=UTC)
    assert (
        str(as_of("2024-12-08T18:00", "2024-12-01")) == "as known on 2024-12-08 18:00 UTC, as published by 2024-12-01"
    )


@dataclass(frozen=True)
class Said:
    """What one run says: facts by their day, each with a day of publication; or which earlier run is undone."""

    facts: dict[int, int]
    whole: bool
    undoes: int | None


said = st.builds(
    Said,
    st.dictionaries(st.integers(0, 3), st.integers(0, 4), min_size=1, max_size=4),
    st.booleans(),
    st.one_of(st.none(), st.none(), st.integers(0, 5)),
)
VARIANTS = count()
"""Each example speaks of facts of its own: the store is the same for all of them."""
some = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@some
@given(history=st.lists(said, min_size=1, max_size=7))
def test_answers_for_the_past_never_change(store_with_places: Engine, history: list[Said]) -> None:
    """Whatever is loaded, revised, withdrawn or undone later: before and after, T's answer is the same.

    And by publication, the answer is what a plain list of all statements says, undone runs left out.
    """
    store, variant, value = store_with_places, str(next(VARIANTS)), 0
    moments: list[tuple[AsOf, Any]] = []
    statements: list[tuple[Any, ...]] = []
    for step in history:
        standing = [run for run, *_ in statements if run is not None]
        if step.undoes is not None and standing:
            victim = standing[step.undoes % len(standing)]
            run = take_back(store, victim)
            statements = [(None if one[0] == victim else one[0], *one[1:]) for one in statements]
        else:
            figures = []
            for number, published in step.facts.items():
                value += 1
                figures.append(
                    displacement(
                        value, variant=variant, period=Period.on(FIRST + timedelta(number)),
                        published_on=JULY + timedelta(published),
                    )
                )  # fmt: skip
            run = load_run(store, *figures).id
            statements += [(run, f.period.end, f.published_on, int(f.amount.value or 0)) for f in figures]
        moments.append((AsOf(recorded_at(store, run)), answer(store, variant, Window())))
    assert [answer(store, variant, Window(as_of=moment)) for moment, _ in moments] == [was for _, was in moments]
    for day in range(6):
        last: dict[date, tuple[Any, ...]] = {}
        for run, fact, published, people in statements:
            if run is not None and published <= JULY + timedelta(day):
                last[fact] = max(last.get(fact, (date.min, 0, 0)), (published, run, people))
        expected = [(fact, last[fact][2]) for fact in sorted(last)]
        assert answer(store, variant, Window(as_of=AsOf(published_by=JULY + timedelta(day)))) == expected
    assert answer(store, variant, Window(as_of=AsOf(published_by=date(2030, 1, 1)))) == answer(store, variant, Window())


def answer(store: Engine, variant: str, window: Window) -> list[tuple[date, int]]:
    with store.connect() as connection:
        frame = KINDS["displacement"](connection, window)
    frame = frame[frame["variant"] == variant]
    return [(day, int(value)) for day, value in zip(frame["reference_period_end"], frame["value"], strict=True)]


@some
@given(history=st.lists(said, min_size=1, max_size=7))
def test_whole_lists_and_undos_leave_the_past_alone(
    store_with_places: Engine, tmp_path: Any, history: list[Said]
) -> None:
    """A withdrawal that closed the wrong vintage would empty yesterday's page."""
    store, variant = store_with_places, str(next(VARIANTS))
    moments: list[tuple[AsOf, Any]] = []
    loaded: list[int] = []
    for number, step in enumerate(history):
        if step.undoes is not None and loaded:
            run = take_back(store, loaded.pop(step.undoes % len(loaded)))
        else:
            figures = [
                displacement(people, variant=variant, period=Period.on(FIRST + timedelta(n)),
                             published_on=JULY + timedelta(number))
                for n, people in step.facts.items()
            ]  # fmt: skip
            run = load_run(store, *figures, whole=step.whole).id
            loaded.append(run)
        moments.append((AsOf(recorded_at(store, run)), answer(store, variant, Window())))
    assert [answer(store, variant, Window(as_of=moment)) for moment, _ in moments] == [was for _, was in moments]
    assert [said for said in problems(store, tmp_path) if "payload" not in said] == []
