"""What every test may rely on: databases of both kinds, an audited browser, and no way out to the network."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import browser, missing_browser, page, page_problems
from tests.command import home, tracker
from tests.postgres import OVERRIDE as POSTGRES_OVERRIDE
from tests.postgres import missing_postgres, postgres_server, postgres_url
from tests.recordings import load
from tests.samples import RECORDED
from tests.stores import KINDS, seeded_archive, seeded_store, store, store_with_places, templates

__all__ = [
    "browser",
    "home",
    "load",
    "page",
    "page_problems",
    "postgres_server",
    "postgres_url",
    "seeded_archive",
    "seeded_store",
    "store",
    "store_with_places",
    "templates",
    "tracker",
]

NEEDS = {"browser": missing_browser, "postgres_server": missing_postgres}


def pytest_report_header() -> str:
    """Say at the top whether the providers' recordings are part of this run."""
    folder = f"{RECORDED.parent.name}/{RECORDED.name}"
    return f"recordings: {folder} beside this folder, " + ("tested" if RECORDED.is_dir() else "absent: left out")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs recordings where there are none: they may not be passed on with the project.

    Skip on a desk what this machine cannot run, and say why; where everything is meant to run, refuse.

    There, a suite that skips its browser tests would be green and worth nothing.
    """
    if not RECORDED.is_dir():
        left_out = [item for item in items if item.get_closest_marker("recorded")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for fixture, missing in NEEDS.items():
        in_need = [item for item in items if fixture in _needs(item)]
        if not in_need or not (reason := missing()):
            continue
        if os.environ.get("CI") or os.environ.get("REQUIRE_BROWSER"):
            raise pytest.UsageError(reason)
        for item in in_need:
            item.add_marker(pytest.mark.skip(reason=reason))


def _needs(item: pytest.Item) -> set[str]:
    named = {name for mark in item.iter_markers("needs") for name in mark.args}
    return named | set(getattr(item, "fixturenames", ()))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite file of the test's own, which does not exist yet."""
    return f"sqlite:///{tmp_path / 'tracker.sqlite'}"


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database; the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param])
    return url


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the machine's own TRACKER_ settings, so that no test writes to somebody's real store."""
    for name in [name for name in os.environ if name.startswith("TRACKER_") and name != POSTGRES_OVERRIDE]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Let no test ask a name server or connect to anything but this machine."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_outside(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_outside(self, address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_host(host)
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


def _refuse_outside(used: socket.socket, address: Any) -> None:
    if used.family != socket.AF_UNIX:
        _refuse_host(address[0])


def _refuse_host(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name in ("", "localhost", "::1") or name.startswith("127."):
        return
    # Not an OSError: code under test answers those with another try.
    raise AssertionError(f"a test tried to reach {name}: tests reach this machine only")
