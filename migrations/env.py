"""Runs the migrations on the connection `tracker db upgrade` hands over, or on the store the settings name."""

import os

from alembic import context
from sqlalchemy import Connection

from tracker.database import open_store
from tracker.settings import Settings
from tracker.tables import Base


def migrate(connection: Connection) -> None:
    """Run in one transaction. On SQLite foreign keys are off meanwhile: rebuilding a table would cascade."""
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        _run(connection, sqlite)
        return
    _switch_foreign_keys(connection, "OFF")
    try:
        _run(connection, sqlite)
    finally:
        _switch_foreign_keys(connection, "ON")


def _switch_foreign_keys(connection: Connection, state: str) -> None:
    """Past SQLAlchemy, which would begin a transaction first; inside one, SQLite takes no notice of this."""
    connection.rollback()
    connection.connection.cursor().execute(f"PRAGMA foreign_keys = {state}")


def _run(connection: Connection, sqlite: bool) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=sqlite,
        transactional_ddl=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"rows would point at nothing after this migration: {broken[:5]}")


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    migrate(handed_over)
else:
    with open_store(Settings.read(os.environ).database_url).connect() as opened:
        migrate(opened)
