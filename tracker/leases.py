"""Leases: who is at work on a source now, so that two schedulers do not do it at once."""

import os
import socket
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from tracker.errors import AlreadyRunning
from tracker.tables import Lease

LEASE = timedelta(minutes=15)


def take(connection: Connection, source_code: str, now: datetime) -> str:
    """Claim a source for this process; returns the owner's mark, for `drop`.

    Raises:
        AlreadyRunning: Somebody else's lease has not ended.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"
    held = connection.execute(select(Lease.owner, Lease.expires_at).where(Lease.source_code == source_code)).first()
    if held and held.expires_at > now and not _is_dead(held.owner):
        raise AlreadyRunning(
            f"{source_code}: another process ({held.owner}) is ingesting it until {held.expires_at:%H:%M} UTC at most; "
            "try again later"
        )
    if held:
        drop(connection, source_code, held.owner)
    try:
        with connection.begin_nested():
            connection.execute(insert(Lease).values(source_code=source_code, owner=owner, expires_at=now + LEASE))
    except IntegrityError as error:
        # PostgreSQL lets two look at once; the second to write is told here.
        raise AlreadyRunning(f"{source_code}: another process has just begun to ingest it; try again later") from error
    return owner


def keep(connection: Connection, source_code: str, owner: str, now: datetime) -> None:
    """Extend a lease during long work.

    Raises:
        AlreadyRunning: It ran out meanwhile, and somebody else is at work; nothing more may be written.
    """
    kept = connection.execute(
        update(Lease).where(Lease.source_code == source_code, Lease.owner == owner).values(expires_at=now + LEASE)
    )
    if not kept.rowcount:
        raise AlreadyRunning(f"{source_code}: this run took too long and another process has taken over")


def _is_dead(owner: str) -> bool:
    """Whether the owner was a process of this machine that is no more; of other machines nobody here can tell."""
    host, _, rest = owner.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not rest.isdecimal():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def drop(connection: Connection, source_code: str, owner: str) -> None:
    """Give a source free again, unless somebody has taken it over meanwhile."""
    connection.execute(delete(Lease).where(Lease.source_code == source_code, Lease.owner == owner))
