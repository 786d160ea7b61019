"""As of when: a run that a person took back names the run that did so, and vintages have two reasons more.

A vintage may be an earlier publication that came late (``late``), or bring back what stood before a run that was undone
(``undo``). So vintages have an order in which they were said (``said_order``), and remember when the same was last
published again (``republished_on``). Going back fails while rows use these words.

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

REASONS = "source_revision our_error method_change retraction mapping_change"
TRIGGERS = "seed manual schedule file"
OBSERVATIONS = ("access", "border_status", "displacement")


def upgrade():
    with op.batch_alter_table("ingest_run") as batch:
        batch.add_column(sa.Column("undone_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_ingest_run_undone_by_id_ingest_run"), "ingest_run", ["undone_by_id"], ["id"]
        )
    _say("ingest_run", "trigger", f"{TRIGGERS} undo")
    for table in OBSERVATIONS:
        _say(table, "revision_reason", f"{REASONS} late undo")
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("said_order", sa.Double(), nullable=True))
            batch.add_column(sa.Column("republished_on", sa.Date(), nullable=True))
        op.execute(f"UPDATE {table} SET said_order = vintage")  # noqa: S608
        with op.batch_alter_table(table) as batch:
            batch.alter_column("said_order", nullable=False)


def downgrade():
    for table in OBSERVATIONS:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("republished_on")
            batch.drop_column("said_order")
        _say(table, "revision_reason", REASONS)
    _say("ingest_run", "trigger", TRIGGERS)
    with op.batch_alter_table("ingest_run") as batch:
        batch.drop_constraint(batch.f("fk_ingest_run_undone_by_id_ingest_run"), type_="foreignkey")
        batch.drop_column("undone_by_id")


def _say(table, column, words):
    allowed = ", ".join(repr(word) for word in words.split())
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(batch.f(f"ck_{table}_{column}"), type_="check")
        batch.create_check_constraint(batch.f(f"ck_{table}_{column}"), f"{column} IN ({allowed})")
