"""`tracker geo import`: an operator's own outlines for the map."""

from pathlib import Path

import click
from sqlalchemy import select

from dashboards.boundaries import OWN, read
from tracker.cli.workplace import Workplace, say
from tracker.errors import UsageError
from tracker.tables import Location


@click.group()
def geo() -> None:
    """The outlines of countries and areas that the map is drawn with."""


@geo.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def import_(file: Path) -> None:
    """Draw the map with the outlines of FILE from now on; the dashboard reads them when it starts.

    FILE is GeoJSON in degrees: polygons, each with the property `code` (ISO3 of a country, p-code of an area) and, if
    it is an area, `level` "adm1"; `source` beside the features names whose outlines they are. All that is to be seen
    must be in it, neighbours among them: what is left out looks like sea.
    """
    workplace = Workplace.open()
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read as text: {getattr(error, 'strerror', None) or error}") from error
    shapes = read(text).shapes
    with workplace.store.connect() as connection:
        known = set(connection.scalars(select(Location.code)))
    strange = sorted({shape.code for shape in shapes} - known)
    if len(strange) == len(shapes):
        raise UsageError(f"no code of {file} is a place of the store, as {strange[0]} is none; nothing was changed")
    target = workplace.settings.home / OWN
    # Written beside and renamed: a dashboard that starts meanwhile reads the one or the other.
    beside = target.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(target)
    unknown = f"; no place of the store: {', '.join(strange[:10])}" if strange else ""
    say(f"{len(shapes)} outlines will be drawn when the dashboard starts again{unknown}")
    say(f"to go back to those that come with the program, delete {target}")
