"""UNHCR's asylum lists and demographics: which number becomes which figure, and which becomes none."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ingest.contract import Scope
from ingest.http import Client
from ingest.sources import unhcr_asylum as asylum
from ingest.sources import unhcr_demographics as demographics
from tests.samples import faults, figures, own, parsed, payload, recorded
from tracker.errors import SourceChanged
from tracker.records import AnyEntry, AnyFigure, DisplacementFigure, Payload

START, END = "2020-01-01", "2020-12-31"


def brief(figure: AnyFigure | AnyEntry) -> tuple[Any, ...]:
    """What an asylum figure says."""
    assert isinstance(figure, DisplacementFigure)
    return (
        figure.indicator.value, str(figure.location), figure.unit.value, figure.variant, figure.amount.value,
        figure.role.value,
    )  # fmt: skip


def page(index: int, **changed: Any) -> Payload:
    """The first item of one of the asylum samples, changed, alone in an answer."""
    body = json.loads(own("unhcr_asylum")[index].content)
    return payload(json.dumps({**body, "items": [{**body["items"][0], **changed}]}))


def test_applications_become_these_figures() -> None:
    """An appeal is of somebody who applied before; a case may be a family: neither may be added to persons."""
    found = figures(asylum, own("unhcr_asylum")[0])
    lodged = "asylum_application"
    assert [brief(figure) for figure in found] == [
        (lodged, "EGY", "persons", "procedure U, type N, level FI", 810, "recommended"),
        (lodged, "EGY", "persons", "procedure U, type A, level AR", 31, "context"),
        (lodged, "WORLD", "cases", "procedure G, type N, level FI", 90, "recommended"),
    ]
    assert {(f.measure.value, str(f.origin), str(f.period.start), str(f.period.end)) for f in found} == {
        ("flow", "SYR", START, END)
    }


def test_decisions_become_these_figures() -> None:
    """Recognised, rejected and closed add up to the total: all as totals would decide twice as many cases."""
    decided = "asylum_decision"
    assert [brief(figure) for figure in figures(asylum, own("unhcr_asylum")[1])] == [
        (decided, "EGY", "cases", "procedure G, level FI, recognised", 40, "context"),
        (decided, "EGY", "cases", "procedure G, level FI, other protection", 0, "context"),
        (decided, "EGY", "cases", "procedure G, level FI, rejected", 25, "context"),
        (decided, "EGY", "cases", "procedure G, level FI", 65, "recommended"),
        (decided, "EGY", "persons", "procedure J, level AR, recognised", 4, "context"),
        (decided, "EGY", "persons", "procedure J, level AR, other protection", 1, "context"),
        (decided, "EGY", "persons", "procedure J, level AR, rejected", 2, "context"),
        (decided, "EGY", "persons", "procedure J, level AR, otherwise closed", 3, "context"),
        (decided, "EGY", "persons", "procedure J, level AR", 10, "context"),
    ]


@pytest.mark.parametrize("said", ["", None, "H"])
def test_unknown_unit_is_set_aside(said: Any) -> None:
    """Cases taken for persons are too few people, and nobody sees it."""
    assert faults(asylum, page(0, app_pc=said)) == [("unknown_word", "items[0]/applied")]


def test_country_without_iso3_is_set_aside() -> None:
    """UNHCR's ARE is Egypt, ISO's the Emirates."""
    assert faults(asylum, page(0, coa_iso=None)) == [("unknown_place", "items[0]/applied")]


def test_newest_year_is_its_first_half_until_june() -> None:
    """Half a year's applications dated as a year's would read as a fall by half."""
    sample = page(0, year=2024)
    early = payload(sample.content, retrieved_at=datetime(2024, 12, 1, tzinfo=UTC))
    (figure,) = figures(asylum, early)
    assert isinstance(figure, DisplacementFigure)
    assert (str(figure.period.end), figure.observation_status.value) == ("2024-06-30", "provisional")


def test_demographics_become_these_figures() -> None:
    """A sex or an age as a headline would stand for everyone."""
    found = [f for f in figures(demographics, own("unhcr_demographics")[0]) if isinstance(f, DisplacementFigure)]
    assert len(found) == 16
    assert {f.role.value for f in found} == {"context"}
    assert [
        (f.population_group.value, f.measure.value, str(f.location), str(f.origin), f.sex.value, f.age, f.amount.value)
        for f in found
        if f.age in ("5-11", "unknown", "all")
    ] == [
        ("DISP", "stock", "EGY", "SYR", "f", "5-11", 101),
        ("DISP", "stock", "EGY", "SYR", "m", "5-11", 91),
        ("DISP", "stock", "EGY", "SYR", "f", "unknown", 0),
        ("DISP", "stock", "EGY", "SYR", "m", "unknown", 0),
        ("DISP", "stock", "EGY", "SYR", "f", "all", 510),
        ("DISP", "stock", "EGY", "SYR", "m", "all", 460),
        ("DISP", "stock", "EGY", "SYR", "all", "all", 980),
        ("DISP", "stock", "WORLD", "SYR", "all", "all", 7000),
    ]


def test_bulk_demographics_become_these_figures() -> None:
    """Zero stands for "no data" there; a return read as a stock would still be there the year after."""
    found = [f for f in figures(demographics, own("unhcr_demographics")[1]) if isinstance(f, DisplacementFigure)]
    assert [
        (
            f.population_group.value, f.measure.value, str(f.location), str(f.origin) if f.origin else None, f.variant,
            f.sex.value, f.age, f.amount.value, str(f.period.end),
        )
        for f in found
    ] == [
        ("REF", "stock", "JOR", "IRQ", "", "f", "0-4", 5, "2001-12-31"),
        ("REF", "stock", "JOR", "IRQ", "", "f", "18-59", 9, "2001-12-31"),
        ("REF", "stock", "JOR", "IRQ", "", "m", "0-4", 6, "2001-12-31"),
        ("REF", "stock", "JOR", "IRQ", "", "m", "18-59", 1000, "2001-12-31"),
        ("REF", "stock", "JOR", "IRQ", "", "m", "unknown", 2, "2001-12-31"),
        ("REF", "stock", "JOR", "IRQ", "", "f", "all", 14, "2001-12-31"),
        ("REF", "stock", "JOR", "IRQ", "", "m", "all", 1008, "2001-12-31"),
        ("REF", "stock", "JOR", "IRQ", "", "all", "all", 1022, "2001-12-31"),
        ("RDP", "flow", "IRQ", None, "", "all", "all", 5300, "2001-12-31"),
        ("IDP", "stock", "IRQ", None, "Erbil, U", "all", "all", 4100, "2001-12-31"),
        ("RET", "flow", "IRQ", "JOR", "", "all", "all", 21, "2002-12-31"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [('"REF"', '"XYZ"', "unknown_word"), ('"JOR","REF"', '"IRQ","REF"', "origin_mismatch")],
)
def test_bulk_rows_that_cannot_be_are_set_aside(old: str, new: str, reason: str) -> None:
    """Refugees in their own country, or people of no group, are a damaged row."""
    header, row, *_ = own("unhcr_demographics")[1].content.decode().splitlines(keepends=True)
    assert {fault[0] for fault in faults(demographics, payload(header + row.replace(old, new)))} == {reason}


class Provider(Client):
    """Answers in place of UNHCR."""

    def __init__(self, answers: Iterator[Payload]) -> None:
        self.answers, self.asked = answers, list[tuple[str, Any]]()

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:  # noqa: ARG002
        self.asked.append((url.rstrip("/").rpartition("/")[2], params.get("coa_all")))
        return next(self.answers)


def test_fetch_asks_for_both_lists() -> None:
    """Applications without decisions would look like a queue nobody works on."""
    scope = Scope(("SYR",), date(2024, 9, 1))
    provider = Provider(iter([own("unhcr_asylum")[0]] * 2 + [own("unhcr_asylum")[1]] * 2))
    assert len(list(asylum.fetch(provider, scope))) == 4
    lists = ("asylum-applications", "asylum-decisions")
    assert provider.asked == [(name, split) for name in lists for split in ("true", None)]
    provider = Provider(iter([own("unhcr_demographics")[0]] * 2))
    assert len(list(demographics.fetch(provider, scope))) == 2


@pytest.mark.recorded
def test_other_lists_of_unhcr_are_told_apart() -> None:
    """The same envelope holds six lists."""
    for module, name, said in (
        (asylum, "population_origin_SYR_2023.json", "population figures"),
        (asylum, "countries.json", "list of countries"),
        (demographics, "asylum_applications_asylum_EGY_2023.json", "asylum applications"),
        (demographics, "hdx_end_year_population_totals.csv", "population totals"),
    ):
        with pytest.raises(SourceChanged, match=said):
            parsed(module, recorded(f"unhcr-statistics/{name}"))
