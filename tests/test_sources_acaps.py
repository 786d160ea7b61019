"""ACAPS' access and severity: which score is whose, on which scale, and what is no judgement at all."""

import json
from datetime import date
from types import ModuleType
from typing import Any

import pytest

from ingest.contract import Scope
from ingest.http import Client
from ingest.sources import acaps_humanitarian_access as access
from ingest.sources import acaps_inform_severity as severity
from tests.samples import faults, figures, parsed, payload
from tracker.errors import SourceChanged, SourceUnreachable
from tracker.records import AccessFigure, AnyEntry, AnyFigure, Payload

NAME = "humanitarian_access_Nov2021.json"
CRISIS = {f"I{n}": None for n in range(1, 10)} | {f"P{n}": None for n in range(1, 4)}
CRISIS |= {"crisis_id": "SYR001", "ACCESS": None, "Infogap": 0.1}
JUDGED = {
    "crisis_id": "SYR001", "crisis_name": "Made crisis", "iso3": ["SYR"], "country_level": "Yes",
    "INFORM Severity Index": 4.1, "Last updated": "2021-10-02", "Reliability": "High",
}  # fmt: skip


def month(*rows: dict[str, Any], name: str = NAME) -> Payload:
    """A month's snapshot."""
    return payload(json.dumps({"results": list(rows)}), name)


def crisis(**changed: Any) -> Payload:
    """One crisis' access, of which nothing is judged but what is given."""
    return month({**CRISIS, **changed})


def brief(figure: AnyFigure | AnyEntry) -> tuple[Any, ...]:
    """What a score says."""
    assert isinstance(figure, AccessFigure)
    assert figure.amount is not None
    assert figure.unit is not None
    return (
        figure.indicator.value, figure.constraint_type.value if figure.constraint_type else None,
        str(figure.location), figure.variant, figure.amount.value, figure.scale, figure.information_gap,
        figure.role.value,
    )  # fmt: skip


def test_a_crisis_becomes_these_scores() -> None:
    """A 3 of 3 read on the scale to 5 is "high" where it is extreme; a pillar repeats its constraints."""
    told = {"I1": 2.0, "I9": 3, "P1": 3, "P3": 5, "ACCESS": 4.0, "Infogap": 0.05}
    assert [brief(figure) for figure in figures(access, crisis(**told))] == [
        ("access_constraint", "denial_of_needs", "SYR", "SYR001", 2, "0-3", False, "recommended"),
        ("access_constraint", "physical_constraints", "SYR", "SYR001", 3, "0-3", False, "recommended"),
        ("access_pillar", None, "SYR", "SYR001: access of people in need to aid", 3, "0-5", False, "context"),
        ("access_pillar", None, "SYR", "SYR001: security and physical constraints", 5, "0-5", False, "context"),
        ("access_index", None, "SYR", "SYR001", 4, "0-5", False, "recommended"),
        ("information_gap", None, "SYR", "SYR001", 0.05, "0-1", False, "recommended"),
    ]


@pytest.mark.parametrize(("gap", "unknown"), [(0.97, True), (0.5, True), (0.49, False), (0, False)])
def test_low_score_that_nobody_judged_is_unknown(gap: float, unknown: bool) -> None:
    """An index of 1 with nearly everything unjudged would show the best access of the region."""
    index, share = figures(access, crisis(ACCESS=1.0, Infogap=gap))
    assert (brief(index)[6], brief(share)[4:7]) == (unknown, (gap, "0-1", unknown))


def test_zero_is_a_judgement_and_null_is_none() -> None:
    """No constraint, and no judgement of a constraint, must not look the same."""
    assert [brief(f)[4] for f in figures(access, crisis(I3=0.0, Infogap=None))] == [0]
    assert figures(access, crisis(Infogap=None)) == []


def test_crises_of_one_country_are_told_apart() -> None:
    """Two crises under one name would be one score, and its own contradiction."""
    rows = [{**CRISIS, "crisis_id": name, "ACCESS": score} for name, score in (("LBN002", 2), ("LBN004", 3))]
    found = [brief(f) for f in figures(access, month(*rows)) if brief(f)[0] == "access_index"]
    assert [(f[2], f[3], f[4]) for f in found] == [("LBN", "LBN002", 2), ("LBN", "LBN004", 3)]


def test_regional_crisis_is_of_no_country() -> None:
    """REG is no country; read as one, a whole region's score would stand somewhere."""
    regional = crisis(crisis_id="REG001", ACCESS=4, Infogap=None)
    assert (figures(access, regional), faults(access, regional)) == ([], [("unknown_place", "results[0]/ACCESS")])


@pytest.mark.parametrize(
    ("module", "row"), [(access, {**CRISIS, "ACCESS": 4}), (severity, JUDGED)], ids=["access", "severity"]
)
def test_month_stands_in_the_name(module: ModuleType, row: dict[str, Any]) -> None:
    """The rows carry no date; today's date would make a judgement of years ago this month's."""
    found = figures(module, month(row, name="https://api.acaps.org/api/v1/any/Feb2020/"))
    for figure in found:
        assert isinstance(figure, AccessFigure)
        assert (str(figure.period.end), figure.period.end_precision.value) == ("2020-02-29", "month")
    assert found
    for name in ("snapshot.json", "2021-11.json", "Okt2021.json", "Nov20211.json"):
        with pytest.raises(SourceChanged, match="no month such as Nov2021 in the name"):
            parsed(module, month(row, name=name))


def test_month_without_data_is_empty() -> None:
    """April 2020 was never published; that is a gap, and the run must say so and not fail."""
    assert (parsed(access, month()), parsed(severity, month())) == ([], [])
    assert access.SOURCE.may_be_empty
    assert severity.SOURCE.may_be_empty


def severe(**changed: Any) -> Payload:
    """One crisis' severity."""
    return month({**JUDGED, **changed})


def test_one_row_stands_for_its_country() -> None:
    """Three crises of a country beside its own row would count the country four times."""
    rows = [{**JUDGED, "crisis_id": f"SYR00{n}", "country_level": level} for n, level in enumerate(("Yes", "No", None))]
    assert [(brief(f)[3], brief(f)[7]) for f in figures(severity, month(*rows))] == [
        ("SYR000", "recommended"),
        ("SYR001", "context"),
        ("SYR002", "context"),
    ]


def test_severity_is_out_of_five_and_says_when_it_was_judged() -> None:
    """A judgement of spring repeated until winter would pass for a crisis that stays as it is."""
    (figure,) = figures(severity, severe(**{"Last updated": "2021-03-30", "Reliability": None}))
    assert isinstance(figure, AccessFigure)
    assert brief(figure)[:6] == ("severity_index", None, "SYR", "SYR001", 4.1, "0-5")
    assert figure.note == "Made crisis; last judged 2021-03-30; reliability not given"


def test_crisis_without_a_score_has_none() -> None:
    """A crisis that is followed and not scored would be the mildest of all."""
    assert figures(severity, severe(**{"INFORM Severity Index": None})) == []


def test_crisis_of_several_countries_is_of_none_of_them() -> None:
    """The Sahel's score is not Niger's."""
    regional = severe(iso3=["NER", "MLI"], country_level=None)
    assert faults(severity, regional) == [("unknown_place", "results[0]/INFORM Severity Index")]


@pytest.mark.parametrize(
    ("module", "row", "said"),
    [
        (access, JUDGED, "'Infogap' is missing .*INFORM Severity, not its Humanitarian Access"),
        (severity, CRISIS, "'INFORM Severity Index' is missing .*Humanitarian Access, not its INFORM Severity"),
    ],
)
def test_the_other_product_is_told_apart(module: ModuleType, row: dict[str, Any], said: str) -> None:
    """Both are scores to 5 of the same crises."""
    with pytest.raises(SourceChanged, match=said):
        parsed(module, month(row))


class Provider(Client):
    """Answers in place of ACAPS, for whoever shows the token."""

    def __init__(self, *pages: dict[str, Any]) -> None:
        self.pages, self.asked = iter(pages), list[str]()

    def credential(self, variable: str) -> str:
        return {"TRACKER_ACAPS_USERNAME": "made-user", "TRACKER_ACAPS_PASSWORD": "made-word"}[variable]

    def post(self, url: str, form: Any) -> Payload:
        assert url == "https://api.acaps.org/api/v1/token-auth/"
        assert form == {"username": "made-user", "password": "made-word"}
        return payload('{"token": "made-token"}', url)

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:
        assert (params, headers) == (None, {"Authorization": "Token made-token"})
        self.asked.append(url)
        return payload(json.dumps(next(self.pages)), url)


SCOPE = Scope(("SYR",), date(2022, 1, 15))


@pytest.mark.parametrize(
    ("module", "product"),
    [(access, "humanitarian-access"), (severity, "inform-severity-index")],
    ids=["access", "severity"],
)
def test_fetch_reads_every_page_of_last_month(module: ModuleType, product: str) -> None:
    """Page one alone is the crises from A to M; and the token is for one host, whatever a page names as the next."""
    elsewhere = "http://elsewhere.example.org/v9/?page=2"
    provider = Provider(
        {"count": 3, "next": elsewhere, "results": [{}, {}]}, {"count": 3, "next": None, "results": [{}]}
    )
    kept = list(module.fetch(provider, SCOPE))
    address = f"https://api.acaps.org/api/v1/{product}/Dec2021/"
    assert provider.asked == [address, f"{address}?page=2"]
    assert [one.url for one in kept] == provider.asked
    assert not any(word in one.url + one.content.decode() for one in kept for word in ("made-token", "made-word"))


@pytest.mark.parametrize(
    ("pages", "error", "said"),
    [
        (
            [{"count": 3, "next": "x?page=2", "results": [{}]}, {"count": 4, "results": [{}]}],
            SourceUnreachable,
            "chang",
        ),
        ([{"count": 3, "next": None, "results": [{}]}], SourceChanged, "it has 3 rows, and 1 came"),
        ([{"count": 9, "next": "x?page=2", "results": [{}]}] * 60, SourceChanged, "it has 9 rows, and 50 came"),
        ([{"detail": "Invalid token."}], SourceChanged, "a refusal: the token may not be valid"),
        ([{"count": 0, "results": {}}], SourceChanged, "'results' is not a list"),
    ],
    ids=["grown meanwhile", "short", "endless", "refused", "no list"],
)
def test_pages_that_do_not_make_a_whole_are_refused(
    pages: list[dict[str, Any]], error: type[Exception], said: str
) -> None:
    """A crisis that is missing from half a list would look resolved."""
    with pytest.raises(error, match=said):
        list(access.fetch(Provider(*pages), SCOPE))


def test_answer_without_a_token_is_no_token() -> None:
    """The word None in its place would be refused as if the password were wrong."""

    class Refusing(Provider):
        def post(self, url: str, form: Any) -> Payload:  # noqa: ARG002
            return payload('{"non_field_errors": ["Unable to log in"]}', url)

    with pytest.raises(SourceChanged, match="'token' is missing"):
        list(access.fetch(Refusing(), SCOPE))
