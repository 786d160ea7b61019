"""Figures whose places the gazetteer learns later: each stands once, at its place, and the move can be traced."""

from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from tests.builders import access, displacement, load_run
from tracker.database import writing
from tracker.records import PlaceName
from tracker.tables import Access, Displacement, Location
from tracker.vocabulary import PopulationGroup

CAMP, ORIGIN = (
    PlaceName(code="LB91", iso3="LBN", name="Made Camp"),
    PlaceName(code="SY91", iso3="SYR", name="Made Town"),
)
PLACES = {"LB91": ("LBN", "A camp"), "SY91": ("SYR", "A town")}


def learn(store: Engine, *codes: str) -> None:
    """Let the gazetteer know these places."""
    with writing(store) as connection:
        for code in codes:
            iso3, name = PLACES[code]
            country = connection.scalar(select(Location.id).where(Location.code == iso3))
            connection.execute(
                insert(Location).values(
                    code=code, pcode=code, kind="adm1", iso3=iso3, parent_id=country, name_en=name, run_id=1
                )
            )


def standing(store: Engine, table: Any = Displacement) -> list[float]:
    """The values that are open and not withdrawn."""
    open_and_told = table.superseded_run_id.is_(None), table.observation_status != "withdrawn"
    with store.connect() as connection:
        return sorted(connection.scalars(select(table.value).where(*open_and_told)))


def reasons(store: Engine, table: Any = Displacement) -> list[str]:
    """Why values were withdrawn."""
    with store.connect() as connection:
        return list(connection.scalars(select(table.revision_reason).where(table.observation_status == "withdrawn")))


@pytest.mark.parametrize(
    "steps",
    [
        [("LB91", "SY91")],
        [("LB91",), ("SY91",)],
        [("SY91",), ("LB91",)],
        *([one] for one in combinations(PLACES, 1)),
    ],
    ids=["both at once", "place first", "origin first", "place alone", "origin alone"],
)
def test_figure_stands_once_whichever_end_is_learnt(store_with_places: Engine, steps: list[tuple[str, ...]]) -> None:
    """A refugee whose town of origin became known would be counted with it, and once more without it."""
    figure = displacement(900, location=CAMP, origin=ORIGIN, population_group=PopulationGroup.REF)
    assert load_run(store_with_places, figure).counts == {"new": 1}
    for codes in steps:
        learn(store_with_places, *codes)
        assert load_run(store_with_places, figure).counts == {"revised": 1}
        assert standing(store_with_places) == [900]
    assert reasons(store_with_places) == ["mapping_change"] * len(steps)
    assert load_run(store_with_places, figure).counts == {"unchanged": 1}


def test_figure_without_an_origin_leaves_those_with_one_alone(store_with_places: Engine) -> None:
    """All refugees of a camp, and those from one town, are two figures; one must not replace the other."""
    fields = {"location": CAMP, "population_group": PopulationGroup.REF}
    everybody, some = displacement(900, **fields), displacement(70, **fields, origin=ORIGIN)
    load_run(store_with_places, everybody, some)
    learn(store_with_places, "SY91")
    assert load_run(store_with_places, some, everybody).counts == {"revised": 1, "unchanged": 1}
    assert standing(store_with_places) == [70, 900]


def test_access_figure_moves_as_well(store_with_places: Engine) -> None:
    """Attacks at the unspecified place and at their own would be twice as many."""
    load_run(store_with_places, access(3, location=CAMP))
    learn(store_with_places, "LB91")
    assert load_run(store_with_places, access(3, location=CAMP)).counts == {"revised": 1}
    assert (standing(store_with_places, Access), reasons(store_with_places, Access)) == ([3], ["mapping_change"])
