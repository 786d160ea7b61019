"""Our own sheet: constraints on aid, incidents, scores and service shortages, as a field office fills them in.

What is published: nothing; a person writes it: CSV, XLSX, NDJSON or Parquet in the columns of ``docs/sheets.md``.
Grain: one row a constraint, incident, score or shortage.
Key: who asserts it, indicator, constraint, topic, place and period; for incidents the office's own id as well.
Revisions and cadence: whenever a file is loaded; the same row with another value is a revision.
Known traps: a constraint may have no number, and then it needs words; a score needs its scale; "we do not know" is
``information_gap``, not a low score; incidents without ``external_id`` at one place and day contradict each other.
"""

from collections.abc import Iterator
from typing import Any

from ingest import sheet_source, tidy
from tracker.errors import RecordError
from tracker.records import AccessFigure, ParsedRow, Payload
from tracker.vocabulary import (
    AccessIndicator,
    AccessUnit,
    ConstraintType,
    Qualifier,
    SetAsideReason,
    Topic,
    Trend,
)

COLUMNS = {
    "indicator": "what it is: " + ", ".join(AccessIndicator),
    "constraint_type": "for constraints: " + ", ".join(ConstraintType),
    "topic": "service or sector: " + ", ".join(Topic),
    **tidy.PLACE,
    **tidy.NUMBER,
    "value": "the number; empty where there is a range or words only",
    "unit": "what the number counts: " + ", ".join(AccessUnit),
    "scale": "of a score, such as 0-5",
    "information_gap": "yes where nobody can judge",
    "trend": "worse, same, better or unknown",
    "variant": "what else tells the series apart",
    **tidy.PERIOD,
    **tidy.PROVENANCE,
}

SOURCE = sheet_source.source(
    code="access_sheet",
    name="Access sheet",
    measures="Constraints, incidents, scores and shortages that somebody enters, each with who asserts it.",
    grain="One constraint, incident, score or shortage a row.",
    traps="A constraint without a number needs words; not knowing is an information gap, not a low score.",
    columns=COLUMNS,
)

REQUIRED = ("indicator", "reference_period_end")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each row of the sheet."""
    return sheet_source.parse(payload, COLUMNS, REQUIRED, _figure, "value", "indicator")


def _figure(cells: dict[str, Any], locator: str) -> AccessFigure:
    amount, _ = tidy.amount(cells, whole=False)
    numbered = not (amount.value is None and amount.low is None and amount.high is None)
    words = tidy.words_of(cells, "value_text")
    gap = tidy.flag(cells, "information_gap")
    if not numbered and not words and not gap:
        raise RecordError(SetAsideReason.MISSING_FIELD, "no value, no value_text and no information_gap: what is it?")
    if numbered and "unit" not in cells:
        raise RecordError(SetAsideReason.MISSING_FIELD, f"unit is empty: expected one of {', '.join(AccessUnit)}")
    return AccessFigure(
        source=SOURCE.code,
        **tidy.common(cells, locator),
        indicator=tidy.word(cells, "indicator", AccessIndicator),
        constraint_type=tidy.optional(cells, "constraint_type", ConstraintType),
        topic=tidy.optional(cells, "topic", Topic),
        location=tidy.place(cells),
        variant=tidy.variant(cells),
        amount=amount if numbered or amount.qualifier is Qualifier.ORDER_OF_MAGNITUDE else None,
        unit=tidy.optional(cells, "unit", AccessUnit),
        value_text=words,
        scale=tidy.words_of(cells, "scale"),
        information_gap=gap,
        trend=tidy.optional(cells, "trend", Trend),
        period=tidy.period(cells),
    )
