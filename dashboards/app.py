"""The dashboard's application."""

from pathlib import Path

from dash import Dash, html
from sqlalchemy import Engine


def create_app(store: Engine, archive: Path) -> Dash:
    """An application that reads this store."""
    app = Dash("dashboards")
    app.layout = html.Main("Displacement Tracker")
    return app
