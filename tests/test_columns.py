"""Reading a big sheet by columns gives the figures that reading it row by row gives, and leaves no row out."""

import csv
import io
import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.workload import make
from ingest import columns, lines, spool
from ingest.columns import Sheet
from ingest.parsed import parse_all
from ingest.sources import displacement_sheet
from tests.samples import payload
from tracker.places import Gazetteer, Place
from tracker.records import Payload
from tracker.vocabulary import LocationKind

TODAY = date(2026, 11, 25)
MAPPING = Path("benchmarks/workload.toml").read_text()
HEADER = (
    "indicator", "measure", "population_group", "location_code", "value", "value_low", "value_high", "qualifier",
    "reference_period_start", "reference_period_end", "published_on", "asserted_by", "publication_title",
    "publication_url", "observation_status", "external_id", "excerpt",
)  # fmt: skip
PLAIN = (
    "population", "stock", "IDP", "SYR", "1200", "", "", "", "2024-10-01", "2024-10-31", "2024-11-20", "Made Office",
    "Made Report", "https://example.org/1", "estimated", "", "",
)  # fmt: skip
NUMBERS = st.sampled_from(
    ["", "-", "0", "7", "1200", "1100", "1300", "007", "1,200", "1 200", "*", "<5", "-7", "3.5", "1e3", " 12 ", "n/a",
     "many", "99999999999", "123456789012345", "1234567890123456", "٤٢"]
)  # fmt: skip
DAYS = st.sampled_from(
    ["", "2024-10-01", "2024-10-31", "2024-11-20", "2024-10", "2024", "31/10/2024", "2024-02-30", "n/a", " 2024-10-31 ",
     "2024-10-31T12:00", "2999-01-01", "1850-01-01", "2026-11-26", "2026-11-27"]
)  # fmt: skip
ODD = {
    "indicator": st.sampled_from(["population", "arrival", "Population", "", "birds"]),
    "measure": st.sampled_from(["stock", "flow", "cumulative", "often"]),
    "population_group": st.sampled_from(["IDP", "REF", "idp", ""]),
    "location_code": st.sampled_from(["SYR", "syr", "SY01", "LBN", "XX99", "", "n/a"]),
    "value": NUMBERS,
    "value_low": NUMBERS,
    "value_high": NUMBERS,
    "qualifier": st.sampled_from(["", "-", "exact", "approx", "at_least", "roughly"]),
    "reference_period_start": DAYS,
    "reference_period_end": DAYS,
    "published_on": DAYS,
    "asserted_by": st.sampled_from(["", "Made Office", 'Other, "the" Office', "#org", "Büro"]),
    "publication_title": st.sampled_from(["", "Made Report", "#meta +title"]),
    "publication_url": st.sampled_from(
        [
            "",
            "-",
            "https://example.org/1#a",
            "https://example.org/2",
            " https://example.org/2 ",
            "Bericht  für 2024",
            "http",
            "n/a",
        ]
    ),
    "observation_status": st.sampled_from(["", "-", "normal", "Estimated", "missing", "suppressed", "perhaps"]),
    "external_id": st.sampled_from(["", "A1"]),
    "excerpt": st.sampled_from(["", "1200 people"]),
}


MAPPINGS = (
    "",
    'required = ["reference_period_start", "publication_url", "observation_status"]\n[values.qualifier]\nroughly = ""\n'
    "[columns]\nexternal_id = []\n",
    '[columns]\nvariant = "{asserted_by} {measure}"\n'
    'reference_period_start = ["reference_period_start", "published_on"]\nexcerpt = []\n'
    '[constants]\nnote = "made"\npublished_on = "2024-12-01"\n',
)


def table(rows: list[tuple[str, ...]], header: tuple[str, ...] = HEADER, end: str = "\n") -> Payload:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator=end).writerows([header, *rows])
    return payload(file.getvalue(), "figures.csv")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes long for a file of thousands of rows is asked of short ones."""
    monkeypatch.setattr(columns, "FEWEST", 10)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    places = [
        Place(1, "SYR", LocationKind.COUNTRY, "SYR"),
        Place(2, "SYR-X", LocationKind.UNSPECIFIED, "SYR", parent_id=1),
        Place(3, "SY01", LocationKind.ADM1, "SYR", parent_id=1),
        Place(4, "LBN", LocationKind.COUNTRY, "LBN"),
    ]
    return Gazetteer(places, [(1, "Syria")], [])


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Payload, Gazetteer]:
    folder = tmp_path_factory.mktemp("feed")
    make(6_000, folder)
    return replace(payload((folder / "observations.csv").read_bytes()), mapping=MAPPING), listed(folder / "places.csv")


def listed(path: Path) -> Gazetteer:
    """The feed's areas, without a store."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    countries = sorted({row["Location"] for row in rows})
    ids = {code: n for n, code in enumerate([*countries, *(row["P-Code"] for row in rows)], 1)}
    places = [Place(ids[code], code, LocationKind.COUNTRY, code) for code in countries]
    places += [
        Place(
            ids[row["P-Code"]],
            row["P-Code"],
            LocationKind.ADM1 if row["Admin Level"] == "1" else LocationKind.ADM2,
            row["Location"],
            parent_id=ids[row["Parent P-Code"]],
        )
        for row in rows
    ]
    return Gazetteer(places, [], [])


def read(file: Payload, gazetteer: Gazetteer) -> Sheet | None:
    with TemporaryDirectory() as folder:
        return columns.read(file, gazetteer, TODAY, Path(folder))


def hold_against_rows(sheet: Sheet, file: Payload, gazetteer: Gazetteer) -> None:
    """Every certain row is what its line says when read alone, and every other row is left over as it stands."""
    by_line = parse_all(displacement_sheet, [(1, file)], gazetteer, TODAY)  # type: ignore[arg-type]
    placed = {arrival.placed.figure.locator: arrival.placed for arrival in by_line.arrivals}
    parts = list(sheet.certain) if len(sheet.certain) else []
    countries = [country for part in parts for country in part.countries]
    assert len(countries) == len(set(countries))
    for part in parts:
        for n, template in enumerate(part.template):
            figure = part.figure(n)
            alone = placed[figure.locator]
            assert repr(figure) == repr(alone.figure)
            assert replace(part.templates[template], figure=figure) == alone
            assert part.start[n] == alone.figure.period.start.toordinal()
            assert alone.location
            assert alone.location.iso3 in part.countries
    raws = {row.locator: row.raw for row in displacement_sheet.parse(file)}
    assert {locator: row.cells() for locator, row in sheet.left_over}.items() <= raws.items()
    lines = [line for part in parts for line in part.line]
    assert {f"csv:{line}" for line in lines} | {locator for locator, _ in sheet.left_over} == raws.keys()
    assert len(raws) == len(lines) + len(sheet.left_over)
    assert len(lines) == len(sheet.certain)
    if parts:
        assert sheet.certain.newest == max(placed[f"csv:{line}/value"].figure.period.end for line in lines)
        assert sheet.certain.any_number == any(part.value.any() for part in parts)


def test_feed_by_columns_is_the_feed_by_rows(feed: tuple[Payload, Gazetteer]) -> None:
    """A number of one row beside the place or the day of another."""
    sheet = read(*feed)
    assert sheet is not None
    assert len(sheet.left_over) < 60
    hold_against_rows(sheet, *feed)


@pytest.mark.usefixtures("short")
def test_blank_lines_are_no_rows_but_count_as_lines(
    feed: tuple[Payload, Gazetteer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One blank line at its end made a big file too long to load; and a number must not lead to the line before."""
    monkeypatch.setattr(lines, "BLOCK", 100_000)
    plain, gazetteer = feed
    ends = itertools.cycle(["\n", "\n", "\n\n", "\r\n\r\n"])
    told = "".join(line + next(ends) for line in plain.content.decode().splitlines()) + "\n" * 150_000
    file = replace(plain, body=told.encode())
    sheet = read(file, gazetteer)
    assert sheet is not None
    assert len(sheet.left_over) < 60
    hold_against_rows(sheet, file, gazetteer)


def test_left_over_rows_are_read_as_any_row(feed: tuple[Payload, Gazetteer]) -> None:
    """A figure counted twice or not at all, because the two ways of reading do not add up to one."""
    sheet = read(*feed)
    assert sheet is not None
    every = {row.locator: row for row in displacement_sheet.parse(feed[0])}
    alone = list(displacement_sheet.parse_some(feed[0], [(locator, row.cells()) for locator, row in sheet.left_over]))
    assert alone == [every[row.locator] for row in alone]
    assert len(alone) == len(sheet.left_over)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    odd=st.lists(st.fixed_dictionaries({}, optional=ODD), min_size=1, max_size=25),
    end=st.sampled_from(["\n", "\r\n"]),
    mapping=st.sampled_from(MAPPINGS),
)
@pytest.mark.usefixtures("short")
def test_odd_cells_are_read_as_in_their_row(
    gazetteer: Gazetteer, odd: list[dict[str, str]], end: str, mapping: str
) -> None:
    """A suppressed, negative, rounded or misdated number that passes as a plain one."""
    plain = dict(zip(HEADER, PLAIN, strict=True))
    # Each odd row stands beside one that differs from it by its number alone, so that they share a combination.
    rows = [plain] * 3 * len(odd) + [{**plain, **row} for row in odd] + [{**plain, **row, "value": "5"} for row in odd]
    rows += [{**plain, column: cell} for row in odd for column, cell in row.items()]
    file = replace(table([tuple(row.values()) for row in [*rows, *[plain] * 10]], end=end), mapping=mapping)
    sheet = read(file, gazetteer)
    assert sheet is not None
    assert len(sheet.certain) >= 3 * len(odd)
    hold_against_rows(sheet, file, gazetteer)


UNEVEN = {
    "a line break in a cell": lambda text: text.replace("Made Report", '"Made\nReport"', 1),
    "a line end of its own kind": lambda text: text.replace("Made Report", "Made\rReport", 1),
    "a quote within a cell": lambda text: text.replace("Made Report", 'Made "Report"', 1),
    "an open quote": lambda text: text.replace("Made Report", '"Made Report', 1),
    "words after a quote": lambda text: text.replace("Made Report", '"Made" Report', 1),
    "a cell too many": lambda text: text.replace("Made Report", "Made,Report", 1),
    "no last line end": lambda text: text.rstrip("\n"),
    "a web page": lambda text: "<" + text,
    "JSON": lambda text: "[" + text,
    "a column that is there twice": lambda text: text.replace("excerpt", "Value", 1),
    "a column that is not there": lambda text: text.replace("value,", "number,", 1),
    "few rows": lambda text: "".join(text.splitlines(keepends=True)[:5]),
}


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("spoil", UNEVEN.values(), ids=UNEVEN)
def test_other_files_are_left_to_reading_by_rows(gazetteer: Gazetteer, spoil: Callable[[str], str]) -> None:
    """A number under the wrong line or column, or of half a file, where two readers of CSV differ."""
    text = table([PLAIN] * 30).content.decode()
    assert read(payload(text), gazetteer) is not None
    assert read(payload(spoil(text)), gazetteer) is None


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_marks_and_delimiters_are_those_of_reading_by_rows(gazetteer: Gazetteer, delimiter: str) -> None:
    """A file whose first column has another name, or that is one column, by the bytes before it or its delimiter."""
    text = table([PLAIN] * 30, tuple(name.replace("_", " ").capitalize() for name in HEADER)).content.decode()
    file = payload(b"\xef\xbb\xbf" + text.replace(",", delimiter).encode())
    sheet = read(file, gazetteer)
    assert sheet is not None
    assert len(sheet.certain) == 30
    hold_against_rows(sheet, file, gazetteer)


@pytest.mark.usefixtures("short")
def test_blocks_of_a_file_are_one_file(gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number that is found under another line than its own, from the second block on."""
    monkeypatch.setattr(lines, "BLOCK", 2_000)
    rows = [(*PLAIN[:4], str(n), *PLAIN[5:11], f"Office {n // 20}", *PLAIN[12:]) for n in range(200)]
    file = table(rows)
    sheet = read(file, gazetteer)
    assert sheet is not None
    assert all((part.value + 2 == part.line).all() for part in sheet.certain)
    hold_against_rows(sheet, file, gazetteer)


def test_countries_come_in_parts(feed: tuple[Payload, Gazetteer], monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure that is lost, or has another's address, where what waited on disk is put together again."""
    monkeypatch.setattr(columns, "FEWEST", 10)
    monkeypatch.setattr(lines, "BLOCK", 100_000)
    monkeypatch.setattr(spool, "WAITING", 700)
    monkeypatch.setattr(spool, "PART", 1_000)
    sheet = read(*feed)
    assert sheet is not None
    parts = list(sheet.certain)
    assert 5 < len(parts) < 20
    assert all(len(part.line) <= 1_000 or len(part.countries) == 1 for part in parts)
    hold_against_rows(sheet, *feed)


@pytest.mark.usefixtures("short")
def test_table_that_does_not_repeat_is_read_by_rows(gazetteer: Gazetteer) -> None:
    """No wrong number, but a file that is read twice over: most of its rows would be read alone anyway."""
    assert read(table([(*PLAIN[:11], f"Office {n}", *PLAIN[12:]) for n in range(30)]), gazetteer) is None
