"""All series in the order of their days, as arrays: what each does usually, and what is around each new figure."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tracker.plausibility import ENOUGH, Course

Ints = NDArray[np.integer]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Courses:
    """Every series in the order of its days, and where each new figure stands in it.

    Attributes:
        days, values: By series, day and value; days as `date.toordinal` counts them; shape (n + history,).
        bounds: Where each series begins, and the end; shape (series + 1,).
        usual, repeats, zeros: Of each series: its usual change as a logarithm (in single precision), how often a value
            is the same as the one before, how many are zero; shape (series,).
        number: Of each new figure: the number of its series; shape (n,).
        last, following: Of each new figure: the values before and after its day, nan where there is none; shape (n,).
    """

    days: Ints
    values: Floats
    bounds: Ints
    usual: Floats
    repeats: Ints
    zeros: Ints
    number: Ints
    last: Floats
    following: Floats

    @classmethod
    def of(cls, new: tuple[Ints, Ints, Floats], history: tuple[Ints, Ints, Floats]) -> "Courses":
        """The courses of the new figures and the others of their series: each with series, day and value."""
        series, days, values = (np.concatenate(pair) for pair in zip(new, history, strict=True))
        code = coded(series, days)
        order = np.lexsort((values, code))
        code, series, days, values = code[order], series[order], days[order], values[order]
        fresh = np.append(True, series[1:] != series[:-1])
        bounds = np.append(np.flatnonzero(fresh), len(series))
        number = np.cumsum(fresh, dtype=np.int32) - 1
        same = np.append(False, values[1:] == values[:-1]) & ~fresh
        last, following = _around(values, fresh, np.append(True, code[1:] != code[:-1]))
        is_new = order < len(new[0])
        place = np.empty(len(new[0]), dtype=np.int32)
        place[order[is_new]] = np.flatnonzero(is_new)
        return cls(
            days,
            values,
            bounds,
            _usual(values, number, fresh, bounds),
            np.bincount(number[same], minlength=len(bounds) - 1),
            np.bincount(number[values == 0], minlength=len(bounds) - 1),
            number[place],
            last[place],
            following[place],
        )

    @property
    def length(self) -> Ints:
        """How many values each series has; shape (series,)."""
        return np.diff(self.bounds)

    @property
    def known(self) -> Flags:
        """Whether there is enough of each series to say what it does usually; shape (series,)."""
        return self.length > ENOUGH

    def course(self, number: int) -> Course:
        """One of them, as the rules for a single figure want it."""
        here = slice(self.bounds[number], self.bounds[number + 1])
        days = (date.fromordinal(day) for day in self.days[here].tolist())
        return Course.of(list(zip(days, self.values[here].tolist(), strict=True)))


def change(value: Floats, other: Floats) -> Floats:
    """The logarithm of how many times as large; nothing where one of the two is zero or missing."""
    both = (value > 0) & (other > 0)
    return np.log(np.divide(value, other, out=np.ones(len(value)), where=both))


def coded(*columns: Ints) -> Ints:
    """One whole number a row: the same where all columns are the same, and in their order, the first before the others.

    Where their ranges do not fit side by side into 64 bits, the values that occur are numbered first.
    """
    code, size = np.zeros(len(columns[0]), dtype=np.int64), 1
    if not len(code):
        return code
    for column in columns:
        low, high = int(column.min()), int(column.max())
        if size * (high - low + 1) >= 2**63:
            kinds, code = np.unique(code, return_inverse=True)
            values, column = np.unique(column, return_inverse=True)
            size, low, high = len(kinds), 0, len(values) - 1
        size *= high - low + 1
        code *= high - low + 1
        code += column
        code -= low
    return code


def split(members: Ints, group: Ints) -> list[list[int]]:
    """Members by group, in the order of the groups' first members and each group in its own."""
    order = np.argsort(group, kind="stable")
    edges = np.flatnonzero(np.diff(group[order])) + 1
    groups = (part.tolist() for part in np.split(members[order], edges) if len(part))
    return sorted(groups, key=lambda one: one[0])


def _around(values: Floats, fresh: Flags, dawn: Flags) -> tuple[Floats, Floats]:
    """The last value of the day before and the first of the day after, nan where the series has none."""
    firsts = np.flatnonzero(dawn)
    begins = fresh[firsts]
    last = np.where(begins, np.nan, values[firsts - 1])
    following = np.append(np.where(begins[1:], np.nan, values[firsts[1:]]), np.nan)
    day = np.cumsum(dawn) - 1
    return last[day], following[day]


def _usual(values: Floats, number: Ints, fresh: Flags, bounds: Ints) -> Floats:
    """The median change of each series, in single precision."""
    changes = np.zeros(len(values), dtype=np.float32)
    changes[1:] = np.abs(change(values[1:], values[:-1]))
    changes[fresh] = 0  # the first has nothing before it: it stays first when the changes of its series are sorted
    # The bits of positive floats are in the floats' order: with the series above them, one sort does for all series.
    ranked = number.astype(np.int64)
    ranked <<= 32
    ranked |= changes.view(np.int32)
    ranked.sort()
    ranked &= 0xFFFFFFFF
    changes = ranked.astype(np.int32).view(np.float32)
    steps = np.diff(bounds) - 1
    low, high = bounds[:-1] + (steps + 1) // 2, bounds[:-1] + steps // 2 + (steps > 0)
    middle: Floats = changes[low].astype(np.float64) + changes[high]
    return middle / 2
