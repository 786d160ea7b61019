"""Reading JSON, CSV, workbooks, counts and dates: what is said is read, and what is not said is never made up."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import workbook as reader
from ingest.reading import read_csv, read_json
from ingest.values import count, day, mend, year
from tests.samples import payload, workbook
from tracker.errors import RecordError, SourceChanged

MOST = 10_000_000_000


@given(st.integers(-MOST, MOST), st.sampled_from(["{}", " {} ", "{}.0", "{}.000", "\t{}\n"]))
def test_every_whole_number_is_read_as_it_stands(number: int, form: str) -> None:
    """A count that is off by one digit is a wrong number with a source beside it."""
    assert count(form.format(number), "x") == number
    assert count(number, "x") == number
    assert count(float(number), "x") == number


@given(st.integers(1, 9), st.integers(1, 9))
def test_spreadsheet_notation_is_read_exactly(digit: int, zeros: int) -> None:
    """R writes 100000 as 1e+05; read as text it is no number, and as 1 it is 99,999 people too few."""
    assert count(f"{digit}e+0{zeros}", "x") == digit * 10**zeros
    assert count(f"{digit}.5e+0{zeros}", "x") == (10 * digit + 5) * 10 ** (zeros - 1)


@given(st.text())
def test_other_text_is_never_a_number(text: str) -> None:
    """Garbage read as 0 is the most dangerous number of all: it says that nobody is displaced."""
    read, said = _tried(count, text)
    if read is not None:
        assert float(text.strip()) == read
    elif said is None:
        assert text.strip() in ("", "-")


def _tried(reads: Callable[[Any, str], Any], said: Any) -> tuple[Any, str | None]:
    """What is read; or else what is said of it, in a line."""
    try:
        return reads(said, "x"), None
    except RecordError as error:
        message = str(error)
    assert message.startswith("x is ")
    assert len(message) < 160
    assert "\n" not in message
    return None, message


@pytest.mark.parametrize(
    "said",
    ["1,234", "1 234", "1.234", "<5", "< 5", "≤10", "*", "**", "N/A", "12%", "1/2", "0x10", "1_000", "Infinity", "nan",
     "1e-3", "9" * 5000, str(MOST + 1), -MOST - 1, 10**5000, float("nan"), float("inf"), 1e300, 2.5, True, False,
     [], {}],
    ids=lambda said: str(type(said).__name__) if isinstance(said, int | float) else str(said)[:12],
)  # fmt: skip
def test_what_is_no_count_is_set_aside(said: Any) -> None:
    """1.234 is a thousand in one country and about one in another; neither is chosen."""
    with pytest.raises(RecordError, match="x is "):
        count(said, "x")


@pytest.mark.parametrize("said", [None, "", " ", "-", " - "])
def test_nothing_is_not_zero(said: Any) -> None:
    """Not reported is not nobody."""
    assert count(said, "x") is None
    assert count("0", "x") == 0


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(["", "T00:00:00", "T23:59:59.999Z", " 23:30"]))
def test_every_day_is_read_as_it_stands(of: date, time: str) -> None:
    """An hour before midnight turned into local time is another day, and over New Year another year."""
    assert day(f"{of}{time}", "x") == of
    assert day(f" {of} ", "x") == of
    assert day(datetime(of.year, of.month, of.day, 22), "x") == of  # noqa: DTZ001
    assert year(of.year, "x") == year(str(of.year), "x") == of.year


@given(st.text() | st.none() | st.integers())
def test_other_text_is_never_a_day(said: Any) -> None:
    """A date made of garbage puts a figure into a year it is not about."""
    read, _ = _tried(day, said)
    assert read is None or str(read) == str(said).strip()[:10]


@pytest.mark.parametrize(
    "said", ["2024-02-30", "2024-13-01", "26/02/2024", "2024-02-2", "2024-02-26 or so", "0202-03-07", "2024", 45348,
             None]
)  # fmt: skip
def test_what_is_no_day_is_set_aside(said: Any) -> None:
    """Day and month swapped are right twelve times a year and wrong the rest of it."""
    with pytest.raises(RecordError, match="expected a date such as"):
        day(said, "x")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"a": NaN}', "NaN is not a number in JSON"),
        (b'{"a": [Infinity]}', "Infinity is not a number"),
        (b'{"a": -Infinity}', "Infinity is not a number"),
        (b'{"a": 1', "is cut off"),
        (b'{"a": "b', "is cut off"),
        (b"<html>", "web page"),
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"{'a': 1}", "is not JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "holds what no JSON reader takes"),
        (b"[" * 100_000, "holds what no JSON reader takes|is cut off"),
        ('{"a": "é"}'.encode("latin-1"), "is not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "is not UTF-8"),
    ],
    ids=range(13),
)
def test_what_is_no_json_is_refused_in_one_line(content: bytes, said: str) -> None:
    """A number that is none, or half an answer, must stop the run, not end up in it."""
    with pytest.raises(SourceChanged, match=said) as raised:
        read_json(payload(content))
    assert "\n" not in str(raised.value)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner)))
def test_json_is_read_with_and_without_its_mark(value: Any) -> None:
    """Half of the field's files begin with a byte order mark; refused, their countries would be missing."""
    text = json.dumps(value)
    assert read_json(payload(text)) == read_json(payload(b"\xef\xbb\xbf" + text.encode())) == value


def test_csv_rows_carry_their_line() -> None:
    """The line is what a person opens the file at."""
    assert read_csv(payload('\ufeff" a ",b\r\n1,"x\r\ny"\r\n#a,#b\r\n3,NA\r\n')) == [
        (3, {"a": "1", "b": "x\r\ny"}),
        (5, {"a": "3", "b": "NA"}),
    ]


def test_rows_that_hold_nothing_of_their_own_are_no_rows() -> None:
    """Tags of which one is misspelt, and the blank rows a spreadsheet ends in, would be set aside in every run."""
    tags = "#country+code,geo+lat,#affected+idps"
    assert read_csv(payload(f"iso3,lat,people\n{tags}\nSYR,#N/A,4100\n#1,2,3\n, ,\n,,\n")) == [
        (3, {"iso3": "SYR", "lat": "#N/A", "people": "4100"}),
        (4, {"iso3": "#1", "lat": "2", "people": "3"}),
    ]


@given(st.text())
def test_text_is_mended_only_where_it_was_broken(text: str) -> None:
    """ "Ségou" twice encoded is Ségou; a name that is right stays as it is."""
    assert mend(text.encode().decode("latin-1")) == text if any("\u0080" <= c <= "\u00ff" for c in text) else True
    assert mend(text.encode("ascii", "ignore").decode()) == text.encode("ascii", "ignore").decode()


@pytest.mark.parametrize("name", ["Ségou", "Ãlvares", "Pendé", "São Tomé", "محافظة إدلب", "Ягодин", "Â", "№ 5"])
def test_right_names_stay(name: str) -> None:
    """A name mended that was not broken is another place."""
    assert mend(name) == name


def _zip(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def _with_sheet(xml: bytes) -> bytes:
    """A workbook whose one sheet is this."""
    whole, changed = zipfile.ZipFile(io.BytesIO(workbook({"x": [["a"], [1]]}))), io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as packed:
        for entry in whole.infolist():
            packed.writestr(entry, xml if entry.filename.startswith("xl/worksheets/") else whole.read(entry))
    return changed.getvalue()


BOMB = b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>Sign in</html>", "no XLSX workbook"),
        (b"", "no XLSX workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old or password-protected"),
        (_zip(readme=b"hello"), "is a zip file, but no XLSX"),
        (_zip(xl__workbook=b"x", **{"xl__workbook.xml": b"<broken"}), "damaged workbook"),
        (workbook({"x": [["a"], [1]]})[:-60], "cut off"),
        (_with_sheet(BOMB), "damaged workbook"),
        (_with_sheet(b"<worksheet><sheetData><row>"), "damaged workbook"),
    ],
    ids=["html", "empty", "locked", "zip", "broken part", "cut", "entities", "half a sheet"],
)
def test_what_is_no_workbook_is_refused_in_one_line(content: bytes, said: str) -> None:
    """A login page named .xlsx holds no figures, and says nothing about what they were."""
    file = payload(content, "figures.xlsx")
    assert reader.is_workbook(file)
    with pytest.raises(SourceChanged, match=said) as raised:
        reader.read_workbook(file)
    assert "\n" not in str(raised.value)


def test_entities_of_a_workbook_are_not_unfolded() -> None:
    """Nested entities unfold to gigabytes; that the reader of XML forbids them depends on a package being there."""
    with pytest.raises(SourceChanged) as raised:
        reader.read_workbook(payload(_with_sheet(BOMB)))
    assert raised.value.__cause__ is not None
    assert type(raised.value.__cause__.__cause__).__name__ == "EntitiesForbidden"


def test_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few kilobytes that unpack to gigabytes end the process, and every other source with it."""
    bomb = _zip(**{"xl__workbook.xml": b"x", "xl__big.xml": b"0" * (201 * 1024 * 1024)})
    assert len(bomb) < 1024 * 1024
    with pytest.raises(SourceChanged, match="unpacks to more than 200 MB"):
        reader.read_workbook(payload(bomb))
    monkeypatch.setattr(reader, "MOST_CELLS", 3)
    with pytest.raises(SourceChanged, match="more than 3 cells"):
        reader.read_workbook(payload(workbook({"x": [[1, 2], [3, 4]]})))


def test_table_is_found_below_titles_and_without_tags() -> None:
    """Title, tag and blank rows read as data would be set aside every month, until nobody looks any more."""
    tags = ["#adm1", None, "#affected", "#affected +killed"]
    rows = [
        ["A title"],
        ["Area", None, "People", "People"],
        tags,
        ["Idlib", "x", 1, 2],
        [None],
        ["#N/A", None, 3],
        tags,
    ]
    table = reader.find_table(
        reader.read_workbook(payload(workbook({"Notes": [["n"]], " T": rows}))), "People", payload(b"")
    )
    assert table == reader.Table(
        " T",
        [
            (4, {"Area": "Idlib", "People": 1, "People (2)": 2}),
            (6, {"Area": "#N/A", "People": 3, "People (2)": None}),
        ],
    )
