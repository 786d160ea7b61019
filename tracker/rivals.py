"""What other bodies say of the same people at about the same date: the figures that stand beside one figure.

They are found by the words of the headline rule (`tracker.headline`), for any figure that answers one of its questions,
whether or not it is the one the rule would choose.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from tracker.asof import AsOf
from tracker.headline import QUESTIONS, SAME_TIME, Question, answers, covers, eligible, newest_first
from tracker.outline import dimensions
from tracker.regions import Region
from tracker.rule import RULE
from tracker.series import figures, rows_of
from tracker.wholes import undivided
from tracker.windows import Window


def rivals(connection: Connection, row: dict[str, Any], moment: AsOf) -> list[dict[str, Any]]:
    """The nearest figure of each other body, the nearest first; none of a part, or where nobody else answers.

    Args:
        connection: The store.
        row: A row of `tracker.series.displacement`.
        moment: As of when.
    """
    question = _question(row)
    if question is None:
        return []
    end, apart = row["reference_period_end"], SAME_TIME[question.measure]
    # A region of the one place: the series about it are few, however many the store has.
    here = Region(row["location_code"], "", None, frozenset({row["location_id"]}), (), whole=False)
    window = Window(here, end - apart, indicator=row["indicator"], population_group=question.group, as_of=moment)
    places = {_place(row, question)}
    series = [
        one["series_id"]
        for one in rows_of(dimensions(connection, window))
        if one["origin_code"] == row["origin_code"] and undivided(one) and answers(one, question, places)
    ]
    found = [
        other
        for other in figures(connection, "displacement", replace(window, series=series))
        if abs(other["reference_period_end"] - end) <= apart and eligible(other)
    ]
    others: dict[str, dict[str, Any]] = {}
    for other in sorted(found, key=lambda one: (abs(one["reference_period_end"] - end), newest_first(one))):
        others.setdefault(RULE.originator(other), other)
    # Neither the body itself is another one, nor the body whose word it passes on.
    own = [row, *(other for other in found if other["observation_id"] == row["relays"])]
    return [other for body, other in others.items() if body not in {RULE.originator(one) for one in own}]


def _question(row: dict[str, Any]) -> Question | None:
    if not undivided(row) or not covers(row, row["reference_period_start"], row["reference_period_end"]):
        return None
    return next((one for one in QUESTIONS if answers(row, one, {_place(row, one)})), None)


def _place(row: dict[str, Any], question: Question) -> str:
    """Whom a question is asked of: people abroad are asked of the place they are from."""
    return str(row["origin_code"] if question.abroad else row["location_code"])
