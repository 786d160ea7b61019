"""A dashboard as the documentation teaches it: a dropdown, a callback, `make_subplots` and graph objects.

    python -m benchmarks.peers.subplots_app DATABASE_URL PORT

It draws the same lines in as many panels as the tracker's overview, from the same reading of the store, and no more.
"""

import sys
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import waitress
from dash import Dash, Input, Output, dcc, html
from plotly.subplots import make_subplots
from sqlalchemy import create_engine

from dashboards.boundaries import shipped
from dashboards.pages.overview import MOST_PANELS
from dashboards.reader import Reader
from dashboards.trends import trends
from tracker.outline import dimensions

COLUMNS = 4


def app_on(url: str) -> Dash:
    """The application on a store."""
    reader = Reader(create_engine(url), Path(), shipped())
    app = Dash(__name__)
    app.layout = html.Div([dcc.Dropdown(id="region", options=["SYR"], value="SYR"), dcc.Graph(id="panels")])

    @app.callback(Output("panels", "figure"), Input("region", "value"))
    def draw(region: str) -> Any:
        with reader.view({"region": region}) as view:
            shown, _ = trends(view, dimensions(view.connection, view.ever()), MOST_PANELS)
        rows = max(-(-len(shown) // COLUMNS), 1)
        figure = make_subplots(rows=rows, cols=COLUMNS, subplot_titles=[one.title for one in shown])
        for number, one in enumerate(shown):
            for line in one.lines:
                drawn = go.Scatter(
                    x=[row["reference_period_end"] for row in line],
                    y=[row["value"] for row in line],
                    name=line[0]["source_name"],
                    mode="lines+markers",
                )
                figure.add_trace(drawn, row=number // COLUMNS + 1, col=number % COLUMNS + 1)
        figure.update_layout(height=220 * rows, title=region, showlegend=False)
        return figure

    return app


if __name__ == "__main__":
    waitress.serve(app_on(sys.argv[1]).server, listen=f"127.0.0.1:{sys.argv[2]}", threads=4)
