"""The store's tables, one family a file.

``reference``     who and where: sources, places, regions, crossings, publications, events
``evidence``      how a figure got here: runs, payloads, rows set aside, leases
``observation``   the columns every vintage of every figure carries, and the standing that many share
``displacement``, ``border``, ``access``   a series table and an observation table each

A series holds what stays the same over time; (series, reference period, external id) is a fact; each fact has
vintages 1, 2, ... as rows, of which one is open (``superseded_run_id`` is null).
"""

from tracker.tables.access import Access, AccessSeries
from tracker.tables.base import Base, Instant
from tracker.tables.border import BorderSeries, BorderStatus
from tracker.tables.displacement import Displacement, DisplacementSeries
from tracker.tables.evidence import IngestRun, Lease, Payload, RunPayload, SetAside
from tracker.tables.observation import Standing
from tracker.tables.reference import (
    Border,
    Event,
    Location,
    LocationCode,
    LocationName,
    PointOfEntry,
    PointOfEntryName,
    Publication,
    Region,
    RegionMember,
    Source,
)

__all__ = [
    "Access",
    "AccessSeries",
    "Base",
    "Border",
    "BorderSeries",
    "BorderStatus",
    "Displacement",
    "DisplacementSeries",
    "Event",
    "IngestRun",
    "Instant",
    "Lease",
    "Location",
    "LocationCode",
    "LocationName",
    "Payload",
    "PointOfEntry",
    "PointOfEntryName",
    "Publication",
    "Region",
    "RegionMember",
    "RunPayload",
    "SetAside",
    "Source",
    "Standing",
]
