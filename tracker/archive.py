"""Keep: payloads are archived as received, under their sha256, before anyone reads them."""

import gzip
import hashlib
import tempfile
import zlib
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, insert, select

from tracker.errors import StoreError
from tracker.records import Payload
from tracker.tables import Payload as PayloadRow


def keep(
    connection: Connection, folder: Path, payload: Payload, run_id: int, source_id: int | None
) -> tuple[int, Payload]:
    """Write the bytes (once) and index them.

    Returns:
        The id of the payload's row, and the payload as first received: bytes that come again keep the moment at which
        they came first, so that a source whose reading depends on it reads the same bytes the same way for ever.

    Raises:
        StoreError: The archive folder cannot be written.
    """
    digest = hashlib.sha256(payload.content).hexdigest()
    try:
        _write(path_of(folder, digest), payload.content)
    except OSError as error:
        raise StoreError(
            f"cannot archive a payload in {folder}: {error.strerror}; free space or fix permissions"
        ) from error
    known = connection.execute(
        select(PayloadRow.id, PayloadRow.retrieved_at).where(
            PayloadRow.sha256 == digest, PayloadRow.source_id.is_not_distinct_from(source_id)
        )
    ).first()
    if known is not None:
        return known.id, replace(payload, retrieved_at=known.retrieved_at)
    row_id = connection.scalars(
        insert(PayloadRow)
        .values(
            source_id=source_id,
            run_id=run_id,
            sha256=digest,
            url=payload.url,
            media_type=payload.media_type,
            size=len(payload.content),
            retrieved_at=payload.retrieved_at,
        )
        .returning(PayloadRow.id)
    ).one()
    return row_id, payload


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
    if hashlib.sha256(content).hexdigest() != digest:
        raise StoreError(f"archived payload {path} was changed after it was archived")
    return content


def path_of(folder: Path, digest: str) -> Path:
    """Where a payload of this sha256 lies."""
    return folder / digest[:2] / f"{digest}.gz"


def _write(path: Path, content: bytes) -> None:
    """Write whole or not at all: a killed process leaves no half payload under a true name."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".writing-", delete=False) as temporary:
        temporary.write(gzip.compress(content, mtime=0))
    Path(temporary.name).replace(path)
