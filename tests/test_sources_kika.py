"""Aid workers killed, injured, kidnapped or arrested: one incident, one fact, in either form."""

import json
from datetime import datetime
from typing import Any

import pytest

from ingest.sources import insecurity_insight_aid_workers as kika
from tests.samples import faults, figures, own, parsed, payload, recorded, workbook
from tracker.errors import SourceChanged
from tracker.records import AccessFigure, AnyFigure, Payload

INCIDENT = {
    "Date": "2023-05-14", "Event Description": "May 2023: An invented incident.", "Country ISO": "SYR",
    "Admin 1": "Idlib Governorate", "Aid Workers Killed": "2", "Aid Workers Injured": "-", "Aid Workers Kidnapped": "",
    "Aid Workers Arrested": None, "SiND Event ID": 901,
}  # fmt: skip


def listed(**changes: Any) -> Payload:
    """A list of one incident that differs from `INCIDENT` as given."""
    return payload(json.dumps([{**INCIDENT, **{key.replace("_", " "): value for key, value in changes.items()}}]))


def brief(figure: AnyFigure) -> tuple[Any, ...]:
    """What a figure of an incident says."""
    assert isinstance(figure, AccessFigure)
    assert figure.amount is not None
    indicator = figure.indicator.value.removeprefix("aid_workers_")
    return (
        figure.external_id, indicator, figure.location.iso3, figure.location.name, figure.amount.value,
        str(figure.period.end), figure.period.end_precision.value,
    )  # fmt: skip


def test_sample_becomes_these_figures() -> None:
    """Text "3" is three people, "0" is none, and "" or "-" is not reported."""
    idlib = ("SYR", "Idlib Governorate")
    assert [brief(figure) for figure in figures(kika, *own("insecurity_insight_aid_workers"))] == [
        ("901", "killed", *idlib, 0, "2023-05-14", "month"),
        ("901", "injured", *idlib, 1, "2023-05-14", "month"),
        ("901", "kidnapped", *idlib, 2, "2023-05-14", "month"),
        ("901", "arrested", *idlib, 0, "2023-05-14", "month"),
        ("902", "killed", "PSE", None, 3, "2023-07-02", "day"),
        ("902", "kidnapped", "PSE", None, 0, "2023-07-02", "day"),
    ]


@pytest.mark.parametrize(
    ("date", "words", "expected"),
    [
        ("2024-02-26T00:00:00", "February 2024: x", ("2024-02-26", "month")),
        ("2024-02-26T23:30:00.000Z", "26 February 2024: x", ("2024-02-26", "day")),
        ("2024-02-26", "25 February 2024: x", ("2024-02-26", "unknown")),
        ("2022-02-24", "May 2023: Update: x", ("2022-02-24", "unknown")),
        ("2024-02-26", "Early February 2024: x", ("2024-02-26", "unknown")),
        ("2024-02-26", None, ("2024-02-26", "unknown")),
    ],
)
def test_date_and_what_is_known_of_it(date: str, words: str | None, expected: tuple[str, str]) -> None:
    """A zone moves the day; a description of the month alone makes no exact day."""
    assert [brief(figure)[5:] for figure in figures(kika, listed(Date=date, Event_Description=words))] == [expected]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"SiND_Event_ID": None}, "missing_field"),
        ({"SiND_Event_ID": ""}, "missing_field"),
        ({"Country_ISO": None, "Admin_1": "Lebanon"}, "unknown_place"),
        ({"Country_ISO": " ", "Admin_1": "Georgia"}, "unknown_place"),
        ({"Date": "26/02/2024"}, "unreadable_date"),
        ({"Date": None}, "unreadable_date"),
        ({"Aid_Workers_Killed": "1,234"}, "unreadable_number"),
        ({"Aid_Workers_Killed": "<5"}, "unreadable_number"),
        ({"Aid_Workers_Killed": "*"}, "unreadable_number"),
    ],
)
def test_what_is_not_understood_is_set_aside(change: dict[str, Any], reason: str) -> None:
    """Incidents without an id merge into one; without a country, "Lebanon" (an area) would become the country."""
    assert figures(kika, listed(**change)) == []
    assert faults(kika, listed(**change)) == [(reason, "[0]/Aid Workers Killed")]


def test_suppressed_count_says_so() -> None:
    """A reader of the set-aside list must not take "<5" for a typing error and correct it to 0."""
    (row,) = parsed(kika, listed(Aid_Workers_Killed="<5"))
    assert "suppressed it, which means few, not none" in row.faults[0].detail


REPEATED = ("Aid Workers Injured", "Aid Workers Kidnapped", "Aid Workers Arrested")
HEADER = ("Date", "Time Precision", "Country ISO", "Admin 1", "Event Description", "Aid Workers Killed", *REPEATED,
          *REPEATED, "SiND Event ID")  # fmt: skip
TAGS = ("#date +occurred", None, "#country_ISO", "#adm1", None, "#affected +killed", "#affected +injured",
        "#affected +kidnapped", "#affected +arrested", None, None, None, "#event +id")  # fmt: skip


def book(*rows: tuple[Any, ...]) -> Payload:
    """A workbook as the provider makes them: a sheet name with a space, tags below the header and at the end."""
    return payload(workbook({" 2020-2023": [HEADER, TAGS, *rows, TAGS], "Notes": [["Data Notes"]]}), "kika.xlsx")


def row(precision: str = "Exact Date", area: str = "Idlib Governorate", injured_again: int = 1) -> tuple[Any, ...]:
    """A row of the workbook."""
    return (datetime(2023, 5, 14), precision, "SYR", area, "May 2023: x", 2, 1, 0, 0, injured_again, 0, 0, 901)  # noqa: DTZ001


def test_workbook_and_list_are_the_same_facts() -> None:
    """An incident in both forms, read as two, is two people dead for one."""
    json_form = listed(Aid_Workers_Injured="1", Aid_Workers_Kidnapped="0", Aid_Workers_Arrested="0")
    assert [brief(f)[:6] for f in figures(kika, book(row()))] == [brief(f)[:6] for f in figures(kika, json_form)]
    assert [f.locator for f in figures(kika, book(row()))][:1] == [" 2020-2023!3/Aid Workers Killed"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Exact Date", "day"),
        ("Close -The exact date is within 2-6 days of the indicated date", "week"),
        ("Week-The event occurred within the week of this date ", "week"),
        ("Month- The event occurred within this month", "month"),
        ("Year -The event occurred in this year", "year"),
        ("Decade", "unknown"),
        ("", "unknown"),
    ],
)
def test_time_precision_of_the_workbook(said: str, expected: str) -> None:
    """Ten people killed "since January" must not stand on 1 January as on a day."""
    assert {brief(figure)[6] for figure in figures(kika, book(row(said)))} == {expected}


def test_repeated_column_that_differs_is_set_aside() -> None:
    """Of two columns with one name and two numbers, neither is the number."""
    damaged = book(row(injured_again=4))
    assert [brief(figure)[1] for figure in figures(kika, damaged)] == ["killed", "kidnapped", "arrested"]
    assert faults(kika, damaged) == [("conflicting_duplicate", " 2020-2023!3/Aid Workers Injured")]


def test_area_encoded_twice_is_mended() -> None:
    """ "SÃ©gou" and "Ségou" as two places would count their incidents twice."""
    assert {brief(figure)[3] for figure in figures(kika, book(row(area="SÃ©gou Region")))} == {"Ségou Region"}


@pytest.mark.recorded
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("aid_worker_kika_overview.json", "'Aid Workers Killed' is missing at .*; .* overview of countries and years"),
        ("food_security_incidents.json", "'Aid Workers Killed' is missing at .*; .* food security"),
        ("explosive_weapons_overview.json", "'Aid Workers Killed' is missing at .*; .* overview"),
    ],
)
def test_other_lists_are_told_apart(name: str, said: str) -> None:
    """Totals of a year loaded as an incident would be added to that year's incidents."""
    with pytest.raises(SourceChanged, match=said):
        parsed(kika, recorded(f"insecurity-insight/{name}"))
