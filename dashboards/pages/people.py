"""People: from where to where, and who they are by sex and age, as far as anybody tells."""

from dataclasses import replace
from typing import Any

import pandas as pd
from dash import html

from dashboards.carried import figure_address
from dashboards.language import number, place_name, say, term
from dashboards.parts import empty, page, reserve, source_line, table
from dashboards.reader import Reader, View
from dashboards.wording import age, amount, as_of, counted, region_name, subject, who
from tracker.extent import Extent
from tracker.outline import dimensions, newest_of_series
from tracker.series import figures, rows_of
from tracker.vocabulary import LocationKind, Role, Sex

PATH, TITLE, ORDER = "/people", term("People"), 7
MOST_ROWS, MOST_SERIES = 60, 600
SEX_WORDS = {
    Sex.FEMALE: term("women and girls"),
    Sex.MALE: term("men and boys"),
    Sex.NON_BINARY: term("non-binary"),
    Sex.OTHER: term("other"),
    Sex.UNKNOWN: term("sex not known"),
    Sex.ALL: term("both sexes"),
}
AGE_WORDS = {"all": term("all ages"), "unknown": term("age not known")}


def layout(reader: Reader, /, **query: str) -> Any:
    """The page for the chosen region."""
    with reader.view(query) as view:
        series = dimensions(view.connection, view.ever())
        return page(
            view,
            say("People: {place}", place=region_name(view.region)),
            say("From where to where, and who they are. Each line is one source's newest count; none are added up."),
            [*_movements(view, series), *_parts(view, series)],
            ("region",),
        )


def _newest(view: View, series: pd.DataFrame) -> list[dict[str, Any]]:
    """The newest figures of some series, the largest first."""
    window = replace(view.ever(), series=series["series_id"].tolist())
    numbers = newest_of_series(view.connection, window, MOST_SERIES)
    rows = figures(view.connection, "displacement", replace(view.ever(), observations=numbers))
    return sorted(rows, key=lambda row: -(row["value"] or row["value_low"] or 0))


def _movements(view: View, series: pd.DataFrame) -> list[Any]:
    told = series[
        series["origin_code"].notna()
        & (series["origin_code"] != series["location_code"])
        & (series["sex"] == Sex.ALL)
        & (series["age"] == "all")
        # A single gate is a part of the way, and is told on the Borders and Data pages.
        & series["point_of_entry"].isna()
    ]
    rows = [row for row in _newest(view, told) if row["role"] == Role.RECOMMENDED]
    if not rows:
        return [
            html.H2(say("From where to where")),
            empty(
                say("No source in the store tells where people of {place} came from.", place=region_name(view.region)),
                say("Choose its country above, or a group of countries."),
            ),
        ]
    shown = rows[:MOST_ROWS]
    return [
        html.H2(say("From where to where")),
        table(
            say(
                "The newest count of each way, the largest first; {shown} of {all}",
                shown=len(shown),
                all=number(len(rows)),
            ),
            (say("From"), say("To"), say("Whom"), say("Figure"), say("Period"), say("Who says so"), say("Trace")),
            [
                (
                    place_name(row, "origin"),
                    _place(row),
                    subject(row),
                    html.Bdi(counted(row)),
                    say("{period}, {age}", period=as_of(row), age=age(row["reference_period_end"], view.today)),
                    who(row),
                    html.A(row["observation_id"], href=figure_address(row["observation_id"])),
                )
                for row in shown
            ],
            numeric=(3,),
        ),
        _csv(view, rows),
    ]


def _place(row: dict[str, Any]) -> str:
    if row["location_kind"] == LocationKind.UNSPECIFIED:
        return say("{place}, exact place not told", place=place_name(row))
    return place_name(row)


def _parts(view: View, series: pd.DataFrame) -> list[Any]:
    divided = series[(series["sex"] != Sex.ALL) | (series["age"] != "all")]
    rows = _together(_newest(view, divided))
    heading = html.H2(say("By sex and age"))
    if not rows:
        return [
            heading,
            empty(
                say(
                    "No source in the store tells the sex or age of people of {place}.", place=region_name(view.region)
                ),
                say("That is a gap of the sources, or a source that has not been read yet: see Health."),
            ),
        ]
    wholes = _wholes(view, series, rows)
    shown = rows[:MOST_ROWS]
    return [
        heading,
        table(
            say("The newest count of each, with its share of the same source's total of that day"),
            (
                say("Whom"),
                say("Sex"),
                say("Age"),
                say("Figure"),
                say("Share"),
                say("Period"),
                say("Who says so"),
                say("Trace"),
            ),
            [
                (
                    subject(row),
                    say(SEX_WORDS[Sex(row["sex"])]),
                    say(AGE_WORDS[row["age"]]) if row["age"] in AGE_WORDS else row["age"],
                    html.Bdi(amount(row)),
                    _share(row, wholes),
                    as_of(row),
                    [who(row), reserve(row)],
                    html.A(row["observation_id"], href=figure_address(row["observation_id"])),
                )
                for row in shown
            ],
            numeric=(3, 4),
        ),
        _csv(view, rows),
    ]


def _together(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows, the largest first, so that those of one source about the same people stand together, by sex and age."""
    rank: dict[tuple[Any, ...], int] = {}
    for row in rows:
        rank.setdefault(_alike(row), len(rank))
    return sorted(rows, key=lambda row: (rank[_alike(row)], row["sex"], _first_year(row["age"])))


def _first_year(age_group: str) -> tuple[int, str]:
    """An age group by the year it begins with: "5-11" before "12-17"; those without come last."""
    years = age_group.partition("-")[0].rstrip("+")
    return (int(years) if years.isdecimal() else 1_000, age_group)


def _alike(row: dict[str, Any]) -> tuple[Any, ...]:
    names = ("source", "indicator", "measure", "population_group", "location_code", "origin_code", "variant", "unit")
    return tuple(row[name] for name in names) + (row["reference_period_end"],)


def _wholes(view: View, series: pd.DataFrame, rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], int]:
    """The undivided counts of the same sources, places and days."""
    undivided = series[(series["sex"] == Sex.ALL) & (series["age"] == "all")]
    wanted = {_alike(row)[:-1] for row in rows}
    ours = [
        row["series_id"] for row in rows_of(undivided) if _alike({**row, "reference_period_end": None})[:-1] in wanted
    ]
    days = [row["reference_period_end"] for row in rows]
    window = replace(view.ever(), series=ours, start=min(days), end=max(days))
    return {_alike(row): row["value"] for row in figures(view.connection, "displacement", window) if row["value"]}


def _share(row: dict[str, Any], wholes: dict[tuple[Any, ...], int]) -> str:
    whole = wholes.get(_alike(row))
    return f"{row['value'] / whole:.0%}" if whole and row["value"] is not None else say("total not told")


def _csv(view: View, rows: list[dict[str, Any]]) -> Any:
    address = view.filters.but(period="all").csv("displacement")
    return source_line(Extent.of(rows), address, say("CSV of every displacement figure"))
