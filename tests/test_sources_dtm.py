"""IOM DTM's API: which rows make a round's total, which are parts of it, and which operation speaks for a country."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from ingest.contract import Scope
from ingest.http import Client
from ingest.sources import iom_dtm as dtm
from tests.samples import OWN, faults, figures, own, parsed, payload
from tracker.errors import SourceChanged
from tracker.records import AnyEntry, AnyFigure, DisplacementFigure, Payload

DAY = "2025-02-28"
ROW = json.loads(own("iom_dtm")[0].content)["result"][0]
NUMBER = "numPresentIdpInd"


def answer(*rows: dict[str, Any], **envelope: Any) -> Payload:
    """An answer with rows that differ from the sample's first as given."""
    body = {"result": [{**ROW, **row} for row in rows], "isSuccess": True, "totalRecordsCount": len(rows)}
    return payload(json.dumps({**body, **envelope}))


def brief(figure: AnyFigure | AnyEntry) -> tuple[Any, ...]:
    """What a figure says."""
    assert isinstance(figure, DisplacementFigure)
    return (
        str(figure.location), figure.variant, str(figure.origin) if figure.origin else None, figure.cause.value,
        figure.amount.value, str(figure.period.end), figure.role.value,
    )  # fmt: skip


def totals(sample: Payload) -> list[tuple[str, float | None, str]]:
    """Variant, number and role of all that is not a part."""
    found = [f for f in figures(dtm, sample) if isinstance(f, DisplacementFigure) and ", part:" not in f.variant]
    return [(f.variant, f.amount.value, f.role.value) for f in found]


def test_country_rows_become_these_figures() -> None:
    """Added over kinds of assessment the same people stand twice; without the sum they are a seventh too few."""
    main = "Syrian Arab Republic Displacement"
    either, conflict = f"{main} (BA), part: Conflict; Natural disaster; from anywhere", f"{main} (BA), part: Conflict;"
    assert [brief(figure) for figure in figures(dtm, own("iom_dtm")[0])] == [
        ("SYR", f"{conflict} from Idleb", "Idleb, SY07", "conflict", 4100, DAY, "context"),
        ("SYR", f"{main} (BA)", None, "unknown", 5070, DAY, "recommended"),
        ("SYR", f"{conflict} from anywhere", None, "conflict", 900, DAY, "context"),
        ("SYR", either, None, "unknown", 70, DAY, "context"),
        ("SYR", f"{main} (SA), part: Conflict; from anywhere", None, "conflict", 5060, DAY, "context"),
        ("SYR", f"{main} (SA)", None, "unknown", 5060, DAY, "recommended"),
        ("SYR", "As-Sweida Conflict (BA), part: Conflict; from anywhere", None, "conflict", 31, DAY, "context"),
        ("SYR", "As-Sweida Conflict (BA)", None, "unknown", 31, DAY, "context"),
    ]


def test_districts_become_these_figures() -> None:
    """A district's people are those of its province, and of the country: each level is a place of its own."""
    main, harim = "Syrian Arab Republic Displacement (BA)", "Harim, Idleb, SY0703"
    assert [brief(figure) for figure in figures(dtm, own("iom_dtm")[1])] == [
        (harim, f"{main}, part: Conflict; from anywhere", None, "conflict", 1200, DAY, "context"),
        (harim, main, None, "unknown", 1230, DAY, "recommended"),
        (harim, f"{main}, part: Insecurity; from anywhere", None, "conflict", 30, DAY, "context"),
        ("Ariha, Idleb, SY0705", f"{main}, part: Other reason; from anywhere", None, "other", 8, DAY, "context"),
        ("Ariha, Idleb, SY0705", main, None, "unknown", 8, DAY, "recommended"),
    ]


def test_rows_of_v2_are_totals() -> None:
    """The older answers know neither reason nor origin, and a round without a number has none."""
    assert [brief(figure) for figure in figures(dtm, own("iom_dtm")[2])] == [
        ("Al-Basrah, IRQ-G02", "Iraq conflict (BA)", None, "unknown", 310, "2014-04-01", "recommended"),
        ("Al-Basrah, IRQ-G02", "Iraq conflict (BA)", None, "unknown", 410, "2014-06-01", "recommended"),
    ]


def test_file_of_hdx_says_what_the_answers_say() -> None:
    """Its rows have the columns of every level: an empty district must not turn a province into an unknown place."""
    assert [brief(figure) for figure in figures(dtm, own("iom_dtm")[3])] == [
        ("HTI", "Countrywide monitoring (BA)", None, "unknown", 5150, "2024-05-31", "recommended"),
        ("HTI", "Countrywide monitoring (SA)", None, "unknown", 340, "2024-05-31", "recommended"),
        ("Ouest, HT01", "Countrywide monitoring (BA)", None, "unknown", 4800, "2024-05-31", "recommended"),
        ("Delmas, Ouest, HT0114", "Countrywide monitoring (BA)", None, "unknown", 2100, "2024-05-31", "recommended"),
    ]
    assert faults(dtm, own("iom_dtm")[3]) == []


def test_round_numbers_tell_nothing_apart() -> None:
    """Iraq's round 48 has two dates: by its number, one of them would be lost; by date both are there."""
    rounds = answer({"roundNumber": 48}, {"roundNumber": 48, "reportingDate": "2025-04-30T00:00:00"})
    assert [number for _, number, _ in totals(rounds)] == [4100, 4100]


def test_order_of_reasons_makes_no_other_part() -> None:
    """ "Conflict; Natural disaster" and the reverse are one reason: two series would each be half empty."""
    reasons = ("Natural disaster; Conflict", "Conflict; Natural disaster")
    rows = ({"displacementReason": r, "reportingDate": f"2025-0{n}-01"} for n, r in enumerate(reasons, 1))
    found = figures(dtm, answer(*rows))
    assert len({f.variant for f in found if isinstance(f, DisplacementFigure) and "part" in f.variant}) == 1


@pytest.mark.parametrize(("said", "reason"), [(None, "missing_field"), ("1,2", "unreadable_number")])
def test_total_with_a_missing_part_is_none(said: Any, reason: str) -> None:
    """The sum of what can be read is a smaller crisis."""
    damaged = answer({}, {NUMBER: said, "displacementReason": "Insecurity"})
    assert totals(damaged) == []
    assert (reason, f"result[0]/{NUMBER} (sum of 2 rows)") in faults(dtm, damaged)


def test_operations_nobody_chose_are_context() -> None:
    """Sudan's four operations count the same people."""
    names = ("Armed Clashes in Sudan", "Armed Clashes in Sudan (Monthly)")
    two = answer(*({"admin0Pcode": "SDN", "operation": name} for name in names))
    assert totals(two) == [(f"{name} (BA)", 4100, "context") for name in names]
    assert totals(answer({"admin0Pcode": "SDN", "operation": names[0]})) == [(f"{names[0]} (BA)", 4100, "recommended")]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"operation": ""}, "missing_field"),
        ({"assessmentType": "Not available"}, "missing_field"),
        ({"reportingDate": "June"}, "unreadable_date"),
        ({"admin1Name": "", "admin1Pcode": None}, "unknown_place"),
    ],
)
def test_unreadable_rows_are_set_aside(changed: dict[str, Any], reason: str) -> None:
    """A province without name and code must not stand as its country."""
    assert {fault[0] for fault in faults(dtm, answer(changed))} == {reason}


@pytest.mark.parametrize(
    ("envelope", "said"),
    [
        ({"isSuccess": False, "errorMessages": ["Invalid country"]}, "refusal: .'Invalid country'"),
        ({"totalRecordsCount": 3}, "3 rows"),
        ({"result": None}, "1 rows"),
    ],
)
def test_refusal_is_no_answer(envelope: dict[str, Any], said: str) -> None:
    """DTM refuses with HTTP 200: read as an answer, it has no displaced people."""
    with pytest.raises(SourceChanged, match=said):
        parsed(dtm, answer({}, **envelope))


class Provider(Client):
    """Answers in place of DTM."""

    def __init__(self, reply: Callable[[str], Payload]) -> None:
        self.reply, self.asked = reply, list[tuple[str, Any]]()

    def credential(self, variable: str) -> str:
        return f"value of {variable}"

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:
        assert headers == {"Ocp-Apim-Subscription-Key": "value of TRACKER_DTM_KEY"}
        self.asked.append((url.rpartition("/")[2], params))
        return self.reply(self.asked[-1][0])


def test_fetch_asks_for_countries_dtm_has() -> None:
    """Asked for Jordan, DTM answers with a refusal, and the other countries' figures would be lost with it."""
    wire = iter(sorted((OWN / "iom_dtm/wire").iterdir()))
    provider = Provider(lambda _: payload(next(wire).read_bytes()))
    fetched = list(dtm.fetch(provider, Scope(("JOR", "SYR"), date(2025, 6, 1))))
    assert [len(dtm_rows) for dtm_rows in (json.loads(p.content)["result"] for p in fetched)] == [5, 1, 3]
    levels = [(f"admin{level}", {"Admin0Pcode": "SYR"}) for level in (0, 1, 2)]
    assert provider.asked == [("country-list", None), *levels]
