"""Reference rows of the seed: sources, places, regions, crossings, events. Rows that exist are left alone."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from tracker.publications import publication_ids
from tracker.records import PointOfEntry, Publication, Source
from tracker.reference import add_border, add_crossing, upsert_source
from tracker.seed.figures import Row
from tracker.spellings import border_of
from tracker.tables import Border, Event, Location, LocationCode, LocationName, Region, RegionMember
from tracker.tables import PointOfEntry as PointOfEntryRow
from tracker.tables import Source as SourceRow
from tracker.vocabulary import LocationKind, PointOfEntryKind, Redistribution, Reliability, SourceKind


def write_reference(connection: Connection, tables: dict[str, list[Row]]) -> None:
    """Write what the figures of the seed point at."""
    for row in tables["sources.csv"]:
        if connection.scalar(select(SourceRow.id).where(SourceRow.code == row["code"])) is None:
            upsert_source(connection, _source(row))
    _write_locations(connection, tables["countries.csv"], tables["locations.csv"])
    _write_regions(connection, tables["regions.csv"])
    _write_crossings(connection, tables["points_of_entry.csv"])
    _write_events(connection, tables["events.csv"])


def _source(row: Row) -> Source:
    return Source(
        code=row["code"],
        name=row["name"],
        kind=SourceKind(row["kind"]),
        reliability=Reliability(row["reliability"]),
        licence=row["licence"],
        redistribute=Redistribution(row["redistribute"]),
        credit_line=row["credit_line"],
        homepage=row["homepage"],
    )


def _write_locations(connection: Connection, countries: list[Row], others: list[Row]) -> None:
    """Countries of the world, then the places known better; each country gets its "unspecified" child."""
    ids: dict[str, int] = dict(connection.execute(select(Location.code, Location.id)).all())
    described = {row["code"] for row in others}
    rows = [{**_plain(row), "code": row["iso3"], "kind": LocationKind.COUNTRY.value} for row in countries]
    rows = [row for row in rows if row["code"] not in described] + [_described(row) for row in others]
    for kind in (LocationKind.WORLD, LocationKind.COUNTRY, LocationKind.ADM1, LocationKind.AREA):
        for row in rows:
            if row["kind"] == kind and row["code"] not in ids:
                parent = ids.get(row.pop("parent", "") or "")
                ids[row["code"]] = _add_location(connection, row, parent)
    iso2 = {row["iso3"]: row["iso2"] for row in countries}
    for row in [row for row in rows if row["kind"] == LocationKind.COUNTRY]:
        _add_codes(connection, ids[row["code"]], {"iso2": iso2[row["code"]]})
        child = f"{row['code']}-UNSPECIFIED"
        if child not in ids:
            named = {"name_en": f"{row['name_en']} (place not specified)", "iso3": row["code"]}
            _add_location(
                connection, {"code": child, "kind": LocationKind.UNSPECIFIED.value, **named}, ids[row["code"]]
            )
    for row in countries:
        _add_names(connection, ids[row["iso3"]], row["aliases"])
    for described_row in others:
        location_id = ids[described_row["code"]]
        _add_codes(connection, location_id, {"iso_3166_2": described_row["iso_3166_2"]})
        _add_names(connection, location_id, described_row["aliases"])


def _plain(row: Row) -> dict[str, Any]:
    return {"iso3": row["iso3"], "name_en": row["name_en"], "name_ar": row["name_ar"] or None}


def _described(row: Row) -> dict[str, Any]:
    return {
        "code": row["code"],
        "kind": row["kind"],
        "parent": row["parent"],
        "iso3": row["iso3"] or None,
        "pcode": row["pcode"] or None,
        "name_en": row["name_en"],
        "name_ar": row["name_ar"] or None,
        "latitude": float(row["latitude"]) if row["latitude"] else None,
        "longitude": float(row["longitude"]) if row["longitude"] else None,
        "valid_from": date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
    }


def _add_location(connection: Connection, row: dict[str, Any], parent_id: int | None) -> int:
    return connection.scalars(
        insert(Location)
        .values(**{k: v for k, v in row.items() if k != "parent"}, parent_id=parent_id)
        .returning(Location.id)
    ).one()


def _add_codes(connection: Connection, location_id: int, codes: dict[str, str]) -> None:
    for scheme, code in codes.items():
        known = select(LocationCode.id).where(LocationCode.scheme == scheme, LocationCode.code == code)
        if code and connection.scalar(known) is None:
            connection.execute(insert(LocationCode).values(location_id=location_id, scheme=scheme, code=code))


def _add_names(connection: Connection, location_id: int, aliases: str) -> None:
    known = set(connection.scalars(select(LocationName.name).where(LocationName.location_id == location_id)))
    for name in dict.fromkeys(aliases.split("|")):
        if name and name not in known:
            connection.execute(insert(LocationName).values(location_id=location_id, name=name))


def _write_regions(connection: Connection, rows: list[Row]) -> None:
    for row in rows:
        if connection.scalar(select(Region.id).where(Region.code == row["code"])) is not None:
            continue
        region_id = connection.scalars(
            insert(Region)
            .values(code=row["code"], name_en=row["name_en"], name_ar=row["name_ar"] or None)
            .returning(Region.id)
        ).one()
        for position, member in enumerate(row["members"].split("|")):
            location_id = connection.scalars(select(Location.id).where(Location.code == member)).one()
            connection.execute(
                insert(RegionMember).values(region_id=region_id, location_id=location_id, position=position)
            )


def _write_crossings(connection: Connection, rows: list[Row]) -> None:
    for row in rows:
        if connection.scalar(select(PointOfEntryRow.id).where(PointOfEntryRow.code == row["code"])) is not None:
            continue
        border = border_of(row["home"], row["neighbour"])
        border_id = connection.scalar(
            select(Border.id).where(Border.country_a == border[0], Border.country_b == border[1])
        )
        add_crossing(connection, _crossing(row), border_id or add_border(connection, *border))


def _crossing(row: Row) -> PointOfEntry:
    return PointOfEntry(
        code=row["code"],
        home=row["home"],
        neighbour=row["neighbour"],
        kind=PointOfEntryKind(row["kind"]),
        official=row["official"] == "yes",
        name=row["name_en"],
        name_ar=row["name_ar"],
        name_other_side=row["name_other_side"],
        name_other_side_ar=row["name_other_side_ar"],
        aliases=tuple(row["aliases"].split("|")) if row["aliases"] else (),
        admin1=row["admin1"] or None,
        latitude=float(row["latitude"]) if row["latitude"] else None,
        longitude=float(row["longitude"]) if row["longitude"] else None,
        note=row["note"],
    )


def _write_events(connection: Connection, rows: list[Row]) -> None:
    known = set(connection.scalars(select(Event.code)))
    for row in rows:
        if row["id"] in known:
            continue
        publication = Publication(row["publisher"], row["publication_title"], row["publication_url"])
        published_on = date.fromisoformat(row["published_on"]) if row["published_on"] else None
        connection.execute(
            insert(Event).values(
                code=row["id"],
                date_start=date.fromisoformat(row["date_start"]),
                date_end=date.fromisoformat(row["date_end"]) if row["date_end"] else None,
                precision=row["precision"],
                event_type=row["event_type"],
                title_en=row["title_en"],
                title_ar=row["title_ar"] or None,
                location_id=connection.scalars(select(Location.id).where(Location.code == row["location"])).one(),
                disputed=row["disputed"] == "yes",
                annotate=row["annotate"] == "yes",
                publication_id=publication_ids(connection, {publication: published_on})[publication],
                note=row["note"] or None,
            )
        )
