"""Whether a figure fits the history of its series: doubts about numbers that are well formed and may be wrong.

A doubt changes nothing and hides nothing: it is stored with the figure and shown beside it, and many doubts in one run
hold the run. Each rule stops an error seen in the field: a figure ten or a thousand times too large, households read
as people, two columns swapped, rows that slipped by one, a column copied from the month before, a country's total
written at one of its areas.

Small figures vary by chance and are not judged; a series says nothing of itself before it has some history.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

SMALLEST = 100
"""Figures up to this many are not judged: five people and fifty are a bus apart."""

CALM, WILD = math.log(1.8), math.log(8)
"""No change below the first is doubted, and every change beyond the second is, whatever the series does usually."""

USUAL = 6.0
"""How many times its usual change a series may change at once."""

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
    whole: dict[Hashable, list[tuple[date, float]]] = defaultdict(list)
    for series, values in history.items():
        whole[series] += values
    for point in points:
        whole[point.series].append((point.end, point.value))
    for values in whole.values():
        values.sort()
    earlier: dict[Hashable, float] = {}
    for point in points:
        doubt, known, last = _against_history(point, whole[point.series])
        judgement.judged += known
        if last is not None:
            earlier[point.key] = last
        if doubt:
            judgement.doubts[point.key] = doubt
    for found in (_misplaced(points, earlier), _parts_and_whole(points, earlier)):
        for key, doubt in found:
            judgement.doubts.setdefault(key, doubt)
    return judgement


def _against_history(point: Point, values: list[tuple[date, float]]) -> tuple[Doubt | None, bool, float | None]:
    """The doubt, whether there was anything to judge by, and the value before."""
    others = [value for day, value in values if day != point.end]
    last = next((value for day, value in reversed(values) if day < point.end), None)
    following = next((value for day, value in values if day > point.end), None)
    if point.before is not None:
        return _revised(point), True, last
    if last is None and following is None:
        return None, False, last
    usual = _usual_change(others)
    limit = WILD if len(others) < ENOUGH else min(WILD, max(CALM, USUAL * usual))
    changes = [_change(point.value, value) for value in (last, following) if value is not None]
    # Between two neighbours, a figure that leaves both in the same direction is a spike; one that leaves one is a step.
    apart = min(changes, key=abs) if len({change > 0 for change in changes}) == 1 else 0.0
    if last is None:
        apart = changes[0] if abs(changes[0]) > GROSS else 0.0
    near = last if last is not None else following
    assert near is not None
    if point.value == 0 and near > SMALLEST and len(others) >= 2 and 0 not in others:
        return Doubt(f"0, and {near:,.0f} in the period before: 'not reported' may have been written as 0"), True, last
    if max(point.value, near) <= SMALLEST:
        return None, True, last
    if abs(apart) > limit:
        return Doubt(_jump(point.value, near), last is not None and abs(apart) > GROSS), True, last
    if point.value == last and _never_repeats(others) and point.value >= 1000 and point.value % 100:
        return (
            Doubt(f"exactly the {point.value:,.0f} of the period before, in a series that never stood still"),
            True,
            last,
        )
    return None, True, last


def _revised(point: Point) -> Doubt | None:
    assert point.before is not None
    if point.value == 0 and point.before > SMALLEST:
        return Doubt(f"revised from {point.before:,.0f} to 0: 'not reported' may have been written as 0")
    change = _change(point.value, point.before)
    if max(point.value, point.before) <= SMALLEST or abs(change) <= math.log(3):
        return None
    return Doubt(f"revised from {point.before:,.0f} to {point.value:,.0f}", abs(change) > GROSS)


def _jump(value: float, near: float) -> str:
    times = value / near if value > near else near / max(value, 1)
    way = "times the" if value > near else "times less than the"
    return f"{times:,.1f} {way} {near:,.0f} of the nearest period of the same series"


def _change(value: float, other: float) -> float:
    """The logarithm of how many times as large; nothing where one of the two is zero, which no factor describes."""
    return math.log(value / other) if value > 0 and other > 0 else 0.0


def _usual_change(values: list[float]) -> float:
    changes = [abs(_change(b, a)) for a, b in zip(values, values[1:], strict=False)]
    return median(changes) if changes else 0.0


def _never_repeats(values: list[float]) -> bool:
    return len(values) >= ENOUGH and all(a != b for a, b in zip(values, values[1:], strict=False))


def _misplaced(points: Sequence[Point], earlier: dict[Hashable, float]) -> Iterable[tuple[Hashable, Doubt]]:
    """Figures that fit another row or column of the payload much better than their own."""
    groups: dict[Hashable, list[Point]] = defaultdict(list)
    for point in points:
        if point.key in earlier and max(point.value, earlier[point.key]) > SMALLEST:
            groups["row", point.subject, point.end].append(point)
            groups["column", point.column, point.end].append(point)
    for group in groups.values():
        yield from _swapped(group, earlier)
        yield from _slipped(group, earlier)


def _swapped(group: list[Point], earlier: dict[Hashable, float]) -> Iterable[tuple[Hashable, Doubt]]:
    moved = [p for p in group if abs(_change(p.value, earlier[p.key])) > math.log(1.2)]
    for number, one in enumerate(moved):
        for other in moved[number + 1 :]:
            own = _misfit(one.value, earlier[one.key]) + _misfit(other.value, earlier[other.key])
            crossed = _misfit(one.value, earlier[other.key]) + _misfit(other.value, earlier[one.key])
            if crossed < own / 4:
                said = Doubt(f"swapped with {other.value:,.0f}? Each fits the other's history better than its own")
                yield one.key, said
                yield other.key, Doubt(said.words.replace(f"{other.value:,.0f}", f"{one.value:,.0f}"))


def _slipped(group: list[Point], earlier: dict[Hashable, float]) -> Iterable[tuple[Hashable, Doubt]]:
    """Rows that slipped by one: each figure is its neighbour's."""
    if len(group) < 3:
        return
    own = sum(_misfit(p.value, earlier[p.key]) for p in group)
    for step in (1, -1):
        pairs = list(zip(group[step:], group, strict=False)) if step > 0 else list(zip(group, group[1:], strict=False))
        other = sum(_misfit(p.value, earlier[q.key]) for p, q in pairs)
        if own / len(group) > math.log(1.2) and other / len(pairs) < own / len(group) / 4:
            for point in group:
                yield (
                    point.key,
                    Doubt("the figures of this payload fit their neighbours' history: rows may have slipped"),
                )
            return


def _misfit(value: float, other: float) -> float:
    return abs(math.log((value + 1) / (other + 1)))


def _parts_and_whole(points: Sequence[Point], earlier: dict[Hashable, float]) -> Iterable[tuple[Hashable, Doubt]]:
    """A part that is larger than its whole or is the whole, and a whole its parts do not add up to any more."""
    by_place: dict[Hashable, Point] = {(p.subject, p.end, p.place): p for p in points}
    parts: dict[Hashable, list[Point]] = defaultdict(list)
    for point in points:
        if (point.subject, point.end, point.within) in by_place:
            parts[point.subject, point.end, point.within].append(point)
    for address, found in parts.items():
        whole = by_place[address]
        total = whole.value
        yield from _sums(whole, found, earlier)
        for part in found:
            rest = sum(other.value for other in found) - part.value
            if part.value > SMALLEST and part.value > TOLERANCE * total:
                yield part.key, Doubt(f"more than the {total:,.0f} of the whole area it is part of")
            elif part.value > SMALLEST and part.value == total and rest > 0.02 * total:
                yield part.key, Doubt(f"the same as the whole area's {total:,.0f}, although other parts are not empty")


def _sums(whole: Point, parts: Sequence[Point], earlier: dict[Hashable, float]) -> Iterable[tuple[Hashable, Doubt]]:
    """A whole whose parts added up to it in the period before, and do not now."""
    before = [earlier[part.key] for part in parts if part.key in earlier]
    if len(parts) < 2 or len(before) < len(parts) or whole.key not in earlier:
        return
    total, once = sum(part.value for part in parts), sum(before)
    if abs(_change(once, earlier[whole.key])) < math.log(TOLERANCE) < abs(_change(total, whole.value)):
        yield whole.key, Doubt(f"its parts add up to {total:,.0f}; in the period before they added up to the whole")
