"""How IOM's country offices lay out their DTM sheets: one table entry a layout, and the sheet of a file that fits one.

A column is found by its HXL tag first, then by its header. A sheet that fits no layout is an error that names what it
has; guessing which of eighty columns holds the people would be worse. A new layout is one more entry of `LAYOUTS`.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ingest.reading import is_tag_row, read_csv, read_text
from ingest.workbook import HEADER_WITHIN, Sheets, find_table, is_workbook, read_workbook
from tracker.errors import SourceChanged
from tracker.records import Payload

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """One form of sheet.

    Attributes:
        name: For messages.
        needs: Our name of each column, and its tags and headers; without one of them the sheet is another.
        counts: The same for the columns of numbers: ``idps``, ``households``, ``returnees``.
        iso3: The country, where no column says.
        codes: OCHA's codes of the provinces, where the sheet has names in a spelling of its own.
        whole: Whether the sheet lists every place of the round, so that its places may be added up.
        areas: Whether a row is a whole area of the first level, not a place in it.
        several: Whether one place may have several rows: unnamed sites, or people by origin.
        estimated: Whether the numbers are estimates of a survey, not counts.
        without: A pattern; a sheet with such a header is of another layout.
    """

    name: str
    needs: Mapping[str, Names]
    counts: Mapping[str, Names]
    iso3: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False
    areas: bool = False
    several: bool = False
    estimated: bool = False
    without: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that fits a layout.

    Attributes:
        columns: The sheet's header of each of the layout's columns it has.
        rows: Locator and row, by header.
    """

    layout: Layout
    columns: dict[str, str]
    rows: list[tuple[str, dict[str, Any]]]

    def cells(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row by our names of the columns."""
        return {name: row[header] for name, header in self.columns.items()}


_TAGGED = {
    "iso3": ("#country+code", "Country Code"),
    "reported": ("#date+reported", "Reported Date", "Snapshot_Date"),
}
_IRAQ = {
    "Anbar": "IQG01", "Basrah": "IQG02", "Muthanna": "IQG03", "Najaf": "IQG04", "Qadissiya": "IQG05",
    "Sulaymaniyah": "IQG06", "Babylon": "IQG07", "Baghdad": "IQG08", "Dahuk": "IQG09", "Diyala": "IQG10",
    "Erbil": "IQG11", "Kerbala": "IQG12", "Kirkuk": "IQG13", "Missan": "IQG14", "Ninewa": "IQG15",
    "Salah al-Din": "IQG16", "Thi-Qar": "IQG17", "Wassit": "IQG18",
}  # fmt: skip
LAYOUTS = (
    Layout(
        "Iraq, master list of IDPs",
        {
            "place_id": ("Place id",),
            "admin1": ("#adm1+name", "Governorate"),
            "admin2": ("#adm2+name", "District"),
            "place": ("#adm3+name", "Location name in English"),
        },
        {
            "idps": ("#affected+all+displaced", "Individuals"),
            "households": ("#affected+households+idps", "Households"),
        },
        iso3="IRQ",
        codes=_IRAQ,
        whole=True,
    ),
    Layout(
        "Sudan, master list of IDPs",
        {
            # The tags of codes stand on DTM's own codes; OCHA's are in columns without a tag.
            "admin1": ("#adm1+name", "State_Name"),
            "admin1_code": ("StatePcode",),
            "admin2": ("#adm2+name", "Locality"),
            "admin2_code": ("Pcode",),
            "place": ("#adm3+name", "Location"),
            "place_id": ("location DTM Code",),
            "assessed": ("#assessment+date", "DoA"),
        },
        {"idps": ("#affected+idps+ind", "IND"), "households": ("#affected+hh+idps", "HH")},
        iso3="SDN",
        whole=True,
    ),
    Layout(
        "Ethiopia, site assessment",
        {
            **_TAGGED,
            "admin1": ("#adm1+name", "OCHA Region"),
            "admin2": ("#adm2+name", "OCHA Zone"),
            "admin2_code": ("#adm2+code", "OCHA Zone P-Code2"),
            "place": ("#adm3+name", "OCHA Woreda"),
            "place_id": ("#adm3+code", "OCHA Woreda P-Code2"),
        },
        {
            "idps": ("#affected+idps+ind", "2.1.b.1: Total IDP (Individuals)"),
            "households": ("#affected+hh+idps", "2.1.a.1: Total IDP (Households)"),
        },
        several=True,
    ),
    Layout(
        "Ukraine, estimates of IDPs by oblast",
        {**_TAGGED, "admin1": ("#adm1+name", "Oblast"), "admin1_code": ("#adm1+code", "Oblast pcode")},
        {
            "idps": ("#affected+idp+ind", "Estimated max. de facto IDPs present"),
            "returnees": ("#affected+ind+returnees", "Estimated max. returnee pop. Present"),
        },
        areas=True,
        estimated=True,
    ),
    Layout(
        "Ukraine, returnees by oblast",
        {**_TAGGED, "admin1": ("#adm1+name", "Oblast"), "admin1_code": ("#adm1+code", "Oblast pcode")},
        {"returnees": ("#affected+ind+returnees", "Estimated max. returnee population present")},
        areas=True,
        estimated=True,
        without="idp",
    ),
    Layout(
        "Ukraine, area baseline",
        {
            **_TAGGED,
            "admin1": ("#adm1+name", "Oblast"),
            "admin2": ("#adm2+name", "Raion"),
            "admin2_code": ("#adm2+code", "Raion pcode"),
            "place": ("#adm3+name", "Municipality Name"),
            "place_id": ("#adm3+code", "Municipality pcode"),
        },
        {"idps": ("#affected+idps+ind", "Displacement since Start of Conflict")},
        without="household",
    ),
    Layout(
        "Iraq, master list of 2014 (without headers)",
        {
            "admin1": ("column 7",),
            "admin2": ("column 8",),
            "place": ("column 11",),
            "place_id": ("column 13",),
            "size": ("column 17",),
            "reported": ("column 18",),
        },
        {"households": ("column 4",)},
        iso3="IRQ",
        codes=_IRAQ,
        several=True,
    ),
)
FEWEST_HEADERS = 3
"""A row of fewer cells is a title."""

_HEADERLESS = 41
"""Columns of the lists of 2014."""

_DATED = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4}")


def find_sheet(payload: Payload) -> tuple[Sheet, Sheets]:
    """The one sheet that fits a layout, and all sheets of the file.

    Raises:
        SourceChanged: None fits, or several do.
    """
    if is_workbook(payload):
        sheets = read_workbook(payload)
        tables = _of_workbook(sheets, payload)
    else:
        sheets, tables = {}, _of_csv(payload)
    found, nearest = [], (99, "it has no header")
    for headers, tags, rows in tables:
        for layout in LAYOUTS:
            columns, missing = _match(layout, headers, tags)
            if not missing:
                found.append(Sheet(layout, columns, rows))
                break
            near = f"nearest is '{layout.name}', which needs {missing[0]}; {_seen(headers)}"
            nearest = min(nearest, (len(missing), near))
    if len(found) == 1:
        return found[0], sheets
    if found:
        raise SourceChanged(f"{payload.url}: {len(found)} sheets fit a layout of DTM: keep the one that is meant")
    raise SourceChanged(f"{payload.url} fits no layout of DTM's sheets; {nearest[1]}")


def _match(layout: Layout, headers: dict[str, str], tags: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """The header of each column of the layout, and in words what is missing."""
    columns, missing = {}, []
    for name, said in {**layout.needs, **layout.counts}.items():
        known = [tags[one] for one in said if one in tags] or [headers[one] for one in said if one in headers]
        if known:
            columns[name] = known[0]
        else:
            missing.append("a column " + " or ".join(repr(one) for one in said))
    if layout.without and any(re.search(layout.without, header, re.IGNORECASE) for header in headers):
        missing.append(f"no column named {layout.without!r}")
    return columns, missing


def _seen(headers: Mapping[str, str]) -> str:
    shown = list(headers)[:60]
    return f"it has {', '.join(shown)}{' and more' if len(headers) > len(shown) else ''}"


Found = tuple[dict[str, str], dict[str, str], list[tuple[str, dict[str, Any]]]]
"""Headers by their plain form, headers by their tag, and the rows."""


def _of_workbook(sheets: Sheets, payload: Payload) -> Iterator[Found]:
    for title, rows in sheets.items():
        tops = [
            top for top, cells in enumerate(rows[:HEADER_WITHIN]) if len(list(filter(None, cells))) >= FEWEST_HEADERS
        ]
        if not tops:
            continue
        names = ["" if cell is None else str(cell).strip() for cell in rows[tops[0]]]
        below = rows[tops[0] + 1] if len(rows) > tops[0] + 1 else ()
        table = find_table({title: rows[tops[0] :]}, next(filter(None, names)), payload)
        records = [(f"{title}!{number + tops[0]}", row) for number, row in table.rows if not is_tag_row(row.values())]
        yield _plain(names), _tags(names, below), records


def _of_csv(payload: Payload) -> Iterator[Found]:
    lines = csv.reader(io.StringIO(read_text(payload, "CSV"), newline=""))
    first, second = next(lines, []), next(lines, [])
    if len(first) == _HEADERLESS and any(map(_DATED.fullmatch, first)):
        names = [f"column {number}" for number in range(1, _HEADERLESS + 1)]
        headed = replace(payload, body=(",".join(names) + "\n").encode() + payload.content)
        yield _plain(names), {}, [(f"csv:{line - 1}", row) for line, row in read_csv(headed)]
        return
    yield _plain(first), _tags(first, second), [(f"csv:{line}", row) for line, row in read_csv(payload)]


def _plain(names: list[str]) -> dict[str, str]:
    """Header by its words; of two of one name, the first."""
    found: dict[str, str] = {}
    for name in filter(str.strip, names):
        found.setdefault(" ".join(name.split()), name.strip())
    return found


def _tags(names: list[str], cells: Any) -> dict[str, str]:
    """Header by tag, its attributes in alphabetical order; notes beside the table are no tags."""
    named = [(name.strip(), cell) for name, cell in zip(names, cells, strict=False) if name.strip()]
    if not is_tag_row(cell for _, cell in named):
        return {}
    return {_tag(str(cell)): name for name, cell in reversed(named) if cell}


def _tag(cell: str) -> str:
    base, *attributes = "".join(cell.lower().split()).split("+")
    return "+".join((base, *sorted(attributes)))
