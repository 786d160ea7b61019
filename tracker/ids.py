"""How a figure is named: D, B or A and its number; the keys by which seed rows cite each other lead there too."""

import re
from collections.abc import Collection, Iterable
from functools import partial

from sqlalchemy import Connection, or_, select

from tracker.rows import FAMILIES
from tracker.tables import Access, BorderStatus, Displacement, IngestRun
from tracker.vocabulary import Trigger

OBSERVATION_PREFIX = {Displacement: "D", BorderStatus: "B", Access: "A"}

_KEY = r"article-\d+|[DBA]\d{3}[a-z]?"
_CITED = re.compile(rf"\b(?:{_KEY})\b")
_SEED_ROW = re.compile(rf"\.csv:\d+ \(({_KEY})\)$")
_NEVER_A_NUMBER = re.compile(r"article-\d+|[DBA](?:0\d*|\d+[a-z])")


def is_seed_key(text: str) -> bool:
    """Whether this can only be a key of the seed: an observation's number has neither leading zeros nor letters."""
    return _NEVER_A_NUMBER.fullmatch(text) is not None


def seed_ids(connection: Connection, keys: Collection[str]) -> dict[str, str]:
    """The observation id of each of some keys of the seed; of a row that was loaded again, the latest."""
    found = {}
    seeds = select(IngestRun.id).where(IngestRun.trigger == Trigger.SEED.value)
    for family in FAMILIES.values() if keys else ():
        table = family.observation
        cited = or_(*(table.locator.endswith(f"({key})", autoescape=True) for key in keys))
        # Sorted here: asked for the order of ids, SQLite would go through all rows there are to find the seed's.
        rows = connection.execute(select(table.id, table.locator).where(table.run_id.in_(seeds), cited))
        for number, locator in sorted(rows.all()):
            if row := _SEED_ROW.search(locator):
                found[row[1]] = f"{OBSERVATION_PREFIX[table]}{number}"
    return found


def notes_by_id(connection: Connection, rows: Iterable[tuple[str | None, str]]) -> list[str | None]:
    """The notes of rows (note, locator); those of the seed cite observation ids: the key D106 is not the id D106."""
    told = list(rows)
    citing = [note and _CITED.findall(note) if _SEED_ROW.search(locator) else None for note, locator in told]
    ids = seed_ids(connection, {key for keys in citing for key in keys or ()})
    return [
        _CITED.sub(partial(_id_of, ids), note) if note and keys else note
        for (note, _), keys in zip(told, citing, strict=True)
    ]


def _id_of(ids: dict[str, str], key: re.Match[str]) -> str:
    return ids.get(key[0], key[0])
