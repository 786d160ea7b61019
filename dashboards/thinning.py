"""Fewer points than there are figures, by a rule a reader can be told: a chart of more would not show them apart.

Only lines are thinned: of a stock or a count since a start the last figure of a month stands for the month. Movements
within periods are all drawn, since one that is left out would look as if nobody had moved.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from dashboards.language import say, term

MOST_POINTS = 2_000
"""On one chart, or in the panels of a page together."""

GRAINS: dict[str, Callable[[date], tuple[int, int]]] = {
    "month": lambda day: (day.year, day.month),
    "quarter": lambda day: (day.year, (day.month - 1) // 3),
    "year": lambda day: (day.year, 0),
}
THINNED = {
    "month": term("Of each line the last figure of a month is drawn; all of them are in the CSV."),
    "quarter": term("Of each line the last figure of a quarter is drawn; all of them are in the CSV."),
    "year": term("Of each line the last figure of a year is drawn; all of them are in the CSV."),
}
Item = TypeVar("Item")


def thinned(lines: Sequence[Sequence[Item]], day_of: Callable[[Item], date]) -> tuple[list[list[Item]], str]:
    """The lines with the last point of each month only, of each quarter or year where those would still be too many.

    Args:
        lines: Points of one series each, oldest first.
        day_of: The day of a point.

    Returns:
        The lines, and what is left out, in words for the reader; empty where nothing is.
    """
    found, said = [list(line) for line in lines], ""
    for grain, part_of in GRAINS.items():
        if sum(map(len, found)) <= MOST_POINTS:
            break
        found = [list({part_of(day_of(point)): point for point in line}.values()) for line in lines]
        said = say(THINNED[grain])
    return found, said
