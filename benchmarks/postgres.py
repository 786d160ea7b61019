"""Fresh databases of the benchmarks' PostgreSQL, through its `psql`: no driver swells the measuring process."""

import subprocess

from tests.cluster import Cluster

SETTINGS = ("shared_buffers=1GB", "max_wal_size=8GB", "fsync=off")
"""As on a server that has this to do: no checkpoint in the middle of a load, and no disk of ours in the times."""


def url_of(server: Cluster, database: str) -> str:
    """SQLAlchemy's URL of a database."""
    return server.url.replace("/postgres?", f"/{database}?")


def fresh_database(server: Cluster, name: str, template: str = "template0") -> str:
    """Make a database, in place of one of that name, and return its URL."""
    ask(server, "postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    ask(server, "postgres", f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    return url_of(server, name)


def ask(server: Cluster, database: str, statement: str) -> str:
    """Run a statement; returns its rows, a line each, with a bar between their cells."""
    url = url_of(server, database).replace("+psycopg", "")
    command = [str(server.programs / "psql"), "--no-psqlrc", "-At", "-v", "ON_ERROR_STOP=1", url, "-c", statement]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
