"""Which of DTM's operations speaks for a country: they overlap, and adding them counts people twice or thrice."""

from collections import defaultdict
from collections.abc import Iterable

from tracker.vocabulary import Role

OPERATIONS = {
    "AFG": "Returns and displacement in Afghanistan",
    "HTI": "Countrywide monitoring",
    "IRQ": "Iraq conflict",
    "LBN": "Displacement due to conflict",
    "SYR": "Syrian Arab Republic Displacement",
}
"""The operation whose count is a country's, by ISO3. Where several run at once, as in Sudan, and none is chosen here,
none of them becomes a headline: they would count the same people in different ways."""

Operation = tuple[str, str]
"""ISO3 and the operation's name."""


def roles(seen: Iterable[Operation]) -> dict[Operation, Role]:
    """What the operations of a payload may be used for; where a country has only one, that one is chosen."""
    operations: dict[str, set[str]] = defaultdict(set)
    for iso3, name in seen:
        operations[iso3].add(name)
    return {
        (iso3, name): Role.RECOMMENDED if OPERATIONS.get(iso3, name) == name and not rivals else Role.CONTEXT
        for iso3, names in operations.items()
        for name in names
        for rivals in [iso3 not in OPERATIONS and len(names) > 1]
    }
