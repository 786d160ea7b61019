"""AWSD's attacks on aid workers and OCHA's access indicators: which cell is which figure, and which is none."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ingest.contract import Scope
from ingest.http import Client
from ingest.sources import aid_worker_security_database as awsd
from ingest.sources import ocha_access_indicators as ocha
from tests.samples import faults, figures, own, parsed, payload
from tracker.errors import SourceChanged
from tracker.records import AccessFigure, AnyEntry, AnyFigure, Payload

INCIDENT = {
    "Incident ID": "7", "Year": "2021", "Month": "5", "Day": "17", "Country Code": "SY", "Region": "Aleppo",
    "Total killed": "", "Total wounded": "", "Total kidnapped": "", "Total detained": "", "Verified": "Yes",
    "Details": "",
}  # fmt: skip


def table(*rows: dict[str, str], end: str = "\n") -> Payload:
    """A CSV of these rows."""
    lines = [",".join(f'"{name}"' for name in rows[0]), *(",".join(f'"{c}"' for c in row.values()) for row in rows)]
    return payload("\n".join(lines) + end, "saved.csv")


def incident(**changed: str) -> Payload:
    """One incident that differs as given; a field's blanks are written as lines."""
    return table({**INCIDENT, **{name.replace("_", " "): value for name, value in changed.items()}})


def brief(figure: AnyFigure | AnyEntry) -> tuple[Any, ...]:
    """What a figure says."""
    assert isinstance(figure, AccessFigure)
    assert figure.amount is not None
    return (
        figure.external_id, figure.indicator.value, str(figure.location), figure.amount.value, str(figure.period.end),
        figure.period.end_precision.value,
    )  # fmt: skip


def test_incidents_become_these_figures() -> None:
    """The total of all affected beside its parts counts everybody twice; 0 killed is a count, not a gap."""
    place = "Aleppo, SY"
    assert [brief(figure) for figure in figures(awsd, own("aid_worker_security_database")[0])][:4] == [
        ("90001", "aid_workers_killed", place, 2, "2021-05-17", "day"),
        ("90001", "aid_workers_injured", place, 1, "2021-05-17", "day"),
        ("90001", "aid_workers_kidnapped", place, 0, "2021-05-17", "day"),
        ("90001", "aid_workers_arrested", place, 0, "2021-05-17", "day"),
    ]
    assert [brief(f)[1] for f in figures(awsd, incident(Total_killed="0"))] == ["aid_workers_killed"]


@pytest.mark.parametrize(
    ("month", "day", "expected"),
    [
        ("5", "17", ("2021-05-17", "day")),
        ("5", "", ("2021-05-01", "month")),
        ("", "", ("2021-01-01", "year")),
        ("", "17", ("2021-01-01", "year")),
    ],
)
def test_day_that_nobody_knows_is_not_made_up(month: str, day: str, expected: tuple[str, str]) -> None:
    """The first of the month as an exact day would draw a wave of attacks on it."""
    (figure,) = figures(awsd, incident(Month=month, Day=day, Total_killed="1"))
    assert brief(figure)[4:] == expected


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"Month": "13"}, "unreadable_date"),
        ({"Month": "2", "Day": "30"}, "unreadable_date"),
        ({"Year": ""}, "unreadable_date"),
        ({"Total_killed": "two"}, "unreadable_number"),
        ({"Incident_ID": " "}, "missing_field"),
        ({"Country_Code": ""}, "unknown_place"),
    ],
)
def test_what_cannot_be_read_is_set_aside(changed: dict[str, str], reason: str) -> None:
    """An attack of no day, place or id would be counted anywhere, or with every file anew."""
    assert faults(awsd, incident(**{"Total_killed": "1", **changed})) == [(reason, "csv:2/Total killed")]


def test_namibia_is_not_missing() -> None:
    """Its code is NA, which spreadsheets take for "not available"."""
    (figure,) = figures(awsd, incident(Country_Code="NA", Region="", Total_killed="1"))
    assert brief(figure)[2] == "NA"


@pytest.mark.parametrize(("said", "credibility"), [("Yes", 2), ("Archived", 2), ("Pending", 4), ("", 4)])
def test_unverified_incident_says_so(said: str, credibility: int) -> None:
    """The current year is provisional; taken for verified it would be quoted as final."""
    (figure,) = figures(awsd, incident(Verified=said, Total_killed="1"))
    assert isinstance(figure, AccessFigure)
    assert figure.credibility == credibility


def test_details_stay_out_of_what_is_shown() -> None:
    """A description names places and people who were attacked there, over several lines."""
    (figure,) = figures(awsd, incident(Total_killed="1", Details="In Made Town,\n\nat the made gate"))
    assert "Made Town" not in str(figure)
    assert isinstance(figure, AccessFigure)
    assert (figure.sensitivity.name, figure.locator) == ("MODERATE", "csv:4/Total killed")


def test_second_line_of_the_whole_database_is_no_incident() -> None:
    """Tags below the header, read as an incident, would be set aside at every fetch."""
    header, rows = incident(Total_killed="3").content.decode().split("\n", 1)
    tags = ",".join(f"#tag+x{n}" for n in range(len(INCIDENT)))
    assert [brief(f)[3] for f in figures(awsd, payload(f"{header}\n{tags}\n{rows}"))] == [3]


class Provider(Client):
    """Answers in place of the database."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:  # noqa: ARG002
        self.asked.append((url, params))
        return own("aid_worker_security_database")[0]


def test_fetch_asks_for_the_whole_database_once() -> None:
    """The page of a search holds the newest incidents only."""
    provider = Provider()
    assert len(list(awsd.fetch(provider, Scope(("SYR",), date(2024, 9, 1))))) == 1
    assert provider.asked == [("https://www.aidworkersecurity.org/incidents/search", {"format": "csv"})]


COUNTRY = dict.fromkeys([*ocha.SHARES, *ocha.COUNTS], "") | {"ISO Code": "SYR"}
VISAS, LAST_YEAR, THIS_YEAR = next(iter(ocha.SHARES)), *ocha.COUNTS


@pytest.mark.parametrize(
    ("cell", "share"),
    [("25.00%", 25), ("7.9%", 7.9), ("100 %", 100), ("0%", 0), ("0", 0), ("0.0", 0), ("N/A", None), ("", None)],
)
def test_share_is_a_percentage(cell: str, share: float | None) -> None:
    """N/A as 0 would say that every visa was granted."""
    found = figures(ocha, table({**COUNTRY, VISAS: cell}))
    assert [(brief(f)[1], brief(f)[3]) for f in found] == ([("visas_denied", share)] if share is not None else [])


@pytest.mark.parametrize("cell", ["1", "0.25", "25", "1,5%", "-3%", "<5%"])
def test_share_without_a_sign_is_set_aside(cell: str) -> None:
    """Chad's "1" is one visa in a hundred, or all of them."""
    assert faults(ocha, table({**COUNTRY, VISAS: cell})) == [("unreadable_number", f"csv:2/{VISAS}")]


def test_incidents_of_two_windows_stay_two_and_their_sum_is_left_out() -> None:
    """Last year's, this year's and both together: added, every incident counts twice."""
    found = figures(ocha, table({**COUNTRY, LAST_YEAR: "47", THIS_YEAR: "33", ocha.SUM: "80"}))
    assert [(f.variant, f.amount.value) for f in found if isinstance(f, AccessFigure) and f.amount] == [
        ("previous year", 47),
        ("since start of year", 33),
    ]


def test_sheet_without_a_date_has_the_day_it_was_retrieved() -> None:
    """Another day than that is invented; and it must not look like the provider's."""
    sheet = table({**COUNTRY, VISAS: "5%"}, end="")
    (figure,) = figures(ocha, payload(sheet.content, "saved.csv", datetime(2024, 2, 3, 23, tzinfo=UTC)))
    assert isinstance(figure, AccessFigure)
    assert brief(figure)[4:] == ("2024-02-03", "unknown")
    assert (figure.role.value, figure.scale, str(figure.note)[:21]) == ("context", "0-100", "The sheet has no date")


def test_numbers_of_other_columns_are_not_read() -> None:
    """Learners enrolled, with its thousands commas, is no figure of access."""
    assert figures(ocha, table({**COUNTRY, "Number of learners enrolled": "9,979,405"})) == []
    assert faults(ocha, table({**COUNTRY, LAST_YEAR: "1,047"})) == [("unreadable_number", f"csv:2/{LAST_YEAR}")]


def test_sheet_cut_in_its_only_row_is_refused() -> None:
    """The sheet has no line end after its last row, so half a row must be noticed by its cells."""
    with pytest.raises(SourceChanged, match="line 3 does not have as many cells as the header"):
        parsed(ocha, payload(table(COUNTRY, COUNTRY).content[:-9]))
