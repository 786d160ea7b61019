"""Load: what is new, what repeats, what revises, and what contradicts itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.builders import access, border_status, displacement, load_run
from tracker.records import Amount, AnyFigure, Period, PlaceName, Publication
from tracker.tables import Access, BorderStatus, Displacement, DisplacementSeries, Location
from tracker.vocabulary import (
    Attribution,
    Measure,
    ObservationStatus,
    OperationalStatus,
    PopulationGroup,
    Precision,
    Qualifier,
    Trigger,
)
from tracker.vocabulary import DisplacementIndicator as Indicator

MONDAY, TUESDAY = date(2024, 12, 16), date(2024, 12, 17)


def vintages(store: Engine, table: Any = Displacement) -> list[tuple[Any, ...]]:
    """Every row: value (or status), vintage, whether it is open, revision reason."""
    said = table.status if table is BorderStatus else table.value
    with store.connect() as connection:
        rows = connection.execute(
            select(said, table.vintage, table.superseded_run_id.is_(None), table.revision_reason).order_by(
                table.series_id, table.reference_period_end, table.external_id, table.vintage
            )
        )
        return [tuple(row) for row in rows]


def test_first_report_is_vintage_one(store_with_places: Engine) -> None:
    """A first report that counts as a revision would be shown as a change of a figure nobody had."""
    assert load_run(store_with_places, displacement(882_000)).counts == {"new": 1}
    assert vintages(store_with_places) == [(882_000, 1, True, None)]


def test_same_figure_again_is_unchanged(store_with_places: Engine) -> None:
    """A daily fetch that stores the same figure daily would draw a steady rise of reports."""
    load_run(store_with_places, displacement(882_000))
    assert load_run(store_with_places, displacement(882_000)).counts == {"unchanged": 1}
    assert vintages(store_with_places) == [(882_000, 1, True, None)]


def test_same_figure_with_other_words_around_it_is_unchanged(store_with_places: Engine) -> None:
    """A moved row or a new note is no revision: it would announce a change where the number is the same."""
    load_run(store_with_places, displacement(882_000, locator="items[0]", note="preliminary"))
    again = displacement(882_000, locator="items[7]", note="final", published_on=MONDAY, credibility=2)
    assert load_run(store_with_places, again).counts == {"unchanged": 1}


def test_row_twice_in_one_payload_is_a_duplicate(store_with_places: Engine) -> None:
    """Stored twice, the same people would be counted twice."""
    assert load_run(store_with_places, displacement(882_000), displacement(882_000)).counts == {
        "new": 1,
        "duplicate": 1,
    }
    assert vintages(store_with_places) == [(882_000, 1, True, None)]


def test_other_value_is_a_second_vintage(store_with_places: Engine) -> None:
    """An update in place would make yesterday's dashboard impossible to show again."""
    first = load_run(store_with_places, displacement(882_000))
    second = load_run(store_with_places, displacement(859_000))
    assert second.counts == {"revised": 1}
    assert vintages(store_with_places) == [(882_000, 1, False, None), (859_000, 2, True, "source_revision")]
    with store_with_places.connect() as connection:
        rows = connection.execute(
            select(Displacement.run_id, Displacement.superseded_run_id).order_by(Displacement.vintage)
        )
        assert [tuple(row) for row in rows] == [(first.id, second.id), (second.id, None)]


def test_back_to_the_first_value_is_a_third_vintage(store_with_places: Engine) -> None:
    """A revision taken back must be shown as said again, not as never changed."""
    for people in (882_000, 859_000, 882_000):
        load_run(store_with_places, displacement(people))
    assert vintages(store_with_places) == [
        (882_000, 1, False, None),
        (859_000, 2, False, "source_revision"),
        (882_000, 3, True, "source_revision"),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Amount.of(Qualifier.AT_LEAST, 882_000)},
        {"amount": Amount(None, 800_000, 900_000, Qualifier.RANGE)},
        {"amount": Amount.of(Qualifier.APPROX, 882_000)},
        {"observation_status": ObservationStatus.PROVISIONAL},
        {"amount": Amount(None, None, None, Qualifier.EXACT), "observation_status": ObservationStatus.SUPPRESSED},
        {"value_text": "some 882,000"},
        {"household_size": 5.0, "household_size_source": "OCHA"},
    ],
)
def test_whatever_the_source_asserts_makes_a_revision(store_with_places: Engine, changes: dict[str, Any]) -> None:
    """ "At least 882,000" is not 882,000; overlooked, the old certainty would stay on the screen."""
    load_run(store_with_places, displacement(882_000))
    assert load_run(store_with_places, replace(displacement(882_000), **changes)).counts == {"revised": 1}


def test_nothing_reported_and_zero_differ(store_with_places: Engine) -> None:
    """Taken for 0, a missing report would draw a place that everybody has left."""
    missing = displacement(
        None, amount=Amount(None, None, None, Qualifier.EXACT), observation_status=ObservationStatus.MISSING
    )
    load_run(store_with_places, displacement(0))
    assert load_run(store_with_places, missing).counts == {"revised": 1}
    assert load_run(store_with_places, displacement(0)).counts == {"revised": 1}
    assert [value for value, *_ in vintages(store_with_places)] == [0, None, 0]


def test_words_only_and_zero_differ(store_with_places: Engine) -> None:
    """ "Nobody was killed" is a statement; the absence of a count is not."""
    load_run(store_with_places, access(None, value_text="several"))
    assert load_run(store_with_places, access(0, value_text="several")).counts == {"revised": 1}
    assert [value for value, *_ in vintages(store_with_places, Access)] == [None, 0]


def test_two_values_of_one_day_in_one_batch_are_both_set_aside(store_with_places: Engine) -> None:
    """Whichever row came first would win, and the winner change with the provider's order of rows."""
    figures = displacement(882_000), displacement(288_000)
    run = load_run(store_with_places, *figures, displacement(859_000, period=Period.on(TUESDAY)))
    assert run.counts == {"new": 1, "set_aside": 2}
    assert run.conflicts == list(figures)
    assert vintages(store_with_places) == [(859_000, 1, True, None)]


def test_contradiction_leaves_the_stored_figure_alone(store_with_places: Engine) -> None:
    """One row that repeats the store and one that does not: the odd one would replace what was true yesterday."""
    load_run(store_with_places, displacement(882_000))
    batch = [displacement(882_000), displacement(288_000)]
    assert load_run(store_with_places, *batch).counts == {"set_aside": 2}
    assert load_run(store_with_places, *reversed(batch)).counts == {"set_aside": 2}
    assert vintages(store_with_places) == [(882_000, 1, True, None)]


def test_dated_and_undated_version_contradict(store_with_places: Engine) -> None:
    """Without a day nobody knows which of the two is the correction."""
    batch = displacement(882_000), displacement(859_000, published_on=TUESDAY)
    assert load_run(store_with_places, *batch).counts == {"set_aside": 2}


def test_later_publication_in_a_batch_is_the_later_vintage(store_with_places: Engine) -> None:
    """A feed with its own history, newest first, would end with the oldest figure on the screen."""
    newest_first = displacement(859_000, published_on=TUESDAY), displacement(882_000, published_on=MONDAY)
    assert load_run(store_with_places, *newest_first).counts == {"new": 1, "revised": 1}
    assert vintages(store_with_places) == [(882_000, 1, False, None), (859_000, 2, True, "source_revision")]


def test_feed_with_its_own_history_adds_nothing_the_second_time(store_with_places: Engine) -> None:
    """The old version against the open one looks like a revision: two vintages more with every fetch."""
    feed = displacement(882_000, published_on=MONDAY), displacement(859_000, published_on=TUESDAY)
    load_run(store_with_places, *feed)
    before = vintages(store_with_places)
    assert load_run(store_with_places, *feed).counts == {"unchanged": 2}
    assert vintages(store_with_places) == before


def test_older_publication_does_not_turn_a_figure_back(store_with_places: Engine) -> None:
    """A saved file of last week, loaded today, would replace this week's figure; it is kept behind it, once."""
    load_run(store_with_places, displacement(859_000, published_on=TUESDAY))
    for _ in range(2):
        assert load_run(store_with_places, displacement(882_000, published_on=MONDAY)).counts == {"unchanged": 1}
    assert vintages(store_with_places) == [(859_000, 1, True, None), (882_000, 2, False, "late")]
    assert load_run(store_with_places, displacement(664_000, published_on=date(2024, 12, 18))).counts == {"revised": 1}
    assert vintages(store_with_places)[-1] == (664_000, 3, True, "source_revision")


HISTORY: list[AnyFigure] = [
    displacement(882_000, published_on=MONDAY),
    displacement(859_000, published_on=TUESDAY),
    displacement(859_000, published_on=TUESDAY),
    displacement(1, period=Period.on(MONDAY)),
    displacement(2, period=Period.on(MONDAY)),
]


def test_order_of_rows_changes_nothing(store_with_places: Engine) -> None:
    """Providers sort as they please; the same rows in another order are the same facts."""
    for batch in list(permutations(HISTORY))[::40]:
        run = load_run(store_with_places, *batch)
        assert run.counts.get("set_aside") == 2
        assert vintages(store_with_places) == [(882_000, 1, False, None), (859_000, 2, True, "source_revision")]


@pytest.mark.parametrize(
    "batch",
    [
        [displacement(882_000), displacement(5, location=PlaceName(code="LBN"))],
        [border_status(), border_status(OperationalStatus.CLOSED, direction_into="LBN")],
        [access(1, external_id="AWSD-1"), access(2, external_id="AWSD-2"), access(1, external_id="AWSD-1")],
    ],
)
def test_batch_twice_adds_nothing(store_with_places: Engine, batch: Sequence[AnyFigure]) -> None:
    """The same payload fetched again is not news."""
    load_run(store_with_places, *batch)
    tables = Displacement, BorderStatus, Access
    before = [vintages(store_with_places, table) for table in tables]
    counts = load_run(store_with_places, *batch).counts
    assert counts == {"unchanged": len(batch)}
    assert [vintages(store_with_places, table) for table in tables] == before


def test_border_opens_again(store_with_places: Engine) -> None:
    """Two statuses of two days are two facts; only another word about the same day is a revision."""
    closed, open_ = OperationalStatus.CLOSED, OperationalStatus.OPEN
    load_run(store_with_places, border_status(closed), border_status(open_, period=Period.on(date(2024, 12, 8))))
    assert load_run(store_with_places, border_status(OperationalStatus.PARTIAL)).counts == {"revised": 1}
    assert vintages(store_with_places, BorderStatus) == [
        ("closed", 1, False, None),
        ("partial", 2, True, "source_revision"),
        ("open", 1, True, None),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"source": "unhcr"},
        {"indicator": Indicator.POPULATION},
        {"population_group": PopulationGroup.ALL},
        {"location": PlaceName(code="SY02")},
        {"location": PlaceName(iso3="SYR", name="Somewhere in the north")},
        {"origin": PlaceName(code="SY01")},
        {"variant": "round 2"},
        {"point_of_entry": "masnaa"},
        {"period": Period.on(MONDAY)},
        {"external_id": "row 2"},
    ],
)
def test_anything_that_tells_facts_apart_does(store_with_places: Engine, changes: dict[str, Any]) -> None:
    """Two facts taken for one: the second would look like a revision of the first and hide it."""
    assert load_run(store_with_places, displacement(1), displacement(2, **changes)).counts == {"new": 2}


def test_two_cumulative_counts_with_different_starts_are_two_series(store_with_places: Engine) -> None:
    """Since 27 November and since 1 December on one line would show people coming back to life."""
    fields = {"indicator": Indicator.NEW_DISPLACEMENT, "measure": Measure.CUMULATIVE}
    end = date(2024, 12, 12)
    load_run(
        store_with_places,
        displacement(1_100_000, **fields, period=Period(date(2024, 11, 27), end)),
        displacement(700_000, **fields, period=Period(date(2024, 12, 1), end)),
        displacement(5, **fields, period=Period(end, end, start_precision=Precision.UNKNOWN)),
    )
    with store_with_places.connect() as connection:
        since = connection.scalars(select(DisplacementSeries.since).order_by(DisplacementSeries.id)).all()
    assert sorted(since, key=str) == [date(2024, 11, 27), date(2024, 12, 1), None]


def test_unresolved_places_at_both_ends_are_told_apart(store_with_places: Engine) -> None:
    """Two origins we cannot resolve, to one place we cannot resolve: two figures, not a contradiction."""
    fields = {"location": PlaceName(iso3="SYR", name="Camp A"), "population_group": PopulationGroup.RET}
    batch = [displacement(n, **fields, origin=PlaceName(iso3="TUR", name=f"Camp {n}")) for n in (1, 2)]
    assert load_run(store_with_places, *batch).counts == {"new": 2}


def relation(store: Engine, column: Any) -> list[tuple[Any, ...]]:
    """Pairs of values: that of a row that points, and that of the row it points at."""
    with store.connect() as connection:
        rows = connection.execute(select(Displacement.id, Displacement.value, Displacement.vintage, column)).all()
    by_id = {row[0]: (row[1], row[2]) for row in rows}
    return sorted(((row[1], row[2]), by_id[row[3]]) for row in rows if row[3])


RELAYED = displacement(
    370_000, source="reuters", label="relay", primary="primary", attribution=Attribution.RELAYED,
    publication=Publication("Reuters", "Syria: displaced"),
)  # fmt: skip
PRIMARY = displacement(371_000, label="primary")
PART = displacement(100_000, label="part", subset_of="primary", variant="displaced twice")


@pytest.mark.parametrize("batch", list(permutations([RELAYED, PRIMARY, PART])))
def test_relay_and_part_point_at_their_figure(store_with_places: Engine, batch: Sequence[AnyFigure]) -> None:
    """A pointer at a neighbour would let the relay count as a second source, or the part be added to its whole."""
    assert load_run(store_with_places, *batch).counts == {"new": 3}
    assert relation(store_with_places, Displacement.primary_id) == [((370_000, 1), (371_000, 1))]
    assert relation(store_with_places, Displacement.subset_of_id) == [((100_000, 1), (371_000, 1))]


def test_relay_points_at_a_figure_stored_before(store_with_places: Engine) -> None:
    """The primary arrives unchanged with the relay: it has to be found among what is stored."""
    load_run(store_with_places, PRIMARY)
    assert load_run(store_with_places, RELAYED, PRIMARY).counts == {"new": 1, "unchanged": 1}
    assert relation(store_with_places, Displacement.primary_id) == [((370_000, 1), (371_000, 1))]


def test_each_vintage_keeps_its_own_pointer(store_with_places: Engine) -> None:
    """A relay that later became a count of its own would go on being hidden as a relay."""
    own = displacement(380_000, source="reuters", published_on=TUESDAY)
    batch = replace(RELAYED, published_on=MONDAY), own, PRIMARY
    assert load_run(store_with_places, *batch).counts == {"new": 2, "revised": 1}
    assert relation(store_with_places, Displacement.primary_id) == [((370_000, 1), (371_000, 1))]


def test_relay_points_at_the_version_it_names(store_with_places: Engine) -> None:
    """Relayed were 371,000; the correction to 400,000 of the next day is not what the relay repeats."""
    corrected = displacement(400_000, published_on=TUESDAY)
    load_run(store_with_places, RELAYED, replace(PRIMARY, published_on=MONDAY), corrected)
    assert relation(store_with_places, Displacement.primary_id) == [((370_000, 1), (371_000, 1))]


def test_label_that_is_not_in_the_batch_points_nowhere(store_with_places: Engine) -> None:
    """A wrong row is worse than none: the figure would vanish behind something it does not repeat."""
    load_run(store_with_places, RELAYED, PART)
    assert relation(store_with_places, Displacement.primary_id) == []
    assert relation(store_with_places, Displacement.subset_of_id) == []


@pytest.mark.parametrize("place", [PlaceName(iso3="NAM"), PlaceName(code="NA"), PlaceName(iso3="NA")])
def test_namibia_stays_namibia(store_with_places: Engine, place: PlaceName) -> None:
    """ "NA" read as "not available" has lost whole countries from published tables."""
    load_run(store_with_places, displacement(7_000, population_group=PopulationGroup.REF, location=place))
    with store_with_places.connect() as connection:
        codes = connection.scalars(
            select(Location.code).join(DisplacementSeries, DisplacementSeries.location_id == Location.id)
        ).all()
    assert codes == ["NAM"]


def test_number_beyond_32_bits_is_kept(store_with_places: Engine) -> None:
    """A column that is too narrow would fail the run, or wrap around, at 2,147,483,648."""
    load_run(store_with_places, displacement(3_000_000_000, location=PlaceName(code="WORLD")))
    assert vintages(store_with_places) == [(3_000_000_000, 1, True, None)]


def test_batch_larger_than_a_statement_may_be(store_with_places: Engine) -> None:
    """Databases limit the parameters of a statement; a batch beyond that must lose nothing and repeat nothing."""
    batch = [displacement(number, variant=f"site {number}") for number in range(1200)]
    assert load_run(store_with_places, *batch).counts == {"new": 1200}
    assert load_run(store_with_places, *batch).counts == {"unchanged": 1200}
    assert sum(value for value, *_ in vintages(store_with_places)) == sum(range(1200))


def test_figure_somebody_else_revised_is_revised_again_by_its_source(store_with_places: Engine) -> None:
    """Only the seed steps back; a source always has the last word on its own figure."""
    load_run(store_with_places, displacement(1), trigger=Trigger.SEED)
    load_run(store_with_places, displacement(2), trigger=Trigger.FILE)
    assert load_run(store_with_places, displacement(3), trigger=Trigger.SCHEDULE).counts == {"revised": 1}
