"""Our own sheets: which cell is which figure, in whatever file it comes, and which cell is none."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from ingest.sources import access_sheet, border_sheet, displacement_sheet
from tests.recordings import held
from tests.samples import faults, figures, parsed, payload, workbook
from tests.sheets import IDPS, STATUS, TRUCKS, Row, as_csv, as_ndjson, as_parquet, as_workbook, load
from tracker.errors import SourceChanged
from tracker.records import BorderStatusFigure, DisplacementFigure, Payload
from tracker.tables import SetAside

FORMS = {
    "csv": as_csv,
    "semicolon": lambda rows: as_csv(rows, ";"),
    "tab": lambda rows: as_csv(rows, "\t"),
    "xlsx": as_workbook,
    "ndjson": as_ndjson,
    "parquet": as_parquet,
}
in_every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def said(found: Any) -> list[Any]:
    """The figures without where in the file each stands."""
    return [{**vars_of(figure), "locator": ""} for figure in found]


def vars_of(figure: Any) -> dict[str, Any]:
    """A frozen record's fields."""
    return {name: getattr(figure, name) for name in type(figure).__dataclass_fields__}


@in_every_form
def test_displacement_rows_are_the_same_in_every_form(form: Any) -> None:
    """A number that depends on how a file was saved: 41,200 as text, as a number, or as nothing."""
    rows = [
        {**IDPS, "value_low": None, "value_high": None, "reference_period_start": None, "note": "a, b; c\u2028d"},
        {
            **IDPS, "indicator": "new_displacement", "measure": "flow", "value": None, "value_low": 2000,
            "value_high": 3500, "reference_period_start": "2024-11-24", "note": None,
        },
    ]  # fmt: skip
    stock, flow = figures(displacement_sheet, form(rows))
    assert isinstance(stock, DisplacementFigure)
    assert isinstance(flow, DisplacementFigure)
    assert (stock.amount.value, stock.amount.qualifier.value, stock.note) == (41200, "exact", "a, b; c d")
    assert (flow.amount.value, flow.amount.low, flow.amount.high, flow.amount.qualifier.value) == (
        None, 2000, 3500, "range",
    )  # fmt: skip
    assert (str(flow.period.start), str(flow.period.end)) == ("2024-11-24", "2024-11-30")
    assert said([stock, flow]) == said(figures(displacement_sheet, as_csv(rows)))


@in_every_form
def test_border_and_access_rows_are_the_same_in_every_form(form: Any) -> None:
    """The field office's spreadsheet and its export must not disagree on what is open."""
    statuses = [STATUS, {**STATUS, "point_of_entry": None, "status": "closed"}]
    assert said(figures(border_sheet, form(statuses))) == said(figures(border_sheet, as_csv(statuses)))
    assert [f.status.value for f in figures(border_sheet, form(statuses)) if isinstance(f, BorderStatusFigure)] == [
        "partial", "closed",
    ]  # fmt: skip
    access = [{**TRUCKS, "value_text": None}, {**TRUCKS, "value": None, "value_text": "None since Monday"}]
    assert said(figures(access_sheet, form(access))) == said(figures(access_sheet, as_csv(access)))


def idps(**changed: Any) -> Payload:
    """One row of the displacement sheet, as CSV."""
    return as_csv([{**IDPS, **changed}])


def amount(**changed: Any) -> tuple[Any, ...]:
    """Number, bounds, qualifier and status of that row."""
    (figure,) = figures(displacement_sheet, idps(**changed))
    assert isinstance(figure, DisplacementFigure)
    told = figure.amount
    return told.value, told.low, told.high, told.qualifier.value, figure.observation_status.value


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"value": "0"}, (0, 0, 0, "exact", "normal")),
        ({"value": "*"}, (None, None, None, "exact", "suppressed")),
        ({"value": "<5"}, (None, None, None, "exact", "suppressed")),
        ({"value": "", "observation_status": "suppressed"}, (None, None, None, "exact", "suppressed")),
        ({"value": "900", "observation_status": "provisional"}, (900, 900, 900, "exact", "provisional")),
        ({"value": "900", "qualifier": "At_Least"}, (900, 900, None, "at_least", "normal")),
        ({"value": "900", "value_low": "800", "value_high": "1000"}, (900, 800, 1000, "approx", "normal")),
        ({"value": "", "value_low": "800", "value_high": "1000"}, (None, 800, 1000, "range", "normal")),
        (
            {"value": "", "qualifier": "order_of_magnitude", "value_text": "thousands"},
            (None, None, None, "order_of_magnitude", "normal"),
        ),
    ],
)
def test_number_is_as_certain_as_its_row_says(changed: dict[str, str], expected: tuple[Any, ...]) -> None:
    """Zero is nobody, `*` is few, and 900 between 800 and 1,000 is not exactly 900."""
    assert amount(**changed) == expected


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"value": ""}, "missing_field"),
        ({"value": "-"}, "missing_field"),
        ({"value": "n/a"}, "missing_field"),
        ({"value": "41,200"}, "unreadable_number"),
        ({"value": "41.5"}, "unreadable_number"),
        ({"value": "many"}, "unreadable_number"),
        ({"qualifier": "exact", "value_low": "3"}, "qualifier_mismatch"),
        ({"qualifier": "at_least", "value_high": "50000"}, "qualifier_mismatch"),
        ({"qualifier": "about"}, "unknown_word"),
        ({"indicator": "refugees"}, "unknown_word"),
        ({"measure": ""}, "missing_field"),
        ({"sex": "female"}, "unknown_word"),
        ({"location_code": ""}, "unknown_place"),
        ({"reference_period_end": ""}, "missing_field"),
        ({"reference_period_end": "08/12/2024"}, "unreadable_date"),
        ({"reference_period_end": "8 December 2024"}, "unreadable_date"),
        ({"reference_period_end": "0224-12-08"}, "unreadable_date"),
        ({"reference_period_end": "2024-13"}, "unreadable_date"),
        ({"reference_period_end": "45634"}, "unreadable_date"),
        ({"credibility": "9"}, "out_of_scale"),
        ({"household_size": "5"}, "missing_field"),
        ({"household_size": "0", "household_size_source": "Made Office"}, "out_of_scale"),
    ],
)
def test_cell_that_cannot_be_read_sets_its_row_aside(changed: dict[str, str], reason: str) -> None:
    """Guessed, an empty cell is nobody, and 08/12 the day in August or in December."""
    assert figures(displacement_sheet, idps(**changed)) == []
    assert faults(displacement_sheet, idps(**changed)) == [(reason, "csv:2/value")]


@pytest.mark.parametrize(
    ("written", "end", "precision"),
    [
        ("2024-12-08", "2024-12-08", "day"),
        ("2024-12-08T00:00:00", "2024-12-08", "day"),
        ("2024-12", "2024-12-31", "month"),
        ("2024-02", "2024-02-29", "month"),
        ("2024", "2024-12-31", "year"),
        (2024, "2024-12-31", "year"),
        (date(2024, 12, 8), "2024-12-08", "day"),
        (datetime(2024, 12, 8), "2024-12-08", "day"),  # noqa: DTZ001 - Excel knows no zones
    ],
)
def test_date_is_known_as_exactly_as_it_is_written(written: Any, end: str, precision: str) -> None:
    """A month drawn on its first day is weeks before the count; a cell that Excel made a date is that date."""
    (figure,) = figures(displacement_sheet, as_workbook([{**IDPS, "reference_period_end": written}]))
    assert (str(figure.period.end), figure.period.end_precision.value) == (end, precision)  # type: ignore[union-attr]


def test_stock_is_of_its_last_day_and_a_flow_of_all_of_them() -> None:
    """A stock over a period would be refused, and a flow without its start drawn on one day."""
    days = {"reference_period_start": "2024-11", "reference_period_end": "2024-11-30"}
    for measure, start in (("stock", "2024-11-30"), ("flow", "2024-11-01")):
        (figure,) = figures(displacement_sheet, idps(indicator="return", measure=measure, **days))
        assert str(figure.period.start) == start  # type: ignore[union-attr]
    (since,) = figures(displacement_sheet, idps(indicator="return", measure="cumulative"))
    assert since.period.start_precision.value == "unknown"  # type: ignore[union-attr]


def test_numbers_that_are_not_there_are_not_zero_in_parquet() -> None:
    """A column of numbers holds "not a number" where there is none."""
    nothing = float("nan")
    rows = [{**IDPS, "value": 7.0, "value_low": nothing}, {**IDPS, "value": nothing, "value_low": nothing}]
    assert [
        f.amount.value for f in figures(displacement_sheet, as_parquet(rows)) if isinstance(f, DisplacementFigure)
    ] == [7]
    assert faults(displacement_sheet, as_parquet(rows)) == [("missing_field", "parquet:1/value")]


@pytest.mark.parametrize(
    ("sheet", "row"),
    [(displacement_sheet, IDPS), (border_sheet, STATUS), (access_sheet, TRUCKS)],
    ids=["displacement", "border", "access"],
)
def test_column_a_sheet_cannot_do_without_is_named(sheet: Any, row: Row) -> None:
    """Without its measure, a stock would be added up over time."""
    for column in sheet.REQUIRED:
        if column not in row:
            continue
        without = {name: cell for name, cell in row.items() if name != column}
        with pytest.raises(SourceChanged, match=f"column '{column}' is missing at csv:2; name it so, or map another"):
            parsed(sheet, as_csv([without]))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PAR1 no Parquet PAR1", "is a damaged Parquet file"),
        (b'{"indicator": "population"\n', "line 1 is not JSON, or is cut off"),
        (b'{"a": 1}\n[1]\n', "column 'indicator' is missing|line 2 is no JSON object"),
        (b"indicator,measure\npopulation\n", "line 2 does not have as many cells as the header"),
        (workbook({"Figures": [["a", "b"], [1, 2]]}), "no sheet has a column 'reference_period_end'"),
    ],
)
def test_file_that_is_no_table_is_refused(content: bytes, said: str) -> None:
    """Half a file is half of the people."""
    with pytest.raises(SourceChanged, match=said):
        parsed(displacement_sheet, payload(content))


def test_typo_in_a_column_name_is_told(store_with_places: Engine, tmp_path: Path) -> None:
    """An origin under "orgin_code" is no origin: all refugees, where those of one country were meant."""
    report = load(store_with_places, tmp_path, displacement_sheet, {**IDPS, "orgin_code": "SY01"})
    assert (report.error, report.tally.new) == (None, 1)
    assert report.tally.warnings == ["new field 'orgin_code': kept in the payload, not read"]


def test_sheet_loads_into_the_store_as_it_says(store_with_places: Engine, tmp_path: Path) -> None:
    """From cell to store, with a correction: the second file revises what it says otherwise, and nothing else."""
    rows = [IDPS, {**IDPS, "location_code": "SY07", "value": "<5"}, {**IDPS, "location_code": "SY03", "value": 0}]
    assert load(store_with_places, tmp_path, displacement_sheet, *rows).tally.new == 3
    corrected = [{**IDPS, "value": 41_000}, *rows[1:]]
    report = load(store_with_places, tmp_path, displacement_sheet, *corrected, name="corrected.csv")
    assert (report.tally.revised, report.tally.unchanged) == (1, 2)
    found = {(f.place, f.variant): (f.value, f.vintage) for f in held(store_with_places)}
    body = "Made Office"
    assert found == {("SY02", body): (41_000, 2), ("SY07", body): (None, 1), ("SY03", body): (0, 1)}
    with store_with_places.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(SetAside)) == 0
