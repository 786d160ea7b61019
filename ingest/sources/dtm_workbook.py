"""IOM Displacement Tracking Matrix (DTM): country rounds, place by place, as workbooks and CSV (HDX).

What is published: for each round of a country a list of places or areas with the internally displaced people, and often
households, in them; of Ukraine also estimates of people who returned.
Grain: one place; in some sheets one area, or several rows a place.
Key: the place's id or code where there is one, else its names; and the day of the round.
Revisions and cadence: by country, from monthly to once; a new file a round, earlier ones are replaced without notice.
Known traps: every country and nearly every round has another layout; persons and households stand side by side; the
main sheet of some has no date; "n/a" is no zero; tags of codes may stand on DTM's own codes, not OCHA's; a list of
assessed sites is not a list of all of them; returnees are people present at a date, not movements; below the table
there may be notes, and beside it.

Places are context: they repeat the totals. A total is added up only where the sheet lists every place of the round and
each of them has a number.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.dtm_days import own_day, round_day, span
from ingest.dtm_sheets import Layout, find_sheet
from ingest.values import count, quantity, text
from tracker.errors import RecordError
from tracker.records import Amount, DisplacementFigure, ParsedRow, Payload, Period, PlaceName, Source
from tracker.vocabulary import (
    DisplacementIndicator,
    Measure,
    ObservationStatus,
    PopulationGroup,
    Qualifier,
    Redistribution,
    Reliability,
    Role,
    Sensitivity,
    SetAsideReason,
    SourceKind,
    Unit,
)

SOURCE = Source(
    code="dtm_workbook",
    name="IOM Displacement Tracking Matrix (country rounds)",
    kind=SourceKind.UN,
    reliability=Reliability.B,
    licence="IOM DTM terms of use: non-commercial, no redistribution, no derivative works",
    redistribute=Redistribution.NO,
    credit_line="International Organization for Migration (IOM), Displacement Tracking Matrix (DTM)",
    homepage="https://dtm.iom.int/",
    measures="Internally displaced people and households, and people who returned, by place and round.",
    grain="Up to two figures a place; totals by province and country where the sheet lists every place.",
    traps="Persons and households must not be added; places repeat the totals; a list of sites is not a whole country.",
)

COUNTED = {
    "idps": (PopulationGroup.IDP, Unit.PERSONS),
    "households": (PopulationGroup.IDP, Unit.HOUSEHOLDS),
    # They came back from abroad and from elsewhere in the country, and are counted as present, like any population.
    "returnees": (PopulationGroup.RRI, Unit.PERSONS),
}
NO_PLACE = frozenset({"total", "grand total"})
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the sheet by our columns; ``numbers`` holds what each count is, or why it cannot be read."""

    locator: str
    raw: dict[str, Any]
    cells: dict[str, Any]
    numbers: dict[str, int | RecordError | None]

    @property
    def names(self) -> list[str]:
        """What names the place; empty in notes below the table."""
        named = (text(self.cells.get(name)) for name in ("admin1", "admin2", "place", "place_id"))
        return [name for name in named if name]

    @property
    def is_place(self) -> bool:
        """False for notes, and for a line that adds the others up."""
        return bool(self.names) and not any(name.lower() in NO_PLACE for name in self.names)


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each row of the sheet; totals hang on the first row of what they add up."""
    sheet, sheets = find_sheet(payload)
    layout = sheet.layout
    lines = [
        _Line(locator, raw, cells, {name: _number(cells[name], sheet.columns[name]) for name in layout.counts})
        for locator, raw in sheet.rows
        for cells in [sheet.cells(raw)]
    ]
    groups: dict[tuple[PlaceName, str], list[_Line]] = defaultdict(list)
    provinces: dict[PlaceName | None, list[_Line]] = defaultdict(list)
    for line in lines:
        if line.is_place:
            groups[_place(line, layout)].append(line)
            provinces[_province(line, layout)].append(line)
            provinces[None].append(line)
    when = round_day(payload, sheets, [line.cells for line in provinces[None]])
    # A CSV may have been cut between two rows, and nobody could tell; a workbook knows its end.
    addable = {n for n in layout.counts if layout.whole and sheets and _all_read(provinces[None], groups, n)}
    for line in lines:
        row = ParsedRow(line.locator, line.raw)
        if line.is_place:
            for name in layout.counts:
                row_of = _Row(row, layout, name, sheet.columns[name])
                _add_place(row_of, line, groups[_place(line, layout)], when)
                if name in addable:
                    _add_totals(row_of, line, provinces, when)
        elif not line.names:
            _set_aside(row, line, sheet.columns)
        yield row


def _set_aside(row: ParsedRow, line: _Line, columns: Mapping[str, str]) -> None:
    """Numbers that stand at no place must be seen, whether they are a sum or people."""
    for name, number in line.numbers.items():
        with row.attempt(columns[name]):
            if number is not None:
                raise RecordError(SetAsideReason.UNKNOWN_PLACE, f"the row has {columns[name]}, and names no place")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row being filled, and the column it is filled from."""

    row: ParsedRow
    layout: Layout
    name: str
    column: str


def _add_place(to: _Row, line: _Line, group: list[_Line], of_round: date) -> None:
    """The figure of a place; where its people stand in several rows, on the first of them."""
    if to.layout.several and line is not group[0]:
        return
    parts = group if to.layout.several else [line]
    said = f" (sum of {len(parts)} rows)" if len(parts) > 1 else ""
    with to.row.attempt(f"{to.column}{said}") as locator:
        if not to.layout.several and len(group) > 1:
            raise RecordError(
                SetAsideReason.CONFLICTING_DUPLICATE,
                f"{len(group)} rows are about the same place; neither can be preferred",
            )
        numbers = [number for part in parts if (number := _require(part.numbers[to.name])) is not None]
        if not numbers:
            return
        location, variant = _place(line, to.layout)
        note = "; ".join(filter(None, (_words(line, to.layout), said.strip(" ()"))))
        role = Role.RECOMMENDED if to.layout.areas else Role.CONTEXT
        when = own_day(line.cells) or of_round
        to.row.figures.append(_figure(to, line, location, sum(numbers), when, role, variant, note, locator))


def _add_totals(to: _Row, line: _Line, provinces: Mapping[PlaceName | None, list[_Line]], of_round: date) -> None:
    """What the first row of a province, and of the sheet, carries for all of them."""
    province = _province(line, to.layout)
    country = PlaceName(iso3=_iso3(line, to.layout))
    for place, lines, of in ((province, provinces[province], ""), (country, provinces[None], "all ")):
        if line is lines[0]:
            said = f"sum of {of}{len(lines)} places"
            note = "; ".join(filter(None, (said, span([one.cells for one in lines]))))
            with to.row.attempt(f"{to.column} ({said})") as locator:
                people = sum(_require(one.numbers[to.name]) or 0 for one in lines)
                to.row.figures.append(_figure(to, line, place, people, of_round, Role.RECOMMENDED, "", note, locator))


def _figure(
    to: _Row, line: _Line, location: PlaceName, people: int, when: date, role: Role, variant: str, note: str,
    locator: str,
) -> DisplacementFigure:  # fmt: skip
    group, unit = COUNTED[to.name]
    size = quantity(line.cells.get("size"), "household size") if unit is Unit.HOUSEHOLDS else None
    return DisplacementFigure(
        source=SOURCE.code,
        indicator=DisplacementIndicator.POPULATION,
        measure=Measure.STOCK,
        population_group=group,
        location=location,
        variant=variant,
        amount=Amount.of(Qualifier.APPROX if to.layout.estimated else Qualifier.EXACT, people),
        observation_status=ObservationStatus.ESTIMATED if to.layout.estimated else ObservationStatus.NORMAL,
        unit=unit,
        household_size=size,
        household_size_source="the sheet" if size else None,
        period=Period.on(when),
        role=role,
        credibility=2,
        sensitivity=Sensitivity.MODERATE if variant else Sensitivity.LOW,
        note=note or None,
        locator=locator,
    )


def _all_read(lines: list[_Line], groups: Mapping[Any, list[_Line]], name: str) -> bool:
    """Whether every place has a number: a sum without one of them would be of fewer places than it says."""
    alone = all(len(group) == 1 for group in groups.values())
    return bool(lines) and alone and all(isinstance(line.numbers[name], int) for line in lines)


def _place(line: _Line, layout: Layout) -> tuple[PlaceName, str]:
    """The smallest area OCHA has a code or a name for, and the words that tell the place from others in it."""
    if layout.areas:
        return _province(line, layout), ""
    code = text(line.cells.get("admin2_code"))
    if not code:
        return _province(line, layout), text(line.cells.get("place_id")) or _words(line, layout)
    names = filter(None, (text(line.cells.get(name)) for name in ("admin2", "admin1")))
    location = PlaceName(code=code, iso3=_iso3(line, layout), name=", ".join(names) or None)
    return location, text(line.cells.get("place_id")) or _words(line, layout)


def _province(line: _Line, layout: Layout) -> PlaceName:
    code, name = text(line.cells.get("admin1_code")), text(line.cells.get("admin1"))
    return PlaceName(code=code or layout.codes.get(name or ""), iso3=_iso3(line, layout), name=name)


def _iso3(line: _Line, layout: Layout) -> str | None:
    return layout.iso3 or text(line.cells.get("iso3"))


def _words(line: _Line, layout: Layout) -> str:
    """The provider's own names of a place."""
    names = () if layout.areas else ("place", "admin2")
    return ", ".join(filter(None, (text(line.cells.get(name)) for name in names)))


def _number(value: Any, column: str) -> int | RecordError | None:
    if text(value) is None:
        return None
    plain = value.replace(",", "") if isinstance(value, str) and _GROUPED.fullmatch(value.strip()) else value
    try:
        return count(plain, column)
    except RecordError as error:
        return error


def _require(number: int | RecordError | None) -> int | None:
    if isinstance(number, RecordError):
        raise number
    return number
