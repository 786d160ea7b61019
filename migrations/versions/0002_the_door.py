"""The door: runs that are held, warnings, doubts, mappings, and the words of the sources that came with them.

A run that looks wrong as a whole is kept aside until a person releases it, so a run now remembers which payloads it
read. A figure that does not fit its own history says so (``doubt``). Places and events can now come from a source, so
they name their run. A file in somebody's own form is read by a mapping,
which is part of its provenance. The new words have to be known to the CHECKs. Going back fails while rows use them.

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WORDS = {
    ("access_series", "indicator"): (
        "access_constraint access_index aid_workers_killed aid_workers_injured aid_workers_kidnapped "
        "aid_workers_arrested operations_suspended facilities_hit facilities_functional aid_trucks "
        "aid_missions service_shortage service_outage people_affected people_in_need people_reached "
        "funding_share funding_received",
        "access_constraint access_index access_pillar information_gap severity_index security_incidents "
        "conflict_events fatalities visas_denied movements_denied projects_affected aid_workers_killed "
        "aid_workers_injured aid_workers_kidnapped aid_workers_arrested operations_suspended facilities_hit "
        "facilities_functional aid_trucks aid_missions service_shortage service_outage people_affected "
        "people_in_need people_reached funding_share funding_received",
    ),
    ("access_series", "unit"): (
        "people trucks missions organisations facilities percent usd score hours_per_day",
        "people trucks missions organisations facilities incidents events percent usd score hours_per_day",
    ),
    ("border_series", "traffic_class"): (
        "all persons pedestrians vehicles nationals_returning foreigners refugees commercial_cargo "
        "humanitarian_cargo humanitarian_staff medical unspecified",
        "all persons pedestrians vehicles nationals_returning foreigners refugees commercial_cargo "
        "humanitarian_cargo humanitarian_staff medical air_travel sea_travel unspecified",
    ),
    ("displacement_series", "indicator"): (
        "new_displacement repeat_displacement still_displaced population collective_centre_population arrival return",
        "new_displacement repeat_displacement still_displaced population collective_centre_population arrival "
        "return asylum_application asylum_decision",
    ),
    ("displacement_series", "sex"): (
        "f m o u all",
        "f m x o u all",
    ),
    ("displacement_series", "unit"): (
        "persons households",
        "persons households cases",
    ),
    ("event", "event_type"): (
        "conflict control_change ceasefire border access displacement political",
        "conflict control_change ceasefire border access displacement disaster political",
    ),
    ("ingest_run", "status"): (
        "running succeeded unchanged partial failed abandoned",
        "running succeeded unchanged partial held failed abandoned",
    ),
    ("set_aside", "reason"): (
        "unreadable_number unreadable_date unknown_place unknown_word missing_field period_reversed forecast "
        "negative qualifier_mismatch measure_mismatch origin_mismatch excerpt_mismatch conflicting_duplicate",
        "unreadable_number unreadable_date unknown_place unknown_word missing_field period_reversed forecast "
        "negative qualifier_mismatch measure_mismatch origin_mismatch excerpt_mismatch conflicting_duplicate "
        "provider_error out_of_scale",
    ),
}
"""Before and after, by table and column."""

OBSERVATIONS = ("access", "border_status", "displacement")


def upgrade():
    for (table, column), (_, after) in WORDS.items():
        _say(table, column, after)
    for table in OBSERVATIONS:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("doubt", sa.Text(), nullable=True))
    with op.batch_alter_table("ingest_run") as batch:
        batch.add_column(sa.Column("newest_reference_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("warnings", sa.Text(), nullable=True))
    for table in ("location", "event"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("run_id", sa.Integer(), nullable=True))
            batch.create_foreign_key(batch.f(f"fk_{table}_run_id_ingest_run"), "ingest_run", ["run_id"], ["id"])
    with op.batch_alter_table("payload") as batch:
        batch.add_column(sa.Column("mapping_sha256", sa.Text(), server_default=sa.text("''"), nullable=False))
        batch.drop_constraint(batch.f("uq_payload_source_id_sha256"), type_="unique")
        batch.create_unique_constraint(
            batch.f("uq_payload_source_id_sha256_mapping_sha256"), ["source_id", "sha256", "mapping_sha256"]
        )
    with op.batch_alter_table("border_series") as batch:
        batch.add_column(sa.Column("variant", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.create_table(
        "run_payload",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("payload_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["ingest_run.id"], name=op.f("fk_run_payload_run_id_ingest_run")),
        sa.ForeignKeyConstraint(["payload_id"], ["payload.id"], name=op.f("fk_run_payload_payload_id_payload")),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_run_payload")),
    )
    op.create_index(op.f("ix_run_payload_payload_id"), "run_payload", ["payload_id"], unique=False)
    # Of earlier runs is known which payloads they were the first to read.
    op.execute(
        "INSERT INTO run_payload (run_id, position, payload_id) "
        "SELECT run_id, row_number() OVER (PARTITION BY run_id ORDER BY id) - 1, id FROM payload"
    )


def downgrade():
    for table in ("location", "event"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(batch.f(f"fk_{table}_run_id_ingest_run"), type_="foreignkey")
            batch.drop_column("run_id")
    op.drop_index(op.f("ix_run_payload_payload_id"), table_name="run_payload")
    op.drop_table("run_payload")
    with op.batch_alter_table("border_series") as batch:
        batch.drop_column("variant")
    with op.batch_alter_table("payload") as batch:
        batch.drop_constraint(batch.f("uq_payload_source_id_sha256_mapping_sha256"), type_="unique")
        batch.create_unique_constraint(batch.f("uq_payload_source_id_sha256"), ["source_id", "sha256"])
        batch.drop_column("mapping_sha256")
    with op.batch_alter_table("ingest_run") as batch:
        batch.drop_column("warnings")
        batch.drop_column("newest_reference_on")
    for table in OBSERVATIONS:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("doubt")
    for (table, column), (before, _) in WORDS.items():
        _say(table, column, before)


def _say(table, column, words):
    allowed = ", ".join(repr(word) for word in words.split())
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(batch.f(f"ck_{table}_{column}"), type_="check")
        batch.create_check_constraint(batch.f(f"ck_{table}_{column}"), f"{column} IN ({allowed})")
