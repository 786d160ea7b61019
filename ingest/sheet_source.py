"""A sheet in our own form as a source: whose word it carries, and how its rows become figures."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from ingest.sheet import read_sheet
from tracker.errors import RecordError
from tracker.records import AnyFigure, ParsedRow, Payload, Source
from tracker.vocabulary import Redistribution, Reliability, SetAsideReason, SourceKind


def source(*, code: str, name: str, measures: str, grain: str, traps: str, columns: Collection[str]) -> Source:
    """The sheet's source; each row names the body that says so, and nobody can vouch for all of them at once."""
    return Source(
        code=code,
        name=name,
        kind=SourceKind.INGO,
        reliability=Reliability.F,
        licence="that of the body named in the row",
        redistribute=Redistribution.ATTRIBUTION,
        credit_line="as named in the sheet",
        homepage="",
        measures=measures,
        grain=grain,
        traps=traps,
        fields=frozenset(columns),
    )


def parse(
    payload: Payload,
    columns: Collection[str],
    required: Collection[str],
    figure: Callable[[dict[str, Any], str], AnyFigure],
    *stands_in: str,
    records: Iterable[tuple[str, dict[str, Any]]] | None = None,
) -> Iterator[ParsedRow]:
    """One row for each row of the sheet, with its figure.

    Args:
        payload: The file, with its mapping if it needs one.
        columns: The sheet's columns.
        required: Those a file must have, or its mapping give a constant for.
        figure: What makes the figure of a row's cells and its locator.
        stands_in: The column a figure is found by; of several, the first one that is filled, or else the last.
        records: Some rows of the file, each with its locator, where not all of them are wanted.

    Raises:
        UsageError: The mapping does not fit.
        SourceChanged: The file cannot be read as a table, or lacks a column.
    """
    for found in read_sheet(payload, columns, required, records):
        row = ParsedRow(found.locator, found.raw)
        column = next((name for name in stands_in if name in found.cells), stands_in[-1])
        with row.attempt(column) as locator:
            if found.lacking:
                said = f"{', '.join(found.lacking)} not filled: the mapping requires it"
                raise RecordError(SetAsideReason.MISSING_FIELD, said)
            row.figures.append(figure(found.cells, locator))
        yield row
