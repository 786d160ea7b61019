"""The figures of a topic about a region itself: what its chart, its table and its CSV are all made of."""

from collections.abc import Set
from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection

from dashboards.charts.people import is_about
from tracker.outline import dimensions
from tracker.series import displacement
from tracker.wholes import without_parts
from tracker.windows import Window


def people_about(connection: Connection, window: Window, topic: str, places: Set[str]) -> pd.DataFrame:
    """The window's rows of a topic that count the places themselves (`is_about`); parts never stand beside their whole.

    Args:
        connection: The store.
        window: The rows that are asked for.
        topic: A key of `dashboards.filters.TOPICS`.
        places: Codes of the places.
    """
    told = dimensions(connection, window)
    series = told[is_about(told, topic, set(places))]["series_id"].tolist()
    return without_parts(displacement(connection, replace(window, series=series)))
