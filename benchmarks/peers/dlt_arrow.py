"""dlt into SQLite, fed with Arrow tables that were read and checked column by column: the fastest way it offers.

Its merge drops the duplicates and makes it safe to run again.
"""

import csv
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import dlt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.csv import ConvertOptions, ReadOptions, open_csv

KEY = ("source", "external_id", "publication_date")
REQUIRED = (*KEY, "country", "measure", "value", "period_start", "period_end")
DAYS = ("publication_date", "period_start", "period_end")
NUMBERS = ("value", "value_low", "value_high")
PLACES = ("country", "admin1", "admin2")
BLOCK = 16 << 20
"""Bytes read at once."""


def main(observations: Path, places: Path, target: Path) -> None:
    """Load the feed into a new SQLite file."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    with places.open(encoding="utf-8", newline="") as lines:
        codes = {code for row in csv.DictReader(lines) for code in (row["Location"], row["P-Code"])}
    pipeline = dlt.pipeline(
        "feed",
        pipelines_dir=str(target.parent / "pipelines"),
        destination=dlt.destinations.sqlalchemy(f"sqlite:///{target}"),
        dataset_name="main",
    )
    feed = dlt.resource(
        _good(observations, pa.array(["", *codes])),
        name="observations",
        primary_key=KEY,
        write_disposition="merge",
    )
    pipeline.run(feed).raise_on_failed_jobs()


def _good(observations: Path, known: pa.Array) -> Iterator[pa.Table]:
    """The rows that pass every check, block by block, with their numbers as numbers."""
    with observations.open(encoding="utf-8") as lines:
        names = lines.readline().strip().split(",")
    as_text = ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    for batch in open_csv(observations, ReadOptions(block_size=BLOCK), convert_options=as_text):
        table = pa.Table.from_batches([batch])
        good = _passes(table, known)
        table = table.filter(good)
        for name in NUMBERS:
            number = pc.if_else(pc.equal(table[name], ""), None, table[name]).cast(pa.int64())
            table = table.set_column(table.schema.get_field_index(name), name, number)
        yield table


def _passes(table: pa.Table, known: pa.Array) -> pa.ChunkedArray:
    """Which rows pass every check."""
    checks = [pc.not_equal(table[name], "") for name in REQUIRED]
    checks += [_is_day(table[name]) for name in DAYS]
    checks += [pc.is_in(table[name], value_set=known) for name in PLACES]
    checks += [pc.match_substring_regex(table[name], "^[0-9]*$") for name in NUMBERS]
    passed = checks[0]
    for check in checks[1:]:
        passed = pc.and_(passed, check)
    return passed


def _is_day(words: pa.ChunkedArray) -> pa.ChunkedArray:
    """Which words are ISO dates: read as one and written again, they are the same; 30 February is not."""
    day = pc.strptime(words, format="%Y-%m-%d", unit="s", error_is_null=True)
    return pc.fill_null(pc.equal(pc.strftime(day, format="%Y-%m-%d"), words), False)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
