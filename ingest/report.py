"""What one run of one source did, for scripts and for people."""

from dataclasses import asdict, dataclass, field
from typing import Any

from tracker.ledger import Tally
from tracker.vocabulary import RunStatus

SKIPPED = "skipped"
"""Status of a run that another process is already doing."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """The outcome of one run.

    Attributes:
        error: Why nothing was loaded; null when something was, or nothing had changed.
        exit_code: What the command should end with for this run.
    """

    source: str
    run_id: int = 0
    status: str = RunStatus.FAILED.value
    tally: Tally = field(default_factory=Tally)
    seconds: float = 0.0
    error: str | None = None
    exit_code: int = 0

    def as_json(self) -> dict[str, Any]:
        """The keys that scripts rely on."""
        return {
            "source": self.source,
            "run_id": self.run_id,
            "status": self.status,
            **{name: value for name, value in asdict(self.tally).items() if name != "newest_reference_on"},
            "seconds": round(self.seconds, 2),
            "error": self.error,
        }

    def line(self) -> str:
        """The run in one line."""
        if self.error:
            return f"{self.source}: {self.status}: {self.error}"
        n = self.tally
        counts = f"{n.figures:,} figures from {n.rows_read:,} rows: {n.new:,} new, {n.revised:,} revised, "
        counts += f"{n.unchanged:,} unchanged, {n.duplicate:,} duplicate, {n.set_aside:,} set aside"
        told = f"; {'; '.join(n.warnings)}" if n.warnings else ""
        return f"{self.source}: {self.status}: {counts} ({self.seconds:.1f} s, run {self.run_id}){told}"
