"""What a region is everywhere in the product: a named group of countries, a country, or an administrative area."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select, union
from sqlalchemy.orm import aliased

from tracker.errors import UsageError
from tracker.tables import AccessSeries, Border, DisplacementSeries, Location, RegionMember
from tracker.tables import Region as RegionRow
from tracker.vocabulary import LocationKind

GROUPS, FOLLOWED, OTHERS = "Groups", "Countries followed", "Other countries with figures"
"""Headings under which regions are listed, before those of the countries whose areas follow."""

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

    @property
    def own_codes(self) -> set[str]:
        """Codes of the places the region is, without the places inside them."""
        return set(self.countries) if self.whole else {self.code}


@dataclass(frozen=True, slots=True)
class Area:
    """A country or area, with what it consists of.

    Attributes:
        parts: Codes of all administrative areas one level below it; empty where the gazetteer has none.
        unplaced: Codes of its "unspecified" children, which hold what could not be placed more exactly.
    """

    code: str
    name: str
    name_ar: str | None = None
    parts: frozenset[str] = frozenset()
    unplaced: frozenset[str] = frozenset()


def area(connection: Connection, code: str) -> Area:
    """The country or area of this code.

    Raises:
        UsageError: There is none.
    """
    names = select(Location.id, Location.name_en, Location.name_ar)
    found = connection.execute(names.where(Location.code == code)).first()
    if found is None:
        raise UsageError(f"there is no place {code!r}")
    below = connection.execute(select(Location.code, Location.kind).where(Location.parent_id == found.id)).all()
    unplaced = frozenset(row.code for row in below if row.kind == LocationKind.UNSPECIFIED)
    parts = frozenset(row.code for row in below if row.kind in (LocationKind.ADM1, LocationKind.ADM2))
    return Area(code, found.name_en, found.name_ar, parts, unplaced)


@dataclass(frozen=True, slots=True)
class Place:
    """A country or a first-level area, with its middle in degrees; null where nobody gave it."""

    code: str
    country: str | None
    kind: str
    name_en: str
    name_ar: str | None
    latitude: float | None
    longitude: float | None


def places(connection: Connection, countries: Iterable[str]) -> list[Place]:
    """Countries and their first-level areas, in the order of their codes."""
    row = Location
    query = (
        select(row.code, row.iso3, row.kind, row.name_en, row.name_ar, row.latitude, row.longitude)
        .where(row.iso3.in_(list(countries)), row.kind.in_(SELECTABLE))
        .order_by(row.code)
    )
    return [Place(*told) for told in connection.execute(query)]


def followed(connection: Connection) -> list[str]:
    """ISO3 codes of the countries that any group has."""
    query = select(Location.code).join(RegionMember, RegionMember.location_id == Location.id)
    return sorted(set(connection.scalars(query)))


def resolve(connection: Connection, text: str) -> Region:
    """The region of this code, or of this English or Arabic name, in any case.

    Raises:
        UsageError: There is none, or several have the name; the message names codes that exist.
    """
    wanted = " ".join(text.split())
    found = _of_code(connection, wanted)
    if found is None and (code := _code_of(connection, wanted)):
        found = _of_code(connection, code)
    if found is None:
        groups = ", ".join(connection.scalars(select(RegionRow.code).order_by(RegionRow.id)))
        raise UsageError(
            f"there is no region {text!r}: give a group ({groups}), an ISO3 country code such as SYR, "
            "the p-code of a first-level area such as SY02, or the name of one of these"
        )
    return found


def _code_of(connection: Connection, name: str) -> str | None:
    """The code of what has this name; compared here, since SQLite knows no case outside ASCII."""
    groups = select(RegionRow.code, RegionRow.name_en, RegionRow.name_ar)
    places = select(Location.code, Location.name_en, Location.name_ar).where(Location.kind.in_(SELECTABLE))
    codes = [
        code
        for code, *names in connection.execute(groups.union_all(places))
        if name.casefold() in {known.casefold() for known in names if known}
    ]
    if len(codes) > 1:
        raise UsageError(f"{name!r} is the name of several regions: give one of the codes {', '.join(sorted(codes))}")
    return codes[0] if codes else None


def _of_code(connection: Connection, wanted: str) -> Region | None:
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
        return None
    ids = _with_children(connection, [place.id])
    whole = place.kind == LocationKind.COUNTRY
    return Region(place.code, place.name_en, place.name_ar, ids, (place.iso3,), whole)


@dataclass(frozen=True, slots=True)
class Choice:
    """A region a reader may choose, under the heading it is listed under."""

    code: str
    name_en: str
    name_ar: str | None
    heading: str


def choices(connection: Connection) -> list[Choice]:
    """Groups, their countries, every other country some figure is about, and the areas of the groups' countries."""
    groups = connection.execute(
        select(RegionRow.code, RegionRow.name_en, RegionRow.name_ar).order_by(RegionRow.id)
    ).all()
    members = set(connection.scalars(select(RegionMember.location_id)))
    countries = connection.execute(
        select(Location.id, Location.code, Location.name_en, Location.name_ar)
        .where(Location.kind == LocationKind.COUNTRY.value, Location.code.in_(_spoken_of(connection)))
        .order_by(Location.name_en)
    ).all()
    country = aliased(Location)
    areas = connection.execute(
        select(Location.code, Location.name_en, Location.name_ar, country.name_en.label("country"))
        .join(country, country.id == Location.parent_id)
        .where(Location.kind == LocationKind.ADM1.value, Location.parent_id.in_(members))
        .order_by(country.name_en, Location.name_en)
    ).all()
    found = [Choice(*group, GROUPS) for group in groups]
    for heading, ours in ((FOLLOWED, True), (OTHERS, False)):
        found += [Choice(c.code, c.name_en, c.name_ar, heading) for c in countries if (c.id in members) is ours]
    return found + [Choice(a.code, a.name_en, a.name_ar, a.country) for a in areas]


def _spoken_of(connection: Connection) -> set[str]:
    """ISO3 codes of the followed countries, and of those that any series or border names."""
    places = union(
        select(RegionMember.location_id),
        select(DisplacementSeries.location_id),
        select(DisplacementSeries.origin_id),
        select(AccessSeries.location_id),
    ).subquery()
    named = connection.scalars(select(Location.iso3).where(Location.id.in_(select(places.c[0]))))
    met = connection.execute(select(Border.country_a, Border.country_b))
    return {iso3 for iso3 in named if iso3} | {iso3 for pair in met for iso3 in pair}


def _with_children(connection: Connection, ids: Iterable[int]) -> frozenset[int]:
    found: set[int] = set()
    level = list(ids)
    while level:
        found.update(level)
        level = list(connection.scalars(select(Location.id).where(Location.parent_id.in_(level))))
    return frozenset(found)
