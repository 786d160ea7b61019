"""First tables: who and where, evidence, and a series and an observation table for each kind of figure.

Everything later builds on three choices made here. A series row holds what stays the same over time, so that
observation rows stay narrow. A correction is a new row (a vintage), never an update: what was known on a past day can
be asked for ever. And the rules that keep numbers true (a qualifier fits its bounds, one open vintage a fact, the
ledger of a run adds up) are named constraints, because code can be bypassed.

Revision: 0001
Follows: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "border",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country_a", sa.Text(), nullable=False),
        sa.Column("country_b", sa.Text(), nullable=False),
        sa.CheckConstraint("country_a < country_b", name=op.f("ck_border_country_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_border")),
        sa.UniqueConstraint("country_a", "country_b", name=op.f("uq_border_country_a_country_b")),
    )
    op.create_table(
        "lease",
        sa.Column("source_code", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source_code", name=op.f("pk_lease")),
    )
    op.create_table(
        "location",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("iso3", sa.Text(), nullable=True),
        sa.Column("pcode", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('world', 'country', 'adm1', 'adm2', 'site', 'area', 'unspecified')", name=op.f("ck_location_kind")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name=op.f("ck_location_validity_order")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["location.id"], name=op.f("fk_location_parent_id_location")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("code", name=op.f("uq_location_code")),
        sa.UniqueConstraint("pcode", "valid_from", name=op.f("uq_location_pcode_valid_from")),
    )
    op.create_index(op.f("ix_location_iso3"), "location", ["iso3"], unique=False)

    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("cites_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["cites_id"], ["publication.id"], name=op.f("fk_publication_cites_id_publication")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("publisher", "title", "url", name=op.f("uq_publication_publisher_title_url")),
    )
    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("code", name=op.f("uq_region_code")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reliability", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("redistribute", sa.Text(), nullable=False),
        sa.Column("credit_line", sa.Text(), nullable=False),
        sa.Column("homepage", sa.Text(), nullable=False),
        sa.Column("cadence_days", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('un', 'igo', 'government', 'local_authority', 'cluster', 'ingo', 'nngo', 'monitor', 'academic', 'media')",
            name=op.f("ck_source_kind"),
        ),
        sa.CheckConstraint(
            "redistribute IN ('yes', 'attribution', 'non_commercial', 'no')", name=op.f("ck_source_redistribute")
        ),
        sa.CheckConstraint("reliability IN ('A', 'B', 'C', 'D', 'E', 'F')", name=op.f("ck_source_reliability")),
        sa.CheckConstraint("cadence_days IS NULL OR cadence_days > 0", name=op.f("ck_source_cadence_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("code", name=op.f("uq_source_code")),
    )
    op.create_table(
        "access_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("constraint_type", sa.Text(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("provider_place", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "constraint_type IN ('denial_of_needs', 'restriction_of_services', 'entry_impediments', 'restriction_of_movement', 'interference', 'violence_against_personnel', 'insecurity_hostilities', 'mines_uxo', 'physical_constraints')",
            name=op.f("ck_access_series_constraint_type"),
        ),
        sa.CheckConstraint(
            "indicator <> 'access_constraint' OR constraint_type IS NOT NULL",
            name=op.f("ck_access_series_constraint_has_type"),
        ),
        sa.CheckConstraint(
            "indicator IN ('access_constraint', 'access_index', 'aid_workers_killed', 'aid_workers_injured', 'aid_workers_kidnapped', 'aid_workers_arrested', 'operations_suspended', 'facilities_hit', 'facilities_functional', 'aid_trucks', 'aid_missions', 'service_shortage', 'service_outage', 'people_affected', 'people_in_need', 'people_reached', 'funding_share', 'funding_received')",
            name=op.f("ck_access_series_indicator"),
        ),
        sa.CheckConstraint(
            "topic IN ('food', 'water', 'medical_supplies', 'health', 'nutrition', 'protection', 'education', 'shelter', 'fuel', 'electricity', 'internet', 'cash')",
            name=op.f("ck_access_series_topic"),
        ),
        sa.CheckConstraint(
            "unit IN ('people', 'trucks', 'missions', 'organisations', 'facilities', 'percent', 'usd', 'score', 'hours_per_day')",
            name=op.f("ck_access_series_unit"),
        ),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_access_series_location_id_location")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_access_series_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_series")),
        sa.UniqueConstraint("key", name=op.f("uq_access_series_key")),
    )
    op.create_index(op.f("ix_access_series_location_id"), "access_series", ["location_id"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("date_start", sa.Date(), nullable=False),
        sa.Column("date_end", sa.Date(), nullable=True),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("title_ar", sa.Text(), nullable=True),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("disputed", sa.Boolean(create_constraint=True, name="disputed"), nullable=False),
        sa.Column("annotate", sa.Boolean(create_constraint=True, name="annotate"), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "event_type IN ('conflict', 'control_change', 'ceasefire', 'border', 'access', 'displacement', 'political')",
            name=op.f("ck_event_event_type"),
        ),
        sa.CheckConstraint("precision IN ('day', 'week', 'month', 'year', 'unknown')", name=op.f("ck_event_precision")),
        sa.CheckConstraint("date_end IS NULL OR date_end >= date_start", name=op.f("ck_event_period_order")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_event_location_id_location")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_event_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("code", name=op.f("uq_event_code")),
    )
    op.create_index(op.f("ix_event_location_date"), "event", ["location_id", "date_start"], unique=False)

    op.create_table(
        "ingest_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parser_version", sa.Integer(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Integer(), nullable=False),
        sa.Column("figures_new", sa.Integer(), nullable=False),
        sa.Column("figures_revised", sa.Integer(), nullable=False),
        sa.Column("figures_unchanged", sa.Integer(), nullable=False),
        sa.Column("figures_duplicate", sa.Integer(), nullable=False),
        sa.Column("figures_set_aside", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status IN ('running', 'succeeded', 'unchanged', 'partial', 'failed', 'abandoned')",
            name=op.f("ck_ingest_run_status"),
        ),
        sa.CheckConstraint("trigger IN ('seed', 'manual', 'schedule', 'file')", name=op.f("ck_ingest_run_trigger")),
        sa.CheckConstraint(
            "figures = figures_new + figures_revised + figures_unchanged + figures_duplicate + figures_set_aside",
            name=op.f("ck_ingest_run_ledger_law"),
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_ingest_run_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingest_run")),
    )
    op.create_index(op.f("ix_ingest_run_source_started"), "ingest_run", ["source_id", "started_at"], unique=False)

    op.create_table(
        "location_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_location_code_location_id_location")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location_code")),
        sa.UniqueConstraint("scheme", "code", name=op.f("uq_location_code_scheme_code")),
    )
    op.create_table(
        "location_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_location_name_location_id_location")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location_name")),
        sa.UniqueConstraint("location_id", "name", name=op.f("uq_location_name_location_id_name")),
    )
    op.create_table(
        "point_of_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("border_id", sa.Integer(), nullable=False),
        sa.Column("home", sa.Text(), nullable=False),
        sa.Column("neighbour", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("official", sa.Boolean(create_constraint=True, name="official"), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=True),
        sa.Column("name_local", sa.Text(), nullable=True),
        sa.Column("name_other_side", sa.Text(), nullable=True),
        sa.Column("name_other_side_ar", sa.Text(), nullable=True),
        sa.Column("admin1_id", sa.Integer(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('land', 'road', 'rail', 'pedestrian', 'river', 'sea', 'air', 'crossline')",
            name=op.f("ck_point_of_entry_kind"),
        ),
        sa.ForeignKeyConstraint(["admin1_id"], ["location.id"], name=op.f("fk_point_of_entry_admin1_id_location")),
        sa.ForeignKeyConstraint(["border_id"], ["border.id"], name=op.f("fk_point_of_entry_border_id_border")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_of_entry")),
        sa.UniqueConstraint("code", name=op.f("uq_point_of_entry_code")),
    )
    op.create_index(op.f("ix_point_of_entry_border_id"), "point_of_entry", ["border_id"], unique=False)

    op.create_table(
        "region_member",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_region_member_location_id_location")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_region_member_region_id_region")),
        sa.PrimaryKeyConstraint("region_id", "location_id", name=op.f("pk_region_member")),
    )
    op.create_table(
        "border_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("border_id", sa.Integer(), nullable=False),
        sa.Column("point_of_entry_id", sa.Integer(), nullable=True),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("direction_into", sa.Text(), nullable=False),
        sa.Column("traffic_class", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "length(direction_into) = 3 OR direction_into IN ('both', 'unspecified')",
            name=op.f("ck_border_series_direction_into"),
        ),
        sa.CheckConstraint("length(side) = 3 OR side IN ('both', 'unspecified')", name=op.f("ck_border_series_side")),
        sa.CheckConstraint(
            "traffic_class IN ('all', 'persons', 'pedestrians', 'vehicles', 'nationals_returning', 'foreigners', 'refugees', 'commercial_cargo', 'humanitarian_cargo', 'humanitarian_staff', 'medical', 'unspecified')",
            name=op.f("ck_border_series_traffic_class"),
        ),
        sa.ForeignKeyConstraint(["border_id"], ["border.id"], name=op.f("fk_border_series_border_id_border")),
        sa.ForeignKeyConstraint(
            ["point_of_entry_id"], ["point_of_entry.id"], name=op.f("fk_border_series_point_of_entry_id_point_of_entry")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_border_series_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_border_series")),
        sa.UniqueConstraint("key", name=op.f("uq_border_series_key")),
    )
    op.create_index(op.f("ix_border_series_border_id"), "border_series", ["border_id"], unique=False)
    op.create_index(op.f("ix_border_series_point_of_entry_id"), "border_series", ["point_of_entry_id"], unique=False)

    op.create_table(
        "displacement_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("population_group", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("point_of_entry_id", sa.Integer(), nullable=True),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("age", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("provider_place", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "cause IN ('conflict', 'disaster', 'other', 'unknown')", name=op.f("ck_displacement_series_cause")
        ),
        sa.CheckConstraint(
            "indicator IN ('new_displacement', 'repeat_displacement', 'still_displaced', 'population', 'collective_centre_population', 'arrival', 'return')",
            name=op.f("ck_displacement_series_indicator"),
        ),
        sa.CheckConstraint("measure IN ('stock', 'flow', 'cumulative')", name=op.f("ck_displacement_series_measure")),
        sa.CheckConstraint(
            "population_group IN ('ALL', 'DISP', 'IDP', 'REF', 'ROC', 'ASY', 'OIP', 'IOC', 'STA', 'OOC', 'HST', 'RET', 'RDP', 'RRI', 'RST', 'NAT')",
            name=op.f("ck_displacement_series_population_group"),
        ),
        sa.CheckConstraint("sex IN ('f', 'm', 'o', 'u', 'all')", name=op.f("ck_displacement_series_sex")),
        sa.CheckConstraint(
            "since IS NULL OR measure = 'cumulative'", name=op.f("ck_displacement_series_since_is_cumulative")
        ),
        sa.CheckConstraint("unit IN ('persons', 'households')", name=op.f("ck_displacement_series_unit")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_displacement_series_location_id_location")
        ),
        sa.ForeignKeyConstraint(["origin_id"], ["location.id"], name=op.f("fk_displacement_series_origin_id_location")),
        sa.ForeignKeyConstraint(
            ["point_of_entry_id"],
            ["point_of_entry.id"],
            name=op.f("fk_displacement_series_point_of_entry_id_point_of_entry"),
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_displacement_series_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_displacement_series")),
        sa.UniqueConstraint("key", name=op.f("uq_displacement_series_key")),
    )
    op.create_index(op.f("ix_displacement_series_location_id"), "displacement_series", ["location_id"], unique=False)
    op.create_index(op.f("ix_displacement_series_origin_id"), "displacement_series", ["origin_id"], unique=False)

    op.create_table(
        "payload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("retrieved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["ingest_run.id"], name=op.f("fk_payload_run_id_ingest_run")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_payload_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payload")),
        sa.UniqueConstraint("source_id", "sha256", name=op.f("uq_payload_source_id_sha256")),
    )
    op.create_index(op.f("ix_payload_sha256"), "payload", ["sha256"], unique=False)

    op.create_table(
        "point_of_entry_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_of_entry_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["point_of_entry_id"],
            ["point_of_entry.id"],
            name=op.f("fk_point_of_entry_name_point_of_entry_id_point_of_entry"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_of_entry_name")),
        sa.UniqueConstraint("point_of_entry_id", "name", name=op.f("uq_point_of_entry_name_point_of_entry_id_name")),
    )
    op.create_table(
        "access",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("value_low", sa.Double(), nullable=True),
        sa.Column("value_high", sa.Double(), nullable=True),
        sa.Column("qualifier", sa.Text(), nullable=True),
        sa.Column("value_text", sa.Text(), nullable=True),
        sa.Column("scale", sa.Text(), nullable=True),
        sa.Column("information_gap", sa.Boolean(create_constraint=True, name="information_gap"), nullable=False),
        sa.Column("trend", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference_period_start", sa.Date(), nullable=False),
        sa.Column("reference_period_end", sa.Date(), nullable=False),
        sa.Column("start_precision", sa.Text(), nullable=False),
        sa.Column("end_precision", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=True),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("coverage", sa.Text(), nullable=False),
        sa.Column("observation_status", sa.Text(), nullable=False),
        sa.Column("credibility", sa.SmallInteger(), nullable=True),
        sa.Column("review_status", sa.Text(), nullable=False),
        sa.Column("sensitivity", sa.SmallInteger(), nullable=False),
        sa.Column("revision_reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("payload_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("superseded_run_id", sa.Integer(), nullable=True),
        sa.Column("primary_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("attribution IN ('direct', 'relayed', 'unattributed')", name=op.f("ck_access_attribution")),
        sa.CheckConstraint("coverage IN ('full', 'partial', 'unknown')", name=op.f("ck_access_coverage")),
        sa.CheckConstraint(
            "end_precision IN ('day', 'week', 'month', 'year', 'unknown')", name=op.f("ck_access_end_precision")
        ),
        sa.CheckConstraint(
            "observation_status IN ('normal', 'estimated', 'provisional', 'low_reliability', 'unvalidated', 'imputed', 'missing', 'not_collected', 'suppressed', 'break', 'definition_differs', 'withdrawn')",
            name=op.f("ck_access_observation_status"),
        ),
        sa.CheckConstraint(
            "qualifier IN ('exact', 'more_than', 'at_least', 'less_than', 'at_most', 'approx', 'range', 'order_of_magnitude')",
            name=op.f("ck_access_qualifier"),
        ),
        sa.CheckConstraint(
            "review_status IN ('draft', 'in_review', 'approved', 'changed_after_approval', 'rejected')",
            name=op.f("ck_access_review_status"),
        ),
        sa.CheckConstraint(
            "revision_reason IN ('source_revision', 'our_error', 'method_change', 'retraction', 'mapping_change')",
            name=op.f("ck_access_revision_reason"),
        ),
        sa.CheckConstraint("role IN ('recommended', 'triangulation', 'context')", name=op.f("ck_access_role")),
        sa.CheckConstraint(
            "start_precision IN ('day', 'week', 'month', 'year', 'unknown')", name=op.f("ck_access_start_precision")
        ),
        sa.CheckConstraint("trend IN ('worse', 'same', 'better', 'unknown')", name=op.f("ck_access_trend")),
        sa.CheckConstraint(
            "(value IS NULL OR value >= 0) AND (value_low IS NULL OR value_low >= 0) AND (value_high IS NULL OR value_high >= 0)",
            name=op.f("ck_access_not_negative"),
        ),
        sa.CheckConstraint("(vintage = 1) = (revision_reason IS NULL)", name=op.f("ck_access_revision_has_reason")),
        sa.CheckConstraint("credibility IS NULL OR credibility BETWEEN 1 AND 6", name=op.f("ck_access_credibility")),
        sa.CheckConstraint(
            "qualifier IS NOT NULL OR (value IS NULL AND value_low IS NULL AND value_high IS NULL)",
            name=op.f("ck_access_number_has_qualifier"),
        ),
        sa.CheckConstraint("reference_period_end >= reference_period_start", name=op.f("ck_access_period_order")),
        sa.CheckConstraint("sensitivity BETWEEN 0 AND 3", name=op.f("ck_access_sensitivity")),
        sa.CheckConstraint(
            "value_low IS NULL OR value_high IS NULL OR value_low <= value_high", name=op.f("ck_access_bounds_order")
        ),
        sa.CheckConstraint("vintage >= 1", name=op.f("ck_access_vintage_positive")),
        sa.ForeignKeyConstraint(["payload_id"], ["payload.id"], name=op.f("fk_access_payload_id_payload")),
        sa.ForeignKeyConstraint(["primary_id"], ["access.id"], name=op.f("fk_access_primary_id_access")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_access_publication_id_publication")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["ingest_run.id"], name=op.f("fk_access_run_id_ingest_run")),
        sa.ForeignKeyConstraint(["series_id"], ["access_series.id"], name=op.f("fk_access_series_id_access_series")),
        sa.ForeignKeyConstraint(
            ["superseded_run_id"], ["ingest_run.id"], name=op.f("fk_access_superseded_run_id_ingest_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access")),
        sa.UniqueConstraint(
            "series_id",
            "reference_period_end",
            "reference_period_start",
            "external_id",
            "vintage",
            name="uq_access_vintage",
        ),
    )
    op.create_index(op.f("ix_access_run_id"), "access", ["run_id"], unique=False)
    op.create_index(op.f("ix_access_superseded_run_id"), "access", ["superseded_run_id"], unique=False)
    op.create_index(
        op.f("uq_access_open"),
        "access",
        ["series_id", "reference_period_end", "reference_period_start", "external_id"],
        unique=True,
        sqlite_where=sa.text("superseded_run_id IS NULL"),
        postgresql_where=sa.text("superseded_run_id IS NULL"),
    )

    op.create_table(
        "border_status",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("reported_as", sa.Text(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("disputed", sa.Boolean(create_constraint=True, name="disputed"), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference_period_start", sa.Date(), nullable=False),
        sa.Column("reference_period_end", sa.Date(), nullable=False),
        sa.Column("start_precision", sa.Text(), nullable=False),
        sa.Column("end_precision", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=True),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("coverage", sa.Text(), nullable=False),
        sa.Column("observation_status", sa.Text(), nullable=False),
        sa.Column("credibility", sa.SmallInteger(), nullable=True),
        sa.Column("review_status", sa.Text(), nullable=False),
        sa.Column("sensitivity", sa.SmallInteger(), nullable=False),
        sa.Column("revision_reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("payload_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("superseded_run_id", sa.Integer(), nullable=True),
        sa.Column("primary_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "attribution IN ('direct', 'relayed', 'unattributed')", name=op.f("ck_border_status_attribution")
        ),
        sa.CheckConstraint("coverage IN ('full', 'partial', 'unknown')", name=op.f("ck_border_status_coverage")),
        sa.CheckConstraint(
            "end_precision IN ('day', 'week', 'month', 'year', 'unknown')", name=op.f("ck_border_status_end_precision")
        ),
        sa.CheckConstraint("evidence IN ('announced', 'observed', 'reported')", name=op.f("ck_border_status_evidence")),
        sa.CheckConstraint(
            "observation_status IN ('normal', 'estimated', 'provisional', 'low_reliability', 'unvalidated', 'imputed', 'missing', 'not_collected', 'suppressed', 'break', 'definition_differs', 'withdrawn')",
            name=op.f("ck_border_status_observation_status"),
        ),
        sa.CheckConstraint(
            "review_status IN ('draft', 'in_review', 'approved', 'changed_after_approval', 'rejected')",
            name=op.f("ck_border_status_review_status"),
        ),
        sa.CheckConstraint(
            "revision_reason IN ('source_revision', 'our_error', 'method_change', 'retraction', 'mapping_change')",
            name=op.f("ck_border_status_revision_reason"),
        ),
        sa.CheckConstraint("role IN ('recommended', 'triangulation', 'context')", name=op.f("ck_border_status_role")),
        sa.CheckConstraint(
            "start_precision IN ('day', 'week', 'month', 'year', 'unknown')",
            name=op.f("ck_border_status_start_precision"),
        ),
        sa.CheckConstraint("status IN ('open', 'partial', 'closed', 'unknown')", name=op.f("ck_border_status_status")),
        sa.CheckConstraint(
            "(vintage = 1) = (revision_reason IS NULL)", name=op.f("ck_border_status_revision_has_reason")
        ),
        sa.CheckConstraint(
            "credibility IS NULL OR credibility BETWEEN 1 AND 6", name=op.f("ck_border_status_credibility")
        ),
        sa.CheckConstraint(
            "reference_period_end >= reference_period_start", name=op.f("ck_border_status_period_order")
        ),
        sa.CheckConstraint("sensitivity BETWEEN 0 AND 3", name=op.f("ck_border_status_sensitivity")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= reference_period_start", name=op.f("ck_border_status_validity_order")
        ),
        sa.CheckConstraint("vintage >= 1", name=op.f("ck_border_status_vintage_positive")),
        sa.ForeignKeyConstraint(["payload_id"], ["payload.id"], name=op.f("fk_border_status_payload_id_payload")),
        sa.ForeignKeyConstraint(
            ["primary_id"], ["border_status.id"], name=op.f("fk_border_status_primary_id_border_status")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_border_status_publication_id_publication")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["ingest_run.id"], name=op.f("fk_border_status_run_id_ingest_run")),
        sa.ForeignKeyConstraint(
            ["series_id"], ["border_series.id"], name=op.f("fk_border_status_series_id_border_series")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_run_id"], ["ingest_run.id"], name=op.f("fk_border_status_superseded_run_id_ingest_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_border_status")),
        sa.UniqueConstraint(
            "series_id",
            "reference_period_end",
            "reference_period_start",
            "external_id",
            "vintage",
            name="uq_border_status_vintage",
        ),
    )
    op.create_index(op.f("ix_border_status_run_id"), "border_status", ["run_id"], unique=False)
    op.create_index(op.f("ix_border_status_superseded_run_id"), "border_status", ["superseded_run_id"], unique=False)
    op.create_index(
        op.f("uq_border_status_open"),
        "border_status",
        ["series_id", "reference_period_end", "reference_period_start", "external_id"],
        unique=True,
        sqlite_where=sa.text("superseded_run_id IS NULL"),
        postgresql_where=sa.text("superseded_run_id IS NULL"),
    )

    op.create_table(
        "displacement",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("value_low", sa.BigInteger(), nullable=True),
        sa.Column("value_high", sa.BigInteger(), nullable=True),
        sa.Column("qualifier", sa.Text(), nullable=False),
        sa.Column("value_text", sa.Text(), nullable=True),
        sa.Column("household_size", sa.Double(), nullable=True),
        sa.Column("household_size_source", sa.Text(), nullable=True),
        sa.Column("subset_of_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference_period_start", sa.Date(), nullable=False),
        sa.Column("reference_period_end", sa.Date(), nullable=False),
        sa.Column("start_precision", sa.Text(), nullable=False),
        sa.Column("end_precision", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=True),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("coverage", sa.Text(), nullable=False),
        sa.Column("observation_status", sa.Text(), nullable=False),
        sa.Column("credibility", sa.SmallInteger(), nullable=True),
        sa.Column("review_status", sa.Text(), nullable=False),
        sa.Column("sensitivity", sa.SmallInteger(), nullable=False),
        sa.Column("revision_reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("payload_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("superseded_run_id", sa.Integer(), nullable=True),
        sa.Column("primary_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "CASE WHEN observation_status IN ('missing', 'not_collected', 'suppressed', 'withdrawn') THEN value IS NULL WHEN qualifier = 'exact' THEN value IS NOT NULL AND value_low IS NOT NULL AND value_low = value AND value_high IS NOT NULL AND value_high = value WHEN qualifier IN ('more_than', 'at_least') THEN value IS NOT NULL AND value_low IS NOT NULL AND value_low = value AND value_high IS NULL WHEN qualifier IN ('less_than', 'at_most') THEN value IS NOT NULL AND value_high IS NOT NULL AND value_high = value AND value_low IS NULL WHEN qualifier = 'range' THEN value IS NULL AND value_low IS NOT NULL AND value_high IS NOT NULL AND value_low < value_high WHEN qualifier = 'order_of_magnitude' THEN value IS NULL AND value_text IS NOT NULL ELSE value IS NOT NULL END",
            name=op.f("ck_displacement_qualifier_fits_bounds"),
        ),
        sa.CheckConstraint(
            "attribution IN ('direct', 'relayed', 'unattributed')", name=op.f("ck_displacement_attribution")
        ),
        sa.CheckConstraint("coverage IN ('full', 'partial', 'unknown')", name=op.f("ck_displacement_coverage")),
        sa.CheckConstraint(
            "end_precision IN ('day', 'week', 'month', 'year', 'unknown')", name=op.f("ck_displacement_end_precision")
        ),
        sa.CheckConstraint(
            "observation_status IN ('normal', 'estimated', 'provisional', 'low_reliability', 'unvalidated', 'imputed', 'missing', 'not_collected', 'suppressed', 'break', 'definition_differs', 'withdrawn')",
            name=op.f("ck_displacement_observation_status"),
        ),
        sa.CheckConstraint(
            "qualifier IN ('exact', 'more_than', 'at_least', 'less_than', 'at_most', 'approx', 'range', 'order_of_magnitude')",
            name=op.f("ck_displacement_qualifier"),
        ),
        sa.CheckConstraint(
            "review_status IN ('draft', 'in_review', 'approved', 'changed_after_approval', 'rejected')",
            name=op.f("ck_displacement_review_status"),
        ),
        sa.CheckConstraint(
            "revision_reason IN ('source_revision', 'our_error', 'method_change', 'retraction', 'mapping_change')",
            name=op.f("ck_displacement_revision_reason"),
        ),
        sa.CheckConstraint("role IN ('recommended', 'triangulation', 'context')", name=op.f("ck_displacement_role")),
        sa.CheckConstraint(
            "start_precision IN ('day', 'week', 'month', 'year', 'unknown')",
            name=op.f("ck_displacement_start_precision"),
        ),
        sa.CheckConstraint(
            "(household_size IS NULL) = (household_size_source IS NULL)",
            name=op.f("ck_displacement_household_size_has_source"),
        ),
        sa.CheckConstraint(
            "(value IS NULL OR value >= 0) AND (value_low IS NULL OR value_low >= 0) AND (value_high IS NULL OR value_high >= 0) AND (household_size IS NULL OR household_size >= 0)",
            name=op.f("ck_displacement_not_negative"),
        ),
        sa.CheckConstraint(
            "(vintage = 1) = (revision_reason IS NULL)", name=op.f("ck_displacement_revision_has_reason")
        ),
        sa.CheckConstraint(
            "credibility IS NULL OR credibility BETWEEN 1 AND 6", name=op.f("ck_displacement_credibility")
        ),
        sa.CheckConstraint("reference_period_end >= reference_period_start", name=op.f("ck_displacement_period_order")),
        sa.CheckConstraint("sensitivity BETWEEN 0 AND 3", name=op.f("ck_displacement_sensitivity")),
        sa.CheckConstraint(
            "value_low IS NULL OR value_high IS NULL OR value_low <= value_high",
            name=op.f("ck_displacement_bounds_order"),
        ),
        sa.CheckConstraint("vintage >= 1", name=op.f("ck_displacement_vintage_positive")),
        sa.ForeignKeyConstraint(["payload_id"], ["payload.id"], name=op.f("fk_displacement_payload_id_payload")),
        sa.ForeignKeyConstraint(
            ["primary_id"], ["displacement.id"], name=op.f("fk_displacement_primary_id_displacement")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_displacement_publication_id_publication")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["ingest_run.id"], name=op.f("fk_displacement_run_id_ingest_run")),
        sa.ForeignKeyConstraint(
            ["series_id"], ["displacement_series.id"], name=op.f("fk_displacement_series_id_displacement_series")
        ),
        sa.ForeignKeyConstraint(
            ["subset_of_id"], ["displacement.id"], name=op.f("fk_displacement_subset_of_id_displacement")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_run_id"], ["ingest_run.id"], name=op.f("fk_displacement_superseded_run_id_ingest_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_displacement")),
        sa.UniqueConstraint(
            "series_id",
            "reference_period_end",
            "reference_period_start",
            "external_id",
            "vintage",
            name="uq_displacement_vintage",
        ),
    )
    op.create_index(op.f("ix_displacement_run_id"), "displacement", ["run_id"], unique=False)
    op.create_index(op.f("ix_displacement_superseded_run_id"), "displacement", ["superseded_run_id"], unique=False)
    op.create_index(
        op.f("uq_displacement_open"),
        "displacement",
        ["series_id", "reference_period_end", "reference_period_start", "external_id"],
        unique=True,
        sqlite_where=sa.text("superseded_run_id IS NULL"),
        postgresql_where=sa.text("superseded_run_id IS NULL"),
    )

    op.create_table(
        "set_aside",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("first_run_id", sa.Integer(), nullable=False),
        sa.Column("last_run_id", sa.Integer(), nullable=False),
        sa.Column("payload_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('unreadable_number', 'unreadable_date', 'unknown_place', 'unknown_word', 'missing_field', 'period_reversed', 'forecast', 'negative', 'qualifier_mismatch', 'measure_mismatch', 'origin_mismatch', 'excerpt_mismatch', 'conflicting_duplicate')",
            name=op.f("ck_set_aside_reason"),
        ),
        sa.ForeignKeyConstraint(["first_run_id"], ["ingest_run.id"], name=op.f("fk_set_aside_first_run_id_ingest_run")),
        sa.ForeignKeyConstraint(["last_run_id"], ["ingest_run.id"], name=op.f("fk_set_aside_last_run_id_ingest_run")),
        sa.ForeignKeyConstraint(["payload_id"], ["payload.id"], name=op.f("fk_set_aside_payload_id_payload")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_set_aside_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
        sa.UniqueConstraint("source_id", "fingerprint", name=op.f("uq_set_aside_source_id_fingerprint")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("set_aside")
    op.drop_index(op.f("uq_displacement_open"), table_name="displacement")
    op.drop_index(op.f("ix_displacement_superseded_run_id"), table_name="displacement")
    op.drop_index(op.f("ix_displacement_run_id"), table_name="displacement")

    op.drop_table("displacement")
    op.drop_index(op.f("uq_border_status_open"), table_name="border_status")
    op.drop_index(op.f("ix_border_status_superseded_run_id"), table_name="border_status")
    op.drop_index(op.f("ix_border_status_run_id"), table_name="border_status")

    op.drop_table("border_status")
    op.drop_index(op.f("uq_access_open"), table_name="access")
    op.drop_index(op.f("ix_access_superseded_run_id"), table_name="access")
    op.drop_index(op.f("ix_access_run_id"), table_name="access")

    op.drop_table("access")
    op.drop_table("point_of_entry_name")
    op.drop_index(op.f("ix_payload_sha256"), table_name="payload")

    op.drop_table("payload")
    op.drop_index(op.f("ix_displacement_series_origin_id"), table_name="displacement_series")
    op.drop_index(op.f("ix_displacement_series_location_id"), table_name="displacement_series")

    op.drop_table("displacement_series")
    op.drop_index(op.f("ix_border_series_point_of_entry_id"), table_name="border_series")
    op.drop_index(op.f("ix_border_series_border_id"), table_name="border_series")

    op.drop_table("border_series")
    op.drop_table("region_member")
    op.drop_index(op.f("ix_point_of_entry_border_id"), table_name="point_of_entry")

    op.drop_table("point_of_entry")
    op.drop_table("location_name")
    op.drop_table("location_code")
    op.drop_index(op.f("ix_ingest_run_source_started"), table_name="ingest_run")

    op.drop_table("ingest_run")
    op.drop_index(op.f("ix_event_location_date"), table_name="event")

    op.drop_table("event")
    op.drop_index(op.f("ix_access_series_location_id"), table_name="access_series")

    op.drop_table("access_series")
    op.drop_table("source")
    op.drop_table("region")
    op.drop_table("publication")
    op.drop_index(op.f("ix_location_iso3"), table_name="location")

    op.drop_table("location")
    op.drop_table("lease")
    op.drop_table("border")
