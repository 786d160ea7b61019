"""The judge of plausibility over columns: the same doubts as `tracker.plausibility.judge`, for figures by the million.

Nearly every figure is beyond doubt, and whole arrays tell so at once. What an array cannot clear goes to the functions
of `tracker.plausibility`, which decide and find the words; so each condition here may be too wide, never too narrow.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from tracker.courses import Courses, Flags, Floats, Ints, change, coded, split
from tracker.plausibility import (
    CALM,
    GROSS,
    MOVED,
    MOVED_USUAL,
    REVISED,
    SMALLEST,
    TOLERANCE,
    USUAL,
    WILD,
    Judgement,
    OnCourse,
    Point,
    against,
    misplaced,
    parts_and_whole,
    revised,
)

LOOSE = 1 - 1e-6
"""Limits are taken this much nearer: logarithms of arrays differ in the last bits, and usual changes are rounded."""

COURSES = 4096
"""Courses kept at hand: figures of one series often come together."""


@dataclass(frozen=True, slots=True)
class Points:
    """New or changed figures as columns; each array has one entry a figure, shape (n,).

    Attributes:
        series: Id of the series.
        start: First day of the period, as `date.toordinal` counts days.
        end: Its last day, likewise.
        value: The figure.
        before: The value it replaces; nan for a new figure.
        place: Id of the location.
        within: Id of the area around it; -1 where there is none.
        subject: Code of what it counts, without place and period.
        column: Code of what it counts but for group, sex and indicator, without place and period.
    """

    series: Ints
    start: Ints
    end: Ints
    value: Floats
    before: Floats
    place: Ints
    within: Ints
    subject: Ints
    column: Ints

    def point(self, number: int) -> Point:
        """One of them, with what the rules ask of a single figure."""
        before = _or_none(self.before[number])
        day = date.fromordinal(int(self.end[number]))
        return Point(number, int(self.series[number]), day, float(self.value[number]), before)


def judge_columns(points: Points, history: tuple[Ints, Ints, Floats]) -> Judgement:
    """Hold every figure against its series, its neighbours in the payload and the area it lies in.

    Args:
        points: What is new or changed.
        history: Series, day and value of the other values of these series.

    Returns:
        Doubts by the number of their figure, from 0.
    """
    if not len(points.series):
        return Judgement()
    courses = Courses.of((points.series, points.end, points.value), history)
    course = lru_cache(COURSES)(courses.course)
    last, following = courses.last, courses.following
    judgement = Judgement(judged=int((~np.isnan(points.before) | ~np.isnan(last) | ~np.isnan(following)).sum()))
    changed = ~np.isnan(points.before)
    for n in np.flatnonzero(np.where(changed, _may_be_revised(points), _may_stand_out(points, courses))).tolist():
        point = points.point(n)
        if point.before is not None:
            doubt = revised(point)
        else:
            doubt = against(course(courses.number[n]), point, _or_none(last[n]), _or_none(following[n]))
        if doubt:
            judgement.doubts[n] = doubt
    groups = (
        [OnCourse(points.point(n), float(last[n]), course(courses.number[n])) for n in group]
        for group in _side_by_side(points, courses)
    )
    families = list(_families(points, last))
    before: dict[Hashable, float] = {n: float(last[n]) for family in families for n in family if not np.isnan(last[n])}
    wholes = ((points.point(whole), [points.point(n) for n in parts]) for whole, *parts in families)
    for found in (misplaced(groups), parts_and_whole(wholes, before)):
        for key, said in found:
            judgement.doubts.setdefault(key, said)
    return judgement


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _may_be_revised(points: Points) -> Flags:
    value, before = points.value, points.before
    far = (np.maximum(value, before) > SMALLEST) & (np.abs(change(value, before)) > REVISED * LOOSE)
    gone: Flags = (value == 0) & (before > SMALLEST)
    return far | gone


def _may_stand_out(points: Points, courses: Courses) -> Flags:
    """Figures that may be a spike, a zero for 'not reported' or a copy of the period before."""
    value, last, at = points.value, courses.last, courses.number
    near = np.where(np.isnan(last), courses.following, last)
    known = courses.known[at]
    limit = np.where(known, np.clip(USUAL * courses.usual, CALM, GROSS)[at], WILD)
    limit[np.isnan(last)] = GROSS
    back, ahead = change(value, near), change(value, np.where(np.isnan(courses.following), near, courses.following))
    jump = (back * ahead > 0) & (np.minimum(np.abs(back), np.abs(ahead)) > limit * LOOSE)
    zero = (value == 0) & ((courses.zeros == 1) & (courses.length > 2))[at]
    copy = (value == last) & known & (courses.repeats == 1)[at] & (value % 100 > 0)
    found: Flags = (np.maximum(value, near) > SMALLEST) & (jump | zero | copy)
    return found


def _side_by_side(points: Points, courses: Courses) -> list[list[int]]:
    """Rows and columns of the payload in which figures may be swapped or have slipped, in the order of the figures."""
    value, last = points.value, courses.last
    many = np.flatnonzero(np.maximum(value, last) > SMALLEST)
    own, past, at = np.log(value[many] + 1), np.log(last[many] + 1), courses.number[many]
    limit = np.maximum(MOVED, MOVED_USUAL * courses.usual)[at]
    moved = np.flatnonzero(courses.known[at] & (np.abs(own - past) > limit * LOOSE))
    found = []
    for what in ((points.subject, points.within), (points.column, points.place)):
        code = coded(*(column[many] for column in (*what, points.start, points.end)))
        groups, count = np.unique(code[moved], return_counts=True)
        groups, count = groups[count > 1], count[count > 1]
        if not len(groups):
            continue
        group = np.minimum(np.searchsorted(groups, code), len(groups) - 1)
        members = np.flatnonzero(groups[group] == code)
        size = np.bincount(group[members], minlength=len(groups))
        suspect = (size > 2) & (2 * count >= size)
        suspect[np.searchsorted(groups, _crossed(code, moved, own, past))] = True
        members = members[suspect[group[members]]]
        found += split(many[members], group[members])
    return sorted(found, key=lambda group: group[0])


def _crossed(code: Ints, moved: Ints, own: Floats, past: Floats) -> Ints:
    """Codes of the groups in which two figures that moved may fit each other's past."""
    moved = moved[np.argsort(code[moved], kind="stable")]
    code, own, past = code[moved], own[moved], past[moved]
    misfit = np.abs(own - past)
    first, step, found = np.arange(len(code)), 0, [code[:0]]
    while len(first):
        step += 1
        first = first[first + step < len(code)]
        first = first[code[first] == code[first + step]]
        other = first + step
        crossed = np.abs(own[first] - past[other]) + np.abs(own[other] - past[first])
        found.append(code[first[crossed * LOOSE < np.minimum(misfit[first], misfit[other]) / 4]])
    return np.concatenate(found)


def _families(points: Points, last: Floats) -> Iterator[list[int]]:
    """Wholes, each with its parts after it, that may not fit each other, in the order of the first parts."""
    inside = points.within != -1
    wholes = np.flatnonzero(np.isin(points.place, points.within[inside]))
    parts = np.flatnonzero(inside & np.isin(points.within, points.place))
    if not len(wholes):
        return
    both = np.append(wholes, parts)
    where = np.append(points.place[wholes], points.within[parts])
    own, around = np.split(coded(points.subject[both], points.start[both], points.end[both], where), [len(wholes)])
    # Of two figures of one place the later one is the whole: it stands last where the sort is stable.
    order = np.argsort(own, kind="stable")
    family = np.searchsorted(own[order], around, side="right") - 1
    found = (family >= 0) & (own[order][family] == around)
    family, parts, wholes = family[found], parts[found], wholes[order]
    suspect = _may_not_add_up(points.value, last, wholes, parts, family)
    members = np.flatnonzero(suspect[family])
    number = {int(part): int(wholes[at]) for part, at in zip(parts[members], family[members], strict=True)}
    for group in split(parts[members], family[members]):
        yield [number[group[0]], *group]


def _may_not_add_up(value: Floats, last: Floats, wholes: Ints, parts: Ints, family: Ints) -> Flags:
    """Which families may hold a part too large, or a whole that is not the sum of its parts any more."""
    part, whole = value[parts], value[wholes][family]
    total, once = (np.bincount(family, of, len(wholes)).astype(np.float64) for of in (part, last[parts]))
    copied = (part == whole) & (total[family] > TOLERANCE * LOOSE * part)
    large = (part > SMALLEST) & ((part > TOLERANCE * whole) | copied)
    factor = np.log(TOLERANCE)
    held = ~np.isnan(once + last[wholes]) & (np.abs(change(once, last[wholes])) * LOOSE < factor)
    suspect: Flags = held & (np.abs(change(total, value[wholes])) > factor * LOOSE)
    suspect[family[large]] = True
    return suspect
