"""A dashboard served over loopback on a copy of the seeded store, for tests with a real browser."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from waitress import wasyncore
from waitress.server import create_server

from dashboards.app import create_app
from tests.stores import Templates
from tracker.database import open_store


@dataclass(frozen=True)
class Served:
    """Where the dashboard listens, and the store behind it."""

    address: str
    store: Engine


@pytest.fixture(scope="module")
def served(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The dashboard on the whole seed; stopped when the module's tests are over."""
    folder = tmp_path_factory.mktemp("served")
    store = open_store(templates.copy_sqlite("seeded", folder / "tracker.sqlite"))
    yield from serve(store, templates.archive)


def serve(store: Engine, archive: Path) -> Iterator[Served]:
    """Serve until the generator is closed."""
    # What a browser no longer waits for would lie in a file that the server leaves to the collector.
    in_memory = 2**26
    app = create_app(store, archive).server
    server = create_server(app, host="127.0.0.1", port=0, threads=8, outbuf_overflow=in_memory)
    thread = threading.Thread(target=_run, args=(server,), daemon=True)
    thread.start()
    yield Served(f"http://127.0.0.1:{server.effective_port}", store)
    # A worker that is still at it would wake the closed server through a descriptor that is the next server's by then.
    server.task_dispatcher.shutdown()
    server.close()
    thread.join(timeout=5)
    # A browser keeps its connections open; left to the collector, their sockets would fail whichever test runs then.
    wasyncore.close_all(server._map, ignore_all=True)
    store.dispose()


def _run(server: Any) -> None:
    # Closing a server that listens takes the socket from under its feet; it is meant to end so.
    with suppress(OSError):
        server.run()
