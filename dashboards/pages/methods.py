"""Methods: what the words mean, which figure is shown and why, and what this tracker does not know."""

from typing import Any

from dash import html

from dashboards.language import number, plural, say, term
from dashboards.parts import page, table
from dashboards.reader import Reader
from dashboards.wording import MEASURE_WORDS, QUALIFIED
from tracker.headline import QUESTIONS
from tracker.rule import RULE
from tracker.vocabulary import GROUP_LABELS, INDICATORS, Measure

PATH, TITLE, ORDER = "/methods", term("Methods"), 0
MEASURE_NAMES = {
    Measure.STOCK: term("Stock"),
    Measure.FLOW: term("Flow"),
    Measure.CUMULATIVE: term("Cumulative"),
}
MEASURE_RULES = {
    Measure.STOCK: term("Never added up over time."),
    Measure.FLOW: term("Never added up over overlapping periods or over sources."),
    Measure.CUMULATIVE: term("Never added up at all; it grows by itself."),
}
RULES = (
    term("“Not reported” is never 0, and no report on a crossing is never “open”."),
    term("A figure that passes on another one is no second source: it is shown as a relay, and never counts again."),
    term("A correction is a new version beside the old one. What was known on a past day can always be shown again."),
    term("Areas are added up only if one source told all of them for one date; what is told of no area is said apart."),
    term("A crossing's own status goes before that of its border."),
    term("A status that nobody confirmed for a month is faint, and after a year it is unknown."),
    term("A figure that does not fit the history of its series carries a doubt, on every page and in every file."),
    term("A figure that cannot be right is set aside with the reason."),
    term("Nothing is estimated, averaged, filled in or rounded by this tracker."),
)  # fmt: skip
LIMITS = (
    term("Events and places have no earlier versions: a past day shows them as they are known now."),
    term("A figure without a day of publication counts from the day on which this store learnt it."),
    term("Precise places of incidents and names of people are not shown, whatever the source publishes."),
    term("The charts show what happened at the same time. They do not say what caused what."),
    term("Time runs from left to right on every chart, also where the text runs from right to left."),
)


def layout(reader: Reader, /, **query: str) -> Any:
    """The page; it is the same for every region."""
    with reader.view(query) as view:
        return page(
            view,
            say("Methods"),
            say("What the words on these pages mean, which figure is shown, and what is not known."),
            [
                html.H2(say("What a figure counts")),
                _measures(),
                _indicators(),
                html.H2(say("Whom it counts")),
                html.Ul(
                    [html.Li(f"{code}: {say(label)}") for code, label in GROUP_LABELS.items()], className="columns"
                ),
                html.H2(say("How sure a source is")),
                html.Ul(
                    [html.Li(say(words, number=number(370_000))) for words in QUALIFIED.values()], className="columns"
                ),
                html.H2(say("Rules")),
                html.Ul([html.Li(say(rule)) for rule in RULES]),
                html.H2(say("Which figure is shown"), id="rule"),
                *_precedence(),
                html.H2(say("What is not known or not shown")),
                html.Ul([html.Li(say(limit)) for limit in LIMITS]),
            ],
            (),
        )


def _measures() -> Any:
    return table(
        say("Three kinds of number, which never share an axis"),
        (say("Kind"), say("What it counts"), say("Rule")),
        [(say(MEASURE_NAMES[one]), say(MEASURE_WORDS[one]), say(MEASURE_RULES[one])) for one in Measure],
    )


def _indicators() -> Any:
    return table(
        say("Indicators of displacement"),
        (say("Indicator"), say("What it counts")),
        [(say(spec.label), say(spec.definition)) for spec in INDICATORS.values()],
    )


def _precedence() -> list[Any]:
    """The table of the rule, as it is applied."""
    said = say(
        "Rule {version}. Of the bodies that answer a question the first in its order is shown, if its figure is not "
        "too old; among equals the fresher, fuller, more reliable, more credible, newer one. Answers that are apart by "
        "{share} or more are said to differ.",
        version=RULE.version,
        share=f"{RULE.disagree_from - 1:.0%}",
    )
    rows = [(say(one.title, place="…", origin="…"), _order(RULE.questions[one.code])) for one in QUESTIONS]
    return [
        html.P(said),
        table(
            say("Who is asked first; those in one bracket are equal"), (say("Question"), say("Order and reason")), rows
        ),
        _freshness(),
    ]


def _freshness() -> Any:
    """How long a figure speaks for the present, by how often such figures come."""
    paces: dict[int, list[str]] = {days: [] for days in RULE.rhythms}
    for measure, days in RULE.reports_every["measures"].items():
        paces[days].append(say(MEASURE_NAMES[Measure(measure)]))
    for source, days in RULE.reports_every["sources"].items():
        paces[days].append(source.upper().replace("_", " "))
    for question in QUESTIONS:
        own = RULE.questions[question.code].get("reports_every")
        if own is not None:
            paces[own].append(say(question.title, place="…", origin="…"))
    rows = [
        (_days(pace), "; ".join(of), _days(one["lag"] + one["due"]), _days(one["lag"] + one["stale"]))
        for pace, one in RULE.rhythms.items()
        if (of := paces[pace])
    ]
    heads = (say("Comes every"), say("Which figures"), say("Current for"), say("A stock is last known for"))
    return table(say("How long a figure speaks, from the day it is about"), heads, rows)


def _days(count: int) -> str:
    return plural(count, "{count} day", "{count} days")


def _order(told: dict[str, Any]) -> Any:
    listed = " → ".join(
        " = ".join(code.upper().replace("_", " ") for code in bracket) for bracket in told["precedence"]
    )
    return [html.Bdi(listed), html.Br(), html.Small(say(told["why"]))]
