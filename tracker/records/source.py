"""Who asserts figures, and the bytes they came in."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tracker.errors import SourceChanged
from tracker.vocabulary import Redistribution, Reliability, SourceKind


@dataclass(frozen=True, slots=True)
class Credential:
    """Something a provider wants to be shown: an environment variable, and what a person does to get its value."""

    variable: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who asserts a figure, under which licence, how often; one row of the ``source`` table.

    Attributes:
        cadence_days: How often the provider publishes; null for bodies whose figures are entered by hand.
        measures: What the source publishes, in one sentence for the reader.
        grain: What one row of the provider is.
        traps: What has misled people who used it.
        fields: Every field a row of the provider is known to have; another one is told as a warning. Empty where the
            form says itself which fields it has.
        credentials: What a live fetch cannot do without.
        pause_seconds: The least time between two requests that the provider asks for.
        names_places: Whether it fills the gazetteer, so that it is asked before the sources whose figures need it.
        may_be_empty: Whether an answer without one figure can be true, such as a month without data; from every other
            source it means that something broke, and taking its word would look like good news.
        most_set_aside: The share of figures that may be set aside; beyond it the run is held for a person.
    """

    code: str
    name: str
    kind: SourceKind
    reliability: Reliability
    licence: str
    redistribute: Redistribution
    credit_line: str
    homepage: str
    cadence_days: int | None = None
    parser_version: int = 1
    measures: str = ""
    grain: str = ""
    traps: str = ""
    fields: frozenset[str] = frozenset()
    credentials: tuple[Credential, ...] = ()
    pause_seconds: float = 0.0
    names_places: bool = False
    may_be_empty: bool = False
    most_set_aside: float = 0.2


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A big file somebody saved, which is never in memory as a whole.

    Attributes:
        sha256: Of the bytes that were archived; empty while they are not.
    """

    path: Path
    sha256: str = ""

    def blocks(self, size: int) -> Iterator[bytes]:
        """Its bytes, so many at a time.

        Raises:
            SourceChanged: They are not those that were archived; told after the last block.
        """
        found = hashlib.sha256()
        with self.path.open("rb") as file:
            while block := file.read(size):
                if self.sha256:
                    found.update(block)
                yield block
        if self.sha256 not in ("", found.hexdigest()):
            raise SourceChanged(f"{self.path.name} was changed while it was read; load it again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """Bytes as received, and where and when they were received.

    Attributes:
        url: Without credentials; for a file somebody saved, its name.
        retrieved_at: UTC.
        mapping: How a file in somebody's own form is to be read (TOML); empty for every other payload.
    """

    body: bytes | SavedFile
    url: str
    media_type: str
    retrieved_at: datetime
    mapping: str = ""

    @property
    def content(self) -> bytes:
        """All bytes at once."""
        return self.body if isinstance(self.body, bytes) else b"".join(self.body.blocks(1 << 24))

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.body) if isinstance(self.body, bytes) else self.body.path.stat().st_size

    def blocks(self, size: int) -> Iterator[bytes]:
        """The bytes, so many at a time.

        Raises:
            SourceChanged: A saved file is no longer what was archived.
        """
        if isinstance(self.body, SavedFile):
            return self.body.blocks(size)
        body = self.body
        return (body[start : start + size] for start in range(0, len(body), size))
