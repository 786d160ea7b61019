"""A map that needs no tiles and no library: outlines, circles for counts, marks for crossings, drawn on the server.

Counts are circles whose area is the number; ground is never shaded by a count, since large areas would look full. What
nobody reported is hatched, and is not zero. Crossings differ by shape as well as by colour.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt
from typing import Any

import dash_svg as svg
from dash import html

from dashboards.boundaries import Boundaries, Box, Ring
from dashboards.language import number

WIDTH = 640
LARGEST = 40.0
"""Radius of the largest circle."""
SMALLEST = 2.5
MARGIN = 0.1
"""Of the width and height, around what is shown."""
TALLEST = 1.1
"""Height over width."""
MARKS = {
    "open": "M-5 -5h10v10h-10z",
    "partial": "M0 -7l7 7-7 7-7-7z",
    "closed": "M-6 -3.5l2.5-2.5 3.5 3.5 3.5-3.5 2.5 2.5-3.5 3.5 3.5 3.5-2.5 2.5-3.5-3.5-3.5 3.5-2.5-2.5 3.5-3.5z",
    "unknown": "M0 -4.5a4.5 4.5 0 1 0 .01 0z",
}


@dataclass(frozen=True, slots=True)
class Circle:
    """A count at a place.

    Attributes:
        label: What is written beside it.
        said: The whole figure, in words.
        href: Where it is told more of.
        is_movement: Whether it counts movements, which are drawn with a dotted edge.
    """

    code: str
    latitude: float
    longitude: float
    value: float
    label: str
    said: str
    href: str
    is_movement: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A crossing with its last known status; ``confirmed`` is false where that is old."""

    latitude: float
    longitude: float
    status: str
    confirmed: bool
    said: str
    href: str


@dataclass(frozen=True, slots=True)
class _Projection:
    """Degrees to pixels: true to shape in the middle of the map."""

    west: float
    north: float
    scale: float
    squeeze: float
    height: float

    @classmethod
    def of(cls, box: Box) -> "_Projection":
        west, south, east, north = box
        squeeze = cos(radians((south + north) / 2))
        across, down = (east - west) * squeeze, north - south
        scale = WIDTH * (1 - 2 * MARGIN) / max(across, down / TALLEST)
        height = down * scale + 2 * MARGIN * WIDTH
        spare = WIDTH - across * scale
        return cls(west - spare / 2 / scale / squeeze, north + MARGIN * WIDTH / scale, scale, squeeze, height)

    def x(self, longitude: float) -> float:
        return (longitude - self.west) * self.squeeze * self.scale

    def y(self, latitude: float) -> float:
        return (self.north - latitude) * self.scale

    def shows(self, box: Box) -> bool:
        west, south, east, north = box
        return self.x(east) > 0 and self.x(west) < WIDTH and self.y(south) > 0 and self.y(north) < self.height


def drawing(
    boundaries: Boundaries,
    box: Box,
    about: Collection[str],
    silent: Collection[str],
    circles: Sequence[Circle],
    marks: Sequence[Mark],
) -> Any:
    """The map.

    Args:
        boundaries: The outlines.
        box: What is to be seen.
        about: Codes of the places that the page is about.
        silent: Those of them of which nobody reported anything: they are hatched.
        circles: The counts.
        marks: The crossings.
    """
    at = _Projection.of(box)
    ground = []
    for shape in sorted(boundaries.shapes, key=lambda shape: shape.is_area):
        if at.shows(shape.box):
            kind = "area" if shape.is_area else "country"
            ground.append(
                svg.Path(
                    d="".join(_path(ring, at) for ring in shape.rings),
                    className=f"{kind}{' asked' if shape.code in about else ''}",
                    fill="url(#silent)" if shape.code in silent else None,
                )
            )
    largest = max((circle.value for circle in circles), default=1) or 1
    drawn = [_circle(circle, at, largest) for circle in sorted(circles, key=lambda circle: -circle.value)]
    counted = any(circle.value for circle in circles)
    strip = 2 * LARGEST + 16 if counted else 0
    seen = svg.Svg(
        [
            svg.Rect(width=f"{WIDTH}", height=f"{at.height:.0f}", className="water"),
            svg.G(ground),
            svg.G(drawn),
            svg.G([_mark(mark, at) for mark in marks]),
            svg.G([_label(circle, at, largest) for circle in circles]),
        ],
        width=f"{WIDTH}",
        height=f"{at.height:.0f}",
    )
    return svg.Svg(
        [
            svg.Defs(
                svg.Pattern(
                    [svg.Rect(width="6", height="6", className="silent"), svg.Path(d="M0 6L6 0", className="hatch")],
                    id="silent",
                    width="6",
                    height="6",
                    patternUnits="userSpaceOnUse",
                )
            ),
            seen,
            *([_size_key(largest, at.height + strip)] if counted else []),
        ],
        viewBox=f"0 0 {WIDTH} {at.height + strip:.0f}",
        className="map",
        role="group",
    )


def round_numbers(largest: float) -> list[int]:
    """Two or three round numbers up to the largest count, to tell the sizes of circles by; the larger first."""
    step = 10 ** (len(str(int(largest))) - 1)
    return list(dict.fromkeys(n for n in (int(largest // step) * step, step, step // 10) if n >= 1))


def _size_key(largest: float, height: float) -> Any:
    """Circles of round numbers below the map, as large as they would be on it."""
    middle, bottom = LARGEST + 8, height - 8
    drawn: list[Any] = []
    for round_number in round_numbers(largest):
        radius = _radius(round_number, largest)
        drawn.append(svg.Circle(cx=f"{middle:.1f}", cy=f"{bottom - radius:.1f}", r=f"{radius:.1f}", className="key"))
        top = f"{bottom - 2 * radius + 3:.1f}"
        drawn.append(svg.Text(number(round_number), x=f"{middle + LARGEST + 6:.1f}", y=top, className="name key-name"))
    return svg.G(drawn)


def mark_sign(status: str) -> Any:
    """The shape of a crossing's status, for a legend."""
    return svg.Svg(
        svg.Path(d=MARKS[status], className=f"mark {status}"),
        viewBox="-8 -8 16 16",
        role="presentation",
        className="swatch",
    )


def _radius(value: float, largest: float) -> float:
    return max(LARGEST * sqrt(max(value, 0) / largest), SMALLEST)


def _path(ring: Ring, at: _Projection) -> str:
    points = list(dict.fromkeys(f"{at.x(east):.0f} {at.y(north):.0f}" for east, north in ring))
    return f"M{'L'.join(points)}z" if len(points) > 2 else ""


def _circle(circle: Circle, at: _Projection, largest: float) -> Any:
    movement = " movement" if circle.is_movement else ""
    drawn = svg.Circle(
        html.Title(circle.said),
        cx=f"{at.x(circle.longitude):.1f}",
        cy=f"{at.y(circle.latitude):.1f}",
        r=f"{_radius(circle.value, largest):.1f}",
        className=f"count{movement}",
    )
    return _link(drawn, circle.href, circle.said)


def _label(circle: Circle, at: _Projection, largest: float) -> Any:
    below = _radius(circle.value, largest) + 12
    return svg.Text(
        circle.label,
        x=f"{at.x(circle.longitude):.0f}",
        y=f"{at.y(circle.latitude) + below:.0f}",
        className="name",
    )


def _mark(mark: Mark, at: _Projection) -> Any:
    faint = "" if mark.confirmed else " unconfirmed"
    drawn = svg.Path(
        html.Title(mark.said),
        d=MARKS[mark.status],
        transform=f"translate({at.x(mark.longitude):.1f} {at.y(mark.latitude):.1f})",
        className=f"mark {mark.status}{faint}",
    )
    return _link(drawn, mark.href, mark.said)


def _link(drawn: Any, href: str, said: str) -> Any:
    found = html.A(drawn, href=href)
    setattr(found, "aria-label", said)
    return found
