"""How a figure is named: D, B or A and its number; the keys by which seed rows cite each other lead there too."""

import re
from collections.abc import Iterable
from functools import partial

from sqlalchemy import Connection, select

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


def seed_ids(connection: Connection) -> dict[str, str]:
    """The observation id of every seed key; of a row that was loaded again, the latest."""
    found = {}
    for family in FAMILIES.values():
        table = family.observation
        rows = (
            select(table.id, table.locator)
            .join(IngestRun, IngestRun.id == table.run_id)
            .where(IngestRun.trigger == Trigger.SEED.value)
            .order_by(table.id)
        )
        for number, locator in connection.execute(rows):
            if row := _SEED_ROW.search(locator):
                found[row[1]] = f"{OBSERVATION_PREFIX[table]}{number}"
    return found


def notes_by_id(connection: Connection, rows: Iterable[tuple[str | None, str]]) -> list[str | None]:
    """The notes of rows (note, locator); those of the seed cite observation ids: the key D106 is not the id D106."""
    notes: list[str | None] = []
    ids: dict[str, str] = {}
    for note, locator in rows:
        if note and _CITED.search(note) and _SEED_ROW.search(locator):
            # Looked up once, and only where somebody cites: most views hold no such note.
            ids = ids or seed_ids(connection)
            note = _CITED.sub(partial(_id_of, ids), note)
        notes.append(note)
    return notes


def _id_of(ids: dict[str, str], key: re.Match[str]) -> str:
    return ids.get(key[0], key[0])
