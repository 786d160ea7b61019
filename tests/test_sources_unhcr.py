"""UNHCR's population figures: which number becomes which figure, and which becomes none."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ingest.contract import Scope
from ingest.http import Client
from ingest.sources import unhcr_population as unhcr
from tests.samples import faults, figures, own, parsed, payload, recorded
from tracker.errors import SettingsError, SourceChanged, SourceUnreachable
from tracker.records import AnyFigure, DisplacementFigure, Payload

ITEM = {
    "year": 2020, "coo": "SYR", "coo_iso": "SYR", "coa": "-", "coa_iso": "-", "refugees": "-", "asylum_seekers": "-",
    "returned_refugees": "-", "idps": "-", "returned_idps": "-", "stateless": "-", "ooc": "-", "oip": "-", "hst": "-",
}  # fmt: skip


def page(*items: dict[str, Any], retrieved_at: datetime | None = None, **envelope: Any) -> Payload:
    """An answer with items that differ from `ITEM` as given."""
    body = {"page": 1, "maxPages": 1, "total": [], "items": [{**ITEM, **item} for item in items], **envelope}
    return payload(json.dumps(body), **({"retrieved_at": retrieved_at} if retrieved_at else {}))


def brief(figure: AnyFigure) -> tuple[Any, ...]:
    """What a displacement figure says."""
    assert isinstance(figure, DisplacementFigure)
    return (
        figure.population_group.value, figure.measure.value, str(figure.location),
        str(figure.origin) if figure.origin else None, figure.amount.value, str(figure.period.start),
        str(figure.period.end),
    )  # fmt: skip


END, START = "2020-12-31", "2020-01-01"


def test_sample_page_becomes_these_figures() -> None:
    """A return read as a stock, or refugees put where they came from, is a wrong number with a true value."""
    assert [brief(figure) for figure in figures(unhcr, own("unhcr_population")[0])] == [
        ("REF", "stock", "WORLD", "SYR", 1100, END, END),
        ("ASY", "stock", "WORLD", "SYR", 210, END, END),
        ("RET", "flow", "SYR", None, 31, START, END),
        ("IDP", "stock", "SYR", None, 4100, END, END),
        ("RDP", "flow", "SYR", None, 51, START, END),
        ("STA", "stock", "WORLD", "SYR", 0, END, END),
        ("HST", "stock", "SYR", None, 6100, END, END),
        ("REF", "stock", "LBN", "SYR", 700, END, END),
        ("ASY", "stock", "LBN", "SYR", 0, END, END),
        ("RET", "flow", "SYR", "LBN", 30, START, END),
        ("IDP", "stock", "SYR", None, 4100, END, END),
        ("RDP", "flow", "SYR", None, 51, START, END),
        ("STA", "stock", "SYR", "SYR", 160, END, END),
        ("HST", "stock", "SYR", None, 6100, END, END),
    ]


def test_sample_csv_becomes_these_figures() -> None:
    """Zero stands for "no data" there: as a figure it would end a displacement that goes on."""
    assert [brief(figure) for figure in figures(unhcr, own("unhcr_population")[1])] == [
        ("REF", "stock", "JOR", "IRQ", 100_000, "2001-12-31", "2001-12-31"),
        ("ASY", "stock", "JOR", "IRQ", 12, "2001-12-31", "2001-12-31"),
        ("IDP", "stock", "IRQ", None, 3400, "2001-12-31", "2001-12-31"),
        ("OOC", "stock", "IRQ", "IRQ", 5, "2001-12-31", "2001-12-31"),
        ("OIP", "stock", "JOR", "IRQ", 7, "2002-12-31", "2002-12-31"),
    ]


def test_no_idps_on_a_row_of_two_countries() -> None:
    """`"idps": "0"` beside Syrians in Egypt would stand in the store as "no IDPs in Syria"."""
    egypt = {"coa": "ARE", "coa_iso": "EGY", "idps": "0", "returned_idps": "0", "hst": "0", "refugees": 5}
    assert [brief(f)[0] for f in figures(unhcr, page(egypt))] == ["REF"]
    assert faults(unhcr, page({**egypt, "idps": 3})) == [("origin_mismatch", "items[0]/idps")]


def test_refugees_in_their_own_country_are_none() -> None:
    """ "0" refugees from Syria in Syria is no observation; any other number there is not to be believed."""
    home = {"coa": "SYR", "coa_iso": "SYR", "refugees": "0", "idps": 9}
    assert [brief(f)[0] for f in figures(unhcr, page(home))] == ["IDP"]
    assert faults(unhcr, page({**home, "refugees": 4})) == [("origin_mismatch", "items[0]/refugees")]


def test_summed_origin_leaves_the_origin_open() -> None:
    """All refugees in Egypt must not be taken for refugees from one country."""
    summed = {"coo": "-", "coo_iso": "-", "coa": "ARE", "coa_iso": "EGY", "refugees": 8, "idps": 2}
    assert [brief(f)[:5] for f in figures(unhcr, page(summed))] == [
        ("REF", "stock", "EGY", None, 8),
        ("IDP", "stock", "EGY", None, 2),
    ]


@pytest.mark.parametrize("code", ["UKN", "STA", "VAR", "OTH", "ARE"])
@pytest.mark.parametrize("missing", [None, ""])
def test_origin_without_iso3_is_set_aside(code: str, missing: str | None) -> None:
    """UNHCR's own code in place of a missing ISO3 would give Egypt's refugees (ARE) to the Emirates."""
    unknown = page({"coo": code, "coo_iso": missing, "coa": "LEB", "coa_iso": "LBN", "refugees": 6})
    assert figures(unhcr, unknown) == []
    assert faults(unhcr, unknown) == [("unknown_place", "items[0]/refugees")]


@pytest.mark.parametrize("said", ["*", "<5", "1,234", "1.5", "n/a", True, [1]])
def test_unreadable_count_is_set_aside_alone(said: Any) -> None:
    """A suppressed or garbled count read as 0 is a wrong number; the row's other counts are still right."""
    damaged = page({"refugees": said, "asylum_seekers": 3})
    assert [brief(f)[0] for f in figures(unhcr, damaged)] == ["ASY"]
    assert faults(unhcr, damaged) == [("unreadable_number", "items[0]/refugees")]


@pytest.mark.parametrize("said", [0, None, "-", "20", "20201"])
def test_unreadable_year_is_set_aside(said: Any) -> None:
    """A figure without its year would land in some year."""
    assert faults(unhcr, page({"year": said, "refugees": 3})) == [("unreadable_date", "items[0]/refugees")]


@pytest.mark.parametrize("total", [[], {"refugees": 999}, None])
def test_total_of_all_pages_is_no_row(total: Any) -> None:
    """`total` covers every page and comes as a list or an object; read as a row it would count people twice."""
    assert [brief(f)[4] for f in figures(unhcr, page({"year": "2020", "refugees": "7"}, page="1", total=total))] == [7]


@pytest.mark.parametrize(
    ("retrieved", "end", "status"),
    [
        (date(2024, 10, 20), "2024-06-30", "provisional"),
        (date(2025, 5, 31), "2024-06-30", "provisional"),
        (date(2025, 6, 20), "2024-12-31", "normal"),
    ],
)
def test_newest_year_is_mid_year_until_june(retrieved: date, end: str, status: str) -> None:
    """The mid-year count dated 31 December is a forecast until then, and half a year wrong until June."""
    at = datetime(retrieved.year, retrieved.month, retrieved.day, tzinfo=UTC)
    stock, flow = figures(unhcr, page({"year": 2024, "refugees": 3, "returned_refugees": 2}, retrieved_at=at))
    assert isinstance(stock, DisplacementFigure)
    assert (str(stock.period.start), str(stock.period.end), stock.observation_status.value) == (end, end, status)
    assert (str(flow.period.start), str(flow.period.end)) == ("2024-01-01", end)


@pytest.mark.recorded
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("asylum_applications_asylum_EGY_2023.json", "'refugees' is missing at items.0.; .* asylum applications"),
        ("demographics_asylum_EGY_latest.json", "'refugees' is missing at items.0.; .* demographics"),
        ("countries.json", "'refugees' is missing at items.0.; .* list of countries"),
        ("hdx_demographics.csv", "'REF' is missing at .*:2; .* demographics"),
    ],
)
def test_other_answers_of_unhcr_are_told_apart(name: str, said: str) -> None:
    """183,051 asylum applications are not 183,051 refugees."""
    with pytest.raises(SourceChanged, match=said):
        parsed(unhcr, recorded(f"unhcr-statistics/{name}"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Year;ISO3CoO,ISO3CoA\n2001;IRQ,JOR\n", "'REF' is missing"),
        ('Year,ISO3CoO,ISO3CoA,REF,IDP,ASY,OOC,STA,VDA\n2001,IRQ,"JOR,5,0,0,0,0,0\n', "not CSV or cut off"),
        ("Year,ISO3CoO,ISO3CoA,REF,IDP,ASY,OOC,STA,VDA\n2001,IRQ,JOR,1,234,0,0,0,0,0\n", "line 2 does not have"),
        ("Year,ISO3CoO,ISO3CoA,REF,IDP,ASY,OOC,STA,VDA\n2001,IRQ,JOR,5,0\n", "line 2 does not have"),
    ],
)
def test_broken_csv_is_refused(text: str, said: str) -> None:
    """A comma inside a number moves every later column by one: refugees become IDPs."""
    with pytest.raises(SourceChanged, match=said):
        parsed(unhcr, payload(text))


def test_tag_row_is_no_data() -> None:
    """HXL tags below the header would be set aside as a row of unreadable numbers, every month anew."""
    header, *rows = own("unhcr_population")[1].content.decode().splitlines(keepends=True)
    tags = "#date+year,#country+code+origin,#country+code+asylum,#affected+ref,#affected+idp,,,,\n"
    assert figures(unhcr, payload("".join([header, tags, rows[0]])))[0].locator == "population.csv:3 (REF)"


class Provider(Client):
    """Answers in place of UNHCR: pages in the order they are asked for."""

    def __init__(self, *answers: Payload) -> None:
        self.answers: Iterator[Payload] = iter(answers)
        self.asked: list[dict[str, Any]] = []

    def get(self, url: str, params: Any = None) -> Payload:
        self.asked.append(dict(params))
        return next(self.answers)


SCOPE = Scope(("LBN", "SYR"), date(2024, 9, 1))


def test_fetch_asks_for_the_followed_countries_only() -> None:
    """With UNHCR's own codes, or without any, the answer is about other countries."""
    provider = Provider(page({"refugees": 1}), page({"refugees": 1}))
    assert len(list(unhcr.fetch(provider, SCOPE))) == 2
    assert [asked["coo"] for asked in provider.asked] == ["LBN,SYR"] * 2
    assert [asked.get("coa_all") for asked in provider.asked] == ["true", None]
    assert {(asked["cf_type"], asked["yearTo"]) for asked in provider.asked} == {("ISO", 2024)}
    with pytest.raises(SettingsError, match="no region"):
        list(unhcr.fetch(provider, Scope((), date(2024, 9, 1))))


@pytest.mark.parametrize(
    ("second", "error", "said"),
    [
        (page({"refugees": 1}, page=1, maxPages=3), SourceChanged, "asked for page 2 and got another"),
        (page({"refugees": 1}, page=2, maxPages=3), SourceChanged, "asked for page 2 and got another"),
        (page(page=2, maxPages=3), SourceChanged, "page 2 of 3 holds 0 rows"),
        (page({"refugees": 2}, page=2, maxPages=4), SourceUnreachable, "changed while it was read"),
        (page({"refugees": 2}, page=2, maxPages=9999), SourceChanged, "page 2 of 9999"),
    ],
    ids=["echo of page 1", "page 1 under another number", "empty in the middle", "grown meanwhile", "endless"],
)
def test_pages_that_do_not_make_a_whole_are_refused(second: Payload, error: type[Exception], said: str) -> None:
    """A page twice, or one left out, is people counted twice, or not at all."""
    with pytest.raises(error, match=said):
        list(unhcr.fetch(Provider(page({"refugees": 1}, maxPages=3), second), SCOPE))
