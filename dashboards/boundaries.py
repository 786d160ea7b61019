"""Outlines of countries and areas, for the map: those that come with the program, or an operator's own.

A file is GeoJSON: a FeatureCollection of (multi)polygons in degrees, each with the property ``code`` (ISO3 or p-code)
and, if it is a country's area, ``level`` "adm1". ``source`` beside the features says whose outlines they are.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from tracker.errors import UsageError

Ring = tuple[tuple[float, float], ...]
Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The outline of a place; ``rings`` are its outer and inner rings of longitude and latitude."""

    code: str
    is_area: bool
    rings: tuple[Ring, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class Boundaries:
    """All outlines there are, and whose they are."""

    source: str
    shapes: tuple[Shape, ...]

    def box(self, codes: Collection[str]) -> Box | None:
        """What the places of these codes lie in; null where none of them has an outline."""
        boxes = [shape.box for shape in self.shapes if shape.code in codes]
        if not boxes:
            return None
        west, south, east, north = zip(*boxes, strict=True)
        return min(west), min(south), max(east), max(north)


@cache
def shipped() -> Boundaries:
    """Those that come with the program: `docs/boundaries.md` tells where they are from."""
    return read((resources.files("dashboards") / "assets" / "geo" / "boundaries.json").read_text(encoding="utf-8"))


def boundaries_of(home: Path) -> Boundaries:
    """An operator's own outlines if there are any, else those that come with the program."""
    own = home / OWN
    return read(own.read_text(encoding="utf-8")) if own.exists() else shipped()


OWN = "boundaries.json"
"""Where `tracker geo import` puts an operator's own outlines, in the data folder."""


def read(text: str) -> Boundaries:
    """Outlines out of a file's text.

    Raises:
        UsageError: It is no GeoJSON of polygons, or one of them has no code.
    """
    try:
        told = json.loads(text)
        features = told["features"]
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError("this is no GeoJSON with features: give a FeatureCollection of polygons") from error
    shapes = tuple(_shape(number, feature) for number, feature in enumerate(features, 1))
    if not shapes:
        raise UsageError("this GeoJSON has no feature: there is nothing to draw")
    return Boundaries(str(told.get("source") or "outlines of the operator's own"), shapes)


def _shape(number: int, feature: Any) -> Shape:
    try:
        named, geometry = feature["properties"], feature["geometry"]
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        rings = tuple(
            tuple((float(point[0]), float(point[1])) for point in ring) for polygon in polygons for ring in polygon
        )
        code = named["code"]
    except (TypeError, KeyError, ValueError, IndexError) as error:
        raise UsageError(f"feature {number} is no polygon with a code in its properties") from error
    points = [point for ring in rings for point in ring]
    if not isinstance(code, str) or not code or not points:
        raise UsageError(f"feature {number} has no code (ISO3 or p-code), or no points")
    if any(abs(east) > 180 or abs(north) > 90 for east, north in points):
        raise UsageError(f"feature {number} ({code}) is not in degrees of longitude and latitude")
    easts, norths = zip(*points, strict=True)
    return Shape(code, named.get("level") == "adm1", rings, (min(easts), min(norths), max(easts), max(norths)))
