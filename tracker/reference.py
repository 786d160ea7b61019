"""The rows figures point at: sources, borders, crossings and publications, written once and found again by code."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select, update

from tracker.places import Placed
from tracker.records import Figure, Source
from tracker.records import PointOfEntry as PointOfEntryRecord
from tracker.rows import Columns, Identifiers, standing_columns
from tracker.tables import Border, Location, PointOfEntry, PointOfEntryName, Standing
from tracker.tables import Source as SourceRow


def upsert_source(connection: Connection, source: Source) -> int:
    """Write a source's description; returns its id."""
    columns: Columns = {
        "name": source.name,
        "kind": source.kind.value,
        "reliability": source.reliability.value,
        "licence": source.licence,
        "redistribute": source.redistribute.value,
        "credit_line": source.credit_line,
        "homepage": source.homepage,
    }
    if source.cadence_days is not None:
        columns["cadence_days"] = source.cadence_days
    known = connection.scalar(select(SourceRow.id).where(SourceRow.code == source.code))
    if known is not None:
        connection.execute(update(SourceRow).where(SourceRow.id == known).values(**columns))
        return known
    return connection.scalars(insert(SourceRow).values(code=source.code, **columns).returning(SourceRow.id)).one()


def identifiers(connection: Connection, placed: Iterable[Placed]) -> Identifiers:
    """Ids of sources, borders and crossings; borders and crossings that are new are written."""
    listed = list(placed)
    sources = dict(connection.execute(select(SourceRow.code, SourceRow.id)).all())
    borders = {(a, b): i for a, b, i in connection.execute(select(Border.country_a, Border.country_b, Border.id))}
    for pair in dict.fromkeys(p.border for p in listed if p.border):
        if pair not in borders:
            borders[pair] = add_border(connection, *pair)
    crossings = dict(connection.execute(select(PointOfEntry.code, PointOfEntry.id)).all())
    for one in listed:
        crossing = one.crossing
        if isinstance(crossing, PointOfEntryRecord) and crossing.code not in crossings:
            assert one.border is not None
            assert crossing.code is not None
            crossings[crossing.code] = add_crossing(connection, crossing, borders[one.border])
    return Identifiers(sources, borders, crossings)


def add_border(connection: Connection, country_a: str, country_b: str) -> int:
    """Write a border; returns its id."""
    return connection.scalars(
        insert(Border).values(country_a=country_a, country_b=country_b).returning(Border.id)
    ).one()


def add_crossing(connection: Connection, crossing: PointOfEntryRecord, border_id: int) -> int:
    """Write a crossing and its other spellings; returns its id."""
    admin1 = None
    if crossing.admin1:
        admin1 = connection.scalar(select(Location.id).where(Location.code == crossing.admin1))
    crossing_id = connection.scalars(
        insert(PointOfEntry)
        .values(
            code=crossing.code,
            border_id=border_id,
            home=crossing.home,
            neighbour=crossing.neighbour,
            kind=crossing.kind.value,
            official=crossing.official,
            name_en=crossing.name,
            name_ar=crossing.name_ar or None,
            name_local=crossing.name_local or None,
            name_other_side=crossing.name_other_side or None,
            name_other_side_ar=crossing.name_other_side_ar or None,
            admin1_id=admin1,
            latitude=crossing.latitude,
            longitude=crossing.longitude,
            note=crossing.note or None,
        )
        .returning(PointOfEntry.id)
    ).one()
    names = [{"point_of_entry_id": crossing_id, "name": name} for name in dict.fromkeys(crossing.aliases) if name]
    if names:
        connection.execute(insert(PointOfEntryName), names)
    return crossing_id


def standing_ids(connection: Connection, figures: Iterable[Figure]) -> dict[str, int]:
    """Ids of the standings of these figures, by key; those not known yet are written."""
    wanted = {columns["key"]: columns for columns in map(standing_columns, figures)}
    known: dict[str, int] = dict(connection.execute(select(Standing.key, Standing.id)).all())
    for key, columns in wanted.items():
        if key not in known:
            known[key] = connection.scalars(insert(Standing).values(**columns).returning(Standing.id)).one()
    return known
