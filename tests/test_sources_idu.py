"""IDMC's updates: what each record counts, how far it may be used, and on which days it happened."""

import json
from datetime import date
from typing import Any

import pytest

from ingest.contract import Scope
from ingest.http import Client
from ingest.sources import idmc_idu as idu
from tests.samples import faults, figures, own, parsed, payload
from tracker.errors import SourceChanged
from tracker.records import AnyEntry, AnyFigure, DisplacementFigure, Payload


def brief(figure: AnyFigure | AnyEntry) -> tuple[Any, ...]:
    """What a record says."""
    assert isinstance(figure, DisplacementFigure)
    return (
        figure.external_id, figure.indicator.value, figure.population_group.value, str(figure.location),
        figure.cause.value, figure.amount.qualifier.value, figure.amount.value, str(figure.period.start),
        str(figure.period.end), figure.role.value,
    )  # fmt: skip


def one(index: int, **changed: Any) -> Payload:
    """The first record of a sample, changed, alone."""
    return payload(json.dumps([{**json.loads(own("idmc_idu")[index].content)[0], **changed}]))


def test_records_become_these_figures() -> None:
    """Triangulation repeats people of another record; a return among displacements turns the news around."""
    first, place = "new_displacement", "Made Town, Idleb, Syria and 1 more, SYR"
    assert [brief(figure) for figure in figures(idu, own("idmc_idu")[0])] == [
        ("11", first, "IDP", place, "conflict", "at_least", 12500, "2025-05-07", "2025-05-09", "recommended"),
        ("12", first, "IDP", "SYR", "conflict", "approx", 12000, "2025-05-07", "2025-05-09", "triangulation"),
        ("13", "return", "RDP", "Made Valley, Lebanon, LBN", "disaster", "exact", 300, "2025-05-01", "2025-05-01",
         "recommended"),
    ]  # fmt: skip


def test_records_of_2023_are_context_on_the_days_their_text_states() -> None:
    """Without a role, doubles cannot be told; and midnight in Auckland is the day before in Greenwich."""
    first = "new_displacement"
    assert [brief(figure) for figure in figures(idu, own("idmc_idu")[1])] == [
        ("7", first, "IDP", "IND", "disaster", "exact", 40, "2023-11-07", "2023-11-09", "context"),
        ("8", first, "IDP", "IND", "conflict", "more_than", 41, "2023-11-06", "2023-11-06", "context"),
    ]


def test_moment_no_text_explains_is_a_day_nobody_knows() -> None:
    """A day that may be the one before must not pass for exact."""
    (figure,) = figures(idu, one(1, standard_info_text="<b>India: 40 displacements</b>"))
    assert isinstance(figure, DisplacementFigure)
    assert (str(figure.period.start), figure.period.start_precision.value) == ("2023-11-06", "unknown")


@pytest.mark.parametrize(
    ("words", "group"),
    [("12,500 returns", "RDP"), ("12,500 cross-border returns", "RET"), ("12,500 internal returnees", "RDP")],
)
def test_returns_are_told_by_their_text(words: str, group: str) -> None:
    """The feed has no field for it."""
    (figure,) = figures(idu, one(0, standard_info_text=f"<b> Syria:   {words}, 07 May - 09 May</b>"))
    assert isinstance(figure, DisplacementFigure)
    assert (figure.indicator.value, figure.population_group.value) == ("return", group)


@pytest.mark.parametrize("words", ["12,500 failed returns", "12,500 births", "", None])
def test_other_movements_are_set_aside(words: str | None) -> None:
    """Failed returns as displacement would count people who never left."""
    text = None if words is None else f"<b>Syria: {words}</b>"
    assert faults(idu, one(0, standard_info_text=text)) == [("unknown_word", "[0]/figure")]


def test_excerpt_holds_no_markup() -> None:
    """The text is another's HTML: shown as it is, it could do anything on our page."""
    hostile = "<b> Syria: 12,500 displacements <script>alert(1)</script <img src=x>, 07 May - 09 May </b>"
    (figure,) = figures(idu, one(0, standard_info_text=hostile))
    assert isinstance(figure, DisplacementFigure)
    assert figure.excerpt == "Syria: 12,500 displacements alert(1) /script , 07 May - 09 May"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"role": "Something new"}, "unknown_word"),
        ({"qualifier": "about"}, "unknown_word"),
        ({"displacement_type": ""}, "unknown_word"),
        ({"id": None}, "missing_field"),
        ({"figure": "12k"}, "unreadable_number"),
        ({"displacement_end_date": "May"}, "unreadable_date"),
    ],
)
def test_unreadable_record_is_set_aside(changed: dict[str, Any], reason: str) -> None:
    """A word nobody knows must not be taken for the nearest one."""
    assert faults(idu, one(0, **changed)) == [(reason, "[0]/figure")]


def test_no_figure_is_no_zero() -> None:
    """Null is a record without a number."""
    assert figures(idu, one(0, figure=None)) == []


def test_refusal_is_no_empty_feed() -> None:
    """An unknown client id is answered with an object."""
    with pytest.raises(SourceChanged, match="client id"):
        parsed(idu, payload('{"detail": "Permission denied"}'))


class Provider(Client):
    """Answers in place of IDMC."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []

    def credential(self, variable: str) -> str:
        return f"value of {variable}"

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:  # noqa: ARG002
        self.asked.append((url, params))
        return own("idmc_idu")[0]


def test_fetch_shows_the_client_id_in_the_query() -> None:
    """A header would be ignored, and the answer a refusal."""
    provider = Provider()
    assert len(list(idu.fetch(provider, Scope((), date(2025, 6, 1))))) == 1
    assert provider.asked == [(idu.ADDRESS, {"client_id": "value of TRACKER_IDMC_CLIENT_ID"})]
