"""What other bodies say of the same people at about the same date: the figures that stand beside one figure.

They are found by the words of the headline rule (`tracker.headline`), for any figure that answers one of its questions,
whether or not it is the one the rule would choose.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from tracker.asof import AsOf
from tracker.headline import QUESTIONS, SAME_TIME, Question, answers, eligible, newest_first
from tracker.outline import dimensions
from tracker.rule import RULE
from tracker.series import figures, rows_of
from tracker.wholes import undivided
from tracker.windows import Window


def rivals(connection: Connection, row: dict[str, Any], moment: AsOf) -> list[dict[str, Any]]:
    """The nearest figure of each other body, in the order of their dates; none of a part, or where nobody else answers.

    Args:
        connection: The store.
        row: A row of `tracker.series.displacement`.
        moment: As of when.
    """
    question = _question(row)
    if question is None:
        return []
    places = {_place(row, question)}
    window = Window(indicator=row["indicator"], population_group=row["population_group"], as_of=moment)
    series = [
        one["series_id"]
        for one in rows_of(dimensions(connection, window))
        if one["origin_code"] == row["origin_code"] and undivided(one) and answers(one, question, places)
    ]
    end, apart = row["reference_period_end"], SAME_TIME[question.measure]
    rows = figures(connection, "displacement", replace(window, series=series, start=end - apart))
    others: dict[str, dict[str, Any]] = {}
    for other in sorted(rows, key=lambda one: (abs(one["reference_period_end"] - end), newest_first(one))):
        if abs(other["reference_period_end"] - end) <= apart and eligible(other):
            others.setdefault(RULE.originator(other), other)
    others.pop(RULE.originator(row), None)
    return sorted(others.values(), key=newest_first)


def _question(row: dict[str, Any]) -> Question | None:
    if not undivided(row):
        return None
    return next((one for one in QUESTIONS if answers(row, one, {_place(row, one)})), None)


def _place(row: dict[str, Any], question: Question) -> str:
    """Whom a question is asked of: people abroad are asked of the place they are from."""
    return str(row["origin_code"] if question.abroad else row["location_code"])
