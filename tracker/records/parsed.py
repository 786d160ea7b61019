"""What became of one row of the provider."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tracker.errors import RecordError
from tracker.records.entries import AnyEntry
from tracker.records.figures import AccessFigure, BorderStatusFigure, DisplacementFigure
from tracker.vocabulary import SetAsideReason

AnyFigure = DisplacementFigure | BorderStatusFigure | AccessFigure


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one figure of a row was not accepted."""

    locator: str
    reason: SetAsideReason
    detail: str


@dataclass(slots=True)
class ParsedRow:
    """One row of the provider and everything that came of it.

    Attributes:
        locator: Where the row stands in the payload.
        raw: The row as the provider sent it.
        figures: Figures of any kind, or entries of a reference source.
    """

    locator: str
    raw: Any
    figures: list[AnyFigure | AnyEntry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @contextmanager
    def attempt(self, name: str = "") -> Iterator[str]:
        """Read one figure of the row; a `RecordError` inside sets that figure aside and nothing else."""
        locator = f"{self.locator}/{name}" if name else self.locator
        try:
            yield locator
        except RecordError as error:
            self.faults.append(Fault(locator, error.reason, str(error)))
