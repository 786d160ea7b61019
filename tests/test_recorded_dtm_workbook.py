"""DTM's recorded rounds, loaded into real stores: what the store holds is what the sheets say, added up here."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine

from tests.recordings import Load, held
from tests.samples import recorded

CODE, FOLDER = "dtm_workbook", "iom-dtm-workbooks"
IRAQ, SUDAN = f"{FOLDER}/iraq_idp_master_list_r123.xlsx", f"{FOLDER}/sudan_idp_master_list_r3.xlsx"
ETHIOPIA = f"{FOLDER}/ethiopia_site_assessment_r28.xlsx"
ESTIMATES, RETURNEES = f"{FOLDER}/ukraine_idp_estimates_r14.xlsx", f"{FOLDER}/ukraine_returnees_r13.xlsx"
BASELINE = f"{FOLDER}/ukraine_zakarpatska_baseline_2022-04.csv"
HEADERLESS = f"{FOLDER}/iraq_dtm_2014-09-14_headerless.csv"

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning:openpyxl"),
]


def rows(name: str, title: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet below its header."""
    book = openpyxl.load_workbook(io.BytesIO(recorded(name).content), read_only=True, data_only=True)
    return book[title].iter_rows(values_only=True, min_row=2)


def sums(store: Engine) -> Counter[tuple[str, str, str]]:
    """Totals of the store by group, unit and role, countries' and provinces' totals apart."""
    found: Counter[tuple[str, str, str]] = Counter()
    for f in held(store):
        whole = "country" if f.note and f.note.startswith("sum of all") else f.role
        found[f.population_group, f.unit, whole] += f.value
    return found


@pytest.mark.parametrize(
    ("name", "read", "new"),
    [
        (IRAQ, 2842, 2 * (2842 + 18 + 1)),
        (SUDAN, 685, 2 * (685 + 9 + 1)),
        (ETHIOPIA, 1440, 2 * 293),
        (ESTIMATES, 26, 2 * 25),
        (RETURNEES, 28, 25),
        (BASELINE, 58, 58),
        (HEADERLESS, 2586, 1715),
    ],
)
def test_round_loads_once(load: Load, name: str, read: int, new: int) -> None:
    """A place loaded twice is its people counted twice; one set aside in silence is forgotten."""
    first = load(CODE, name)
    assert (first.tally.rows_read, first.tally.new, first.tally.set_aside) == (read, new, 0)
    assert load(CODE, name).tally.unchanged == new


def test_iraq_is_what_its_summary_says(load: Load, store_with_places: Engine) -> None:
    """Its own summary: 2,842 places, 1,189,581 people, 204,344 households, in 18 governorates."""
    load(CODE, IRAQ)
    summary = {row[0]: row[1] for row in rows(IRAQ, "Summary") if isinstance(row[0], str)}
    assert (summary["#Individuals"], summary["#IDP Households"]) == (1189581, 204344)
    roles = ("context", "recommended", "country")
    assert sums(store_with_places) == {
        ("IDP", unit, role): number
        for unit, number in (("persons", 1189581), ("households", 204344)) for role in roles
    }  # fmt: skip
    expected: Counter[str] = Counter()
    for row in rows(IRAQ, "DTM Dataset"):
        if isinstance(row[0], int):
            expected[row[1]] += row[8]
    provinces = [f.value for f in held(store_with_places) if f.unit == "persons" and f.role == "recommended"]
    assert sorted(provinces) == sorted([*expected.values(), 1189581])
    assert {str(f.reference_period_end) for f in held(store_with_places)} == {"2021-09-30"}


def test_sudan_is_what_its_summary_says(load: Load, store_with_places: Engine) -> None:
    """Its own summary: 9 states, 685 places, 619,971 households, 3,086,553 people."""
    load(CODE, SUDAN)
    assert (9, 83, 685, 619971, 3086553) in [row[:5] for row in rows(SUDAN, "Summary")]
    assert set(sums(store_with_places).values()) == {619971, 3086553}
    assert len(sums(store_with_places)) == 6


def test_ethiopia_is_the_sum_of_its_sites(load: Load, store_with_places: Engine) -> None:
    """1,440 sites without names in 293 districts, and no total: three regions at war are not in it."""
    load(CODE, ETHIOPIA)
    sites = [row for row in rows(ETHIOPIA, "Sites") if isinstance(row[11], int)]
    people, households = sum(row[11] for row in sites), sum(row[10] for row in sites)
    assert (len(sites), people, households) == (1440, 2057004, 359772)
    assert sums(store_with_places) == {
        ("IDP", "persons", "context"): people, ("IDP", "households", "context"): households,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "title", "columns"),
    [
        (ESTIMATES, "Estimated Population", {"IDP": (6, 3674000), "RRI": (7, 4573000)}),
        (RETURNEES, "Returnees by Oblast", {"RRI": (6, 4757000)}),
    ],
)
def test_ukraine_by_oblast(
    load: Load, store_with_places: Engine, name: str, title: str, columns: dict[str, tuple[int, int]]
) -> None:
    """Of Luhanska there is no estimate; zero people there would be a claim nobody made."""
    load(CODE, name)
    for group, (column, total) in columns.items():
        assert sum(row[column] for row in rows(name, title) if isinstance(row[column], int)) == total
        assert sums(store_with_places)[group, "persons", "recommended"] == total
    assert len(sums(store_with_places)) == len(columns)
    assert not [f for f in held(store_with_places) if f.provider_place and "Luhanska" in f.provider_place]


def test_ukraine_baseline_is_the_sum_of_the_file(load: Load, store_with_places: Engine) -> None:
    """58 municipalities of one oblast, which are not the country."""
    load(CODE, BASELINE)
    lines = list(csv.reader(io.StringIO(recorded(BASELINE).content.decode("utf-8-sig"))))[2:]
    assert sum(int(line[9]) for line in lines) == 184676
    assert sums(store_with_places) == {("IDP", "persons", "context"): 184676}


def test_families_of_2014_are_those_in_all_kinds_of_shelter(load: Load, store_with_places: Engine) -> None:
    """The fourth column is nowhere named; that it is the families shows in the thirteen columns of their shelters."""
    load(CODE, HEADERLESS)
    lines = [line for line in csv.reader(io.StringIO(recorded(HEADERLESS).content.decode("utf-8-sig"))) if line]
    shelters = sum(int(cell.replace(",", "") or 0) for line in lines for cell in line[18:31])
    assert sums(store_with_places) == {("IDP", "households", "context"): shelters}
