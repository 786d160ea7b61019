"""Border and access sheets in a store: which crossing, whose word, and which row costs itself alone."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from ingest.sources import access_sheet, border_sheet
from tests.recordings import held_access, held_statuses
from tests.samples import faults, figures
from tests.sheets import STATUS, TRUCKS, as_csv, load
from tracker.records import AccessFigure, BorderStatusFigure
from tracker.tables import PointOfEntry, SetAside


def test_two_bodies_differ_and_both_stand(store_with_places: Engine, tmp_path: Path) -> None:
    """One office's open gate would hide the other's closed one, or both be set aside as a contradiction."""
    rows = [{**STATUS, "asserted_by": body, "status": status} for body, status in (("A", "open"), ("B", "closed"))]
    assert load(store_with_places, tmp_path, border_sheet, *rows).tally.new == 2
    found = {(s.crossing, s.variant, s.status) for s in held_statuses(store_with_places)}
    assert found == {("masnaa", "A", "open"), ("masnaa", "B", "closed")}
    assert load(store_with_places, tmp_path, border_sheet, *rows[::-1], name="again.csv").tally.unchanged == 2


def test_incidents_of_two_bodies_may_share_an_id(store_with_places: Engine, tmp_path: Path) -> None:
    """Everybody's first incident is number 1; the second office's would withdraw the first one's."""
    shot = {**TRUCKS, "indicator": "aid_workers_killed", "unit": "people", "external_id": "1"}
    for body, place, dead in (("A", "SY07", 2), ("B", "SY02", 3)):
        row = {**shot, "asserted_by": body, "location_code": place, "value": dead}
        assert load(store_with_places, tmp_path, access_sheet, row, name=f"{body}.csv").tally.new == 1
    assert sorted((f.place, f.value) for f in held_access(store_with_places)) == [("SY02", 3), ("SY07", 2)]


def test_misspelt_crossing_is_set_aside_with_the_known_ones(store_with_places: Engine, tmp_path: Path) -> None:
    """A second Masnaa would be open while the first is closed."""
    report = load(store_with_places, tmp_path, border_sheet, STATUS, {**STATUS, "point_of_entry": "Masnah"})
    assert (report.tally.new, report.tally.set_aside) == (1, 1)
    with store_with_places.connect() as connection:
        reason, detail = connection.execute(select(SetAside.reason, SetAside.detail)).one()
    assert reason == "unknown_place"
    assert detail.startswith("'Masnah' is no known crossing of LBN-SYR (Arida, ")
    assert "Jdeidet Yabous" in detail
    assert detail.endswith("give its latitude and longitude if it is another")


def test_crossing_with_its_point_is_a_new_one(store_with_places: Engine, tmp_path: Path) -> None:
    """Gates that open in a crisis are on nobody's list; near a known gate, it is that gate under another name."""
    far = {"point_of_entry": "Made Gate", "latitude": "34.2", "longitude": "36.6"}
    near = {"point_of_entry": "Other Name", "latitude": "33.661", "longitude": "35.978"}
    rows = [{**STATUS, **far, "country": "Syria", "neighbour": "Lebanon"}, {**STATUS, **near}]
    report = load(store_with_places, tmp_path, border_sheet, *rows)
    assert (report.error, report.tally.new) == (None, 2)
    assert {s.crossing for s in held_statuses(store_with_places)} == {"syr-lbn-made-gate", "masnaa"}
    with store_with_places.connect() as connection:
        made = select(PointOfEntry.home, PointOfEntry.neighbour).where(PointOfEntry.code == "syr-lbn-made-gate")
        assert tuple(connection.execute(made).one()) == ("SYR", "LBN")
    on_the_moon = {**STATUS, **far, "latitude": "340"}
    assert faults(border_sheet, as_csv([on_the_moon])) == [("out_of_scale", "csv:2/status")]


def test_side_that_is_none_costs_its_row_alone(store_with_places: Engine, tmp_path: Path) -> None:
    """One wrong word in one cell would end the run, and with it every other status."""
    rows = [
        STATUS, {**STATUS, "side": "Lebanon"}, {**STATUS, "side": "the army"}, {**STATUS, "direction_into": "JOR"},
    ]  # fmt: skip
    report = load(store_with_places, tmp_path, border_sheet, *rows)
    assert (report.error, report.tally.new, report.tally.set_aside) == (None, 2, 2)
    assert {s.side for s in held_statuses(store_with_places)} == {"unspecified", "LBN"}


def test_empty_crossing_means_the_whole_border() -> None:
    """Taken for some crossing, a closed border would have open gates."""
    (figure,) = figures(border_sheet, as_csv([{**STATUS, "point_of_entry": "", "valid_until": "2024-12-20"}]))
    assert isinstance(figure, BorderStatusFigure)
    assert (figure.point_of_entry, figure.border, str(figure.valid_until)) == (None, ("SYR", "LBN"), "2024-12-20")
    for column in ("country", "neighbour"):
        assert faults(border_sheet, as_csv([{**STATUS, column: ""}])) == [("unknown_place", "csv:2/status")]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"value": ""}, "missing_field"),
        ({"value": "", "qualifier": "order_of_magnitude"}, "missing_field"),
        ({"unit": ""}, "missing_field"),
        ({"value": "*"}, "unreadable_number"),
        ({"trend": "rising"}, "unknown_word"),
        ({"information_gap": "perhaps"}, "unknown_word"),
    ],
)
def test_access_row_that_says_nothing_is_set_aside(changed: dict[str, str], reason: str) -> None:
    """14 of nobody knows what; or a row that would be drawn as a constraint of no kind."""
    assert [fault for fault, _ in faults(access_sheet, as_csv([{**TRUCKS, **changed}]))] == [reason]


def test_constraint_needs_no_number_and_a_gap_no_words() -> None:
    """Most constraints are told in words; "nobody can judge" is not a score of 0."""
    told = {"indicator": "access_constraint", "constraint_type": "mines_uxo", "value": "", "unit": ""}
    rows = [{**TRUCKS, **told, "value_text": "Fields are mined"}, {**TRUCKS, **told, "information_gap": "yes"}]
    every = [{"value_text": "", "information_gap": "", "constraint_type": "", **row} for row in rows]
    words, gap = figures(access_sheet, as_csv(every))
    assert isinstance(words, AccessFigure)
    assert isinstance(gap, AccessFigure)
    assert (words.amount, words.value_text, words.information_gap) == (None, "Fields are mined", False)
    assert (gap.amount, gap.value_text, gap.information_gap) == (None, None, True)
