"""Keep: payloads are archived as received, under their sha256, before anyone reads them."""

import gzip
import hashlib
import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, func, insert, select

from tracker.errors import StoreError
from tracker.records import Payload, SavedFile
from tracker.tables import Payload as PayloadRow
from tracker.tables import RunPayload

FAST = 1
"""The lightest compression: a big file takes a fifth more room, and a quarter of the time to keep."""

BLOCK = 1 << 24
"""How many bytes are in memory at a time."""


def keep(
    connection: Connection, folder: Path, payload: Payload, run_id: int, source_id: int | None
) -> tuple[int, Payload]:
    """Write the bytes (once) and index them.

    Returns:
        The id of the payload's row, and the payload as first received: bytes that come again keep the moment at which
        they came first, so that a source whose reading depends on it reads the same bytes the same way for ever.

    Raises:
        StoreError: The archive folder cannot be written.
        SourceChanged: A saved file was changed meanwhile.
    """
    digest, mapping = _digest(payload.blocks(BLOCK)), _digest([payload.mapping.encode()]) if payload.mapping else ""
    if isinstance(payload.body, SavedFile):
        payload = replace(payload, body=replace(payload.body, sha256=digest))
    try:
        _write(path_of(folder, digest), payload.blocks(BLOCK))
        if mapping:
            _write(path_of(folder, mapping), [payload.mapping.encode()])
    except OSError as error:
        raise StoreError(
            f"cannot archive a payload in {folder}: {error.strerror}; free space or fix permissions"
        ) from error
    known = connection.execute(
        select(PayloadRow.id, PayloadRow.retrieved_at).where(
            PayloadRow.sha256 == digest,
            PayloadRow.mapping_sha256 == mapping,
            PayloadRow.source_id.is_not_distinct_from(source_id),
        )
    ).first()
    if known is not None:
        _note(connection, run_id, known.id)
        return known.id, replace(payload, retrieved_at=known.retrieved_at)
    row_id = connection.scalars(
        insert(PayloadRow)
        .values(
            source_id=source_id,
            run_id=run_id,
            sha256=digest,
            mapping_sha256=mapping,
            url=payload.url,
            media_type=payload.media_type,
            size=payload.size,
            retrieved_at=payload.retrieved_at,
        )
        .returning(PayloadRow.id)
    ).one()
    _note(connection, run_id, row_id)
    return row_id, payload


def _note(connection: Connection, run_id: int, payload_id: int) -> None:
    """Remember that a run read this payload, after those it read before."""
    position = connection.scalar(select(func.count()).where(RunPayload.run_id == run_id))
    connection.execute(insert(RunPayload).values(run_id=run_id, position=position, payload_id=payload_id))


def read_again(connection: Connection, folder: Path, run_id: int) -> list[tuple[int, Payload]]:
    """The payloads of an earlier run, in their order, each with the id of its row.

    Raises:
        StoreError: Some of them are gone, or are no longer what was archived.
    """
    rows = connection.execute(
        select(*PayloadRow.__table__.columns)
        .join(RunPayload, RunPayload.payload_id == PayloadRow.id)
        .where(RunPayload.run_id == run_id)
        .order_by(RunPayload.position)
    ).all()
    return [
        (
            row.id,
            Payload(
                body=read(folder, row.sha256),
                url=row.url,
                media_type=row.media_type,
                retrieved_at=row.retrieved_at,
                mapping=read(folder, row.mapping_sha256).decode() if row.mapping_sha256 else "",
            ),
        )
        for row in rows
    ]


def read(folder: Path, digest: str) -> bytes:
    """The archived bytes.

    Raises:
        StoreError: They are gone, or are no longer what was archived.
    """
    path = path_of(folder, digest)
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise StoreError(f"archived payload {path} cannot be read: {error}") from error
    if _digest([content]) != digest:
        raise StoreError(f"archived payload {path} was changed after it was archived")
    return content


def _digest(blocks: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for block in blocks:
        found.update(block)
    return found.hexdigest()


def path_of(folder: Path, digest: str) -> Path:
    """Where a payload of this sha256 lies."""
    return folder / digest[:2] / f"{digest}.gz"


def _write(path: Path, blocks: Iterable[bytes]) -> None:
    """Write whole or not at all: a killed process leaves no half payload under a true name."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".writing-", delete=False) as temporary:
        try:
            with gzip.GzipFile("", "wb", FAST, temporary, mtime=0) as packed:
                for block in blocks:
                    packed.write(block)
        except BaseException:
            Path(temporary.name).unlink()
            raise
    Path(temporary.name).replace(path)
