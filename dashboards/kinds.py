"""Each kind of figure in words: what it says, and what and where it is about."""

from typing import Any

from dashboards.charts import access, crossings
from dashboards.theme import STATUS_WORDS
from dashboards.wording import counted, subject


def figure_words(kind: str, row: dict[str, Any]) -> str:
    """What a row says: "more than 370,000 persons", "closed", "shortage"."""
    if kind == "border-status":
        return STATUS_WORDS[row["status"]]
    if kind == "aid-access":
        return counted(row) if row["qualifier"] else row["value_text"] or "reported"
    return counted(row)


def subject_words(kind: str, row: dict[str, Any]) -> str:
    """What and where a row is about."""
    if kind == "border-status":
        return f"{crossings.row_name(row)}: {crossings.report_words(row)}"
    if kind == "aid-access":
        return f"{access.row_name(row)}; {row['provider_place'] or row['location_name']}"
    return subject(row)
