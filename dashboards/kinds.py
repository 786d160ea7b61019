"""Each kind of figure in words: what it says, and what and where it is about."""

from typing import Any

from dashboards.charts import access, crossings
from dashboards.language import place_name, say
from dashboards.theme import STATUS_WORDS
from dashboards.wording import counted, in_words, subject


def figure_words(kind: str, row: dict[str, Any]) -> str:
    """What a row says: "more than 370,000 persons", "closed", "shortage"."""
    if kind == "border-status":
        return say(STATUS_WORDS[row["status"]])
    if kind == "aid-access":
        return counted(row) if row["qualifier"] else in_words(row) or say("reported")
    return counted(row)


def subject_words(kind: str, row: dict[str, Any]) -> str:
    """What and where a row is about."""
    if kind == "border-status":
        return f"{crossings.row_name(row)}: {crossings.report_words(row)}"
    if kind == "aid-access":
        return say("{what}; {place}", what=access.row_name(row), place=row["provider_place"] or place_name(row))
    return subject(row)
