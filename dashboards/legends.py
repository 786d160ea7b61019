"""What the marks of charts stand for: colours and shapes of sources and series, colours of statuses."""

from typing import Any

import dash_svg as svg
from dash import html

from dashboards.charts.marks import Figure
from dashboards.language import say
from dashboards.theme import STATUS_WORDS

SIGNS = {
    "circle": "●○", "diamond": "◆◇", "square": "■□", "triangle-up": "▲△", "triangle-down": "▼▽", "cross": "✚✛",
    "hexagon": "⬢⬡", "stroke": "━━",
}  # fmt: skip
"""The same shapes as letters, full and open: for the key of a picture, which is a text."""
SHAPES = {
    "circle": "M6 1.5a4.5 4.5 0 1 0 .01 0z",
    "diamond": "M6 1l5 5-5 5-5-5z",
    "square": "M2 2h8v8H2z",
    "triangle-up": "M6 1.5l5 9H1z",
    "triangle-down": "M6 10.5l-5-9h10z",
    "cross": "M4.5 1.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
    "hexagon": "M3.5 1.5h5L11 6l-2.5 4.5h-5L1 6z",
    "stroke": "M1 6h10",
}


def status_legend() -> Any:
    """Colour, pattern and what faint means."""
    return html.Ul(
        [html.Li(html.Span(say(words), className=f"status {status}")) for status, words in STATUS_WORDS.items()]
        + [html.Li(say("faint: last known, not confirmed for a month; nothing drawn: nobody reported"))],
        className="legend",
    )


def source_legend(colours: dict[str, str]) -> Any:
    """Whose each line is, by the source's name."""
    return html.Ul(
        [html.Li([_swatch("stroke", colour), name]) for name, colour in sorted(colours.items())], className="legend"
    )


def series_legend(figure: Figure) -> Any:
    """Each series of a chart of people with its mark."""
    marks = {
        trace["name"]: _swatch(trace["marker"]["symbol"], trace["line"]["color"])
        for trace in figure["data"]
        if "line" in trace and "symbol" in trace["marker"]
    }
    return html.Ul([html.Li([mark, name]) for name, mark in marks.items()], className="series")


def _swatch(symbol: str | list[str], colour: str) -> Any:
    """The mark; a stroke has a list of them, in which its series' own comes last."""
    name = symbol if isinstance(symbol, str) else symbol[-1]
    shape, is_open = name.removesuffix("-open"), name.endswith("-open")
    path = svg.Path(d=SHAPES[shape], stroke=colour, strokeWidth="2", fill="none" if is_open else colour)
    swatch = svg.Svg(path, viewBox="0 0 12 12", role="presentation", className="swatch")
    setattr(swatch, "data-sign", SIGNS[shape][is_open])
    return swatch
