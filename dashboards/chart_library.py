"""The library that draws the charts: the part of Plotly they use, where it is installed; all of it, where it is not.

Plotly's Python package carries plotly.js whole, 1.2 million bytes on the line. Its makers publish the same release with
points, lines and bars alone (the npm package ``plotly.js-basic-dist-min``), a third of that; ``./run`` installs it.
"""

from pathlib import Path

import plotly.offline
from flask import Flask, Response, send_file

SMALL = Path(__file__).parent / "node_modules/plotly.js-basic-dist-min/plotly-basic.min.js"
ADDRESS = "/_dash-component-suites/plotly/package_data/plotly.min.js"
"""Where the application asks for plotly.js, as soon as a page has a chart."""


def serve_small_library(server: Flask) -> None:
    """Answer with the small library, if it is there and of the very release that Plotly's Python package expects."""
    if not SMALL.exists() or f"v{plotly.offline.get_plotlyjs_version()}\n" not in SMALL.read_text()[:200]:
        return

    @server.get(ADDRESS)
    def chart_library() -> Response:
        return send_file(SMALL, mimetype="text/javascript")
