"""The wire: every way a provider can fail ends in the whole answer, or in an error that names the cause."""

import gzip
import http.server
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine, func, select

from ingest import http as wire
from ingest.contract import Scope, discover
from ingest.http import Client, refuse_redirect
from ingest.report import RunReport
from ingest.run import run_source
from ingest.secrets import masked
from ingest.sources import unhcr_population as unhcr
from tracker.errors import SourceChanged, SourceUnreachable
from tracker.tables import Displacement, IngestRun, Payload
from tracker.vocabulary import Trigger

BODY = b'{"people": 1234}'
Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


def answer(status: int = 200, body: bytes = BODY, **headers: str) -> Answer:
    """A plain answer; headers' underscores are hyphens."""

    def send(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


def drip(handler: http.server.BaseHTTPRequestHandler) -> None:
    """One byte at a time, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    with suppress(OSError):
        for _ in range(200):
            handler.wfile.write(b" ")
            time.sleep(0.02)


def reset(handler: http.server.BaseHTTPRequestHandler) -> None:
    """The line goes dead in the middle of the body."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"8\r\n" + BODY[:8] + b"\r\n8\r\nhalf")


class Provider(http.server.ThreadingHTTPServer):
    """A provider on this machine: gives its answers in order, the last one again and again."""

    daemon_threads = True

    def __init__(self) -> None:
        self.answers: list[Answer] = [answer()]
        self.asked: list[tuple[str, float]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1/data"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Provider
    timeout = 10

    def do_GET(self) -> None:
        self.server.asked.append((self.path, time.monotonic()))
        number = min(len(self.server.asked), len(self.server.answers)) - 1
        self.server.answers[number](self)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that listens for the length of a test."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Provider() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(5)


@pytest.fixture
def client() -> Iterator[Client]:
    """A client that waits only a moment between its attempts."""
    with Client(backoff=0.01) as one:
        yield one


def test_answer_arrives_as_it_was_sent(provider: Provider, client: Client) -> None:
    """What is archived as evidence must be the provider's bytes."""
    provider.answers = [answer(Content_Type="application/json; charset=utf-8")]
    got = client.get(provider.url, {"coo": "SYR,LBN", "page": 1})
    assert (got.content, got.media_type) == (BODY, "application/json")
    assert got.url == f"{provider.url}?coo=SYR,LBN&page=1"
    assert datetime.now(UTC) - got.retrieved_at < timedelta(minutes=1)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_passing_failure_is_retried_and_equal(provider: Provider, client: Client, status: int) -> None:
    """A provider that stumbles twice must not leave a gap in the series."""
    provider.answers = [answer(status, b"oops"), answer(status, b"oops"), answer()]
    assert client.get(provider.url).content == BODY
    assert len(provider.asked) == 3


@pytest.mark.parametrize("status", [429, 500, 503])
def test_lasting_failure_is_for_later(provider: Provider, client: Client, status: int) -> None:
    """The error page of a broken server is no answer."""
    provider.answers = [answer(status, b'{"items": []}')]
    with pytest.raises(SourceUnreachable, match=f"answers HTTP {status}, 4 times over; try again later"):
        client.get(provider.url)
    assert len(provider.asked) == wire.ATTEMPTS


def test_asked_to_wait_it_waits(provider: Provider, client: Client) -> None:
    """Who does not wait is shut out, and then has no numbers at all."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
    provider.answers = [answer(429, Retry_After="1"), answer(503, Retry_After=soon), answer()]
    assert client.get(provider.url).content == BODY
    first, second, third = (at for _, at in provider.asked)
    assert 1 <= second - first < 2
    assert 0.3 < third - second < 3


def test_long_wait_is_cut(provider: Provider, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that says "tomorrow" would hold the run, and its lease, until then."""
    monkeypatch.setattr(wire, "LONGEST_WAIT_SECONDS", 0.2)
    provider.answers = [answer(429, Retry_After="86400"), answer()]
    with Client(backoff=0.01) as patient:
        assert patient.get(provider.url).content == BODY


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "refuses access .HTTP 401.: check whether it now needs a credential"),
        (403, "refuses access .HTTP 403.: check whether it now needs a credential"),
        (404, "answers HTTP 404: the address may have moved"),
        (410, "answers HTTP 410: the address may have moved"),
        (400, "answers HTTP 400"),
    ],
)
def test_refusal_is_for_a_person(provider: Provider, client: Client, status: int, said: str) -> None:
    """Asking again does not help, and a source that has moved must not look like one that is quiet."""
    provider.answers = [answer(status, b'{"items": []}')]
    with pytest.raises(SourceChanged, match=said):
        client.get(provider.url)
    assert len(provider.asked) == 1


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (answer(body=b""), "sends an empty answer"),
        (answer(204, b""), "sends an empty answer"),
        (answer(body=b"", Transfer_Encoding="identity"), "sends an empty answer"),
        (answer(Content_Length="99"), "broke off or is damaged"),
        (reset, "broke off or is damaged"),
        (answer(Content_Encoding="gzip"), "broke off or is damaged"),
        (answer(body=gzip.compress(BODY)[:-9] + b"xxxxxxxxx", Content_Encoding="gzip"), "broke off or is damaged"),
        (answer(302, Location="/v1/data"), "redirects in a circle"),
        (answer(body=b"", Content_Length=""), "sends an empty answer"),
        (lambda handler: handler.wfile.write(b"SSH-2.0-no web server\r\n\r\n"), "no connection|broke off"),
    ],
    ids=["empty", "204", "no body", "short", "reset", "no gzip", "bad gzip", "circle", "no length", "no http"],
)
def test_broken_answer_is_no_answer(provider: Provider, client: Client, bad: Answer, said: str) -> None:
    """Half an answer holds half the people."""
    provider.answers = [bad]
    with pytest.raises(SourceUnreachable, match=said) as raised:
        client.get(provider.url, {"api_key": "s3cret"})
    assert "s3cret" not in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "?" not in str(raised.value)


def test_compressed_answer_is_read(provider: Provider, client: Client) -> None:
    """Most providers compress; the archive holds what they meant, not how it travelled."""
    provider.answers = [answer(body=gzip.compress(BODY * 5000), Content_Encoding="gzip")]
    assert client.get(provider.url).content == BODY * 5000


def test_nobody_there_is_said_at_once(client: Client) -> None:
    """A dead provider must not hold up the sources after it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        started = time.monotonic()
        with pytest.raises(SourceUnreachable, match=r"^127.0.0.1/x cannot be reached \(no connection\)"):
            client.get(f"http://127.0.0.1:{taken.getsockname()[1]}/x?token=s3cret")
        assert time.monotonic() - started < 3


def test_slow_drip_has_an_end(provider: Provider, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then satisfies every time-out but the one for the whole; the run would never end."""
    monkeypatch.setattr(wire, "WHOLE_SECONDS", 0.3)
    provider.answers = [drip]
    started = time.monotonic()
    with pytest.raises(SourceUnreachable, match="is too slow: not whole after 0.3 s"):
        client.get(provider.url)
    assert time.monotonic() - started < 1.5


def test_silence_has_an_end(provider: Provider, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that takes the call and says nothing."""
    monkeypatch.setattr(wire, "READ_SECONDS", 0.1)
    provider.answers = [lambda _: time.sleep(0.5)]
    with pytest.raises(SourceUnreachable, match="no answer in time"):
        client.get(provider.url)


def test_endless_answer_is_refused(provider: Provider, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that fills the memory ends every other source's run, too; compressed, it looks small."""
    monkeypatch.setattr(wire, "LARGEST_BYTES", 1024 * 1024)
    for bad in (answer(body=b"x" * 1_100_000), answer(body=gzip.compress(b"x" * 9_000_000), Content_Encoding="gzip")):
        provider.answers = [bad]
        with pytest.raises(SourceChanged, match="sends more than 1 MB"):
            client.get(provider.url)


def test_no_secret_is_stored_or_logged(provider: Provider, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """The address stands in the store, on the trace page and in exports; a key in it would be everybody's."""
    caplog.set_level(logging.DEBUG)
    provider.answers = [answer(500), answer()]
    names = ("key", "api_key", "ApiKey", "access_token", "app_identifier", "client_id", "X-Amz-Signature", "email",
             "password", "sig")  # fmt: skip
    got = client.get(provider.url, dict.fromkeys(names, "s3cret") | {"page": 2})
    assert got.url == provider.url + "?" + "".join(f"{name}=***&" for name in names) + "page=2"
    assert "s3cret" not in caplog.text
    assert parse_qs(urlsplit(provider.asked[-1][0]).query)["key"] == ["s3cret"]


def test_user_and_fragment_are_taken_out() -> None:
    """A password before the host is a secret, too."""
    assert masked("https://me:s3cret@api.example.org:8443/x?a=&b=1#s3cret") == "https://api.example.org:8443/x?a=&b=1"


@pytest.mark.parametrize("url", ["", "no address", "ftp://example.org/x", "http://", "//example.org/x"])
def test_address_that_is_none_is_for_a_person(client: Client, url: str) -> None:
    """A catalogue that holds nonsense has changed; trying again later finds the same nonsense."""
    with pytest.raises(SourceChanged, match="is not an address that can be fetched"):
        client.get(url)


@pytest.mark.parametrize(
    "target",
    ["http://api.example.org/x", "https://127.0.0.1/x", "https://10.1.2.3/", "https://169.254.169.254/latest/meta-data",
     "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://localhost/", "https://db.internal/", "https://intranet/",
     "https://2130706433/", "https://0177.0.0.1/", "https://0x7f000001/", "https://192.168.0.1:8443/", "file:///etc/x"],
)  # fmt: skip
def test_redirect_into_the_inner_network_is_not_followed(target: str) -> None:
    """A provider taken over by somebody else must not make the tracker read, and archive, an inner machine's pages."""
    with pytest.raises(SourceChanged, match="^api.example.org/x redirects to .*: not followed"):
        refuse_redirect("https://api.example.org/x?key=s3cret", target)


def test_redirect_elsewhere_is_followed(provider: Provider, client: Client) -> None:
    """HDX hands out files by redirect; the data is at the end of it."""
    provider.answers = [answer(302, b"", Location="/moved"), answer()]
    assert client.get(provider.url).content == BODY
    refuse_redirect("https://data.example.org/x", "https://files.example.net/y")
    refuse_redirect("http://data.example.org/x", "https://files.example.net/y")


def _page(number: int, pages: int, *refugees: int, says: int | None = None) -> Answer:
    """A page of UNHCR's answer with one row for each number, each in a year of its own."""
    items = [
        {"year": 2010 + people, "coo": "SYR", "coo_iso": "SYR", "coa": "LEB", "coa_iso": "LBN", "refugees": people}
        | dict.fromkeys(set(unhcr.COLUMNS) - {"refugees"}, "-")
        for people in refugees
    ]
    return answer(body=json.dumps({"page": says or number, "maxPages": pages, "items": items}).encode())


def _run(store: Engine, folder: Path, provider: Provider, client: Client) -> RunReport:
    module = discover()["unhcr_population"]
    pages = module.fetch(client, Scope(("SYR",), datetime.now(UTC).date()))
    return run_source(store, folder, module, pages, Trigger.MANUAL, lambda _: None)


@pytest.fixture
def paged(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The provider in UNHCR's place."""
    monkeypatch.setattr(unhcr, "ADDRESS", provider.url)
    return provider


def _values(store: Engine) -> list[int]:
    with store.connect() as connection:
        return sorted(connection.scalars(select(Displacement.value)))


def test_pages_make_the_whole_once(paged: Provider, client: Client, store_with_places: Engine, tmp_path: Path) -> None:
    """Three pages, one of them after two failures: every row once."""
    paged.answers = [_page(1, 3, 1, 2), answer(500), answer(502), _page(2, 3, 3, 4), _page(3, 3, 5), _page(1, 1, 1)]
    report = _run(store_with_places, tmp_path, paged, client)
    assert (report.error, report.tally.new, report.tally.duplicate, report.tally.rows_read) == (None, 5, 1, 6)
    assert _values(store_with_places) == [1, 2, 3, 4, 5]
    assert [parse_qs(urlsplit(path).query)["page"] for path, _ in paged.asked] == [[n] for n in "122231"]


@pytest.mark.parametrize(
    ("second", "code", "said"),
    [
        (_page(2, 3, 1, 2, says=1), 1, "asked for page 2 and got another"),
        (_page(2, 3, 1, 2), 1, "asked for page 2 and got another"),
        (_page(2, 3), 1, "page 2 of 3 holds 0 rows"),
        (answer(500), 75, "answers HTTP 500, 4 times over"),
        (answer(body=b'{"page": 2, "maxPages": 3, "items": [{"ye'), 1, "is cut off"),
        (answer(body=b'{"page": 2, "maxPages": 3, "items": [null, 1]}'), 75, "HTTP 500"),
        (answer(body=b"[1, 2]"), 1, "'items' is missing at"),
        (answer(body=b'{"page": 2, "maxPages": 3, "items": 7}'), 1, "'items' is not a list"),
    ],
    ids=["echo", "repeated", "empty", "dead", "cut", "third dead", "a list", "a number"],
)
def test_pages_that_break_off_load_nothing(
    paged: Provider, client: Client, store_with_places: Engine, tmp_path: Path, second: Answer, code: int, said: str
) -> None:
    """The first page alone would show a displacement that has halved."""
    paged.answers = [_page(1, 3, 1, 2), second, answer(500)]
    report = _run(store_with_places, tmp_path, paged, client)
    assert (report.status, report.exit_code, report.tally.new) == ("failed", code, 0)
    assert report.error is not None
    assert said in report.error
    assert _values(store_with_places) == []
    with store_with_places.connect() as connection:
        assert connection.scalars(select(IngestRun.status)).all() == ["failed"]
        assert connection.scalar(select(func.count()).select_from(Payload))
    paged.answers, paged.asked = [_page(1, 1, 1, 2)], []
    assert _run(store_with_places, tmp_path, paged, client).tally.new == 2
