"""DTM's country rounds: which sheet, which columns, which day, and what may be added up."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from ingest.sources import dtm_workbook as dtm
from tests.samples import faults, figures, own, parsed, payload, recorded, workbook
from tracker.errors import SourceChanged
from tracker.records import DisplacementFigure, Payload

Row = Sequence[Any]


def told(*payloads: Payload) -> list[tuple[Any, ...]]:
    """What each figure counts, of whom, where and when, and what it may be used for."""
    return [
        (
            f.population_group.value, f.unit.value, str(f.location), f.variant, f.amount.value, str(f.period.end),
            f.role.value,
        )
        for f in figures(dtm, *payloads)
        if isinstance(f, DisplacementFigure)
    ]  # fmt: skip


IRAQ = ("Place id", "Governorate", "District", "Location name\nin English", "Households", "Individuals", "Camp")
IRAQ_TAGS = (None, "#adm1+name\t", "#adm2+name", "#adm3+name", "#affected+idps+households", "#affected+displaced+all")
EAST: Row = (901, "Anbar", "Al-Rutba", "Invented East", 4, 24, 0)
WEST: Row = (902, "Anbar", "Al-Rutba", "Invented West", 1001, 6006, 6000)
SOUTH: Row = (903, "Wassit", "Kut", "Invented South", 2, 12, 0)


def iraq(*rows: Row, title: str = "DTM : IDP Master List 30-09-2021", name: str = "r.xlsx") -> Payload:
    """A master list as Iraq's office makes it: the date stands over another sheet."""
    sheets = {"DTM Dataset": [IRAQ, IRAQ_TAGS, *rows], "Critical Shelters": [[title], ["Place id", "Governorate"]]}
    return payload(workbook(sheets), name)


DAY = "2021-09-30"


def test_whole_list_has_totals_on_the_first_row_of_each_province() -> None:
    """A place among the totals is counted twice, and households among persons are people divided by six."""
    assert told(iraq(EAST, WEST, SOUTH)) == [
        ("IDP", "persons", "Anbar, IQG01", "901", 24, DAY, "context"),
        ("IDP", "persons", "Anbar, IQG01", "", 6030, DAY, "recommended"),
        ("IDP", "persons", "IRQ", "", 6042, DAY, "recommended"),
        ("IDP", "households", "Anbar, IQG01", "901", 4, DAY, "context"),
        ("IDP", "households", "Anbar, IQG01", "", 1005, DAY, "recommended"),
        ("IDP", "households", "IRQ", "", 1007, DAY, "recommended"),
        ("IDP", "persons", "Anbar, IQG01", "902", 6006, DAY, "context"),
        ("IDP", "households", "Anbar, IQG01", "902", 1001, DAY, "context"),
        ("IDP", "persons", "Wassit, IQG18", "903", 12, DAY, "context"),
        ("IDP", "persons", "Wassit, IQG18", "", 12, DAY, "recommended"),
        ("IDP", "households", "Wassit, IQG18", "903", 2, DAY, "context"),
        ("IDP", "households", "Wassit, IQG18", "", 2, DAY, "recommended"),
    ]
    notes = [(f.note, f.locator) for f in figures(dtm, iraq(EAST, WEST, SOUTH)) if isinstance(f, DisplacementFigure)]
    assert notes[:3] == [
        ("Invented East, Al-Rutba", "DTM Dataset!3/Individuals"),
        ("sum of 2 places", "DTM Dataset!3/Individuals (sum of 2 places)"),
        ("sum of all 3 places", "DTM Dataset!3/Individuals (sum of all 3 places)"),
    ]


@pytest.mark.parametrize("people", ["n/a", None, "many"])
def test_list_with_a_gap_has_no_totals(people: Any) -> None:
    """A sum without one of its places is a smaller number under the same name."""
    gap = (*SOUTH[:5], people, 0)
    found = told(iraq(EAST, WEST, gap))
    assert [row[4] for row in found if row[1] == "persons"] == [24, 6006]
    assert [row[4] for row in found if row[1:4] == ("households", "IRQ", "")] == [1007]
    said = [("unreadable_number", "DTM Dataset!5/Individuals")] if people == "many" else []
    assert faults(dtm, iraq(EAST, WEST, gap)) == said


def test_place_that_stands_twice_is_set_aside_and_not_added() -> None:
    """A row pasted twice is its people counted twice, in the place and in every total."""
    assert [row[3] for row in told(iraq(EAST, SOUTH, SOUTH))] == ["901", "901"]
    assert faults(dtm, iraq(EAST, SOUTH, SOUTH)) == [
        ("conflicting_duplicate", f"DTM Dataset!{number}/{column}")
        for number in (4, 5) for column in ("Individuals", "Households")
    ]  # fmt: skip


@pytest.mark.parametrize("label", [("Total", None), (None, "Total"), (None, None)])
def test_line_that_adds_up_is_no_place(label: tuple[str | None, str | None]) -> None:
    """With it every total would be doubled; without any label, nobody knows what it is."""
    total = (*label, None, None, 1007, 6042, 6000)
    assert told(iraq(EAST, WEST, SOUTH, total)) == told(iraq(EAST, WEST, SOUTH))
    columns = ("Individuals", "Households") if label == (None, None) else ()
    expected = [("unknown_place", f"DTM Dataset!6/{column}") for column in columns]
    assert faults(dtm, iraq(EAST, WEST, SOUTH, total)) == expected


def test_saved_csv_has_places_only() -> None:
    """A CSV cut between two rows is a whole one to any reader, and its sum is of fewer places than there are."""
    assert told(own("dtm_workbook")[1]) == [
        ("IDP", "persons", "Anbar, IQG01", "901", 24, DAY, "context"),
        ("IDP", "households", "Anbar, IQG01", "901", 4, DAY, "context"),
        ("IDP", "persons", "Anbar, IQG01", "902", 6006, DAY, "context"),
        ("IDP", "households", "Anbar, IQG01", "902", 1001, DAY, "context"),
    ]


def test_tags_stand_below_a_header_that_begins_with_a_mark() -> None:
    """Nobody reported is not the same as nobody."""
    found = ("Zakarpatska", "2022-04-15", "context")
    assert told(own("dtm_workbook")[0]) == [
        ("IDP", "persons", f"Berehivskyi, {found[0]}, UA2102", "UA2102901", 250, *found[1:]),
        ("IDP", "persons", f"Mukachivskyi, {found[0]}, UA2104", "UA2104902", 0, *found[1:]),
    ]


def test_name_of_the_file_dates_a_round_that_does_not_date_itself() -> None:
    """Without a date a count of 2018 would be today's."""
    assert {row[5] for row in told(iraq(EAST, title="IDP Master List", name="r_2021-07-31.xlsx"))} == {"2021-07-31"}
    with pytest.raises(SourceChanged, match="no date of the round.*rename the file .*_2021-09-30"):
        parsed(dtm, iraq(EAST, title="IDP Master List", name="round_123.xlsx"))
    with pytest.raises(SourceChanged, match="2021-13-31 in its name or title is no day"):
        parsed(dtm, iraq(EAST, name="r_2021-13-31.xlsx"))


SUDAN = ("DoA", "State_Name", "StatePcode", "Locality", "Pcode", "Location", "location DTM Code", "HH", "IND")
SUDAN_TAGS = ("#date+assessment", "#adm1+name", "#adm1+code ", "#adm2 +name", None, "#adm3+name", "adm3+code",
              "#affected+idps+hh", "#affected+idps+ind")  # fmt: skip


def sudan(*days: Any) -> Payload:
    """Two places assessed on different days."""
    rows = [
        (day, "Blue Nile", "SD08", "Al Kurmuk", "SD08106", f"Inv{n}", f"DTM9{n}", 1, 5) for n, day in enumerate(days)
    ]
    return payload(workbook({"Summary": [], "IDPs Dataset": [SUDAN, SUDAN_TAGS, *rows]}), "sudan.xlsx")


def test_places_have_their_own_day_and_totals_the_last() -> None:
    """A total of the first day would hold people who were counted months later."""
    assert told(sudan("2021-03-30", "8/22/2021"))[:3] == [
        ("IDP", "persons", "Al Kurmuk, Blue Nile, SD08106", "DTM90", 5, "2021-03-30", "context"),
        ("IDP", "persons", "Blue Nile, SD08", "", 10, "2021-08-22", "recommended"),
        ("IDP", "persons", "SDN", "", 10, "2021-08-22", "recommended"),
    ]
    notes = {f.note for f in figures(dtm, sudan("2021-03-30", "8/22/2021")) if isinstance(f, DisplacementFigure)}
    assert "sum of all 2 places; assessed 2021-03-30 to 2021-08-22" in notes


@pytest.mark.parametrize("day", ["2/3/2021", "22/8/2021", "soon"])
def test_day_that_may_be_another_is_set_aside(day: str) -> None:
    """2/3/2021 is two different days on two sides of an ocean."""
    assert faults(dtm, sudan("2021-03-30", day)) == [
        ("unreadable_date", "IDPs Dataset!4/IND"),
        ("unreadable_date", "IDPs Dataset!4/HH"),
    ]


UKRAINE = ("Round", "Country Name", "Country Code", "Reported Date", "Oblast", "Oblast pcode",
           "Estimated max. de facto IDPs present", "Estimated max. returnee pop. Present")  # fmt: skip
UKRAINE_TAGS = ("#meta+round", "#country+name", "#country+code", "#date+reported", "#adm1+Name", "#adm1+code",
                "#affected+idp+ind", "#affected+returnees+ind", None, "* Estimates ...")  # fmt: skip


def ukraine(*columns: int) -> Payload:
    """Estimates by oblast with notes beside and below, as far as the columns are asked for."""
    day = datetime(2023, 9, 30)  # noqa: DTZ001
    rows: list[Row] = [
        UKRAINE[:6], UKRAINE_TAGS[:6],
        (14, "Ukraine", "UKR", day, "Cherkaska", "UA71"), (14, "Ukraine", "UKR", day, "Luhanska*", "UA44"),
        (None, "* Estimates ...", None, None, None, None),
    ]  # fmt: skip
    numbers = (UKRAINE[6:], (*UKRAINE_TAGS[6:],), (1200, 600), ("n/a", "n/a"), (None, None))
    whole = [[*row, *(extra[c] for c in columns), *extra[2:]] for row, extra in zip(rows, numbers, strict=True)]
    return payload(workbook({"Estimated Population": whole, "Origin": [["Top 5", "%", None]]}), "ukr.xlsx")


def test_estimates_by_area_are_themselves_the_totals() -> None:
    """Of an area without an estimate the country's sum would know nothing, so there is none."""
    assert told(ukraine(0, 1)) == [
        ("IDP", "persons", "Cherkaska, UA71", "", 1200, "2023-09-30", "recommended"),
        ("RRI", "persons", "Cherkaska, UA71", "", 600, "2023-09-30", "recommended"),
    ]
    found = [f for f in figures(dtm, ukraine(0, 1)) if isinstance(f, DisplacementFigure)]
    assert {(f.indicator, f.measure, f.amount.qualifier, f.observation_status) for f in found} == {
        ("population", "stock", "approx", "estimated")
    }


def test_returnees_alone_are_another_sheet_but_not_half_of_one() -> None:
    """A sheet whose column of displaced people has a new name must not pass for one of returnees."""
    assert [row[0] for row in told(ukraine(1))] == ["RRI"]
    book = openpyxl.load_workbook(io.BytesIO(ukraine(0, 1).content))
    book["Estimated Population"]["G1"], book["Estimated Population"]["G2"] = "IDPs, estimated", "#x"
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(SourceChanged, match="'Estimated max. de facto IDPs present'.* it has Round, Country Name"):
        parsed(dtm, payload(file.getvalue(), "ukr.xlsx"))


def test_unnamed_sites_of_a_district_are_one_figure() -> None:
    """Sites without a name contradict each other under the district's, or overwrite one another."""
    header = ("Country Code", "Reported Date", "OCHA Region", "OCHA Zone", "OCHA Zone P-Code2", "OCHA Woreda",
              "OCHA Woreda P-Code2", "2.1.a.1: Total IDP (Households)", "2.1.b.1: Total IDP (Individuals)")  # fmt: skip
    site = ("ETH", "2022-01-31", "Gambela", "Anuak", "ET1201", "Invented", "ET120199")
    rows = [header, (*site, 10, 50), (*site, 20, 110), (*site[:5], "Other", "ET120198", 1, 5)]
    assert told(payload(workbook({"Sites": rows}), "eth.xlsx")) == [
        ("IDP", "persons", "Anuak, Gambela, ET1201", "ET120199", 160, "2022-01-31", "context"),
        ("IDP", "households", "Anuak, Gambela, ET1201", "ET120199", 30, "2022-01-31", "context"),
        ("IDP", "persons", "Anuak, Gambela, ET1201", "ET120198", 5, "2022-01-31", "context"),
        ("IDP", "households", "Anuak, Gambela, ET1201", "ET120198", 1, "2022-01-31", "context"),
    ]


def test_list_without_headers_is_read_by_position() -> None:
    """Families times six are no counted persons; the size stands beside the families."""
    cells = ["1", "2", "", "1,154", "Baghdad", "Same", "Anbar", "Al-Ka'im", "", "", "Invented", "", "90", "", "", "",
             "6", "14 Sep 2014"] + [""] * 23  # fmt: skip
    line = ",".join(f'"{cell}"' for cell in cells)
    other = line.replace("1,154", "46").replace("Baghdad", "Anbar")
    (figure,) = figures(dtm, payload(f"{line}\n{other}\n\n", "list.csv"))
    assert isinstance(figure, DisplacementFigure)
    assert (figure.unit, figure.amount.value, figure.household_size, figure.variant) == ("households", 1200, 6, "90")
    assert (str(figure.period.end), figure.locator) == ("2014-09-14", "csv:1/column 4 (sum of 2 rows)")


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ({"A": [["Site", "District", "People", "Families"]]}, "fits no layout.* it has Site, District, People"),
        ({"A": [["DTM round 3"]]}, "fits no layout.*no header"),
        ({"A": [IRAQ, EAST], "B": [IRAQ, WEST]}, "2 sheets fit a layout"),
    ],
)
def test_sheet_of_no_layout_is_refused(sheets: dict[str, list[Row]], said: str) -> None:
    """Eighty columns hold people, most of them parts of another one; guessing finds the wrong one."""
    with pytest.raises(SourceChanged, match=said):
        parsed(dtm, payload(workbook(sheets), "x_2021-09-30.xlsx"))


@pytest.mark.recorded
@pytest.mark.parametrize(
    "name", ["unhcr-prmn/somalia_prmn_2023.xlsx", "acled/hdx_civilian_targeting_as_of_2025-01-10.xlsx"]
)
def test_workbooks_of_others_are_refused(name: str) -> None:
    """Arrivals of a week, or the dead of a month, are no displaced people."""
    with pytest.raises(SourceChanged, match="fits no layout"):
        parsed(dtm, recorded(name))
