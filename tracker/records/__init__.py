"""What travels from a source to the store: plain frozen records, before anything has an id.

A source's ``parse`` yields one `ParsedRow` for each row of the provider, whatever became of it, so that rows in
and figures out can be counted against each other. ``None`` always means "not reported", never zero.

``source``  who asserts figures, and the bytes they came in.
``figures``  how many, which crossing, which constraint.
``entries``  places and events.
``parsed``  a provider's row and all that came of it.
"""

from tracker.records.entries import AnyEntry, EventEntry, PlaceEntry
from tracker.records.figures import (
    AccessFigure,
    Amount,
    BorderStatusFigure,
    DisplacementFigure,
    Figure,
    Period,
    PlaceName,
    PointOfEntry,
    Publication,
)
from tracker.records.parsed import AnyFigure, Fault, ParsedRow
from tracker.records.source import Credential, Payload, SavedFile, Source

__all__ = [
    "AccessFigure",
    "Amount",
    "AnyEntry",
    "AnyFigure",
    "BorderStatusFigure",
    "Credential",
    "DisplacementFigure",
    "EventEntry",
    "Fault",
    "Figure",
    "ParsedRow",
    "Payload",
    "Period",
    "PlaceEntry",
    "PlaceName",
    "PointOfEntry",
    "Publication",
    "SavedFile",
    "Source",
]
