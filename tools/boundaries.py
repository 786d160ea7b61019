"""Make the outlines of the map from public-domain data: the areas of Syria, and the countries around it.

    pip install "shapely>=2.2"
    python tools/boundaries.py world_map.gpkg plotly-geo-assets.js dashboards/assets/geo/boundaries.json

``world_map.gpkg`` is Natural Earth 4.1, simplified, in Debian's package qgis-common 3.22; ``plotly-geo-assets.js`` lies
in ``dist/`` of the npm package plotly.js 4.1.1 and has the United Nations' outlines of countries. The Golan is drawn in
Syria, as the United Nations do: Quneitra is Natural Earth's, with the zone of UNDOF, and with what only the United
Nations' Syria has. The same two files make the same bytes.
"""

import json
import re
import sqlite3
import sys
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from typing import Any

import shapely
from shapely import Geometry

FRAME = shapely.box(21.5, 19.0, 52.0, 45.0)
"""All that a map of Syria, its neighbours and Egypt shows, with its margins. What is left out looks like sea."""
CODES = {
    "Damascus": "SY01", "Aleppo": "SY02", "Rif Dimashq": "SY03", "Homs (Hims)": "SY04", "Hamah": "SY05",
    "Lattakia": "SY06", "Idlib": "SY07", "Hasaka (Al Haksa)": "SY08", "Dayr Az Zawr": "SY09", "Tartus": "SY10",
    "Ar Raqqah": "SY11", "Dar`a": "SY12", "As Suwayda'": "SY13", "Quneitra": "SY14", "UNDOF": "SY14",
}  # fmt: skip
"""P-codes by Natural Earth's names, reviewed one by one. Its FIPS codes look like p-codes and mean other areas."""
DRAWN_IN = {"-99": "SRB", "-1": "CYP"}
"""Two countries that Natural Earth draws under no ISO3 code, and where the United Nations draw them."""
CLOSE = {*CODES.values(), "ISR", "JOR", "LBN", "PSE"}
"""What is small, or seen from near, keeps more detail."""
FINE, COARSE = 0.012, 0.035
"""Tolerances in degrees: the root of the area of the bends that go."""
SPECK = 0.003
"""Islands smaller than this, in square degrees, go: some thirty square kilometres. Syria keeps its own."""
GAP = 0.1
"""Holes up to this width are filled by a neighbour: enclaves that went as specks, and where sources do not meet."""
WEDGE = 0.012
"""Half the width of what is too narrow to be meant, where two sources' lines do not meet."""
GRID = 0.001
ENVELOPE_BYTES = (0, 32, 48, 48, 64)


def main(world: Path, assets: Path, target: Path) -> None:
    """Write the file: Natural Earth's GeoPackage and the outlines of plotly.js in, GeoJSON out."""
    areas, countries = _natural_earth(world)
    golan, countries["ISR"] = _golan(_syria_of_the_united_nations(assets), countries["ISR"], countries["LBN"])
    areas["SY14"] = shapely.union_all([areas["SY14"], golan])
    drawn = _simplified({**areas, **countries})
    drawn["SYR"] = shapely.union_all([drawn[code] for code in areas])
    features = [_feature({"code": code, "level": "adm1", "country": "SYR"}, drawn[code]) for code in sorted(areas)]
    features += [_feature({"code": code, "level": "adm0"}, drawn[code]) for code in sorted(drawn.keys() - areas)]
    told = {
        "type": "FeatureCollection",
        "name": "Syria and the countries around it",
        "source": "Natural Earth (public domain), the Golan as in UN Geodata; not official boundaries",
        "features": features,
    }
    target.write_text(json.dumps(told, separators=(",", ":")) + "\n", encoding="utf-8")
    sys.stdout.write(f"{target}: {len(features)} outlines, {target.stat().st_size} bytes\n")


def _natural_earth(world: Path) -> tuple[dict[str, Geometry], dict[str, Geometry]]:
    """The areas of Syria by p-code, and the other countries in the frame by ISO3 code."""
    with closing(sqlite3.connect(world)) as store:
        named = store.execute("SELECT name, geom FROM states_provinces WHERE admin = 'Syria'").fetchall()
        others = "SELECT coalesce(ISO_A3, iso_a2), geom FROM countries WHERE ISO_A3 IS NOT 'SYR'"
        coded = store.execute(others).fetchall()
    areas = _by_code([(CODES[name], blob) for name, blob in named])
    countries = _by_code([(DRAWN_IN.get(code, code), blob) for code, blob in coded])
    clipped = {code: _without_specks(shapely.intersection(shape, FRAME)) for code, shape in countries.items()}
    return areas, {code: shape for code, shape in clipped.items() if not shapely.is_empty(shape)}


def _by_code(parts: list[tuple[str, bytes]]) -> dict[str, Geometry]:
    codes = sorted({code for code, _ in parts})
    return {code: shapely.union_all([_geometry(blob) for other, blob in parts if other == code]) for code in codes}


def _geometry(blob: bytes) -> Geometry:
    """A GeoPackage's geometry: a header, whose length its flags tell, and WKB."""
    return shapely.make_valid(shapely.from_wkb(blob[8 + ENVELOPE_BYTES[(blob[3] >> 1) & 7] :]))


def _syria_of_the_united_nations(assets: Path) -> Geometry:
    """Syria out of the TopoJSON of Asia: its outline is in arcs, which are in steps from point to point."""
    text = assets.read_text(encoding="utf-8").partition('"dist/topojson/asia_50m.json"(exports, module) {')[2]
    literal = text.partition("module.exports = ")[2].partition(";\n")[0]
    topology = json.loads(re.sub(r"([{,]\s*)(\w+):", r'\1"\2":', literal))
    (found,) = (one for one in topology["objects"]["countries"]["geometries"] if one["id"] == "SYR")
    outline: list[tuple[float, float]] = []
    # The literal writes a thousand as 1e3, which is no integer to JSON. A negative number is an arc from its end.
    for number in map(int, found["arcs"][0]):
        arc = _points(topology, number if number >= 0 else ~number)
        outline += arc if number >= 0 else arc[::-1]
    return shapely.make_valid(shapely.Polygon(outline))


def _points(topology: dict[str, Any], number: int) -> list[tuple[float, float]]:
    (wide, high), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    east, north = map(accumulate, zip(*topology["arcs"][number], strict=True))
    return [(x * wide + west, y * high + south) for x, y in zip(east, north, strict=True)]


def _golan(syria: Geometry, israel: Geometry, lebanon: Geometry) -> tuple[Geometry, Geometry]:
    """What Natural Earth's Israel has of the United Nations' Syria, and Israel without it.

    The United Nations' line is the coarser one: at the foot of Mount Hermon it leaves a wedge of Israel between the
    Golan and Lebanon, where neither means one. It goes with the Golan.
    """
    common = max(shapely.get_parts(shapely.intersection(syria, israel)), key=shapely.area)
    rest = shapely.difference(israel, common)
    broad = shapely.buffer(shapely.buffer(rest, -WEDGE, join_style="mitre"), WEDGE, join_style="mitre")
    narrow = shapely.get_parts(shapely.difference(rest, broad))
    wedges = [part for part in narrow if shapely.intersects(part, common) and shapely.intersects(part, lebanon)]
    golan = shapely.union_all([common, *wedges])
    return golan, shapely.difference(israel, golan)


def _simplified(shapes: dict[str, Geometry]) -> dict[str, Geometry]:
    """All of them with fewer points, on a grid; neighbours keep one border between them.

    Raises:
        ValueError: The outlines overlap or are invalid on the grid.
    """
    # Cleaned, neighbours have the same points on their border, also where the Golan's line meets it.
    clean = shapely.coverage_clean(list(shapes.values()), gap_width=GAP)
    fine = dict(zip(shapes, shapely.coverage_simplify(clean, FINE), strict=True))
    # With the sea among them, coasts lie within, and only the borders with what is close are kept as they are.
    sea = shapely.difference(FRAME, shapely.union_all(list(fine.values())))
    far = {code: shape for code, shape in fine.items() if code not in CLOSE}
    *coarse, _ = shapely.coverage_simplify([*far.values(), sea], COARSE, simplify_boundary=False)
    fine.update(zip(far, coarse, strict=True))
    drawn = {code: shapely.set_precision(shape, GRID, mode="pointwise") for code, shape in fine.items()}
    if not (all(map(shapely.is_valid, drawn.values())) and shapely.coverage_is_valid(list(drawn.values()))):
        raise ValueError("the outlines do not fit together on the grid: simplify less, or take a finer grid")
    return drawn


def _without_specks(shape: Geometry) -> Geometry:
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if part.area > SPECK])


def _feature(properties: dict[str, str], shape: Geometry) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
