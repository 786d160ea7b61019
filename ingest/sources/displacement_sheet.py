"""Our own sheet: displacement figures in the tidy form, for whatever no other source brings.

What is published: nothing; a person, or another program, writes it: CSV, XLSX, NDJSON or Parquet in the columns of
``docs/sheets.md``, or any table with a mapping file.
Grain: one row a figure.
Key: who asserts it, what, of whom, where, and the reference period.
Revisions and cadence: whenever a file is loaded; the same row with another number is a revision.
Known traps: a stock has one date and a flow two; persons and households are told apart by ``unit`` alone; an empty
cell is "not reported", and 0 means that somebody counted none; dates with a day first are refused, not guessed.
"""

from collections.abc import Iterator
from typing import Any

from ingest import tidy
from ingest.sheet import read_sheet
from ingest.values import quantity
from tracker.errors import RecordError
from tracker.records import DisplacementFigure, ParsedRow, Payload, Source
from tracker.vocabulary import (
    Cause,
    DisplacementIndicator,
    Measure,
    ObservationStatus,
    PopulationGroup,
    Qualifier,
    Redistribution,
    Reliability,
    SetAsideReason,
    Sex,
    SourceKind,
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
    "household_size_source": "who says so",
    "observation_status": "normal (if empty), estimated, provisional ...",
    **tidy.PROVENANCE,
}

SOURCE = Source(
    code="displacement_sheet",
    name="Displacement sheet",
    kind=SourceKind.INGO,
    reliability=Reliability.F,
    licence="that of the body named in the row",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="as named in the sheet",
    homepage="",
    measures="Whatever displacement figures somebody enters, each with who asserts it.",
    grain="One figure a row.",
    traps="An empty cell is not zero; a stock has one date, a flow two.",
    fields=frozenset(COLUMNS),
)

REQUIRED = ("indicator", "measure", "population_group", "value", "reference_period_end")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each row of the sheet."""
    for found in read_sheet(payload, COLUMNS, REQUIRED):
        row = ParsedRow(found.locator, found.raw)
        with row.attempt("value") as locator:
            row.figures.append(_figure(found.cells, locator))
        yield row


def _figure(cells: dict[str, Any], locator: str) -> DisplacementFigure:
    measure = tidy.word(cells, "measure", Measure)
    amount, status = tidy.amount(cells, whole=True)
    if status is ObservationStatus.NORMAL:
        status = tidy.word(cells, "observation_status", ObservationStatus, ObservationStatus.NORMAL)
        if amount.value is None and amount.qualifier is Qualifier.EXACT:
            raise RecordError(SetAsideReason.MISSING_FIELD, "value is empty: not reported is not a figure")
    return DisplacementFigure(
        source=SOURCE.code,
        **tidy.common(cells, locator),
        indicator=tidy.word(cells, "indicator", DisplacementIndicator),
        measure=measure,
        population_group=tidy.word(cells, "population_group", PopulationGroup),
        location=tidy.place(cells),
        origin=tidy.place({"location_code": cells["origin_code"]}) if "origin_code" in cells else None,
        amount=amount,
        period=tidy.period(cells, starts_unknown=measure is Measure.CUMULATIVE),
        variant=tidy.variant(cells),
        cause=tidy.word(cells, "cause", Cause, Cause.UNKNOWN),
        unit=tidy.word(cells, "unit", Unit, Unit.PERSONS),
        sex=tidy.word(cells, "sex", Sex, Sex.ALL),
        age=tidy.words_of(cells, "age") or "all",
        value_text=tidy.words_of(cells, "value_text"),
        household_size=quantity(cells.get("household_size"), "household_size"),
        household_size_source=tidy.words_of(cells, "household_size_source"),
        observation_status=status,
    )
