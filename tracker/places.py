"""Place: the provider's name or code becomes a location of the gazetteer; the provider's words are kept.

A code decides before a name. A name that cannot be resolved inside a known country lands on that country's
"unspecified" child, with the provider's words kept in the series, so no row is dropped and no place is guessed.
P-codes are never taken apart: formats differ by country, and only the stored parent says where a place lies.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

from sqlalchemy import Connection, select

from tracker.crossings import Crossings, Described, read_crossings
from tracker.errors import RecordError
from tracker.records import AccessFigure, AnyFigure, BorderStatusFigure, DisplacementFigure, PlaceName, PointOfEntry
from tracker.spellings import border_of, is_writing, normalise, skeleton
from tracker.tables import Location, LocationCode, LocationName
from tracker.vocabulary import BOTH, UNSPECIFIED, LocationKind, SetAsideReason


@dataclass(frozen=True, slots=True)
class Place:
    """A location of the gazetteer, and the provider's words if they could not be resolved to it.

    Attributes:
        parent_id: The area or country it lies in; null for the world and where the store does not say.
        repaired: How a code that is not in the gazetteer was read, in words; null for all others.
    """

    id: int
    code: str
    kind: LocationKind
    iso3: str | None
    provider_words: str | None = None
    parent_id: int | None = None
    repaired: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure and where it belongs; `crossing` is a known code or a new crossing to be written.

    Attributes:
        before: Every other location and origin the figure has had if the gazetteer did not know one of them, or both.
    """

    figure: AnyFigure
    location: Place | None = None
    origin: Place | None = None
    border: tuple[str, str] | None = None
    crossing: str | PointOfEntry | None = None
    before: tuple[tuple[Place | None, Place | None], ...] = ()


class Gazetteer:
    """Every known place and crossing, read from the store once a run."""

    def __init__(
        self,
        places: Iterable[Place],
        names: Iterable[tuple[int, str]],
        codes: Iterable[tuple[int, str]],
        crossings: Iterable[Described] = (),
    ) -> None:
        """Index places by code, by country, and by name within a country."""
        by_id = self._by_id = {place.id: place for place in places}
        self._by_code = {place.code: place for place in by_id.values()}
        self._by_code.update({code: by_id[location_id] for location_id, code in codes})
        self._unspecified = {p.iso3: p for p in by_id.values() if p.kind is LocationKind.UNSPECIFIED}
        self._by_name: dict[tuple[str | None, str], Place] = {}
        for location_id, name in names:
            place = by_id[location_id]
            self._by_name.setdefault((place.iso3, normalise(name)), place)
            if place.kind is LocationKind.COUNTRY:
                self._by_name.setdefault((None, normalise(name)), place)
        self._prefixes: dict[str | None, list[str]] = defaultdict(list)
        for code, place in self._by_code.items():
            if place.kind is LocationKind.COUNTRY:
                self._prefixes[place.iso3].append(code)
        self._by_skeleton: dict[str | None, dict[str, list[Place]]] = {}
        self.crossings = Crossings(crossings)

    @classmethod
    def read(cls, connection: Connection) -> "Gazetteer":
        """Read the gazetteer from the store."""
        rows = connection.execute(
            select(
                Location.id,
                Location.code,
                Location.kind,
                Location.iso3,
                Location.name_en,
                Location.name_ar,
                Location.parent_id,
            )
        ).all()
        names = [(r.id, name) for r in rows for name in (r.name_en, r.name_ar) if name]
        names += [
            (r.location_id, r.name) for r in connection.execute(select(LocationName.location_id, LocationName.name))
        ]
        codes = [
            (r.location_id, r.code) for r in connection.execute(select(LocationCode.location_id, LocationCode.code))
        ]
        places = (Place(r.id, r.code, LocationKind(r.kind), r.iso3, parent_id=r.parent_id) for r in rows)
        return cls(places, names, codes, read_crossings(connection))

    def find(self, name: PlaceName) -> Place:
        """The place a provider means.

        Raises:
            RecordError: Neither the code nor the country is in the gazetteer.
        """
        if any(not is_writing(part) for part in (name.code, name.iso3, name.name, *name.within_country)):
            raise RecordError(SetAsideReason.UNKNOWN_PLACE, "the place's name holds characters that are no writing")
        if name.within_country:
            return self._area_of(name)
        found = self._by_code.get(name.code or "")
        # A code of another country than the one named is one country's word against another's: neither is taken.
        if found and name.iso3 in (None, found.iso3):
            return found
        if name.iso3 is None and name.name:
            country = self._by_name.get((None, normalise(name.name)))
            if country:
                return country
        country = self._by_code.get(name.iso3 or "")
        if country is None or country.kind is not LocationKind.COUNTRY:
            raise RecordError(
                SetAsideReason.UNKNOWN_PLACE,
                f"place {name} is not in the gazetteer: expected an ISO3 country code or a p-code it holds",
            )
        words = name.name or name.code
        if not words:
            return country
        repaired = self._repair(name.code, country) if name.code else None
        if repaired:
            return repaired
        known = self._by_name.get((country.iso3, normalise(words)))
        if known:
            return known
        return self._unresolved(country, words)

    def _area_of(self, name: PlaceName) -> Place:
        """The last of a chain of areas, each of which lies within the one before."""
        place = self._by_code.get(name.iso3 or "")
        for code in name.within_country:
            found = self._by_code.get(code)
            if found is None or place is None or place.id not in self._around(found):
                inside = f"no area within {place.code}" if place else f"an area of {name.iso3}, which is no country"
                raise RecordError(SetAsideReason.UNKNOWN_PLACE, f"{code} is {inside} in the gazetteer")
            place = found
        assert place is not None
        return place

    def _around(self, place: Place) -> set[int]:
        """Ids of the areas and the country a place lies in."""
        found: set[int] = set()
        parent = self._by_id.get(place.parent_id or 0)
        while parent is not None and parent.id not in found:
            found.add(parent.id)
            parent = self._by_id.get(parent.parent_id or 0)
        return found

    def ever_found(self, name: PlaceName | None, found: Place | None) -> list[Place | None]:
        """The place a name means now, and the one it meant while the gazetteer did not know that; countries it knew."""
        words = (name.name or name.code) if name else None
        country = self._by_code.get((found.iso3 if found else None) or "")
        if not words or not country or not found or found.kind in (LocationKind.COUNTRY, LocationKind.UNSPECIFIED):
            return [found]
        return [found, self._unresolved(country, words)]

    def _unresolved(self, country: Place, words: str) -> Place:
        return replace(self._unspecified[country.iso3], provider_words=words)

    def _repair(self, code: str, country: Place) -> Place | None:
        """The one area of the country whose code says the same in another style (``TD07``, ``TCD07``; ``NG002``).

        Styles differ in the country's prefix (two letters or three), in signs between the parts, and in zeros before
        the first number.
        """
        if country.iso3 not in self._by_skeleton:
            skeletons: dict[str, list[Place]] = defaultdict(list)
            for known, place in self._by_code.items():
                if place.iso3 == country.iso3 and place.kind in (LocationKind.ADM1, LocationKind.ADM2):
                    skeletons[skeleton(known, self._prefixes[country.iso3])].append(place)
            self._by_skeleton[country.iso3] = skeletons
        wanted = skeleton(code, self._prefixes[country.iso3])
        found = {place.code: place for place in self._by_skeleton[country.iso3][wanted]}
        if len(found) != 1:
            return None
        (place,) = found.values()
        return replace(place, repaired=f"place code {code} read as {place.code}")

    def require_side(self, named: str) -> str:
        """One side of a border: a country's ISO3 code, whichever of its codes or names is given, or the whole world.

        Raises:
            RecordError: It is neither.
        """
        place = self._by_code.get(named) or self._by_name.get((None, normalise(named)))
        if place is None or place.kind not in (LocationKind.COUNTRY, LocationKind.WORLD):
            raise RecordError(SetAsideReason.UNKNOWN_PLACE, f"{named!r} is neither a code nor a name of a country")
        return place.code


def place(figure: AnyFigure, gazetteer: Gazetteer) -> Placed:
    """Resolve every place a figure names.

    Raises:
        RecordError: A place is not in the gazetteer.
    """
    if isinstance(figure, DisplacementFigure):
        origin = gazetteer.find(figure.origin) if figure.origin else None
        crossing = gazetteer.crossings.require(figure.point_of_entry) if figure.point_of_entry else None
        location = gazetteer.find(figure.location)
        ends = gazetteer.ever_found(figure.location, location), gazetteer.ever_found(figure.origin, origin)
        return Placed(figure, location, origin, crossing=crossing, before=tuple(product(*ends))[1:])
    if isinstance(figure, AccessFigure):
        location = gazetteer.find(figure.location)
        before = gazetteer.ever_found(figure.location, location)[1:]
        return Placed(figure, location, before=tuple((place, None) for place in before))
    return _place_border(figure, gazetteer)


def _place_border(figure: BorderStatusFigure, gazetteer: Gazetteer) -> Placed:
    border = border_of(*(gazetteer.require_side(named) for named in figure.border))
    side, into = (_require_party(named, border, gazetteer) for named in (figure.side, figure.direction_into))
    figure = replace(figure, side=side, direction_into=into)
    crossing = figure.point_of_entry
    if isinstance(crossing, PointOfEntry):
        home, neighbour = (gazetteer.require_side(named) for named in (crossing.home, crossing.neighbour))
        crossing = replace(crossing, home=home, neighbour=neighbour)
        crossing = gazetteer.crossings.find(crossing) or gazetteer.crossings.add(crossing)
    elif crossing is not None:
        crossing = gazetteer.crossings.require(crossing, border)
    return Placed(figure, border=border, crossing=crossing)


def _require_party(named: str, border: tuple[str, str], gazetteer: Gazetteer) -> str:
    if named in (BOTH, UNSPECIFIED):
        return named
    code = gazetteer.require_side(named)
    if code not in border:
        raise RecordError(SetAsideReason.UNKNOWN_PLACE, f"{named!r} is no side of the border {'-'.join(border)}")
    return code
