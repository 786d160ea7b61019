"""Wrong numbers in good form: 300 of them planted in real-looking months, and as many clean months beside them.

A month of one office's figures for a country and its governorates is loaded on top of two years of the same series,
through the product's own sheet. Each planted month must be held, or carry a doubt or a reason beside the wrong number;
clean months, calm and stormy ones, must go through.
"""

import csv
import io
import math
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from ingest.contract import discover
from ingest.run import run_source
from tests.samples import payload
from tests.stores import Templates
from tracker.database import open_store
from tracker.tables import Displacement
from tracker.vocabulary import RunStatus, Trigger

SHEET = discover()["displacement_sheet"]
PLACES = [f"SY{number:02}" for number in range(1, 15)]
GROUPS = ("IDP", "REF")
MONTHS = [f"{2022 + n // 12}-{n % 12 + 1:02}-28" for n in range(25)]
ONE_KIND = 30
CLEAN = 150


@dataclass(frozen=True)
class Row:
    """A figure of the sheet."""

    place: str
    group: str
    value: int
    day: str
    unit: str = "persons"


Month = list[Row]


def walk(seed: int, months: int) -> list[Month]:
    """Stocks by governorate and group that change by a few per cent a month; the country is their sum."""
    chance = random.Random(seed)
    now = {
        (place, group): math.exp(chance.uniform(math.log(3_000), math.log(600_000)))
        for place in PLACES
        for group in GROUPS
    }
    found = []
    for number in range(months):
        for key in now:
            now[key] *= math.exp(chance.gauss(0.005, 0.04))
        rows = [Row(place, group, round(value), MONTHS[number]) for (place, group), value in now.items()]
        rows += [Row("SYR", g, sum(r.value for r in rows if r.group == g), MONTHS[number]) for g in GROUPS]
        found.append(rows)
    return found


def sheet(months: list[Month]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ("indicator", "measure", "population_group", "location_code", "value", "unit", "reference_period_end")
    )
    for rows in months:
        writer.writerows(("population", "stock", r.group, r.place, r.value, r.unit, r.day) for r in rows)
    return file.getvalue().encode()


def _one(change: Callable[[int], int], smallest: int = 2_000) -> Callable[[Month, Month, random.Random], set[Row]]:
    def plant(month: Month, _before: Month, chance: random.Random) -> set[Row]:
        number = chance.choice([n for n, row in enumerate(month) if row.value >= smallest])
        month[number] = replace(month[number], value=change(month[number].value))
        return {month[number]}

    return plant


def _swapped(month: Month, _before: Month, chance: random.Random) -> set[Row]:
    place = chance.choice(PLACES)
    one, other = (n for n, row in enumerate(month) if row.place == place)
    month[one], month[other] = (
        replace(month[one], value=month[other].value),
        replace(month[other], value=month[one].value),
    )
    return {month[one], month[other]}


def _slipped(month: Month, _before: Month, _chance: random.Random) -> set[Row]:
    numbers = [n for n, row in enumerate(month) if row.group == "IDP" and row.place != "SYR"]
    values = [month[n].value for n in numbers]
    for n, value in zip(numbers, [values[-1], *values[:-1]], strict=True):
        month[n] = replace(month[n], value=value)
    return {month[n] for n in numbers}


def _copied(month: Month, before: Month, _chance: random.Random) -> set[Row]:
    month[:] = [replace(row, value=old.value) for row, old in zip(month, before, strict=True)]
    return set(month)


def _wrong_level(month: Month, _before: Month, chance: random.Random) -> set[Row]:
    place = chance.choice(PLACES)
    total = next(row.value for row in month if row.place == "SYR" and row.group == "IDP")
    number = next(n for n, row in enumerate(month) if row.place == place and row.group == "IDP")
    month[number] = replace(month[number], value=total)
    return {month[number]}


def _wrong_sum(month: Month, _before: Month, chance: random.Random) -> set[Row]:
    number = next(n for n, row in enumerate(month) if row.place == "SYR" and row.group == "IDP")
    month[number] = replace(month[number], value=round(month[number].value * chance.choice((0.7, 0.8, 1.25, 1.4))))
    return {month[number]}


def _counted_twice(month: Month, _before: Month, _chance: random.Random) -> set[Row]:
    month[:] = [replace(row, value=row.value * 2) for row in month]
    return set(month)


FAULTS: dict[str, Callable[[Month, Month, random.Random], set[Row]]] = {
    "ten times": _one(lambda value: value * 10),
    "a digit lost": _one(lambda value: value // 10),
    "a thousand times": _one(lambda value: value * 1000),
    "the sign": _one(lambda value: -value),
    "two columns swapped": _swapped,
    "rows slipped by one": _slipped,
    "last month copied": _copied,
    "households as persons": _one(lambda value: round(value / 5.3)),
    "country's total at a governorate": _wrong_level,
    "total that is no sum": _wrong_sum,
    "a source counted twice": _counted_twice,
}


@pytest.fixture(scope="module")
def two_years(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Stores that hold two years of one walk, made when first asked for."""
    folder = tmp_path_factory.mktemp("years")

    def of(seed: int) -> Path:
        path = folder / f"{seed}.sqlite"
        if not path.exists():
            templates.copy_sqlite("places", path)
            store = open_store(f"sqlite:///{path}")
            file = payload(sheet(walk(seed, 25)[:24]), "years.csv")
            report = run_source(store, folder / "archive", SHEET, [file], Trigger.FILE, lambda _: None)
            assert (report.status, report.tally.set_aside) == (RunStatus.SUCCEEDED, 0), report.line()
            store.dispose()
        return path

    return of


def _load(path: Path, month: Month, folder: Path) -> tuple[str, dict[tuple[str, str], str | None]]:
    """The status of a run over a month, and the doubts it wrote by place and group."""
    copy = folder / "tracker.sqlite"
    shutil.copyfile(path, copy)
    store = open_store(f"sqlite:///{copy}")
    file = payload(sheet([month]), f"{month[0].day}.csv")
    report = run_source(store, folder / "archive", SHEET, [file], Trigger.FILE, lambda _: None)
    with store.connect() as connection:
        query = select(Displacement.locator, Displacement.doubt).where(Displacement.run_id == report.run_id)
        doubts = dict(connection.execute(query).all())
    store.dispose()
    lines = {(row.place, row.group): f"csv:{number}/value" for number, row in enumerate(month, 2)}
    return report.status, {key: doubts.get(line, "set aside") for key, line in lines.items()}


def test_planted_faults_are_noticed(two_years: Callable[[int], Path], tmp_path: Path) -> None:
    """A number ten times too large is quoted to a donor, and nobody noticed."""
    missed = []
    for kind, plant in FAULTS.items():
        for number in range(ONE_KIND):
            seed = number % 6
            *_, before, month = walk(seed, 25)
            planted = plant(month, before, random.Random(f"{kind} {number}"))
            status, doubts = _load(two_years(seed), month, tmp_path)
            if status != RunStatus.HELD and not any(doubts[row.place, row.group] for row in planted):
                missed.append((kind, number))
    assert len(FAULTS) * ONE_KIND >= 300
    assert len(missed) <= 0.05 * len(FAULTS) * ONE_KIND, missed


def test_clean_months_go_through(two_years: Callable[[int], Path], tmp_path: Path) -> None:
    """A tracker that holds every third load is switched off, or its holds are released unread."""
    held, doubted = 0, 0
    for number in range(CLEAN):
        seed = number % 6
        chance = random.Random(f"clean {number}")
        month = walk(seed, 25)[-1]
        if number % 3 == 0:
            # A real influx in a few governorates, which the country's total follows.
            month = _influx(month, chance)
        status, doubts = _load(two_years(seed), month, tmp_path)
        held += status == RunStatus.HELD
        doubted += sum(bool(doubt) for doubt in doubts.values())
    assert held <= 0.02 * CLEAN
    assert doubted <= 0.02 * CLEAN * len(month)


def _influx(month: Month, chance: random.Random) -> Month:
    rows = [
        replace(row, value=round(row.value * chance.uniform(1.1, 1.6)))
        if row.place != "SYR" and chance.random() < 0.2
        else row
        for row in month
    ]
    totals = {group: sum(row.value for row in rows if row.group == group and row.place != "SYR") for group in GROUPS}
    return [replace(row, value=totals[row.group]) if row.place == "SYR" else row for row in rows]
