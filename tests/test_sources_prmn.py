"""Somalia's displacement by week: which days a week has, and which rows are one flow."""

from datetime import date
from typing import Any

import pytest

from ingest.contract import Scope
from ingest.http import Client
from ingest.sources import unhcr_prmn_somalia as prmn
from tests.samples import OWN, faults, figures, own, parsed, payload, workbook
from tracker.errors import SourceChanged
from tracker.records import AnyEntry, AnyFigure, DisplacementFigure, Payload

COLUMNS = own("unhcr_prmn_somalia")[0].content.decode().splitlines()[0].split(",")
ROW = ["30/04/2016", 201614, "Awdal", "Borama", "Awdal", "Lughaye", "Drought related", "Food", 8]


def book(*rows: dict[str, Any]) -> Payload:
    """A workbook with rows that differ from `ROW` as given."""
    lines = [[{**dict(zip(COLUMNS, ROW, strict=True)), **row}[column] for column in COLUMNS] for row in rows]
    return payload(workbook({"OutputsArrivals": [COLUMNS, *lines]}), "saved.xlsx")


def brief(figure: AnyFigure | AnyEntry) -> tuple[Any, ...]:
    """What a flow says."""
    assert isinstance(figure, DisplacementFigure)
    return (
        str(figure.location), str(figure.origin), figure.cause.value, figure.amount.value, str(figure.period.start),
        str(figure.period.end), figure.locator,
    )  # fmt: skip


def test_rows_become_these_flows() -> None:
    """Needs divide one flow: each of them as the flow of the week would be too few, the last one taken."""
    borama, baidoa, number = "Borama, SOM", "Baidoa, SOM", "Number of Individuals"
    assert [brief(figure) for figure in figures(prmn, own("unhcr_prmn_somalia")[0])] == [
        (borama, "Lughaye, SOM", "disaster", 101, "2016-04-25", "2016-04-30", f"csv:2/{number} (sum of 2 rows)"),
        (borama, "Lughaye, SOM", "disaster", 12, "2016-05-01", "2016-05-01", f"csv:4/{number}"),
        (baidoa, baidoa, "conflict", 7, "2016-04-04", "2016-04-10", f"csv:5/{number}"),
        ("Qardho, SOM", "Luuq, SOM", "disaster", 5, "2016-01-01", "2016-01-03", f"csv:6/{number}"),
    ]


def test_workbook_is_read_by_its_columns() -> None:
    """The provider publishes a workbook; every row of it is a row of ours."""
    rows = parsed(prmn, book({}, {"Current (Arrival) Priority Need": "Water"}, {"Year Week": 201615}))
    assert [(row.locator, len(row.figures)) for row in rows] == [
        ("OutputsArrivals!2", 1), ("OutputsArrivals!3", 0), ("OutputsArrivals!4", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("week", "month", "days"),
    [
        (201853, "31/12/2018", ("2018-12-31", "2018-12-31")),
        (202053, "31/12/2020", ("2020-12-28", "2020-12-31")),
        (202100, "31/01/2021", ("2021-01-01", "2021-01-03")),
        (201901, "31/01/2019", ("2019-01-01", "2019-01-06")),
    ],
)
def test_weeks_are_cut_at_the_end_of_the_year(week: int, month: str, days: tuple[str, str]) -> None:
    """Week 0 is no week of any calendar: set aside, the first days of four years would be missing."""
    (figure,) = figures(prmn, book({"Year Week": week, "Month End": month}))
    assert brief(figure)[4:6] == days


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"Year Week": 201630}, "unreadable_date"),
        ({"Year Week": 201654}, "unreadable_date"),
        ({"Month End": "04/2016"}, "unreadable_date"),
        ({"Reason": "Hunger"}, "unknown_word"),
        ({"Current (Arrival) District": None}, "unknown_place"),
        ({"Number of Individuals": "many"}, "unreadable_number"),
    ],
)
def test_unreadable_flow_is_set_aside(changed: dict[str, Any], reason: str) -> None:
    """A week in another month is a slip of one of the two; nobody can tell which."""
    locator = "OutputsArrivals!2/Number of Individuals"
    assert faults(prmn, book(changed)) == [(reason, locator)]


def test_sum_with_a_missing_row_is_none() -> None:
    """The rest would pass for the whole flow; rows without any number say nothing."""
    missing = {"Number of Individuals": None, "Current (Arrival) Priority Need": "Water"}
    assert [fault[0] for fault in faults(prmn, book({}, missing))] == ["missing_field"]
    assert figures(prmn, book(missing)) == []
    assert faults(prmn, book(missing)) == []


def test_earlier_release_is_refused() -> None:
    """It has six columns, and formulas in one of them."""
    sheet = {"PRMN": [["Year", "Month End", "Region", "Reason", "Need", "Individuals"], [2016, "x", "y", "z", "n", 5]]}
    with pytest.raises(SourceChanged, match="Year Week"):
        parsed(prmn, payload(workbook(sheet), "saved.xlsx"))


class Provider(Client):
    """Answers in place of HDX."""

    def __init__(self) -> None:
        self.answers = iter(sorted((OWN / "unhcr_prmn_somalia/wire").iterdir()))
        self.asked: list[tuple[str, Any]] = []

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:  # noqa: ARG002
        self.asked.append((url.rpartition("/")[2], params))
        return payload(next(self.answers).read_bytes(), url)


def test_fetch_takes_the_file_the_catalogue_names() -> None:
    """The catalogue itself is no list of people."""
    provider = Provider()
    (fetched,) = prmn.fetch(provider, Scope(("SOM",), date(2024, 9, 1)))
    assert len(figures(prmn, fetched)) == 4
    assert provider.asked == [("package_show", {"id": "somalia-internally-displaced-persons-idps"}), ("arrivals", None)]
