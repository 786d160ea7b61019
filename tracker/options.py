"""What a reader may choose from: the sources, indicators and groups that figures of a kind about a region have."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from tracker.regions import Region
from tracker.tables import Source
from tracker.windows import FAMILY, Window, series_within


@dataclass(frozen=True, slots=True)
class Options:
    """Words that some series has, in the order of the alphabet; ``sources`` are codes with names."""

    sources: list[tuple[str, str]]
    indicators: list[str]
    groups: list[str]


def options(connection: Connection, kind: str, region: Region | None) -> Options:
    """The words of a kind of figure about a region; they come from the series, of which there are few."""
    series = FAMILY[kind].series
    within = series_within(Window(region), series)
    sources = select(Source.code, Source.name).join(series, series.source_id == Source.id).where(*within).distinct()
    found = {
        name: sorted(connection.scalars(select(getattr(series, name)).where(*within).distinct()))
        if hasattr(series, name)
        else []
        for name in ("indicator", "population_group")
    }
    named = sorted(((code, name) for code, name in connection.execute(sources)), key=lambda source: source[1])
    return Options(named, found["indicator"], found["population_group"])
