"""What can go wrong, grouped by what the caller has to do about it.

::

    TrackerError
    ├── UsageError             the person typed something the tracker cannot do       exit 2
    ├── SettingsError          an environment variable or the data folder is wrong    exit 2
    ├── StoreError             the database is missing, too new or broken             exit 1
    ├── RunError               stops one source; the others go on
    │   ├── SourceUnreachable  try again later                                        exit 75
    │   ├── AlreadyRunning     another process holds the source's lease               exit 75
    │   ├── SourceChanged      the payload is not what the source promised: look      exit 1
    │   └── RunHeld            it can be read, and looks wrong as a whole: decide     exit 1
    └── RecordError            sets one figure aside, with a reason; the run goes on

Every message says what, where and what to do, on one line.
"""

from tracker.vocabulary import SetAsideReason


class TrackerError(Exception):
    """Base of every error the tracker raises on purpose."""

    exit_code = 1


class UsageError(TrackerError):
    """The request cannot be met as typed."""

    exit_code = 2


class SettingsError(TrackerError):
    """A setting has a value the tracker cannot work with."""

    exit_code = 2


class StoreError(TrackerError):
    """The store is missing, newer than this program, or refuses to be read."""


class RunError(TrackerError):
    """One source's run ends here; nothing of it was loaded."""


class SourceUnreachable(RunError):
    """The provider did not answer; the next run may succeed."""

    exit_code = 75


class AlreadyRunning(RunError):
    """Another process is ingesting this source now."""

    exit_code = 75


class SourceChanged(RunError):
    """The provider's answer is not in the form the source promises; a person must look."""


class RunHeld(RunError):
    """What was read looks wrong as a whole; nothing of it is loaded until a person releases the run."""


class RecordError(TrackerError):
    """One figure cannot be accepted.

    Attributes:
        reason: The code stored with the set-aside row.
    """

    def __init__(self, reason: SetAsideReason, detail: str) -> None:
        """Keep the reason code beside the sentence."""
        super().__init__(detail)
        self.reason = reason
