"""Crossings: the one that a provider's description means, by code, by name in any spelling, or by its point."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, select

from tracker.errors import RecordError
from tracker.records import PointOfEntry
from tracker.spellings import border_of, km, spellings, without_accents
from tracker.tables import PointOfEntry as PointOfEntryRow
from tracker.tables import PointOfEntryName as PointOfEntryNameRow
from tracker.vocabulary import SetAsideReason

SAME_CROSSING_KM = 2.0
"""Two points of one border nearer than this are one crossing, whatever they are called: distinct crossings of one
border lie at least 3.9 km apart in OCHA's Ukraine releases of 2022 and 2023. Points of one crossing move up to 13.7 km
between them; those further than this are recognised by their name."""

Described = tuple[PointOfEntry, tuple[str, ...]]
"""A crossing and its other names."""


class Crossings:
    """Every known crossing, and those a run brings."""

    def __init__(self, described: Iterable[Described] = ()) -> None:
        """Index crossings by border."""
        self._of_border: dict[tuple[str, ...], list[tuple[PointOfEntry, set[str]]]] = defaultdict(list)
        self._border_of: dict[str, tuple[str, str]] = {}
        for crossing, aliases in described:
            self._remember(crossing, aliases)

    def find(self, crossing: PointOfEntry) -> str | None:
        """The code of the known crossing that this description means; null when it is new.

        Same border, and the same name in any spelling, or a point within `SAME_CROSSING_KM`.
        """
        if crossing.code:
            return crossing.code
        candidates = self._of_border[border_of(crossing.home, crossing.neighbour)]
        spelt = spellings(crossing, crossing.aliases)
        if crossing.name in {known.code for known, _ in candidates}:
            return crossing.name
        for known, names in candidates:
            if spelt & names:
                return known.code
        near = sorted((km(known, crossing), known.code or "") for known, _ in candidates)
        return near[0][1] if near and near[0][0] <= SAME_CROSSING_KM else None

    def add(self, crossing: PointOfEntry) -> PointOfEntry:
        """Remember a new crossing for the rest of the run; returns it with a code made from its border and name.

        Raises:
            RecordError: Its source speaks only of crossings that are known.
        """
        if crossing.known_only:
            border = border_of(crossing.home, crossing.neighbour)
            known = ", ".join(sorted(one.name for one, _ in self._of_border[border]))
            raise RecordError(
                SetAsideReason.UNKNOWN_PLACE,
                f"{crossing.name!r} is no known crossing of {'-'.join(border)} ({known or 'none is known'}); "
                "give its latitude and longitude if it is another",
            )
        slug = re.sub(r"[^a-z0-9]+", "-", without_accents(crossing.name)).strip("-") or "crossing"
        wanted = f"{crossing.home}-{crossing.neighbour}-{slug}".lower()
        taken = {known.code for known, _ in self._of_border[border_of(crossing.home, crossing.neighbour)]}
        code = next(c for c in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if c not in taken)
        named = replace(crossing, code=code)
        self._remember(named, crossing.aliases)
        return named

    def _remember(self, crossing: PointOfEntry, aliases: tuple[str, ...]) -> None:
        border = border_of(crossing.home, crossing.neighbour)
        self._of_border[border].append((crossing, spellings(crossing, aliases)))
        if crossing.code:
            self._border_of[crossing.code] = border

    def require(self, code: str, border: tuple[str, str] | None = None) -> str:
        """The code itself, if the gazetteer holds that crossing (on that border, if one is given).

        Raises:
            RecordError: It does not.
        """
        found = self._border_of.get(code)
        if found is None or (border and found != border):
            where = f" of {'-'.join(border)}" if border else ""
            raise RecordError(SetAsideReason.UNKNOWN_PLACE, f"{code!r} is not the code of a known crossing{where}")
        return code


def read_crossings(connection: Connection) -> list[Described]:
    """The crossings of the store."""
    aliases: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(select(PointOfEntryNameRow.point_of_entry_id, PointOfEntryNameRow.name)):
        aliases[row.point_of_entry_id].append(row.name)
    return [
        (
            PointOfEntry(
                code=r.code, home=r.home, neighbour=r.neighbour, name=r.name_en, name_ar=r.name_ar or "",
                name_local=r.name_local or "", name_other_side=r.name_other_side or "",
                name_other_side_ar=r.name_other_side_ar or "", latitude=r.latitude, longitude=r.longitude,
            ),
            tuple(aliases[r.id]),
        )
        for r in connection.execute(
            select(
                PointOfEntryRow.id, PointOfEntryRow.code, PointOfEntryRow.home, PointOfEntryRow.neighbour,
                PointOfEntryRow.name_en, PointOfEntryRow.name_ar, PointOfEntryRow.name_local,
                PointOfEntryRow.name_other_side, PointOfEntryRow.name_other_side_ar,
                PointOfEntryRow.latitude, PointOfEntryRow.longitude,
            )
        )
    ]  # fmt: skip
