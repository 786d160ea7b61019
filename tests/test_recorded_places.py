"""The recorded list of p-codes and disasters in real stores, and figures that stood there before their places did."""

import csv
import io
import json
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from ingest.contract import discover
from ingest.parsed import _placed
from tests.recordings import Load, held
from tests.samples import figures, own, recorded
from tracker.places import Gazetteer, Place
from tracker.records import DisplacementFigure, PlaceName
from tracker.tables import Displacement, Event, Location, LocationCode, LocationName

LIST, AFGHANISTAN = "pcodes/global_pcodes_adm_1_2.csv", "pcodes/afg_adminboundaries_tabulardata.xlsx"
DISASTERS, FLOODS = "reliefweb/v1_disasters_list_limit1000.json", "reliefweb/v1_disaster_25466.json"

pytestmark = pytest.mark.recorded


def areas() -> list[dict[str, str]]:
    """The rows of the recorded list."""
    rows = csv.DictReader(io.StringIO(recorded(LIST).content.decode("utf-8-sig")))
    return [row for row in rows if not row["Location"].startswith("#")]


def places(store: Engine) -> dict[str, tuple[object, ...]]:
    """Every place by its code: kind, country, parent, name, since when, and the run that wrote it."""
    parent = select(Location.id, Location.code).subquery()
    query = select(
        Location.code, Location.kind, Location.iso3, parent.c.code.label("parent"), Location.name_en,
        Location.valid_from, Location.pcode, Location.run_id,
    ).outerjoin(parent, parent.c.id == Location.parent_id)  # fmt: skip
    with store.connect() as connection:
        return {row[0]: tuple(row)[1:] for row in connection.execute(query)}


def test_every_area_of_the_list_lies_where_the_list_says(load: Load, store_with_places: Engine) -> None:
    """An area under another parent adds its people to the wrong province; Namibia's, read as missing, to none."""
    report = load("ocha_pcodes", LIST)
    assert (report.tally.rows_read, report.tally.set_aside) == (33_363, 0)
    listed = {row["P-Code"]: (row["Location"], row["Parent P-Code"]) for row in areas()}
    held_places = places(store_with_places)
    with store_with_places.connect() as connection:
        known = connection.execute(
            select(LocationCode.code, Location.code).join(Location, Location.id == LocationCode.location_id)
        )
        aliases: dict[str, str] = {row[0]: row[1] for row in known}
    found = {}
    for code in listed:
        place = held_places.get(code) or held_places[aliases[code]]
        found[code] = (str(place[1]), str(place[2]))
    assert found == {code: (iso3, aliases.get(parent, parent)) for code, (iso3, parent) in listed.items()}
    assert len(listed) == 33_363
    by_country = Counter(iso3 for iso3, _ in found.values())
    wanted = {"SYR": 76, "LBN": 34, "IRQ": 119, "EGY": 392, "SDN": 208, "NAM": 121, "JOR": 0}
    assert {iso3: by_country[iso3] for iso3 in wanted} == wanted
    assert held_places["NA01"][:4] == ("adm1", "NAM", "NAM", "Zambezi")


def test_list_again_changes_no_place(load: Load, store_with_places: Engine) -> None:
    """A list made anew each week must not pass for a reform each week; nor turn back what a workbook added."""
    load("ocha_pcodes", LIST)
    before = places(store_with_places)
    book = load("ocha_pcodes", AFGHANISTAN)
    assert (book.tally.rows_read, book.tally.new, book.tally.set_aside) == (435, 0, 0)
    again = load("ocha_pcodes", LIST)
    assert (again.tally.new, again.tally.revised, again.tally.unchanged) == (0, 0, 33_363)
    after = places(store_with_places)
    assert {code: row for code, row in after.items() if row[1] != "AFG"} == {
        code: row for code, row in before.items() if row[1] != "AFG"
    }
    # The workbook brought names, and days that are newer than the list's.
    assert {row[:4] for row in after.values()} == {row[:4] for row in before.values()}
    assert {row[-1] for row in after.values() if row[1] == "AFG" and row[0] in ("adm1", "adm2")} == {book.run_id}
    assert "2021-11-17" in {str(row[4]) for row in after.values()}


def test_workbook_adds_the_names_of_the_countrys_languages(load: Load, store_with_places: Engine) -> None:
    """Without them a Dari list of districts ends, as a whole, in the country's "unspecified" place."""
    load("ocha_pcodes", LIST)
    load("ocha_pcodes", AFGHANISTAN)
    with store_with_places.connect() as connection:
        names = connection.scalars(
            select(LocationName.name)
            .join(Location, Location.id == LocationName.location_id)
            .where(Location.code == "AF01")
        ).all()
        found = Gazetteer.read(connection).find(PlaceName(iso3="AFG", name="کابل"))
    assert "کابل" in names
    assert found.iso3 == "AFG"
    assert found.provider_words is None


@pytest.fixture
def gazetteer(load: Load, store_with_places: Engine) -> Gazetteer:
    """The gazetteer after the global list."""
    load("ocha_pcodes", LIST)
    with store_with_places.connect() as connection:
        return Gazetteer.read(connection)


def brief(place: Place) -> tuple[str, str | None, str | None]:
    """Where it is, the words nobody could resolve, and how the code was read."""
    return place.code, place.provider_words, place.repaired


def test_code_in_another_style_is_read_where_it_can_mean_one_area(gazetteer: Gazetteer) -> None:
    """Chad's provinces under "unspecified" are no trend of any province; a code guessed is another province's."""
    cases = {
        ("TD07", "TCD"): ("TCD07", None, "place code TD07 read as TCD07"),
        ("NG02", "NGA"): ("NG002", None, "place code NG02 read as NG002"),
        ("IRQ-G01", "IRQ"): ("IQG01", None, "place code IRQ-G01 read as IQG01"),
        ("SYR02", "SYR"): ("SY02", None, "place code SYR02 read as SY02"),
        ("TCD07", "TCD"): ("TCD07", None, None),
        # Chile has an area CL11 and an area CL011: what was meant by this, nobody can tell.
        ("CHL11", "CHL"): ("CHL-UNSPECIFIED", "CHL11", None),
        ("TD0007x", "TCD"): ("TCD-UNSPECIFIED", "TD0007x", None),
        ("TD07", "NGA"): ("NGA-UNSPECIFIED", "TD07", None),
    }
    found = {(code, iso3): brief(gazetteer.find(PlaceName(code=code, iso3=iso3))) for code, iso3 in cases}
    assert found == cases


def test_words_beside_an_ambiguous_code_are_kept(gazetteer: Gazetteer) -> None:
    """The provider's name is all that a person has to find the place by."""
    meant = gazetteer.find(PlaceName(code="CHL11", iso3="CHL", name="Somewhere in the south"))
    assert brief(meant) == ("CHL-UNSPECIFIED", "Somewhere in the south", None)


def everything(store: Engine) -> Counter[tuple[str, str, int | None]]:
    """Each open figure by series but for its place: variant, last day, number."""
    return Counter((f.variant + str(f.external_id), str(f.reference_period_end), f.value) for f in held(store))


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("hdx_hapi_idps", "hdx-hapi/hapi_idps_afg_hti_tcd.csv"),
        ("iom_dtm", "iom-dtm-api/v3_admin2_HTI.json"),
    ],
    ids=["HAPI", "DTM"],
)
def test_figures_move_once_their_places_are_known(load: Load, store_with_places: Engine, code: str, name: str) -> None:
    """Left where they stood, 6,751 figures of three countries would stand twice, and their people with them.

    DTM's parts have an origin as well, which the gazetteer did not know either.
    """
    first = load(code, name)
    before = everything(store_with_places)
    unspecified = [f for f in held(store_with_places) if f.place.endswith("-UNSPECIFIED")]
    assert len(unspecified) == {"hdx_hapi_idps": 6751, "iom_dtm": 2593}[code]
    load("ocha_pcodes", LIST)
    again = load(code, name)
    moved, stayed = len(unspecified), first.tally.figures - len(unspecified)
    assert (again.tally.new, again.tally.revised, again.tally.unchanged) == (0, moved, stayed)
    assert everything(store_with_places) == before
    assert [f for f in held(store_with_places) if f.place.endswith("-UNSPECIFIED")] == []
    with store_with_places.connect() as connection:
        last = connection.execute(
            select(Displacement.observation_status, Displacement.revision_reason, Displacement.value).where(
                Displacement.run_id == again.run_id, Displacement.vintage > 1
            )
        ).all()
    assert Counter(tuple(row) for row in last) == {("withdrawn", "mapping_change", None): moved}
    third = load(code, name)
    assert (third.tally.new, third.tally.revised, third.tally.unchanged) == (0, 0, first.tally.figures)


def test_repaired_code_is_told_beside_the_figure(load: Load, store_with_places: Engine) -> None:
    """A reader who knows the provider's code must be able to see that another stands in its place."""
    load("ocha_pcodes", LIST)
    lac = PlaceName(code="TD07", iso3="TCD", name="A name of the provider's own")
    module = discover()["hdx_hapi_idps"]
    (figure, *_) = figures(module, own("hdx_hapi_idps")[0])
    assert isinstance(figure, DisplacementFigure)
    with store_with_places.connect() as connection:
        gazetteer = Gazetteer.read(connection)
    placed = _placed(replace(figure, location=lac, note="round 3"), gazetteer)
    assert placed.figure.note == "round 3; place code TD07 read as TCD07"


def test_disasters_of_the_short_list_have_month_and_country(load: Load, store_with_places: Engine) -> None:
    """1,000 disasters: a month taken for a day, or Congo for Congo, shows here."""
    report = load("reliefweb_disasters", DISASTERS)
    assert (report.tally.rows_read, report.tally.new, report.tally.set_aside) == (1000, 997, 3)
    listed = {record["id"]: record["fields"] for record in json.loads(recorded(DISASTERS).content)["data"]}
    with store_with_places.connect() as connection:
        events = connection.execute(
            select(Event.code, Event.title_en, Event.date_start, Event.precision, Location.iso3)
            .join(Location, Location.id == Event.location_id)
            .where(Event.code.like("reliefweb-%"))
        ).all()
    assert len(events) == 997
    for code, title, start, precision, iso3 in events:
        disaster = code.removeprefix("reliefweb-")
        assert title == listed[disaster]["name"]
        assert iso3 == listed[disaster].get("glide", iso3)[-3:]
        assert title.endswith(f"{start:%b %Y}") == (precision == "month")
    assert Counter(row.precision for row in events) == {"month": 973, "year": 24}
    again = load("reliefweb_disasters", DISASTERS)
    assert (again.tally.unchanged, again.tally.newly_set_aside) == (997, 0)


def test_long_record_knows_the_day_and_keeps_it(load: Load, store_with_places: Engine) -> None:
    """The short list, loaded after it, knows the month only, and must not turn the day back."""
    load("reliefweb_disasters", FLOODS)
    load("reliefweb_disasters", DISASTERS)
    floods = json.loads(recorded(FLOODS).content)["data"][0]["fields"]
    with store_with_places.connect() as connection:
        kept = connection.execute(
            select(Event.date_start, Event.precision, Location.code)
            .join(Location, Location.id == Event.location_id)
            .where(Event.code == "reliefweb-25466")
        ).one()
    day = floods["date"].get("event") or floods["date"]["created"]
    assert (str(kept[0]), kept[1], kept[2]) == (day[:10], "day", "BFA")
