"""Border crossings of Ukraine: what is open, what is closed, and what the provider does not say."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ingest.contract import Scope
from ingest.http import Client
from ingest.sources import ocha_ukraine_border_crossings as ukraine
from tests.samples import faults, figures, own, parsed, payload, recorded, workbook
from tracker.errors import SourceChanged
from tracker.records import AnyFigure, BorderStatusFigure, Payload, PointOfEntry

STATUS = {
    "Name_ENG": "Avarivka - Nadbrzeg", "Name_UKR": "Аварівка - Надбжег", "Country": "Poland", "Type": "Road",
    "Status": "Operational", "StatusAsOf": "2023-06-14",
}  # fmt: skip
LISTED = {"Name - English": "Avarivka - Nadbrzeg", "Name - Ukrainian": "Аварівка", "Country": "Poland"}


def release(*crossings: dict[str, Any], name: str = "UKR_20230614", at: Any = (24.1, 50.5)) -> Payload:
    """A GeoJSON release of these crossings."""
    geometry = {"type": "Point", "coordinates": at} if at else None
    features = [{"type": "Feature", "properties": crossing, "geometry": geometry} for crossing in crossings]
    return payload(json.dumps({"type": "FeatureCollection", "name": name, "features": features}))


def brief(figure: AnyFigure) -> tuple[Any, ...]:
    """What a status says."""
    assert isinstance(figure, BorderStatusFigure)
    assert isinstance(figure.point_of_entry, PointOfEntry)
    point = figure.point_of_entry
    return (
        point.name, figure.border, point.kind.value, figure.status.value, figure.reported_as, str(figure.period.end),
        point.longitude, point.latitude,
    )  # fmt: skip


def test_samples_become_these_statuses() -> None:
    """A list of crossings is not a list of open crossings."""
    said = "listed, status not given"
    assert [brief(figure) for figure in figures(ukraine, *own("ocha_ukraine_border_crossings"))] == [
        ("Avarivka - Nadbrzeg", ("UKR", "POL"), "land", "unknown", said, "2022-03-15", 24.1, 50.5),
        ("Berezhne - Parthely", ("UKR", "HUN"), "land", "unknown", said, "2022-03-15", 22.4, 48.2),
        ("Avarivka - Nadbrzeg", ("UKR", "POL"), "road", "open", "Operational", "2023-06-14", 24.101, 50.501),
        ("Berezhne - Parthely", ("UKR", "HUN"), "pedestrian", "closed", "Closed", "2023-06-14", 22.4, 48.2),
    ]


@pytest.mark.parametrize("english", ["Name (English)", "name_en", "NAME_ENG", "Name - Eng", "NameEN", "English name"])
@pytest.mark.parametrize("local", ["Name (Ukrainian)", "name_uk", "Name_UKR", "NAME_UA"])
def test_names_are_found_under_their_next_spelling(english: str, local: str) -> None:
    """The property names changed with each of seven releases; without a name, crossings become one."""
    (figure,) = figures(ukraine, release({english: "A - B", local: "А - Б", "Country": "Poland "}))
    assert isinstance(figure, BorderStatusFigure)
    assert isinstance(figure.point_of_entry, PointOfEntry)
    assert (figure.point_of_entry.name, figure.point_of_entry.name_local) == ("A - B", "А - Б")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Status": "Suspended"}, "unknown_word"),
        ({"Type": "Tunnel"}, "unknown_word"),
        ({"Country": "Freedonia"}, "unknown_place"),
        ({"Country": None}, "unknown_place"),
        ({"Name_ENG": " "}, "missing_field"),
        ({"StatusAsOf": "14/06/2023"}, "unreadable_date"),
    ],
)
def test_what_is_not_understood_is_set_aside(change: dict[str, Any], reason: str) -> None:
    """A word nobody has seen before, taken for "unknown" or "closed", would hide what the provider says."""
    damaged = release({**STATUS, **change}, STATUS)
    assert len(figures(ukraine, damaged)) == 1
    assert faults(ukraine, damaged) == [(reason, "features[0]")]


@pytest.mark.parametrize("at", [None, [], ["x", 1], (50.5, 24.1), (float(0), 0.0)])
def test_crossing_without_a_place_is_set_aside(at: Any) -> None:
    """Latitude and longitude swapped puts a Polish crossing into Saudi Arabia, far from the one it is."""
    assert len(faults(ukraine, release(STATUS, at=at))) == 1


def test_empty_status_is_unknown_and_empty_day_is_the_releases() -> None:
    """A blank must not inherit the neighbour's status; a blank day falls back on the release's own."""
    (figure,) = figures(ukraine, release({**STATUS, "Status": None, "StatusAsOf": ""}, name="UKR_20230701"))
    assert brief(figure)[3:6] == ("unknown", "listed, status not given", "2023-07-01")
    without_name = release({**STATUS, "StatusAsOf": None}, STATUS, name="crossings")
    assert faults(ukraine, without_name) == [("missing_field", "features[0]")]


@pytest.mark.parametrize("gone", ["Status", "Type"])
def test_status_under_another_name_is_refused(gone: str) -> None:
    """With `Status` renamed, every closed crossing would become "status not given"."""
    renamed = {("Operating" if key == gone else key): value for key, value in STATUS.items()}
    with pytest.raises(SourceChanged, match=f"'{gone}' is missing"):
        parsed(ukraine, release(renamed))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("UKR_Border_Crossings_080322", "2022-03-08"),
        ("ukr border crosssings 090622", "2022-06-09"),
        ("UKR_Border_Crossings_20230530", "2023-05-30"),
        ("UKR_Border_Crossings_30052023", "2023-05-30"),
        ("Sheet 123456 of 140422", "2022-04-14"),
    ],
)
def test_date_of_the_release_is_read_from_its_name(name: str, expected: str) -> None:
    """08-03-22 read the other way round is a status of August, five months ahead of its time."""
    assert [brief(figure)[5] for figure in figures(ukraine, release(LISTED, name=name))] == [expected]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("crossings_2022-04-05.geojson", "2022-04-05"),
        ("https://data.test/20220301/crossings_050422.geojson?at=20230101", "2022-04-05"),
    ],
)
def test_release_that_tells_no_date_takes_that_of_its_file(file: str, expected: str) -> None:
    """One release of 2022 has no date at all: its crossings could never be loaded, or stand on the day of download."""
    undated, dated = release(LISTED, name="ukr_border_crossings"), release(LISTED)
    assert [brief(figure)[5] for figure in figures(ukraine, payload(undated.content, file))] == [expected]
    assert [brief(figure)[5] for figure in figures(ukraine, payload(dated.content, file))] == ["2023-06-14"]


@pytest.mark.parametrize("name", ["crossings", "UKR_991399", "UKR_220609", "UKR_311299", "UKR_20991231", ""])
def test_release_without_a_possible_date_is_refused(name: str) -> None:
    """A release dated before the data set began, or tomorrow, or by today's clock, moves every status."""
    with pytest.raises(SourceChanged, match="no date of the release"):
        parsed(ukraine, release(LISTED, name=name))


def _book(*rows: list[Any], said: Any = "Last updated on: 09 June 2022") -> Payload:
    header = ["Name - English", "Name - Ukrainian", "Country", "Lat", "Long", None]
    blank = [[None] * 6, ["", " ", None]]
    sheets = {"READ ME": [["Sources"], [None], [said]], "Border Crossings": [header, *rows, *blank]}
    return payload(workbook(sheets), "crossings.xlsx")


def test_workbook_says_what_the_geojson_says() -> None:
    """The twins of one release, read differently, would be two statuses of one crossing."""
    row = ["Avarivka - Nadbrzeg", "Аварівка", "Poland ", 50.5, 24.1, None]
    (from_book,) = figures(ukraine, _book(row))
    (from_geojson,) = figures(ukraine, release(LISTED, name="UKR_090622"))
    assert brief(from_book) == brief(from_geojson)
    assert from_book.locator == "Border Crossings!2"


def test_workbook_without_its_date_or_columns_is_refused() -> None:
    """The day somebody downloaded it is not the day it is about."""
    row = ["A - B", "А - Б", "Poland", 50.5, 24.1, None]
    with pytest.raises(SourceChanged, match="no date of the release"):
        parsed(ukraine, _book(row, said="Last updated recently"))
    with pytest.raises(SourceChanged, match="no sheet has a column 'Country'"):
        parsed(ukraine, payload(workbook({"READ ME": [["Sources"]]})))
    with pytest.raises(SourceChanged, match="no field 'Lat'"):
        parsed(
            ukraine, payload(workbook({"x": [["Name_ENG", "Name_UKR", "Country", "Lon"], ["A", "Б", "Poland", 24]]}))
        )


@pytest.mark.recorded
def test_other_files_are_told_apart() -> None:
    """The catalogue's entry and the incident list are no crossings, and the message says what they are."""
    with pytest.raises(SourceChanged, match="'features' is missing at .*; this looks like HDX's catalogue entry"):
        parsed(ukraine, recorded("hdx-ckan/package_ukraine_border_crossings.json"))
    with pytest.raises(SourceChanged, match="no field 'Name - English'"):
        parsed(ukraine, recorded("insecurity-insight/aid_worker_kika_2020-2023.xlsx"))


class Catalogue(Client):
    """HDX: a catalogue entry, then whatever file is asked for."""

    def __init__(self, entry: object) -> None:
        self.entry, self.asked = entry, [""]

    def get(self, url: str, params: Any = None) -> Payload:
        self.asked.append(url)
        return payload(json.dumps(self.entry)) if params else payload("{}", url)


@pytest.mark.recorded
def test_fetch_takes_the_newest_geojson() -> None:
    """The order of resources says nothing; an old release would turn crossings back to their old status."""
    entry = json.loads(recorded("hdx-ckan/package_ukraine_border_crossings.json").content)
    older = {"format": "GeoJSON", "url": "https://old.example/x.geojson", "last_modified": "2021-01-01"}
    entry["resources"] += [older, {"format": "geojson", "url": "https://blank.example", "last_modified": None}]
    catalogue = Catalogue({"success": True, "result": entry})
    (fetched,) = ukraine.fetch(catalogue, Scope(("UKR",), date(2024, 9, 1)))
    assert fetched.url.endswith("/download/ukr_border_crossings.geojson")


@pytest.mark.parametrize(
    "entry", [{"success": False}, {"result": None}, {"result": {"resources": [{"format": "SHP"}]}}]
)
def test_fetch_refuses_a_catalogue_without_the_file(entry: object) -> None:
    """A data set that is gone is not a data set without news."""
    with pytest.raises(SourceChanged, match="missing|no GeoJSON"):
        list(ukraine.fetch(Catalogue(entry), Scope(("UKR",), date(2024, 9, 1))))


@pytest.mark.recorded
@pytest.mark.parametrize(
    ("name", "count", "statuses"),
    [
        ("2022-03-08.geojson", 30, {"unknown": 30}),
        ("2022-06-09.geojson", 80, {"unknown": 80}),
        ("2022-06-09.xlsx", 80, {"unknown": 80}),
        ("2023-05-30_status.geojson", 128, {"open": 46, "closed": 82}),
    ],
)
def test_recorded_releases_are_read_whole(name: str, count: int, statuses: dict[str, int]) -> None:
    """A crossing lost, or a closed one counted as open, sends people the wrong way."""
    one = recorded(f"border-ukraine/ukr_border_crossings_{name}")
    found = [brief(figure) for figure in figures(ukraine, one)]
    assert (len(found), Counter(row[3] for row in found)) == (count, statuses)
    assert {row[5] for row in found} == {name[:10]}
    assert faults(ukraine, one) == []


def test_no_release_is_dated_after_it_was_fetched() -> None:
    """140424 in a file of 2022 is 14 April 2024 to nobody but a date parser."""
    early = release(LISTED, name="UKR_140424")
    known = Payload(body=early.content, url="x", media_type="", retrieved_at=datetime(2022, 5, 1, tzinfo=UTC))
    with pytest.raises(SourceChanged, match="no date of the release"):
        parsed(ukraine, known)
