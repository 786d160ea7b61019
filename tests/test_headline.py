"""One headline: who is shown when bodies disagree, how long a figure speaks, and which sums are allowed."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboards.markup import markup
from dashboards.parts import traces, value_of
from ingest.contract import discover
from tests.builders import displacement, load_run
from tests.stores import seed_tables
from tracker.candidates import candidates
from tracker.headline import QUESTIONS, Headline, headlines
from tracker.outline import dimensions
from tracker.records import Amount, DisplacementFigure, Period, PlaceName
from tracker.regions import area
from tracker.rule import RULE
from tracker.series import figures, rows_of
from tracker.vocabulary import Cause, Coverage, DisplacementIndicator, Measure, Qualifier, Role
from tracker.windows import Window


def ask(store: Engine, question: str, on: date, place: str = "SYR") -> list[Headline]:
    """What is found among all rows, which is what is found among those that are read for it."""
    with store.connect() as connection:
        of, everywhere = area(connection, place), Window()
        found = headlines(figures(connection, "displacement", everywhere), of, on)
        few = candidates(connection, everywhere, rows_of(dimensions(connection, everywhere)), of, on)
        assert headlines(few, of, on) == found
    return [one for one in found if one.question.code == question]


def answer(store: Engine, question: str, on: date, place: str = "SYR") -> tuple[Any, ...]:
    """Source, value, state, interval of the rivals, number of bodies."""
    (one,) = ask(store, question, on, place)
    return one.row["source"], one.row["value"], one.state.value, (one.low, one.high), one.originators


@pytest.mark.parametrize(
    ("question", "on", "told"),
    [
        # OCHA's "at least 178,000" against WFP's "about 280,000", both of 5 December.
        ("new", date(2024, 12, 5), ("ocha", 178_000, "current", (280_000, 280_000), 2)),
        ("new", date(2024, 12, 6), ("ocha", 370_000, "current", (280_000, 280_000), 2)),
        # UNHCR's range of 0.8 to 1.0 million has no single value; the media's 370,000 is a relay and no body more.
        ("new", date(2024, 12, 8), ("unhcr", None, "current", (280_000, 370_000), 3)),
        ("new", date(2024, 12, 12), ("ocha", 1_100_000, "current", (None, None), 1)),
        ("new", date(2025, 1, 12), ("ocha", 1_100_000, "lapsed", (None, None), 1)),
        ("still", date(2024, 12, 27), ("ocha", 664_000, "current", (None, None), 1)),
        ("still", date(2025, 3, 1), ("ocha", 627_000, "last_known", (None, None), 1)),
        ("still", date(2025, 6, 1), ("ocha", 627_000, "lapsed", (None, None), 1)),
        # UNHCR's 5.5 million against IDMC's 6.0, both of the end of 2025.
        ("idps", date(2026, 6, 30), ("idmc", 5_964_000, "current", (5_542_227, 5_542_227), 2)),
        ("idps", date(2024, 12, 31), ("idmc", 7_409_000, "current", (7_408_909, 7_408_909), 2)),
    ],
)
def test_the_quarrels_of_the_crisis(seeded_store: Engine, question: str, on: date, told: tuple[Any, ...]) -> None:
    """One body's number of another day, or two bodies' mixed, in a donor's report under the wrong name."""
    assert answer(seeded_store, question, on) == told


def test_the_first_weeks_are_never_one_line(seeded_store: Engine) -> None:
    """From 1.1 million "displaced" to 664,000 "still displaced" is no fall: the two are different questions."""
    on = date(2024, 12, 27)
    assert answer(seeded_store, "new", on)[1:3] == (1_100_000, "lapsed")
    assert answer(seeded_store, "still", on)[1:3] == (664_000, "current")


def test_government_and_unhcr_in_turkiye(seeded_store: Engine) -> None:
    """Türkiye counts whom it protects, UNHCR adopts that count once a year; two numbers, and both are named."""
    (one,) = ask(seeded_store, "refugees_in", date(2025, 1, 15), "TUR")
    assert (one.row["source"], one.row["value"]) == ("unhcr_population", 2_901_478)
    assert one.originators == 2
    assert abs((one.low or 0) - 2_901_478) < 100_000
    assert not one.differs


def test_a_difference_is_flagged_from_a_quarter_on(seeded_store: Engine) -> None:
    """178,000 and 280,000 side by side without a word would look like agreement."""
    (one,) = ask(seeded_store, "new", date(2024, 12, 5))
    assert one.differs
    assert round(one.disagreement or 0, 2) == 1.57
    (same,) = ask(seeded_store, "idps", date(2024, 12, 31))
    assert not same.differs


def test_each_headline_names_its_rule_and_its_observation(seeded_store: Engine) -> None:
    """Asked why the number is another one than last month, nobody could tell a new rule from new data."""
    (one,) = ask(seeded_store, "new", date(2024, 12, 12))
    assert one.rule_version == RULE.version == 2
    assert one.row["observation_id"].startswith("D")


def idps(people: int, source: str = "ocha", place: str = "SYR", **changes: Any) -> DisplacementFigure:
    fields: dict[str, Any] = {"indicator": DisplacementIndicator.POPULATION, "coverage": Coverage.FULL}
    return displacement(people, source=source, location=PlaceName(code=place), **{**fields, **changes})


THAT_DAY = date(2024, 12, 12)


def test_rank_comes_before_the_newer_date(store_with_places: Engine) -> None:
    """A single camp's weekly note would outdo the task force's monthly count by being a day younger."""
    load_run(store_with_places, idps(7_000_000), idps(6_000_000, "wfp", period=Period.on(date(2024, 12, 13))))
    assert answer(store_with_places, "idps", date(2024, 12, 14))[:2] == ("ocha", 7_000_000)


def test_what_is_too_old_gives_way_to_who_comes_later_in_rank(store_with_places: Engine) -> None:
    """A count of last winter would be shown for ever, because its body is ranked first."""
    load_run(store_with_places, idps(7_000_000, period=Period.on(date(2024, 2, 1))), idps(6_000_000, "wfp"))
    assert answer(store_with_places, "idps", THAT_DAY)[:2] == ("wfp", 6_000_000)


def test_a_relay_is_no_second_voice(store_with_places: Engine) -> None:
    """A number repeated by ten newspapers would look ten times confirmed."""
    relayed = idps(7_000_000, "reuters", label="r", primary="p")
    load_run(store_with_places, idps(7_000_000, label="p"), relayed)
    assert answer(store_with_places, "idps", THAT_DAY)[4] == 1


def test_two_sources_of_one_body_are_one_voice(store_with_places: Engine) -> None:
    """UNHCR's statistics and its flash update would confirm each other."""
    load_run(store_with_places, idps(7_000_000, "unhcr"), idps(7_100_000, "unhcr_population"))
    assert answer(store_with_places, "idps", THAT_DAY)[4] == 1


def test_disasters_and_conflicts_are_two_questions(store_with_places: Engine) -> None:
    """People whom a flood displaced, shown as the number whom the war did, because its row came first."""
    flood = idps(90_000, "idmc", cause=Cause.DISASTER)
    load_run(store_with_places, flood, idps(7_000_000, "idmc", cause=Cause.CONFLICT))
    assert answer(store_with_places, "idps", THAT_DAY)[1] == 7_000_000
    assert answer(store_with_places, "idps_disaster", THAT_DAY)[1] == 90_000


@pytest.mark.parametrize(
    "changes",
    [
        {"role": Role.TRIANGULATION},
        {"role": Role.CONTEXT},
        {"age": "0-4"},
        {"variant": "in camps"},
        {"period": Period.on(date(2024, 12, 13))},
    ],
)
def test_what_is_no_candidate(store_with_places: Engine, changes: dict[str, Any]) -> None:
    """Children under five, people in camps or tomorrow's report, quoted as the whole of today."""
    load_run(store_with_places, idps(5, **changes))
    assert ask(store_with_places, "idps", THAT_DAY) == []


def test_a_flow_answers_for_a_year_only(store_with_places: Engine) -> None:
    """One event's 3,000 would be shown as the displacements of the year, being the newest."""
    year = {"indicator": DisplacementIndicator.NEW_DISPLACEMENT, "measure": Measure.FLOW}
    of_year = idps(800_000, "idmc", period=Period(date(2023, 1, 1), date(2023, 12, 31)), **year)
    of_event = idps(3_000, "idmc", period=Period(date(2024, 11, 27), date(2024, 11, 30)), **year)
    load_run(store_with_places, of_year, of_event)
    assert answer(store_with_places, "new_year", THAT_DAY)[1] == 800_000


GOVERNORATES = [f"SY{n:02}" for n in range(1, 15)]


def by_area(places: list[str] = GOVERNORATES, **changes: Any) -> list[DisplacementFigure]:
    return [idps(1000 + n, place=place, **changes) for n, place in enumerate(places)]


def test_areas_are_added_up_where_nobody_reports_the_whole(store_with_places: Engine) -> None:
    """Fourteen numbers and no total: each reader would add up another set of them."""
    load_run(store_with_places, *by_area())
    (one,) = ask(store_with_places, "idps", THAT_DAY)
    assert (one.row["value"], one.row["location_code"], len(one.parts)) == (14_091, "SYR", 14)
    assert one.row["qualifier"] == "exact"


def test_the_last_time_all_areas_were_told_counts(store_with_places: Engine) -> None:
    """One governorate's newer number would make the sum of all fourteen disappear, or turn up in it."""
    newer = Period.on(THAT_DAY + timedelta(5))
    load_run(store_with_places, *by_area(), *by_area(GOVERNORATES[:3], period=newer))
    (one,) = ask(store_with_places, "idps", THAT_DAY + timedelta(6))
    assert (one.row["value"], one.row["reference_period_end"]) == (14_091, THAT_DAY)


@pytest.mark.parametrize(
    "figures",
    [
        by_area(GOVERNORATES[1:]),
        by_area(GOVERNORATES[:7]) + by_area(GOVERNORATES[7:], source="wfp"),
        by_area(GOVERNORATES[:7]) + by_area(GOVERNORATES[7:], period=Period.on(THAT_DAY - timedelta(1))),
        by_area(amount=Amount.of(Qualifier.RANGE, None, 900, 1100)),
    ],
    ids=["one is missing", "two sources", "two dates", "ranges"],
)
def test_areas_that_may_not_be_added_up(store_with_places: Engine, figures: list[DisplacementFigure]) -> None:
    """A total without Aleppo, or of two sources' halves, quoted as the country's."""
    load_run(store_with_places, *figures)
    assert ask(store_with_places, "idps", THAT_DAY) == []


def test_what_is_not_allocated_is_said(store_with_places: Engine) -> None:
    """A map of areas that add up to less than the country would hide those who are nowhere on it."""
    load_run(store_with_places, idps(20_000), *by_area(GOVERNORATES[:13]))
    (one,) = ask(store_with_places, "idps", THAT_DAY)
    assert (one.row["value"], one.parts) == (20_000, ())
    told = one.allocation
    assert told
    assert (told.areas, told.of, told.allocated, told.not_allocated) == (13, 14, 13_078, 6_922)
    load_run(store_with_places, idps(13_000))
    (less,) = ask(store_with_places, "idps", THAT_DAY)
    assert less.allocation
    assert less.allocation.not_allocated == -78


def test_the_table_speaks_of_questions_and_sources_that_exist() -> None:
    """A misspelt source would be ranked last without a word."""
    assert set(RULE.questions) == {question.code for question in QUESTIONS}
    sources = {*discover(), *(row["code"] for row in seed_tables()["sources.csv"])}
    ranked = {one for told in RULE.questions.values() for equals in told["precedence"] for one in equals}
    named = {*RULE.originators, *RULE.originators.values(), *RULE.whole_variants, *RULE.reports_every["sources"]}
    assert (ranked | named) - sources == set()
    assert all(told["why"] for told in RULE.questions.values())
    paces = {*RULE.reports_every["measures"].values(), *RULE.reports_every["sources"].values()}
    paces |= {told["reports_every"] for told in RULE.questions.values() if "reports_every" in told}
    assert paces <= {*RULE.rhythms}


def test_a_sum_names_every_figure_that_it_adds_up(store_with_places: Engine) -> None:
    """A national total traced to one governorate, whose number is another."""
    load_run(store_with_places, *by_area())
    (one,) = ask(store_with_places, "idps", THAT_DAY)
    shown = markup(traces(one))
    assert re.findall(r">(D\d+)</a>", shown) == list(one.parts)
    assert len(one.parts) == 14
    assert "href" not in markup(value_of(one))
