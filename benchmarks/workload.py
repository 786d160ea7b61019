"""A made feed of displacement figures, of any length, with the answers a right reader comes to.

    python -m benchmarks.workload --rows N --out DIR [--seed S]

The same rows and seed give the same bytes. The countries are real; areas, sources and figures are invented. DIR gets

- ``observations.csv``: the feed by day of publication, N records;
- ``places.csv``: every area, as `tracker ingest ocha_pcodes` reads it;
- ``bad_rows.csv``: position (the first record is 0) and kind of every bad record;
- ``answer_key.json``: the counts in `Key`.

Of the records, 5 % revise an earlier one 14 to 400 days later, 2 % repeat an earlier one in every field, and 0.5 % are
bad in one of five kinds; these are never repeated in good form. rows = vintages + duplicate_rows + bad, and
vintages = observations + revisions.
"""

import argparse
import csv
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.places import invent, write_places
from benchmarks.records import (
    BAD,
    DUPLICATE,
    EVENT,
    FIRST,
    QUALIFIERS,
    REVISION,
    Events,
    lines,
    periods,
    texts,
)
from benchmarks.series import FIRST_MONTH, FIRST_WEEK, MONTHS, SOURCES, Series, draw_series

REVISED, REPEATED, SPOILT = 0.05, 0.02, 0.005
FIRST_PUBLISHED = 1 - REVISED - REPEATED
BLOCK = 100_000
"""Records written at once, at least."""


@dataclass(slots=True)
class Key:
    """What a right reader of the feed counts; the sums are of good records, in their own units."""

    rows: int = 0
    vintages: int = 0
    observations: int = 0
    revisions: int = 0
    duplicate_rows: int = 0
    bad: int = 0
    bad_by_kind: dict[str, int] = field(default_factory=lambda: dict.fromkeys(BAD, 0))
    sum_value_all_vintages: int = 0
    sum_value_latest: int = 0

    def add(self, events: Events) -> None:
        """Count events that go into the feed."""
        good = events["bad"] < 0
        vintage = good & (events["fate"] != DUPLICATE)
        first, revision = (int((good & (events["fate"] == fate)).sum()) for fate in (FIRST, REVISION))
        self.rows += len(events)
        self.observations += first
        self.revisions += revision
        self.vintages += first + revision
        self.duplicate_rows += int((events["fate"] == DUPLICATE).sum())
        self.bad += int((~good).sum())
        for number, kind in enumerate(BAD):
            self.bad_by_kind[kind] += int((events["bad"] == number).sum())
        self.sum_value_all_vintages += int(events["value"][vintage].sum())
        self.sum_value_latest += int((events["value"] - events["before"])[vintage].sum())


def make(rows: int, folder: Path, seed: int = 1) -> Key:
    """Write a feed and its answers into a folder, block by block; returns the answers."""
    folder.mkdir(parents=True, exist_ok=True)
    rng, key = np.random.default_rng(seed), Key()
    areas = invent(rng)
    write_places(folder / "places.csv", areas.rows())
    # A little too many, since how many of them are revised or repeated is up to chance; the feed is cut at its end.
    series = draw_series(rng, areas, int(rows * 0.95) + 20)
    with (folder / "observations.csv").open("wb") as feed, (folder / "bad_rows.csv").open("w", newline="") as bad:
        listed = csv.writer(bad, lineterminator="\n")
        listed.writerow(("row", "kind"))
        for events in _feed(rng, series):
            kept = events[: rows - key.rows]
            listed.writerows((key.rows + n, list(BAD)[kept["bad"][n]]) for n in np.flatnonzero(kept["bad"] >= 0))
            columns = texts(kept, series[kept["series"]], areas)
            if not key.rows:
                feed.write((",".join(columns) + "\n").encode())
            feed.write(lines(columns))
            key.add(kept)
    (folder / "answer_key.json").write_text(json.dumps({"seed": seed, **asdict(key)}, indent=1) + "\n")
    return key


def _feed(rng: np.random.Generator, series: Series) -> Iterator[Events]:
    """All events in the order of their publication, in blocks; what is published later waits for its day."""
    waiting = np.zeros(0, EVENT)
    for month in range(MONTHS):
        waiting = np.concatenate([waiting, *_happening(rng, series, month)])
        # Whatever ends in a later month is published after that month's first day.
        due = waiting["published"] <= _first_day(month + 1)
        if due.sum() >= BLOCK:
            yield _ordered(rng, waiting[due])
            waiting = waiting[~due]
    yield _ordered(rng, waiting)


def _first_day(month: int) -> int:
    return int((FIRST_MONTH + month).astype("M8[D]").astype(np.int64))


def _ordered(rng: np.random.Generator, events: Events) -> Events:
    """By day of publication; what repeats another record of the day comes after it."""
    return events[np.lexsort((rng.random(len(events)), events["fate"] == DUPLICATE, events["published"]))]


def _happening(rng: np.random.Generator, series: Series, month: int) -> tuple[Events, Events, Events]:
    """First publications of the periods that end in a month, and what comes of them: revisions and repetitions."""
    first = _first_publications(rng, series, month)
    chance, share = rng.random(len(first)), np.array([SPOILT, REVISED]) / FIRST_PUBLISHED
    spoilt = chance < share[0]
    first["bad"][spoilt] = rng.integers(0, len(BAD), int(spoilt.sum()))
    revised = first[(chance >= share[0]) & (chance < share.sum())]
    revised["fate"], revised["before"] = REVISION, revised["value"]
    revised["published"] += rng.integers(14, 401, len(revised), np.int32)
    revised["value"] = revised["value"] * np.exp(rng.normal(0, 0.25, len(revised)))
    # Otherwise it would be no revision: the smallest figures are rounded to what they were.
    revised["value"] += revised["value"] == revised["before"]
    repeated = first[~spoilt & (rng.random(len(first)) < REPEATED / FIRST_PUBLISHED / (1 - share[0]))]
    repeated["fate"] = DUPLICATE
    return first, revised, repeated


def _first_publications(rng: np.random.Generator, series: Series, month: int) -> Events:
    at = _steps(series, month)
    events = np.zeros(len(at[0]), EVENT)
    events["series"], events["step"] = at
    of = series[events["series"]]
    _, end = periods(of, events["step"])
    lag = np.array([source.lag for source in SOURCES])[of["source"]]
    events["published"] = end + lag + rng.integers(0, 9, len(events))
    year = np.where(of["weekly"], events["step"] / 52, events["step"] / 12)
    course = of["level"] + of["swing"] * np.sin(2 * np.pi * (year / 3 + of["phase"]))
    events["value"] = np.exp(np.clip(course + rng.normal(0, 0.05, len(events)), 0, 14.5))
    percent = rng.integers(0, 25, len(events))
    events["percent"] = np.where(percent < 5, 0, percent)
    events["qualifier"] = rng.choice(len(QUALIFIERS), len(events), p=[0.55, 0.20, 0.12, 0.08, 0.05])
    events["bad"] = -1
    return events


def _steps(series: Series, month: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every period that ends in a month: its series, and its number there."""
    week_end = FIRST_WEEK.astype(np.int64) + 6
    first, last = (-(-(_first_day(m) - week_end) // 7) for m in (month, month + 1))
    steps = [(week, series["weekly"]) for week in range(first, last)] + [(month, ~series["weekly"])]
    runs = [
        np.flatnonzero(rhythm & (series["first"] <= step) & (step < series["first"] + series["length"]))
        for step, rhythm in steps
    ]
    return np.concatenate(runs), np.repeat([step for step, _ in steps], [len(run) for run in runs])


def main() -> None:
    """Make a feed from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    print(json.dumps(asdict(make(told.rows, told.out, told.seed)), indent=1))


if __name__ == "__main__":
    main()
