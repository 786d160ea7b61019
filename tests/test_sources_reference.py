"""P-codes and disasters: which place or event a row is, and which row is none."""

import json
from datetime import date, datetime
from typing import Any

import pytest

from ingest.contract import Scope
from ingest.http import Client
from ingest.sources import ocha_pcodes as pcodes
from ingest.sources import reliefweb_disasters as reliefweb
from tests.samples import OWN, faults, figures, own, parsed, payload, workbook
from tests.upstream import SECRET, Answer, Upstream, client_of, serving
from tracker.errors import SourceChanged, SourceUnreachable
from tracker.records import AnyEntry, AnyFigure, EventEntry, Payload, PlaceEntry

HEADER = "Location,Admin Level,P-Code,Name,Parent P-Code,Valid from date"


def listed(*rows: str) -> Payload:
    """The global list with these rows."""
    return payload("\n".join([HEADER, *rows]) + "\n", "pcodes.csv")


def area(figure: AnyFigure | AnyEntry) -> tuple[Any, ...]:
    """What a row says of its area."""
    assert isinstance(figure, PlaceEntry)
    return figure.code, figure.kind.value, figure.iso3, figure.parent, figure.name_en, str(figure.valid_from)


def test_areas_keep_their_code_as_it_is_written() -> None:
    """Codes differ in style by country; an area under a code of our making is found by nobody."""
    rows = ("TUR,1,TUR001,Adana,TUR,2021-03-01", "LBN,1,LB1,Akkar,LBN,", "IRQ,2,IQG01Q01,Heet,IQG01,")
    assert [area(figure) for figure in figures(pcodes, listed(*rows))] == [
        ("TUR001", "adm1", "TUR", "TUR", "Adana", "2021-03-01"),
        ("LB1", "adm1", "LBN", "LBN", "Akkar", "None"),
        ("IQG01Q01", "adm2", "IRQ", "IQG01", "Heet", "None"),
    ]


def test_namibia_is_not_missing() -> None:
    """Its codes begin with NA; an area named None or NA is an area, too."""
    rows = ("NAM,1,NA01,Zambezi,NAM,2020-01-09", "NAM,2,NA0101,NA,NA01,", "NAM,2,NA0102,None,NA01,")
    assert [area(figure)[:1] + area(figure)[3:5] for figure in figures(pcodes, listed(*rows))] == [
        ("NA01", "NAM", "Zambezi"),
        ("NA0101", "NA01", "NA"),
        ("NA0102", "NA01", "None"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("SYR,3,SY010000,Made,SY0100,", "unknown_word"),
        ("SYR,0,SYR,Syria,SYR,", "unknown_word"),
        ("SYR,1,,Made,SYR,", "missing_field"),
        ("SYR,1,SY91,,SYR,", "missing_field"),
        ("SYR,1,SY91,Made,,", "missing_field"),
        ("SYR,1,SY91,Made,SYR,1 March 2021", "unreadable_date"),
    ],
)
def test_row_that_is_no_area_is_set_aside(row: str, reason: str) -> None:
    """A place without code or parent would lie anywhere."""
    assert (figures(pcodes, listed(row)), faults(pcodes, listed(row))) == ([], [(reason, "csv:2/P-Code")])


def book(valid: Any = 44197) -> Payload:
    """A country's workbook, as COD-AB has it: the finer sheet repeats the coarser one's columns."""
    first = ["ADM1_EN", "ADM1_AR", "ADM1ALT1_EN", "ADM1_PCODE", "ADM0_PCODE", "VALIDON"]
    made = ["Made", "مثال", "Maid", "SY91", "SY", valid]
    second = ["ADM2_EN", "ADM2_PCODE", *first]
    return payload(
        workbook({"ADM2": [second, ["Sample", "SY9100", *made]], "ADM1": [first, made]}), "syr_tabulardata.xlsx"
    )


def test_workbook_gives_each_level_once_with_its_names() -> None:
    """The finer sheet's copy of the coarser columns would make every province as often as it has districts."""
    found = figures(pcodes, book())
    assert [area(figure) for figure in found] == [
        ("SY91", "adm1", None, "SY", "Made", "2021-01-01"),
        ("SY9100", "adm2", None, "SY91", "Sample", "2021-01-01"),
    ]
    assert isinstance(found[0], PlaceEntry)
    assert (found[0].name_ar, found[0].other_names) == ("مثال", ("مثال", "Maid"))


@pytest.mark.parametrize("valid", [44197, "2021-01-01", datetime(2021, 1, 1), datetime(2021, 1, 1, 5)])  # noqa: DTZ001
def test_day_in_a_workbook_is_read_in_every_form(valid: Any) -> None:
    """Days are counted from 1899-12-30; from 1900-01-01 a reform would come two days late."""
    assert area(figures(pcodes, book(valid))[0])[5] == "2021-01-01"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Location,Country Length,Admin 1 Length\nSYR,2,2\n", "the table of p-code lengths"),
        ('{"result": {"resources": []}}', "JSON, not CSV"),
        (workbook({"Sheet1": [["Name", "Code"], ["Made", "SY91"]]}), "no sheet has a column 'ADM1_PCODE'"),
    ],
)
def test_other_files_are_told_apart(content: bytes | str, said: str) -> None:
    """The data set holds a table of code lengths beside the codes."""
    with pytest.raises(SourceChanged, match=said):
        parsed(pcodes, payload(content))


def catalogue(*resources: tuple[str, str, str]) -> Payload:
    """A data set with these resources: name, format, day of the last change."""
    listed = [
        {"name": name, "format": form, "url": f"https://data.humdata.org/made/{name}", "last_modified": changed}
        for name, form, changed in resources
    ]
    return payload(json.dumps({"success": True, "result": {"resources": listed}}))


class Hdx(Client):
    """The catalogue, and whatever it leads to."""

    def __init__(self, entry: Payload) -> None:
        self.entry, self.asked = entry, list[Any]()

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:  # noqa: ARG002
        self.asked.append(params or url)
        return self.entry if params else payload("a file", url)


def test_fetch_finds_the_newest_list_of_both_levels() -> None:
    """The order of the resources means nothing: the first may be years old, or another table."""
    hdx = Hdx(
        catalogue(
            ("global_pcodes_adm_1_2.csv", "CSV", "2023-01-01T00:00:00"),
            ("global_pcodes_adm12.csv", "csv", "2025-01-01T00:00:00"),
            ("global_pcode_lengths.csv", "CSV", "2026-01-01T00:00:00"),
            ("global_pcodes_adm_1_2.xlsx", "XLSX", "2026-01-01T00:00:00"),
        )
    )
    (kept,) = pcodes.fetch(hdx, Scope(("SYR",), date(2024, 9, 1)))
    assert kept.url == "https://data.humdata.org/made/global_pcodes_adm12.csv"
    assert hdx.asked == [{"id": "global-pcodes"}, kept.url]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (catalogue(("lengths.csv", "CSV", "2026-01-01")), "the data set global-pcodes has no CSV resource"),
        (catalogue(), "the data set global-pcodes has no CSV resource"),
        (payload("null"), "'result' is missing"),
        (payload('{"result": {}}'), "'resources' is missing"),
        (payload('{"result": {"resources": [{"name": "adm_1_2", "format": "CSV"}]}}'), "'url' is missing"),
    ],
    ids=["renamed", "empty", "null", "no resources", "no url"],
)
def test_catalogue_without_the_file_is_for_a_person(entry: Payload, said: str) -> None:
    """Another file of the data set in its place would be loaded as this one."""
    with pytest.raises(SourceChanged, match=said):
        list(pcodes.fetch(Hdx(entry), Scope(("SYR",), date(2024, 9, 1))))


def disasters(*fields: dict[str, Any], **envelope: Any) -> Payload:
    """ReliefWeb's list with these disasters."""
    data = [{"id": str(n), "fields": {"id": n, **told}} for n, told in enumerate(fields, 1)]
    return payload(json.dumps({"totalCount": len(data), "data": data, **envelope}), "disasters.json")


def event(figure: AnyFigure | AnyEntry) -> tuple[Any, ...]:
    """What an event says."""
    assert isinstance(figure, EventEntry)
    return figure.code, str(figure.location), str(figure.date_start), figure.precision.value


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            {"date": {"event": "2024-08-09T00:00:00+00:00", "created": "2024-08-20T00:00:00+00:00"}},
            ("2024-08-09", "day"),
        ),
        ({"date": {"created": "2024-08-20T00:00:00+00:00"}}, ("2024-08-20", "day")),
        ({"glide": "FL-2023-000139-TCD"}, ("2024-08-01", "month")),
        ({"name": "Tropical Cyclone Made - May 2024", "glide": "TC-2023-000083-TCD"}, ("2024-05-01", "month")),
        ({"name": "Chad: Floods", "glide": "FL-2023-000139-TCD"}, ("2023-01-01", "year")),
        ({"name": "Chad: Floods - Fog 2024", "glide": "FL-2023-000139-TCD"}, ("2023-01-01", "year")),
    ],
    ids=["event", "created", "name", "storm", "glide", "no month"],
)
def test_day_of_a_disaster_is_as_exact_as_it_is_told(told: dict[str, Any], expected: tuple[str, str]) -> None:
    """A flood of August drawn on 1 August would come before the displacement it did not cause."""
    countries = {"country": [{"iso3": "tcd"}]} if "date" in told else {}
    (figure,) = figures(reliefweb, disasters({"name": "Chad: Floods - Aug 2024", **countries, **told}))
    assert event(figure)[2:] == expected


def test_each_country_of_a_disaster_has_the_event() -> None:
    """An earthquake of two countries, told of one, is missing beside the other's figures; ISO3 is lower case there."""
    countries = [{"iso3": "tur"}, {"iso3": "syr", "primary": True}]
    both = {"name": "Türkiye/Syria: Earthquake - Feb 2023", "date": {"created": "2023-02-06"}, "country": countries}
    assert [event(figure)[:2] for figure in figures(reliefweb, disasters(both))] == [
        ("reliefweb-1-TUR", "TUR"),
        ("reliefweb-1", "SYR"),
    ]


def test_country_of_the_short_form_is_the_glides_before_the_names() -> None:
    """ "Congo" in a name is two countries; the GLIDE number tells which."""
    told = ({"name": "DR Congo: Ebola - Jun 2024", "glide": "EP-2024-000001-COD"}, {"name": "Chad: Floods - Aug 2024"})
    assert [event(figure)[1] for figure in figures(reliefweb, disasters(*told))] == ["COD", "Chad"]


def test_disaster_of_no_day_is_set_aside() -> None:
    """Today's date would make it news."""
    assert faults(reliefweb, disasters({"name": "Novel Outbreak"})) == [("unreadable_date", "data[0]/name")]


def test_long_form_must_be_whole() -> None:
    """A record whose countries have lost their codes would fall back to its name, and lose all but one."""
    told = {"name": "Chad: Floods - Aug 2024", "date": {"created": "2024-08-20"}, "country": [{"name": "Chad"}]}
    with pytest.raises(SourceChanged, match=r"'iso3' is missing at data.0..fields.country"):
        parsed(reliefweb, disasters(told))


class ReliefWeb(Client):
    """Answers in place of ReliefWeb."""

    def __init__(self, *pages: Payload) -> None:
        self.pages, self.asked = iter(pages), list[dict[str, Any]]()

    def credential(self, variable: str) -> str:
        assert variable == "TRACKER_RELIEFWEB_APPNAME"
        return "made-app"

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:  # noqa: ARG002
        self.asked.append(dict(params))
        return next(self.pages)


SCOPE = Scope(("SYR", "TUR"), date(2024, 9, 1))


def test_fetch_asks_for_the_followed_countries_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes in upper case find nothing, and the first thousand alone are the oldest."""
    monkeypatch.setattr(reliefweb, "PAGE", 1)
    pages = (disasters({"name": name}, totalCount=2) for name in ("one", "two"))
    provider = ReliefWeb(*pages)
    assert len(list(reliefweb.fetch(provider, SCOPE))) == 2
    assert [(asked["offset"], asked["limit"]) for asked in provider.asked] == [(0, 1), (1, 1)]
    assert {tuple(asked["filter[value][]"]) for asked in provider.asked} == {("syr", "tur")}
    assert "date.event" in provider.asked[0]["fields[include][]"]


@pytest.mark.parametrize(
    ("pages", "error", "said"),
    [
        ([disasters({"name": "one"}, totalCount=3), disasters(totalCount=3)], SourceChanged, "it has 3 rows, and 1"),
        ([disasters({"name": "a"}, totalCount=3)] * 2, SourceChanged, "page 2 is not the one asked for"),
        (
            [disasters({"name": "a"}, totalCount=3), disasters({"name": "b"}, totalCount=4)],
            SourceUnreachable,
            "the list changed while it was read",
        ),
        ([payload('{"error": {"message": "appname"}}')], SourceChanged, "the appname may not be approved"),
    ],
    ids=["short", "repeated", "grown meanwhile", "refused"],
)
def test_pages_that_do_not_make_a_whole_are_refused(
    monkeypatch: pytest.MonkeyPatch, pages: list[Payload], error: type[Exception], said: str
) -> None:
    """A disaster that is left out did not happen, for all a reader can tell."""
    monkeypatch.setattr(reliefweb, "PAGE", 1)
    with pytest.raises(error, match=said):
        list(reliefweb.fetch(ReliefWeb(*pages), SCOPE))


def test_appname_is_neither_in_an_address_nor_in_a_page() -> None:
    """ReliefWeb repeats it in the links of every page, and the pages are archived."""
    page = json.loads(own("reliefweb_disasters")[0].content)
    page["links"] = {"self": {"href": f"https://api.reliefweb.int/v2/disasters?appname={SECRET}&limit=1000"}}
    upstream = Upstream([Answer("page.json", json.dumps(page).encode())])
    with serving(upstream):
        (kept,) = reliefweb.fetch(client_of(reliefweb, upstream), SCOPE)
    assert SECRET in upstream.asked[0]
    assert "appname=***&" in kept.url
    assert SECRET not in kept.url + kept.content.decode()
    assert len(figures(reliefweb, kept)) == 3


def test_catalogue_of_the_samples_is_the_one_asked_for() -> None:
    """The fault matrix plays it."""
    entry = payload((OWN / "ocha_pcodes/wire/1-catalogue.json").read_bytes())
    assert len(list(pcodes.fetch(Hdx(entry), SCOPE))) == 1
