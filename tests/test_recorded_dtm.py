"""IOM DTM's recorded answers, loaded into real stores: what the store holds is what the raw rows add up to."""

import json
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Engine

from ingest.contract import discover
from tests.recordings import Load, held
from tests.samples import parsed, recorded
from tracker.errors import SourceChanged

pytestmark = pytest.mark.recorded

Rounds = Counter[tuple[str, str]]


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a recorded answer."""
    found: list[dict[str, Any]] = json.loads(recorded(f"iom-dtm-api/{name}").content)["result"]
    return found


def rounds(name: str) -> Rounds:
    """The people of each operation, kind of assessment and date."""
    found: Rounds = Counter()
    for row in rows(name):
        found[f"{row['operation']} ({row['assessmentType']})", row["reportingDate"][:10]] += row["numPresentIdpInd"]
    return found


def stored(store: Engine) -> Rounds:
    """The same of the store, added over places."""
    found: Rounds = Counter()
    for f in held(store):
        if ", part:" not in f.variant:
            found[f.variant, str(f.reference_period_end)] += f.value
    return found


@pytest.mark.parametrize("level", [0, 1, 2])
def test_haiti_is_the_same_at_every_level(load: Load, store_with_places: Engine, level: int) -> None:
    """57 rounds of five operations: any row left out, or added twice, shows in one of them."""
    report = load("iom_dtm", f"iom-dtm-api/v3_admin{level}_HTI.json")
    assert (report.tally.set_aside, report.tally.duplicate) == (0, 0)
    found = stored(store_with_places)
    assert found == rounds(f"v3_admin{level}_HTI.json") == rounds("v3_admin0_HTI.json")
    assert len({(row["operation"], row["roundNumber"]) for row in rows("v3_admin0_HTI.json")}) == 57
    assert found["Countrywide monitoring (BA)", "2025-06-30"] == 1_287_593
    parts = sum(f.value for f in held(store_with_places) if ", part:" in f.variant)
    assert parts == sum(found.values())
    chosen = {f.variant for f in held(store_with_places) if f.role == "recommended"}
    assert chosen == {"Countrywide monitoring (BA)", "Countrywide monitoring (SA)"} & {v for v, _ in found}
    assert load("iom_dtm", f"iom-dtm-api/v3_admin{level}_HTI.json").tally.unchanged == report.tally.new


@pytest.mark.parametrize("level", [0, 1])
def test_iraq_is_the_same_at_every_level(load: Load, store_with_places: Engine, level: int) -> None:
    """80 rounds, one of them twice under one number."""
    load("iom_dtm", f"iom-dtm-api/v2_admin{level}_IRQ.json")
    found = stored(store_with_places)
    assert len(found) == 80
    assert found == rounds("v2_admin0_IRQ.json") == rounds("v2_admin1_IRQ.json")
    assert found["Iraq conflict (BA)", "2024-04-30"] == 1_098_913
    if level:
        governorates = {f.place for f in held(store_with_places)}
        assert len(governorates) == 18


def test_afghanistan_by_reason(load: Load, store_with_places: Engine) -> None:
    """Reasons come in any order and several at once; the rounds are theirs together."""
    report = load("iom_dtm", "iom-dtm-api/v3_admin0_AFG.json")
    assert report.tally.set_aside == 0
    assert stored(store_with_places) == rounds("v3_admin0_AFG.json")


@pytest.mark.parametrize(("name", "said"), [("country", "list of countries"), ("operation", "list of operations")])
def test_lists_are_no_figures(name: str, said: str) -> None:
    """They come in the same envelope."""
    with pytest.raises(SourceChanged, match=said):
        parsed(discover()["iom_dtm"], recorded(f"iom-dtm-api/v3_{name}_list.json"))
