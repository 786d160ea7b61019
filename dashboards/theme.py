"""Colours, written once: the stylesheet's variables and the charts' colours both come from here.

Statuses differ by lightness and by pattern as well as by hue, and never by red against green.
"""

from collections.abc import Collection, Iterable

from dashboards.language import term

LIGHT = {
    "ground": "#ffffff",
    "raised": "#f5f7f9",
    "ink": "#1a2530",
    "muted": "#4c5b68",
    "line": "#d4dbe1",
    "link": "#0b4f8a",
    "stock": "#1f66a8",
    "flow": "#b3560f",
    "rival": "#6a4a9c",
    "water": "#dfeaf2",
    "warn-ground": "#fff4dc",
    "warn-ink": "#6b4700",
}
DARK = {
    "ground": "#12181e",
    "raised": "#1b242c",
    "ink": "#e8edf1",
    "muted": "#a9b6c1",
    "line": "#33404b",
    "link": "#8cc2f2",
    "stock": "#6fb1ee",
    "flow": "#f0a35c",
    "rival": "#bda2ea",
    "water": "#0c2333",
    "warn-ground": "#3a2d10",
    "warn-ink": "#ffdf9e",
}

STATUS_COLOURS = {"open": "#2d7fc4", "partial": "#e8a92c", "closed": "#7d1f45", "unknown": "#aeb8c1"}
STATUS_PATTERNS = {"open": "", "partial": "/", "closed": "x", "unknown": "."}
STATUS_WORDS = {
    "open": term("open"),
    "partial": term("partly open"),
    "closed": term("closed"),
    "unknown": term("status not known"),
}

SERIES_COLOURS = (
    "#1f77b4", "#c2621a", "#8a63c4", "#13808a", "#8a6d1b", "#c2456f", "#4c7a2f", "#6b7883", "#5b6fd6", "#a8499f",
    "#2c8c5a", "#a3563f",
)  # fmt: skip
"""For lines and points on charts: each has at least 3:1 against both grounds."""

CHART_INK, CHART_LINE = "#6b7883", "rgba(128,140,150,0.35)"
"""Readable on the light and on the dark ground, so that a change of theme redraws nothing."""


def source_colours(ranked: Iterable[str], shown: Collection[str]) -> dict[str, str]:
    """The colour of each source shown together: its own, by its rank, and never that of another one beside it.

    Args:
        ranked: Codes of all sources, in an order that new ones are only added to, so that each keeps its colour.
        shown: Codes of those in one view.
    """
    found: dict[str, str] = {}
    for rank, code in enumerate(ranked):
        if code in shown:
            turned = SERIES_COLOURS[rank % len(SERIES_COLOURS) :] + SERIES_COLOURS[: rank % len(SERIES_COLOURS)]
            found[code] = next((colour for colour in turned if colour not in found.values()), turned[0])
    return found


def css_variables() -> str:
    """The tokens as CSS custom properties, for light, and for dark where the reader's system asks for it."""

    def block(tokens: dict[str, str]) -> str:
        return "".join(f"--{name}:{value};" for name, value in tokens.items())

    statuses = block({f"status-{name}": value for name, value in STATUS_COLOURS.items()})
    dark = f"@media (prefers-color-scheme: dark){{:root{{{block(DARK)}}}}}"
    return f":root{{color-scheme:light dark;{block(LIGHT)}{statuses}}}{dark}"
