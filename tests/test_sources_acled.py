"""ACLED's events and monthly counts: which row becomes which figure, and which is part of another."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from ingest.contract import Scope
from ingest.http import Client
from ingest.sources import acled_conflict_events as acled
from tests.samples import faults, figures, own, parsed, payload, workbook
from tracker.errors import SettingsError, SourceChanged
from tracker.records import AccessFigure, Payload

EVENTS, OLD_EVENTS, COUNTS = own("acled_conflict_events")


def told(*payloads: Payload) -> list[tuple[Any, ...]]:
    """What each figure counts, of what, where and when, and what it may be used for."""
    return [
        (
            f.indicator.value, f.variant, str(f.location), f.amount.value, str(f.period.start), str(f.period.end),
            f.role.value,
        )
        for f in figures(acled, *payloads)
        if isinstance(f, AccessFigure) and f.amount is not None
    ]  # fmt: skip


def event(**changes: Any) -> Payload:
    """A page with the sample's first event, changed."""
    record = json.loads(EVENTS.content)["data"][0]
    return payload(json.dumps({"data": [{**record, **changes}]}))


def test_event_is_two_figures_that_are_no_headline() -> None:
    """Events beside the month's count of them are the same dead, twice."""
    idleb, hatay, aleppo = "Idleb, SYR", "Hatay, TUR", "Aleppo, SYR"
    assert told(EVENTS, OLD_EVENTS) == [
        ("conflict_events", "battles", idleb, 1, "2024-06-03", "2024-06-03", "context"),
        ("fatalities", "battles", idleb, 4, "2024-06-03", "2024-06-03", "context"),
        ("conflict_events", "protests", hatay, 1, "2024-06-04", "2024-06-04", "context"),
        ("fatalities", "protests", hatay, 0, "2024-06-04", "2024-06-04", "context"),
        ("conflict_events", "violence against civilians", aleppo, 1, "2022-10-02", "2022-10-02", "context"),
        ("fatalities", "violence against civilians", aleppo, 7, "2022-10-02", "2022-10-02", "context"),
    ]
    found = [f for f in figures(acled, EVENTS, OLD_EVENTS) if isinstance(f, AccessFigure)]
    assert [f.external_id for f in found[::2]] == ["SYR901", "TUR902", "SYR903"]
    assert [f.period.end_precision.value for f in found[::2]] == ["day", "week", "month"]


def test_nothing_of_an_event_may_leave_the_house() -> None:
    """ACLED forbids it; and its notes say who was where."""
    assert acled.SOURCE.redistribute == "no"
    assert "invented village" not in repr(figures(acled, EVENTS)).lower()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"event_id_cnty": ""}, [("missing_field", "event_type"), ("missing_field", "fatalities")]),
        ({"country": "Atlantis"}, [("unknown_place", "event_type"), ("unknown_place", "fatalities")]),
        ({"event_date": "03 June 2024"}, [("unreadable_date", "event_type"), ("unreadable_date", "fatalities")]),
        ({"event_type": "Quarrels"}, [("unknown_word", "event_type"), ("unknown_word", "fatalities")]),
        ({"fatalities": "unknown"}, [("unreadable_number", "fatalities")]),
    ],
)
def test_event_that_is_not_understood_is_set_aside(change: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """A date read the wrong way round moves the dead to another month."""
    assert faults(acled, event(**change)) == [(reason, f"data[0]/{field}") for reason, field in expected]


def test_fatalities_not_given_are_not_none() -> None:
    """ "Not reported" shown as zero says that nobody died."""
    assert [row[0] for row in told(event(fatalities=""))] == ["conflict_events"]


def test_counts_of_hapi_by_kind() -> None:
    """Civilians targeted are a part of political violence; deaths in demonstrations are not counted at all."""
    may = ("2024-05-01", "2024-05-31")
    assert told(COUNTS) == [
        ("conflict_events", "political violence", "LBN", 31, *may, "recommended"),
        ("fatalities", "political violence", "LBN", 5, *may, "recommended"),
        ("conflict_events", "demonstrations", "LBN", 12, *may, "recommended"),
        ("conflict_events", "civilians targeted", "Harim, Idleb, SY0703", 3, *may, "context"),
        ("fatalities", "civilians targeted", "Harim, Idleb, SY0703", 0, *may, "context"),
    ]


def hapi(*changes: Mapping[str, Any]) -> Payload:
    """A page of the sample's last count, changed in turn."""
    record = parsed(acled, COUNTS)[-1].raw
    return payload(json.dumps({"data": [{**record, **change} for change in changes]}))


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"error": "Non matching p-code"}, "provider_error"), ({"event_type": "battles"}, "unknown_word"),
     ({"admin_level": "3"}, "unknown_word"), ({"reference_period_start": ""}, "unreadable_date")],
)  # fmt: skip
def test_count_that_is_wrong_is_set_aside(change: dict[str, Any], reason: str) -> None:
    """HDX itself keeps back the rows it calls wrong."""
    assert faults(acled, hapi(change)) == [(reason, "data[0]/events"), (reason, "data[0]/fatalities")]


def test_code_of_two_districts_belongs_to_neither() -> None:
    """One district's events stand at the other, or both are set aside as a contradiction."""
    both = hapi({"provider_admin2_name": "Edati", "events": 5}, {"provider_admin2_name": "Mokwa", "events": 6})
    assert [row[2:4] for row in told(both)] == [
        ("Edati, Idleb, SYR", 5), ("Edati, Idleb, SYR", 0), ("Mokwa, Idleb, SYR", 6), ("Mokwa, Idleb, SYR", 0),
    ]  # fmt: skip


HEADER = ("Country", "Month", "Year", "Events", "Fatalities")
DISTRICTS = ("Country", "Admin1", "Admin2", "ISO3", "Admin2 Pcode", "Admin1 Pcode", "Month", "Year", "Events")


def book(name: str, fatalities: bool = True) -> Payload:
    """A workbook of HDX: terms first, then countries and districts."""
    width = 5 if fatalities else 4
    rows = [HEADER[:width], ("Turkey", "June", "2024", 4, 1)[:width], ("Turkey", "July", 2024, 0, 0)[:width]]
    districts = [(*DISTRICTS, "Fatalities"), ("Nigeria", "Niger", "Mokwa", "NGA", "NA", "NG027", "June", "2024", 2, 9)]
    sheets = {"TOU": [["Licensing"]], "Non_HRP": rows, "HRP_1": [row[: width + 5] for row in districts]}
    return payload(workbook(sheets), f"{name}.xlsx")


def test_workbook_is_read_sheet_by_sheet() -> None:
    """Its last month is not whole, its zeros are zeros, and "NA" is no code."""
    june, july = ("2024-06-01", "2024-06-30"), ("2024-07-01", "2024-07-10")
    words = "political violence"
    assert told(book("download-political-violence-events-and-fatalities-as-of-2024-07-10")) == [
        ("conflict_events", words, "TUR", 4, *june, "recommended"),
        ("fatalities", words, "TUR", 1, *june, "recommended"),
        ("conflict_events", words, "TUR", 0, *july, "recommended"),
        ("fatalities", words, "TUR", 0, *july, "recommended"),
        ("conflict_events", words, "Mokwa, Niger, NGA", 2, *june, "recommended"),
        ("fatalities", words, "Mokwa, Niger, NGA", 9, *june, "recommended"),
    ]
    (first, *_) = figures(acled, book("civilian_targeting as of 2024-07-10"))
    assert isinstance(first, AccessFigure)
    assert (first.role, first.published_on, first.locator) == ("context", date(2024, 7, 10), "Non_HRP!2/Events")


def test_workbook_of_demonstrations_counts_no_dead() -> None:
    """The column is missing there by design; in the other workbooks it would be a changed format."""
    assert [row[:4] for row in told(book("demonstration_events", fatalities=False))] == [
        ("conflict_events", "demonstrations", "TUR", 4),
        ("conflict_events", "demonstrations", "TUR", 0),
        ("conflict_events", "demonstrations", "Mokwa, Niger, NGA", 2),
    ]
    with pytest.raises(SourceChanged, match="'Fatalities' is missing at Non_HRP!2"):
        parsed(acled, book("political_violence", fatalities=False))


def test_workbook_of_no_kind_is_refused() -> None:
    """Demonstrations read as battles."""
    with pytest.raises(SourceChanged, match="rename it so that it holds 'political-violence'"):
        parsed(acled, book("download"))


class Provider(Client):
    """Answers in place of ACLED: a token, then pages in the order they are asked for."""

    def __init__(self, *answers: Payload) -> None:
        self.answers = iter(answers)
        self.asked: list[dict[str, Any]] = []

    def credential(self, variable: str) -> str:
        return f"value of {variable}"

    def post(self, url: str, form: Mapping[str, str]) -> Payload:
        self.asked.append(dict(form))
        return payload('{"access_token": "t"}')

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:
        self.asked.append({**params, **headers})
        return next(self.answers)


SCOPE = Scope(("SYR", "TUR"), date(2024, 9, 1))


def test_fetch_asks_for_the_last_weeks_of_the_followed_countries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a country the answer is the world; without its last page, the latest dead are missing."""
    monkeypatch.setattr(acled, "PAGE", 2)
    provider = Provider(EVENTS, event())
    assert len(list(acled.fetch(provider, SCOPE))) == 2
    form, first, second = provider.asked
    assert (form["grant_type"], form["client_id"]) == ("password", "acled")
    assert form["username"] == "value of TRACKER_ACLED_USERNAME"
    assert (first["country"], first["event_date"], first["page"]) == ("Syria|Turkey", "2024-07-03|2024-09-01", 1)
    assert (second["page"], second["Authorization"]) == (2, "Bearer t")


def test_fetch_that_gives_no_whole_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page twice is its dead twice; a refusal is no peace."""
    with pytest.raises(SettingsError, match="no region"):
        list(acled.fetch(Provider(), Scope((), date(2024, 9, 1))))
    with pytest.raises(SourceChanged, match="'data' is missing at .*; this looks like a refusal"):
        list(acled.fetch(Provider(payload('{"success": false, "message": "Access denied"}')), SCOPE))
    monkeypatch.setattr(acled, "PAGE", 2)
    with pytest.raises(SourceChanged, match="page 2 is not the one asked for"):
        list(acled.fetch(Provider(EVENTS, EVENTS), SCOPE))
    monkeypatch.setattr(acled, "MOST_PAGES", 1)
    with pytest.raises(SourceChanged, match="more than 1 pages"):
        list(acled.fetch(Provider(EVENTS), SCOPE))
