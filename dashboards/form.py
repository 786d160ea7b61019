"""The choices of a page: an ordinary form, which puts them into the address."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from dash import dcc, html

from dashboards.filters import KINDS, NARROWED, PERIODS, TOPICS
from dashboards.language import ENGLISH, say, term
from dashboards.reader import View
from dashboards.wording import region_name
from tracker.options import options
from tracker.regions import Choice, choices
from tracker.vocabulary import ACCESS_LABELS, GROUP_LABELS, INDICATORS, PopulationGroup

FIELDS = ("region", "beside", "topic", "period", "kind", "lang")
DAYS = {
    "since": term("Changes since (year-month-day)"),
    "as_of": term("As known here on (year-month-day)"),
    "published_by": term("As published by (year-month-day)"),
}
"""The choices that are a day; as of when is asked on every page, by what we knew and by what the world had said."""


def form(view: View, fields: Sequence[str]) -> Any:
    """An ordinary form: it works by keyboard, without scripts, and puts the choices into the address."""
    chosen = view.filters
    labels = {"region": say("Country or region"), "beside": say("Compare with")}
    narrowed = _narrowed(view) if any(name in NARROWED for name in fields) else {}
    words = {"topic": (say("About"), TOPICS), "period": (say("Period"), PERIODS), "kind": (say("Figures"), KINDS)}
    listed = choices(view.connection)
    days = {name: label for name, label in DAYS.items() if name in fields or name != "since"}
    controls = []
    for name in (name for name in fields if name not in DAYS):
        value = str(getattr(chosen, name))
        if name in labels:
            label, offered = labels[name], _regions(listed, value, none=name == "beside")
        elif name in narrowed:
            label, offered = narrowed[name]
        else:
            label, offered = words[name][0], [_option(one, say(text), value) for one, text in words[name][1].items()]
        select = html.Select(offered, name=name, id=f"choose-{name}")
        controls.append(html.Label([label, select], className="control"))
    controls += [_day_control(name, say(label), getattr(chosen, name)) for name, label in days.items()]
    kept = [name for name in FIELDS if name not in (*fields, *days) and getattr(chosen, name)]
    kept = [name for name in kept if name != "lang" or chosen.lang != ENGLISH]
    hidden = [dcc.Input(type="hidden", name=name, value=str(getattr(chosen, name)), id=f"kept-{name}") for name in kept]
    return html.Form([*controls, *hidden, html.Button(say("Show"), type="submit")], method="get", className="filters")


def _narrowed(view: View) -> dict[str, tuple[str, list[Any]]]:
    """Labels and options of what the rows may be narrowed to; a word that no row has is offered if it was asked for."""
    found, chosen = options(view.connection, view.filters.kind, view.region), view.filters
    indicators: dict[str, str] = {one.value: spec.label for one, spec in INDICATORS.items()}
    indicators |= {one.value: label for one, label in ACCESS_LABELS.items()}
    told = {
        "source": (say("Source"), dict(found.sources), chosen.source),
        "indicator": (say("Indicator"), {word: say(indicators[word]) for word in found.indicators}, chosen.indicator),
        "group": (say("Whom"), {word: say(GROUP_LABELS[PopulationGroup(word)]) for word in found.groups}, chosen.group),
    }
    return {
        name: (
            label,
            [_option(*one, value) for one in ({"": say("all"), **({value: value} if value else {}), **words}).items()],
        )
        for name, (label, words, value) in told.items()
    }


def _day_control(name: str, label: str, value: str) -> Any:
    field = dcc.Input(type="text", name=name, value=value, id=f"choose-{name}", placeholder=say("now"))
    return html.Label([label, field], className="control")


def _option(value: str, text: str, chosen: str) -> Any:
    return html.Option(text, value=value, selected=value == chosen)


def _regions(listed: list[Choice], chosen: str, *, none: bool) -> list[Any]:
    """The regions under their headings; one that was asked for by its code alone stands first."""
    offered = [_option("", say("nothing"), chosen)] if none else []
    if chosen and chosen not in {choice.code for choice in listed}:
        offered.append(_option(chosen, chosen, chosen))
    for heading, part in groupby(listed, key=lambda choice: choice.heading):
        offered.append(html.Optgroup([_option(c.code, region_name(c), chosen) for c in part], label=say(heading)))
    return offered
