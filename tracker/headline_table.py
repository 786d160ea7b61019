"""The headlines of a region as a table: one row an answer, with everything it was chosen from."""

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from tracker.candidates import candidates
from tracker.headline import Headline, headlines
from tracker.outline import dimensions
from tracker.regions import area, resolve
from tracker.series import rows_of
from tracker.vocabulary import Redistribution
from tracker.windows import Window

COPIED = (
    "indicator", "measure", "population_group", "location_code", "location_name", "origin_code", "origin_name", "unit",
    "reference_period_start", "reference_period_end", "start_precision", "end_precision", "value", "value_low",
    "value_high", "qualifier", "value_text", "source", "source_name", "publisher", "publication_title",
    "publication_url", "published_on", "attribution", "coverage", "reliability", "credibility", "doubt", "licence",
    "credit_line",
)  # fmt: skip
"""Columns that are those of the chosen observation."""

COLUMNS = (
    "question", "title", "on", "state", *COPIED, "rival_low", "rival_high", "originators", "disagreement", "allocated",
    "not_allocated", "observation_id", "rule_version",
)  # fmt: skip


def headline_table(connection: Connection, region: str, window: Window, on: date) -> pd.DataFrame:
    """The answers about a region on a day; of a group, those of each of its countries.

    ``state`` is current, last_known or lapsed. ``rival_low`` and ``rival_high`` bound what others say of about the same
    date, null where nobody else does; ``originators`` counts all who answer. ``allocated`` and ``not_allocated`` are
    null where the source tells nothing by area. ``observation_id`` is the chosen figure, or all that were added up.

    Raises:
        UsageError: There is no such region.
    """
    place = resolve(connection, region)
    window = replace(window, region=place)
    listed = rows_of(dimensions(connection, window))
    found: list[Headline] = []
    for one in (area(connection, code) for code in (place.countries if place.whole else (place.code,))):
        found += headlines(candidates(connection, window, listed, one, on), one, on)
    # The choice is made among all figures; one that may not be passed on is no row of a table that is.
    rows = [_row(one, on) for one in found if one.row["redistribute"] != Redistribution.NO]
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def _row(headline: Headline, on: date) -> dict[str, Any]:
    told = headline.allocation
    return {
        "question": headline.question.code,
        "title": headline.title,
        "on": on,
        "state": headline.state.value,
        **{name: headline.row.get(name) for name in COPIED},
        "rival_low": headline.low,
        "rival_high": headline.high,
        "originators": headline.originators,
        "disagreement": headline.disagreement,
        "allocated": told.allocated if told else None,
        "not_allocated": told.not_allocated if told else None,
        "observation_id": " ".join(headline.parts) or headline.row["observation_id"],
        "rule_version": headline.rule_version,
    }
