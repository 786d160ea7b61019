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
    if sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.rollback()
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
    if sqlite:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        connection.rollback()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    migrate(handed_over)
else:
    with open_store(Settings.read(os.environ).database_url).connect() as opened:
        migrate(opened)
