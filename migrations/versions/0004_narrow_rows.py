"""Narrow rows: what many figures share stands once, and days are whole numbers on SQLite.

A million figures spent most of their bytes on the same few words, and most of the time to write them on the checks of
these words. Attribution, role, coverage, credibility, review and the precision of both days go to ``standing``. The words
that stay are checked one by one: SQLite sorts the list of an IN anew for every row. The index of what was superseded
leaves out what was not.

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PRECISIONS = "day week month year unknown"
SHARED = {
    "start_precision": PRECISIONS,
    "end_precision": PRECISIONS,
    "attribution": "direct relayed unattributed",
    "role": "recommended triangulation context",
    "coverage": "full partial unknown",
    "credibility": "",
    "review_status": "draft in_review approved changed_after_approval rejected",
}
"""The columns of a standing, with their words."""

CREDIBILITY = "credibility IS NULL OR credibility BETWEEN 1 AND 6"
STATUSES = (
    "normal estimated provisional low_reliability unvalidated imputed missing not_collected suppressed break "
    "definition_differs withdrawn"
)
REASONS = "source_revision our_error method_change retraction mapping_change late undo"
QUALIFIERS = "exact more_than at_least less_than at_most approx range order_of_magnitude"
STAYING = {
    "access": {"qualifier": QUALIFIERS, "trend": "worse same better unknown"},
    "border_status": {"status": "open partial closed unknown", "evidence": "announced observed reported"},
    "displacement": {"qualifier": QUALIFIERS},
}
"""The words that stay in the rows, by table, beside status and reason."""

FITS = (
    "CASE WHEN {valueless} THEN value IS NULL "
    "WHEN qualifier = 'exact' THEN value IS NOT NULL AND value_low IS NOT NULL AND value_low = value "
    "AND value_high IS NOT NULL AND value_high = value "
    "WHEN {floor} "
    "THEN value IS NOT NULL AND value_low IS NOT NULL AND value_low = value AND value_high IS NULL "
    "WHEN {ceiling} "
    "THEN value IS NOT NULL AND value_high IS NOT NULL AND value_high = value AND value_low IS NULL "
    "WHEN qualifier = 'range' "
    "THEN value IS NULL AND value_low IS NOT NULL AND value_high IS NOT NULL AND value_low < value_high "
    "WHEN qualifier = 'order_of_magnitude' THEN value IS NULL AND value_text IS NOT NULL "
    "ELSE value IS NOT NULL END"
)
VALUELESS = "missing not_collected suppressed withdrawn"


def upgrade():
    op.create_table(
        "standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Text() if words else sa.SmallInteger(), nullable=not words)
            for name, words in SHARED.items()
        ),
        sa.CheckConstraint(CREDIBILITY, name=op.f("ck_standing_credibility")),
        *(
            sa.CheckConstraint(_in(name, words), name=op.f(f"ck_standing_{name}"))
            for name, words in SHARED.items()
            if words
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
        sa.UniqueConstraint("key", name=op.f("uq_standing_key")),
    )
    for table in STAYING:
        _share(table)
        _narrow(table)


def _share(table):
    """Give the rows of a table their standing."""
    columns = ", ".join(SHARED)
    op.execute(
        f"INSERT INTO standing (key, {columns}) SELECT DISTINCT {_key(table)}, {columns} FROM {table} "  # noqa: S608
        f"WHERE {_key(table)} NOT IN (SELECT key FROM standing)"
    )
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column("standing_id", sa.Integer(), nullable=True))
    op.execute(f"UPDATE {table} SET standing_id = (SELECT id FROM standing WHERE key = {_key(table)})")  # noqa: S608
    if op.get_bind().dialect.name == "sqlite":
        days = ", ".join(f"{day} = CAST(replace({day}, '-', '') AS INTEGER)" for day in _days(table))
        op.execute(f"UPDATE {table} SET {days}")  # noqa: S608


def _narrow(table):
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.drop_index(op.f(f"ix_{table}_superseded_run_id"), table_name=table)
    with op.batch_alter_table(table) as batch:
        for name in SHARED:
            batch.drop_constraint(batch.f(f"ck_{table}_{name}"), type_="check")
            batch.drop_column(name)
        batch.alter_column("standing_id", nullable=False)
        batch.create_foreign_key(batch.f(f"fk_{table}_standing_id_standing"), "standing", ["standing_id"], ["id"])
        _check(batch, table, _or)
        for day in _days(table) if sqlite else ():
            batch.alter_column(day, type_=sa.Integer())
    superseded = sa.text("superseded_run_id IS NOT NULL")
    op.create_index(
        op.f(f"ix_{table}_superseded_run_id"),
        table,
        ["superseded_run_id"],
        sqlite_where=superseded,
        postgresql_where=superseded,
    )


def downgrade():
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in STAYING:
        op.drop_index(op.f(f"ix_{table}_superseded_run_id"), table_name=table)
        with op.batch_alter_table(table) as batch:
            for name, words in SHARED.items():
                batch.add_column(sa.Column(name, sa.Text() if words else sa.SmallInteger(), nullable=True))
        for name in SHARED:
            op.execute(f"UPDATE {table} SET {name} = (SELECT {name} FROM standing WHERE id = standing_id)")  # noqa: S608
        with op.batch_alter_table(table) as batch:
            for name, words in SHARED.items():
                batch.alter_column(name, nullable=not words)
                allowed = _in(name, words) if words else CREDIBILITY
                batch.create_check_constraint(batch.f(f"ck_{table}_{name}"), allowed)
            _check(batch, table, _in)
            batch.drop_constraint(batch.f(f"fk_{table}_standing_id_standing"), type_="foreignkey")
            batch.drop_column("standing_id")
            for day in _days(table) if sqlite else ():
                batch.alter_column(day, type_=sa.Date())
        if sqlite:
            days = ", ".join(
                f"{day} = substr({day}, 1, 4) || '-' || substr({day}, 5, 2) || '-' || substr({day}, 7, 2)"
                for day in _days(table)
            )
            op.execute(f"UPDATE {table} SET {days}")  # noqa: S608
        op.create_index(op.f(f"ix_{table}_superseded_run_id"), table, ["superseded_run_id"])
    op.drop_table("standing")


def _days(table):
    days = ["reference_period_start", "reference_period_end", "published_on", "republished_on"]
    return [*days, "valid_until"] if table == "border_status" else days


def _key(table):
    """The key of a row's standing; the standing has columns of the same names, so the table is named."""
    own = {name: f"{table}.{name}" for name in SHARED}
    own["credibility"] = f"coalesce(CAST({table}.credibility AS TEXT), '')"
    return " || '|' || ".join(own.values())


def _check(batch, table, listed):
    """Check the words that stay in a table, listed in one of two ways."""
    for name, words in {"observation_status": STATUSES, "revision_reason": REASONS, **STAYING[table]}.items():
        batch.drop_constraint(batch.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(batch.f(f"ck_{table}_{name}"), listed(name, words))
    if table == "displacement":
        name = batch.f("ck_displacement_qualifier_fits_bounds")
        batch.drop_constraint(name, type_="check")
        fits = FITS.format(
            valueless=listed("observation_status", VALUELESS),
            floor=listed("qualifier", "more_than at_least"),
            ceiling=listed("qualifier", "less_than at_most"),
        )
        batch.create_check_constraint(name, fits)


def _in(name, words):
    return f"{name} IN ({', '.join(repr(word) for word in words.split())})"


def _or(name, words):
    return " OR ".join(f"{name} = {word!r}" for word in words.split())
