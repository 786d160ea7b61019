"""Words of the run ledger."""

from enum import StrEnum


class Trigger(StrEnum):
    """What started an ingest run."""

    SEED = "seed"
    MANUAL = "manual"
    SCHEDULE = "schedule"
    FILE = "file"
    UNDO = "undo"


class RunStatus(StrEnum):
    """How an ingest run ended.

    ``partial``: loaded, but some figures were set aside. ``held``: read, and nothing loaded, because it looks wrong as
    a whole; a person decides.
    """

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    UNCHANGED = "unchanged"
    PARTIAL = "partial"
    HELD = "held"
    FAILED = "failed"
    ABANDONED = "abandoned"


class SetAsideReason(StrEnum):
    """Why a figure was not accepted."""

    UNREADABLE_NUMBER = "unreadable_number"
    UNREADABLE_DATE = "unreadable_date"
    UNKNOWN_PLACE = "unknown_place"
    UNKNOWN_WORD = "unknown_word"
    MISSING_FIELD = "missing_field"
    PERIOD_REVERSED = "period_reversed"
    FORECAST = "forecast"
    NEGATIVE = "negative"
    QUALIFIER_MISMATCH = "qualifier_mismatch"
    MEASURE_MISMATCH = "measure_mismatch"
    ORIGIN_MISMATCH = "origin_mismatch"
    EXCERPT_MISMATCH = "excerpt_mismatch"
    CONFLICTING_DUPLICATE = "conflicting_duplicate"
    PROVIDER_ERROR = "provider_error"
    OUT_OF_SCALE = "out_of_scale"
