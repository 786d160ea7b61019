"""IDMC's yearly figures: which number becomes which figure, which becomes none, and when a release is whole."""

import json
from datetime import date
from types import ModuleType
from typing import Any

import pytest

from ingest.contract import Scope
from ingest.http import Client
from ingest.sources import idmc_gidd as conflicts
from ingest.sources import idmc_gidd_disaggregation as parts
from ingest.sources import idmc_gidd_disasters as disasters
from tests.samples import faults, figures, own, parsed, payload
from tracker.errors import SourceChanged
from tracker.records import AnyEntry, AnyFigure, DisplacementFigure, Payload


def brief(figure: AnyFigure | AnyEntry) -> tuple[Any, ...]:
    """What a figure says."""
    assert isinstance(figure, DisplacementFigure)
    return (
        figure.indicator.value, figure.measure.value, str(figure.location), figure.cause.value, figure.variant,
        figure.amount.value, str(figure.period.start), str(figure.period.end),
    )  # fmt: skip


def page(module: ModuleType, *rows: dict[str, Any], **envelope: Any) -> Payload:
    """A page with the sample's first row, changed as given."""
    body = json.loads(own(module.SOURCE.code)[0].content)
    return payload(json.dumps({**body, "results": [{**body["results"][0], **row} for row in rows], **envelope}))


def test_conflicts_become_these_figures() -> None:
    """Movements added to people, or an empty cell read as "nobody", are the two wrong numbers here."""
    flow, stock = ("new_displacement", "flow"), ("population", "stock")
    assert [brief(figure) for figure in figures(conflicts, own("idmc_gidd")[0])] == [
        (*flow, "SYR", "conflict", "", 1847100, "2019-01-01", "2019-12-31"),
        (*stock, "SYR", "conflict", "", 6495200, "2019-12-31", "2019-12-31"),
        (*stock, "LBN", "conflict", "", 7000, "2019-12-31", "2019-12-31"),
        (*flow, "IRQ", "conflict", "", 66600, "2020-01-01", "2020-12-31"),
    ]


def test_conflicts_of_the_files_become_these_figures() -> None:
    """The rounded column beside the exact one would be a second, differing value of the same fact."""
    found = [brief(figure)[2:] for sample in own("idmc_gidd")[1:] for figure in figures(conflicts, sample)]
    assert found == [
        ("SYR", "conflict", "", 1822500, "2020-01-01", "2020-12-31"),
        ("YEM", "conflict", "", 3634600, "2020-12-31", "2020-12-31"),
        ("SYR", "conflict", "", 1649010, "2018-01-01", "2018-12-31"),
        ("SYR", "conflict", "", 6119100, "2018-12-31", "2018-12-31"),
        ("TUR", "conflict", "", 1097000, "2018-12-31", "2018-12-31"),
    ]


def test_disasters_become_these_figures() -> None:
    """One flood's people must not answer for all displaced people of a country: no variant is empty."""
    flow, stock = ("new_displacement", "flow"), ("population", "stock")
    assert [brief(figure) for figure in figures(disasters, own("idmc_gidd_disasters")[0])] == [
        (*flow, "SYR", "disaster", "Earthquake", 171000, "2023-02-06", "2023-02-20"),
        (*stock, "SYR", "disaster", "Earthquake", 90100, "2023-12-31", "2023-12-31"),
        (*flow, "TUR", "disaster", "Earthquake", 3000000, "2023-02-06", "2023-02-20"),
        (*flow, "TUR", "disaster", "Flood", 12, "2023-02-06", "2023-02-20"),
    ]
    assert [brief(figure) for figure in figures(disasters, own("idmc_gidd_disasters")[1])] == [
        (*flow, "SYR", "disaster", "all of the year", 27110, "2018-01-01", "2018-12-31"),
        (*flow, "TUR", "disaster", "all of the year", 50, "2018-01-01", "2018-12-31"),
        (*stock, "TUR", "disaster", "all of the year", 4, "2018-12-31", "2018-12-31"),
    ]


def test_dates_of_disasters_are_as_exact_as_idmc_says() -> None:
    """The first of a month stands for the whole month where the accuracy is "Month"."""
    found = [f.period for f in figures(disasters, own("idmc_gidd_disasters")[0]) if isinstance(f, DisplacementFigure)]
    assert [p.start_precision.value for p in found] == ["day", "day", "unknown", "month"]
    assert [p.end_precision.value for p in found] == ["week", "day", "week", "week"]
    assert faults(disasters, page(disasters, {"end_date_accuracy": "Decade"})) == [
        ("unknown_word", "results[0]/new_displacement")
    ]


@pytest.mark.parametrize(
    ("said", "until", "precision"),
    [
        ({"end_date": "2023-01-01", "end_date_accuracy": "Year"}, "2023-12-31", "year"),
        ({"end_date": "2023-02-01", "end_date_accuracy": "Month"}, "2023-02-28", "month"),
        ({"end_date": "2023-02-13", "end_date_accuracy": "Week"}, "2023-02-13", "week"),
        ({"end_date": None, "end_date_accuracy": None}, "2023-02-06", "unknown"),
    ],
)
def test_inexact_end_is_not_before_its_start(said: dict[str, Any], until: str, precision: str) -> None:
    """IDMC writes "some day of 2023" as 2023-01-01: nearly all of Colombia's disasters of 2013 would be set aside."""
    (figure, *_) = figures(disasters, page(disasters, said))
    assert isinstance(figure, DisplacementFigure)
    assert (str(figure.period.start), str(figure.period.end)) == ("2023-02-06", until)
    assert figure.period.end_precision.value == precision


def test_release_of_2023_is_read() -> None:
    """It called the codes of an event otherwise; they are a part of its id, which must be the same in every release."""
    sample = json.loads(own("idmc_gidd_disasters")[0].content)
    now = sample["results"][0]
    sample["results"] = [{"glide_numbers" if name == "event_codes" else name: now[name] for name in now}]
    (old, *_), (new, *_) = figures(disasters, payload(json.dumps(sample))), figures(disasters, page(disasters, {}))
    assert isinstance(old, DisplacementFigure)
    assert isinstance(new, DisplacementFigure)
    assert (old.external_id, brief(old)) == (new.external_id, brief(new))


def test_rows_of_one_event_are_told_apart() -> None:
    """Two rows with one id are one incident that moved: the first of them would be withdrawn."""
    rows = [{}, {"year": 2024}, {"iso3": "TUR"}, {"hazard_sub_type_name": "Landslide"}, {"event_codes": ["X"]}]
    found = figures(disasters, page(disasters, *rows, {}))
    ids = [f.external_id for f in found if isinstance(f, DisplacementFigure) and f.measure.value == "flow"]
    assert len(set(ids)) == 5
    assert ids[0] == ids[5]


def test_rows_alike_but_for_their_numbers_are_all_people() -> None:
    """Four floods of Afghanistan in 2012 have one name and one date: as rivals, all four would be set aside."""

    def told(*people: Any) -> list[tuple[str, float | None]]:
        found = figures(disasters, page(disasters, *({"new_displacement": one} for one in people)))
        flows = [f for f in found if isinstance(f, DisplacementFigure) and f.measure.value == "flow"]
        return sorted((f.external_id, f.amount.value) for f in flows)

    listed = told(900, 5000, 70, 5000)
    assert sorted(value for _, value in set(listed)) == [70, 900, 5000]
    assert len({of for of, _ in listed}) == 3
    assert told(5000, 70, 5000, 900) == listed


def test_year_is_the_same_as_text() -> None:
    """With another id the incident would be withdrawn, and its people displaced a second time."""
    (as_number, *_), (as_text, *_) = (figures(disasters, page(disasters, {"year": of})) for of in (2023, "2023"))
    assert isinstance(as_number, DisplacementFigure)
    assert isinstance(as_text, DisplacementFigure)
    assert as_number.external_id == as_text.external_id


@pytest.mark.parametrize("module", [conflicts, disasters], ids=["conflicts", "disasters"])
def test_release_is_published_on_its_day(module: ModuleType) -> None:
    """Without it an old release, loaded late, would turn the newer one back."""
    for said, published in (("2025-05-13", date(2025, 5, 13)), (None, None)):
        (figure, *_) = figures(module, page(module, {}, last_updated=said))
        assert isinstance(figure, DisplacementFigure)
        assert figure.published_on == published


@pytest.mark.parametrize("module", [conflicts, disasters], ids=["conflicts", "disasters"])
def test_only_all_pages_of_one_release_are_whole(module: ModuleType) -> None:
    """A page that is missing would withdraw every country it holds."""
    first, second = page(module, {}, {"iso3": "IRQ"}, count=3), page(module, {"iso3": "LBN"}, count=3)
    other = page(module, {"iso3": "LBN"}, count=3, last_updated="2025-05-13")
    bulk = own(module.SOURCE.code)[-1]
    assert module.is_whole([first, second])
    for part in ([first], [second, second, second], [first, other], [first, second, bulk], [bulk]):
        assert not module.is_whole(part)


def test_abyei_is_seen() -> None:
    """Its code is no country's; left out, nobody would miss its people."""
    (_, stock) = figures(conflicts, page(conflicts, {"iso3": "AB9"}))
    assert isinstance(stock, DisplacementFigure)
    assert stock.location.iso3 == "AB9"


@pytest.mark.parametrize(
    ("module", "wrong", "said"),
    [(conflicts, disasters, "IDMC's disasters"), (disasters, conflicts, "IDMC's conflicts")],
)
def test_lists_are_told_apart(module: ModuleType, wrong: ModuleType, said: str) -> None:
    """Both have new and total displacement of a country and year."""
    with pytest.raises(SourceChanged, match=said):
        parsed(module, own(wrong.SOURCE.code)[0])


DISASTER_FILE = (
    "iso3,country_name,year,start_date,start_date_accuracy,end_date,end_date_accuracy,event_name,hazard_type_name,"
    "hazard_subtype_name,new_displacement,new_displacement_rounded,total_displacement,total_displacement_rounded\n"
    "TUR,Türkiye,2021,2021-07-28,Day,2021-08-12,Day,Türkiye: Wildfire,Wildfire,,8210,8200,,\n"
)


@pytest.mark.parametrize(
    ("module", "said"), [(conflicts, "IDMC's disasters, not its conflicts"), (disasters, "single disasters in another")]
)
def test_file_of_disasters_is_no_file_of_conflicts(module: ModuleType, said: str) -> None:
    """It has every column of the other one: 8,210 people who fled a fire would be displaced by war."""
    with pytest.raises(SourceChanged, match=said):
        parsed(module, payload(DISASTER_FILE, "disasters.csv"))


class Provider(Client):
    """Answers in place of IDMC, a page of two rows after the other."""

    def __init__(self, *answers: Payload) -> None:
        self.answers, self.asked = iter(answers), list[tuple[str, Any]]()

    def credential(self, variable: str) -> str:
        return f"value of {variable}"

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:  # noqa: ARG002
        self.asked.append((url.rstrip("/").rpartition("/")[2], params))
        return next(self.answers)


@pytest.mark.parametrize("module", [conflicts, disasters], ids=["conflicts", "disasters"])
def test_fetch_asks_by_offset_until_the_count_is_there(module: ModuleType) -> None:
    """The links inside the pages repeat the client id, once more on every page."""
    provider = Provider(page(module, {}, {"iso3": "IRQ"}, count=3), page(module, {"iso3": "LBN"}, count=3))
    fetched = list(module.fetch(provider, Scope((), date(2025, 6, 1))))
    assert module.is_whole(fetched)
    query = {"client_id": "value of TRACKER_IDMC_CLIENT_ID", "format": "json", "limit": 100}
    name = {conflicts: "conflicts", disasters: "disasters"}[module]
    assert provider.asked == [(name, {**query, "offset": offset}) for offset in (0, 2)]


def test_parts_become_these_figures() -> None:
    """310 households are 1,550 people, of whom the yearly total knows already."""
    found = [f for f in figures(parts, own("idmc_gidd_disaggregation")[0]) if isinstance(f, DisplacementFigure)]
    assert [(*brief(f), f.external_id, f.role.value, f.household_size, f.note) for f in found] == [
        ("new_displacement", "flow", "Made Town, Idlib, Syria, SYR", "disaster", "part of a yearly total", 1550,
         "2023-02-06", "2023-03-09", "1", "context", 5.0, "Made quake; reported as 310 households"),
        ("new_displacement", "flow", "A, Syria and 1 more, SYR", "conflict", "part of a yearly total", 40,
         "2023-05-01", "2023-05-02", "2", "context", None, "Made quake"),
        ("population", "stock", "TUR", "disaster", "part of a yearly total", 99, "2023-12-31", "2023-12-31", "3",
         "context", None, "Made quake; counted on 2023-10-25"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("readme", "published"),
    [("LAST UPDATE: May 13, 2024\n", "2024-05-13"), ("LAST UPDATE: Mai 2024", "None"), ("", "None")],
)
def test_release_of_the_parts_is_read_from_their_readme(readme: str, published: str) -> None:
    """Any other day of the readme, such as that of the extract, would make an old release the newest."""
    body = json.loads(own("idmc_gidd_disaggregation")[0].content)
    sample = payload(json.dumps({**body, "readme": f"DATE EXTRACTED: January 23, 2025\n{readme}"}))
    assert {str(f.published_on) for f in figures(parts, sample) if isinstance(f, DisplacementFigure)} == {published}


def test_unknown_part_is_set_aside() -> None:
    """A category that is neither movement nor people would be counted as one of them."""
    body = json.loads(own("idmc_gidd_disaggregation")[0].content)
    body["features"][0]["properties"]["Figure category"] = "Returns"
    assert faults(parts, payload(json.dumps(body))) == [("unknown_word", "features[0]/Total figures")]


def test_parts_are_fetched_as_one_file() -> None:
    """There is no paging."""
    provider = Provider(own("idmc_gidd_disaggregation")[0])
    assert len(list(parts.fetch(provider, Scope((), date(2025, 6, 1))))) == 1
    assert provider.asked == [("disaggregation-geojson", {"client_id": "value of TRACKER_IDMC_CLIENT_ID"})]
