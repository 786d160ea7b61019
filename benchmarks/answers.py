"""Hold a store against the answer key of the feed that it was filled with.

    python -m benchmarks.answers DATABASE_URL FEED    prints what is wrong, a line each

FEED is the folder of the feed. Every bad record must have been set aside for a reason that fits its kind, and no other.
"""

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, create_engine, func, select

from benchmarks.product import SHEET
from tracker.tables import Displacement, DisplacementSeries, IngestRun, SetAside, Source

REASONS = {
    # A date written "n/a" is malformed to one reader, and missing to another.
    "malformed_date": {"unreadable_date", "missing_field"},
    "negative_value": {"negative"},
    "unknown_pcode": {"unknown_place"},
    "text_number": {"unreadable_number"},
    "missing_required": {"missing_field"},
}
"""Why a record of each kind may be set aside."""


def wrong_answers(connection: Connection, feed: Path) -> Iterator[str]:
    """Every answer of the store that is not the key's, in words."""
    key = json.loads((feed / "answer_key.json").read_text())
    runs = connection.execute(
        select(IngestRun.rows_read, IngestRun.figures_new, IngestRun.figures_revised)
        .add_columns(IngestRun.figures_duplicate, IngestRun.figures_set_aside)
        .join(Source, Source.id == IngestRun.source_id)
        .where(Source.code == SHEET, IngestRun.figures_new + IngestRun.figures_revised > 0)
    ).all()
    if len(runs) != 1:
        # A file that is loaded again brings nothing.
        yield f"{len(runs)} runs have loaded figures, not one"
        return
    (run,) = runs
    open_rows = Displacement.superseded_run_id.is_(None)
    count, total, latest = connection.execute(
        select(func.count(), func.sum(Displacement.value), func.sum(Displacement.value).filter(open_rows))
        .join(DisplacementSeries, DisplacementSeries.id == Displacement.series_id)
        .join(Source, Source.id == DisplacementSeries.source_id)
        .where(Source.code == SHEET)
    ).one()
    answers = {
        "rows": run.rows_read,
        "observations": run.figures_new,
        "revisions": run.figures_revised,
        "duplicate_rows": run.figures_duplicate,
        "bad": run.figures_set_aside,
        "vintages": count,
        # PostgreSQL adds whole numbers up to a decimal.
        "sum_value_all_vintages": int(total or 0),
        "sum_value_latest": int(latest or 0),
    }
    for name, answer in answers.items():
        if answer != key[name]:
            yield f"{name} is {answer:,}, not {key[name]:,}"
    yield from _wrongly_set_aside(connection, feed)


def _wrongly_set_aside(connection: Connection, feed: Path) -> Iterator[str]:
    with (feed / "bad_rows.csv").open(newline="") as lines:
        # The header is line 1, and the first record is 0.
        kinds = {int(row["row"]) + 2: row["kind"] for row in csv.DictReader(lines)}
    query = select(SetAside.locator, SetAside.reason).join(Source).where(Source.code == SHEET)
    found = {int(re.split("[:/]", row.locator)[1]): row.reason for row in connection.execute(query)}
    missed = Counter(kind for line, kind in kinds.items() if line not in found)
    for kind, number in sorted(missed.items()):
        yield f"{number:,} records with {kind} were not set aside"
    misread = Counter(
        (kinds.get(line, "nothing wrong"), reason)
        for line, reason in found.items()
        if reason not in REASONS.get(kinds.get(line, ""), ())
    )
    for (kind, reason), number in sorted(misread.items()):
        yield f"{number:,} records with {kind} were set aside for {reason}"


if __name__ == "__main__":
    with create_engine(sys.argv[1]).connect() as store:
        for wrong in wrong_answers(store, Path(sys.argv[2])):
            print(wrong)
