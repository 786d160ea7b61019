"""Place: what a provider's code or name means, and what it does not."""

import csv
import io
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from tests.builders import border_status, displacement, load_run
from tracker.crossings import SAME_CROSSING_KM
from tracker.errors import RecordError
from tracker.places import Gazetteer, place
from tracker.records import PlaceName, PointOfEntry
from tracker.spellings import normalise
from tracker.tables import DisplacementSeries, Location, LocationName, PointOfEntryName
from tracker.tables import PointOfEntry as PointOfEntryRow
from tracker.vocabulary import LocationKind, OperationalStatus, PopulationGroup
from tracker.vocabulary import SetAsideReason as Reason


@pytest.fixture
def gazetteer(store_with_places: Engine) -> Gazetteer:
    """The places and crossings of the seed, read from a store."""
    with store_with_places.connect() as connection:
        return Gazetteer.read(connection)


def found(gazetteer: Gazetteer, **name: str) -> tuple[str, str | None]:
    """Code of the place that is meant, and the words that could not be resolved."""
    meant = gazetteer.find(PlaceName(**name))
    return meant.code, meant.provider_words


CASES: list[tuple[dict[str, str], tuple[str, str | None]]] = [
    ({"code": "SYR"}, ("SYR", None)),
    ({"iso3": "SYR"}, ("SYR", None)),
    ({"code": "SY07"}, ("SY07", None)),
    ({"code": "SY-ID"}, ("SY07", None)),
    ({"code": "WORLD"}, ("WORLD", None)),
    ({"code": "NA"}, ("NAM", None)),
    ({"iso3": "NAM"}, ("NAM", None)),
    ({"name": "Namibia"}, ("NAM", None)),
    ({"name": "Syrian Arab Republic"}, ("SYR", None)),
    ({"name": "Syrian Arab Rep."}, ("SYR", None)),
    ({"name": "Türkiye"}, ("TUR", None)),
    ({"name": "Turkiye"}, ("TUR", None)),
    ({"name": "سوريا"}, ("SYR", None)),
    ({"iso3": "SYR", "name": "Idleb"}, ("SY07", None)),
    ({"iso3": "SYR", "name": "Idlib Governorate"}, ("SY07", None)),
    ({"iso3": "SYR", "name": "IDLIB"}, ("SY07", None)),
    ({"iso3": "SYR", "name": "إدلب"}, ("SY07", None)),
    ({"iso3": "SYR", "name": "ادلب"}, ("SY07", None)),
    ({"iso3": "SYR", "name": "Deir Ezzor"}, ("SY09", None)),
    ({"iso3": "SYR", "name": "Deir-ez-Zor"}, ("SY09", None)),
    ({"iso3": "SYR", "name": "Dayr az-Zawr Governorate"}, ("SY09", None)),
    ({"iso3": "SYR", "name": "Rural Damascus"}, ("SY03", None)),
    ({"iso3": "SYR", "name": "Damascus"}, ("SY01", None)),
    ({"iso3": "LBN", "name": "North Governorate"}, ("LB5", None)),
    ({"code": "SY02", "iso3": "SYR", "name": "Idleb"}, ("SY02", None)),
    ({"code": "SY99", "iso3": "SYR", "name": "Idleb"}, ("SY07", None)),
    ({"code": "SY99", "iso3": "SYR"}, ("SYR-UNSPECIFIED", "SY99")),
    ({"iso3": "SYR", "name": "Camp 17, row 4"}, ("SYR-UNSPECIFIED", "Camp 17, row 4")),
    ({"iso3": "SYR", "name": "Governorate"}, ("SYR-UNSPECIFIED", "Governorate")),
    ({"iso3": "SYR", "name": "-"}, ("SYR-UNSPECIFIED", "-")),
    ({"iso3": "SYR", "name": "Damascus and Rural Damascus"}, ("SYR-UNSPECIFIED", "Damascus and Rural Damascus")),
    ({"iso3": "LBN", "name": "Idleb"}, ("LBN-UNSPECIFIED", "Idleb")),
    ({"iso3": "NAM", "name": "Khomas Region"}, ("NAM-UNSPECIFIED", "Khomas Region")),
]


def test_place_that_is_meant(gazetteer: Gazetteer) -> None:
    """People booked to the wrong governorate; or a spelling we do not know, guessed or dropped."""
    assert [(name, found(gazetteer, **name)) for name, _ in CASES] == CASES


read_only = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
countries = st.sampled_from(["SYR", "LBN", "TUR", "JOR", "IRQ", "NAM", "SDN"])
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
signs = st.text(st.characters(categories=["Nd", "Pd", "Po", "Zs"]), min_size=1)


@read_only
@given(iso3=countries, name=words | signs, code=st.none() | words)
def test_any_words_stay_in_the_country_they_were_said_of(
    gazetteer: Gazetteer, iso3: str, name: str, code: str | None
) -> None:
    """A name that happens to be known elsewhere moves people across a border; an unknown one must keep its words."""
    meant = gazetteer.find(PlaceName(iso3=iso3, name=name, code=code))
    assert meant.iso3 == iso3
    assert meant.provider_words == (name if meant.kind is LocationKind.UNSPECIFIED else None)


@read_only
@given(iso3=countries, name=signs)
def test_numbers_and_signs_name_no_area(gazetteer: Gazetteer, iso3: str, name: str) -> None:
    """A row number or a dash in the column of places books people to whichever area has no letters left."""
    assert found(gazetteer, iso3=iso3, name=name) == (f"{iso3}-UNSPECIFIED", name)


@read_only
@given(
    case=st.sampled_from([case for case in CASES if case[0].get("name") and case[1][1] is None]),
    around=st.tuples(*[st.sampled_from(["", " ", "  ", "-", ".", "'", "\u00a0"])] * 2),
    change=st.sampled_from([str, str.upper, str.lower, str.title]),
)
def test_any_spelling_of_a_known_name_means_the_same(
    gazetteer: Gazetteer,
    case: tuple[dict[str, str], tuple[str, str | None]],
    around: tuple[str, str],
    change: Callable[[str], str],
) -> None:
    """One governorate under two spellings is two lines on the chart, each with half of its people."""
    name, meant = case
    before, after = around
    assert found(gazetteer, **{**name, "name": before + change(name["name"]) + after}) == meant


@pytest.mark.parametrize(
    "name",
    [
        {"iso3": "XYZ"},
        {"iso3": "XYZ", "name": "Idleb"},
        {"name": "Atlantis"},
        {"name": "Idleb"},
        {"code": "SY99"},
        {"iso3": "SY07", "name": "Idleb"},
        {},
    ],
)
def test_unknown_country_is_set_aside(gazetteer: Gazetteer, name: dict[str, str]) -> None:
    """A country guessed from the name of a town is some other country of the world."""
    with pytest.raises(RecordError) as caught:
        gazetteer.find(PlaceName(**name))
    assert caught.value.reason == Reason.UNKNOWN_PLACE
    assert str(PlaceName(**name)) in str(caught.value)


def test_words_nobody_could_resolve_are_kept_in_the_store(store_with_places: Engine) -> None:
    """Without the words nobody can ever find out where these people were."""
    load_run(store_with_places, displacement(120, location=PlaceName(iso3="SYR", name="Camp 17")))
    load_run(store_with_places, displacement(7, location=PlaceName(iso3="SYR", name="Camp 18")))
    query = select(Location.code, DisplacementSeries.provider_place).join(
        DisplacementSeries, DisplacementSeries.location_id == Location.id
    )
    with store_with_places.connect() as connection:
        rows = sorted(tuple(row) for row in connection.execute(query))
    assert rows == [("SYR-UNSPECIFIED", "Camp 17"), ("SYR-UNSPECIFIED", "Camp 18")]


def test_every_country_has_a_place_for_what_is_unknown(store_with_places: Engine) -> None:
    """The first unknown district of a country without one would end that country's run."""
    with store_with_places.connect() as connection:
        rows = connection.execute(select(Location.iso3, Location.kind)).all()
    countries = {iso3 for iso3, kind in rows if kind == LocationKind.COUNTRY}
    text = (resources.files("tracker.seed") / "countries.csv").read_text()
    assert countries == {row["iso3"] for row in csv.DictReader(io.StringIO(text))}
    assert {iso3 for iso3, kind in rows if kind == LocationKind.UNSPECIFIED} == countries


def test_no_two_places_of_a_country_answer_to_one_name(store_with_places: Engine) -> None:
    """The first of two would get the people of both."""
    with store_with_places.connect() as connection:
        named = [
            (row.iso3, row.code, name)
            for row in connection.execute(select(Location.iso3, Location.code, Location.name_en, Location.name_ar))
            for name in (row.name_en, row.name_ar)
            if name
        ]
        aliases = select(Location.iso3, Location.code, LocationName.name).join(
            Location, Location.id == LocationName.location_id
        )
        named += [(iso3, code, name) for iso3, code, name in connection.execute(aliases)]
    owners: dict[tuple[str | None, str], set[str]] = {}
    for iso3, code, name in named:
        owners.setdefault((iso3, normalise(name)), set()).add(code)
    assert {key: codes for key, codes in owners.items() if len(codes) > 1} == {}


def crossing(name: str = "", **changes: Any) -> PointOfEntry:
    """A crossing between Syria and Lebanon, as some provider lists it."""
    return PointOfEntry(**{"home": "SYR", "neighbour": "LBN", "name": name, **changes})


BY_NAME: list[tuple[PointOfEntry, str | None]] = [
    (crossing("Jdeidet Yabous"), "masnaa"),
    (crossing("JDEIDET YABOUS"), "masnaa"),
    (crossing("Jdeïdet Yaboûs"), "masnaa"),
    (crossing("Jdeidet-Yabous"), "masnaa"),
    (crossing("Judaydat Yabus"), "masnaa"),
    (crossing("Masnaa", home="LBN", neighbour="SYR"), "masnaa"),
    (crossing("Some name", name_local="جديدة يابوس"), "masnaa"),
    (crossing("Some name", name_other_side="Masnaa"), "masnaa"),
    (crossing("Some name", aliases=("Al Masna",)), "masnaa"),
    (crossing("Cilvegozu", home="TUR", neighbour="SYR"), "bab_al_hawa"),
    (crossing("Çobanbey", home="TUR", neighbour="SYR"), "al_rai"),
    (crossing("Jaber", home="JOR", neighbour="SYR"), "nasib"),
    (crossing("Sheikh Jaber"), "arida"),
    (crossing("Jaber"), None),
    (crossing("Masnaa", neighbour="JOR"), None),
    (crossing("A new gate"), None),
    (crossing("-"), None),
    (crossing(""), None),
]


def test_crossing_by_name(gazetteer: Gazetteer) -> None:
    """Two spellings as two crossings show a border with one gate open and its twin closed."""
    assert [(listed, gazetteer.crossings.find(listed)) for listed, _ in BY_NAME] == BY_NAME


METRES_TO_DEGREES = 1 / 111_195
MASNAA = (33.66, 35.977)


BY_POSITION: list[tuple[float, dict[str, Any], str | None]] = [
    (0, {}, "masnaa"),
    (1_900, {}, "masnaa"),
    (-1_900, {}, "masnaa"),
    (2_100, {}, None),
    (1_900, {"neighbour": "JOR"}, None),
    (1_900, {"home": "LBN", "neighbour": "SYR"}, "masnaa"),
    (1_900, {"home": "LBN", "neighbour": "ISR"}, None),
    (1_900, {"longitude": None}, None),
]
"""Metres north of Masnaa, what else differs, and the crossing that is meant."""


def test_crossing_by_position(gazetteer: Gazetteer) -> None:
    """Releases move their points; where three countries meet, a point is near the crossings of other borders."""

    def meant(north_metres: float, changes: dict[str, Any]) -> str | None:
        point = {"latitude": MASNAA[0] + north_metres * METRES_TO_DEGREES, "longitude": MASNAA[1]}
        return gazetteer.crossings.find(crossing("A name nobody knows", **{**point, **changes}))

    assert [(metres, changes, meant(metres, changes)) for metres, changes, _ in BY_POSITION] == BY_POSITION


def test_nearest_of_two_crossings_is_meant() -> None:
    """With two gates in reach the status belongs to the nearer one."""
    gates = [
        (crossing("North", code="north", latitude=34.000, longitude=36.0), ()),
        (crossing("South", code="south", latitude=33.975, longitude=36.0), ()),
    ]
    gazetteer = Gazetteer([], [], [], gates)
    assert SAME_CROSSING_KM == 2.0
    found = [
        gazetteer.crossings.find(crossing("?", latitude=latitude, longitude=36.0))
        for latitude in (33.992, 33.989, 33.986, 33.983, 33.95)
    ]
    assert found == ["north", "north", "south", "south", None]


def test_name_decides_before_position() -> None:
    """A point typed wrong by a kilometre must not give one gate's status to its neighbour."""
    gates = [
        (crossing("North", code="north", latitude=34.0, longitude=36.0), ()),
        (crossing("South", code="south", latitude=33.98, longitude=36.0), ()),
    ]
    listed = crossing("South", latitude=34.0, longitude=36.0)
    assert Gazetteer([], [], [], gates).crossings.find(listed) == "south"


def statuses(store: Engine, *listed: PointOfEntry) -> list[str]:
    """Load a status for each listed crossing in one run; returns the codes of all crossings of that border."""
    figures = [
        border_status(
            OperationalStatus.OPEN, point_of_entry=one, border=(one.home, one.neighbour), side=one.home,
            direction_into=("both", "unspecified")[number % 2], locator=str(number),
        )
        for number, one in enumerate(listed)
    ]  # fmt: skip
    load_run(store, *figures)
    with store.connect() as connection:
        return list(
            connection.scalars(
                select(PointOfEntryRow.code)
                .where(PointOfEntryRow.home.in_(("UKR", "POL")))
                .order_by(PointOfEntryRow.code)
            )
        )


UKRAINE = {"home": "UKR", "neighbour": "POL"}


def test_new_crossing_is_written_once(store_with_places: Engine) -> None:
    """A crossing written at every fetch would fill the map with gates."""
    dorohusk = crossing("Yahodyn – Dorohusk", **UKRAINE, name_local="Ягодин", aliases=("Jagodin",))
    assert statuses(store_with_places, dorohusk, dorohusk) == ["ukr-pol-yahodyn-dorohusk"]
    for again in (
        dorohusk,
        crossing("Yahodyn-Dorohusk", **UKRAINE),
        crossing("Other", **UKRAINE, name_local="ЯГОДИН"),
        crossing("Jagodin", home="POL", neighbour="UKR"),
    ):
        assert statuses(store_with_places, again) == ["ukr-pol-yahodyn-dorohusk"]
    with store_with_places.connect() as connection:
        assert "Jagodin" in connection.scalars(select(PointOfEntryName.name)).all()


def test_crossings_whose_names_share_a_code_stay_two(store_with_places: Engine) -> None:
    """Names in another script have no letters for a code; one would take the other's statuses."""
    listed = [crossing("Ягодин", **UKRAINE), crossing("Рава", **UKRAINE)]
    assert statuses(store_with_places, *listed) == ["ukr-pol-crossing", "ukr-pol-crossing-2"]


@pytest.mark.parametrize("code", ["nobody_knows", "nasib"])
def test_code_of_no_crossing_of_this_border_is_set_aside(gazetteer: Gazetteer, code: str) -> None:
    """Nasib leads to Jordan; with Lebanon's border it would show Lebanon open."""
    with pytest.raises(RecordError, match=f"'{code}' is not the code of a known crossing of LBN-SYR") as caught:
        place(border_status(point_of_entry=code), gazetteer)
    assert caught.value.reason == Reason.UNKNOWN_PLACE


def test_arrivals_at_an_unknown_crossing_are_set_aside(gazetteer: Gazetteer) -> None:
    """Without the rule the run would end in the middle, all other arrivals lost."""
    arrivals = displacement(population_group=PopulationGroup.ALL, point_of_entry="nobody_knows")
    with pytest.raises(RecordError) as caught:
        place(arrivals, gazetteer)
    assert caught.value.reason == Reason.UNKNOWN_PLACE


@pytest.mark.parametrize("border", [("SYR", "XYZ"), ("XYZ", "SYR"), ("SY07", "LBN")])
def test_border_needs_two_countries(gazetteer: Gazetteer, border: tuple[str, str]) -> None:
    """A governorate would make a second border beside the real one."""
    with pytest.raises(RecordError) as caught:
        place(border_status(border=border), gazetteer)
    assert caught.value.reason == Reason.UNKNOWN_PLACE


def test_border_is_one_from_both_sides(gazetteer: Gazetteer) -> None:
    """Two keys for one border: each side's statuses would be missing on the other's page."""
    pairs = ("SYR", "LBN"), ("LBN", "SYR"), ("SY", "LB"), ("ZAF", "NA")
    borders = [place(border_status(border=pair), gazetteer).border for pair in pairs]
    assert borders == [("LBN", "SYR"), ("LBN", "SYR"), ("LBN", "SYR"), ("NAM", "ZAF")]
