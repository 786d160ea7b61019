"""What a region is everywhere in the product: a named group of countries, a country, or an administrative area."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from tracker.errors import UsageError
from tracker.tables import Location, RegionMember
from tracker.tables import Region as RegionRow
from tracker.vocabulary import LocationKind

SELECTABLE = (LocationKind.COUNTRY.value, LocationKind.ADM1.value)


@dataclass(frozen=True, slots=True)
class Region:
    """A region with every place inside it.

    Attributes:
        code: The region's code, an ISO3 code or a p-code.
        location_ids: Ids of the places in it, at any depth.
        countries: ISO3 codes of the countries it is, or lies in, in the order people expect.
        whole: True when it consists of whole countries, so that a country's borders are the region's too.
    """

    code: str
    name_en: str
    name_ar: str | None
    location_ids: frozenset[int]
    countries: tuple[str, ...]
    whole: bool


def resolve(connection: Connection, code: str) -> Region:
    """The region of this code, in any case.

    Raises:
        UsageError: There is none; the message names some that exist.
    """
    wanted = code.strip()
    group = connection.execute(select(RegionRow).where(RegionRow.code == wanted.lower())).mappings().first()
    if group:
        members = connection.execute(
            select(Location.id, Location.code)
            .join(RegionMember, RegionMember.location_id == Location.id)
            .where(RegionMember.region_id == group["id"])
            .order_by(RegionMember.position)
        ).all()
        ids = _with_children(connection, [m.id for m in members])
        return Region(group["code"], group["name_en"], group["name_ar"], ids, tuple(m.code for m in members), True)
    place = connection.execute(
        select(Location.id, Location.code, Location.kind, Location.iso3, Location.name_en, Location.name_ar).where(
            Location.code == wanted.upper(), Location.kind.in_(SELECTABLE)
        )
    ).first()
    if place is None:
        groups = ", ".join(connection.scalars(select(RegionRow.code).order_by(RegionRow.id)))
        raise UsageError(
            f"there is no region {code!r}: give a group ({groups}), an ISO3 country code such as SYR, "
            "or the p-code of a first-level area such as SY02"
        )
    ids = _with_children(connection, [place.id])
    whole = place.kind == LocationKind.COUNTRY
    return Region(place.code, place.name_en, place.name_ar, ids, (place.iso3,), whole)


def followed(connection: Connection) -> list[Region]:
    """Every region a reader may choose: the groups, their countries, and the areas of those countries."""
    groups = connection.scalars(select(RegionRow.code).order_by(RegionRow.id)).all()
    found = [resolve(connection, code) for code in groups]
    countries = dict.fromkeys(code for region in found for code in region.countries)
    found += [resolve(connection, code) for code in countries]
    for country in countries:
        areas = select(Location.code).where(Location.iso3 == country, Location.kind == LocationKind.ADM1.value)
        found += [resolve(connection, code) for code in connection.scalars(areas.order_by(Location.code))]
    return found


def _with_children(connection: Connection, ids: Iterable[int]) -> frozenset[int]:
    found: set[int] = set()
    level = list(ids)
    while level:
        found.update(level)
        level = list(connection.scalars(select(Location.id).where(Location.parent_id.in_(level))))
    return frozenset(found)
