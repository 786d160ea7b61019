"""HDX HAPI's people: which row becomes which figure, of whom, where and when."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from types import ModuleType
from typing import Any

import pytest

from ingest.contract import Scope
from ingest.http import Client
from ingest.sources import hdx_hapi_idps as idps
from ingest.sources import hdx_hapi_refugees as refugees
from ingest.sources import hdx_hapi_returnees as returnees
from tests.samples import faults, figures, own, parsed, payload
from tracker.errors import SettingsError, SourceChanged
from tracker.records import AnyEntry, AnyFigure, DisplacementFigure, Payload


def brief(figure: AnyFigure | AnyEntry) -> tuple[Any, ...]:
    """What a displacement figure says."""
    assert isinstance(figure, DisplacementFigure)
    return (
        figure.population_group.value, figure.measure.value, str(figure.location),
        str(figure.origin) if figure.origin else None, figure.variant, figure.sex.value, figure.age,
        figure.amount.value, str(figure.period.start), str(figure.period.end), figure.role.value,
    )  # fmt: skip


def one(module: ModuleType, **changed: Any) -> Payload:
    """The first row of a source's sample page, changed, alone in an answer of the API."""
    row = json.loads(own(module.SOURCE.code)[0].content)["data"][0]
    return payload(json.dumps({"data": [{**row, **changed}]}))


def test_idps_stand_at_their_own_level() -> None:
    """A district's people put at its province, or added to it, would be there twice."""
    day, conflict = "2021-03-31", "Iraq conflict (BA)"
    assert [brief(f) for f in figures(idps, own("hdx_hapi_idps")[0])] == [
        ("IDP", "stock", "IRQ", None, conflict, "all", "all", 3300, day, day, "recommended"),
        ("IDP", "stock", "Anbar, IQG01", None, conflict, "all", "all", 2100, day, day, "recommended"),
        ("IDP", "stock", "Ana, Anbar, IQG01Q01", None, conflict, "all", "all", 2100, day, day, "recommended"),
        ("IDP", "stock", "IRQ", None, "Old operation (SA)", "all", "all", 3250, day, day, "context"),
    ]


def test_idps_without_a_code_are_not_moved_up() -> None:
    """A district HDX found no code for is still a district; as the province it would be a wrong, small number."""
    row = {"admin_level": 2, "admin1_code": "IQG01", "admin1_name": "Anbar", "provider_admin2_name": "Anah"}
    (figure,) = figures(idps, one(idps, **row))
    assert isinstance(figure, DisplacementFigure)
    assert (figure.location.code, figure.location.name) == (None, "Anah, Anbar")
    assert faults(idps, one(idps, admin_level=1)) == [("unknown_place", "data[0]/population")]
    assert faults(idps, one(idps, admin_level=3)) == [("unknown_word", "data[0]/population")]


@pytest.mark.parametrize("changed", [{"operation": ""}, {"assessment_type": None}])
def test_idps_of_no_operation_are_set_aside(changed: dict[str, Any]) -> None:
    """Counts of two operations would pass for one series that jumps."""
    assert faults(idps, one(idps, **changed)) == [("missing_field", "data[0]/population")]


@pytest.mark.parametrize(
    ("operations", "roles"),
    [
        (["Armed Clashes in Sudan"], ["recommended"]),
        (["Armed Clashes in Sudan", "Darfur conflict"], ["context", "context"]),
    ],
)
def test_rival_operations_are_no_headline(operations: list[str], roles: list[str]) -> None:
    """Sudan's four operations count the same people: together they come to more than twice as many."""
    row = json.loads(one(idps, location_code="SDN").content)["data"][0]
    page = payload(json.dumps({"data": [{**row, "operation": name} for name in operations]}))
    assert [figure.role.value for figure in figures(idps, page) if isinstance(figure, DisplacementFigure)] == roles


def test_round_and_warning_are_told() -> None:
    """A round number in the key would make two series of one; a repaired code must be seen by who asks."""
    (figure,) = figures(idps, one(idps, warning="PCode length TD07->TCD07|PCode mismatch"))
    assert isinstance(figure, DisplacementFigure)
    assert figure.note == "round 7; HDX: PCode length TD07->TCD07; PCode mismatch"


def test_refugees_are_a_stock_at_the_end_of_their_year() -> None:
    """A stock over a year could be added to the next one; a girl under five is in the total already."""
    end = "2022-12-31"
    assert [brief(f) for f in figures(refugees, own("hdx_hapi_refugees")[0])] == [
        ("REF", "stock", "LBN", "SYR", "", "all", "all", 8100, end, end, "recommended"),
        ("REF", "stock", "LBN", "SYR", "", "f", "0-4", 900, end, end, "context"),
        ("STA", "stock", "SYR", None, "", "all", "all", 160, end, end, "recommended"),
    ]


def test_refugees_at_home_are_none() -> None:
    """Zero refugees in their own country is no observation; any other number there cannot be."""
    home = {"asylum_location_code": "SYR"}
    assert (figures(refugees, one(refugees, population=0, **home))) == []
    assert faults(refugees, one(refugees, population=4, **home)) == [("origin_mismatch", "data[0]/population")]


def test_returns_are_a_flow_into_the_country_of_origin() -> None:
    """Read as a stock in the country of asylum, people who left it would still be there."""
    start, end = "2022-01-01", "2022-12-31"
    assert [brief(f) for f in figures(returnees, own("hdx_hapi_returnees")[0])] == [
        ("RET", "flow", "SYR", "LBN", "", "all", "all", 720, start, end, "recommended"),
        ("RDP", "flow", "SYR", None, "", "all", "all", 5200, start, end, "recommended"),
        ("RDP", "flow", "SYR", None, "", "f", "18-59", 1400, start, end, "context"),
    ]


@pytest.mark.parametrize("module", [idps, refugees, returnees], ids=["idps", "refugees", "returnees"])
def test_rows_hdx_calls_wrong_are_set_aside(module: ModuleType) -> None:
    """The API leaves them out; the file holds them, with a country that is none."""
    sample = own(module.SOURCE.code)[1]
    header, first, *_ = csv.reader(io.StringIO(sample.content.decode("utf-8-sig")))
    first[header.index("error")] = "Non matching country code(s) STA"
    damaged = payload(",".join(header) + "\n" + ",".join(first) + "\n", "file.csv")
    assert faults(module, damaged) == [("provider_error", "csv:2/population")]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"population_group": "RET"}, "unknown_word"),
        ({"gender": "women"}, "unknown_word"),
        ({"population": "8,100"}, "unreadable_number"),
        ({"asylum_location_code": ""}, "unknown_place"),
        ({"reference_period_start": "2022"}, "unreadable_date"),
    ],
)
def test_unreadable_refugees_are_set_aside(changed: dict[str, Any], reason: str) -> None:
    """Returns among stocks, or a sex nobody knows, would be added to the total."""
    assert faults(refugees, one(refugees, **changed)) == [(reason, "data[0]/population")]


def test_suppressed_and_missing_are_not_none() -> None:
    """ "<5" is few people and null is no answer; neither is zero."""
    (few,) = figures(refugees, one(refugees, population="<5"))
    assert isinstance(few, DisplacementFigure)
    assert (few.amount.value, few.observation_status.value) == (None, "suppressed")
    assert figures(refugees, one(refugees, population=None)) == []


@pytest.mark.parametrize(
    ("module", "wrong", "said"),
    [
        (idps, refugees, "HAPI's refugees or returnees"),
        (refugees, idps, "HAPI's internally displaced people"),
        (returnees, idps, "HAPI's internally displaced people"),
    ],
)
def test_other_themes_are_told_apart(module: ModuleType, wrong: ModuleType, said: str) -> None:
    """Displaced people under the name of returnees would be a country's good news."""
    with pytest.raises(SourceChanged, match=said):
        parsed(module, own(wrong.SOURCE.code)[0])


class Provider(Client):
    """Answers in place of HAPI."""

    def __init__(self, answers: Iterator[Payload]) -> None:
        self.answers, self.asked = answers, list[tuple[str, dict[str, Any]]]()

    def credential(self, variable: str) -> str:
        assert variable == "TRACKER_HAPI_APP_IDENTIFIER"
        return "c2VjcmV0"

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:
        assert headers == {"X-HDX-HAPI-APP-IDENTIFIER": "c2VjcmV0"}
        self.asked.append((url.rpartition("/")[2], dict(params)))
        return next(self.answers)


@pytest.mark.parametrize(
    ("module", "asked"),
    [
        (idps, [{"location_code": "LBN"}, {"location_code": "SYR"}]),
        (
            refugees,
            [
                {"origin_location_code": "LBN"},
                {"origin_location_code": "SYR"},
                {"asylum_location_code": "LBN"},
                {"asylum_location_code": "SYR"},
            ],
        ),
        (returnees, [{"origin_location_code": "LBN"}, {"origin_location_code": "SYR"}]),
    ],
    ids=["idps", "refugees", "returnees"],
)
def test_fetch_asks_country_by_country(module: ModuleType, asked: list[dict[str, str]]) -> None:
    """Without a country the answer is the world, cut off at ten thousand rows."""
    provider = Provider(iter([own(module.SOURCE.code)[0]] * 9))
    assert len(list(module.fetch(provider, Scope(("LBN", "SYR"), date(2024, 9, 1))))) == len(asked)
    form = {"output_format": "json", "limit": 10_000, "offset": 0}
    assert [query for _, query in provider.asked] == [{**query, **form} for query in asked]
    with pytest.raises(SettingsError, match="no region"):
        list(module.fetch(provider, Scope((), date(2024, 9, 1))))
    refusal = payload('{"error": "Invalid app identifier"}')
    with pytest.raises(SourceChanged, match="check the app identifier"):
        list(module.fetch(Provider(iter([refusal])), Scope(("SYR",), date(2024, 9, 1))))
