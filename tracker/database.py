"""The store's engine and its migrations: SQLite (WAL, foreign keys on) or PostgreSQL, by address.

Alembic takes as long to load as all the rest of a command, so it is loaded for an upgrade only. Which revisions there
are is told by the names of the migrations' files, each of which starts with its revision; the last one is the newest.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from tracker.errors import SettingsError, StoreError

if TYPE_CHECKING:
    from alembic.config import Config

BUSY_SECONDS = 30


def open_store(url: str) -> Engine:
    """An engine for the store's address.

    Raises:
        SettingsError: The address is not one SQLAlchemy can read.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        # The address may hold a password, so it is not repeated.
        raise SettingsError(
            "TRACKER_DATABASE_URL is not a database address: write it like postgresql://user@host/name"
        ) from error
    kind = parsed.get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise SettingsError(
            f"TRACKER_DATABASE_URL names a {kind} database: the tracker keeps its store in SQLite or PostgreSQL"
        )
    options: dict[str, Any] = {"pool_pre_ping": True}
    if kind == "sqlite":
        options = {"connect_args": {"timeout": BUSY_SECONDS}}
    try:
        engine = create_engine(parsed, **options)
    except (NoSuchModuleError, ImportError) as error:
        raise SettingsError(
            f"TRACKER_DATABASE_URL asks for the driver {parsed.drivername!r}, which is not installed: "
            "write postgresql:// or sqlite:/// alone"
        ) from error
    if kind == "postgresql":
        return engine
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transaction handling commits before DDL; with it off, a failed migration rolls back whole.
    connection.isolation_level = None
    with closing(connection.cursor()) as cursor:
        if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            # Of two processes that open a new file at once, one switches; the other finds it locked, and done.
            with suppress(sqlite3.OperationalError):
                cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = NORMAL")


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer half-way fails at once whatever the time-out, so writers say so at the start.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine, *, bulk: bool = False) -> Iterator[Connection]:
    """One write transaction: committed as a whole or not at all.

    Args:
        engine: The store.
        bulk: For rows by the million, whose references are ids read in this same transaction: the database, which
            would look up each of them again for each row, takes them as they are; PostgreSQL only from a role that may
            set ``session_replication_role``.
    """
    with engine.connect().execution_options(writes=True) as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        driver: Any = connection.connection.driver_connection
        if bulk and is_sqlite:
            driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                if bulk and not is_sqlite:
                    _trust_references(connection)
                yield connection
        finally:
            if bulk and is_sqlite:
                driver.execute("PRAGMA foreign_keys = ON")


def _trust_references(connection: Connection) -> None:
    with suppress(DBAPIError), connection.begin_nested():
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")


def upgrade(engine: Engine) -> bool:
    """Bring the store to this program's revision; returns whether anything was done.

    An existing SQLite file is copied beside itself first.

    Raises:
        StoreError: The store was made by a newer program, or cannot be opened.
    """
    from alembic import command

    found = _revision(engine)
    if found == max(_revisions()):
        return False
    _require_known(found)
    if found is not None and engine.dialect.name == "sqlite":
        _back_up(engine, found)
    config = alembic_config()
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DBAPIError:
        # Two first starts at once: the other process may be making the same tables now.
        if not _becomes_current(engine):
            raise
        return False
    return True


def _becomes_current(engine: Engine) -> bool:
    deadline = time.monotonic() + BUSY_SECONDS
    while time.monotonic() < deadline:
        with suppress(StoreError):
            if _revision(engine) == max(_revisions()):
                return True
        time.sleep(0.2)
    return False


def require_current(engine: Engine) -> None:
    """Stop unless the store is at this program's revision.

    Raises:
        StoreError: It is missing, older or newer.
    """
    found = _revision(engine)
    _require_known(found)
    if found != max(_revisions()):
        raise StoreError("the store is missing or out of date: run `tracker db upgrade`, then `tracker db seed`")


def _require_known(found: str | None) -> None:
    if found is not None and found not in _revisions():
        raise StoreError(
            f"the store is at revision {found}, which this program does not know: "
            "it was made by a newer version; upgrade displacement-tracker"
        )


def alembic_config() -> "Config":
    """Alembic's configuration."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations()))
    return config


def migrations() -> Path:
    """The migrations shipped in the wheel, or those of the checkout."""
    packaged = Path(str(resources.files("tracker"))) / "_migrations"
    return packaged if packaged.is_dir() else packaged.parent.parent / "migrations"


def _revisions() -> set[str]:
    return {path.stem.partition("_")[0] for path in (migrations() / "versions").glob("*.py")}


def _revision(engine: Engine) -> str | None:
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found
    except DBAPIError as error:
        shown = engine.url.render_as_string(hide_password=True)
        raise StoreError(f"the store {shown} cannot be opened: {' '.join(str(error.orig).split())}") from error


def _back_up(engine: Engine, revision: str) -> None:
    path = Path(str(engine.url.database))
    with (
        closing(sqlite3.connect(path)) as source,
        closing(sqlite3.connect(path.with_name(f"{path.stem}.before-upgrade-from-{revision}{path.suffix}"))) as copy,
    ):
        source.backup(copy)
