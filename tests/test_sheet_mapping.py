"""A mapping reads somebody else's table, says in one line what is wrong with it, and is kept with what it read."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from ingest.sources import displacement_sheet
from tests.command import Said
from tests.recordings import held
from tests.samples import faults, figures, payload, workbook
from tracker.archive import read_again
from tracker.database import open_store
from tracker.errors import RecordError, SourceChanged, UsageError
from tracker.places import Gazetteer, place
from tracker.records import DisplacementFigure, Payload
from tracker.tables import IngestRun, SetAside

HEADER = (
    "source,publication_date,country,admin1,admin2,origin,population_group,measure,unit,value,value_low,value_high,"
    "qualifier,period_start,period_end,cause,sex,age_group,source_url,external_id"
)
"""Of a table that is somebody else's: the synthetic workload the speed is measured with."""

STOCK = (
    "idm-tracker,2024-11-20,SYR,SYR02,SYR02001,,IDP,stock,persons,1200,1100,1300,estimated,2024-10-01,2024-10-31,"
    "conflict,all,all,https://example.org/1,idm-tracker-000001"
)
FLOW = (
    "border-monitor,2024-11-05,LBN,LBN02,,SYR,REF,flow,households,340,,,at_least,2024-10-21,2024-10-27,violence,F,18-59,"
    "https://example.org/2,border-monitor-000002"
)
MAPPING = """
[columns]
asserted_by = "source"
published_on = "publication_date"
iso3 = "country"
location_code = ["admin2", "admin1", "country"]
origin_code = "origin"
reference_period_start = "period_start"
reference_period_end = "period_end"
age = "age_group"
publication_url = "source_url"

[constants]
indicator = "population"

[values.qualifier]
estimated = "approx"
provisional = ""
verified = ""

[values.cause]
violence = "conflict"
mixed = "unknown"
"""


def table(*rows: str, mapping: str = MAPPING) -> Payload:
    """A file in that form, with a mapping."""
    return replace(payload("\n".join([HEADER, *rows]) + "\n", "workload.csv"), mapping=mapping)


def brief(figure: Any) -> tuple[Any, ...]:
    """What a figure says, in our words."""
    assert isinstance(figure, DisplacementFigure)
    return (
        figure.variant, figure.measure.value, figure.population_group.value, str(figure.location),
        str(figure.origin) if figure.origin else None, figure.amount.value, figure.amount.qualifier.value,
        figure.unit.value, figure.cause.value, figure.sex.value, figure.age, str(figure.period.start),
        str(figure.period.end), str(figure.published_on),
    )  # fmt: skip


def test_another_table_is_read_by_its_mapping() -> None:
    """Households as persons, an estimate as a count, or a week's flow as a stock: each a number somebody relies on."""
    assert [brief(figure) for figure in figures(displacement_sheet, table(STOCK))] == [
        ("idm-tracker", "stock", "IDP", "SYR02001", None, 1200, "approx", "persons", "conflict", "all", "all",
         "2024-10-31", "2024-10-31", "2024-11-20"),
    ]  # fmt: skip
    flow = table(FLOW, mapping=MAPPING.replace('"population"', '"new_displacement"'))
    assert [brief(figure) for figure in figures(displacement_sheet, flow)] == [
        ("border-monitor", "flow", "REF", "LBN02", "SYR", 340, "at_least", "households", "conflict", "f", "18-59",
         "2024-10-21", "2024-10-27", "2024-11-05"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        (("SYR", "SYR02", "SYR02001"), "SYR02001"),
        (("SYR", "SYR02", ""), "SYR02"),
        (("SYR", "", ""), "SYR"),
        (("SYR", "n/a", "-"), "SYR"),
    ],
)
def test_first_filled_of_several_columns_counts(cells: tuple[str, ...], place: str) -> None:
    """A country's total under its first district; or a district's under its country."""
    row = STOCK.replace("SYR,SYR02,SYR02001", ",".join(cells))
    (figure,) = figures(displacement_sheet, table(row))
    assert isinstance(figure, DisplacementFigure)
    assert str(figure.location) == place


def test_word_without_a_translation_is_not_guessed() -> None:
    """A qualifier nobody translated may mean anything."""
    assert faults(displacement_sheet, table(STOCK.replace("estimated", "modelled"))) == [
        ("unknown_word", "csv:2/value")
    ]
    empty = figures(displacement_sheet, table(STOCK.replace("1100,1300,estimated", ",,verified")))
    assert [brief(figure)[6] for figure in empty] == ["exact"]


def test_row_without_what_the_mapping_requires_is_set_aside() -> None:
    """A figure without its day of publication would be taken for the newest one."""
    required = 'required = ["published_on", "external_id"]\n' + MAPPING
    read = list(displacement_sheet.parse(table(STOCK, STOCK.replace("2024-11-20", ""), mapping=required)))
    assert [(len(row.figures), [fault.reason.value for fault in row.faults]) for row in read] == [
        (1, []),
        (0, ["missing_field"]),
    ]
    assert read[1].faults[0].detail == "published_on not filled: the mapping requires it"


def test_several_cells_in_one_and_a_column_that_is_not_ours() -> None:
    """Two series that differ by cause and origin would be one; an id that is none of an incident makes it one."""
    both = MAPPING.replace("[columns]", '[columns]\nvariant = "{origin}, {cause}"\nexternal_id = []')
    first, second = figures(displacement_sheet, table(STOCK, FLOW, mapping=both))
    assert (first.variant, second.variant) == ("idm-tracker: , conflict", "border-monitor: SYR, violence")
    assert {first.external_id, second.external_id} == {""}


AREAS = MAPPING.replace(
    'location_code = ["admin2", "admin1", "country"]', 'admin1_code = "admin1"\nadmin2_code = "admin2"'
)


def test_areas_are_each_within_the_one_before(store_with_places: Engine) -> None:
    """A wrong governorate beside a right district: one of them is a slip, and nobody knows which."""
    rows = [
        STOCK.replace("SYR02,SYR02001", "SY02,"),
        STOCK.replace("SYR02,SYR02001", "ZZZ99,"),
        STOCK.replace("SYR02,SYR02001", "SY02,SY0200"),
        STOCK.replace("SYR,SYR02,SYR02001", "LBN,SY02,"),
        STOCK.replace("SYR,SYR02,SYR02001", ",SY02,"),
        STOCK.replace("SYR02,SYR02001", ","),
    ]
    with store_with_places.connect() as connection:
        gazetteer = Gazetteer.read(connection)
    found: list[str] = []
    for row in displacement_sheet.parse(table(*rows, mapping=AREAS)):
        try:
            found += [place(figure, gazetteer).location.code for figure in row.figures]  # type: ignore[union-attr]
            found += [fault.detail for fault in row.faults]
        except RecordError as error:
            found.append(str(error))
    assert found == [
        "SY02",
        "ZZZ99 is no area within SYR in the gazetteer",
        "SY0200 is no area within SY02 in the gazetteer",
        "SY02 is no area within LBN in the gazetteer",
        "iso3 is empty: a p-code is read within its country",
        "SYR",
    ]


def test_mapped_workbook_is_found_by_a_column_of_theirs() -> None:
    """A file whose date stands in its title has no column for it, and would be refused, or typed over by hand."""
    mapping = """
    [columns]
    value = "IDPs (individuals)"
    location_code = "P-code"

    [constants]
    indicator = "population"
    measure = "stock"
    population_group = "IDP"
    reference_period_end = 2024-12-08
    """
    cells = [["Displacement on 8 December 2024"], ["P-code", "IDPs (individuals)"], ["SY02", 41200], ["SY07", None]]
    book = replace(payload(workbook({"Cover": [["Made"]], "Data": cells}), "theirs.xlsx"), mapping=mapping)
    assert [(brief(f)[3], brief(f)[5], brief(f)[12]) for f in figures(displacement_sheet, book)] == [
        ("SY02", 41200, "2024-12-08"),
    ]
    assert faults(displacement_sheet, book) == [("missing_field", "Data!4/value")]


WRONG = [
    ("not toml", "the mapping is not TOML"),
    (
        '[colums]\nvalue = "value"',
        "the mapping has 'colums'; its parts are required, .columns., .constants. and .values.",
    ),
    ('columns = "value"', "the mapping has 'columns'"),
    ('[columns]\npeople = "value"', r"the mapping's \[columns\] names 'people', which is none of: indicator, measure,"),
    ('[values.people]\na = "b"', r"the mapping's \[values\] names 'people'"),
    ("[columns]\nvalue = 5", r"the mapping's \[columns\] has value = 5; see docs/sheets.md"),
    ('[columns]\nvalue = ["a", 5]', r"the mapping's \[columns\] has value = "),
    ("[constants]\nindicator = [1]", r"the mapping's \[constants\] has indicator = "),
    ('[values]\ncause = "conflict"', r"the mapping's \[values\] has cause = 'conflict'"),
    ("[values.cause]\nviolence = [1]", r"the mapping's \[values\] has cause = "),
    (MAPPING.replace('"source"', '"src"'), "no column 'src' at csv:2, which the mapping reads as asserted_by"),
    (MAPPING.replace('"admin1"', '"adm1"'), "no column 'adm1' at csv:2, which the mapping reads as location_code"),
]


@pytest.mark.parametrize(("mapping", "said"), WRONG)
def test_wrong_mapping_is_told_in_one_line(mapping: str, said: str) -> None:
    """A column that is silently not read is a country, a unit or a date that is silently not there."""
    with pytest.raises(UsageError, match=said) as raised:
        figures(displacement_sheet, table(STOCK, mapping=mapping))
    assert "\n" not in str(raised.value)


def test_column_that_neither_file_nor_mapping_has_is_named() -> None:
    """Without the indicator, people in need would stand among the displaced."""
    with pytest.raises(SourceChanged, match="column 'indicator' is missing at csv:2; name it so, or map another"):
        figures(displacement_sheet, table(STOCK, mapping=MAPPING.replace('indicator = "population"', "")))


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with that table and its mapping."""
    (tmp_path / "theirs.csv").write_text(f"{HEADER}\n{STOCK}\n")
    (tmp_path / "mapping.toml").write_text(MAPPING)
    return tmp_path


Tracker = Callable[..., Said]


def ingest(tracker: Tracker, files: Path, *more: str, source: str = "displacement_sheet") -> Said:
    """Load that table."""
    return tracker("ingest", source, "--from", files / "theirs.csv", "--mapping", files / "mapping.toml", *more)


def test_mapping_and_file_are_both_kept(tracker: Tracker, files: Path, home: Path) -> None:
    """The file alone could never be read the same way again."""
    said = ingest(tracker, files, "--json")
    assert (said.code, said.err) == (0, "")
    assert [(report["status"], report["new"]) for report in said.reports] == [("succeeded", 1)]
    store = open_store(f"sqlite:///{home / 'tracker.sqlite'}")
    with store.connect() as connection:
        ((_, kept),) = read_again(connection, home / "archive", said.reports[0]["run_id"])
    store.dispose()
    assert kept.content == (files / "theirs.csv").read_bytes()
    assert kept.mapping == MAPPING


@pytest.mark.parametrize(("mapping", "said"), WRONG[:4] + WRONG[-2:])
def test_wrong_mapping_ends_with_code_2(tracker: Tracker, files: Path, mapping: str, said: str) -> None:
    """A script must be able to tell a wrong request from a provider that is down, or from figures to look at."""
    (files / "mapping.toml").write_text(mapping)
    done = ingest(tracker, files)
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1
    assert re.search(said, done.err)


def test_mapping_where_none_can_be_used(tracker: Tracker, files: Path) -> None:
    """Ignored, it would leave a person believing that the columns were read as told."""
    done = ingest(tracker, files, source="unhcr_population")
    assert (done.code, done.out) == (2, "")
    assert "unhcr_population reads its provider's own files, without a mapping" in done.err
    live = tracker("ingest", "displacement_sheet", "--mapping", files / "mapping.toml")
    assert (live.code, "--mapping needs --from" in live.err) == (2, True)
    (files / "mapping.toml").write_bytes(b"\xff\xfe")
    assert "is not UTF-8 text" in ingest(tracker, files).err


def test_held_sheet_is_released_by_its_mapping(tracker: Tracker, files: Path, home: Path) -> None:
    """Read without its mapping, the file a person let through would load nothing, or something else."""
    rows = [
        STOCK.replace("SYR02001", f"SYR0200{n}").replace("000001", f"00000{n}").replace("1200,1100,1300", f"{n}00,,")
        for n in range(1, 9)
    ]
    rows = [row.replace("estimated", "") for row in rows]
    (files / "theirs.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    assert ingest(tracker, files).code == 0
    changed = [row.replace("00,,", "01,,") for row in rows[:4]]
    (files / "theirs.csv").write_text("\n".join([HEADER, *changed]) + "\n")
    halved = ingest(tracker, files)
    assert halved.code == 1
    assert "it holds 4 figures, and run" in halved.err
    run = halved.err.rpartition("tracker release ")[2].split()[0]
    (files / "mapping.toml").unlink()
    (files / "theirs.csv").unlink()
    released = tracker("release", run)
    assert (released.code, "4 revised" in released.out) == (0, True)
    store = open_store(f"sqlite:///{home / 'tracker.sqlite'}")
    mine = sorted(f.value for f in held(store) if f.variant == "idm-tracker")
    with store.connect() as connection:
        assert connection.scalars(select(SetAside.id)).all() == []
        assert "released by a person" in str(
            connection.scalar(select(IngestRun.warnings).where(IngestRun.id == int(run)))
        )
    store.dispose()
    assert mine == [101, 201, 301, 401, 500, 600, 700, 800]
