"""What other bodies say of the same people at about the same date, beside any one figure."""

from datetime import date

import pytest
from sqlalchemy import Engine

from tests.builders import displacement, load_run
from tracker.asof import PRESENT, AsOf
from tracker.records import Period
from tracker.rivals import rivals
from tracker.series import displacement as read_displacement
from tracker.series import rows_of
from tracker.vocabulary import DisplacementIndicator, Measure
from tracker.windows import Window


def told(store: Engine, source: str, value: int, moment: AsOf = PRESENT) -> list[tuple[str, int | None]]:
    """Source and value of each rival of the one figure of this source and value."""
    with store.connect() as connection:
        rows = rows_of(read_displacement(connection, Window(as_of=moment)))
        (row,) = [one for one in rows if (one["source"], one["value"]) == (source, value)]
        return [(one["source"], one["value"]) for one in rivals(connection, row, moment)]


@pytest.mark.parametrize(
    ("source", "value", "others"),
    [
        # WFP's "about 280,000" of 5 December, between OCHA's 178,000 of that day and UNHCR's range of the 8th: of each
        # body the nearest. AFP's and others' relays of OCHA's figure are no rivals.
        ("wfp", 280_000, [("ocha", 178_000), ("unhcr", None)]),
        # The article passes on OCHA's "at least 370,000", which is no second witness of it.
        ("seed_article", 370_000, [("unhcr", None), ("wfp", 280_000)]),
        ("idmc", 5_964_000, [("unhcr_population", 5_542_227)]),
        ("unhcr_population", 5_542_227, [("idmc", 5_964_000)]),
    ],
)
def test_of_each_body_the_nearest(
    seeded_store: Engine, source: str, value: int, others: list[tuple[str, int | None]]
) -> None:
    """A relay counted as a second witness, or another month's figure as a quarrel."""
    assert told(seeded_store, source, value) == others


def test_a_part_has_no_rivals(seeded_store: Engine) -> None:
    """Women beside everybody: half as many, and no disagreement at all."""
    with seeded_store.connect() as connection:
        rows = rows_of(read_displacement(connection, Window()))
        parts = [row for row in rows if row["sex"] != "all" or row["point_of_entry"]]
        assert [rivals(connection, row, PRESENT) for row in parts] == [[] for _ in parts]


def test_a_rival_that_came_later_is_not_told_as_of_before(seeded_store: Engine) -> None:
    """Yesterday's evidence with today's witnesses."""
    before = AsOf(published_by=date(2024, 12, 7))
    assert told(seeded_store, "wfp", 280_000, before) == [("ocha", 178_000)]


def test_a_month_is_no_rival_of_its_year(store_with_places: Engine) -> None:
    """The newly displaced of December beside those of the whole year, as if two bodies disagreed tenfold."""
    flow = {"indicator": DisplacementIndicator.NEW_DISPLACEMENT, "measure": Measure.FLOW}
    month = displacement(10_000, **flow, period=Period(date(2024, 12, 1), date(2024, 12, 31)))
    year = displacement(90_000, **flow, source="idmc", period=Period.year(2024))
    other = displacement(80_000, **flow, source="unhcr", period=Period.year(2024))
    load_run(store_with_places, month, year, other)
    assert told(store_with_places, "ocha", 10_000) == []
    assert told(store_with_places, "idmc", 90_000) == [("unhcr", 80_000)]
