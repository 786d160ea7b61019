"""Migrations: from nothing, and back; whole or not at all; with rows in the tables."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from tests.builders import displacement, load_run
from tests.stores import Templates
from tracker import database
from tracker.asof import PRESENT
from tracker.database import alembic_config, open_store, require_current, upgrade
from tracker.errors import StoreError
from tracker.export import to_csv
from tracker.seed.load import seed
from tracker.series import KINDS, as_rows
from tracker.tables import Base
from tracker.windows import Window

HEAD = ScriptDirectory.from_config(alembic_config()).get_current_head()
REVISIONS = [revision.revision for revision in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]


@pytest.fixture
def empty(database_url: str) -> Iterator[Engine]:
    """A database without anything."""
    engine = open_store(database_url)
    yield engine
    engine.dispose()


def migrate(engine: Engine, direction: Callable[[Config, str], object], revision: str) -> None:
    """Go to a revision, by the road the program takes."""
    config = database.alembic_config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        direction(config, revision)


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def revision_of(engine: Engine) -> str | None:
    with engine.connect() as connection:
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def row_counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def shape(engine: Engine) -> dict[str, Any]:
    """Everything a database can say of its tables, in an order of its own."""
    look, found = inspect(engine), {}
    for table in sorted(tables(engine)):
        found[table] = {
            "columns": {c["name"]: (str(c["type"]), c["nullable"], c["default"]) for c in look.get_columns(table)},
            "checks": {c["name"]: " ".join(str(c["sqltext"]).split()) for c in look.get_check_constraints(table)},
            "unique": {c["name"]: c["column_names"] for c in look.get_unique_constraints(table)},
            "keys": {k["name"]: (k["constrained_columns"], k["referred_table"]) for k in look.get_foreign_keys(table)},
            "indexes": {
                i["name"]: (i["column_names"], i["unique"], {k: str(v) for k, v in i["dialect_options"].items()})
                for i in look.get_indexes(table)
            },
            "primary": look.get_pk_constraint(table),
        }
    return found


def test_from_nothing(empty: Engine) -> None:
    """A first start that needs a second command leaves people without a store."""
    assert upgrade(empty) is True
    assert tables(empty) == set(Base.metadata.tables)
    assert revision_of(empty) == HEAD
    assert upgrade(empty) is False
    require_current(empty)


def test_migrations_make_the_tables_of_the_code(store: Engine) -> None:
    """A column or rule that only the code knows is not there for anybody who upgrades."""
    config = alembic_config()
    with store.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_migrations_make_the_rules_of_the_code(empty: Engine) -> None:
    """Alembic does not compare CHECKs: a new word would be refused by every store that was upgraded."""
    upgrade(empty)
    migrated = shape(empty)
    migrate(empty, command.downgrade, "base")
    Base.metadata.create_all(empty)
    assert shape(empty) == migrated


def test_down_to_nothing_and_up_again(empty: Engine) -> None:
    """A downgrade that leaves something behind makes the next upgrade fail."""
    upgrade(empty)
    before = shape(empty)
    migrate(empty, command.downgrade, "base")
    assert tables(empty) == set()
    upgrade(empty)
    assert shape(empty) == before


def test_every_revision_up_down_up(empty: Engine) -> None:
    """Each step on its own: the one that cannot be undone is found before somebody needs to."""
    for number, revision in enumerate(REVISIONS):
        migrate(empty, command.upgrade, revision)
        after = shape(empty)
        migrate(empty, command.downgrade, REVISIONS[number - 1] if number else "base")
        migrate(empty, command.upgrade, revision)
        assert shape(empty) == after


def test_newest_revision_down_and_up_with_rows(seeded_store: Engine, tmp_path: Path) -> None:
    """Empty tables forgive everything; a full one shows what a downgrade breaks or loses."""
    counts, before = row_counts(seeded_store), exported(seeded_store)
    migrate(seeded_store, command.downgrade, "-1")
    upgrade(seeded_store)
    assert exported(seeded_store) == before
    seed(seeded_store, tmp_path / "archive")
    assert row_counts(seeded_store) == counts


def exported(store: Engine) -> list[bytes]:
    """Every figure with all that belongs to it."""
    with store.connect() as connection:
        return [to_csv(as_rows(question(connection, Window())), PRESENT) for question in KINDS.values()]


def test_file_of_a_migration_is_named_by_its_revision() -> None:
    """A store that is taken for current, and lacks a column that the program writes."""
    files = sorted(path.name.partition("_")[0] for path in (database.migrations() / "versions").glob("*.py"))
    assert files == REVISIONS
    assert sorted(REVISIONS) == REVISIONS


@pytest.fixture
def next_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Adds a revision to a copy of the migrations, and makes the program take that copy."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(__file__).parent.parent / "migrations", folder)

    def add(body: str) -> None:
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        (folder / "versions" / "next.py").write_text(
            "import sqlalchemy as sa\nfrom alembic import op\n"
            f"revision, down_revision, branch_labels, depends_on = 'next', {HEAD!r}, None, None\n\n\n"
            f"def upgrade():\n{lines}\n\n\ndef downgrade():\n    pass\n"
        )
        monkeypatch.setattr(database, "migrations", lambda: folder)

    return add


def test_older_store_is_upgraded_with_its_rows(seeded_store: Engine, next_revision: Callable[[str], None]) -> None:
    """On SQLite a changed table is a new one; rows that point at the old must still be there afterwards."""
    before = row_counts(seeded_store)
    next_revision("with op.batch_alter_table('source') as batch:\n    batch.alter_column('homepage', nullable=True)")
    with pytest.raises(StoreError, match="run `tracker db upgrade`"):
        require_current(seeded_store)
    assert upgrade(seeded_store) is True
    assert revision_of(seeded_store) == "next"
    nullable = {column["name"]: column["nullable"] for column in inspect(seeded_store).get_columns("source")}
    assert (nullable["homepage"], nullable["code"]) == (True, False)
    assert row_counts(seeded_store) == before
    assert_foreign_keys_hold(seeded_store)


FAILING = {
    "after a new table": "op.create_table('half', sa.Column('id', sa.Integer()))\nraise RuntimeError('stopped')",
    "after deleting rows": "op.execute('DELETE FROM access')\nop.execute('SELECT nothing FROM nowhere')",
    "after rebuilding a table": (
        "with op.batch_alter_table('source') as batch:\n"
        "    batch.alter_column('homepage', nullable=True)\n"
        "raise RuntimeError('stopped')"
    ),
    "by leaving rows that point at nothing": "op.execute('DELETE FROM source')",
}


@pytest.mark.parametrize("how", FAILING)
def test_failing_migration_leaves_the_store_as_it_was(
    seeded_store: Engine, next_revision: Callable[[str], None], how: str
) -> None:
    """Half a migration is a store that neither the old program nor the new one can read."""
    rows, before = row_counts(seeded_store), shape(seeded_store)
    next_revision(FAILING[how])
    with pytest.raises((RuntimeError, SQLAlchemyError)):
        upgrade(seeded_store)
    assert revision_of(seeded_store) == HEAD
    assert (row_counts(seeded_store), shape(seeded_store)) == (rows, before)
    assert_foreign_keys_hold(seeded_store)


def assert_foreign_keys_hold(engine: Engine) -> None:
    """Migrations on SQLite switch foreign keys off; whoever comes after must find them on."""
    with engine.connect() as connection, pytest.raises(SQLAlchemyError, match="(?i)foreign key"):
        connection.execute(text("UPDATE displacement_series SET source_id = 999999"))


def copies(engine: Engine) -> list[Path]:
    return sorted(Path(str(engine.url.database)).parent.glob("tracker.before-upgrade-from-*.sqlite"))


def test_sqlite_file_is_copied_before_an_upgrade(
    templates: Templates, tmp_path: Path, next_revision: Callable[[str], None]
) -> None:
    """The night before a report is due is when an upgrade goes wrong; what is in the log counts, too."""
    engine = open_store(templates.copy_sqlite("seeded", tmp_path / "tracker.sqlite"))
    load_run(engine, displacement(7, variant="still in the write-ahead log"))
    before = row_counts(engine)
    next_revision("op.execute('DELETE FROM access')\nraise RuntimeError('stopped')")
    with pytest.raises(RuntimeError, match="stopped"):
        upgrade(engine)
    (copy,) = copies(engine)
    assert copy.name == f"tracker.before-upgrade-from-{HEAD}.sqlite"
    engine.dispose()
    copied = open_store(f"sqlite:///{copy}")
    assert (revision_of(copied), row_counts(copied)) == (HEAD, before)
    copied.dispose()


def test_new_sqlite_file_is_not_copied(sqlite_url: str) -> None:
    """A copy of nothing beside a first store would be taken for a copy of something."""
    engine = open_store(sqlite_url)
    upgrade(engine)
    upgrade(engine)
    engine.dispose()
    assert copies(engine) == []


def test_store_of_a_newer_program_is_refused(seeded_store: Engine) -> None:
    """An old program on a new store would write rows the new one cannot read."""
    before = row_counts(seeded_store)
    with seeded_store.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="revision 9999.*newer version"):
        upgrade(seeded_store)
    with pytest.raises(StoreError, match="revision 9999.*newer version"):
        require_current(seeded_store)
    assert (revision_of(seeded_store), row_counts(seeded_store)) == ("9999", before)


def test_store_that_was_never_made_is_refused(empty: Engine) -> None:
    """Reading from nothing must say so, and not make an empty store on the way."""
    with pytest.raises(StoreError, match="missing or out of date"):
        require_current(empty)
    assert tables(empty) == set()
