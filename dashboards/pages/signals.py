"""Signals: what stands out by stated rules, the rule beside each; it asks for a look, it judges nothing."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pandas as pd
from dash import html

from dashboards.answers import answers_of
from dashboards.carried import figure_address
from dashboards.charts import access, crossings
from dashboards.language import number, plural, say, term
from dashboards.parts import headline_title, page, rivals, table
from dashboards.reader import Reader, View
from dashboards.theme import STATUS_WORDS
from dashboards.trends import trends
from dashboards.wording import age, amount, as_of, day, region_name, subject, who
from tracker import series
from tracker.headline import Headline, State
from tracker.outline import dimensions
from tracker.rule import RULE
from tracker.vocabulary import Measure, Role

PATH, TITLE, ORDER = "/signals", term("Signals"), 9
RECENT = timedelta(days=90)
LATELY = timedelta(days=30)
JUMP, JUMP_PEOPLE = 0.25, 10_000
MOST_PLACES = 40
RULES = {
    "rise": term(
        "A count of people at a date, or of movements since a start, is {share} and {people} or more above or below "
        "the one before."
    ),
    "crossing": term("The status of a crossing or border changed within {days} days."),
    "access": term("A constraint, shortage or incident was reported within {days} days."),
    "differ": term("Bodies that answer the same question for about the same date are {share} or more apart."),
    "silent": term("A question that was answered once has no current answer."),
}  # fmt: skip
NAMES = {
    "rise": term("More or fewer people"),
    "crossing": term("Crossings that changed"),
    "access": term("Access"),
    "differ": term("Sources that differ"),
    "silent": term("Questions nobody answers any more"),
}


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that stands out: what, in words, and where it can be looked up."""

    what: str
    said: str
    when: str
    observation: str


def layout(reader: Reader, /, **query: str) -> Any:
    """The page for the chosen region."""
    with reader.view(query) as view:
        told = dimensions(view.connection, view.ever())
        answers = answers_of(view, told)
        found = {
            "rise": _jumps(view, told, answers),
            "crossing": _crossings(view),
            "access": _access(view),
            "differ": _differ(answers),
            "silent": _silent(view, answers),
        }
        return page(
            view,
            say("Signals: {place}", place=region_name(view.region)),
            say(
                "What stands out on {day}, by rules that are printed beside it. A signal asks for a look.",
                day=day(view.today),
            ),
            [*_together(found), *(part for kind, signals in found.items() for part in _section(kind, signals))],
            ("region",),
        )


def _section(kind: str, signals: list[Signal]) -> list[Any]:
    rule = say(
        RULES[kind],
        share=f"{JUMP if kind == 'rise' else RULE.disagree_from - 1:.0%}",
        people=number(JUMP_PEOPLE),
        days=LATELY.days,
    )
    told = html.P([html.Strong(say("Rule:")), " ", rule], className="source")
    if not signals:
        return [html.H2(say(NAMES[kind])), told, html.P(say("Nothing stands out by this rule."), className="advice")]
    rows = [
        (one.what, one.said, one.when, html.A(one.observation, href=figure_address(one.observation))) for one in signals
    ]
    caption = plural(len(signals), "{kind}: {count} signal", "{kind}: {count} signals", kind=say(NAMES[kind]))
    return [
        html.H2(say(NAMES[kind])),
        told,
        table(caption, (say("What and where"), say("What stands out"), say("Period"), say("Trace")), rows),
    ]


def _together(found: dict[str, list[Signal]]) -> list[Any]:
    """Says when people moved, crossings changed and access was hindered in the same weeks."""
    kinds = ("rise", "crossing", "access")
    if not all(found[kind] for kind in kinds):
        return []
    said = say(
        "Numbers of people, crossings and access changed in the same weeks. Look at them on one time axis; that they "
        "came together does not say what caused what."
    )
    return [html.P(said, className="notice", role="status")]


def _jumps(view: View, told: pd.DataFrame, answers: list[Headline]) -> list[Signal]:
    """The newest count of each place's preferred series against the one before; likewise of counts since a start."""
    found, _ = trends(view, told, MOST_PLACES)
    signals = []
    for rows in (*(one.lines[0] for one in found), *_counts(view, answers)):
        line = [row for row in rows if row["value"]]
        if len(line) < 2 or view.today - line[-1]["reference_period_end"] > RECENT:
            continue
        before, now = line[-2], line[-1]
        change = now["value"] - before["value"]
        if abs(change) >= max(JUMP_PEOPLE, JUMP * before["value"]):
            said = say(
                "{before} → {now} ({share})",
                before=amount(before),
                now=amount(now),
                share=f"{change / before['value']:+.0%}",
            )
            signals.append(Signal(f"{subject(now)}; {who(now)}", said, as_of(now), now["observation_id"]))
    return signals


def _counts(view: View, answers: list[Headline]) -> list[list[dict[str, Any]]]:
    """The series of the answers that count movements since a start."""
    chosen = [one.row["series_id"] for one in answers if one.row["measure"] == Measure.CUMULATIVE]
    rows = series.figures(view.connection, "displacement", replace(view.ever(), series=chosen)) if chosen else []
    lines = [[row for row in rows if row["series_id"] == number_of] for number_of in chosen]
    return [[row for row in line if row["role"] == Role.RECOMMENDED] for line in lines]


def _crossings(view: View) -> list[Signal]:
    by_row: dict[str, list[crossings.Segment]] = defaultdict(list)
    for segment in crossings.segments(series.border_status(view.connection, view.ever()), view.today):
        if segment.start <= view.today:
            by_row[segment.row].append(segment)
    signals = []
    for row, segments in by_row.items():
        now = segments[-1] if segments[-1].confirmed else None
        before = segments[-2] if len(segments) > 1 else None
        if now and before and before.status != now.status and view.today - now.start <= LATELY:
            said = say("{before} → {now}", before=say(STATUS_WORDS[before.status]), now=say(STATUS_WORDS[now.status]))
            report = now.reports[0]
            signals.append(Signal(row, said, day(now.start), report["observation_id"]))
    return signals


def _access(view: View) -> list[Signal]:
    frame = series.aid_access(view.connection, view.ever())
    recent = [row for row in access.drawn(frame) if timedelta(0) <= view.today - row["reference_period_end"] <= LATELY]
    return [
        Signal(access.row_name(row), access.words(row), as_of(row), row["observation_id"]) for row in reversed(recent)
    ]


def _differ(answers: list[Headline]) -> list[Signal]:
    signals = []
    for one in answers:
        if one.differs:
            said = say("{amount}; others: {span}", amount=amount(one.row), span=rivals(one))
            signals.append(Signal(headline_title(one), said, as_of(one.row), one.row["observation_id"]))
    return signals


def _silent(view: View, answers: list[Headline]) -> list[Signal]:
    return [
        Signal(
            headline_title(one),
            say("last: {amount}; {source}", amount=amount(one.row), source=who(one.row)),
            say("{period}, {age}", period=as_of(one.row), age=age(one.row["reference_period_end"], view.today)),
            one.row["observation_id"],
        )
        for one in answers
        if one.state is not State.CURRENT
    ]
