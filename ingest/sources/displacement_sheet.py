"""Our own sheet: displacement figures in the tidy form, for whatever no other source brings.

What is published: nothing; a person, or another program, writes it: CSV, XLSX, NDJSON or Parquet in the columns of
``docs/sheets.md``, or any table with a mapping file.
Grain: one row a figure.
Key: who asserts it, what, of whom, where, and the reference period.
Revisions and cadence: whenever a file is loaded; the same row with another number is a revision.
Known traps: a stock has one date and a flow two; persons and households are told apart by ``unit`` alone; an empty
cell is "not reported", and 0 means that somebody counted none; dates with a day first are refused, not guessed.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from ingest import sheet_source, tidy
from ingest.values import quantity
from tracker.errors import RecordError
from tracker.records import DisplacementFigure, ParsedRow, Payload, Period
from tracker.vocabulary import (
    VALUELESS,
    Cause,
    DisplacementIndicator,
    Measure,
    ObservationStatus,
    PopulationGroup,
    Qualifier,
    SetAsideReason,
    Sex,
    Unit,
)

COLUMNS = {
    "indicator": "what is counted: " + ", ".join(DisplacementIndicator),
    "measure": "stock, flow or cumulative",
    "population_group": "HAPI's codes: " + ", ".join(PopulationGroup),
    **tidy.PLACE,
    "origin_code": "where the people came from: ISO3 or p-code",
    **tidy.NUMBER,
    "unit": "persons (if empty), households or cases",
    **tidy.PERIOD,
    "cause": "conflict, disaster, other or unknown (if empty)",
    "sex": "f, m, x, o, u or all (if empty)",
    "age": "an age range such as 0-4, or all (if empty)",
    "variant": "what else tells the series apart: registration, operation, kind of round",
    "household_size": "people a household, where households were counted",
    "household_size_source": "who says so; needed beside household_size",
    "observation_status": "normal (if empty), estimated, provisional ...",
    **tidy.PROVENANCE,
}

SOURCE = sheet_source.source(
    code="displacement_sheet",
    name="Displacement sheet",
    measures="Whatever displacement figures somebody enters, each with who asserts it.",
    grain="One figure a row.",
    traps="An empty cell is not zero; a stock has one date, a flow two.",
    columns=COLUMNS,
)

REQUIRED = ("indicator", "measure", "population_group", "value", "reference_period_end")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each row of the sheet."""
    return sheet_source.parse(payload, COLUMNS, REQUIRED, _figure, "value")


def parse_some(payload: Payload, records: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[ParsedRow]:
    """One row for each of these rows of the sheet, which come with their locators."""
    return sheet_source.parse(payload, COLUMNS, REQUIRED, _figure, "value", records=records)


def _figure(cells: dict[str, Any], locator: str) -> DisplacementFigure:
    measure = tidy.word(cells, "measure", Measure)
    amount, status = tidy.amount(cells, whole=True)
    if status is ObservationStatus.NORMAL:
        status = tidy.word(cells, "observation_status", ObservationStatus, ObservationStatus.NORMAL)
        if amount.value is None and amount.qualifier is Qualifier.EXACT and status not in VALUELESS:
            raise RecordError(SetAsideReason.MISSING_FIELD, "value is empty: not reported is not a figure")
    size, size_source = _household(cells)
    period = tidy.period(cells, starts_unknown=measure is Measure.CUMULATIVE)
    return DisplacementFigure(
        source=SOURCE.code,
        **tidy.common(cells, locator),
        indicator=tidy.word(cells, "indicator", DisplacementIndicator),
        measure=measure,
        population_group=tidy.word(cells, "population_group", PopulationGroup),
        location=tidy.place(cells),
        origin=tidy.place({"location_code": cells["origin_code"]}) if "origin_code" in cells else None,
        amount=amount,
        # Tables that hold flows as well give every row two days; a stock is counted on the last.
        period=Period.on(period.end, period.end_precision) if measure is Measure.STOCK else period,
        variant=tidy.variant(cells),
        cause=tidy.word(cells, "cause", Cause, Cause.UNKNOWN),
        unit=tidy.word(cells, "unit", Unit, Unit.PERSONS),
        sex=tidy.word(cells, "sex", Sex, Sex.ALL),
        age=tidy.words_of(cells, "age") or "all",
        value_text=tidy.words_of(cells, "value_text"),
        household_size=size,
        household_size_source=size_source,
        observation_status=status,
    )


def _household(cells: dict[str, Any]) -> tuple[float | None, str | None]:
    """People a household, and who says so; one without the other is nobody's number, or no number."""
    size = quantity(cells.get("household_size"), "household_size")
    source = tidy.words_of(cells, "household_size_source")
    if (size is None) != (source is None):
        raise RecordError(SetAsideReason.MISSING_FIELD, "household_size and household_size_source go together")
    if size is not None and size < 1:
        raise RecordError(SetAsideReason.OUT_OF_SCALE, f"household_size is {size:g}: nobody lives there")
    return size, source
