"""The judge over columns says what the judge of single figures says, word for word."""

import random
from collections import defaultdict
from collections.abc import Hashable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.plausibility import Doubt, Judgement, Point, judge
from tracker.plausibility_columns import Points, judge_columns

DAY = date(2024, 1, 1).toordinal()
NOWHERE = -1


class Figure(NamedTuple):
    """One entry of the columns; days count from the first of 2024."""

    series: int
    start: int
    end: int
    value: float
    before: float | None = None
    place: int = 0
    within: int = NOWHERE
    subject: int = 0
    column: int = 0


class Earlier(NamedTuple):
    series: int
    end: int
    value: float


def one_by_one(figures: Sequence[Figure], earlier: Sequence[Earlier]) -> Judgement:
    history: dict[Hashable, list[tuple[date, float]]] = defaultdict(list)
    for series, end, value in earlier:
        history[series].append((date.fromordinal(DAY + end), value))
    points = [
        Point(
            key=n,
            series=one.series,
            end=date.fromordinal(DAY + one.end),
            value=one.value,
            before=one.before,
            place=one.place,
            within=None if one.within == NOWHERE else one.within,
            subject=(one.subject, one.start, one.end),
            column=(one.column, one.place, one.start, one.end),
        )
        for n, one in enumerate(figures)
    ]
    return judge(points, history)


def at_once(figures: Sequence[Figure], earlier: Sequence[Earlier]) -> Judgement:
    table = np.array([tuple(np.nan if cell is None else cell for cell in one) for one in figures], dtype=np.float64)
    series, start, end, value, before, *codes = table.reshape(-1, len(Figure._fields)).T
    place, within, subject, column = (code.astype(np.int64) for code in codes)
    days = (DAY + start).astype(np.int32), (DAY + end).astype(np.int32)
    points = Points(series.astype(np.int64), *days, value, before, place, within, subject, column)
    others = np.array(earlier, dtype=np.float64).reshape(-1, 3).T
    return judge_columns(points, (others[0].astype(np.int64), (DAY + others[1]).astype(np.int32), others[2]))


def both(figures: Sequence[Figure], earlier: Sequence[Earlier]) -> dict[Hashable, Doubt]:
    """The doubts, if both judges agree."""
    said = at_once(figures, earlier)
    assert said == one_by_one(figures, earlier)
    return said.doubts


def steady(*values: float, days: int = 8) -> list[Earlier]:
    """Series 0, 1, ... that stay within some percent of a value, on the days -240, -210, ..., -30."""
    return [
        Earlier(series, 30 * (day - days), value + value * (day % 3) // 50)
        for series, value in enumerate(values)
        for day in range(days)
    ]


VALUES = (0, 1, 99, 100, 101, 150, 1000, 1021, 1200, 1234, 2500, 3000, 9000, 10_000, 12_340, 91_000, 123_400)
"""Around every limit of the rules, and often the same."""

values = st.sampled_from(VALUES).map(float)
figure = st.builds(
    Figure,
    series=st.integers(0, 5),
    start=st.sampled_from([0, 0, 0, 1]),
    end=st.sampled_from([2, 2, 2, 2, 3]),
    value=values,
    before=st.none() | values,
    place=st.integers(0, 5),
    within=st.sampled_from([NOWHERE, 0, 0, 1, 2]),
    subject=st.sampled_from([0, 0, 1]),
    column=st.sampled_from([0, 0, 1]),
)
past = st.builds(Earlier, series=st.integers(0, 6), end=st.integers(-6, 5), value=values)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(figures=st.lists(figure, max_size=12), earlier=st.lists(past, max_size=40))
def test_any_figures_are_judged_alike(figures: list[Figure], earlier: list[Earlier]) -> None:
    """Whatever collides (days, values, places, series), a wrong number is noticed at once as it is one by one."""
    both(figures, earlier)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    past=st.lists(st.sampled_from([90, 101, 1000, 3000, 10_000, 40_000]), min_size=2, max_size=6),
    order=st.randoms(use_true_random=False),
    moves=st.integers(0, 3),
    columns=st.booleans(),
    whole=st.none() | st.floats(0.5, 1.5),
)
def test_any_mixed_up_rows_are_judged_alike(
    past: list[int], order: random.Random, moves: int, columns: bool, whole: float | None
) -> None:
    """Rows and columns swapped or slipped by one, under a whole they may not add up to."""
    now = [value * order.choice([1, 1.01, 1.05]) for value in past]
    for _ in range(moves):
        one, other = order.randrange(len(now)), order.randrange(len(now))
        now[one], now[other] = now[other], now[one]
    if order.random() < 0.3:
        now = now[1:] + now[:1]
    figures = [
        Figure(n, 0, 0, value, None, 0 if columns else n + 1, 0, n if columns else 0, 0 if columns else n)
        for n, value in enumerate(now)
    ]
    if whole:
        figures.insert(order.randrange(len(now)), Figure(len(now), 0, 0, whole * sum(now)))
    both(figures, steady(*past, sum(past), days=order.choice([3, 8])))


def test_a_figure_ten_times_too_large_is_doubted() -> None:
    """A digit too many: 12,000 for 1,200."""
    doubts = both([Figure(0, 0, 0, 12_000.0)], steady(1_200))
    assert {n: str(doubt) for n, doubt in doubts.items()} == {
        0: "9.8 times the 1,224 of the nearest period of the same series"
    }


def test_thousands_written_as_ones_are_gross() -> None:
    """A sheet in thousands: 1.2 million people become 1,200."""
    doubts = both([Figure(0, 0, 0, 1_200.0)], steady(1_200_000))
    assert doubts[0].gross


def test_a_zero_in_the_middle_of_a_series_is_doubted() -> None:
    """An empty cell that became 0 people."""
    assert "may have been written as 0" in str(both([Figure(0, 0, 0, 0.0)], steady(5_000))[0])


def test_a_month_that_is_the_month_before_is_doubted() -> None:
    """A column copied forward: last month's 1,234 as this month's."""
    earlier = [Earlier(0, day - 6, 1_034.0 + 40 * day) for day in range(6)]
    assert str(both([Figure(0, 0, 0, 1_234.0)], earlier)[0]).startswith("exactly the 1,234")


def test_two_figures_of_one_day_are_judged_by_the_days_around() -> None:
    """A fact that was revised within one payload: its first value must not stand for the month before."""
    figures = [Figure(0, 0, 0, 12_000.0), Figure(0, 0, 0, 12_000.0, 1_200.0)]
    assert {n: str(doubt)[:7] for n, doubt in both(figures, steady(1_200)).items()} == {0: "9.8 tim", 1: "revised"}


def test_two_swapped_rows_are_doubted() -> None:
    """The people of one province written beside the name of another."""
    rows = [Figure(n, 0, 0, value, None, n + 1, 0) for n, value in enumerate([3_000.0, 2_000.0, 900.0, 800.0])]
    assert {n: str(doubt)[:18] for n, doubt in both(rows, steady(2_000, 3_000, 900, 800)).items()} == {
        0: "swapped with 2,000",
        1: "swapped with 3,000",
    }


def test_rows_that_slipped_are_doubted() -> None:
    """One empty line in a sheet, and every province has its neighbour's people."""
    past = [1_000, 1_500, 2_200, 3_300, 5_000]
    rows = [Figure(n, 0, 0, float(value), None, n + 1, 0) for n, value in enumerate([700, *past[:-1]])]
    assert len(both(rows, steady(*past))) == len(rows)


@pytest.mark.parametrize("wholes", [[3_000.0], [50_000.0, 3_000.0]])
def test_a_part_larger_than_its_whole_is_doubted(wholes: list[float]) -> None:
    """A province with more people than its country; of two figures of the country, the later one counts."""
    figures = [Figure(9 + n, 0, 0, value, None, 7) for n, value in enumerate(wholes)]
    figures.append(Figure(1, 0, 0, 4_000.0, None, 1, 7))
    assert str(both(figures, [])[len(wholes)]) == "more than the 3,000 of the whole area it is part of"


def test_a_whole_its_parts_do_not_add_up_to_any_more_is_doubted() -> None:
    """A country's total that was not brought up to date with its provinces."""
    figures = [Figure(0, 0, 0, 3_000.0, None, 7), *(Figure(n, 0, 0, 1_700.0, None, n, 7) for n in (1, 2))]
    assert str(both(figures, steady(3_000, 1_500, 1_500))[0]).startswith("its parts add up to 3,400")


def test_codes_that_do_not_fit_into_one_number_stay_apart() -> None:
    """Ids of any size: two subjects that ran into one would make parts of what are none."""
    figures = [
        Figure(2**52, 0, 0, 3_000.0, None, 2**50, NOWHERE, 2**51),
        Figure(5, 0, 0, 4_000.0, None, 5, 2**50, 2**51),
        Figure(6, 0, 0, 4_000.0, None, 6, 2**50, 1),
    ]
    assert set(both(figures, [Earlier(2**52, -9, 2_900.0)])) == {1}


def test_nothing_to_judge_is_no_doubt() -> None:
    """A payload without a new figure says nothing of the store's."""
    assert both([], steady(5)) == {}


def test_twenty_thousand_figures_are_judged_alike() -> None:
    """A payload as large as a year of a country, with errors of all kinds strewn in."""
    rng = random.Random(20_000)
    earlier, figures = [], []
    for series in range(2_000):
        place, subject = series % 40, series // 40
        level, wild = 10 ** rng.uniform(1, 6), rng.choice([0.02, 0.1, 0.5])
        for month in range(20):
            level *= 1 + rng.gauss(0, wild) if level > 1 else 2
            value = float(round(abs(level) * rng.choice([1] * 60 + [0, 10, 1000, 1 / 100])))
            if month < 10:
                earlier.append(Earlier(series, 30 * month, value))
                continue
            before = value * rng.choice([1, 2, 5, 100]) if rng.random() < 0.1 else None
            within = NOWHERE if place == 0 else place % 4 if place > 3 else 0
            figures.append(
                Figure(series, 30 * month - 29, 30 * month, value, before, place, within, subject, subject // 3)
            )
    for _ in range(500):
        n = rng.randrange(len(figures) - 600)
        other = n + rng.choice([10, 40, 100, 400])
        figures[n], figures[other] = (
            figures[n]._replace(value=figures[other].value),
            figures[other]._replace(value=figures[n].value),
        )
    rng.shuffle(figures)
    words = {str(doubt).translate(str.maketrans("", "", "0123456789,.")) for doubt in both(figures, earlier).values()}
    assert len(figures) == 20_000
    assert len(words) >= 9
