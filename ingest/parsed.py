"""Parse, place and check: payloads become figures that may be loaded, and faults with their reasons."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from ingest.contract import SourceModule
from tracker.batch import Arrival
from tracker.bulk import Parts
from tracker.checks import check
from tracker.errors import RecordError, SourceChanged
from tracker.places import Gazetteer, Placed, place
from tracker.records import AnyEntry, AnyFigure, EventEntry, Fault, ParsedRow, Payload, PlaceEntry
from tracker.vocabulary import SetAsideReason

Item = TypeVar("Item")
Refused = tuple[Fault, Any, int]
"""A fault, the provider's row (of a big sheet, its `Row`), and the id of the payload it stood in."""

MISREAD = (TypeError, AttributeError, LookupError, ValueError, ArithmeticError, RecursionError)
"""What a source's code raises when an answer is not in the form it was written for."""

_OF_SEVERAL = re.compile(r" \(.*\)$")

UNREADABLE = frozenset({SetAsideReason.UNREADABLE_NUMBER, SetAsideReason.UNREADABLE_DATE})


@dataclass(slots=True)
class Read:
    """What parsing, placing and checking made of a run's payloads.

    Attributes:
        rows: Rows of the provider.
        raws: The provider's row (of a big sheet, its `Row`), by the identity of the arrival that came of it.
        fields: Every field some row had.
        values: How many values of a field there were, by its name in the locators.
        unreadable: Of these, how many could not be read.
        columns: Figures read by columns, of a big sheet.
    """

    rows: int = 0
    arrivals: list[Arrival] = field(default_factory=list)
    entries: list[tuple[AnyEntry, Any, int]] = field(default_factory=list)
    faults: list[Refused] = field(default_factory=list)
    raws: dict[int, Any] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    values: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    columns: Parts | None = None

    @property
    def figures(self) -> int:
        """Everything that has to end in one of the ledger's counts."""
        by_columns = len(self.columns) if self.columns else 0
        return len(self.arrivals) + len(self.entries) + len(self.faults) + by_columns

    @property
    def newest_reference_on(self) -> date | None:
        """The newest day the figures are about."""
        ends = [arrival.placed.figure.period.end for arrival in self.arrivals]
        if self.columns:
            ends.append(self.columns.newest)
        return max(ends, default=None)


def parse_all(module: SourceModule, payloads: Iterable[tuple[int, Payload]], gazetteer: Gazetteer, today: date) -> Read:
    """Read every payload of a run.

    Raises:
        SourceChanged: A payload is not in the promised form, no value of a field can be read, or there is not one
            figure from a source that always has some.
    """
    read = Read()
    for payload_id, payload in payloads:
        for row in in_the_promised_form(module.parse(payload), payload.url):
            if isinstance(row.raw, Mapping) and not payload.mapping:
                read.fields.update(row.raw)
            take(read, row, payload_id, gazetteer, today)
    if not read.figures and not module.SOURCE.may_be_empty:
        held = f"{read.rows} rows, and not one figure in them" if read.rows else "not one row"
        raise SourceChanged(f"{module.SOURCE.code}: the answer holds {held}")
    require_readable(read)
    return read


def in_the_promised_form(items: Iterable[Item], what: str) -> Iterator[Item]:
    """The items; a source's code that stumbles over them says that the form is not the promised one."""
    try:
        yield from items
    except MISREAD as error:
        raise SourceChanged(f"{what} is not in the form it was ({type(error).__name__}: {one_line(error)})") from error


def one_line(error: Exception) -> str:
    """An error's own words, short enough for a message."""
    return " ".join(str(error).split())[:200]


def take(read: Read, row: ParsedRow, payload_id: int, gazetteer: Gazetteer, today: date) -> None:
    """Place and check what a row holds, and put it where it belongs."""
    read.rows += 1
    for fault in row.faults:
        read.faults.append((fault, row.raw, payload_id))
        read.values[_field(fault.locator)] += 1
        read.unreadable[_field(fault.locator)] += fault.reason in UNREADABLE
    for figure in row.figures:
        read.values[_field(figure.locator)] += 1
        if isinstance(figure, PlaceEntry | EventEntry):
            read.entries.append((figure, row.raw, payload_id))
            continue
        try:
            placed = placed_and_checked(figure, gazetteer, today)
        except RecordError as error:
            read.faults.append((Fault(figure.locator, error.reason, str(error)), row.raw, payload_id))
        else:
            arrival = Arrival(placed, payload_id)
            read.arrivals.append(arrival)
            read.raws[id(arrival)] = row.raw


def placed_and_checked(figure: AnyFigure, gazetteer: Gazetteer, today: date) -> Placed:
    """The figure with its places, fit to be stored.

    Raises:
        RecordError: A place is not in the gazetteer, or the figure breaks a rule.
    """
    placed = _placed(figure, gazetteer)
    check(placed, today)
    return placed


def _placed(figure: AnyFigure, gazetteer: Gazetteer) -> Placed:
    """The figure with its places; that a code was repaired is said beside the figure."""
    placed = place(figure, gazetteer)
    repairs = [p.repaired for p in (placed.location, placed.origin) if p and p.repaired]
    if not repairs:
        return placed
    note = "; ".join(part for part in (figure.note, *repairs) if part)
    return replace(placed, figure=replace(figure, note=note))


def _field(locator: str) -> str:
    """The provider's column: several figures of one cell have a locator each, "csv:7/POLICY_TYPE (LAND Iran)"."""
    column = _OF_SEVERAL.sub("", locator)
    return column.rpartition("/")[2] if "/" in column else ""


def require_readable(read: Read) -> None:
    """One value that cannot be read is a bad row; when none can, the field has changed its type or its meaning."""
    for name, values in read.values.items():
        if values >= 2 and read.unreadable[name] == values:
            detail = next(fault.detail for fault, _, _ in read.faults if _field(fault.locator) == name)
            called = f"field {name!r}" if name else "a field"
            raise SourceChanged(f"{called} has {values} values, and none can be read: {detail}; the format changed")
