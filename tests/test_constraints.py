"""The rules that stand in the tables: each is broken once, by name, on both databases.

Code can be bypassed: by a script, a console, a later version. What the tables refuse cannot get in.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Boolean, CheckConstraint, Connection, Engine, Table, UniqueConstraint, insert, select
from sqlalchemy.exc import IntegrityError

from tests.stores import KINDS, Templates
from tracker.database import open_store, writing
from tracker.tables import Base, SetAside

Row = dict[str, Any]
DAY, DAY_BEFORE = date(2024, 12, 8), date(2024, 12, 7)


def word(column: str, **more: Any) -> Row:
    """A row whose word is not one of ours: a category that no filter would show."""
    return {column: "nonsense", **more}


def number(qualifier: str, *numbers: int | None, **more: Any) -> Row:
    return {"qualifier": qualifier, **dict(zip(("value", "value_low", "value_high"), numbers, strict=True)), **more}


def of_every_observation(table: str) -> list[tuple[str, str, Row]]:
    return [
        (table, f"ck_{table}_{name}", row)
        for name, row in (
            ("period_order", {"reference_period_start": DAY, "reference_period_end": DAY_BEFORE}),
            ("vintage_positive", {"vintage": 0, "revision_reason": "our_error"}),
            ("revision_has_reason", {"vintage": 2, "revision_reason": None}),
            ("revision_has_reason", {"vintage": 1, "revision_reason": "our_error"}),
            ("sensitivity", {"sensitivity": 4}),
            ("revision_reason", word("revision_reason", vintage=2)),
            ("observation_status", word("observation_status")),
        )
    ]


CHECKS: list[tuple[str, str, Row]] = [
    *of_every_observation("displacement"),
    *of_every_observation("border_status"),
    *of_every_observation("access"),
    ("standing", "ck_standing_credibility", {"credibility": 0}),
    ("standing", "ck_standing_credibility", {"credibility": 7}),
    *(
        ("standing", f"ck_standing_{column}", word(column))
        for column in ("start_precision", "end_precision", "attribution", "review_status", "role", "coverage")
    ),
    ("displacement", "ck_displacement_qualifier", word("qualifier")),
    ("displacement", "ck_displacement_not_negative", number("exact", -1, -1, -1)),
    ("displacement", "ck_displacement_not_negative", number("approx", 1, -1, None)),
    ("displacement", "ck_displacement_not_negative", {"household_size": -1, "household_size_source": "OCHA"}),
    ("displacement", "ck_displacement_bounds_order", number("approx", 4, 5, 4)),
    ("displacement", "ck_displacement_household_size_has_source", {"household_size": 5}),
    ("displacement", "ck_displacement_household_size_has_source", {"household_size_source": "OCHA"}),
    *(
        ("displacement", "ck_displacement_qualifier_fits_bounds", row)
        for row in (
            number("exact", None, None, None),
            number("exact", 5, 4, 5),
            number("exact", 5, None, 5),
            number("exact", 5, 5, None),
            number("more_than", 5, None, None),
            number("more_than", 5, 5, 6),
            number("at_least", None, 5, None),
            number("less_than", 5, 5, 5),
            number("at_most", 5, None, None),
            number("less_than", 5, None, None),
            number("approx", None, 1, 2),
            number("range", None, 5, 5),
            number("range", 5, 4, 6),
            number("range", None, 5, None),
            number("order_of_magnitude", 5, None, None, value_text="some"),
            number("order_of_magnitude", None, None, None, value_text=None),
            number("exact", 5, 5, 5, observation_status="suppressed"),
            number("exact", 5, 5, 5, observation_status="withdrawn"),
            number("exact", 5, 5, 5, observation_status="missing"),
            number("exact", 5, 5, 5, observation_status="not_collected"),
        )
    ),
    ("displacement_series", "ck_displacement_series_indicator", word("indicator")),
    ("displacement_series", "ck_displacement_series_measure", word("measure")),
    ("displacement_series", "ck_displacement_series_population_group", word("population_group")),
    ("displacement_series", "ck_displacement_series_cause", word("cause")),
    ("displacement_series", "ck_displacement_series_unit", word("unit")),
    ("displacement_series", "ck_displacement_series_sex", word("sex")),
    ("displacement_series", "ck_displacement_series_since_is_cumulative", {"measure": "stock", "since": DAY}),
    ("border_status", "ck_border_status_status", word("status")),
    ("border_status", "ck_border_status_evidence", word("evidence")),
    (
        "border_status",
        "ck_border_status_validity_order",
        {"reference_period_start": DAY, "reference_period_end": DAY, "valid_until": DAY_BEFORE},
    ),
    ("border_series", "ck_border_series_side", {"side": "Lebanon"}),
    ("border_series", "ck_border_series_direction_into", {"direction_into": "in"}),
    ("border_series", "ck_border_series_traffic_class", word("traffic_class")),
    ("access", "ck_access_qualifier", word("qualifier")),
    ("access", "ck_access_trend", word("trend")),
    ("access", "ck_access_not_negative", number("exact", -1, -1, -1)),
    ("access", "ck_access_bounds_order", number("range", None, 5, 4)),
    ("access", "ck_access_number_has_qualifier", {"value": 5, "qualifier": None}),
    ("access_series", "ck_access_series_indicator", word("indicator")),
    ("access_series", "ck_access_series_constraint_type", word("constraint_type")),
    ("access_series", "ck_access_series_topic", word("topic")),
    ("access_series", "ck_access_series_unit", word("unit")),
    (
        "access_series",
        "ck_access_series_constraint_has_type",
        {"indicator": "access_constraint", "constraint_type": None},
    ),
    ("border", "ck_border_country_order", {"country_a": "SYR", "country_b": "LBN"}),
    ("border", "ck_border_country_order", {"country_a": "SYR", "country_b": "SYR"}),
    ("event", "ck_event_event_type", word("event_type")),
    ("event", "ck_event_precision", word("precision")),
    ("event", "ck_event_period_order", {"date_start": DAY, "date_end": DAY_BEFORE}),
    ("ingest_run", "ck_ingest_run_trigger", word("trigger")),
    ("ingest_run", "ck_ingest_run_status", word("status")),
    ("ingest_run", "ck_ingest_run_ledger_law", {"figures": 10, "figures_new": 9, "figures_revised": 0}),
    ("location", "ck_location_kind", word("kind")),
    ("location", "ck_location_validity_order", {"valid_from": DAY, "valid_to": DAY_BEFORE}),
    ("point_of_entry", "ck_point_of_entry_kind", word("kind")),
    ("set_aside", "ck_set_aside_reason", word("reason")),
    ("source", "ck_source_kind", word("kind")),
    ("source", "ck_source_reliability", word("reliability")),
    ("source", "ck_source_redistribute", word("redistribute")),
    ("source", "ck_source_cadence_positive", {"cadence_days": 0}),
]
"""Table, constraint, and what makes a row of the seed break it."""

CLOSED = {"superseded_run_id": 1}
CORRECTED = {"vintage": 99, "revision_reason": "our_error"}
UNIQUES: list[tuple[str, str, tuple[str, ...], list[Row]]] = [
    ("border", "uq_border_country_a_country_b", ("country_a", "country_b"), [{}]),
    ("location", "uq_location_code", ("code",), [{}]),
    (
        "location",
        "uq_location_pcode_valid_from",
        ("pcode", "valid_from"),
        [{"code": code, "pcode": "XX01", "valid_from": DAY} for code in ("X1", "X2")],
    ),
    ("publication", "uq_publication_publisher_title_url", ("publisher", "title", "url"), [{}]),
    ("region", "uq_region_code", ("code",), [{}]),
    ("source", "uq_source_code", ("code",), [{}]),
    ("standing", "uq_standing_key", ("key",), [{}]),
    ("access_series", "uq_access_series_key", ("key",), [{}]),
    ("border_series", "uq_border_series_key", ("key",), [{}]),
    ("displacement_series", "uq_displacement_series_key", ("key",), [{}]),
    ("event", "uq_event_code", ("code",), [{}]),
    ("location_code", "uq_location_code_scheme_code", ("scheme", "code"), [{}]),
    ("location_name", "uq_location_name_location_id_name", ("location_id", "name"), [{}]),
    ("point_of_entry", "uq_point_of_entry_code", ("code",), [{}]),
    ("point_of_entry_name", "uq_point_of_entry_name_point_of_entry_id_name", ("point_of_entry_id", "name"), [{}]),
    (
        "payload",
        "uq_payload_source_id_sha256_mapping_sha256",
        ("source_id", "sha256", "mapping_sha256"),
        [{"source_id": 1}] * 2,
    ),
    ("set_aside", "uq_set_aside_source_id_fingerprint", ("source_id", "fingerprint"), [{"source_id": 1}] * 2),
    *((table, f"uq_{table}_vintage", ("vintage",), [CLOSED]) for table in ("displacement", "border_status", "access")),
    *(
        (table, f"uq_{table}_open", ("series_id",), [CORRECTED])
        for table in ("displacement", "border_status", "access")
    ),
]
"""Table, constraint, columns SQLite names in its place, and copies of a row of which the last is one too many."""

BOOLEANS = [
    ("access", "information_gap"),
    ("border_status", "disputed"),
    ("event", "annotate"),
    ("event", "disputed"),
    ("point_of_entry", "official"),
]


@pytest.fixture(scope="module", params=KINDS)
def engine(
    request: pytest.FixtureRequest, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One seeded store for all tests here; each leaves it as it was."""
    if request.param == "sqlite":
        url = templates.copy_sqlite("seeded", tmp_path_factory.mktemp("constraints") / "tracker.sqlite")
    else:
        url = templates.copy_postgres("seeded", request.getfixturevalue("postgres_server"))
    engine = open_store(url)
    with writing(engine) as connection:
        connection.execute(
            insert(SetAside).values(
                first_run_id=1, last_run_id=1, payload_id=1, fingerprint="x", locator="x", reason="negative",
                detail="x", raw="x",
            )
        )  # fmt: skip
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection whose changes are undone."""
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def copy_of_first_row(connection: Connection, table: Table, changes: Row) -> Row:
    row = connection.execute(select(table).order_by(table.c.id).limit(1)).mappings().one()
    return {**{name: value for name, value in row.items() if name != "id"}, **changes}


@pytest.mark.parametrize(("table", "constraint", "changes"), CHECKS, ids=[f"{c} {r}" for _, c, r in CHECKS])
def test_check(connection: Connection, table: str, constraint: str, changes: Row) -> None:
    """Each of these rows is a wrong number, or one that no page would show."""
    target = Base.metadata.tables[table]
    row = copy_of_first_row(connection, target, changes)
    with pytest.raises(IntegrityError, match=rf"\b{constraint}\b"):
        connection.execute(insert(target).values(**row))


@pytest.mark.parametrize(("table", "constraint", "columns", "copies"), UNIQUES, ids=[c for _, c, _, _ in UNIQUES])
def test_unique(
    connection: Connection, table: str, constraint: str, columns: tuple[str, ...], copies: list[Row]
) -> None:
    """The same thing twice: two open versions of one fact are the same people twice."""
    target = Base.metadata.tables[table]
    *taken, refused = [copy_of_first_row(connection, target, changes) for changes in copies]
    for row in taken:
        connection.execute(insert(target).values(**row))
    with pytest.raises(IntegrityError) as caught:
        connection.execute(insert(target).values(**refused))
    said = str(caught.value.orig)
    if connection.dialect.name == "postgresql":
        assert f'"{constraint}"' in said
    else:
        assert all(f"{table}.{column}" in said for column in columns)


@pytest.mark.parametrize(("table", "column"), BOOLEANS)
def test_boolean(connection: Connection, table: str, column: str) -> None:
    """SQLite has no booleans: a 2 there is neither disputed nor undisputed, and PostgreSQL has no 2."""
    expected = f"ck_{table}_{column}" if connection.dialect.name == "sqlite" else "boolean"
    with pytest.raises(Exception, match=rf"\b{expected}\b"):
        connection.exec_driver_sql(f"UPDATE {table} SET {column} = 2")  # noqa: S608


def test_row_that_points_at_nothing(connection: Connection) -> None:
    """SQLite leaves foreign keys alone unless told; a figure without its source cannot be defended."""
    target = Base.metadata.tables["displacement_series"]
    row = copy_of_first_row(connection, target, {"source_id": 999_999, "key": "new"})
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        connection.execute(insert(target).values(**row))


def test_copy_that_breaks_nothing_is_taken(connection: Connection) -> None:
    """Were the copied rows refused for some reason of their own, the tests above would show nothing."""
    for table in ("displacement", "border_status", "access"):
        target = Base.metadata.tables[table]
        row = copy_of_first_row(connection, target, {"external_id": "another fact"})
        connection.execute(insert(target).values(**row))
    run = copy_of_first_row(connection, Base.metadata.tables["ingest_run"], {})
    connection.execute(insert(Base.metadata.tables["ingest_run"]).values(**run))


def test_instant_without_a_zone_is_refused(connection: Connection) -> None:
    """05:00 without a zone is three different moments in Damascus, Geneva and New York."""
    target = Base.metadata.tables["ingest_run"]
    row = copy_of_first_row(connection, target, {"started_at": datetime(2024, 12, 8, 5)})  # noqa: DTZ001
    with pytest.raises(Exception, match="has no time zone"):
        connection.execute(insert(target).values(**row))


def test_instant_comes_back_in_utc(connection: Connection) -> None:
    """A moment that comes back an hour off puts an answer before its question."""
    target, moment = Base.metadata.tables["ingest_run"], datetime(2024, 12, 8, 5, 0, 0, 123456, tzinfo=UTC)
    row = copy_of_first_row(connection, target, {"started_at": moment})
    number = connection.scalars(insert(target).values(**row).returning(target.c.id)).one()
    back = connection.scalar(select(target.c.started_at).where(target.c.id == number))
    assert (back, back.tzinfo if back else None) == (moment, UTC)


def test_every_constraint_is_tested_here() -> None:
    """A rule nobody has ever seen refuse anything may refuse nothing."""
    tested = {name for _, name, _ in CHECKS} | {name for _, name, _, _ in UNIQUES}
    tested |= {f"ck_{table}_{column}" for table, column in BOOLEANS}
    named = {
        str(constraint.name)
        for table in Base.metadata.sorted_tables
        for constraint in (*table.constraints, *(index for index in table.indexes if index.unique))
        if isinstance(constraint, CheckConstraint | UniqueConstraint) or constraint in table.indexes
    }
    assert tested == named


def test_every_boolean_is_tested_here() -> None:
    """The same for the columns that hold yes or no."""
    assert sorted(BOOLEANS) == sorted(
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Boolean)
    )
