"""A run's figures on their way into the store, and what became of them."""

from dataclasses import dataclass, field, replace

from tracker.bulk import Figures
from tracker.places import Placed
from tracker.plausibility import Doubt


@dataclass(frozen=True, slots=True)
class Arrival:
    """A placed and checked figure, and the payload it was read from."""

    placed: Placed
    payload_id: int


@dataclass(slots=True)
class Loaded:
    """What became of a batch.

    Attributes:
        unchanged: What the store holds already, or holds in a version that was published later; an earlier version
            that it has never seen is kept behind the later one, never open.
        conflicts: Every figure that contradicts another one of the same batch; the first is no truer than the rest.
        series: How many series the batch speaks of, and ``known``, how many of these the store had before.
        undated: How many figures that nobody dated take the place of ones with a day of publication.
        doubts: Why figures that were loaded may be wrong; ``judged`` is how many had a history to be judged by.
        warnings: What a person should know, a line each.
    """

    new: int = 0
    revised: int = 0
    unchanged: int = 0
    duplicate: int = 0
    conflicts: list[Arrival] = field(default_factory=list)
    series: int = 0
    known: int = 0
    undated: int = 0
    doubts: list[Doubt] = field(default_factory=list)
    judged: int = 0
    warnings: list[str] = field(default_factory=list)

    def count(self, new: int, revised: int, unchanged: int, duplicate: int) -> None:
        """Add figures that were counted together."""
        self.new += new
        self.revised += revised
        self.unchanged += unchanged
        self.duplicate += duplicate


def one_of(figures: Figures, n: int, payload_id: int) -> Arrival:
    """A figure of the columns, to be taken by itself."""
    return Arrival(replace(figures.templates[int(figures.template[n])], figure=figures.figure(n)), payload_id)
