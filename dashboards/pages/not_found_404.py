"""What an address leads to that no page has; Dash knows it by the name of this file."""

from typing import Any

from dash import html

from dashboards.language import say, term
from dashboards.parts import empty
from dashboards.reader import Reader

PATH, TITLE, ORDER = "/not-found", term("Not found"), 0


def layout(_reader: Reader, /, **_query: str) -> Any:
    """The page without a figure."""
    return html.Div(
        [html.H1(say("Not found")), empty(say("There is no page at this address."), say("Choose a page above."))]
    )
