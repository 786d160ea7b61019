"""The door: what is asked of a run as a whole before its figures may be seen.

Each figure alone has been checked by then. What is left are payloads that are well formed and wrong: half of a list,
an older list, another unit in every row. Such a run is held: nothing of it is loaded, what was known before stays, and
a person decides (`tracker runs`, `tracker release RUN`).
"""

from ingest.parsed import Read
from tracker.batch import Loaded
from tracker.ledger import Before
from tracker.records import BorderStatusFigure, Fault, Source

SMALLEST_SHARE = 0.7
"""Of the figures of the run before; a list that lost more than 30 % of itself is probably half a list."""

FEW = 3
"""Fewer bad figures than this are bad rows, whatever share of a short list they are."""

MOST_DOUBTFUL = 0.2
"""Of the figures that could be judged; beyond it the payload is wrong, not a figure."""


def warnings(read: Read, source: Source) -> list[str]:
    """What a person should know of a run that is loaded all the same."""
    added = sorted(read.fields - source.fields) if source.fields else []
    told = [f"new field {name!r}: kept in the payload, not read" for name in added]
    return told if read.figures else [*told, f"the provider reports nothing ({read.rows} rows without a figure)"]


def reasons_to_hold(
    read: Read, source: Source, before: Before | None, loaded: Loaded, faults: list[Fault]
) -> list[str]:
    """Why a run should not be loaded before a person has looked.

    Args:
        read: What was read.
        source: The source.
        before: The last run of the same kind that was loaded, if any.
        loaded: What loading it comes to.
        faults: All that would be set aside.
    """
    reasons = _too_much_set_aside(read, source, faults) + _nothing_but_zero(read, loaded) + _undated(loaded)
    # A file of the same name about another country is no shorter version of that one.
    if before and loaded.known > loaded.series / 2:
        reasons += _less_than_before(read, before)
    return reasons + _doubtful(loaded)


def _too_much_set_aside(read: Read, source: Source, faults: list[Fault]) -> list[str]:
    if len(faults) < FEW or len(faults) <= source.most_set_aside * read.figures:
        return []
    first = faults[0]
    return [
        f"{len(faults):,} of {read.figures:,} figures would be set aside (more than "
        f"{source.most_set_aside:.0%}), the first at {first.locator}: {first.detail}"
    ]


def _nothing_but_zero(read: Read, loaded: Loaded) -> list[str]:
    """What is not reported, written as 0, turns everything that was known into nobody."""
    figures = [arrival.placed.figure for arrival in read.arrivals]
    amounts = [f.amount for f in figures if not isinstance(f, BorderStatusFigure) and f.amount is not None]
    numbers = [amount.value for amount in amounts if amount.value is not None]
    many = len(numbers) + (len(read.columns) if read.columns else 0)
    if many < 2 or any(numbers) or not loaded.revised or (read.columns and read.columns.any_number):
        return []
    return [f"all its {many:,} numbers are 0, and {loaded.revised:,} of them were not before"]


def _undated(loaded: Loaded) -> list[str]:
    """Nothing tells whether what nobody dated is newer or older than what has a day: only a person can."""
    if not loaded.undated:
        return []
    return [
        f"{loaded.undated:,} of its figures have no day of publication, and would replace figures that have one; "
        "release it only if it is the newer"
    ]


def _less_than_before(read: Read, before: Before) -> list[str]:
    reasons = []
    if read.figures < SMALLEST_SHARE * before.figures:
        reasons.append(f"it holds {read.figures:,} figures, and run {before.run_id} held {before.figures:,}")
    newest = read.newest_reference_on
    if before.newest_reference_on and newest and newest < before.newest_reference_on:
        reasons.append(
            f"its newest figure is of {newest}, and run {before.run_id} had one of {before.newest_reference_on}"
        )
    return reasons


def _doubtful(loaded: Loaded) -> list[str]:
    doubtful, judged = len(loaded.doubts), loaded.judged
    gross = any(doubt.gross for doubt in loaded.doubts)
    if not doubtful or doubtful <= MOST_DOUBTFUL * judged or (doubtful < FEW and not gross):
        return []
    return [f"{doubtful:,} of {judged:,} figures do not fit their own history, such as {loaded.doubts[0]}"]
