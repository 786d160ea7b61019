"""A page reads the rows it shows; it must say what it would say if it read everything."""

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from dashboards import thinning
from dashboards.thinning import thinned
from tests.builders import displacement, load_run
from tests.test_as_of import FIRST, JULY, recorded_at, take_back
from tracker.asof import AsOf
from tracker.candidates import candidates
from tracker.changes import changes, count_changes, first_changes, latest
from tracker.extent import Extent, extent, newest
from tracker.headline import headlines
from tracker.outline import dimensions
from tracker.records import Period
from tracker.regions import area, resolve
from tracker.series import KINDS, figures, rows_of
from tracker.tables import IngestRun, Location
from tracker.vocabulary import LocationKind, Sensitivity
from tracker.wholes import without_parts
from tracker.windows import Window

SELECTABLE = (LocationKind.COUNTRY.value, LocationKind.ADM1.value)


def moments(store: Engine) -> list[AsOf]:
    with store.connect() as connection:
        (loaded,) = connection.scalars(select(IngestRun.recorded_at)).all()
    return [AsOf(), AsOf(loaded), AsOf(published_by=date(2024, 12, 10)), AsOf(loaded, date(2025, 6, 1))]


def test_key_figures_of_the_seed(seeded_store: Engine) -> None:
    """Another number on the overview than the rule finds, because the row it would choose was never read."""
    told = 0
    for moment in moments(seeded_store):
        with seeded_store.connect() as connection:
            window = Window(as_of=moment)
            everything, series = figures(connection, "displacement", window), rows_of(dimensions(connection, window))
            codes = {row["location_code"] for row in series} | {row["origin_code"] for row in series}
            known = select(Location.code).where(Location.code.in_(codes), Location.kind.in_(SELECTABLE))
            for code in connection.scalars(known).all():
                of = area(connection, code)
                for on in (date(2024, 12, 8), date(2025, 3, 1), date(2026, 6, 30)):
                    few = candidates(connection, window, series, of, on)
                    assert headlines(few, of, on) == headlines(everything, of, on), (moment, code, on)
                    told += len(few)
    assert told > 100


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("region", [None, "SYR", "SY02", "syria-region"])
def test_pages_of_the_seed_are_its_rows(seeded_store: Engine, kind: str, region: str | None) -> None:
    """A row on no page or on two, or a count that is not that of the rows."""
    for moment in moments(seeded_store):
        with seeded_store.connect() as connection:
            window = Window(region and resolve(connection, region), as_of=moment)
            rows = rows_of(KINDS[kind](connection, window))
            assert extent(connection, kind, window) == Extent.of(rows)
            pages = [newest(connection, kind, window, 150, number) for number in range(1, len(rows) // 150 + 2)]
        assert [row for page in pages for row in page] == rows[::-1]


@pytest.mark.parametrize("region", ["SYR", "SY02", "LBN", "syria-region"])
def test_the_latest_of_the_seed(seeded_store: Engine, region: str) -> None:
    """What is new on the overview, without parts of figures beside their whole, as the whole frame would give it."""
    for moment in moments(seeded_store):
        with seeded_store.connect() as connection:
            window = Window(resolve(connection, region), as_of=moment)
            told = [row["observation_id"] for row in latest(connection, window, 10_000)]
            rows = rows_of(without_parts(KINDS["displacement"](connection, window)))
        inside = window.region.location_ids if window.region else ()
        rows = [row for row in rows if row["location_kind"] == "world" or row["location_id"] in inside]
        rows = [row for row in rows if row["value"] != 0]
        keys = ("reference_period_end", "run_id", "series_id")
        rows.sort(key=lambda row: (row["vintage"] > 1, *(row[key] for key in keys)), reverse=True)
        assert told == [row["observation_id"] for row in rows]


VARIANTS = count()
Step = tuple[dict[int, int], bool, int | None, int]
steps: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(
        st.dictionaries(st.integers(0, 3), st.integers(0, 3), min_size=1, max_size=4),
        st.booleans(),
        st.one_of(st.none(), st.none(), st.integers(0, 5)),
        st.sampled_from([0, 0, 0, int(Sensitivity.HIGH)]),
    ),
    min_size=2,
    max_size=6,
)  # fmt: skip
"""What each run says: people by day, whether that is all there is, which earlier run it undoes instead, and how
sensitive it is."""


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=steps)
def test_changes_are_the_difference_of_two_answers(store_with_places: Engine, history: list[Step]) -> None:
    """A revision that nobody is told of, or one that never was; between any two moments, on both axes."""
    store, variant = store_with_places, str(next(VARIANTS))
    known, loaded = [AsOf(recorded_at(store, load_run(store).id))], []
    for number, (facts, whole, undoes, sensitivity) in enumerate(history):
        if undoes is not None and loaded:
            run = take_back(store, loaded.pop(undoes % len(loaded)))
        else:
            figures = [
                displacement(people, variant=variant, period=Period.on(FIRST + timedelta(n)),
                             published_on=JULY + timedelta(number), sensitivity=Sensitivity(sensitivity))
                for n, people in facts.items()
            ]  # fmt: skip
            run = load_run(store, *figures, whole=whole).id
            loaded.append(run)
        known.append(AsOf(recorded_at(store, run)))
    said = [AsOf(published_by=JULY + timedelta(number)) for number in range(-1, len(history))]
    with store.connect() as connection:
        window = Window()
        mine = [row["series_id"] for row in rows_of(dimensions(connection, window)) if row["variant"] == variant]
        for axis in (known, said):
            for n, since in enumerate(axis):
                for moment in axis[n:]:
                    asked = ("displacement", Window(series=mine, as_of=moment), since)
                    expected = _difference(connection, mine, since, moment)
                    rows = rows_of(changes(connection, *asked))
                    assert sorted(map(_told, rows), key=str) == expected
                    first = rows_of(first_changes(connection, *asked, 1_000))
                    assert sorted(map(_told, first), key=str) == expected
                    words = [row["change"] for row in rows]
                    counts, of = count_changes(connection, *asked)
                    assert counts == {word: words.count(word) for word in ("new", "revised", "retracted")}
                    assert of == Extent.of(rows)
                    assert [row["change"] == "new" for row in first] == sorted(row["change"] == "new" for row in first)


def _told(row: dict[str, Any]) -> tuple[Any, ...]:
    now = None if row["change"] == "retracted" else row["value"]
    return row["change"], row["reference_period_end"], row["previous_value"], now


def _difference(connection: Any, series: list[int], since: AsOf, moment: AsOf) -> list[tuple[Any, ...]]:
    was, now = (
        {row["reference_period_end"]: row["value"] for row in rows_of(KINDS["displacement"](connection, window))}
        for window in (Window(series=series, as_of=since), Window(series=series, as_of=moment))
    )
    words = {(False, True): "new", (True, True): "revised", (True, False): "retracted"}
    told = [(words[day in was, day in now], day, was.get(day), now.get(day)) for day in {*was, *now}]
    return sorted((one for one in told if one[2] != one[3]), key=str)


def test_a_line_keeps_the_last_figure_of_a_month(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of a month, or one of every five, would be a figure nobody quotes; and a short line stays whole."""
    weeks = [date(2024, 1, 1) + timedelta(7 * n) for n in range(9)]
    assert thinned([weeks], lambda day: day) == ([weeks], "")
    monkeypatch.setattr(thinning, "MOST_POINTS", 8)
    kept, said = thinned([weeks, weeks[:2]], lambda day: day)
    assert kept == [[date(2024, 1, 29), date(2024, 2, 26)], [date(2024, 1, 8)]]
    assert "last figure of a month" in said
    monkeypatch.setattr(thinning, "MOST_POINTS", 2)
    assert thinned([weeks, weeks[:2]], lambda day: day)[0] == [[weeks[-1]], [weeks[1]]]
