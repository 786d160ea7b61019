"""Make the polygons of the map from public-domain data: the areas of Syria, and the countries around it.

    pip install "shapely>=2.1"
    python tools/boundaries.py world_map.gpkg plotly-geo-assets.js dashboards/assets/geo/boundaries.json

``world_map.gpkg`` is Natural Earth 4.1, simplified, in Debian's package qgis-common; ``plotly-geo-assets.js``
lies in ``dist/`` of the npm package plotly.js 4.1.1 and has the United Nations' outlines of countries. The Golan is
drawn in Syria, as the United Nations do: Quneitra is Natural Earth's, with the zone of UNDOF, and with what only the
United Nations' Syria has.
"""

import json
import re
import sqlite3
import sys
from pathlib import Path
from typing import Any

import shapely
from shapely import Geometry

FRAME = shapely.box(18.0, 18.0, 58.0, 46.0)
TOLERANCE = 0.02
"""Degrees, about two kilometres."""
DECIMALS = 3
CODES = {
    "Damascus": "SY01", "Aleppo": "SY02", "Rif Dimashq": "SY03", "Homs (Hims)": "SY04", "Hamah": "SY05",
    "Lattakia": "SY06", "Idlib": "SY07", "Hasaka (Al Haksa)": "SY08", "Dayr Az Zawr": "SY09", "Tartus": "SY10",
    "Ar Raqqah": "SY11", "Dar`a": "SY12", "As Suwayda'": "SY13", "Quneitra": "SY14", "UNDOF": "SY14",
}  # fmt: skip
"""P-codes by Natural Earth's names, reviewed one by one. Its FIPS codes look like p-codes and mean other areas."""
ENVELOPE_BYTES = (0, 32, 48, 48, 64)


def main(world: Path, assets: Path, target: Path) -> None:
    """Write the file."""
    with sqlite3.connect(world) as store:
        countries = _read(store, "SELECT ISO_A3, geom FROM countries WHERE length(ISO_A3) = 3")
        # Natural Earth draws the north of Cyprus apart, under no code.
        north = [_geometry(blob) for (blob,) in store.execute("SELECT geom FROM countries WHERE ISO_A3 IS NULL")]
        near = [part for part in north if part.intersects(FRAME)]
        named = store.execute("SELECT name, geom FROM states_provinces WHERE admin = 'Syria'").fetchall()
    countries["CYP"] = shapely.union_all([countries["CYP"], *near])
    areas: dict[str, list[Geometry]] = {}
    for name, blob in named:
        areas.setdefault(CODES[name], []).append(_geometry(blob))
    own = shapely.union_all([part for parts in areas.values() for part in parts])
    areas["SY14"].append(_golan(_outline_of_syria(assets), own))
    syria = {code: shapely.union_all(parts) for code, parts in sorted(areas.items())}
    around = {code: part for code, part in countries.items() if code != "SYR" and part.intersects(FRAME)}
    whole = shapely.union_all(list(syria.values()))
    around = {code: shapely.intersection(part, FRAME).difference(whole) for code, part in sorted(around.items())}
    parts = {**syria, **around}
    # Simplified together, neighbours keep one border between them.
    simple = shapely.coverage_simplify(list(parts.values()), TOLERANCE)
    drawn = dict(zip(parts, (shapely.set_precision(one, 10**-DECIMALS) for one in simple), strict=True))
    features = [_feature(code, "adm1" if code in syria else "adm0", one) for code, one in drawn.items()]
    features.append(_feature("SYR", "adm0", shapely.union_all([drawn[code] for code in syria])))
    told = {
        "type": "FeatureCollection",
        "name": "Syria and the countries around it",
        "source": "Natural Earth (public domain), the Golan as in UN Geodata; not official boundaries",
        "features": [feature for feature in features if feature["geometry"]["coordinates"]],
    }
    target.write_text(json.dumps(told, separators=(",", ":")) + "\n")


def _read(store: sqlite3.Connection, query: str) -> dict[str, Geometry]:
    return {code: _geometry(blob) for code, blob in store.execute(query)}


def _geometry(blob: bytes) -> Geometry:
    """A GeoPackage's geometry: a header, whose length its flags tell, and WKB."""
    return shapely.make_valid(shapely.from_wkb(blob[8 + ENVELOPE_BYTES[(blob[3] >> 1) & 7] :]))


def _outline_of_syria(assets: Path) -> Geometry:
    """Syria of the United Nations, out of the TopoJSON of Asia."""
    text = assets.read_text(encoding="utf-8").partition('"dist/topojson/asia_50m.json"(exports, module) {')[2]
    literal = text.partition("module.exports = ")[2].partition(";\n")[0]
    topology = json.loads(re.sub(r"([{,]\s*)(\w+):", r'\1"\2":', literal))
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        arcs.append(points)
    found = next(one for one in topology["objects"]["countries"]["geometries"] if one["id"] == "SYR")
    rings = found["arcs"] if found["type"] == "Polygon" else [ring for part in found["arcs"] for ring in part]
    # The literal writes a thousand as 1e3.
    ring = [int(number) for number in rings[0]]
    outline = [point for n in ring for point in (arcs[n] if n >= 0 else arcs[~n][::-1])]
    return shapely.make_valid(shapely.Polygon(outline))


def _golan(united_nations: Geometry, natural_earth: Geometry) -> Geometry:
    """The largest piece that only the United Nations' Syria has."""
    return max(shapely.get_parts(united_nations.difference(natural_earth)), key=lambda part: part.area)


def _feature(code: str, level: str, shape: Geometry) -> dict[str, Any]:
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    geometry = json.loads(shapely.to_geojson(shapely.MultiPolygon(polygons)))
    return {"type": "Feature", "properties": {"code": code, "level": level}, "geometry": geometry}


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
