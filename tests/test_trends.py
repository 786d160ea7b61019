"""Which stocks are drawn over time: all that count everybody, whatever their source calls its operation."""

from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from dashboards.boundaries import shipped
from dashboards.reader import Reader
from dashboards.topics import people_about
from dashboards.trends import trends
from ingest.contract import discover
from tests.builders import displacement, load_run
from tracker.database import writing
from tracker.outline import dimensions
from tracker.records import DisplacementFigure, Period
from tracker.reference import upsert_source
from tracker.vocabulary import DisplacementIndicator, Measure, PopulationGroup

MONTHS = (date(2024, 11, 30), date(2024, 12, 31))


def knowing_iom(store: Engine) -> None:
    with writing(store) as connection:
        upsert_source(connection, discover()["iom_dtm"].SOURCE)


def drawn(store: Engine) -> list[tuple[str, list[tuple[str, list[int]]]]]:
    """Each panel's title, and of each of its lines the variant and the values."""
    with Reader(store, Path(), shipped()).view({"region": "SYR"}) as view:
        found, _ = trends(view, dimensions(view.connection, view.ever()), 12)
        return [(one.title, [(line[0]["variant"], [r["value"] for r in line]) for line in one.lines]) for one in found]


def months(source: str, variant: str, *values: int) -> list[DisplacementFigure]:
    return [
        displacement(value, source=source, variant=variant, indicator=DisplacementIndicator.POPULATION,
                     period=Period.on(day))
        for day, value in zip(MONTHS, values, strict=True)
    ]  # fmt: skip


def test_a_count_by_operation_is_drawn_and_a_part_of_the_people_is_not(store_with_places: Engine) -> None:
    """IOM's matrix, the most detailed of all, missing from the trends; or the camps' people drawn as everybody."""
    knowing_iom(store_with_places)
    everybody = months("iom_dtm", "Syria crisis (baseline)", 5_000_000, 5_100_000)
    load_run(store_with_places, *everybody, *months("ocha", "in camps only", 800_000, 790_000))
    assert drawn(store_with_places) == [
        ("Internally displaced people in Syria", [("Syria crisis (baseline)", [5_000_000, 5_100_000])])
    ]


def test_returns_by_operation_are_those_of_the_page_about_returns(store_with_places: Engine) -> None:
    """The page about returns that says "nothing" where IOM counts them each month."""
    knowing_iom(store_with_places)
    told = displacement(
        400_000, source="iom_dtm", variant="Syria crisis (baseline)", indicator=DisplacementIndicator.RETURN,
        population_group=PopulationGroup.RDP, measure=Measure.CUMULATIVE, period=Period(MONTHS[0], MONTHS[1]),
    )  # fmt: skip
    load_run(store_with_places, told)
    with Reader(store_with_places, Path(), shipped()).view({"region": "SYR"}) as view:
        rows = people_about(view.connection, view.ever(), "returns", {"SYR"})
    assert rows["value"].tolist() == [400_000]
