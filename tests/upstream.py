"""A provider on this machine that plays any source's part: it gives the source's own samples, and fails on purpose.

The answers are the files of ``tests/payloads/<code>/wire`` in their order, or the samples themselves where there are
none: the n-th request that was not asked before gets the n-th answer. A client of the tests sends every request here,
whatever host it names, and believes the answer to come from there.
"""

import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from ingest.contract import SourceModule
from ingest.http import Client
from tests.samples import OWN

SECRET = "made-up-secret-value"  # noqa: S105 - of nobody
TALK = ("token", "catalogue")
"""Answers of these names lead to the data and are not data."""


@dataclass(frozen=True)
class Answer:
    """What is sent for one request."""

    name: str
    content: bytes

    @property
    def is_data(self) -> bool:
        """Whether the source's rows are in it."""
        return not any(word in self.name for word in TALK)


def answers_of(code: str) -> list[Answer]:
    """A source's answers in the order in which they are asked for."""
    folder = OWN / code / "wire"
    paths = sorted((folder if folder.is_dir() else OWN / code).iterdir())
    return [Answer(path.name, path.read_bytes()) for path in paths if path.is_file()]


Send = Callable[[http.server.BaseHTTPRequestHandler, bytes, int], None]
"""Sends an answer; told the content, and how often this request came before."""


def send_well(handler: http.server.BaseHTTPRequestHandler, content: bytes, _before: int, **headers: str) -> None:
    """An answer as it should be."""
    handler.send_response(200)
    for name, value in {"Content-Length": str(len(content)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(content)


@dataclass
class Upstream:
    """The provider: its answers, how it sends them, and what it was asked."""

    answers: list[Answer]
    send: Send = send_well
    asked: list[str] = field(default_factory=list)
    port: int = 0
    host: str = "127.0.0.1"
    scheme: str = "http"

    def answer(self, handler: http.server.BaseHTTPRequestHandler, request: str) -> None:
        """Find and send the answer to a request."""
        order = list(dict.fromkeys([*self.asked, request]))
        before = self.asked.count(request)
        self.asked.append(request)
        number = order.index(request)
        if number >= len(self.answers):
            handler.send_error(404)
            return
        self.send(handler, self.answers[number].content, before)


@contextmanager
def serving(upstream: Upstream) -> Iterator[Upstream]:
    """Listen for the length of a test."""

    class Handler(http.server.BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self) -> None:
            upstream.answer(self, f"GET {self.path}")

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            upstream.answer(self, f"POST {self.path}")

        def log_message(self, *_: Any) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """A client that hangs up in the middle is what some tests are about."""

    with Server(("127.0.0.1", 0), Handler) as server:
        upstream.port = upstream.port or server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)
        thread.start()
        yield upstream
        server.shutdown()
        thread.join(5)


class _ToUpstream(HTTPAdapter):
    """Sends what is meant for any host to this machine, and keeps the address that was asked for."""

    def __init__(self, upstream: Upstream, **options: Any) -> None:
        self.upstream = upstream
        super().__init__(**options)

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        meant = str(request.url)
        parts, here = urlsplit(meant), self.upstream
        query = f"?{parts.query}" if parts.query else ""
        request.url = f"{here.scheme}://{here.host}:{here.port}/{parts.hostname}{parts.path}{query}"
        try:
            response = super().send(request, *args, **options)
        finally:
            request.url = meant
        response.url = meant
        return response


def client_of(module: SourceModule, upstream: Upstream) -> Client:
    """The product's own client, whose requests all come here; it does not wait between its attempts."""
    client = Client(backoff=0, credentials={c.variable: SECRET for c in module.SOURCE.credentials})
    for scheme in ("https://", "http://"):
        known = client._session.get_adapter(scheme)
        assert isinstance(known, HTTPAdapter)
        client._session.mount(scheme, _ToUpstream(upstream, max_retries=known.max_retries))
    return client


@contextmanager
def nobody_accepts() -> Iterator[int]:
    """A port on which connections are neither taken nor refused: its queue is full."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(full.getsockname())
            waiting.append(one)
        yield full.getsockname()[1]
        for one in waiting:
            one.close()


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as briefly:
        briefly.bind(("127.0.0.1", 0))
        port: int = briefly.getsockname()[1]
        return port
