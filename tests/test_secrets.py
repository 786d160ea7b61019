"""No credential is kept or shown: not in an address, a page, a file somebody saved, nor by way of another host."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from ingest.http import Client
from ingest.secrets import masked, scrubbed
from tests.command import Said
from tests.samples import workbook
from tracker.archive import read_again
from tracker.database import open_store

SECRET = "s3cret+of/nobody="  # noqa: S105 - of nobody


@pytest.mark.parametrize("written", [SECRET, quote(SECRET, safe="")], ids=["as it is", "in an address"])
def test_our_secret_is_hidden_by_its_value(written: str) -> None:
    """Under a name nobody thought of, it would be archived, and shown by `tracker trace`."""
    page = f'{{"you_asked": "https://api.example.org/x?who={written}&page=2", "people": 900}}'.encode()
    assert scrubbed(page, [SECRET]) == b'{"you_asked": "https://api.example.org/x?who=***&page=2", "people": 900}'
    assert masked(f"https://api.example.org/x?who={quote(SECRET, safe='')}&n=5", [SECRET]) == (
        "https://api.example.org/x?who=***&n=5"
    )


@pytest.mark.parametrize("name", ["client_id", "app_identifier", "api_key", "apikey", "access_token"])
def test_somebody_elses_credential_in_an_address_is_hidden(name: str) -> None:
    """A page somebody saved holds the credential it was asked with, which is not one of ours."""
    page = f'{{"next": "https://api.example.org/x?offset=100&{name}=THEIRS&limit=100"}}'.encode()
    assert scrubbed(page) == f'{{"next": "https://api.example.org/x?offset=100&{name}=***&limit=100"}}'.encode()


def test_numbers_and_words_of_a_page_stay() -> None:
    """Evidence that was altered is none."""
    page = 'id,clé,client_id\n1,"a=b&c",900\n2,"client_id=5",41200\n'.encode()
    assert scrubbed(page, [SECRET]) == page


def test_packed_files_are_left_as_they_are() -> None:
    """A byte changed inside a workbook, by chance, is a damaged workbook."""
    book = workbook({"Figures": [["a"], [f"?client_id={SECRET}"]]})
    for content in (book, b"PAR1?client_id=abc&" + SECRET.encode() + b"PAR1", b"\xd0\xcf\x11\xe0?api_key=abc"):
        assert scrubbed(content, [SECRET]) == content


def test_saved_page_of_idmc_is_archived_without_its_client_id(
    tracker: Callable[..., Said], tmp_path: Path, home: Path
) -> None:
    """IDMC repeats the client id in the address of the next page; the archive is passed on with every question."""
    conflict = {
        "id": 1, "iso3": "SYR", "country_name": "Syria", "year": 2023, "new_displacement": 10, "total_displacement": 20,
        "new_displacement_rounded": 10, "total_displacement_rounded": 20,
    }  # fmt: skip
    following = "https://helix-tools-api.idmcdb.org/external-api/gidd/conflicts/?client_id=THEIRS&limit=100&offset=100"
    saved = tmp_path / "conflicts_release2025_page0.json"
    saved.write_text(json.dumps({"count": 101, "next": following, "previous": None, "results": [conflict]}))
    said = tracker("ingest", "idmc_gidd", "--from", saved, "--json")
    store = open_store(f"sqlite:///{home / 'tracker.sqlite'}")
    with store.connect() as connection:
        ((_, kept),) = read_again(connection, home / "archive", said.reports[0]["run_id"])
    store.dispose()
    assert b"THEIRS" not in kept.content
    assert b"client_id=***&limit=100" in kept.content
    assert b"THEIRS" in saved.read_bytes()


Seen = list[dict[str, str]]


@contextmanager
def host(respond: Callable[[http.server.BaseHTTPRequestHandler], None]) -> Iterator[tuple[str, Seen]]:
    """A host on this machine, and the headers of the requests it has seen."""
    seen: Seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append({name.lower(): value for name, value in self.headers.items()})
            respond(self)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
        server.shutdown()
        thread.join(5)


def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
    """An answer."""
    handler.send_response(200)
    handler.send_header("Content-Length", "2")
    handler.end_headers()
    handler.wfile.write(b"{}")


def redirect(target: str) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    """A redirect to some address."""

    def respond(handler: http.server.BaseHTTPRequestHandler) -> None:
        if handler.path == "/here":
            answer(handler)
            return
        handler.send_response(302)
        handler.send_header("Location", target)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return respond


CREDENTIALS = {
    "Authorization": "Token made", "X-HDX-HAPI-APP-IDENTIFIER": "made", "Ocp-Apim-Subscription-Key": "made",
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine is asked directly."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_no_credential_follows_a_redirect_to_another_host() -> None:
    """HDX hands out files from somebody else's storage; whoever keeps that would get the key with each request."""
    with ExitStack() as stack:
        elsewhere, seen_there = stack.enter_context(host(answer))
        provider, seen = stack.enter_context(host(redirect(f"{elsewhere}/file")))
        with Client(backoff=0.01) as client:
            assert client.get(f"{provider}/x", headers=CREDENTIALS).content == b"{}"
    assert {name.lower() for name in CREDENTIALS} <= set(seen[0])
    assert {name.lower() for name in CREDENTIALS} & set(seen_there[0]) == set()
    assert seen_there[0]["user-agent"].startswith("displacement-tracker/")


def test_credential_stays_on_a_redirect_within_its_host() -> None:
    """A provider that adds a slash to an address would refuse us from then on."""
    with host(redirect("/here")) as (provider, seen), Client(backoff=0.01) as client:
        client.get(f"{provider}/x", headers=CREDENTIALS)
    assert [set(request) >= {name.lower() for name in CREDENTIALS} for request in seen] == [True, True]


def test_second_request_carries_no_credential_of_the_first() -> None:
    """What is asked without a credential must go without: the session is one for the whole run."""
    with host(answer) as (provider, seen), Client(backoff=0.01) as client:
        client.get(f"{provider}/x", headers=CREDENTIALS)
        client.get(f"{provider}/y")
    assert "authorization" not in seen[1]
    assert "authorization" in seen[0]
