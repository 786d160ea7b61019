"""Load places and events of reference sources: what figures point at, written once and corrected in place.

A place of the seed keeps its names and code; what a reference source adds is what the seed does not have. Places are
not figures: they have no vintages, but they name the run that wrote or last changed them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tracker.errors import RecordError
from tracker.places import Gazetteer
from tracker.publications import publication_ids
from tracker.records import AnyEntry, EventEntry, Fault, PlaceEntry
from tracker.spellings import normalise
from tracker.tables import Event, Location, LocationCode, LocationName
from tracker.vocabulary import LocationKind, Precision, SetAsideReason

PCODE_SCHEME = "p-code"
PRECISIONS = list(Precision)
"""From the finest to the coarsest."""


@dataclass(slots=True)
class Entered:
    """What became of a batch; ``faults`` by the position of their entry in it."""

    new: int = 0
    revised: int = 0
    unchanged: int = 0
    duplicate: int = 0
    faults: dict[int, Fault] = field(default_factory=dict)

    def count(self, known: bool, changed: bool) -> None:
        """Count one entry."""
        self.new += not known
        self.revised += known and changed
        self.unchanged += known and not changed


def enter(connection: Connection, run_id: int, entries: Sequence[AnyEntry]) -> Entered:
    """Merge a run's places and events into the store."""
    entered = Entered()
    if any(isinstance(entry, PlaceEntry) for entry in entries):
        _Places(connection, run_id, entered).enter(entries)
    if any(isinstance(entry, EventEntry) for entry in entries):
        _enter_events(connection, run_id, entries, entered)
    return entered


class _Places:
    """The gazetteer while a batch of places goes in: countries before areas, areas before what lies in them."""

    def __init__(self, connection: Connection, run_id: int, entered: Entered) -> None:
        self.connection, self.run_id, self.entered = connection, run_id, entered
        columns = (Location.id, Location.code, Location.kind, Location.iso3, Location.parent_id, Location.pcode)
        rows = connection.execute(select(*columns, Location.name_en, Location.valid_from)).all()
        self.known: dict[str, Any] = {row.code: row for row in rows}
        by_id = {row.id: row for row in rows}
        for location_id, code in connection.execute(select(LocationCode.location_id, LocationCode.code)):
            self.known.setdefault(code, by_id[location_id])
        # Areas the seed knows under another code, for want of a p-code; they are found by their name.
        self.uncoded = {
            (row.kind, row.parent_id, normalise(row.name_en)): row
            for row in rows
            if row.pcode is None and row.parent_id
        }
        self.names: set[tuple[int, str]] = {(row.id, normalise(row.name_en)) for row in rows}
        for location_id, name in connection.execute(select(LocationName.location_id, LocationName.name)):
            self.names.add((location_id, normalise(name)))
            row = by_id[location_id]
            if row.pcode is None and row.parent_id:
                self.uncoded.setdefault((row.kind, row.parent_id, normalise(name)), row)

    def enter(self, entries: Sequence[AnyEntry]) -> None:
        seen: dict[str, PlaceEntry] = {}
        for kind in LocationKind:
            added = []
            for number, entry in enumerate(entries):
                if not isinstance(entry, PlaceEntry) or entry.kind is not kind:
                    continue
                if entry.code in seen:
                    self._again(number, entry, seen[entry.code])
                    continue
                seen[entry.code] = entry
                try:
                    columns = self._columns(entry)
                except RecordError as error:
                    self.entered.faults[number] = Fault(entry.locator, error.reason, str(error))
                    continue
                if not self._is_known(entry, columns):
                    added.append((entry, columns))
            self._add(added)

    def _again(self, number: int, entry: PlaceEntry, first: PlaceEntry) -> None:
        if (entry.parent, entry.name_en) == (first.parent, first.name_en):
            self.entered.duplicate += 1
            return
        said = f"place code {entry.code} stands twice, for {first.name_en} and for {entry.name_en}"
        self.entered.faults[number] = Fault(entry.locator, SetAsideReason.CONFLICTING_DUPLICATE, said)

    def _columns(self, entry: PlaceEntry) -> dict[str, Any]:
        parent = self.known.get(entry.parent)
        if parent is None or entry.iso3 not in (None, parent.iso3):
            country = f"no place of {entry.iso3}" if entry.iso3 else "not in the gazetteer"
            raise RecordError(SetAsideReason.UNKNOWN_PLACE, f"{entry.code} lies in {entry.parent}, which is {country}")
        return {
            "code": entry.code,
            "kind": entry.kind.value,
            "parent_id": parent.id,
            "iso3": parent.iso3,
            "pcode": entry.code,
            "name_en": entry.name_en,
            "name_ar": entry.name_ar,
            "latitude": entry.latitude,
            "longitude": entry.longitude,
            "valid_from": entry.valid_from,
            "run_id": self.run_id,
        }

    def _is_known(self, entry: PlaceEntry, columns: dict[str, Any]) -> bool:
        """Bring a known place up to date; false when it is new."""
        place = self.known.get(entry.code)
        adopted = None
        if place is None:
            place = adopted = self.uncoded.get((entry.kind.value, columns["parent_id"], normalise(entry.name_en)))
        if place is None:
            return False
        changed = adopted is not None
        if adopted is not None:
            self.known[entry.code] = adopted
            self.connection.execute(
                insert(LocationCode).values(location_id=place.id, scheme=PCODE_SCHEME, code=entry.code)
            )
        named = self._name(place.id, (entry.name_en, *entry.other_names))
        moved = place.parent_id != columns["parent_id"] or place.kind != columns["kind"]
        dated = entry.valid_from is not None and entry.valid_from > (place.valid_from or date.min)
        if changed or moved or dated:
            values = {name: columns[name] for name in ("kind", "parent_id", "run_id", "pcode")}
            values["valid_from"] = entry.valid_from if dated else place.valid_from
            self.connection.execute(update(Location).where(Location.id == place.id).values(**values))
        elif named:
            self.connection.execute(update(Location).where(Location.id == place.id).values(run_id=self.run_id))
        self.entered.count(known=True, changed=changed or moved or dated or named)
        return True

    def _name(self, location_id: int, names: Iterable[str]) -> bool:
        """Write the spellings a place does not have yet; returns whether there were any."""
        added = []
        for name in names:
            if name and (location_id, normalise(name)) not in self.names:
                self.names.add((location_id, normalise(name)))
                added.append({"location_id": location_id, "name": name})
        if added:
            self.connection.execute(insert(LocationName), added)
        return bool(added)

    def _add(self, added: list[tuple[PlaceEntry, dict[str, Any]]]) -> None:
        if not added:
            return
        self.connection.execute(insert(Location), [columns for _, columns in added])
        columns = (Location.id, Location.code, Location.kind, Location.iso3, Location.parent_id, Location.pcode)
        written = select(*columns, Location.name_en, Location.valid_from).where(Location.run_id == self.run_id)
        self.known.update({row.code: row for row in self.connection.execute(written)})
        for entry, _ in added:
            self.entered.new += 1
            self._name(self.known[entry.code].id, entry.other_names)


def _enter_events(connection: Connection, run_id: int, entries: Sequence[AnyEntry], entered: Entered) -> None:
    gazetteer = Gazetteer.read(connection)
    known = {row["code"]: row for row in connection.execute(select(*Event.__table__.columns)).mappings()}
    events = [(number, entry) for number, entry in enumerate(entries) if isinstance(entry, EventEntry)]
    cited = {entry.publication: None for _, entry in events if entry.publication}
    publications = publication_ids(connection, dict(cited))
    seen: set[str] = set()
    for number, entry in events:
        try:
            place = gazetteer.find(entry.location)
        except RecordError as error:
            entered.faults[number] = Fault(entry.locator, error.reason, str(error))
            continue
        told = {
            "date_start": entry.date_start,
            "date_end": entry.date_end,
            "precision": entry.precision.value,
            "event_type": entry.event_type.value,
            "title_en": entry.title_en,
            "location_id": place.id,
            "publication_id": publications[entry.publication] if entry.publication else None,
            "note": entry.note,
        }
        before = known.get(entry.code)
        if entry.code in seen:
            entered.duplicate += 1
            continue
        seen.add(entry.code)
        # A short list that knows the month does not overrule a record that knows the day.
        coarser = before is not None and PRECISIONS.index(entry.precision) > PRECISIONS.index(before["precision"])
        changed = before is not None and not coarser and any(before[name] != told[name] for name in told)
        if before is None:
            connection.execute(
                insert(Event).values(code=entry.code, **told, disputed=False, annotate=False, run_id=run_id)
            )
        elif changed:
            connection.execute(update(Event).where(Event.code == entry.code).values(**told, run_id=run_id))
        entered.count(known=before is not None, changed=changed)
