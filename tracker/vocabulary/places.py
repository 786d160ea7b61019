"""Words for places, crossings and dated events."""

from enum import StrEnum


class LocationKind(StrEnum):
    """What a place is; `unspecified` is a country's child for places nobody could resolve."""

    WORLD = "world"
    COUNTRY = "country"
    ADM1 = "adm1"
    ADM2 = "adm2"
    SITE = "site"
    AREA = "area"
    UNSPECIFIED = "unspecified"


class PointOfEntryKind(StrEnum):
    """How a point of entry is crossed (IOM's kinds, plus crossings of an internal line)."""

    LAND = "land"
    ROAD = "road"
    RAIL = "rail"
    PEDESTRIAN = "pedestrian"
    RIVER = "river"
    SEA = "sea"
    AIR = "air"
    CROSSLINE = "crossline"


class EventType(StrEnum):
    """What sort of dated event annotates a chart."""

    CONFLICT = "conflict"
    CONTROL_CHANGE = "control_change"
    CEASEFIRE = "ceasefire"
    BORDER = "border"
    ACCESS = "access"
    DISPLACEMENT = "displacement"
    DISASTER = "disaster"
    POLITICAL = "political"
