"""Whether a figure fits the history of its series: doubts about numbers that are well formed and may be wrong.

A doubt changes nothing and hides nothing: it is stored with the figure and shown beside it, and many doubts in one run
hold the run. Each rule stops an error seen in the field: a figure ten or a thousand times too large, households read
as people, two columns swapped, rows that slipped by one, a column copied from the month before, a country's total
written at one of its areas.

Small figures vary by chance and are not judged; a series says nothing of itself before it has some history.
"""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

SMALLEST = 100
"""Figures up to this many are not judged: five people and fifty are a bus apart."""

REVISED = math.log(3)
"""A revision of up to threefold is not doubted."""

CALM, WILD = math.log(1.8), math.log(8)
"""No change below the first is doubted; beyond the second, every change of a series whose usual change is unknown."""

USUAL = 6.0
"""How many times its usual change a series may change at once."""

MOVED, MOVED_USUAL = math.log(1.2), 4.0
"""How far from its own course a figure is before it is looked for on a neighbour's: at least so much, and so many times
its usual change."""

ENOUGH = 4
"""Values a series needs before its usual change is known."""

GROSS = math.log(90)
"""A hundredfold change within one series is an error, hardly ever an event."""

TOLERANCE = 1.02
"""Rounding: parts may differ from their whole by this factor."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a figure may be wrong, in words for the reader; ``gross`` when it can hardly be right."""

    words: str
    gross: bool = False

    def __str__(self) -> str:
        """The words."""
        return self.words


@dataclass(frozen=True, slots=True)
class Point:
    """A new or changed figure that is to be judged.

    Attributes:
        key: What the caller calls it.
        series: Its series.
        end: Last day it is about.
        before: The value it replaces; null for a new figure.
        place: Where; ``within`` is the area or country around it, null where there is none.
        subject: What it counts; the figures of one payload about one subject differ by place alone.
        column: What it counts but for the population group, and where; figures that share it differ by that alone.
    """

    key: Hashable
    series: Hashable
    end: date
    value: float
    before: float | None = None
    place: Hashable = None
    within: Hashable = None
    subject: Hashable = None
    column: Hashable = None


@dataclass(frozen=True, slots=True)
class Course:
    """The values of a series in the order of their days, the new ones among them.

    Attributes:
        usual: The usual change from one value to the next, as a logarithm; robust against the one that is judged.
        repeats: How often a value is the same as the one before.
    """

    days: list[date]
    values: list[float]
    usual: float
    repeats: int

    @classmethod
    def of(cls, dated: list[tuple[date, float]]) -> "Course":
        """The course of values that come in any order, each with its day."""
        dated = sorted(dated)
        values = [value for _, value in dated]
        steps = list(zip(values, values[1:], strict=False))
        usual = median(abs(_change(later, one)) for one, later in steps) if steps else 0.0
        return cls([day for day, _ in dated], values, usual, sum(one == later for one, later in steps))

    @property
    def known(self) -> bool:
        """Whether there is enough of it to say what it does usually."""
        return len(self.values) > ENOUGH

    def around(self, day: date) -> tuple[float | None, float | None]:
        """The values before and after a day."""
        first, last = bisect_left(self.days, day), bisect_right(self.days, day)
        return (self.values[first - 1] if first else None, self.values[last] if last < len(self.days) else None)


@dataclass(frozen=True, slots=True)
class OnCourse:
    """A figure beside its series' course up to then."""

    point: Point
    before: float
    course: Course

    @property
    def misfit(self) -> float:
        """How many times as large as the value before, or as small, as a logarithm."""
        return _misfit(self.point.value, self.before)

    @property
    def moved(self) -> bool:
        """Whether it is looked for on a neighbour's course."""
        return self.course.known and self.misfit > max(MOVED, MOVED_USUAL * self.course.usual)


@dataclass(slots=True)
class Judgement:
    """Doubts by the key of their figure, and how many figures had a history to be judged by."""

    doubts: dict[Hashable, Doubt] = field(default_factory=dict)
    judged: int = 0


def judge(points: Sequence[Point], history: dict[Hashable, list[tuple[date, float]]]) -> Judgement:
    """Hold every figure against its series, its neighbours in the payload and the area it lies in.

    Args:
        points: What is new or changed.
        history: The other values of each series (those stored, and those of the payload that did not change).
    """
    judgement = Judgement()
    dated: dict[Hashable, list[tuple[date, float]]] = defaultdict(list)
    for point in points:
        dated[point.series].append((point.end, point.value))
    courses = {series: Course.of(new + history.get(series, [])) for series, new in dated.items()}
    placed: dict[Hashable, OnCourse] = {}
    for point in points:
        course = courses[point.series]
        last, following = course.around(point.end)
        if last is not None:
            placed[point.key] = OnCourse(point, last, course)
        judgement.judged += point.before is not None or last is not None or following is not None
        doubt = revised(point) if point.before is not None else against(course, point, last, following)
        if doubt:
            judgement.doubts[point.key] = doubt
    before = {key: one.before for key, one in placed.items()}
    for found in (misplaced(_side_by_side(placed.values())), parts_and_whole(_families(points), before)):
        for key, doubt in found:
            judgement.doubts.setdefault(key, doubt)
    return judgement


def revised(point: Point) -> Doubt | None:
    """A figure against the one it replaces."""
    assert point.before is not None
    if point.value == 0 and point.before > SMALLEST:
        return Doubt(f"revised from {point.before:,.0f} to 0: 'not reported' may have been written as 0")
    change = _change(point.value, point.before)
    if max(point.value, point.before) <= SMALLEST or abs(change) <= REVISED:
        return None
    return Doubt(f"revised from {point.before:,.0f} to {point.value:,.0f}", abs(change) > GROSS)


def against(course: Course, point: Point, last: float | None, following: float | None) -> Doubt | None:
    """A figure against the values before and after it."""
    near = last if last is not None else following
    if near is None or max(point.value, near) <= SMALLEST:
        return None
    if point.value == 0:
        steady = len(course.values) > 2 and course.values.count(0) == 1
        said = f"0, and {near:,.0f} in the period before: 'not reported' may have been written as 0"
        return Doubt(said) if steady and near > SMALLEST else None
    limit = min(GROSS, max(CALM, USUAL * course.usual)) if course.known else WILD
    apart = _apart(point.value, last, following)
    if abs(apart) > limit:
        return Doubt(_jump(point.value, near), last is not None and abs(apart) > GROSS)
    alone = course.known and course.repeats == 1 and point.value >= 1000 and point.value % 100
    if point.value == last and alone:
        return Doubt(f"exactly the {point.value:,.0f} of the period before, in a series that never stood still")
    return None


def _apart(value: float, last: float | None, following: float | None) -> float:
    """How far a figure is from its neighbours.

    Between two, one that leaves both in the same direction is a spike, and one that leaves a single one is a step; a
    figure before all others may be from another time altogether.
    """
    changes = [_change(value, near) for near in (last, following) if near is not None]
    if last is None:
        return changes[0] if abs(changes[0]) > GROSS else 0.0
    return min(changes, key=abs) if len({change > 0 for change in changes}) == 1 else 0.0


def _jump(value: float, near: float) -> str:
    if value > near:
        return f"{value / near:,.1f} times the {near:,.0f} of the nearest period of the same series"
    return f"{near / max(value, 1):,.1f} times less than the {near:,.0f} of the nearest period of the same series"


def _change(value: float, other: float) -> float:
    """The logarithm of how many times as large; nothing where one of the two is zero, which no factor describes."""
    return math.log(value / other) if value > 0 and other > 0 else 0.0


def _misfit(value: float, other: float) -> float:
    return abs(math.log((value + 1) / (other + 1)))


def _side_by_side(placed: Iterable[OnCourse]) -> Iterable[list[OnCourse]]:
    """The rows and the columns of a payload in which figures can be mistaken for one another."""
    groups: dict[Hashable, list[OnCourse]] = defaultdict(list)
    for one in placed:
        if max(one.point.value, one.before) > SMALLEST:
            groups["row", one.point.subject, one.point.end, one.point.within].append(one)
            groups["column", one.point.column, one.point.end].append(one)
    return groups.values()


def misplaced(groups: Iterable[list[OnCourse]]) -> Iterable[tuple[Hashable, Doubt]]:
    """Figures that fit another figure of their row or column of the payload much better than their own place."""
    for group in groups:
        yield from _swapped([one for one in group if one.moved])
        yield from _slipped(group)


def _swapped(moved: list[OnCourse]) -> Iterable[tuple[Hashable, Doubt]]:
    for number, one in enumerate(moved):
        for other in moved[number + 1 :]:
            crossed = _misfit(one.point.value, other.before) + _misfit(other.point.value, one.before)
            if crossed < min(one.misfit, other.misfit) / 4:
                for this, that in ((one, other), (other, one)):
                    said = f"swapped with {that.point.value:,.0f}? Each fits the other's history better than its own"
                    yield this.point.key, Doubt(said)


def _slipped(group: list[OnCourse]) -> Iterable[tuple[Hashable, Doubt]]:
    """Rows that slipped by one: each figure is its neighbour's."""
    if len(group) < 3 or sum(one.moved for one in group) < len(group) / 2:
        return
    own = sum(one.misfit for one in group) / len(group)
    for pairs in (list(zip(group[1:], group, strict=False)), list(zip(group, group[1:], strict=False))):
        other = sum(_misfit(one.point.value, neighbour.before) for one, neighbour in pairs) / len(pairs)
        if other < own / 4:
            said = "the figures of this payload fit their neighbours' history: rows may have slipped"
            yield from ((one.point.key, Doubt(said)) for one in group)
            return


def _families(points: Sequence[Point]) -> Iterable[tuple[Point, list[Point]]]:
    """Each whole area's figure with those of its parts."""
    by_place: dict[Hashable, Point] = {(p.subject, p.end, p.place): p for p in points}
    parts: dict[Hashable, list[Point]] = defaultdict(list)
    for point in points:
        if (point.subject, point.end, point.within) in by_place:
            parts[point.subject, point.end, point.within].append(point)
    return ((by_place[address], found) for address, found in parts.items())


def parts_and_whole(
    families: Iterable[tuple[Point, list[Point]]], before: Mapping[Hashable, float]
) -> Iterable[tuple[Hashable, Doubt]]:
    """A part that is larger than its whole or is the whole, and a whole its parts do not add up to any more."""
    for whole, found in families:
        yield from _sums(whole, found, before)
        everything = sum(part.value for part in found)
        for part in found:
            if part.value > SMALLEST and part.value > TOLERANCE * whole.value:
                yield part.key, Doubt(f"more than the {whole.value:,.0f} of the whole area it is part of")
            elif part.value > SMALLEST and part.value == whole.value and everything > TOLERANCE * part.value:
                yield part.key, Doubt(f"the same as the whole area's {whole.value:,.0f}, and other parts have some")


def _sums(whole: Point, parts: Sequence[Point], before: Mapping[Hashable, float]) -> Iterable[tuple[Hashable, Doubt]]:
    """A whole whose parts added up to it in the period before, and do not now."""
    if len(parts) < 2 or any(point.key not in before for point in (whole, *parts)):
        return
    total, once = sum(part.value for part in parts), sum(before[part.key] for part in parts)
    if abs(_change(once, before[whole.key])) < math.log(TOLERANCE) < abs(_change(total, whole.value)):
        yield whole.key, Doubt(f"its parts add up to {total:,.0f}; in the period before they added up to the whole")
