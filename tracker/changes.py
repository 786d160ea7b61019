"""What the store learnt last, as a tidy frame."""

import pandas as pd
from sqlalchemy import Connection, and_, select
from sqlalchemy.orm import aliased

from tracker.series import CEILING, Window, displacement, id_of, visible
from tracker.tables import Displacement
from tracker.tables.observation import FACT
from tracker.vocabulary import LocationKind
from tracker.wholes import without_parts


def changes(connection: Connection, window: Window, limit: int) -> pd.DataFrame:
    """What the store learnt last about a region's displacement: revisions, then the newest periods.

    Columns are those of `displacement`, plus ``previous_value`` of the vintage before. Zeros and totals of people from
    the region in single other countries are left out: they are in the CSV.
    """
    frame = without_parts(displacement(connection, window))
    region = window.region
    if region and len(frame):
        here = frame["location_kind"] == LocationKind.WORLD
        frame = frame[(here | frame["location_id"].isin(region.location_ids)) & (frame["value"].fillna(1) != 0)]
    frame = frame.assign(revised=frame["vintage"] > 1)
    newest = ["revised", "reference_period_end", "run_id", "series_id"]
    frame = frame.sort_values(newest, ascending=False, na_position="last")
    frame = frame.head(limit).reset_index(drop=True)
    current, previous = Displacement, aliased(Displacement)
    same_fact = and_(*(getattr(previous, column) == getattr(current, column) for column in FACT))
    query = (
        select(id_of(current, current.id).label("observation_id"), previous.value)
        .join(previous, and_(same_fact, previous.vintage == current.vintage - 1))
        .where(current.series_id.in_(frame["series_id"].tolist()), visible(current))
        .where(previous.sensitivity <= int(CEILING))
    )
    known = {row.observation_id: row.value for row in connection.execute(query)}
    frame["previous_value"] = [known.get(observation_id) for observation_id in frame["observation_id"]]
    return frame
